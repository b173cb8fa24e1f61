//! What people regret of the sources of a Secret, as far as reading them shows it.

use std::fmt;

use super::empty::NoValue;
use super::rules;
use super::shell_quoting::QuotingLeftover;
use crate::kinds::{self, value_fault};
use crate::secret::DataKey;
use crate::sources::{Folder, Origin, shell_word, shown_path};
use crate::validate::{At, Rule, RuleInfo};

/// A source that is unlikely to be what was meant.
#[derive(Debug)]
pub(super) enum SourceFinding {
    /// A value that begins with a byte order mark.
    ByteOrderMark {
        key: DataKey,
        origin: Origin,
        /// Whether it is that of UTF-16.
        utf16: bool,
    },
    /// Empty values of one source.
    EmptyValues { keys: Vec<DataKey>, origin: Origin },
    /// A flag with one value was given more than once.
    GivenAgain { flag: &'static str },
    /// A list flag's value holds more lines than the one that counts.
    LinesIgnored { origin: Origin },
    /// No source was given: the Secret has no data.
    NoSource {
        /// A flag of the login to the cluster, if one is given: it may have been meant for a key.
        login: Option<&'static str>,
    },
    /// A source was given and gave no value.
    NoValue { origin: Origin, why: NoValue },
    /// A literal whose value is a `=` and nothing else.
    Padding { origin: Origin },
    /// What a shell's quoting left in a value.
    QuotingLeftover { leftover: QuotingLeftover, origin: Origin },
    /// A type that is none of Kubernetes' and yet like one: `tls`.
    ShortType { given: String, whole: &'static str },
    /// Entries of a folder that are no regular files.
    Skipped(Folder),
    /// A short value whose only newline is its last byte.
    StrayNewline {
        key: DataKey,
        origin: Origin,
        /// Whether the subcommand has the flag that drops it.
        has_flag: bool,
    },
}

impl Rule for SourceFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::ByteOrderMark { utf16: false, .. } => &value_fault::BOM,
            Self::ByteOrderMark { utf16: true, .. } => &value_fault::UTF_16,
            Self::EmptyValues { .. } => &value_fault::EMPTY,
            Self::GivenAgain { .. } => &rules::REPEATED,
            Self::LinesIgnored { .. } => &rules::LINES_IGNORED,
            Self::NoSource { .. } => &value_fault::NO_DATA,
            Self::NoValue { .. } => &rules::NO_VALUE,
            Self::Padding { .. } => &rules::PADDING,
            Self::QuotingLeftover { .. } => &rules::SHELL_QUOTING,
            Self::ShortType { .. } => &kinds::UNKNOWN_TYPE,
            Self::Skipped(_) => &rules::SKIPPED,
            Self::StrayNewline { .. } => &value_fault::TRAILING_NEWLINE,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::ByteOrderMark { origin, utf16, .. } => mark_hint(origin, *utf16),
            Self::EmptyValues { origin, .. } => match origin.flag {
                "from-literal" => {
                    "a shell variable may be unset; --allow-empty allows it without a warning"
                        .to_owned()
                }
                _ => "--allow-empty allows it without a warning".to_owned(),
            },
            Self::GivenAgain { flag } => format!("pass --{flag} once"),
            Self::LinesIgnored { .. } => "use one flag per path".to_owned(),
            Self::NoSource { login: Some(flag) } => format!(
                "--{flag} is the login to the cluster, and not part of the Secret: for a value, \
                 use --from-prompt={flag}, or mksecret basic-auth"
            ),
            Self::NoSource { login: None } => {
                "add --from-literal, --from-file or --from-env-file".to_owned()
            }
            Self::NoValue { origin, why } => match (why, &origin.path) {
                (NoValue::EnvFile, _) => {
                    "write one NAME=value per line; the command that writes it may have failed"
                        .to_owned()
                }
                (NoValue::Folder, Some(path)) => format!("list it: ls -la {}", shell_word(path)),
                (NoValue::Flag | NoValue::Folder, _) => {
                    format!("leave out --{}; a shell variable may be unset", origin.flag)
                }
            },
            Self::Padding { .. } => "write --from-literal=KEY=VALUE".to_owned(),
            Self::QuotingLeftover { leftover: QuotingLeftover::Backslash(_), .. } => {
                "remove the backslash: single quotes need no escaping".to_owned()
            }
            Self::ShortType { whole, .. } => format!("did you mean --type={whole}?"),
            Self::Skipped(folder) => return skipped_hint(folder).into_iter().collect(),
            Self::StrayNewline { key, has_flag, origin } => {
                let key = key.as_str();
                let flag = if origin.shows_key(key) {
                    format!("--trim-newline={key}")
                } else {
                    "--trim-newline".to_owned()
                };
                let who = if *has_flag { "to" } else { "mksecret generic --type=TYPE can" };
                format!("{who} drop it: {flag}")
            }
        };
        vec![hint]
    }
}

