//! Reads manifests from standard input, separated by lines `=====`, and prints a line of JSON for each:
//! what its documents are read as, and why the rest cannot be read. For
//! `tests/conformance/manifests.py`.
#![allow(
    clippy::disallowed_methods,
    reason = "a program of its own, for which the borders of the library do not apply"
)]

use std::error::Error;
use std::io::{Read, Write};

use mksecret::testing::manifests;

const SEPARATOR: &[u8] = b"\n=====\n";

fn main() -> Result<(), Box<dyn Error>> {
    let mut all = Vec::new();
    std::io::stdin().read_to_end(&mut all)?;
    let mut out = std::io::stdout().lock();
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let end = rest.windows(SEPARATOR.len()).position(|at| at == SEPARATOR);
        let end = end.unwrap_or(rest.len());
        let (trees, fault) = manifests(&rest[..end]);
        let fault = serde_json::to_string(&fault)?;
        writeln!(out, "{{\"documents\":[{}],\"fault\":{fault}}}", trees.join(","))?;
        rest = rest.get(end + SEPARATOR.len()..).unwrap_or_default();
    }
    Ok(())
}
