//! No parser panics, hangs or takes memory without end: on inputs cut off at every byte, and on
//! seeded mutations. `MUTATION_SECONDS` is the time for each parser (a moment, if it is not set),
//! `MUTATION_SEED` repeats a run.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::harness::{in_parallel, none, source};
use mksecret::testing::{PARSERS, pem_contents};

const FOLDERS: [&str; 6] = [
    "fuzz/seeds",
    "tests/fixtures/seal/certs",
    "tests/fixtures/sops",
    "tests/fixtures/ssh",
    "tests/fixtures/tls",
    "tests/fixtures/web",
];

/// Everything in `fuzz/seeds` and the fixtures, and what a fuzzer has found.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let corpus = format!("fuzz/corpus/{name}");
    let mut seeds = Vec::new();
    for folder in FOLDERS.into_iter().chain([corpus.as_str()]) {
        let Ok(entries) = fs::read_dir(source(folder)) else { continue };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        seeds.extend(paths.iter().map(|path| fs::read(path).unwrap()));
    }
    // What stands in PEM, as the parsers of DER see it.
    let blocks: Vec<_> = seeds.iter().flat_map(|seed| pem_contents(seed)).collect();
    seeds.extend(blocks);
    seeds
}

fn mutate(seed: &mut Vec<u8>, others: &[Vec<u8>], rng: &mut TestRng) {
    const INTERESTING: [u8; 12] = [0, 1, 2, 3, 4, 5, 0x30, 0x7f, 0x80, 0x82, 0x84, 0xff];
    let mut below = |n: usize| rng.next_u32() as usize % n.max(1);
    for _ in 0..=below(4) {
        let at = below(seed.len());
        let length = below(16).min(seed.len().saturating_sub(at));
        match below(7) {
            0 if !seed.is_empty() => seed[at] ^= 1 << below(8),
            1 if !seed.is_empty() => seed[at] = INTERESTING[below(INTERESTING.len())],
            2 => drop(seed.drain(at..at + length)),
            3 => {
                let part = seed[at..at + length].to_vec();
                let to = below(seed.len() + 1);
                seed.splice(to..to, part);
            }
            4 => seed.truncate(at),
            5 => {
                let other = &others[below(others.len())];
                let from = below(other.len());
                seed.truncate(at);
                seed.extend_from_slice(&other[from..]);
            }
            _ => {
                let byte = INTERESTING[below(INTERESTING.len())];
                seed.splice(at..at, vec![byte; 1 + below(4)]);
            }
        }
    }
    seed.truncate(1 << 16);
}

/// What went wrong with an input, if anything did.
fn complaint(name: &str, parser: fn(&[u8]), input: &[u8]) -> Option<String> {
    const LONG: Duration = Duration::from_secs(20);
    let start = Instant::now();
    let panicked = std::panic::catch_unwind(|| parser(input)).is_err();
    if !panicked && start.elapsed() < LONG {
        return None;
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutation-{name}"));
    fs::write(&path, input).unwrap();
    let what = if panicked { "panics" } else { "takes too long" };
    Some(format!("{name} {what} on {} bytes, kept in {}", input.len(), path.display()))
}

#[test]
fn every_parser_on_seeded_mutations() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let time = Duration::from_millis(number("MUTATION_SECONDS").map_or(300, |s: u64| s * 1000));
    let seed = number("MUTATION_SEED").unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        u64::try_from(now.unwrap().as_nanos() & 0xffff_ffff).unwrap()
    });
    println!("MUTATION_SEED={seed}, {time:?} each");
    let before = peak_memory();
    let complaints = in_parallel(PARSERS, |(name, parser)| {
        let seeds = seeds(name);
        assert!(seeds.len() > 20, "no seeds");
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..8 + name.len()].copy_from_slice(name.as_bytes());
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        if let Some(complaint) = seeds.iter().find_map(|seed| complaint(name, *parser, seed)) {
            return Some(complaint);
        }
        let start = Instant::now();
        let mut count = 0_u64;
        while start.elapsed() < time {
            let mut input = seeds[rng.next_u32() as usize % seeds.len()].clone();
            mutate(&mut input, &seeds, &mut rng);
            if let Some(complaint) = complaint(name, *parser, &input) {
                return Some(format!("{complaint} (MUTATION_SEED={seed}, number {count})"));
            }
            count += 1;
        }
        println!("{name}: {count} inputs");
        None
    });
    none(&complaints.into_iter().flatten().collect::<Vec<_>>());
    let grown = peak_memory().saturating_sub(before);
    println!("memory grew by {grown} KiB at its peak");
    assert!(grown < 512 << 10, "{grown} KiB");
}

/// The most memory that this process has had, in KiB.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}

#[test]
fn cut_off_at_every_byte() {
    let complaints = in_parallel(PARSERS, |(name, parser)| {
        let folders = ["fuzz/seeds", "tests/fixtures/ssh", "tests/fixtures/web"].map(source);
        let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        for file in files {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            for length in 0..bytes.len() {
                if let Some(complaint) = complaint(name, *parser, &bytes[..length]) {
                    return Some(complaint);
                }
            }
        }
        None
    });
    none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}
