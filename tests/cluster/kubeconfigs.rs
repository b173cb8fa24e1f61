//! Kubeconfigs, flags and variables as kubectl reads them: which server is asked, and as whom.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::double::{ConnectionFault, Double, Rights, Seen};
use super::proxies::Proxy;
use crate::harness::{self, Answer, Run, mksecret};

const V1: &str = "client.authentication.k8s.io/v1";

/// A kubeconfig `a` for the double, with this user and these fields of the cluster.
fn config(double: &Double, user: &Value, cluster: &Value) -> Value {
    let mut all = json!({
        "server": double.url(),
        "certificate-authority-data": STANDARD.encode(double.ca_pem()),
    });
    for (field, value) in cluster.as_object().unwrap() {
        all[field] = value.clone();
    }
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "a",
        "clusters": [{"name": "a", "cluster": all}],
        "users": [{"name": "a", "user": user}],
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
    })
}

/// A run that creates `s`, with its kubeconfig in `kc`.
fn create(kubeconfig: &Value) -> Run {
    let words = ["generic", "s", "--from-literal=a=b"];
    mksecret(words).file("kc", kubeconfig.to_string()).env("KUBECONFIG", "kc")
}

/// A double that lets the tokens `t` and `other` in.
fn double() -> Double {
    let double = Double::start();
    for token in ["t", "other"] {
        double.add_user(token, token, Rights::All);
    }
    double
}

/// As whom a request came: the certificate, the credential and whom to act as.
fn who(seen: &Seen) -> String {
    let mut all: Vec<_> = seen
        .headers
        .iter()
        .filter(|(name, _)| name == "authorization" || name.starts_with("impersonate-"))
        .map(|(name, value)| match name.strip_prefix("impersonate-") {
            Some(what) => format!("{what}={value}"),
            None => value.clone(),
        })
        .collect();
    all.sort();
    if seen.has_certificate {
        all.insert(0, "certificate".into());
    }
    all.join(" ")
}

/// As whom the double was asked, or what was said where it was not.
fn asked(double: &Double, answer: &Answer) -> String {
    let seen = double.seen();
    double.clear_log();
    double.remove_secret("default", "s");
    assert!(seen.len() <= 1, "one request for a create: {seen:?}");
    if let Some(seen) = seen.first() {
        return who(seen);
    }
    let stderr = String::from_utf8_lossy(&answer.stderr);
    let line = stderr.lines().next().unwrap();
    // Without the place, which other tests look at.
    line.split(" (server ").next().unwrap().replace(" (user a, context a)", "")
}

