//! Passwords and passphrases that the command line lacks: who is asked for them, and what kubectl's
//! users see where nobody can be asked.

use crate::harness;
use crate::prompts::{End, Terminal};

/// The files that a flag may name; what is encrypted opens with `open-sesame`.
const FILES: [&str; 3] = ["web/web.crt", "web/locked.key", "web/store.p12"];

/// A flag with the whole path of its file.
fn with_path(arg: &str) -> String {
    match arg.split_once('=') {
        Some((flag, file)) if FILES.contains(&file) => {
            format!("{flag}={}", harness::source("tests/fixtures").join(file).display())
        }
        _ => arg.to_owned(),
    }
}

/// Starts the tool with its messages on the terminal.
fn start(args: &[&str], variables: &[(&str, &str)], stdin: Option<&[u8]>) -> Terminal {
    let args: Vec<_> = args.iter().map(|arg| with_path(arg)).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    Terminal::interactive(
        &[&args[..], &["--dry-run=client", "--color=never"]].concat(),
        variables,
        stdin,
    )
}

fn shown(end: &End) -> String {
    String::from_utf8_lossy(&end.shown).replace("\r\n", "\n")
}

const PASSWORD: &[(&str, &str)] =
    &[("Enter the password: ", "hunter2"), ("Enter the password again: ", "hunter2")];
const PASSPHRASE: &[(&str, &str)] = &[("Enter the passphrase of ", "open-sesame")];
const DOCKER: [&str; 4] = ["docker-registry", "x", "--docker-server=r.io", "--docker-username=u"];
const TLS: [&str; 4] = ["tls", "x", "--cert=web/web.crt", "--key=web/locked.key"];

