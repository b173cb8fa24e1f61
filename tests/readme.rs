//! The console blocks of README.md and GUIDE.md are run: what they show is what comes out.
//!
//! In a block that starts with ` ```console `, a line that starts with `$ ` is a command for bash,
//! which a line with `> ` goes on; what stands below it is all of its stdout and stderr, in the
//! order they came. A line `...` stands for any lines. The blocks of a file run in one folder, in
//! their order, next to `cert.pem`, a certificate of Sealed Secrets. KUBECONFIG leads to a double of a
//! cluster, with the namespaces `default`, `kube-system`, and `shop` and `shop-staging`, which have the
//! label `team=shop`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::harness::{self, BINARY, Folder};

/// A command and what it should say.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// The line in the document, from 1.
    line: usize,
    command: String,
    output: String,
}

/// All steps of a document.
fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    let mut in_command = false;
    for (at, line) in document.lines().enumerate() {
        match (inside, line) {
            (false, _) => {
                inside = line == "```console";
                in_command = false;
            }
            (true, "```") => inside = false,
            (true, _) => {
                if let Some(command) = line.strip_prefix("$ ") {
                    let command = command.to_owned();
                    steps.push(Step { line: at + 1, command, output: String::new() });
                    in_command = true;
                    continue;
                }
                let step = steps.last_mut().unwrap_or_else(|| panic!("line {}: no $", at + 1));
                match line.strip_prefix("> ") {
                    Some(more) if in_command => step.command.extend(["\n", more]),
                    _ => {
                        step.output.extend([line, "\n"]);
                        in_command = false;
                    }
                }
            }
        }
    }
    assert!(!inside, "a block is not closed");
    steps
}

/// Whether the output is the wanted one, in which `...` stands for any lines.
fn fits(want: &[&str], got: &[&str]) -> bool {
    match want {
        [] => got.is_empty(),
        ["...", rest @ ..] => (0..=got.len()).any(|skipped| fits(rest, &got[skipped..])),
        [line, rest @ ..] => {
            got.first().is_some_and(|got| like(line, got)) && fits(rest, &got[1..])
        }
    }
}

/// Whether a line is the written one, in which `...` stands for any text.
fn like(written: &str, got: &str) -> bool {
    match written.split_once("...") {
        None => written == got,
        Some((before, behind)) => got.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| like(behind, &rest[at..]))
        }),
    }
}

/// Runs the steps in one folder, with the tool first in the path under its own name.
fn run(steps: &[Step]) -> Vec<String> {
    let folder = Folder::new();
    let tools = folder.work().with_file_name("tools");
    fs::create_dir(&tools).unwrap();
    std::os::unix::fs::symlink(BINARY, tools.join("mksecret")).unwrap();
    let certificate = harness::source("tests/fixtures/seal/certs/good.crt");
    fs::copy(certificate, folder.work().join("cert.pem")).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let kubeconfig = folder.work().with_file_name("kubeconfig");
    #[cfg(feature = "cluster")]
    let _cluster = {
        let double = crate::cluster::double::Double::start();
        for name in ["shop", "shop-staging"] {
            double.add_namespace(name, &[("team", "shop")]);
        }
        fs::write(&kubeconfig, double.kubeconfig()).unwrap();
        double
    };
    let mut complaints = Vec::new();
    for step in steps {
        let mut command = folder.command("bash");
        command.env("KUBECONFIG", &kubeconfig);
        command.env("PATH", format!("{}:{path}", tools.display()));
        command.args(["-c", &format!("exec 2>&1\n{}", step.command)]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let answer = harness::wait(command.spawn().unwrap(), None, step.command.clone());
        let got = String::from_utf8_lossy(&[answer.stdout, answer.stderr].concat()).into_owned();
        let want: Vec<_> = step.output.lines().collect();
        if !fits(&want, &got.lines().collect::<Vec<_>>()) {
            complaints.push(format!(
                "line {}: $ {}\nwritten:\n{}\nsaid:\n{got}",
                step.line, step.command, step.output
            ));
        }
    }
    complaints
}

#[test]
fn documents_show_what_comes_out() {
    let mut complaints = Vec::new();
    for (name, must_be) in [("README.md", true), ("GUIDE.md", false)] {
        let document = match fs::read_to_string(harness::source(name)) {
            Ok(document) => document,
            Err(_) if !must_be => continue,
            Err(error) => panic!("{name}: {error}"),
        };
        let steps = steps(&document);
        assert!(!steps.is_empty(), "{name} has no ```console block");
        complaints.extend(run(&steps).into_iter().map(|why| format!("{name}, {why}")));
    }
    harness::none(&complaints);
}

/// The anchors that GitHub gives to the headings of a document.
fn anchors(document: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut is_code = false;
    for line in document.lines() {
        is_code ^= line.starts_with("```");
        let heading = line.trim_start_matches('#');
        if !is_code && heading.len() < line.len() {
            let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            anchors.insert(kept.collect::<String>().to_lowercase().replace(' ', "-"));
        }
    }
    anchors
}

#[test]
fn readme_is_short() {
    let readme = fs::read_to_string(harness::source("README.md")).unwrap();
    assert!(readme.lines().count() < 350, "move details to GUIDE.md");
}

#[test]
fn links_lead_somewhere() {
    let read = |name: &str| fs::read_to_string(harness::source(name)).unwrap();
    let mut complaints = Vec::new();
    let mut found = 0;
    for name in ["README.md", "GUIDE.md", "CONTRIBUTING.md", "benches/README.md"] {
        let document = read(name);
        for part in document.split("](").skip(1) {
            let link = part.split(')').next().unwrap_or_default();
            if link.starts_with("https://") {
                continue;
            }
            found += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(name).parent().unwrap();
            let target = if file.is_empty() { name.into() } else { folder.join(file) };
            let is_there = harness::source("").join(&target).exists()
                && (anchor.is_empty() || anchors(&read(target.to_str().unwrap())).contains(anchor));
            if !is_there {
                complaints.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(found > 0);
    harness::none(&complaints);
}

#[test]
fn steps_are_found_and_compared() {
    let document = "\
# Title
```console
$ mksecret generic db --from-literal=user=app --dry-run=client
secret/db created (dry run)
$ echo one; echo two >&2; echo three \\
>   four
one
...
three four
```
```rust
$ no
```
```console
$ touch made; ls made
made
$ echo right
wrong
```
";
    let steps = steps(document);
    let lines: Vec<_> = steps.iter().map(|step| step.line).collect();
    assert_eq!(lines, [3, 5, 15, 17]);
    assert_eq!(steps[1].command, "echo one; echo two >&2; echo three \\\n  four");
    assert_eq!(run(&steps), ["line 17: $ echo right\nwritten:\nwrong\n\nsaid:\nright\n"]);
    let rows: &[(&[&str], &[&str], bool)] = &[
        (&["..."], &[], true),
        (&["a", "..."], &["a", "b", "c"], true),
        (&["...", "c"], &["a", "b", "c"], true),
        (&["...", "b"], &["a", "b", "c"], false),
        (&["a ... c"], &["a b c"], true),
        (&["a ...c"], &["a b d"], false),
        (&["a"], &["a", "b"], false),
        (&["a", "b"], &["a"], false),
    ];
    for (want, got, wanted) in rows {
        assert_eq!(fits(want, got), *wanted, "{want:?} {got:?}");
    }
}
