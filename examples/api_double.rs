//! The double of the API server as a program, for benchmarks and shell tests.
//!
//! `api_double FOLDER [NAMESPACE…]` writes `kubeconfig`, `ca.pem`, `client.pem` and `client.key`
//! into the folder, prints the URL, and ends when standard input does.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own, for which the borders of the library do not stand"
)]

#[path = "../tests/cluster/double/mod.rs"]
mod double;

use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;

use crate::double::Double;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().ok_or("usage: api_double FOLDER [NAMESPACE…]")?);
    let double = Double::start();
    for namespace in words {
        double.add_namespace(&namespace, &[]);
    }
    let (certificate, key) = double.client_pem();
    for (name, text) in [
        ("kubeconfig", double.kubeconfig().as_str()),
        ("ca.pem", double.ca_pem()),
        ("client.pem", certificate),
        ("client.key", key),
    ] {
        fs::write(folder.join(name), text)?;
    }
    println!("{}", double.url());
    // Whatever is on it: only its end counts.
    let mut buffer = [0; 1024];
    while io::stdin().read(&mut buffer)? > 0 {}
    Ok(())
}