/// A program in the folder of the run.
fn program(run: Run, name: &str, script: &str) -> Run {
    let run = run.file(name, format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(run.work().join(name), Permissions::from_mode(0o755)).unwrap();
    run
}

/// A plugin's answer with these fields.
fn credential(status: &Value) -> String {
    let answer = json!({"kind": "ExecCredential", "apiVersion": V1, "status": status});
    format!("cat <<'END'\n{answer}\nEND")
}

fn plugin(more: &Value) -> Value {
    let mut exec = json!({"apiVersion": V1, "command": "./plugin", "interactiveMode": "Never"});
    for (field, value) in more.as_object().unwrap() {
        exec[field] = value.clone();
    }
    json!({"exec": exec})
}

#[test]
fn each_way_to_log_in_is_used() {
    let double = double();
    let (certificate, key) = double.client_pem();
    let pair = json!({
        "client-certificate-data": STANDARD.encode(certificate),
        "client-key-data": STANDARD.encode(key),
    });
    let as_jane = json!({
        "token": "t", "as": "jane", "as-uid": "7", "as-groups": ["g", "h"],
        "as-user-extra": {"scopes": ["x"]},
    });
    let flags = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<(Value, Vec<String>, &str)> = vec![
        (json!({"token": "t"}), vec![], "Bearer t"),
        (json!({"tokenFile": "token"}), vec![], "Bearer other"),
        (json!({"tokenFile": "token", "token": "t"}), vec![], "Bearer other"),
        (json!({"tokenFile": "gone", "token": "t"}), vec![], "Bearer t"),
        (json!({"tokenFile": "./gone"}), vec![], "error: ./gone: no such file or directory"),
        (json!({"tokenFile": "blank"}), vec![], "error: blank contains no token (user a)"),
        (json!({"token": "t"}), flags("--token=other"), "Bearer other"),
        (json!({}), flags("--username=n --password=p"), "Basic bjpw"),
        (json!({"username": "n"}), vec![], "Basic bjo="),
        (pair.clone(), vec![], "certificate"),
        (
            json!({"client-certificate": "c.pem", "client-key": "sub/../k.pem"}),
            vec![],
            "certificate",
        ),
        (json!({}), flags("--client-certificate=c.pem --client-key=k.pem"), "certificate"),
        (pair, flags("--token=t"), "certificate Bearer t"),
        (
            json!({"client-certificate": "c.pem", "client-key": "./gone"}),
            vec![],
            "error: ./gone: no such file or directory",
        ),
        (as_jane.clone(), vec![], "Bearer t extra-scopes=x group=g group=h uid=7 user=jane"),
        (
            json!({"token": "t"}),
            flags("--as=joe --as-group=g --as-group=h --as-uid=7 --as-user-extra=k=v"),
            "Bearer t extra-k=v group=g group=h uid=7 user=joe",
        ),
        (as_jane, flags("--as=joe --as-group=i"), "Bearer t extra-scopes=x group=i uid=7 user=joe"),
    ];
    for (user, words, wanted) in rows {
        let run = create(&config(&double, &user, &json!({})))
            .file("token", "  other\n\n")
            .file("blank", " \n")
            .file("c.pem", certificate)
            .file("k.pem", key)
            .folder("sub");
        let run = words.iter().fold(run, Run::arg);
        let answer = run.run();
        assert_eq!(asked(&double, &answer), wanted, "{user} {words:?}");
    }
}

#[test]
fn the_login_of_a_basic_auth_secret_is_nobodys_login_to_the_cluster() {
    let double = double();
    for (user, more, wanted) in [
        (json!({}), "", ""),
        (json!({"token": "t"}), "", "Bearer t"),
        (json!({"token": "t"}), "--apply", "Bearer t"),
        (json!({"username": "n", "password": "p"}), "--apply", "Basic bjpw"),
        (json!({}), "--token=other", "Bearer other"),
    ] {
        let words = format!("--username=ann basic-auth s --password=hunter2 {more}");
        let kc = config(&double, &user, &json!({})).to_string();
        let run = mksecret(words.split_whitespace()).file("kc", kc).env("KUBECONFIG", "kc");
        assert!(harness::position(&run.run().stderr, b"hunter2").is_none());
        let seen = double.seen();
        assert!(
            !seen.is_empty() && seen.iter().all(|seen| who(seen) == wanted),
            "{words} {seen:?}"
        );
        double.clear_log();
        double.remove_secret("default", "s");
    }
}

#[test]
fn the_first_kubeconfig_that_says_something_counts() {
    let (one, two) = (double(), double());
    let kc = config(&one, &json!({"token": "t"}), &json!({}));
    let mut other = config(&two, &json!({"token": "other"}), &json!({}));
    let nameless = {
        let mut kc = kc.clone();
        kc["current-context"] = "".into();
        kc
    };
    let users = json!({"users": [{"name": "b", "user": {"token": "t"}}]});
    // KUBECONFIG, words, and the double that is asked.
    let rows = [
        ("kc", vec![], 1),
        ("kc:other", vec![], 1),
        ("other:kc", vec![], 2),
        ("gone:kc", vec![], 1),
        (":empty::kc", vec![], 1),
        ("nameless:other", vec![], 1),
        ("kc:users", vec!["--user=b"], 1),
        ("kc", vec!["--kubeconfig=other"], 2),
        ("kc", vec!["--kubeconfig="], 1),
        ("", vec![], 1),
    ];
    for (list, words, wanted) in rows {
        let run = create(&kc)
            .file("other", other.to_string())
            .file("nameless", nameless.to_string())
            .file("users", users.to_string())
            .file("empty", "")
            .file("../home/.kube/config", kc.to_string())
            .env("KUBECONFIG", list)
            .words_added(&words);
        let answer = run.run();
        let found = [&one, &two].map(|double| double.seen().len());
        for double in [&one, &two] {
            double.clear_log();
            double.remove_secret("default", "s");
        }
        let shown = String::from_utf8_lossy(&answer.stderr);
        let expected = if wanted == 1 { [1, 0] } else { [0, 1] };
        assert_eq!(found, expected, "{list} {words:?}: {shown}");
    }
    // One file, and a context in the other.
    other["contexts"][0]["name"] = "b".into();
    create(&kc)
        .file("other", other.to_string())
        .env("KUBECONFIG", "kc:other")
        .words_added(&["--context=b", "--cluster=a"])
        .run()
        .succeeds("secret/s created\n", "");
    assert_eq!(one.seen().len(), 1);
}

#[test]
fn nothing_to_talk_to_is_one_clear_error() {
    let double = double();
    let kc = config(&double, &json!({"token": "t"}), &json!({}));
    let hints = "hint: pass a kubeconfig: --kubeconfig=FILE, or set the variable KUBECONFIG\n\
                 hint: or print the Secret: --dry-run=client -o yaml\n";
    let none = format!("error: no cluster is configured\n{hints}");
    mksecret(["generic", "s", "--from-literal=a=b"]).run().fails(&none);
    create(&kc)
        .env("KUBECONFIG", ":")
        .file("../home/.kube/config", kc.to_string())
        .run()
        .fails(&none);
    // The variables of a pod alone make none.
    mksecret(["generic", "s", "--from-literal=a=b"])
        .env("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        .env("KUBERNETES_SERVICE_PORT", double.port().to_string())
        .run()
        .fails(&none);
    let mut open = kc.clone();
    open["current-context"] = "".into();
    create(&open).run().fails(
        "error: no cluster is configured: the kubeconfig has no current context\n\
         hint: choose one with --context: a\n",
    );
    for part in ["context", "cluster", "user"] {
        create(&kc)
            .arg(format!("--{part}=x"))
            .run()
            .fails(&format!("error: {part} \"x\" is not in the kubeconfig (it has: a)\n"));
    }
    create(&kc)
        .arg("--kubeconfig=conf/gone")
        .run()
        .fails("error: a path (9 bytes, not shown): no such file or directory\nhint: check the path; it is not shown, since it may be a value\n");
    create(&kc)
        .file("bad", "users: [{name: u, user: {token: [hunter2]}}]")
        .env("KUBECONFIG", "kc:bad")
        .arg("--user=u")
        .run()
        .fails(
            "error: token must be a string, not a list or a mapping (user u)\nhint: see line \
                1 of bad\n",
        );
    assert!(double.seen().is_empty());
}

#[test]
fn the_server_of_the_command_line_is_asked() {
    let double = double();
    let kc = config(&double, &json!({"token": "t"}), &json!({"server": "https://gone.invalid"}));
    create(&kc).arg(format!("--server={}", double.url())).run().succeeds("secret/s created\n", "");
    assert_eq!(who(&double.seen()[0]), "Bearer t");
    double.clear_log();
    let bare = mksecret(["generic", "n", "--from-literal=a=b"])
        .file("ca.pem", double.ca_pem())
        .arg(format!("-s={}", double.url()))
        .words_added(&["--certificate-authority=ca.pem", "--token=other"]);
    bare.run().succeeds("secret/n created\n", "");
    let seen = double.seen();
    assert_eq!(who(&seen[0]), "Bearer other");
    assert!(seen[0].user_agent.starts_with("mksecret/"), "{}", seen[0].user_agent);
    let master = mksecret(["generic", "m", "--from-literal=a=b", "--insecure-skip-tls-verify"])
        .env("KUBERNETES_MASTER", double.url())
        .arg("--token=t");
    master.run().succeeds("secret/m created\n", "");
}

#[test]
fn no_credential_goes_over_a_line_that_anyone_can_read() {
    use std::io::{Read as _, Write as _};

    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 65536];
        let len = stream.read(&mut request).unwrap();
        let body = br#"{"kind":"Status","apiVersion":"v1","code":403,"reason":"Forbidden"}"#;
        let head = format!("HTTP/1.1 403 no\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        String::from_utf8_lossy(&request[..len]).to_lowercase()
    });
    let double = double();
    let user = json!({"token": "t", "as": "jane"});
    let cluster = json!({"server": format!("http://{address}")});
    let answer = create(&config(&double, &user, &cluster)).run();
    assert_eq!(answer.status, Some(1));
    let request = server.join().unwrap();
    assert!(request.contains("impersonate-user: jane") && !request.contains("auth"), "{request}");
}

