//! What is inside a login or a key, whatever Secret it is put in.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::said;
use crate::harness::{Run, mksecret};

fn registry(words: &[&str]) -> Run {
    mksecret(["docker-registry", "x", "--dry-run=client", "-oname"]).words_added(words)
}

fn login(user: &str, password: &str) -> String {
    let auth = BASE64_STANDARD.encode(format!("{user}:{password}"));
    format!("{{\"auths\":{{\"ghcr.io\":{{\"auth\":\"{auth}\"}}}}}}")
}

/// A newline within its envelope, in whatever way the login is given.
#[test]
fn newlines_within_envelopes() {
    let ends = "ends with a newline, which becomes part of the value";
    for flag in ["--from-file=config.json", "--merge-config=config.json"] {
        for (user, password, part) in [
            ("u", "p\n", Some("password")),
            ("u", "p\r\n", Some("password")),
            ("u\n", "p", Some("user name")),
            ("u", "p", None),
        ] {
            let answer = registry(&[flag]).file("config.json", login(user, password)).run();
            let want = part.map(|part| format!("the {part} for ghcr.io {ends}"));
            assert_eq!(answer.status, Some(0));
            match want {
                Some(want) => assert!(said(&answer).contains(&want), "{}", said(&answer)),
                None => assert_eq!(said(&answer), ""),
            }
        }
    }
    let plain = ["--docker-server=ghcr.io", "--docker-username=u", "--docker-password-file=pw"];
    let answer = registry(&plain).file("pw", "p\n\n").run();
    assert!(said(&answer).contains(&format!("the password for ghcr.io {ends}")));
    let basic = mksecret(["basic-auth", "x", "--dry-run=client", "-oname", "--username=u"]);
    let answer = basic.arg("--password-file=pw").file("pw", "p\n\n").run();
    assert!(said(&answer).contains(&format!("data[password]: {ends}")), "{}", said(&answer));
    // Once, where the file is read as it is.
    let generic = mksecret(["generic", "x", "--type=kubernetes.io/basic-auth", "--dry-run=client"]);
    let answer =
        generic.words_added(&["-oname", "--from-file=password"]).file("password", "p\n").run();
    assert_eq!(said(&answer).matches("newline,").count(), 1, "{}", said(&answer));
}

/// A byte order mark or UTF-16, in every file with a password.
#[test]
fn marks_everywhere_alike() {
    let utf16: Vec<_> = "\u{feff}s3cret\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bare: Vec<_> = "s3cret\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, want) in [
        (b"\xef\xbb\xbfs3cret\r\n".to_vec(), "begins with a byte order mark (UTF-8)"),
        (utf16, "begins with a byte order mark (UTF-16)"),
        (bare, "is written in UTF-16"),
    ] {
        let login = ["--docker-server=ghcr.io", "--docker-username=u"];
        for run in [
            registry(&login).arg("--docker-password-file=pw"),
            registry(&["--registry=server=ghcr.io,username=u,password-file=pw"]),
            mksecret(["basic-auth", "x", "--username=u", "--password-file=pw"])
                .arg("--dry-run=client"),
        ] {
            let answer = run.file("pw", &bytes).run();
            assert!(said(&answer).contains(want), "{want}: {answer:?}");
        }
        let generic = mksecret(["generic", "x", "--from-file=pw", "--dry-run=client"]);
        let said = said(&generic.file("pw", &bytes).run());
        let is_marked =
            said.contains("is UTF-16 text") || said.contains("begins with a byte order mark");
        assert!(is_marked, "{said}");
    }
}

