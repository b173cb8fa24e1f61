//! Judges certificates and pairs of certificate and key, for `tests/conformance/mutations.py`.
//!
//! Each line of standard input is base64: a certificate in DER, or, separated by a space, the PEM
//! of a certificate and of a key. The answer to each is a line: `taken`, or the error.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own, for which the borders of the library do not stand"
)]

use std::error::Error;
use std::io::{BufRead as _, BufWriter, Write as _};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use mksecret::testing;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let verdict = match line.split_once(' ') {
            Some((certificate, key)) => {
                let decode = |text: &str| BASE64_STANDARD.decode(text);
                testing::judge_pair(&decode(certificate)?, &decode(key)?)
            }
            None => testing::judge_certificate(&BASE64_STANDARD.decode(&line)?),
        };
        match verdict {
            Ok(()) => writeln!(out, "taken")?,
            Err(error) => writeln!(out, "{}", error.escape_debug())?,
        }
    }
    out.flush()?;
    Ok(())
}
