//! Which defaults of kubectl's preferences belong to a command line, as words before its own.

use std::cell::LazyCell;
use std::ffi::OsString;
use std::path::Path;

use super::argv::dashed;
use super::known_flags::{HELP, top_flags};
use super::subcommand::{KubectlCommand, kubectl_command};
use crate::flags::{self, Flag, common, global, targets};
use crate::kuberc::{KubercError, Preferences, quoted_name, shown_name};
use crate::similar::nearest;
use crate::sources::{bytes_of, word_of};
use crate::types::SecretType;

/// Flags that a command line cannot have together with those of mksecret that are named with each:
/// their defaults give way.
const EXCLUDED_BY: &[(&str, &[Flag])] = &[
    (global::CONTEXT.name, &[targets::CONTEXTS.any()]),
    (global::NAMESPACE.name, &[targets::NAMESPACES.any(), targets::NAMESPACE_SELECTOR.any()]),
    (
        common::SAVE_CONFIG.name,
        &[
            targets::APPLY.any(),
            targets::CONTEXTS.any(),
            targets::NAMESPACES.any(),
            targets::NAMESPACE_SELECTOR.any(),
        ],
    ),
];

/// The default of a flag of this command line.
#[derive(Clone, Debug)]
pub(super) struct Default {
    pub(super) flag: &'static str,
    pub(super) word: OsString,
    /// The length of the value.
    pub(super) len: usize,
}

/// The command line that defaults are looked for.
pub(super) struct CommandLine<'a> {
    pub(super) secret_type: &'static SecretType,
    /// All flags that it may have.
    pub(super) known: &'a [Flag],
    /// Its words, which kubectl searches before it parses them.
    pub(super) words: &'a [OsString],
    /// Its flags, as `--flag` and `--flag=value`.
    pub(super) given: &'a [OsString],
}

impl CommandLine<'_> {
    /// The defaults of the command, in the order of the file. Warns of commands that kubectl does
    /// not have.
    pub(super) fn defaults(
        &self,
        preferences: &Preferences,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<Default>, KubercError> {
        let file = preferences.file.as_deref().unwrap_or(Path::new(""));
        let global: LazyCell<Vec<Flag>> = LazyCell::new(top_flags);
        let mut found = Vec::new();
        for entry in &preferences.defaults {
            match kubectl_command(&entry.command, &global) {
                KubectlCommand::Type(row) if row.name == self.secret_type.name => {}
                KubectlCommand::Unknown => {
                    let command = quoted_name(&entry.command);
                    warnings.push(format!(
                        "Warning: command {command} not found to set kuberc override"
                    ));
                    continue;
                }
                KubectlCommand::Type(_) | KubectlCommand::Other => continue,
            }
            for option in &entry.options {
                let name = dashed(option.name.as_bytes());
                let flag = self.known.iter().find(|flag| flag.name == name);
                let Some(flag) = flag.filter(|flag| self.may_set(flag)) else {
                    let settable = self.known.iter().filter(|flag| self.may_set(flag));
                    return Err(KubercError::UnknownFlag {
                        path: file.to_owned(),
                        name: shown_name(&option.name),
                        command: self.command(),
                        is_kubectls: self.is_kubectls(),
                        similar: meant(&name, settable),
                    });
                };
                if self.names(flag) || self.excludes(flag.name) {
                    continue;
                }
                let word = word_of(format!("--{}={}", flag.name, option.value).into_bytes());
                found.push(Default { flag: flag.name, word, len: option.value.len() });
            }
        }
        Ok(found)
    }

    /// The command as kubectl calls it.
    pub(super) fn command(&self) -> String {
        format!("create secret {}", self.secret_type.name)
    }

    /// Whether a file may set the flag. What kubectl does not have under a command of its own, it
    /// refuses in a file that is its own too.
    fn may_set(&self, flag: &Flag) -> bool {
        if self.is_kubectls() { flag.is_kubectls } else { flag.name != HELP.name }
    }

    /// Whether kubectl has the command: then it has some of the command's own flags.
    fn is_kubectls(&self) -> bool {
        (self.secret_type.flags)().iter().any(|flag| flag.is_kubectls)
    }

    /// Whether the words name the flag, as kubectl searches them: any word that is `--flag` or
    /// begins with `--flag=` or with its letter, and any of one dash and letters with that letter in
    /// it. `-nfoo` hides a default of `--output` that way.
    fn names(&self, flag: &Flag) -> bool {
        self.words.iter().any(|word| {
            let word = bytes_of(word);
            if let Some(long) = word.strip_prefix(b"--") {
                let rest = long.strip_prefix(flag.name.as_bytes());
                return matches!(rest, Some([] | [b'=', ..]));
            }
            let (Some(letter), Some(rest)) = (flag.letter, word.strip_prefix(b"-")) else {
                return false;
            };
            let letter = u8::try_from(letter).unwrap_or_default();
            let are_letters = rest.iter().all(u8::is_ascii_alphabetic);
            rest.first() == Some(&letter) || (are_letters && rest.contains(&letter))
        })
    }

    /// Whether a given flag of mksecret's says otherwise.
    fn excludes(&self, flag: &str) -> bool {
        let by = EXCLUDED_BY.iter().find(|row| row.0 == flag).map_or(&[][..], |row| row.1);
        if by.iter().any(|flag| flags::occurs(self.given, flag)) {
            return true;
        }
        let base = flags::WAYS.iter().find_map(|way| flag.strip_suffix(way)).unwrap_or(flag);
        let mut ways = self.known.iter().filter(|flag| {
            let way = flag.name.strip_prefix(base);
            way.is_some_and(|way| way.is_empty() || flags::WAYS.contains(&way))
        });
        flags::is_credential(self.known, base) && ways.any(|flag| flags::occurs(self.given, flag))
    }
}