/// Tokens that say themselves when they end.
#[test]
fn tokens_that_have_ended() {
    let ecr = BASE64_STANDARD.encode("{\"payload\":\"x\",\"expiration\":1000000000}");
    let parts = ["{\"alg\":\"none\"}", "{\"exp\":1000000000}"]
        .map(|part| BASE64_STANDARD.encode(part).trim_end_matches('=').to_owned());
    let jwt = format!("{}.{}.c2ln", parts[0], parts[1]);
    for token in [ecr, jwt] {
        let answer = registry(&["--from-file=c"]).file("c", login("AWS", &token)).run();
        let want = "expired on 2001-09-09T01:46:40Z (by its own date)";
        assert!(said(&answer).contains(want), "{}", said(&answer));
        assert!(!said(&answer).contains(&token));
    }
}

/// A configuration of Docker in a Secret without a type, as builders of images mount it.
#[test]
fn logins_in_any_secret() {
    let want = "the password for ghcr.io ends with a newline";
    for (name, text, is_warned) in [
        (".dockerconfigjson", login("u", "p\n"), true),
        ("config.json", login("u", "p\n"), true),
        (".dockercfg", "{\"ghcr.io\":{\"username\":\"u\",\"password\":\"p\\n\"}}".to_owned(), true),
        ("config.json", login("u", "p"), false),
        ("config.json", "{\"db\":{\"username\":\"u\",\"password\":\"p\\n\"}}".to_owned(), false),
        ("app.json", login("u", "p\n"), false),
    ] {
        let generic = mksecret(["generic", "x", "--dry-run=client", "-oname"]);
        let answer = generic.arg(format!("--from-file={name}")).file(name, &text).run();
        assert_eq!(answer.status, Some(0));
        assert_eq!(said(&answer).contains(want), is_warned, "{name}: {}", said(&answer));
    }
}

#[test]
fn leftovers_of_quoting() {
    let login = ["--docker-server=ghcr.io", "--docker-password=pw"];
    let answer = registry(&login).arg("--docker-username=robot\\$ci").run();
    assert!(said(&answer).contains("--docker-username: a backslash before $ is left over"));
    assert_eq!(said(&registry(&login).arg("--docker-username=robot$ci").run()), "");
    let answer = registry(&["--registry=server=ghcr.io,username=robot\\$ci,password-file=pw"]);
    let answer = answer.file("pw", "p").run();
    assert!(
        said(&answer).contains("--registry: a backslash before $ is left"),
        "{}",
        said(&answer)
    );
    let basic = mksecret(["basic-auth", "x", "--username=u", "--dry-run=client", "-oname"]);
    let answer = basic.arg("--password=a\\!b").run();
    assert!(said(&answer).contains("a backslash before ! is left over"), "{}", said(&answer));
}

