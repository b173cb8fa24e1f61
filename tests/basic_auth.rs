//! The line that `--htpasswd` writes lets in who has the password, and nobody else.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::harness::mksecret;

fn line(password: &str) -> String {
    let args = ["basic-auth", "site", "--username=ann", "--password-stdin", "--htpasswd"];
    let print = ["--dry-run=client", "-o", "jsonpath={.data.auth}"];
    let answer = mksecret(args.iter().chain(&print)).stdin(password).run();
    assert_eq!((answer.status, answer.stderr.as_slice()), (Some(0), &b""[..]));
    String::from_utf8(BASE64_STANDARD.decode(answer.stdout).unwrap()).unwrap()
}

#[test]
fn a_line_of_htpasswd_lets_in_who_has_the_password() {
    for password in ["s3cret", "größe", "two words", "a:b"] {
        let line = line(password);
        let hash = line.strip_prefix("ann:").unwrap().strip_suffix('\n').unwrap();
        assert!(hash.starts_with("$2y$"), "{hash}");
        assert!(bcrypt::verify(password, hash).unwrap(), "{password}");
        assert!(!bcrypt::verify(password.to_uppercase() + "x", hash).unwrap(), "{password}");
    }
}

#[test]
fn every_line_has_its_own_salt() {
    assert_ne!(line("s3cret"), line("s3cret"));
}