#[test]
fn the_servers_certificate_is_held_to_what_is_asked() {
    let double = double();
    let failed = "error: secret/s was not created in namespace default: TLS failed: ";
    let foreign = format!(
        "{failed}the server's certificate is not signed by a trusted CA (issuer \"CN=double CA\")"
    );
    let other = format!(
        "{failed}the server's certificate names the trusted CA \"CN=double CA\" but is not signed \
         with its key"
    );
    let name = format!(
        "{failed}the server's certificate is valid for localhost, 127.0.0.1, ::1, not for elsewhere"
    );
    let both = "error: insecure-skip-tls-verify cannot be combined with a CA (cluster a)";
    let rows: Vec<(Value, Vec<&str>, &str)> = vec![
        (json!({"certificate-authority-data": null}), vec![], &foreign),
        (
            json!({"certificate-authority-data": null}),
            vec!["--certificate-authority=ca.pem"],
            "Bearer t",
        ),
        (
            json!({"certificate-authority-data": "", "certificate-authority": "ca.pem"}),
            vec![],
            "Bearer t",
        ),
        (json!({}), vec!["--certificate-authority=other.pem"], &other),
        (
            json!({}),
            vec!["--certificate-authority=kc"],
            "error: kc contains no certificate (CA of the cluster)",
        ),
        (
            json!({"certificate-authority-data": null, "insecure-skip-tls-verify": true}),
            vec![],
            "Bearer t",
        ),
        (json!({}), vec!["--insecure-skip-tls-verify"], "Bearer t"),
        (json!({"insecure-skip-tls-verify": true}), vec![], both),
        (json!({}), vec!["--insecure-skip-tls-verify", "--certificate-authority=ca.pem"], both),
        (json!({"tls-server-name": "localhost"}), vec![], "Bearer t"),
        (json!({"tls-server-name": "elsewhere"}), vec![], &name),
        (json!({"tls-server-name": "elsewhere"}), vec!["--tls-server-name=localhost"], "Bearer t"),
        (
            json!({"tls-server-name": "localhost:6443"}),
            vec![],
            "error: tls-server-name \"localhost:6443\" has a port, and must be a host name only",
        ),
        (
            json!({"certificate-authority-data": "*"}),
            vec![],
            "error: certificate-authority-data is not base64 (cluster a)",
        ),
    ];
    for (cluster, words, wanted) in rows {
        let run = create(&config(&double, &json!({"token": "t"}), &cluster))
            .file("ca.pem", double.ca_pem())
            .file("other.pem", Double::start().ca_pem())
            .words_added(&words);
        let answer = run.run();
        let wanted = wanted.replace("@URL@", &double.url());
        assert_eq!(asked(&double, &answer), wanted, "{cluster} {words:?}");
    }
}

