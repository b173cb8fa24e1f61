//! What can be asked about a type, from the definition of its flags.

use crate::cli::{self, GUIDED};
use crate::flags::{self, Flag};
use crate::sources::cut;
use crate::types::{Ask, SecretType};

/// The ends of the names of a credential's flags, with what they mean.
const WAYS: &[(&str, &str)] = &[
    ("-prompt", "Type it without echo, at the end"),
    ("-file", "Read it from a file"),
    ("-env", "Read it from an environment variable"),
];

pub(super) struct Question {
    /// The flag that answers it, or the flags of which one does.
    pub(super) ways: Vec<Flag>,
    /// What it is, where there are several ways.
    pub(super) what: String,
    /// Flags that answer it as well.
    unless: &'static [&'static str],
    /// Whether it is asked of itself.
    pub(super) is_asked: bool,
    /// Whether there is no Secret without it.
    pub(super) is_needed: bool,
}

impl Question {
    /// What it is, in words, where there are several ways.
    pub(super) fn credential(&self) -> String {
        self.what.replace('-', " ").replace("docker", "Docker")
    }

    /// Its line in a menu of this width: what it does, with the flag after it.
    pub(super) fn item(&self, room: usize) -> String {
        let (about, flag) = match self.ways.as_slice() {
            [flag] => (short(flag.help).to_owned(), format!("(--{})", flag.name)),
            _ => (format!("Enter the {}", self.credential()), format!("(--{}-…)", self.what)),
        };
        format!("{} {flag}", cut(&about, room.saturating_sub(flag.chars().count() + 1)))
    }

    /// The flags of which only one gives an answer.
    pub(super) fn answers(&self) -> impl Iterator<Item = String> {
        let ends = ["", "-stdin"].map(|end| format!("{}{end}", self.what));
        self.ways.iter().map(|way| way.name.to_owned()).chain(ends)
    }

    /// Whether one of these flags answers it.
    pub(super) fn is_answered(&self, is_given: impl Fn(&str) -> bool) -> bool {
        self.unless.iter().any(|flag| is_given(flag)) || self.answers().any(|flag| is_given(&flag))
    }
}

/// A line of help without what it says of the flag itself: `[repeatable]`, `[default: 24h]`.
fn short(help: &str) -> &str {
    help.split(" [").next().unwrap_or(help)
}

/// The flags of a type that answer a question.
pub(super) fn flags(row: &SecretType) -> Vec<Flag> {
    let mut all = (row.flags)();
    all.extend(cli::flags_of(row).into_iter().filter(|flag| GUIDED.contains(&flag.name)));
    all
}

/// All questions of a type: those it asks of itself first, in its order.
pub(super) fn of(row: &SecretType) -> Vec<Question> {
    let own = (row.flags)();
    let mut all = Vec::new();
    for Ask { flag, needed, unless } in row.asks {
        let (ways, what) = (ways(flag, &own), (*flag).to_owned());
        all.push(Question { ways, what, unless, is_asked: true, is_needed: *needed });
    }
    for flag in &own {
        let name = flag.name;
        let base = base(name, &own);
        let is_known = all
            .iter()
            .any(|each| each.what == base || each.ways.iter().any(|way| way.name == name));
        // What `new` would have to show is typed unseen, by other flags.
        if flag.kind.holds_secret() || name.ends_with("-stdin") || is_known {
            continue;
        }
        let (ways, what) = (ways(base, &own), base.to_owned());
        all.push(Question { ways, what, unless: &[], is_asked: false, is_needed: false });
    }
    let all_flags = cli::flags_of(row);
    for name in GUIDED {
        let flag = all_flags.iter().find(|flag| flag.name == *name).copied();
        all.extend(flag.map(|flag| Question {
            ways: vec![flag],
            what: (*name).to_owned(),
            unless: &[],
            is_asked: false,
            is_needed: false,
        }));
    }
    all
}

/// The credential that a flag gives, or the flag itself.
fn base<'a>(name: &'a str, own: &[Flag]) -> &'a str {
    let stripped = WAYS.iter().filter_map(|(end, _)| name.strip_suffix(end));
    let mut bases = stripped.chain(std::iter::once(name));
    bases.find(|base| flags::is_credential(own, base)).unwrap_or(name)
}

/// The flags that give what a flag, or a credential, stands for; the plain flag of a credential
/// shows it, and is none of them.
fn ways(name: &str, own: &[Flag]) -> Vec<Flag> {
    let find = |name: &str| own.iter().find(|flag| flag.name == name).copied();
    let all: Vec<_> = WAYS.iter().filter_map(|(end, _)| find(&format!("{name}{end}"))).collect();
    if flags::is_credential(own, name) { all } else { find(name).into_iter().collect() }
}

/// A way's line in a menu.
pub(super) fn way(flag: &Flag) -> String {
    let name = flag.name;
    let about = WAYS.iter().find(|(end, _)| name.ends_with(end)).map_or("", |(_, about)| about);
    format!("{about} (--{name})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TYPES;

    #[test]
    fn nothing_that_is_asked_shows_a_secret() {
        for row in TYPES {
            let questions = of(row);
            assert!(questions.iter().filter(|q| q.is_asked).count() == row.asks.len());
            let mut seen = Vec::new();
            for question in &questions {
                assert!(!question.ways.is_empty(), "{} {}", row.name, question.what);
                for way in &question.ways {
                    let name = way.name;
                    assert!(!name.ends_with("-stdin") && !seen.contains(&name), "--{name}");
                    let word = way.value;
                    let shows = ["PASSWORD", "PASSPHRASE", "TOKEN", "KEY=VALUE"];
                    assert!(!shows.contains(&word) || name == "annotations", "--{name}");
                    seen.push(name);
                }
            }
        }
    }
}