#[test]
fn what_is_missing_is_asked_for() {
    let login = "go-template={{index .data \".dockerconfigjson\" | base64decode}}";
    let password = "go-template={{.data.password | base64decode}}";
    type Row<'a> = (&'a [&'a str], &'a [&'a str], &'a [(&'a str, &'a str)], &'a str);
    let rows: &[Row<'_>] = &[
        (
            &DOCKER,
            &["-o", login],
            PASSWORD,
            "{\"auths\":{\"r.io\":{\"username\":\"u\",\"password\":\"hunter2\",\
             \"auth\":\"dTpodW50ZXIy\"}}}",
        ),
        // Beside a login that has its password.
        (
            &DOCKER,
            &["--registry=server=ghcr.io,username=v,password-env=PASS", "-o", "name"],
            PASSWORD,
            "secret/x\n",
        ),
        (&["basic-auth", "x"], &["-o", password], PASSWORD, "hunter2"),
        (
            &["basic-auth", "x", "--username=ann", "--htpasswd"],
            &["-o", password],
            PASSWORD,
            "hunter2",
        ),
        (&TLS, &["-o", "name"], PASSPHRASE, "secret/x\n"),
        (&TLS, &["-o", "name", "--validate=warn"], PASSPHRASE, "secret/x\n"),
        (&["tls", "x", "--pkcs12=web/store.p12"], &["-o", "name"], PASSPHRASE, "secret/x\n"),
        // One passphrase for both.
        (
            &["tls", "x", "--cert=web/store.p12", "--key=web/store.p12"],
            &["-o", "name"],
            PASSPHRASE,
            "secret/x\n",
        ),
    ];
    for (args, more, answers, stdout) in rows {
        let args = [*args, *more].concat();
        // An empty variable is as good as none.
        let terminal = start(&args, &[("CI", ""), ("PASS", "other")], None);
        for (prompt, answer) in *answers {
            terminal.expect(prompt, 1);
            assert!(!terminal.echoes(), "{args:?}");
            terminal.type_in(format!("{answer}\r"));
        }
        let end = terminal.end();
        let shown = shown(&end);
        assert_eq!((&*end.status, &*end.stdout), ("0", *stdout), "{args:?}\n{shown}");
        assert_eq!(shown.matches("Enter ").count(), answers.len(), "{args:?}\n{shown}");
        for (_, answer) in *answers {
            end.hides(answer);
        }
    }
}

#[test]
fn answers_can_be_wrong() {
    for (args, answers, want) in [
        (&TLS, &["wrong"][..], "the passphrase is wrong"),
        (&TLS, &[""], "the passphrase is wrong"),
        (&DOCKER, &[""], "error: the password: no value was entered\n"),
    ] {
        let terminal = start(args, &[], None);
        for answer in answers {
            terminal.expect("Enter the pass", 1);
            terminal.type_in(format!("{answer}\r"));
        }
        let end = terminal.end();
        let shown = shown(&end);
        assert_eq!((&*end.status, &*end.stdout), ("1", ""), "{shown}");
        assert!(shown.contains(want), "{shown}");
    }
}

const DOCKER_ERROR: &str = "error: either --from-file or the combination of --docker-username, \
                            --docker-password and --docker-server is required\n";
const DOCKER_WAYS: &str = "hint: use --docker-password-prompt, or --docker-password-file=FILE\n";

#[test]
fn nobody_is_asked_where_an_answer_is_not_expected() {
    let tls = [&TLS[..], &["--validate=ignore"]].concat();
    let docker = [&DOCKER[..], &["--validate=ignore"]].concat();
    let ways = "hint: use --passphrase-prompt, or --passphrase-file=FILE\n";
    let basic = "hint: use --password-prompt, or --password-file=FILE\n";
    type Row<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], Option<&'a [u8]>, [&'a str; 2]);
    let rows: &[Row<'_>] = &[
        (&DOCKER, &[("CI", "true")], None, [DOCKER_ERROR, DOCKER_WAYS]),
        (&DOCKER, &[], Some(b"hunter2"), [DOCKER_ERROR, DOCKER_WAYS]),
        (&docker, &[], None, [DOCKER_ERROR, DOCKER_WAYS]),
        (&TLS, &[("CI", "1")], None, ["is encrypted", ways]),
        (&TLS, &[], Some(b"open-sesame"), ["is encrypted", ways]),
        (&tls, &[], None, ["is encrypted", ways]),
        (&["basic-auth", "x"], &[("CI", "1")], None, ["error: ", basic]),
        (&["basic-auth", "x", "--validate=ignore"], &[], None, ["error: ", basic]),
        // Something else is missing, or an empty password is given.
        (&["docker-registry", "x"], &[], None, [DOCKER_ERROR, "--docker-username"]),
        (
            &["docker-registry", "x", "--docker-username=u", "--docker-password="],
            &[],
            None,
            [DOCKER_ERROR, DOCKER_WAYS],
        ),
        (
            &["docker-registry", "x", "--docker-username=u", "--docker-server="],
            &[],
            None,
            [DOCKER_ERROR, DOCKER_WAYS],
        ),
        (
            &["docker-registry", "x", "--docker-username=u", "--password=p"],
            &[],
            None,
            [DOCKER_ERROR, "begin with --docker-"],
        ),
        (&["basic-auth", "x", "--htpasswd"], &[], None, ["error: ", basic]),
        (&["basic-auth", "x", "--username=", "--htpasswd"], &[], None, ["error: ", basic]),
        // A file is the source, or nothing is missing.
        (&["docker-registry", "x", "--from-file=none"], &[], None, ["error: ", "no such file"]),
    ];
    for (args, variables, stdin, wants) in rows {
        let end = start(args, variables, *stdin).end();
        let shown = shown(&end);
        assert_eq!((&*end.status, &*end.stdout), ("1", ""), "{args:?}\n{shown}");
        assert!(!shown.contains("Enter "), "{args:?}\n{shown}");
        for want in wants {
            assert!(shown.contains(want), "{args:?}\n{shown}");
        }
    }
    let end = start(&["basic-auth", "x", "--username=ann", "-o", "name"], &[], None).end();
    assert_eq!((&*end.status, &*end.stdout), ("0", "secret/x\n"), "{}", shown(&end));
}

/// Messages that go to a file are read later, if at all.
#[test]
fn nobody_is_asked_if_messages_do_not_go_to_the_terminal() {
    let args = [&DOCKER[..], &["--dry-run=client"]].concat();
    let end = Terminal::unseen(&args).end();
    assert_eq!((&*end.status, &*end.stdout), ("1", ""));
    assert!(end.stderr.starts_with(DOCKER_ERROR), "{}", end.stderr);
    assert!(!shown(&end).contains("Enter "));
}
