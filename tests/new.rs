//! `mksecret new` on a pseudo terminal: each type's story from the first question to the command
//! that does the same, and what goes wrong on the way.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use mksecret::testing::types;
use rustix::process::{Signal, kill_process};

use crate::harness::{self, BINARY, Folder};
use crate::prompts::{End, Terminal, wait_for};

const DOWN: &str = "\x1b[B";
const ALL: &str = "Done";
const MENU: &str = "Add or change";
const PRINT: (&str, &str) = ("Next step", "Print it");

/// Somebody who answers.
pub(crate) struct Player {
    pub(crate) terminal: Terminal,
    /// How much of what is shown has been looked at.
    seen: usize,
}

impl Player {
    /// Starts it where some files are, with a standard input that nobody is to read.
    pub(crate) fn start(words: &[&str]) -> Self {
        let words: Vec<_> = ["new"].iter().chain(words).copied().collect();
        let folder = Folder::new();
        for file in [
            "tls/p256.crt",
            "tls/p256.key",
            "tls/p256-other.key",
            "ssh/ed25519",
            "web/web.crt",
            "web/web.key",
            "web/locked.key",
            "web/store.p12",
        ] {
            let from = harness::source("tests/fixtures").join(file);
            fs::copy(&from, folder.work().join(from.file_name().unwrap())).unwrap();
        }
        let terminal = Terminal::start_in(folder, &words, Some(b"standard input"));
        Self { terminal, seen: 0 }
    }

    /// What is new on the terminal.
    fn news(&self) -> String {
        String::from_utf8_lossy(&self.terminal.shown()[self.seen..]).into_owned()
    }

    /// Waits for a text.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) {
        wait_for(&format!("{text:?}"), || {
            let shown = self.terminal.shown();
            let at = harness::position(&shown[self.seen..], text.as_bytes())?;
            self.seen += at + text.len();
            Some(())
        });
    }

    /// Answers a question.
    #[track_caller]
    pub(crate) fn answer(&mut self, prompt: &str, answer: &str) {
        self.expect(&format!("{prompt}: "));
        self.terminal.type_in(format!("{answer}\r"));
    }

    /// Goes down a menu to a line and takes it.
    #[track_caller]
    pub(crate) fn pick(&mut self, prompt: &str, item: &str) {
        self.expect(&format!("{prompt}:\r\n"));
        // What is drawn whole ends with a line end.
        let chosen = |player: &Self| {
            let news = player.news();
            let (_, line) = news.rsplit_once("> ")?;
            line.split_once("\r\n").map(|(line, _)| line.to_owned())
        };
        let mut before = String::new();
        for _ in 0..60 {
            let line = wait_for(&format!("a line other than {before:?}"), || {
                chosen(self).filter(|line| *line != before)
            });
            if line.contains(item) {
                self.terminal.type_in("\r");
                return;
            }
            before = line;
            self.terminal.type_in(DOWN);
        }
        panic!("there is no {item:?} in the menu:\n{}", self.news());
    }

    pub(crate) fn end(self) -> End {
        self.terminal.end()
    }
}

