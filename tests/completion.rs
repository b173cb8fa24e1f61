//! TAB in real shells: each runs on a pseudo terminal, gets keys, and says what its line has
//! become. All shells must come to the same words, in their own quotes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use mksecret::testing;

use crate::docs::missing;
use crate::harness::clock;

const TOOL: &str = env!("CARGO_BIN_EXE_mksecret");
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/completions");
/// What must never be offered or shown.
const CANARY: &str = "canary-5b1f";

/// A user's home and a folder to work in.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("completion").join(name));
        let _ = fs::remove_dir_all(&place.0);
        for folder in ["bin", "home/.kube", "home/.docker", "home/docs", "work/dir"] {
            fs::create_dir_all(place.0.join(folder)).unwrap();
        }
        for name in ["mksecret", "kubectl-mksecret"] {
            symlink(TOOL, place.0.join("bin").join(name)).unwrap();
        }
        let files = [
            (
                "home/.kube/config",
                "clusters:\n- {name: c, cluster: {server: 'https://10.0.0.1:6443'}}\n\
                 contexts:\n- {name: dev, context: {cluster: c, user: ann, namespace: shop}}\n\
                 - {name: 'prod@eu:1', context: {cluster: c, user: ann}}\n\
                 users:\n- {name: ann, user: {token: canary-5b1f, password: canary-5b1f}}\n",
            ),
            (
                "home/.docker/config.json",
                r#"{"auths":{"registry.example.com":{"auth":"canary-5b1f"}},"credHelpers":{"ghcr.io":"x"}}"#,
            ),
            ("home/docs/note", CANARY),
            ("work/a b.txt", CANARY),
            ("work/it's", CANARY),
            ("work/web.crt", CANARY),
            ("work/web.key", CANARY),
            ("work/dir/app.env", CANARY),
        ];
        for (name, text) in files {
            fs::write(place.0.join(name), text).unwrap();
        }
        place
    }

    /// A command in this place, with nothing of the outer environment but the programs.
    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let outer = std::env::var_os("PATH").unwrap_or_default();
        let inner = std::iter::once(self.0.join("bin")).chain(std::env::split_paths(&outer));
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(clock())
            .env("PATH", std::env::join_paths(inner).unwrap())
            .env("HOME", self.0.join("home"))
            .env("ZDOTDIR", self.0.join("home"))
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8")
            .env("OUT", self.0.join("out"))
            .env("SCRIPTS", SCRIPTS)
            .current_dir(self.0.join("work"));
        command
    }
}

/// A shell on a pseudo terminal. Its Ctrl-O writes the line to a file.
struct Terminal {
    out: PathBuf,
    keys: ChildStdin,
    script: Child,
}