#[test]
fn a_plugin_logs_in() {
    let double = double();
    let (certificate, key) = double.client_pem();
    let pair = json!({"clientCertificateData": certificate, "clientKeyData": key});
    let half = json!({"clientCertificateData": certificate});
    let said = |text: &str| format!("error: the credential plugin \"./plugin\" {text}");
    let rows = [
        (credential(&json!({"token": "t"})), json!({}), "Bearer t".to_owned()),
        (credential(&pair), json!({}), "certificate".to_owned()),
        (credential(&half), json!({}), said("returned only one of client certificate and key")),
        (credential(&json!({})), json!({}), said("returned no credential")),
        ("echo hunter2".into(), json!({}), said("returned no credential")),
        ("exit 3".into(), json!({}), said("failed (exit status: 3)")),
        (
            format!("printf 'kind: ExecCredential\\napiVersion: {V1}\\nstatus:\\n  token: t\\n'"),
            json!({}),
            "Bearer t".to_owned(),
        ),
        (
            credential(&json!({"token": "t"})).replace("k8s.io/v1", "k8s.io/v1beta1"),
            json!({}),
            said(
                "answered in version \"client.authentication.k8s.io/v1beta1\", but the \
                 kubeconfig expects \"client.authentication.k8s.io/v1\"",
            ),
        ),
        // Its arguments, its variables, and the cluster, without an own standard input.
        (
            format!(
                "case \"$1 $MINE $KUBERNETES_EXEC_INFO $(cat)\" in \"x y \"*'\"interactive\":false'*\
                 'server'*'}} ') {};; esac",
                credential(&json!({"token": "t"}))
            )
            .replace("END;;", "END\n;;"),
            json!({
                "args": ["x"], "env": [{"name": "MINE", "value": "y"}], "provideClusterInfo": true,
                "interactiveMode": "IfAvailable",
            }),
            "Bearer t".to_owned(),
        ),
        (
            credential(&json!({"token": "t"})),
            json!({"interactiveMode": "Always"}),
            said("needs a terminal, but standard input is not one or is used for a value"),
        ),
    ];
    for (script, more, wanted) in rows {
        let run = program(create(&config(&double, &plugin(&more), &json!({}))), "plugin", &script);
        let answer = run.stdin("from us").run();
        assert_eq!(asked(&double, &answer), wanted, "{script}");
        assert!(harness::position(&answer.stderr, b"hunter2").is_none());
    }
    let gone = plugin(&json!({"command": "no-such-plugin", "installHint": "apt install it"}));
    create(&config(&double, &gone, &json!({}))).run().fails(
        "error: the credential plugin \"no-such-plugin\" could not be started: not found in \
         PATH (relative directories in PATH are not searched)\nhint: apt install it\n",
    );
}

