//! The `sh` and `yaml` blocks of README.md and GUIDE.md are run: each in a folder of its own, with
//! substitutes in PATH for the programs of others, and contexts that lead to a double of a cluster.
//!
//! A substitute accepts only the arguments that are listed for it, and prints a plausible answer.
//! Every program that a block names must have been called. Of a `yaml` block, a pipeline of GitHub or
//! GitLab, the lines of `run` and `script` are run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use crate::cluster::double::{Credential, Double, kubeconfig};
use crate::harness::{self, BINARY, Folder};

/// Programs of others: patterns of a shell's `case` for the arguments, and what to do then.
const SUBSTITUTES: &[(&str, &[(&str, &str)])] = &[
    ("aws", &[("'ecr get-login-password --region eu-central-1'", "echo ZWNyLXRva2Vu")]),
    (
        "cargo",
        &[
            ("'run --release -- '*", r#"shift 3; exec mksecret "$@""#),
            ("test | deb", ""),
            ("'install --path .' | 'install --path . --no-default-features'", ""),
            ("'build --release --target x86_64-unknown-linux-gnu'", r#"[ -n "$RUSTFLAGS" ]"#),
            ("'build --release --target x86_64-unknown-linux-musl'", r#"[ -z "$RUSTFLAGS" ]"#),
        ],
    ),
    (
        "certbot",
        &[(
            "'renew --deploy-hook '*",
            r#"RENEWED_LINEAGE=$PWD/etc/letsencrypt/live/shop.example.com sh -ec "$3""#,
        )],
    ),
    ("docker", &[("'login ghcr.io'", "")]),
    (
        "docker-credential-desktop",
        &[("get", r#"cat >/dev/null; echo '{"Username":"ann","Secret":"s3cret"}'"#)],
    ),
    (
        "gcloud",
        &[
            ("'auth print-access-token'", "echo ya29.token"),
            (
                "'iam service-accounts keys create key.json --iam-account='*@*.iam.gserviceaccount.com",
                r#"echo '{"type":"service_account","project_id":"example"}' >key.json"#,
            ),
        ],
    ),
    ("gh", &[("'auth token'", "echo gho_token"), ("'auth refresh --scopes read:packages'", "")]),
    (
        "kubectl",
        &[
            ("'apply -f -'", "grep -q '^kind: Secret$'"),
            ("'create secret generic '*", r#"shift 2; exec mksecret "$@""#),
            ("'get secrets' | 'rollout restart deployment/'* | 'rollout status deployment/'*", ""),
            (
                r#"'patch serviceaccount default -n shop -p {"imagePullSecrets":[{"name":"pull"}]}'"#,
                "",
            ),
        ],
    ),
    (
        "kustomize",
        &[(
            "'build overlays/prod'",
            r"printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: app}\nstringData: {user: app}\n'",
        )],
    ),
    (
        "make",
        &[
            ("'install PREFIX='*", ""),
            ("'uninstall PREFIX='*", ""),
            ("secrets", "kubectl create secret generic made --from-literal=user=app"),
        ],
    ),
    ("rustup", &[("'target add x86_64-unknown-linux-musl'", "")]),
];

/// What a project and its CI system provide as variables.
const PROVIDED: &[(&str, &str)] = &[
    ("CI_DEPLOY_PASSWORD", "deploy-s3cret"),
    ("CI_DEPLOY_USER", "gitlab+deploy-token-1"),
    ("CI_REGISTRY", "registry.example.com"),
    ("DB_PASSWORD", "s3cret"),
    ("TLS_CERT", "new.crt"),
    ("TLS_KEY", "new.key"),
];

/// Commands of a document that run together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Snippet {
    /// The line in the document, from 1.
    line: usize,
    environment: BTreeMap<String, String>,
    script: String,
}

/// The `sh` blocks and the pipelines of a document.
fn snippets(document: &str) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    let mut lines = document.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if !matches!(line, "```sh" | "```yaml") {
            let is_missed = ["```sh", "```yaml"].iter().any(|fence| line.contains(fence));
            assert!(!is_missed, "line {}: not at the start of the line", at + 1);
            continue;
        }
        let block: Vec<_> =
            lines.by_ref().map(|(_, line)| line).take_while(|l| *l != "```").collect();
        snippets.push(match line {
            "```sh" => Snippet { line: at + 1, script: block.join("\n"), ..Snippet::default() },
            _ => pipeline(at + 1, &block),
        });
    }
    snippets
}

/// How many blanks a line starts with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The commands of a pipeline of GitHub (`run: COMMAND`, `run: |`) or GitLab (`script:` and a list).
fn pipeline(line: usize, block: &[&str]) -> Snippet {
    let mut snippet = Snippet { line, ..Snippet::default() };
    let mut at = 0;
    // The blanks before `env:`, `variables:` or `script:` that the lines belong to.
    let (mut variables, mut script) = (None, None);
    while let Some(line) = block.get(at) {
        at += 1;
        let text = line.trim_start();
        let item = text.strip_prefix("- ");
        for section in [&mut variables, &mut script] {
            if section.is_some_and(|blanks| indent(line) <= blanks) {
                *section = None;
            }
        }
        let command = match text {
            "env:" | "variables:" => {
                variables = Some(indent(line));
                continue;
            }
            "script:" => {
                script = Some(indent(line));
                continue;
            }
            _ if script.is_some() => item,
            _ => item.unwrap_or(text).strip_prefix("run: "),
        };
        match command {
            Some("|") => {
                let inner = block[at..].iter().take_while(|next| indent(next) > indent(line));
                for next in inner {
                    snippet.script.extend([next.trim_start(), "\n"]);
                    at += 1;
                }
            }
            Some(command) => snippet.script.extend([command, "\n"]),
            None => {
                if let (Some(_), Some((name, value))) = (variables, text.split_once(": ")) {
                    snippet.environment.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }
    snippet
}

/// How often a script calls each program: the first word of each command, after assignments.
fn calls(script: &str) -> BTreeMap<&'static str, usize> {
    let known = SUBSTITUTES.iter().map(|(name, _)| *name).chain(["mksecret"]);
    let mut calls: BTreeMap<_, _> = known.map(|name| (name, 0)).collect();
    let mut goes_on = false;
    for line in script.lines() {
        let line = line.trim_end();
        let commands =
            ["$(", "<(", "&&", "'"].iter().fold(line.to_owned(), |l, w| l.replace(w, "|"));
        for (number, command) in commands.split('|').enumerate() {
            let is_start = number > 0 || !goes_on;
            let mut words = command.split_whitespace().skip_while(|word| {
                word.split_once('=').is_some_and(|(name, _)| {
                    name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
                })
            });
            if let (true, Some(count)) =
                (is_start, words.next().and_then(|word| calls.get_mut(word)))
            {
                *count += 1;
            }
        }
        goes_on = line.ends_with('\\');
    }
    calls
}

/// Writes a program.
fn program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The substitutes, and mksecret, each of which notes its call.
fn install(tools: &Path, log: &Path) {
    fs::create_dir(tools).unwrap();
    let note = |name: &str| format!("#!/bin/sh\necho {name} >>{}\n", log.display());
    program(&tools.join("mksecret"), &format!("{}exec {BINARY} \"$@\"\n", note("mksecret")));
    for (name, cases) in SUBSTITUTES {
        let mut text = note(name);
        text.push_str("case \"$*\" in\n");
        for (pattern, action) in *cases {
            writeln!(text, "{pattern}) {action} ;;").unwrap();
        }
        writeln!(text, "*) echo \"{name}: unexpected arguments: $*\" >&2; exit 2 ;;\nesac")
            .unwrap();
        program(&tools.join(name), &text);
    }
}

/// The files that the commands use.
fn prepare(folder: &Folder, log: &Path) {
    let setup = r#"
        mkdir -p config contrib etc/letsencrypt/live/shop.example.com etc/kubernetes/pki "$HOME/.docker"
        echo debug=false >config/app.conf
        printf 'USER=app\nPASSWORD=s3cret\n' >.env
        echo s3cret >password
        echo 'kubectl create secret generic db --from-env-file=.env' >deploy.sh
        printf '{"auths":{"ghcr.io":{}},"credsStore":"desktop"}' >"$HOME/.docker/config.json"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=shop.example.com \
            -addext subjectAltName=DNS:shop.example.com -keyout new.key -out new.crt 2>/dev/null
        cp new.crt etc/letsencrypt/live/shop.example.com/fullchain.pem
        cp new.key etc/letsencrypt/live/shop.example.com/privkey.pem
        cp new.crt etc/kubernetes/pki/ca.crt
    "#;
    let status = folder.command("bash").args(["-ec", setup]).status().unwrap();
    assert!(status.success());
    let key = fs::read_to_string(harness::source("tests/fixtures/ssh/ed25519.pub")).unwrap();
    let work = folder.work();
    fs::write(work.join("hosts"), format!("git.example.com {key}")).unwrap();
    fs::write(work.join("token"), "t0ken").unwrap();
    fs::copy(harness::source("tests/fixtures/ssh/ed25519"), work.join("id_ed25519")).unwrap();
    fs::copy(harness::source("tests/fixtures/web/ca.crt"), work.join("ca.crt")).unwrap();
    fs::copy(harness::source("tests/fixtures/seal/certs/good.crt"), work.join("cert.pem")).unwrap();
    let shim = fs::read_to_string(harness::source("contrib/kubectl")).unwrap();
    let noted = shim.replacen('\n', &format!("\necho kubectl >>{}\n", log.display()), 1);
    fs::write(folder.work().join("contrib/kubectl"), noted).unwrap();
}

/// Runs a snippet; what is wrong with it, if something is.
fn run(snippet: &Snippet) -> Option<String> {
    let folder = Folder::new();
    let work = folder.work();
    let (tools, log) = (work.with_file_name("tools"), work.with_file_name("calls"));
    fs::write(&log, "").unwrap();
    install(&tools, &log);
    prepare(&folder, &log);
    let double = Double::start();
    for name in ["shop", "checkout"] {
        double.add_namespace(name, &[]);
    }
    let contexts = ["blue", "green", "group/infra:production"]
        .map(|name| (name, &double, Credential::Certificate));
    let file = work.with_file_name("kubeconfig");
    let content = kubeconfig(&contexts);
    fs::write(&file, &content).unwrap();
    let mut command = folder.command("bash");
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", tools.display())).env("KUBECONFIG", &file);
    command.envs(PROVIDED.iter().copied());
    for (name, value) in &snippet.environment {
        let value = value
            .replace("${{ runner.temp }}", work.to_str().unwrap())
            .replace("${{ secrets.KUBECONFIG }}", &content);
        let value = match value.strip_prefix("${{ secrets.") {
            Some(name) => format!("value of {}", name.trim_end_matches(" }}")),
            None => value,
        };
        command.env(name, value);
    }
    let script = snippet.script.replace("/etc/", &format!("{}/etc/", work.display()));
    command.args(["-eo", "pipefail", "-c", &script]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let answer = harness::wait(command.spawn().unwrap(), None, snippet.script.clone());
    let said = String::from_utf8_lossy(&[answer.stdout, answer.stderr].concat()).into_owned();
    let log = fs::read_to_string(log).unwrap();
    let missing: Vec<_> = calls(&snippet.script)
        .into_iter()
        .filter(|(name, count)| log.lines().filter(|line| line == name).count() < *count)
        .map(|(name, _)| name)
        .collect();
    let failed = answer.status != Some(0) || !missing.is_empty();
    failed.then(|| {
        let status = answer.status;
        format!("line {}: {status:?}, not called: {missing:?}\n{said}", snippet.line)
    })
}

#[test]
fn commands_of_documents_succeed() {
    let mut complaints = Vec::new();
    for name in ["README.md", "GUIDE.md"] {
        let document = fs::read_to_string(harness::source(name)).unwrap();
        let snippets = snippets(&document);
        assert!(!snippets.is_empty(), "{name} has no command");
        let failed = snippets.iter().filter_map(run);
        complaints.extend(failed.map(|why| format!("{name}, {why}")));
    }
    harness::none(&complaints);
}

#[test]
fn commands_that_fail_are_found() {
    let rows: &[(&str, &str)] = &[
        ("mksecret generic db --from-literal=a=b", ""),
        ("aws ecr get-login-password", "aws: unexpected arguments: ecr get-login-password"),
        ("false | cat", "Some(1)"),
        ("false && kubectl get secrets; true", "not called: [\"kubectl\"]"),
        ("mksecret generic Db --from-literal=a=b", "metadata.name"),
        ("mksecret generic db --from-literal=a=b --contexts=red", "red"),
    ];
    for (script, wanted) in rows {
        let snippet = Snippet { script: (*script).to_owned(), ..Snippet::default() };
        match run(&snippet) {
            None => assert_eq!(*wanted, "", "{script}"),
            Some(why) => assert!(!wanted.is_empty() && why.contains(wanted), "{script}: {why}"),
        }
    }
}

#[test]
fn snippets_are_found() {
    let document = "\
```sh
make secrets
```
```console
$ no
```
```yaml
jobs:
  secrets:
    env:
      TOKEN: ${{ secrets.TOKEN }}
    defaults:
      run:
        shell: bash
    steps:
      - name: One
        run: one
      - run: |
          two \\
            --flag
      - uses: three
```
```yaml
secrets:
  variables:
    KUBE_CONTEXT: green
  script:
    - four
    - |
      five
      six
  stage: deploy
```
";
    let snippets = snippets(document);
    let scripts: Vec<_> = snippets.iter().map(|s| (s.line, s.script.as_str())).collect();
    assert_eq!(
        scripts,
        [(1, "make secrets"), (7, "one\ntwo \\\n--flag\n"), (23, "four\nfive\nsix\n")]
    );
    let variables: Vec<_> = snippets.iter().flat_map(|s| &s.environment).collect();
    let wanted = [("TOKEN", "${{ secrets.TOKEN }}"), ("KUBE_CONTEXT", "green")];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(variables, wanted.iter().map(|(name, value)| (name, value)).collect::<Vec<_>>());
}

#[test]
fn calls_are_counted() {
    let script = "\
# make nothing
aws a | mksecret b \\
  mksecret
A=1 B='x y' cargo c && source <(mksecret d)
kubectl() { case x in *) mksecret ;; esac; }
certbot e 'mksecret f'
";
    let calls: Vec<_> = calls(script).into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(calls, [("aws", 1), ("cargo", 1), ("certbot", 1), ("mksecret", 3)]);
}
