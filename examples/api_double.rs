//! The double of the API server as a program, for benchmarks and shell tests.
//!
//! `api_double FOLDER [NAMESPACE…]` writes `kubeconfig`, `ca.pem`, `client.pem` and `client.key`
//! into the folder, prints the URL, and ends when standard input does. `--failing-webhook` answers
//! every create as an API server does whose admission webhook does not work, and prints at the end
//! how many creates there were.
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

use crate::double::{Double, Fault, Rule};

const FAILING_WEBHOOK: Fault = Fault::Foreign {
    status: 500,
    content_type: "application/json",
    body: r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Internal error occurred: failed calling webhook \"w.example.com\": failed to call webhook: Post \"https://w.default.svc:443/m?timeout=10s\": no endpoints available for service \"w\"","reason":"InternalError","code":500}"#,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().ok_or("usage: api_double FOLDER [NAMESPACE…]")?);
    let double = Double::start();
    let mut is_failing = false;
    for word in words {
        if word == "--failing-webhook" {
            is_failing = true;
            double.fault(Rule::new(FAILING_WEBHOOK).on("POST").times(usize::MAX));
        } else {
            double.add_namespace(&word, &[]);
        }
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
    if is_failing {
        println!("{}", double.seen().iter().filter(|seen| seen.method == "POST").count());
    }
    Ok(())
}