impl Terminal {
    fn open(place: &Place, shell: &str) -> Self {
        let mut script = place
            .command("script")
            .args(["-q", "-c", shell, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let keys = script.stdin.take().unwrap();
        let mut terminal = Self { out: place.0.join("out"), keys, script };
        // Keys that come before the shell listens may be lost: it is asked until it answers.
        for _ in 0..100 {
            if terminal.after("\u{15}", Duration::from_millis(200)).is_some() {
                return terminal;
            }
        }
        panic!("no answer from {shell}");
    }

    /// What the line is after these keys.
    fn after(&mut self, keys: &str, patience: Duration) -> Option<String> {
        let _ = fs::remove_file(&self.out);
        write!(self.keys, "{keys}\u{f}").unwrap();
        self.keys.flush().unwrap();
        let start = Instant::now();
        while start.elapsed() < patience {
            if let Ok(line) = fs::read_to_string(&self.out) {
                return Some(line);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// What TAB makes of a line.
    fn tab(&mut self, line: &str) -> String {
        let line = self.after(&format!("\u{15}{line}\t"), Duration::from_secs(10));
        line.expect("the shell has not answered")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

/// What is typed, and what TAB makes of it.
const LINES: &[(&str, &str)] = &[
    ("mksecret t", "mksecret tls "),
    ("mksecret comp", "mksecret completion "),
    ("mksecret completion po", "mksecret completion powershell "),
    ("mksecret help boot", "mksecret help bootstrap-token "),
    ("kubectl-mksecret t", "kubectl-mksecret tls "),
    ("mksecret create sec", "mksecret create secret "),
    ("mksecret create secret t", "mksecret create secret tls "),
    ("mksecret generic x --ty", "mksecret generic x --type="),
    ("mksecret generic x --imm", "mksecret generic x --immutable "),
    ("mksecret generic x -o y", "mksecret generic x -o yaml "),
    ("mksecret generic x -oy", "mksecret generic x -oyaml "),
    ("mksecret generic x -o go-template-f", "mksecret generic x -o go-template-file="),
    ("mksecret generic x -o go-template-file=we", "mksecret generic x -o go-template-file=web."),
    ("mksecret generic x --output=ky", "mksecret generic x --output=kyaml "),
    ("mksecret generic x --dry-run=c", "mksecret generic x --dry-run=client "),
    ("mksecret generic x --validate=w", "mksecret generic x --validate=warn "),
    ("mksecret generic x --color=n", "mksecret generic x --color=never "),
    ("mksecret generic x --type=Op", "mksecret generic x --type=Opaque "),
    ("mksecret generic x -n sh", "mksecret generic x -n shop "),
    ("mksecret generic x --context=d", "mksecret generic x --context=dev "),
    ("mksecret generic x --context prod@eu:", "mksecret generic x --context prod@eu:1 "),
    ("mksecret tls x --cert=we", "mksecret tls x --cert=web.crt "),
    ("mksecret tls x --key we", "mksecret tls x --key web.key "),
    ("mksecret generic x --from-file=di", "mksecret generic x --from-file=dir/"),
    ("mksecret generic x --from-file=dir/", "mksecret generic x --from-file=dir/app.env "),
    ("mksecret generic x --from-file=k=web.k", "mksecret generic x --from-file=k=web.key "),
    ("mksecret generic x --from-file=k=a", "mksecret generic x --from-file=k=a\\ b.txt "),
    ("mksecret generic x --from-file a\\ ", "mksecret generic x --from-file a\\ b.txt "),
    ("mksecret generic x --from-file \"a ", "mksecret generic x --from-file \"a b.txt\" "),
    ("mksecret generic x --from-file 'a ", "mksecret generic x --from-file 'a b.txt' "),
    ("mksecret generic x --from-file it", "mksecret generic x --from-file it\\'s "),
    ("mksecret generic x --from-file ~/doc", "mksecret generic x --from-file ~/docs/"),
    (
        "mksecret generic x --from-file $HOME/docs/n",
        "mksecret generic x --from-file $HOME/docs/note ",
    ),
    ("mksecret generic x --from-env-file=dir/", "mksecret generic x --from-env-file=dir/app.env "),
    (
        "mksecret docker-registry x --docker-server=reg",
        "mksecret docker-registry x --docker-server=registry.example.com ",
    ),
    (
        "mksecret bootstrap-token --usages=signing,au",
        "mksecret bootstrap-token --usages=signing,authentication ",
    ),
    ("mksecret generic x --token=can", "mksecret generic x --token=can"),
    ("mksecret bogus t", "mksecret bogus t"),
];

fn lines_in(shell: &str, place: &Place, start: &str) {
    let mut terminal = Terminal::open(place, start);
    let mut wrong = Vec::new();
    for (typed, want) in LINES {
        let got = terminal.tab(typed);
        if got != *want {
            wrong.push(format!("{typed:?} became {got:?}, not {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "in {shell}:\n{}", wrong.join("\n"));
}

#[test]
fn bash_completes_lines() {
    if missing("script") || missing("bash") {
        return;
    }
    let place = Place::new("bash");
    let rc = "source \"$SCRIPTS/mksecret.bash\"\nbind 'set bell-style none'\n\
              dump() { printf %s \"$READLINE_LINE\" > \"$OUT.new\"; mv \"$OUT.new\" \"$OUT\"; }\n\
              bind -x '\"\\C-o\": dump'\n";
    fs::write(place.0.join("home/rc"), rc).unwrap();
    lines_in("bash", &place, "bash --noprofile --rcfile ~/rc -i");
}

#[test]
fn zsh_completes_lines() {
    if missing("script") || missing("zsh") {
        return;
    }
    let place = Place::new("zsh");
    let rc = "fpath=($SCRIPTS $fpath)\nautoload -U compinit\ncompinit -u -d $HOME/dump\n\
              unsetopt beep\n\
              dump() { print -rn -- \"$BUFFER\" > $OUT.new; mv $OUT.new $OUT }\n\
              zle -N dump\nbindkey -e\nbindkey '^O' dump\nbindkey '^U' kill-whole-line\n";
    fs::write(place.0.join("home/.zshrc"), rc).unwrap();
    lines_in("zsh", &place, "zsh -d -i");
}

#[test]
fn fish_completes_lines() {
    if missing("script") || missing("fish") {
        return;
    }
    let place = Place::new("fish");
    let rc = "source $SCRIPTS/mksecret.fish\n\
              function dump; printf %s (commandline | string collect) > $OUT.new; mv $OUT.new $OUT; end\n\
              bind \\co dump\nbind \\cu 'commandline \"\"'\n";
    fs::write(place.0.join("home/rc.fish"), rc).unwrap();
    lines_in("fish", &place, "fish --no-config -C 'source ~/rc.fish'");
}

/// The flags in the tables of a long help.
fn flags_of_help(place: &Place, words: &[&str]) -> BTreeSet<String> {
    let out = place.command(TOOL).args(words).arg("--help").output().unwrap();
    let help = String::from_utf8(out.stdout).unwrap();
    let is_table = |part: &&str| part.contains(":\n ") && !part.starts_with("Examples:");
    let tables = help.split("\n\n").filter(is_table);
    let rows =
        tables.flat_map(str::lines).map(str::trim_start).filter(|line| line.starts_with('-'));
    let words =
        rows.flat_map(|row| row.split("  ").next().unwrap_or_default().split([' ', '=', '[']));
    words.filter(|word| word.starts_with("--")).map(str::to_owned).collect()
}

/// What a shell offers for a line, by its own means, without what it means.
fn offered_by(shell: &str, place: &Place, line: &str) -> BTreeSet<String> {
    let bash = "source $SCRIPTS/mksecret.bash; COMP_LINE=\"$LINE\"; COMP_POINT=${#LINE}; \
                _mksecret mksecret; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let fish = "source $SCRIPTS/mksecret.fish; complete -C \"$LINE\"";
    // Functions that stand in for zle's builtins, which work under a widget alone.
    let zsh = "compadd() { for a in \"$@\"; do [[ $a == ends || $a == goes_on ]] && print -rl -- ${(P)a}; done }\n\
               compdef() { }\nsource $SCRIPTS/_mksecret\n\
               typeset -A compstate; words=(\"${(@s: :)LINE}\"); CURRENT=$#words; PREFIX=$words[-1]; _mksecret";
    let args = match shell {
        "bash" => ["-c", bash],
        "fish" => ["-c", fish],
        _ => ["-fc", zsh],
    };
    let out = place.command(shell).args(args).env("LINE", line).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let words = text.lines().filter_map(|line| line.split('\t').next());
    words
        .map(|word| word.trim_end_matches('=').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

const SHELLS: [&str; 3] = ["bash", "fish", "zsh"];

/// All subcommands, and the empty word for the tool itself.
fn subcommands() -> Vec<&'static str> {
    testing::types().chain(testing::tools()).collect()
}

#[test]
fn every_flag_of_the_help_is_reached_in_every_shell() {
    let place = Place::new("flags");
    let types = testing::types();
    let global = flags_of_help(&place, &["options"]);
    assert!(global.len() > 20, "{global:?}");
    for shell in SHELLS.into_iter().filter(|shell| !missing(shell)) {
        for subcommand in subcommands() {
            let line = format!("mksecret {subcommand} --");
            let mut want = flags_of_help(&place, &[subcommand]);
            let is_type = types.clone().any(|name| name == subcommand);
            assert!(want.len() > if is_type { 20 } else { 0 }, "{want:?}");
            if is_type {
                want.extend(global.iter().cloned());
            }
            assert_eq!(offered_by(shell, &place, &line), want, "{shell}: {subcommand}");
        }
        let mut want = flags_of_help(&place, &[]);
        want.extend(global.iter().cloned());
        assert_eq!(offered_by(shell, &place, "mksecret --"), want, "{shell}");
    }
}

/// Every subcommand, and every value that the help counts up.
#[test]
fn every_word_of_the_help_is_reached_in_every_shell() {
    let place = Place::new("words");
    let out = place.command(TOOL).arg("--help").output().unwrap();
    let help = String::from_utf8(out.stdout).unwrap();
    let sections = help
        .split("\n\n")
        .filter(|section| section.starts_with("Types:\n") || section.starts_with("Commands:\n"));
    let lines = sections.flat_map(|section| section.lines().skip(1));
    let listed: BTreeSet<_> =
        lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(subcommands().iter().all(|name| listed.contains(*name)), "{listed:?}");
    let types: Vec<_> = testing::types().collect();
    let rows: &[(&str, &[&str])] = &[
        ("mksecret create secret ", &types),
        ("mksecret completion ", &["bash", "elvish", "fish", "powershell", "zsh"]),
        ("mksecret generic x --color ", &["always", "auto", "never"]),
        ("mksecret generic x --dry-run=", &["client", "none", "server"]),
        ("mksecret generic x --validate=", &["ignore", "strict", "warn"]),
        (
            "mksecret generic x -o ",
            &[
                "go-template",
                "go-template-file",
                "json",
                "jsonpath",
                "jsonpath-as-json",
                "jsonpath-file",
                "kyaml",
                "name",
                "template",
                "templatefile",
                "yaml",
            ],
        ),
        ("mksecret bootstrap-token --usages ", &["authentication", "signing"]),
    ];
    for shell in SHELLS.into_iter().filter(|shell| !missing(shell)) {
        let top = offered_by(shell, &place, "mksecret ");
        let both: BTreeSet<_> = top.intersection(&listed).cloned().collect();
        assert_eq!(both, listed, "{shell}");
        for (line, want) in rows {
            let offered = offered_by(shell, &place, line);
            // bash is given what stands behind the last `=`, the others the whole word.
            let values =
                offered.iter().map(|word| word.rsplit_once('=').map_or(&**word, |(_, v)| v));
            let values: BTreeSet<_> = values.collect();
            assert_eq!(values, want.iter().copied().collect(), "{shell}: {line}");
        }
    }
}

/// kubectl's protocol: the executable is given the words, the last line is a directive.
#[test]
fn kubectl_gets_its_answer() {
    let place = Place::new("kubectl");
    let rows: &[(&[&str], &str)] = &[
        (&["create", ""], "secret\tChoose a type\n:4\n"),
        (&["tls", "x", "--cert", "we"], "web.crt\n:4\n"),
        (&["generic", "x", "--from-file=di"], "--from-file=dir/\n:6\n"),
        (&["generic", "x", "--context", ""], "dev\nprod@eu:1\n:4\n"),
        (&["generic", "x", "--password", ""], ":4\n"),
    ];
    for (words, want) in rows {
        let script = Path::new(SCRIPTS).join("kubectl_complete-mksecret");
        let out = place.command(script).args(*words).output().unwrap();
        assert_eq!(String::from_utf8(out.stdout).unwrap(), *want, "{words:?}");
        assert!(out.stderr.is_empty() && out.status.success(), "{words:?}");
    }
}

/// Whatever stands on the line or in the files: no message, no failure, no value.
#[test]
fn nothing_is_said_and_nothing_told() {
    let place = Place::new("quiet");
    let odd = [
        "\u{0}",
        "[",
        "{{{",
        "contexts: 1\n",
        "contexts:\n- name: [canary-5b1f]\n",
        "users:\n- name: ann\n  user: {token: canary-5b1f\n",
        "&a [*a]\n",
    ];
    let lines: &[&[&str]] = &[
        &[],
        &["", ""],
        &["--"],
        &["-", "-"],
        &["---"],
        &["--="],
        &["-Z=", "-Z="],
        &["generic", "--from-file"],
        &["generic", "x", "--from-file=k=v=", "--from-file=a=b=c"],
        &["generic", "x", "--from-file=,,,"],
        &["generic", "x", "--from-file=/nowhere/"],
        &["generic", "x", "--from-file=\""],
        &["generic", "x", "--password=canary", "--token=canary", "--from-literal=a=canary"],
        &["é", "--é=é"],
        &["generic", "x", "--kubeconfig=/dev/stdin", "--context="],
        &["generic", "x", "--kubeconfig=.", "--context="],
    ];
    for config in odd {
        fs::write(place.0.join("home/.kube/config"), config).unwrap();
        fs::write(place.0.join("home/.docker/config.json"), config).unwrap();
        let named: [&[&str]; 2] =
            [&["tls", "--context", ""], &["docker-registry", "--docker-server="]];
        for words in lines.iter().chain(&named) {
            for verb in ["__complete", "__complete_bash"] {
                let mut command = place.command(TOOL);
                command.arg(verb);
                match verb {
                    "__complete" => command.args(*words),
                    _ => command.arg(" =:\"'").arg(format!("mksecret {}", words.join(" "))),
                };
                let out = command.stdin(Stdio::null()).output().unwrap();
                let answer = String::from_utf8_lossy(&out.stdout).into_owned();
                assert!(out.status.success() && out.stderr.is_empty(), "{words:?} {out:?}");
                assert!(!answer.contains("canary-") && answer.contains(':'), "{words:?} {answer}");
            }
        }
    }
}
