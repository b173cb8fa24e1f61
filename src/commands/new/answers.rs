//! The answers, kept as the words of a command line.

use std::ffi::{OsStr, OsString};

use crate::cli;
use crate::flags::Flag;
use crate::golang;
use crate::hints::shell_text;
use crate::sources::{bytes_of, word_of};
use crate::types::SecretType;

/// The longest command that is shown in one line.
const LINE: usize = 78;

/// What is known so far.
#[derive(Clone)]
pub(super) struct Answers {
    row: &'static SecretType,
    /// NAME, where the type takes one.
    pub(super) name: Option<String>,
    /// Flags of the command line that answer no question.
    given: Vec<GivenFlag>,
    /// Flags that answer a question.
    flags: Vec<GivenFlag>,
}

/// A flag, with its value unless it has none.
#[derive(Clone)]
struct GivenFlag {
    flag: String,
    /// `None` if the type does not have the flag.
    definition: Option<Flag>,
    value: Option<OsString>,
}

impl GivenFlag {
    /// Reads a word of a command line: `--flag` or `--flag=value`.
    fn read(word: &OsStr, known: &[Flag]) -> Self {
        let bytes = bytes_of(word);
        let assignment = bytes.strip_prefix(b"--").unwrap_or(&bytes);
        let mut parts = assignment.splitn(2, |byte| *byte == b'=');
        let flag = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let definition = known.iter().find(|known| known.name == flag).copied();
        Self { flag, definition, value: parts.next().map(|value| word_of(value.to_vec())) }
    }

    fn word(&self) -> OsString {
        let mut word = OsString::from(format!("--{}", self.flag));
        if let Some(value) = &self.value {
            word.push("=");
            word.push(value);
        }
        word
    }

    /// The word as it is pasted into a shell, without a secret.
    fn shown(&self) -> String {
        let flag = &self.flag;
        let Some(value) = &self.value else { return format!("--{flag}") };
        let value = value.to_string_lossy();
        match &self.definition {
            Some(known) if known.kind.holds_secret() => format!("--{flag}={}", known.value),
            Some(known) if known.kind.is_address() => {
                format!("--{flag}={}", quoted(&golang::urls::without_userinfo(&value)))
            }
            _ => format!("--{flag}={}", quoted(&value)),
        }
    }
}

impl Answers {
    /// Begins with the flags of a command line. `questions` says which of them answer a question.
    pub(super) fn new(
        row: &'static SecretType,
        words: &[OsString],
        questions: impl Fn(&str) -> Option<Flag>,
    ) -> Self {
        let mut answers = Self { row, name: None, given: Vec::new(), flags: Vec::new() };
        let known = cli::flags_of(row);
        for answer in words.iter().map(|word| GivenFlag::read(word, &known)) {
            match questions(&answer.flag) {
                Some(flag) => answers.add(&flag, answer),
                None => answers.given.push(answer),
            }
        }
        answers
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Whether a flag is answered.
    pub(super) fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|answer| answer.flag == name)
    }

    /// The flags that are answered, with their values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Option<&OsStr>)> {
        self.flags.iter().map(|answer| (answer.flag.as_str(), answer.value.as_deref()))
    }

    /// Keeps an answer, in the place of an earlier one unless the flag may be repeated.
    pub(super) fn set(&mut self, flag: &Flag, value: Option<String>) {
        let (name, value) = (flag.name.to_owned(), value.map(OsString::from));
        self.add(flag, GivenFlag { flag: name, definition: Some(*flag), value });
    }

    fn add(&mut self, flag: &Flag, answer: GivenFlag) {
        if !flag.is_list {
            self.forget([flag.name]);
        }
        self.flags.push(answer);
    }

    /// Takes back all answers on these flags.
    pub(super) fn forget(&mut self, names: impl IntoIterator<Item = impl AsRef<str>>) {
        for name in names {
            self.flags.retain(|answer| answer.flag != name.as_ref());
        }
    }

    /// The last answer, as the command has it.
    pub(super) fn last(&self) -> Option<String> {
        self.flags.last().map(GivenFlag::shown)
    }

    pub(super) fn take_back(&mut self) {
        self.flags.pop();
    }

    /// The words of the command line, with these at its end.
    pub(super) fn words(&self, deed: &[&str]) -> Vec<OsString> {
        let mut words = vec![OsString::from(self.row.name)];
        words.extend(self.name.iter().map(OsString::from));
        words.extend(self.flags.iter().chain(&self.given).map(GivenFlag::word));
        words.extend(deed.iter().map(OsString::from));
        words
    }

    /// The command line as one pastes it into a shell; no secret is in it.
    pub(super) fn command(&self, deed: &[&str]) -> String {
        let name = self.name.as_ref().map_or_else(String::new, |name| format!(" {}", quoted(name)));
        let mut words = vec![format!("mksecret {}{name}", self.row.name)];
        words.extend(self.flags.iter().chain(&self.given).map(GivenFlag::shown));
        words.extend((!deed.is_empty()).then(|| deed.join(" ")));
        let line = words.join(" ");
        if line.len() <= LINE { line } else { words.join(" \\\n  ") }
    }
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
        let given = [
            "--namespace=shop",
            "--token=hunter2",
            "--password=hunter2",
            "--server=http://u:p@h",
            "--from-literal=hunter2=",
        ];
        let literal = flag(row, "from-literal");
        let of_question = |name: &str| Some(literal).filter(|flag| flag.name == name);
        let mut answers = Answers::new(row, &given.map(OsString::from), of_question);
        answers.name = Some("db".to_owned());
        answers.set(&secret_type, Some("a/b".to_owned()));
        answers.set(&file, Some("k=my file".to_owned()));
        answers.set(&secret_type, Some("c/d".to_owned()));
        answers.set(&file, Some("a=b.txt".to_owned()));
        assert_eq!(
            answers.command(&["--apply"]),
            "mksecret generic db \\\n  --from-literal=KEY=VALUE \\\n  --from-file='k=my file' \\\n  --type=c/d \\\n  \
             --from-file=a=b.txt \\\n  --namespace=shop \\\n  --token=TOKEN \\\n  \
             --password=PASSWORD \\\n  --server=http://xxxxx@h \\\n  --apply"
        );
        assert_eq!(answers.words(&[])[2..4], ["--from-literal=hunter2=", "--from-file=k=my file"]);
        answers.take_back();
        answers.forget(["from-file"]);
        assert_eq!(answers.last().as_deref(), Some("--type=c/d"));
        let token = TYPES.iter().find(|row| row.name == "bootstrap-token").unwrap();
        let certificate_key = Answers::new(token, &["--certificate-key=ab12".into()], |_| None);
        assert_eq!(certificate_key.command(&[]), "mksecret bootstrap-token --certificate-key=HEX");
        let short = Answers::new(row, &[], |_| None);
        assert_eq!(short.command(&["-o", "yaml"]), "mksecret generic -o yaml");
    }
}