impl fmt::Display for SourceFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByteOrderMark { key, origin, utf16 } => {
                let key = origin.shown_key(key.as_str());
                let kind = if *utf16 { "is UTF-16 text" } else { "begins with a byte order mark" };
                write!(f, "{key} {kind}, and is stored unchanged ({origin})")
            }
            Self::EmptyValues { keys, origin } => empty_words(keys, origin, f),
            Self::GivenAgain { flag } => {
                write!(
                    f,
                    "--{flag} is given more than once, and only the last is used, as in kubectl"
                )
            }
            Self::LinesIgnored { origin } => {
                write!(f, "{origin} has several lines, and only the first is used, as in kubectl")
            }
            Self::NoSource { .. } => f.write_str("no source is given: the Secret has no data"),
            Self::NoValue { origin, why: NoValue::EnvFile } => {
                write!(f, "no line sets a value, so no key is added ({origin})")
            }
            Self::NoValue { origin, why: NoValue::Flag } => {
                write!(f, "{origin} is empty and adds nothing")
            }
            Self::NoValue { origin, why: NoValue::Folder } => {
                write!(f, "the directory has no regular file, so no key is added ({origin})")
            }
            Self::Padding { origin } => padding_words(origin, f),
            Self::QuotingLeftover { leftover: QuotingLeftover::Backslash(c), origin } => write!(
                f,
                "{origin}: a backslash before {c} is left over from shell quoting, and is part of \
                 the value"
            ),
            Self::ShortType { given, .. } => {
                write!(f, "--type={given} is not a built-in type, so nothing is checked")
            }
            Self::Skipped(folder) => f.write_str(&skipped_words(folder)),
            Self::StrayNewline { key, origin, .. } => {
                let key = origin.shown_key(key.as_str());
                write!(f, "{key} ends with a newline, which is part of its value ({origin})")
            }
        }
    }
}

fn empty_words(keys: &[DataKey], origin: &Origin, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const SHOWN: usize = 5;
    if let [key] = keys {
        return write!(f, "the value of {} is empty ({origin})", origin.shown_key(key.as_str()));
    }
    let names: Vec<_> = keys.iter().take(SHOWN).map(|key| origin.shown_key(key.as_str())).collect();
    write!(f, "the values of {}", names.join(", "))?;
    if keys.len() > SHOWN {
        write!(f, " and {} more", keys.len() - SHOWN)?;
    }
    write!(f, " are empty ({origin})")
}

pub(super) fn padding_words(origin: &Origin, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "a value is '=' and nothing else: the end of a base64 text may have become a key ({origin})"
    )
}

fn skipped_words(folder: &Folder) -> String {
    let names: Vec<_> = folder.skipped.iter().take(5).map(|n| n.to_string_lossy()).collect();
    let more = match folder.skipped.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = folder.skipped.len();
    let (entries, are) = if count == 1 {
        ("entry", "is not a regular file and was skipped")
    } else {
        ("entries", "are not regular files and were skipped")
    };
    let path = shown_path(&folder.path);
    let names = names.join(", ");
    let dangling = match folder.dangling.as_slice() {
        [] => String::new(),
        [link] => format!("; {} links to nothing", link.to_string_lossy()),
        [link, rest @ ..] => {
            format!("; {} and {} more link to nothing", link.to_string_lossy(), rest.len())
        }
    };
    format!("{count} {entries} of {path} {are}: {names}{more}{dangling}")
}

fn skipped_hint(folder: &Folder) -> Option<String> {
    let path = |name| shell_word(&folder.path.join(name));
    match (folder.readable(), folder.dangling.first()) {
        (Some(_), _) if folder.has_links_to_files => {
            Some("add --follow-links to read the files that the links lead to".to_owned())
        }
        (Some(name), _) => Some(format!("to include one: --from-file={}", path(name))),
        (None, Some(name)) => Some(format!("check its target: ls -l {}", path(name))),
        (None, None) => None,
    }
}

/// How a text is made UTF-8 without a mark.
fn mark_hint(origin: &Origin, utf16: bool) -> String {
    let file = origin.path.as_deref().map_or_else(|| "FILE".to_owned(), shell_word);
    if utf16 {
        format!("convert it: iconv -f UTF-16 -t UTF-8 {file} > utf8.txt")
    } else {
        format!("remove the mark: sed '1s/^\\xEF\\xBB\\xBF//' {file} > plain.txt")
    }
}