#[test]
fn a_plugin_is_not_run_where_something_else_logs_in() {
    let double = double();
    let (certificate, key) = double.client_pem();
    let rows = [
        (json!({"token": "t"}), vec![], "Bearer t"),
        (json!({"username": "n"}), vec![], "Basic bjo="),
        (
            json!({
                "client-certificate-data": STANDARD.encode(certificate),
                "client-key-data": STANDARD.encode(key),
            }),
            vec![],
            "certificate",
        ),
        (json!({}), vec!["--token=t"], "Bearer t"),
    ];
    for (mut user, words, wanted) in rows {
        user["exec"] = plugin(&json!({}))["exec"].clone();
        let run = program(create(&config(&double, &user, &json!({}))), "plugin", "exit 1");
        let answer = run.words_added(&words).run();
        assert_eq!(asked(&double, &answer), wanted, "{user}");
    }
}

#[test]
fn a_plugin_gets_our_environment_and_not_our_standard_input() {
    let double = double();
    let user = plugin(&json!({"interactiveMode": "IfAvailable"}));
    // It keeps what it gets, in a file.
    let script = format!("{{ cat; env; }} > got; {}", credential(&json!({"token": "t"})));
    let words = [
        "docker-registry",
        "s",
        "--docker-server=r",
        "--docker-username=u",
        "--docker-password-env=MY_PASSWORD",
    ];
    let run = mksecret(words)
        .file("kc", config(&double, &user, &json!({})).to_string())
        .env("KUBECONFIG", "kc")
        .env("MY_PASSWORD", "hunter2")
        .stdin("hunter3");
    let run = program(run, "plugin", &script);
    run.run().succeeds("secret/s created\n", "");
    let got = std::fs::read_to_string(run.work().join("got")).unwrap();
    // What a value is from may be what the plugin logs in with.
    assert!(got.contains("MY_PASSWORD=hunter2\n"), "{got}");
    assert!(!got.contains("hunter3"), "{got}");
    // What we read from standard input was read before.
    let run = mksecret(["generic", "in", "--from-file=k=/dev/stdin"])
        .file("kc", config(&double, &user, &json!({})).to_string())
        .env("KUBECONFIG", "kc")
        .stdin("value");
    let run = program(run, "plugin", &script);
    run.run().succeeds("secret/in created\n", "");
    assert_eq!(double.secret("default", "in").unwrap()["data"], json!({"k": "dmFsdWU="}));
}

