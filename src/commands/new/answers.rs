//! The answers, kept as the words of a command line.

use std::ffi::OsString;

use crate::error::shell_text;
use crate::flags::Flag;
use crate::golang;
use crate::types::SecretType;

/// The longest command that stands in one line.
const LINE: usize = 78;
/// Flags of kubectl's that hold a secret: the command that is shown has their word alone.
const SECRET: &[(&str, &str)] = &[("--password=", "PASSWORD"), ("--token=", "TOKEN")];

/// What is known so far.
#[derive(Clone)]
pub(super) struct Answers {
    row: &'static SecretType,
    /// NAME, where the type takes one.
    pub(super) name: Option<String>,
    /// Flags that stood on the command line.
    given: Vec<OsString>,
    /// Flags with their values, where they take one.
    flags: Vec<(String, Option<String>)>,
}

impl Answers {
    pub(super) fn new(row: &'static SecretType, given: Vec<OsString>) -> Self {
        Self { row, name: None, given, flags: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Keeps an answer, in the place of an earlier one unless the flag may be repeated.
    pub(super) fn set(&mut self, flag: &Flag, value: Option<String>) {
        if !flag.is_list {
            self.forget([flag.name].into_iter());
        }
        self.flags.push((flag.name.to_owned(), value));
    }

    /// Takes back all answers on these flags.
    pub(super) fn forget<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let names: Vec<_> = names.collect();
        self.flags.retain(|(flag, _)| !names.contains(&flag.as_str()));
    }

    /// The last answer, as it stands in the command.
    pub(super) fn last(&self) -> Option<String> {
        self.flags.last().map(|(flag, value)| shown(flag, value.as_deref()))
    }

    pub(super) fn take_back(&mut self) {
        self.flags.pop();
    }

    /// The words of the command line, with these at its end.
    pub(super) fn words(&self, deed: &[&str]) -> Vec<OsString> {
        let flags = self.flags.iter().map(|(flag, value)| match value {
            Some(value) => format!("--{flag}={value}").into(),
            None => format!("--{flag}").into(),
        });
        let mut words = vec![OsString::from(self.row.name)];
        words.extend(self.name.iter().map(OsString::from));
        words.extend(flags);
        words.extend(self.given.iter().cloned());
        words.extend(deed.iter().map(OsString::from));
        words
    }

    /// The command line as one pastes it into a shell; no secret is in it.
    pub(super) fn command(&self, deed: &[&str]) -> String {
        let name = self.name.as_ref().map_or_else(String::new, |name| format!(" {}", quoted(name)));
        let mut words = vec![format!("mksecret {}{name}", self.row.name)];
        words.extend(self.flags.iter().map(|(flag, value)| shown(flag, value.as_deref())));
        words.extend(self.given.iter().map(|word| {
            let word = word.to_string_lossy();
            let secret = SECRET.iter().find(|(flag, _)| word.starts_with(flag));
            match (secret, word.split_once('=')) {
                (Some((flag, value)), _) => format!("{flag}{value}"),
                (None, Some((flag @ ("--proxy-url" | "--server"), url))) => {
                    format!("{flag}={}", quoted(&golang::urls::without_userinfo(url)))
                }
                (None, Some((flag, value))) => format!("{flag}={}", quoted(value)),
                (None, None) => word.into_owned(),
            }
        }));
        words.extend((!deed.is_empty()).then(|| deed.join(" ")));
        let line = words.join(" ");
        if line.len() <= LINE { line } else { words.join(" \\\n  ") }
    }
}

fn shown(flag: &str, value: Option<&str>) -> String {
    value.map_or_else(|| format!("--{flag}"), |value| format!("--{flag}={}", quoted(value)))
}

fn quoted(text: &str) -> String {
    // A `=` means nothing to a shell inside a word.
    let plain: String = text.split('=').map(shell_text).collect();
    if plain == text.replace('=', "") { text.to_owned() } else { shell_text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TYPES;

    fn flag(row: &SecretType, name: &str) -> Flag {
        (row.flags)().into_iter().find(|flag| flag.name == name).unwrap()
    }

    #[test]
    fn answers_are_a_command() {
        let row = &TYPES[0];
        let (file, secret_type) = (flag(row, "from-file"), flag(row, "type"));
        let given =
            ["--namespace=shop", "--token=hunter2", "--password=hunter2", "--server=http://u:p@h"];
        let mut answers = Answers::new(row, given.map(OsString::from).to_vec());
        answers.name = Some("db".to_owned());
        answers.set(&secret_type, Some("a/b".to_owned()));
        answers.set(&file, Some("k=my file".to_owned()));
        answers.set(&secret_type, Some("c/d".to_owned()));
        answers.set(&file, Some("a=b.txt".to_owned()));
        assert_eq!(
            answers.command(&["--apply"]),
            "mksecret generic db \\\n  --from-file='k=my file' \\\n  --type=c/d \\\n  \
             --from-file=a=b.txt \\\n  --namespace=shop \\\n  --token=TOKEN \\\n  \
             --password=PASSWORD \\\n  --server=http://xxxxx@h \\\n  --apply"
        );
        assert_eq!(answers.words(&[])[2], "--from-file=k=my file");
        answers.take_back();
        answers.forget(["from-file"].into_iter());
        assert_eq!(answers.last().as_deref(), Some("--type=c/d"));
        let short = Answers::new(row, Vec::new());
        assert_eq!(short.command(&["-o", "yaml"]), "mksecret generic -o yaml");
    }
}
