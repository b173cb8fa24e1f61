//! Prints how fast manifests are read: by the events of the YAML parser only, and as trees. See
//! `benches/README.md`.
#![allow(
    clippy::disallowed_methods,
    reason = "a program of its own, for which the borders of the library do not apply"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use granit_parser::{Event, Parser};
use mksecret::testing::scalars;

/// Files, and how often each is read.
const FILES: usize = 200;
const ROUNDS: usize = 5;

fn main() -> std::io::Result<()> {
    // Secrets with a value of 9,000 bytes, as of certificates, and with 20 values of 15 bytes.
    for (name, values, len) in [("long", 1, 12_000), ("short", 20, 20)] {
        let files: Vec<_> = (0..FILES).map(|seed| manifests(seed, values, len)).collect();
        let bytes: usize = files.iter().map(String::len).sum();
        for (what, read) in [("events", events as fn(&str) -> usize), ("trees", trees)] {
            let time = (0..ROUNDS).map(|_| time(&files, read)).min().unwrap_or(Duration::MAX);
            let speed = u128::try_from(bytes).unwrap_or(u128::MAX) * 10 / time.as_micros().max(1);
            let mut out = std::io::stdout();
            writeln!(out, "{name} values, {what}: {}.{} MB/s", speed / 10, speed % 10)?;
        }
    }
    Ok(())
}

fn time(files: &[String], read: fn(&str) -> usize) -> Duration {
    let start = Instant::now();
    let count: usize = files.iter().map(|file| read(file)).sum();
    std::hint::black_box(count);
    start.elapsed()
}

/// Ten Secrets, with values of so many characters.
fn manifests(seed: usize, values: usize, len: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = seed;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        char::from(ALPHABET[(state >> 20) % ALPHABET.len()])
    };
    let mut file = String::new();
    for number in 0..10 {
        let _ = write!(
            file,
            "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s{number}\n  namespace: ns{number}\n\
             type: Opaque\ndata:\n"
        );
        for value in 0..values {
            let _ = write!(file, "  key{value}: ");
            file.extend((0..len).map(|_| letter()));
            file.push('\n');
        }
    }
    file
}

fn events(file: &str) -> usize {
    Parser::new_from_str(file).filter(|event| matches!(event, Ok((Event::Scalar(..), _)))).count()
}

fn trees(file: &str) -> usize {
    scalars(file.as_bytes()).unwrap_or_default()
}