/// Runs the tool with a terminal as standard input, types this, and gives stderr.
fn typed(run: &Run, words: &[&str], line: &[u8]) -> String {
    use std::io::Write as _;

    let (pty, pts) = pty_process::blocking::open().unwrap();
    let mut command = pty_process::blocking::Command::new(harness::BINARY);
    command = command.args(words).current_dir(run.work()).env_clear().envs(harness::clock());
    command = command.env("KUBECONFIG", "kc");
    command = command.env("PATH", std::env::var_os("PATH").unwrap());
    command = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn(pts).unwrap();
    (&pty).write_all(line).unwrap();
    let answer = harness::wait(child, None, format!("{words:?}"));
    String::from_utf8(answer.stderr).unwrap()
}

#[test]
fn a_plugin_may_ask_at_a_terminal_that_we_do_not_read() {
    let double = double();
    let script = format!(
        "read -r line; printf '%s' '{{\"apiVersion\":\"{V1}\",\"status\":{{\"token\":\"'\"$line\"'\"}}}}'"
    );
    for mode in ["IfAvailable", "Always"] {
        let user = plugin(&json!({"interactiveMode": mode}));
        let run = program(create(&config(&double, &user, &json!({}))), "plugin", &script);
        let name = mode.to_lowercase();
        let stderr = typed(&run, &["generic", &name, "--from-literal=a=b"], b"t\n");
        assert_eq!((who(&double.seen()[0]).as_str(), stderr.as_str()), ("Bearer t", ""));
        double.clear_log();
        // A value is read there: the plugin gets none of it.
        let name = format!("{name}-read");
        let stderr = typed(&run, &["generic", &name, "--from-file=k=/dev/stdin"], b"hunter2\n\x04");
        let said = if mode == "Always" { "needs a terminal" } else { "returned no credential" };
        assert!(stderr.contains(said) && !stderr.contains("hunter2"), "{stderr}");
    }
    assert!(double.secrets("default").iter().all(|secret| secret["data"]["k"].is_null()));
}