/// One step of a story.
enum Step {
    /// A question and what is typed.
    Answer(&'static str, &'static str),
    /// A menu and the line that is taken.
    Pick(&'static str, &'static str),
    /// What must be shown.
    Shown(&'static str),
}

use Step::{Answer, Pick, Shown};

/// What is typed for a type, the command at the end, and whether something is typed unseen.
struct Story {
    name: &'static str,
    steps: &'static [Step],
    command: &'static str,
    unseen: bool,
}

const STORIES: &[Story] = &[
    Story {
        name: "generic",
        steps: &[
            Answer("Name of the Secret", "My_DB"),
            Shown("only lower case letters, digits, '-' and '.'; for example my-db"),
            Answer("Name of the Secret", "my-db"),
            Pick(MENU, "--from-prompt"),
            Answer("--from-prompt KEY", "pass word"),
            Shown("not a valid key"),
            Answer("--from-prompt KEY", "password"),
            Pick(MENU, "--from-file"),
            Answer("--from-file [KEY=]PATH,…", "nowhere"),
            Shown("no such file or directory"),
            Answer("--from-file [KEY=]PATH,…", "crt=p256.crt"),
            Pick(MENU, "--labels"),
            Answer("--labels KEY=VALUE,…", "app"),
            Shown("error: "),
            Answer("--labels KEY=VALUE,…", "app=shop"),
            Pick(MENU, "--immutable"),
            Pick(MENU, "Remove --immutable"),
            Pick(MENU, ALL),
            Answer("Enter the value of password", "hunter2"),
            Answer("Enter the value of password again", "hunter2"),
            Shown("secret/my-db of type Opaque\r\n"),
            Shown("  label app=shop\r\n"),
            Shown("  password  7 bytes\r\n"),
        ],
        command: "mksecret generic my-db \\\n  --from-prompt=password \\\n  \
                  --from-file=crt=p256.crt \\\n  --labels=app=shop \\\n  \
                  --dry-run=client -o yaml",
        unseen: true,
    },
    Story {
        name: "docker-registry",
        steps: &[
            Answer("Name of the Secret", "pull"),
            Answer("--docker-server HOST", "r.example.com"),
            Answer("--docker-username NAME", ""),
            Shown("required"),
            Answer("--docker-username NAME", "robot"),
            Pick("How to enter the Docker password", "Type it without echo"),
            Answer("Enter the password", "hunter2"),
            Answer("Enter the password again", "hunter2"),
            Shown("secret/pull of type kubernetes.io/dockerconfigjson\r\n"),
        ],
        command: "mksecret docker-registry pull \\\n  --docker-server=r.example.com \\\n  \
                  --docker-username=robot \\\n  --docker-password-prompt \\\n  \
                  --dry-run=client -o yaml",
        unseen: true,
    },
    Story {
        name: "tls",
        steps: &[
            Answer("Name of the Secret", "web"),
            Answer("--cert FILE", "web.crt"),
            Answer("--key FILE", "p256-other.key"),
            // The pair does not match: the last answer is the first in the menu.
            Pick(MENU, "Read the private key (--key)"),
            Answer("--key FILE", "web.key"),
            Pick(MENU, "--min-validity"),
            Answer("--min-validity SPAN", "1d"),
            Pick(MENU, ALL),
            Shown("secret/web of type kubernetes.io/tls\r\n"),
            Shown("  tls.crt  "),
        ],
        command: "mksecret tls web \\\n  --cert=web.crt \\\n  --key=web.key \\\n  \
                  --min-validity=1d \\\n  --dry-run=client -o yaml",
        unseen: false,
    },
    Story {
        name: "basic-auth",
        steps: &[
            Answer("Name of the Secret", "login"),
            Answer("--username NAME", "ann"),
            Pick("How to enter the password", "Type it without echo"),
            Answer("Enter the password", "hunter2"),
            Answer("Enter the password again", "hunter2"),
            Shown("secret/login of type kubernetes.io/basic-auth\r\n"),
            Shown("  password  7 bytes\r\n  username  3 bytes\r\n"),
        ],
        command: "mksecret basic-auth login \\\n  --username=ann \\\n  --password-prompt \\\n  \
                  --dry-run=client -o yaml",
        unseen: true,
    },
    Story {
        name: "ssh-auth",
        steps: &[
            Answer("Name of the Secret", "deploy"),
            Answer("--ssh-privatekey FILE", "ed25519"),
            Answer("--known-hosts FILE", ""),
            Shown("secret/deploy of type kubernetes.io/ssh-auth\r\n"),
        ],
        command: "mksecret ssh-auth deploy --ssh-privatekey=ed25519 --dry-run=client -o yaml",
        unseen: false,
    },
    Story {
        name: "service-account-token",
        steps: &[
            Answer("Name of the Secret", "robot"),
            Answer("--service-account NAME", "default"),
            Shown("secret/robot of type kubernetes.io/service-account-token\r\n"),
        ],
        command: "mksecret service-account-token robot \\\n  --service-account=default \\\n  \
                  --dry-run=client -o yaml",
        unseen: false,
    },
    Story {
        name: "bootstrap-token",
        steps: &[
            Answer("--ttl DURATION", "soon"),
            Shown("error: "),
            Answer("--ttl DURATION", "1h"),
            Answer("--description TEXT", "first nodes"),
            Shown("  namespace kube-system\r\n"),
            Shown("  token-secret                    16 bytes\r\n"),
        ],
        command: "mksecret bootstrap-token \\\n  --ttl=1h \\\n  --description='first nodes' \\\n  \
                  --dry-run=client -o yaml",
        unseen: false,
    },
];

impl Player {
    #[track_caller]
    fn play(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Answer(prompt, answer) => self.answer(prompt, answer),
                Pick(prompt, item) => self.pick(prompt, item),
                Shown(text) => self.expect(text),
            }
        }
    }
}

