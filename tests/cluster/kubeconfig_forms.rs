//! Forms of kubeconfigs: what kubectl reads is read, and what is wrong in one is told with its
//! place.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::double::{Double, Rights};
use crate::harness::{self, Run, mksecret};

/// A kubeconfig for the double, to be changed by replacing parts of it.
fn plain(double: &Double) -> String {
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    server: {}\n    \
         certificate-authority-data: {}\ncontexts:\n- name: x\n  context:\n    cluster: c\n    \
         user: u\ncurrent-context: x\nusers:\n- name: u\n  user:\n    token: t\n",
        double.url(),
        STANDARD.encode(double.ca_pem()),
    )
}

fn double() -> Double {
    let double = Double::start();
    double.add_user("t", "t", Rights::All);
    double
}

fn create(kubeconfig: impl AsRef<[u8]>) -> Run {
    let words = ["generic", "s", "--from-literal=a=b"];
    mksecret(words).file("kc", kubeconfig).env("KUBECONFIG", "kc")
}

#[test]
fn what_kubectl_reads_is_read() {
    let double = double();
    let kc = plain(&double);
    let ca = STANDARD.encode(double.ca_pem());
    let with = |from: &str, to: &str| {
        assert!(kc.contains(from), "{from}");
        kc.replace(from, to).into_bytes()
    };
    let wrapped = |end: &str| {
        let lines: Vec<_> =
            ca.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        lines.join(end)
    };
    let utf16 = |units: fn(u16) -> [u8; 2]| {
        format!("\u{feff}{kc}").encode_utf16().flat_map(units).collect::<Vec<u8>>()
    };
    let json = serde_json::json!({
        "clusters": [{"name": "c", "cluster": {
            "server": double.url(), "certificate-authority-data": ca,
        }}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
        "users": [{"name": "u", "user": {"token": "t"}}],
    });
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("wrapped", with(&ca, &format!("|\n      {}", wrapped("\n      ")))),
        ("CR and LF", with(&ca, &format!("\"{}\\r\\n\"", wrapped("\\r\\n")))),
        ("folded", with(&ca, &format!(">\n      {}", wrapped("\n      ")))),
        ("!!binary", with(&ca, &format!("!!binary {}", STANDARD.encode(&ca)))),
        ("doubled key", with("    token: t", "    token: other\n    token: t")),
        ("doubled context", with("current-context: x", "current-context: y\ncurrent-context: x")),
        ("byte order mark", format!("\u{feff}{kc}").into_bytes()),
        ("CRLF", with("\n", "\r\n")),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
        ("UTF-16BE", utf16(u16::to_be_bytes)),
        ("leading marker", format!("---\n{kc}").into_bytes()),
        ("end marker", format!("{kc}...\n}} junk").into_bytes()),
        ("second document", format!("{kc}---\nkind: [Other\n").into_bytes()),
        ("merge key", with("    token: t", "    <<: &u {token: t}")),
        ("merge over a field", with("    token: t", "    token: other\n    <<: {token: t}")),
        ("list of merges", with("    token: t", "    <<: [{token: t}, {token: other}]")),
        ("alias", with("    cluster: c\n    user: u", "    cluster: &c c\n    user: u\nx: *c")),
        ("JSON", json.to_string().into_bytes()),
        (
            "JSON with tabs",
            json.to_string()
                .replace(':', ":\t")
                .replace(":\t//", "://")
                .replace("1:\t", "1:")
                .into_bytes(),
        ),
        ("tag", with("token: t", "token: !!str t")),
        ("local tag", with("token: t", "token: !mine t")),
        (
            "empty names",
            kc.replace("name: x", "name: ''").replace("-context: x", "-context: ''").into_bytes(),
        ),
        (
            "numbers as names",
            kc.replace("- name: c", "- name: 5").replace("cluster: c", "cluster: 5").into_bytes(),
        ),
        ("no version", with("apiVersion: v1\nkind: Config\n", "apiVersion:\nkind: ''\n")),
        ("null lists", with("users:", "extensions: null\npreferences: null\nusers:")),
        ("unknown fields", with("    token: t", "    token: t\n    shoe-size: [44]")),
        ("null fields", with("    token: t", "    token: t\n    exec: null\n    as: ~")),
        (
            "extensions",
            with(
                "    server:",
                "    extensions:\n    - name: m\n      extension: {a: [1]}\n    server:",
            ),
        ),
        (
            "unused entry",
            with("clusters:", "clusters:\n- name: d\n  cluster: {certificate-authority-data: '*'}"),
        ),
        ("unused twins", with("clusters:", "clusters:\n- name: d\n- name: d")),
        ("no end of line", kc.trim_end().as_bytes().to_vec()),
        ("name outside ASCII", with("token: t", "token: t\n    as: \"\u{e4}nn\"")),
        ("upper case", with("https:", "HTTPS:")),
        (
            "YAML 1.1 boolean",
            with(&format!("certificate-authority-data: {ca}"), "insecure-skip-tls-verify: yes"),
        ),
    ];
    for (form, kubeconfig) in rows {
        let answer = create(&kubeconfig).run();
        let shown = String::from_utf8_lossy(&answer.stderr);
        assert_eq!(answer.status, Some(0), "{form}: {shown}");
        let seen = double.seen();
        let authorization = seen[0].headers.iter().find(|(name, _)| name == "authorization");
        assert_eq!(authorization.map(|(_, value)| value.as_str()), Some("Bearer t"), "{form}");
        double.clear_log();
        double.remove_secret("default", "s");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let double = double();
    let kc = plain(&double);
    let ca = STANDARD.encode(double.ca_pem());
    let url = double.url();
    let ca_line = format!("certificate-authority-data: {ca}");
    let rows: Vec<(&str, String, String)> = vec![
        ("token: t", "token: |\n      hunter2\n      t".into(), "the token contains a newline (user u)\nhint: see line 17 of kc".into()),
        ("token: t", "token: \"hunter2\\r\"".into(), "the token contains a carriage return (user u)\nhint: see line 17 of kc".into()),
        ("token: t", "tokenFile: token".into(), "the token contains a newline (user u)\nhint: it is from the file token".into()),
        ("token: t", "token: t\n    as: \"hunter2\\n\"".into(), "the user to impersonate contains a newline (user u)\nhint: see line 18 of kc".into()),
        ("token: t", "token: t\n    as: a\n    as-groups: [\"hunter2\\u0001\"]".into(), "a group to impersonate contains a control character (user u)\nhint: see line 19 of kc".into()),
        (&ca_line, "insecure-skip-tls-verify: 'yes'".into(), "insecure-skip-tls-verify must be true or false (cluster c)\nhint: see line 7 of kc".into()),
        ("token: t", "token: [hunter2]".into(), "token must be a string, not a list or a mapping (user u)\nhint: see line 17 of kc".into()),
        ("token: t", "token: REDACTED".into(), "token was redacted (user u)\nhint: export it with its credentials: kubectl config view --raw > kubeconfig\nhint: see line 17 of kc".into()),
        ("token: t", "client-certificate-data: DATA+OMITTED\n    client-key-data: DATA+OMITTED".into(), "client-certificate-data was redacted (user u)\nhint: export it with its credentials: kubectl config view --raw > kubeconfig\nhint: see line 17 of kc".into()),
        (&ca, "DATA+OMITTED".into(), "certificate-authority-data was redacted (cluster c)\nhint: export it with its credentials: kubectl config view --raw > kubeconfig\nhint: see line 7 of kc".into()),
        (&ca, "hunter2*".into(), "certificate-authority-data is not base64 (cluster c)\nhint: see line 7 of kc".into()),
        (&url, format!("\" {url}\""), format!("the server's address \" {url}\" begins with a space (cluster c)\nhint: see line 6 of kc")),
        (&url, url.replace("https://", ""), format!("the server's address \"{}\" needs https:// before it (cluster c)\nhint: see line 6 of kc", url.replace("https://", ""))),
        ("    server", "\tserver".into(), "kc: not a valid kubeconfig: a tab is used for indentation (line 6, column 2)\nhint: use spaces instead: sed -n 6l kc shows it".into()),
        ("current-context: x", "- name: x\ncurrent-context: x".into(), "context x is in kc twice: lines 9 and 13\nhint: see both: sed -n '9p;13p' kc".into()),
        ("kind: Config", "kind: Secret".into(), "kc: not a kubeconfig: kind is not Config (line 2)\nhint: see line 2 of kc".into()),
        ("user: u", "user: v".into(), "user \"v\" is not in the kubeconfig (it has: u)".into()),
        ("cluster: c\n", "cluster: cc\n".into(), "cluster \"cc\" is not in the kubeconfig (it has: c)".into()),
        ("    user: u", "    user: u\n    namespace: a/b".into(), "the namespace is not valid: ".into()),
        ("users:", "users: {a: b}\nx:".into(), "kc: users must be a list (line 14)\nhint: see line 14 of kc".into()),
    ];
    for (from, to, wanted) in rows {
        assert!(kc.contains(from), "{from}");
        let answer = create(kc.replace(from, &to)).file("token", "a\nhunter2\n").run();
        let shown = String::from_utf8_lossy(&answer.stderr);
        assert_eq!(answer.status, Some(1), "{to}: {shown}");
        assert!(shown.starts_with(&format!("error: {wanted}")), "{to}:\n{shown}\n{wanted}");
        assert!(harness::position(&answer.stderr, b"hunter2").is_none(), "{shown}");
    }
    create(STANDARD.encode(&kc)).run().fails(
        "error: kc: this is a kubeconfig in base64\nhint: decode it: base64 -d kc > kubeconfig\n",
    );
    create(&kc).arg("--token=hunter2\r").run().fails(
        "error: the token contains a carriage return (user u)\nhint: it is from the flag --token\n",
    );
    assert!(double.seen().is_empty());
}

#[test]
fn a_missing_file_of_kubeconfig_is_named() {
    let double = double();
    let hints = "hint: unset KUBECONFIG to use ~/.kube/config, or pass another file: \
                 --kubeconfig=FILE\nhint: or print the Secret: --dry-run=client -o yaml\n";
    let none = "error: no cluster is configured: the file";
    create("")
        .env("KUBECONFIG", "./gone")
        .run()
        .fails(&format!("{none} that KUBECONFIG names is missing (./gone)\n{hints}"));
    create("")
        .env("KUBECONFIG", "./gone:./lost")
        .run()
        .fails(&format!("{none}s that KUBECONFIG names are missing (./gone, ./lost)\n{hints}"));
    create(plain(&double)).env("KUBECONFIG", "kc:./gone").arg("--context=xx").run().fails(
        "error: context \"xx\" is not in the kubeconfig (it has: x)\n\
         hint: did you mean --context=x?\nhint: KUBECONFIG also names ./gone, which is missing\n",
    );
}

#[test]
fn unknown_contexts_are_an_error_before_the_first_request() {
    let double = double();
    create(plain(&double))
        .arg("--contexts=x,prod-1,y")
        .run()
        .fails("error: contexts \"prod-1\", \"y\" are not in the kubeconfig (it has: x)\n");
    assert!(double.seen().is_empty());
    let long = plain(&double)
        .replace("name: x", "name: production")
        .replace("-context: x", "-context: production");
    create(long).arg("--context=prodction").run().fails(
        "error: context \"prodction\" is not in the kubeconfig (it has: production)\n\
         hint: did you mean --context=production?\n",
    );
}

#[test]
fn output_around_a_plugins_answer_is_told_by_length_and_place() {
    use std::os::unix::fs::PermissionsExt as _;

    let double = double();
    let exec = "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin}";
    let kc = plain(&double).replace("token: t", exec);
    let answer = "printf '{\"status\":{\"token\":\"t\"}}'";
    let rows = [
        (
            format!("echo hunter2; {answer}"),
            "wrote 8 bytes before its ExecCredential (standard output, line 1, not shown)",
        ),
        (
            format!("{answer}; echo; echo hunter2"),
            "wrote 7 bytes after its ExecCredential (standard output, line 2, not shown)",
        ),
        (
            format!("echo '{{'; {answer}; echo hunter2"),
            "wrote 2 bytes before and 7 after its ExecCredential (standard output, line 1, not \
             shown)",
        ),
        (
            "echo hunter2".to_owned(),
            "returned no credential\nhint: it wrote 8 bytes that are not an ExecCredential (not \
             shown)",
        ),
        ("true".to_owned(), "returned no credential\nhint: it wrote nothing to standard output"),
        ("cat /dev/zero".to_owned(), "wrote more than 1048576 bytes to standard output"),
        (
            "head -c 1048577 /dev/zero".to_owned(),
            "wrote more than 1048576 bytes to standard output",
        ),
        (
            "head -c 1048576 /dev/zero".to_owned(),
            "returned no credential\nhint: it wrote 1048576 bytes that are not an ExecCredential \
             (not shown)",
        ),
    ];
    for (script, wanted) in rows {
        let run = create(&kc).file("plugin", format!("#!/bin/sh\n{script}\n"));
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(run.work().join("plugin"), mode).unwrap();
        let answer = run.run();
        let shown = String::from_utf8_lossy(&answer.stderr);
        let wanted = format!("error: the credential plugin \"./plugin\" {wanted}\n");
        assert!(shown.starts_with(&wanted) && !shown.contains("hunter2"), "{script}: {shown}");
    }
    assert!(double.seen().is_empty());
}
