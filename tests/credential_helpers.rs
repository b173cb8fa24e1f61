//! `--resolve-credentials` with programs that play credential helpers: what they are given, what is
//! made of their answers, and that nothing of them shows.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Run, mksecret};

/// Keeps a line of what it was given in `asked`, then plays a part for each server.
const HELPER: &str = r#"#!/bin/sh
server=$(cat; echo .)
server=${server%.}
echo "${0##*/} $# $1 <$server> ${HUB_TOKEN-none} $OTHER" >> asked
case $server in
ghcr.io|https://ghcr.io) echo '{"ServerURL":"https://ghcr.io","Username":"ann","Secret":"s3cret"}' ;;
shop.azurecr.io) printf '{"Username":"<token>","Secret":"kolibri7"}' ;;
unknown.io) echo 'credentials not found in native keychain'; exit 1 ;;
locked.io) echo 'error: User interaction is not allowed. kolibri7'; exit 1 ;;
broken.io) echo 'no idea about kolibri7'; echo kolibri7 >&2; exit 3 ;;
odd.io) echo 'kolibri7 {"Username":"ann","Secret":"kolibri7"}' ;;
half.io) echo '{"Username":"ann","Secret":""}' ;;
https://index.docker.io/v1/) echo '{"Username":"bob","Secret":"t0p"}'; echo kolibri7 >&2 ;;
*) echo "unexpected $server"; exit 2 ;;
esac
"#;