/// Every type, from the menu of types to a Secret on standard output and the command that prints
/// it. Where nothing was typed unseen, that command is run, and must say the same.
#[test]
fn each_type_has_its_story() {
    let told: BTreeSet<_> = STORIES.iter().map(|story| story.name).collect();
    assert_eq!(told, types().collect(), "types and their stories");
    let complaints = harness::in_parallel(STORIES, |story| {
        let Story { name, steps, command, unseen } = story;
        let mut player = Player::start(&[]);
        player.pick("Which type", name);
        player.play(steps);
        player.pick(PRINT.0, PRINT.1);
        let work = player.terminal.folder.work();
        let again = work.with_file_name("again");
        let file = work.clone();
        // The folder goes with the terminal: what is needed of it is kept.
        fs::create_dir_all(&again).unwrap();
        for entry in fs::read_dir(&file).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), again.join(entry.file_name())).unwrap();
        }
        let status = work.join("status");
        wait_for("the end", || fs::read_to_string(&status).ok().filter(|s| s.ends_with('\n')));
        let said = (!unseen && *name != "bootstrap-token").then(|| {
            let tools = std::path::Path::new(BINARY).parent().unwrap().display();
            let path = format!("{tools}:{}", std::env::var("PATH").unwrap_or_default());
            let command = std::process::Command::new("sh")
                .args(["-c", command])
                .current_dir(&again)
                .env("PATH", path)
                .stdin(Stdio::null())
                .output();
            String::from_utf8(command.unwrap().stdout).unwrap()
        });
        let end = player.end();
        let mut wrong = Vec::new();
        if end.status != "0" || !end.stdout.starts_with("apiVersion: v1\n") {
            wrong.push(format!("status {}, stdout {:?}", end.status, end.stdout));
        }
        if !end.stderr.ends_with(&format!("The same as one command:\n{command}\n")) {
            wrong.push(format!("stderr {}", end.stderr));
        }
        if said.is_some_and(|said| said != end.stdout) {
            wrong.push("the command says something else".to_owned());
        }
        let shown = String::from_utf8_lossy(&end.shown).into_owned();
        if shown.contains("hunter2") || end.stderr.contains("hunter2") {
            wrong.push("a value is shown".to_owned());
        }
        if shown.contains("\u{1b}[3") || !shown.is_char_boundary(0) {
            wrong.push("there is colour".to_owned());
        }
        (!wrong.is_empty()).then(|| format!("{name}: {}", wrong.join("\n")))
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// No line that is drawn is wider than the terminal, or the drawing would break.
#[test]
fn menus_fit_eighty_columns() {
    let mut player = Player::start(&[]);
    player.pick("Which type", "generic");
    player.answer("Name of the Secret", "db");
    player.pick(MENU, "--append-hash");
    player.pick(MENU, ALL);
    player.pick("Next step", "Quit");
    let end = player.end();
    assert_eq!((&*end.status, &*end.stdout), ("0", ""));
    assert!(end.stderr.starts_with("warning: no source is given"), "{}", end.stderr);
    let shown = String::from_utf8_lossy(&end.shown).into_owned();
    for line in shown.split("\r\n") {
        // Behind the last of the sequences that clear and go up.
        let line = line.rsplit('\u{1b}').next().unwrap_or_default();
        let line = line.split_once(['A', 'B', 'K', 'h', 'l']).map_or(line, |(_, rest)| rest);
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn it_ends_by_the_signal_with_the_terminal_restored() {
    for (signal, status) in [(Signal::TERM, "143"), (Signal::HUP, "129"), (Signal::INT, "130")] {
        for in_menu in [false, true] {
            let mut player = Player::start(&["generic"]);
            player.expect("Name of the Secret: ");
            if in_menu {
                player.terminal.type_in("db\r");
                player.expect("--append-hash");
            }
            // Not before the terminal is in the state that has to be taken back.
            wait_for("raw keys", || (!player.terminal.echoes()).then_some(()));
            kill_process(player.terminal.tool(), signal).unwrap();
            // The cursor comes back.
            player.expect("\u{1b}[?25h\r\n");
            let end = player.end();
            assert_eq!((&*end.status, &*end.stdout), (status, ""), "{in_menu}");
            assert!(!end.stderr.contains("error"), "{}", end.stderr);
        }
    }
}

#[test]
fn ctrl_c_ends_it_with_the_terminal_restored() {
    for in_menu in [false, true] {
        let mut player = Player::start(&["generic"]);
        player.expect("Name of the Secret: ");
        if in_menu {
            player.terminal.type_in("db\r");
            player.expect("--append-hash");
            // Between two keys as well it is a key, and no signal.
            for _ in 0..20 {
                player.terminal.type_in(DOWN);
                assert!((0..50).all(|_| !player.terminal.signals()));
            }
        }
        player.terminal.type_in("\x03");
        let end = player.end();
        assert_eq!((&*end.status, &*end.stdout, &*end.stderr), ("130", "", ""), "{in_menu}");
    }
}

#[test]
fn what_is_known_is_not_asked() {
    let mut player = Player::start(&["tls", "web", "-n", "shop", "--token=hunter2"]);
    player.answer("--cert FILE", "p256.crt");
    player.answer("--key FILE", "p256.key");
    player.expect("  namespace shop\r\n");
    player.pick(PRINT.0, PRINT.1);
    let end = player.end();
    assert!(end.stdout.contains("  namespace: shop\n"), "{}", end.stdout);
    assert!(end.stderr.contains("--namespace=shop") && end.stderr.contains("--token=TOKEN"));
    assert!(!end.stderr.contains("hunter2"), "{}", end.stderr);
}

/// What a test gives on the command line, the steps that are left, and the command at the end.
type Given<'a> = (&'a [&'a str], &'a [Step], &'a str);

#[test]
fn flags_answer_their_questions() {
    let rows: &[Given<'_>] = &[
        (
            &["tls", "web", "--cert=web.crt"],
            &[Answer("--key FILE", "web.key")],
            "mksecret tls web --cert=web.crt --key=web.key --dry-run=client -o yaml",
        ),
        // The type may come later, and a value may be a word of its own.
        (
            &["-n", "shop", "--key", "web.key", "tls", "web", "--cert", "web.crt"],
            &[],
            "mksecret tls web \\\n  --namespace=shop \\\n  --key=web.key \\\n  --cert=web.crt \\\n  \
             --dry-run=client -o yaml",
        ),
        // What is wrong is asked.
        (
            &["tls", "web", "--cert=web.crt", "--key=nowhere"],
            &[Shown("--key: no such file or directory"), Answer("--key FILE", "web.key")],
            "mksecret tls web --cert=web.crt --key=web.key --dry-run=client -o yaml",
        ),
        // An answer can be replaced.
        (
            &["tls", "web", "--cert=web.crt", "--key=p256-other.key"],
            &[Pick(MENU, "(--key)"), Answer("--key FILE", "web.key"), Pick(MENU, ALL)],
            "mksecret tls web --cert=web.crt --key=web.key --dry-run=client -o yaml",
        ),
        // What is encrypted asks for its passphrase, and so does the command.
        (
            &["tls", "web", "--pkcs12=store.p12"],
            &[Answer("Enter the passphrase", "open-sesame")],
            "mksecret tls web \\\n  --pkcs12=store.p12 \\\n  --passphrase-prompt \\\n  \
             --dry-run=client -o yaml",
        ),
        (
            &["docker-registry", "x", "--docker-username=u", "--docker-password=hunter2"],
            &[Answer("--docker-server HOST", "r.io")],
            "mksecret docker-registry x \\\n  --docker-username=u \\\n  --docker-password=PASSWORD \
             \\\n  --docker-server=r.io \\\n  --dry-run=client -o yaml",
        ),
        (
            &["docker-registry", "x", "--registry=server=r.io,username=u,password-env=HOME"],
            &[],
            "mksecret docker-registry x \\\n  --registry=server=r.io,username=u,password-env=HOME \
             \\\n  --dry-run=client -o yaml",
        ),
        (
            &["basic-auth", "x", "--username=ann", "--password=hunter2"],
            &[],
            "mksecret basic-auth x \\\n  --username=ann \\\n  --password=PASSWORD \\\n  \
             --dry-run=client -o yaml",
        ),
        (
            &["generic", "x", "--from-literal=a=hunter2", "--immutable"],
            &[],
            "mksecret generic x \\\n  --from-literal=KEY=VALUE \\\n  --immutable \\\n  \
             --dry-run=client -o yaml",
        ),
        // What every Secret may have is no content.
        (
            &["generic", "x", "-n", "shop"],
            &[
                Pick(MENU, "(--from-file)"),
                Answer("--from-file [KEY=]PATH,…", "web.crt"),
                Pick(MENU, ALL),
            ],
            "mksecret generic x \\\n  --namespace=shop \\\n  --from-file=web.crt \\\n  \
             --dry-run=client -o yaml",
        ),
        // TAB completes, and the home directory is a tilde: here it is where the files are.
        (
            &["tls", "web"],
            &[
                Answer("--cert FILE", "web.c\t"),
                Answer("--key FILE", "~/locked\t"),
                Answer("Enter the passphrase", "open-sesame"),
            ],
            "",
        ),
    ];
    let complaints = harness::in_parallel(rows, |(given, steps, command)| {
        let mut player = Player::start(given);
        player.play(steps);
        player.pick(PRINT.0, PRINT.1);
        let home = player.terminal.folder.work();
        let end = player.end();
        let tilde = format!(
            "mksecret tls web \\\n  --cert=web.crt \\\n  --key={}/locked.key \\\n  \
             --passphrase-prompt \\\n  --dry-run=client -o yaml",
            home.display()
        );
        let command = if command.is_empty() { &tilde } else { *command };
        let is_right = end.status == "0"
            && end.stdout.starts_with("apiVersion: v1\n")
            && end.stderr.ends_with(&format!("The same as one command:\n{command}\n"))
            && !end.stderr.contains("hunter2")
            && !String::from_utf8_lossy(&end.shown).contains("hunter2");
        (!is_right).then(|| format!("{given:?}: {}\n{}", end.status, end.stderr))
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn the_cluster_is_offered_only_if_there_is_one() {
    let mut player = Player::start(&["basic-auth", "x", "--username=ann", "--password=p"]);
    player.expect("No cluster is configured, so the Secret can only be printed\r\n");
    player.expect("Print it");
    player.expect("Quit");
    let shown = String::from_utf8_lossy(&player.terminal.shown()).into_owned();
    assert!(!shown.contains("Create it") && !shown.contains("Apply it"), "{shown}");
    player.terminal.type_in("\r");
    assert_eq!(player.end().status, "0");
}

#[test]
fn what_is_done_may_exclude_an_answer() {
    let mut player = Player::start(&["service-account-token", "robot"]);
    player.answer("--service-account NAME", "default");
    // Warnings are seen before it is chosen what is done.
    let warned = |player: &Player| player.terminal.folder.work().join("stderr");
    let warned = warned(&player);
    player.pick("Next step", "Change something");
    assert!(fs::read_to_string(warned).unwrap().starts_with("warning: "));
    player.pick(MENU, "--wait");
    player.answer("--wait DURATION", "30s");
    player.pick(MENU, ALL);
    player.pick(PRINT.0, PRINT.1);
    player.pick("Next step", "Change something");
    player.pick(MENU, "Remove --wait=30s");
    player.pick(MENU, ALL);
    player.pick(PRINT.0, PRINT.1);
    let end = player.end();
    assert_eq!(end.status, "0", "{}", end.stderr);
    assert!(end.stdout.starts_with("apiVersion: v1\n"), "{}", end.stdout);
    assert!(end.stderr.contains("error: --wait and --dry-run=client cannot be used together\n"));
}

#[test]
fn without_a_terminal_the_subcommands_are_named() {
    let folder = Folder::new();
    // In a session of its own, whatever terminal the tests are run from.
    let mut command = folder.command("setsid");
    let output = command.arg("--wait").args([BINARY, "new"]).stdin(Stdio::null()).output().unwrap();
    let names: Vec<_> = types().collect();
    let want = format!(
        "error: no terminal is available for a prompt\n\
         hint: pass a type and its flags, see mksecret TYPE --help: {}\n",
        names.join(", ")
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), want);
    assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()));
}