#[test]
fn proxies_lead_to_the_server() {
    let double = double();
    let proxy = Proxy::to(double.port());
    let (http, socks) =
        (format!("http://127.0.0.1:{}", proxy.port), format!("socks5://127.0.0.1:{}", proxy.port));
    let bare = format!("127.0.0.1:{}", proxy.port);
    let with_login = format!("http://us%40er:pw@127.0.0.1:{}", proxy.port);
    let far = json!({"server": "https://far.invalid:6443", "tls-server-name": "localhost"});
    let through = "CONNECT far.invalid:6443";
    let no_name =
        "error: secret/s was not created in namespace default: the host name does not resolve";
    let rows: Vec<(Value, Vec<(&str, &str)>, Vec<String>, &str)> = vec![
        (json!({"proxy-url": http}), vec![], vec![], through),
        (json!({"proxy-url": http}), vec![("NO_PROXY", "*")], vec![], through),
        (json!({"proxy-url": with_login}), vec![], vec![], "login"),
        (json!({"proxy-url": socks}), vec![], vec![], "SOCKS5 far.invalid:6443"),
        (json!({}), vec![], vec![format!("--proxy-url={http}")], through),
        (json!({}), vec![("HTTPS_PROXY", &http)], vec![], through),
        (json!({}), vec![("https_proxy", &bare)], vec![], through),
        (json!({}), vec![("HTTPS_PROXY", ""), ("https_proxy", &http)], vec![], through),
        (json!({}), vec![("HTTP_PROXY", &http)], vec![], no_name),
        (json!({}), vec![("HTTPS_PROXY", &http), ("NO_PROXY", "far.invalid")], vec![], no_name),
        (json!({}), vec![("HTTPS_PROXY", &http), ("no_proxy", ".invalid:6443")], vec![], no_name),
        // What matters is the API server, not where the proxy is.
        (json!({}), vec![("HTTPS_PROXY", &http), ("NO_PROXY", "127.0.0.1")], vec![], through),
        (
            json!({"proxy-url": "ftp://127.0.0.1:1"}),
            vec![],
            vec![],
            "error: the proxy's address is invalid: it must begin with http://, https:// or \
             socks5:// (proxy-url, cluster a)",
        ),
    ];
    let mut count = 0;
    for (more, env, words, wanted) in rows {
        let mut cluster = far.clone();
        cluster.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let run = create(&config(&double, &json!({"token": "t"}), &cluster));
        let run = env.iter().fold(run, |run, (name, value)| run.env(*name, *value));
        let answer = words.iter().fold(run, Run::arg).run();
        let case = format!("{more} {env:?} {words:?}");
        let got = asked(&double, &answer);
        if wanted.starts_with("error") {
            assert_eq!(got, wanted, "{case}");
        } else {
            assert_eq!(got, "Bearer t", "{case}");
            count += 1;
            let wanted = match wanted {
                "login" => format!("{through} Basic {}", STANDARD.encode("us@er:pw")),
                wanted => wanted.to_owned(),
            };
            assert_eq!(proxy.asked().last(), Some(&wanted), "{case}");
        }
        assert_eq!(proxy.asked().len(), count, "{case}");
    }
    // A server on this machine is behind no proxy.
    create(&config(&double, &json!({"token": "t"}), &json!({})))
        .env("HTTPS_PROXY", &http)
        .run()
        .succeeds("secret/s created\n", "");
    assert_eq!(proxy.asked().len(), count);
}

#[test]
fn tokens_of_an_identity_provider() {
    let double = double();
    let token = |expires: i64| {
        let claims = URL_SAFE_NO_PAD.encode(json!({"exp": expires}).to_string());
        format!("e30.{claims}.x")
    };
    let user = |name: &str, token: &str| {
        let config = json!({
            "id-token": token, "idp-issuer-url": "https://issuer.invalid", "client-id": "c",
        });
        json!({"auth-provider": {"name": name, "config": config}})
    };
    let fresh = token(jiff::Timestamp::now().as_second() + 3600);
    let rows = [
        ("oidc", fresh.clone(), format!("Bearer {fresh}")),
        (
            "oidc",
            token(5),
            "error: secret/s was not created in namespace default: the user's credentials could \
             not be renewed"
                .to_owned(),
        ),
        (
            "gcp",
            fresh.clone(),
            "error: the user \"a\" uses the auth provider \"gcp\", which kubectl does not \
             support"
                .to_owned(),
        ),
    ];
    for (name, token, wanted) in rows {
        let answer = create(&config(&double, &user(name, &token), &json!({}))).run();
        assert_eq!(asked(&double, &answer), wanted, "{name}");
        assert!(harness::position(&answer.stderr, token.as_bytes()).is_none());
    }
}