/// Keys and hosts of SSH in a Secret without a type.
#[test]
fn ssh_in_any_secret() {
    let path = crate::harness::source("tests/fixtures/ssh/ed25519");
    let key = std::fs::read_to_string(path).unwrap();
    let generic = |words: &[&str]| {
        mksecret(["generic", "flux", "--dry-run=client", "-oname"]).words_added(words)
    };
    let answer =
        generic(&["--from-file=identity"]).file("identity", key.replace('\n', "\r\n")).run();
    assert_eq!(answer.status, Some(0));
    assert!(said(&answer).contains("data[identity]: line 1 ends in CR LF"), "{}", said(&answer));
    assert_eq!(said(&generic(&["--from-file=identity"]).file("identity", &key).run()), "");
    let rsa =
        std::fs::read_to_string(crate::harness::source("tests/fixtures/ssh/rsa.pem")).unwrap();
    let under = |label: &str| rsa.replace("RSA PRIVATE KEY", label);
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    for (name, text, want) in [
        // A key whose name says nothing is one for TLS.
        ("app.key", rsa.clone(), None),
        ("app.key", under("PRIVATE KEY"), Some("contains a key in the format RSA PRIVATE KEY")),
        ("app.key", rsa.replace('\n', "\r\n"), Some("lines that end with CRLF")),
        ("deploy-key", rsa.replace('\n', "\r\n"), Some("line 1 ends in CR LF")),
        ("id_rsa", under("PRIVATE KEY"), Some("contains a key in the format RSA PRIVATE KEY")),
        ("id_rsa", under("OPENSSH PRIVATE KEY"), Some("in the format RSA PRIVATE KEY")),
        ("id", key.replace("OPENSSH ", ""), None),
        ("git.key", key.replace("OPENSSH ", ""), Some("in the format OPENSSH PRIVATE KEY")),
        ("id_ed25519", format!("\n{key}"), Some("the key must begin the file")),
        ("key", body, Some("no SSH private key in it")),
    ] {
        let answer = generic(&[&format!("--from-file={name}")]).file(name, &text).run();
        assert_eq!(answer.status, Some(0));
        match want {
            Some(want) => assert!(said(&answer).contains(want), "{name}: {}", said(&answer)),
            None => assert_eq!(said(&answer), "", "{name}"),
        }
    }
    const HOST: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    for (name, text, want) in [
        (
            "known_hosts",
            format!("a.example:7999 {HOST}\n"),
            Some("OpenSSH looks for [a.example]:7999"),
        ),
        ("hosts", format!("a {HOST} b {HOST}\n"), Some("line 1 has two keys: a line break")),
        ("hosts", format!("git@a {HOST}\n"), Some("OpenSSH looks for a ")),
        ("known_hosts", format!("a {HOST}\n"), None),
        ("app.conf", "ssh-key = a b\n".to_owned(), None),
    ] {
        let answer = generic(&[&format!("--from-file={name}")]).file(name, &text).run();
        match want {
            Some(want) => assert!(said(&answer).contains(want), "{}", said(&answer)),
            None => assert_eq!(said(&answer), "", "{text}"),
        }
    }
}

/// What a kubelet would find for an image.
#[test]
fn images() {
    let config = |servers: &[&str]| {
        let entries: Vec<_> =
            servers.iter().map(|server| format!("\"{server}\":{{\"auth\":\"dTpw\"}}")).collect();
        format!("{{\"auths\":{{{}}}}}", entries.join(","))
    };
    for (servers, image, status, want) in [
        (&["ghcr.io"][..], "ghcr.io/team/app:1", 0, ""),
        (&["quay.io"], "ghcr.io/team/app", 1, "no login for ghcr.io/team/app (--image)"),
        (&["GHCR.io"], "ghcr.io/app", 1, "the closest, GHCR.io, differs in case"),
        (&["docker.io"], "nginx", 0, ""),
        (
            &["r.io", "r.io/team"],
            "r.io/team/app",
            0,
            "tries the logins of r.io/team, r.io, in this order\n",
        ),
        (&["r.io", "https://r.io"], "r.io/app", 0, "in an order that is not defined\n"),
        (&["r.io"], "r.io/App", 1, "not a valid image: the repository must be in lowercase"),
    ] {
        for flag in ["--from-file=c", "--merge-config=c"] {
            // A merge leaves one of two names of one server, and writes Docker Hub's own.
            if flag == "--merge-config=c" && (servers.len() > 1 || want.contains("nearest")) {
                continue;
            }
            let run = registry(&[flag, &format!("--image={image}")]).file("c", config(servers));
            let answer = run.run();
            assert_eq!(answer.status, Some(status), "{servers:?} {image}: {}", said(&answer));
            assert!(said(&answer).contains(want), "{servers:?} {image}: {}", said(&answer));
            assert!(!want.is_empty() || said(&answer).is_empty(), "{}", said(&answer));
        }
    }
    let empty = "{\"auths\":{\"r.io\":null}}";
    let answer = registry(&["--from-file=c", "--image=r.io/app"]).file("c", empty).run();
    assert!(said(&answer).contains("which a kubelet tries first for r.io/app, is empty"));
    let answer =
        registry(&["--from-file=c", "--image=r.io/app", "--validate=ignore"]).file("c", "{}");
    assert_eq!((answer.run().status, ""), (Some(0), ""));
}