/// The flag that was meant: by its letter, or by a slip of the fingers.
fn meant<'a>(name: &str, settable: impl Iterator<Item = &'a Flag> + Clone) -> Option<String> {
    let by_letter = settable
        .clone()
        .find(|flag| flag.letter.is_some_and(|letter| letter.to_string() == name))
        .map(|flag| flag.name);
    by_letter.or_else(|| nearest(name, settable.map(|flag| flag.name))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::known_flags::flags_of;
    use crate::types::TYPES;

    fn line<'a>(words: &'a [OsString], known: &'a [Flag]) -> CommandLine<'a> {
        CommandLine { secret_type: &TYPES[0], known, words, given: words }
    }

    #[test]
    fn kubectls_own_flags_and_no_others_may_be_set() {
        let rows: &[(&str, &[&str])] = &[
            (
                "docker-registry",
                &[
                    "docker-server",
                    "docker-username",
                    "docker-password",
                    "docker-email",
                    "from-file",
                ],
            ),
            ("generic", &["from-file", "from-literal", "from-env-file", "type"]),
            ("tls", &["cert", "key"]),
            ("basic-auth", &[]),
        ];
        for (name, own) in rows {
            let row = TYPES.iter().find(|row| row.name == *name).unwrap();
            let flags = (row.flags)().into_iter().filter(|flag| flag.is_kubectls);
            assert_eq!(flags.map(|flag| flag.name).collect::<Vec<_>>(), *own, "{name}");
        }
        let all = [&common::flags() as &[_], &global::flags(), &targets::flags()].concat();
        let not: Vec<_> = all
            .iter()
            .filter(|flag| !flag.is_kubectls)
            .map(|flag| flag.name)
            .filter(|name| !targets::flags().iter().any(|t| t.name == *name))
            .collect();
        assert_eq!(
            not,
            [
                "output-file",
                "allow-empty",
                "allow",
                "consumer",
                "labels",
                "annotations",
                "immutable",
                "string-data",
                "v",
                "vmodule",
                "log-flush-frequency"
            ]
        );
    }

    #[test]
    fn flags_as_kubectl_searches_them() {
        let known = flags_of(&TYPES[0]);
        let output = known.iter().find(|flag| flag.name == "output").unwrap();
        let rows = [
            ("x", false),
            ("--output", true),
            ("--output=", true),
            ("--outputs", false),
            ("--out_put=a", false),
            ("-o", true),
            ("-oyaml", true),
            ("-o=yaml", true),
            ("-nfoo", true),
            ("-nfoo1", false),
            ("-nbar", false),
            ("--from-literal=--output", false),
        ];
        for (word, want) in rows {
            let words = [OsString::from(word)];
            assert_eq!(line(&words, &known).names(output), want, "{word}");
        }
    }

    #[test]
    fn what_is_given_otherwise_wins() {
        let docker = TYPES.iter().find(|row| row.name == "docker-registry").unwrap();
        let known = flags_of(docker);
        let rows = [
            ("docker-password", "--docker-password-stdin", true),
            ("docker-password", "--docker-username=a", false),
            ("docker-password", "--docker-password-files", false),
            ("namespace", "--namespaces=a", true),
            ("namespace", "--contexts=a", false),
            ("from-file", "--from-env=a", false),
            ("save-config", "--apply", true),
        ];
        for (flag, word, want) in rows {
            let words = [OsString::from(word)];
            assert_eq!(line(&words, &known).excludes(flag), want, "{flag} {word}");
        }
    }
}