#[test]
fn a_request_has_its_time() {
    let double = double();
    double.fault_connection(0, ConnectionFault::Silent);
    let start = Instant::now();
    let run = create(&config(&double, &json!({"token": "t"}), &json!({})));
    let mut child = run
        .arg("--request-timeout=1s")
        .command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.wait().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(double.seen().is_empty());
}

#[test]
fn a_join_line_leads_to_the_kubeconfigs_cluster() {
    let double = double();
    let kc = config(&double, &json!({"token": "t"}), &json!({}));
    let token = ["bootstrap-token", "abcdef.0123456789abcdef", "--ttl=0", "--print-join-command"];
    let run = |kc: &Value| {
        mksecret(token)
            .file("kc", kc.to_string())
            .file("ca.pem", double.ca_pem())
            .env("KUBECONFIG", "kc")
    };
    let endpoint = format!("--api-server-endpoint=127.0.0.1:{}", double.port());
    let warning = "warning: the token never expires\nhint: set a lifetime: --ttl=24h\n";
    let status = format!("{warning}token abcdef never expires\n");
    // With both given no kubeconfig is opened.
    let given = run(&kc)
        .words_added(&["--dry-run=client", &endpoint, "--ca-cert=ca.pem"])
        .env("KUBECONFIG", "ca.pem")
        .run();
    let line = String::from_utf8(given.stdout.clone()).unwrap();
    let start = format!("kubeadm join 127.0.0.1:{} --token abcdef.0123456789abcdef", double.port());
    assert!(line.starts_with(&start), "{line}");
    given.succeeds(&line, &status);
    for words in [vec![], vec![endpoint.as_str()], vec!["--ca-cert=ca.pem"]] {
        run(&kc).arg("--dry-run=client").words_added(&words).run().succeeds(&line, &status);
    }
    // The address may be another one for nodes.
    let other = run(&kc).words_added(&["--dry-run=client", "--api-server-endpoint=h:1"]).run();
    let elsewhere = line.replacen(&format!("127.0.0.1:{}", double.port()), "h:1", 1);
    other.succeeds(&elsewhere, &status);
    assert!(double.seen().is_empty());
    run(&kc).run().succeeds(&line, &status);
    assert_eq!(double.creates_of("kube-system", "bootstrap-token-abcdef"), 1);

    let changed = |cluster: &Value| config(&double, &json!({}), cluster);
    let hint = "hint: for example --api-server-endpoint=10.0.0.1:6443\n";
    run(&changed(&json!({"server": "https://u:hunter2@h:1/p"}))).run().fails(&format!(
        "error: the join command needs HOST:PORT, but the kubeconfig's server is (19 bytes, not \
         shown)\n{hint}"
    ));
    run(&changed(&json!({"certificate-authority-data": null}))).run().fails(
        "error: the join command needs the cluster's CA\n\
         hint: add --ca-cert=/etc/kubernetes/pki/ca.crt\n",
    );
    run(&changed(&json!({"certificate-authority-data": "aGk="}))).run().fails(
        "error: the kubeconfig's CA: no PEM block with a certificate\n\
         hint: add --ca-cert=/etc/kubernetes/pki/ca.crt\n",
    );
    run(&kc)
        .arg("--context=x")
        .run()
        .fails("error: context \"x\" is not in the kubeconfig (it has: a)\n");
    run(&kc).arg("--contexts=a").run().fails(
        "error: the join command is for one cluster, but --contexts names several\n\
         hint: create one token per context: --context instead of --contexts\n",
    );
}