/// A run with the program under two names, and this configuration.
fn run(config: &str, words: &[&str]) -> Run {
    let mut run = mksecret(["docker-registry", "pull", "--merge-config=c"]).file("c", config);
    for name in ["fake", "other"] {
        let path = format!("bin/docker-credential-{name}");
        run = run.file(&path, HELPER);
        fs::set_permissions(run.work().join(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", run.work().join("bin").display());
    run.env("PATH", path)
        .env("OTHER", "stays")
        .env("HUB_TOKEN", "hunter2")
        .words_added(words)
        .words_added(&["--dry-run=client"])
}

const JSON: [&str; 2] = ["-o", "jsonpath={.data.*}"];

fn decoded(run: &Run) -> (String, String) {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let answer = run.run();
    assert_eq!(answer.status, Some(0), "{}", String::from_utf8_lossy(&answer.stderr));
    let json = BASE64_STANDARD.decode(&answer.stdout).unwrap();
    (String::from_utf8(json).unwrap(), String::from_utf8(answer.stderr).unwrap())
}

fn asked(run: &Run) -> String {
    fs::read_to_string(run.work().join("asked")).unwrap_or_default()
}

#[test]
fn logins_come_out_of_stores_and_helpers() {
    let config = r#"{"auths":{"https://index.docker.io/v1/":{},"quay.io":{"auth":"dTpw"}},
        "credsStore":"fake","credHelpers":{"ghcr.io":"other"}}"#;
    let registry = "--registry=server=gcr.io,username=u,password-env=HUB_TOKEN";
    let run = run(config, &["--resolve-credentials", registry]).words_added(&JSON);
    let (json, stderr) = decoded(&run);
    let want = r#"{"auths":{"gcr.io":{"username":"u","password":"hunter2","auth":"dTpodW50ZXIy"},"ghcr.io":{"username":"ann","password":"s3cret","auth":"YW5uOnMzY3JldA=="},"https://index.docker.io/v1/":{"username":"bob","password":"t0p","auth":"Ym9iOnQwcA=="},"quay.io":{"username":"u","password":"p","auth":"dTpw"}}}"#;
    assert_eq!((json.as_str(), stderr.as_str()), (want, ""));
    // One word, the server on standard input without a line end, and the whole environment.
    let want = "docker-credential-fake 1 get <https://index.docker.io/v1/> hunter2 stays\n\
                docker-credential-other 1 get <ghcr.io> hunter2 stays\n";
    assert_eq!(asked(&run), want);
}

#[test]
fn a_helper_is_found_under_another_form_of_the_name() {
    for (config, server) in [
        (r#"{"credHelpers":{"docker.io":"fake"}}"#, "https://index.docker.io/v1/"),
        (r#"{"credHelpers":{"index.docker.io":"fake"}}"#, "https://index.docker.io/v1/"),
        (r#"{"auths":{"https://ghcr.io":{}},"credHelpers":{"ghcr.io":"fake"}}"#, "https://ghcr.io"),
        (
            r#"{"credsStore":"other","credHelpers":{"docker.io":"fake"}}"#,
            "https://index.docker.io/v1/",
        ),
    ] {
        let run = run(config, &["--resolve-credentials"]);
        assert_eq!(run.run().status, Some(0), "{config}");
        let want = format!("docker-credential-fake 1 get <{server}> hunter2 stays\n");
        assert_eq!(asked(&run), want, "{config}");
    }
}

#[test]
fn only_those_that_are_wanted_are_asked() {
    let config = r#"{"auths":{"broken.io":{}},"credsStore":"fake"}"#;
    let run = run(config, &["--resolve-credentials", "--only=docker.io"]).words_added(&JSON);
    let (json, stderr) = decoded(&run);
    assert!(json.contains("bob"), "{json}");
    assert_eq!(stderr, "");
    let want = "docker-credential-fake 1 get <https://index.docker.io/v1/> hunter2 stays\n";
    assert_eq!(asked(&run), want);
}

#[test]
fn none_is_asked_without_the_flag() {
    let config = r#"{"auths":{"ghcr.io":{}},"credsStore":"fake"}"#;
    let asks = run(config, &[]);
    asks.run().fails(
        "error: c has no login for ghcr.io: it is in a credential store (docker-credential-fake)\n\
         hint: read it from the store: add --resolve-credentials\n",
    );
    assert_eq!(asked(&asks), "");
}

#[test]
fn a_token_is_an_identity_token() {
    let config = r#"{"auths":{"shop.azurecr.io":{}},"credsStore":"fake"}"#;
    let run = run(config, &["--resolve-credentials"]).words_added(&JSON);
    let (json, stderr) = decoded(&run);
    assert_eq!(json, r#"{"auths":{"shop.azurecr.io":{"identitytoken":"kolibri7"}}}"#);
    let want = "warning: data[.dockerconfigjson]: the login for shop.azurecr.io is an identity \
                token, which a kubelet does not support (--merge-config c)\nhint: ";
    assert!(stderr.starts_with(want), "{stderr}");
}

#[test]
fn a_server_that_is_not_known_is_left_out() {
    let config = r#"{"auths":{"ghcr.io":{},"unknown.io":{}},"credsStore":"fake"}"#;
    run(config, &["--resolve-credentials"]).run().succeeds(
        "secret/pull created (dry run)\n",
        "warning: skipped: c has no login for unknown.io, and docker-credential-fake has none\n\
         hint: add the login: --registry server=unknown.io,username=USER,password-file=FILE\n\
         hint: or log in again: docker login unknown.io\n",
    );
    run(config, &["--resolve-credentials", "--only=unknown.io"]).run().fails(
        "error: no login for unknown.io (--only): c has no login for unknown.io, and \
         docker-credential-fake has none\n\
         hint: add the login: --registry server=unknown.io,username=USER,password-file=FILE\n\
         hint: or log in again: docker login unknown.io\n",
    );
}

#[test]
fn what_a_helper_says_is_not_shown() {
    let rows = [
        ("locked.io", "it failed with status 1: its keychain is locked"),
        ("broken.io", "it failed with status 3"),
        ("odd.io", "its answer contains no user name and secret"),
        ("half.io", "its answer contains no user name and secret"),
    ];
    for (server, why) in rows {
        let config = format!("{{\"auths\":{{\"{server}\":{{}}}},\"credsStore\":\"fake\"}}");
        let answer = run(&config, &["--resolve-credentials"]).run();
        let stderr = String::from_utf8_lossy(&answer.stderr);
        let want = format!("error: docker-credential-fake returned no login for {server}: {why}\n");
        assert!(stderr.starts_with(&want), "{stderr}");
        assert!(!stderr.contains("kolibri7"), "{stderr}");
        assert_eq!((answer.status, answer.stdout.len()), (Some(1), 0));
    }
}

#[test]
fn a_program_that_is_none_says_so() {
    let config = r#"{"auths":{"ghcr.io":{}},"credsStore":"fake"}"#;
    let run = run(config, &["--resolve-credentials"]);
    let path = run.work().join("bin/docker-credential-fake");
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    let stderr = String::from_utf8(run.run().stderr).unwrap();
    let want = "error: docker-credential-fake returned no login for ghcr.io: it cannot be started";
    assert!(stderr.starts_with(want), "{stderr}");
}
