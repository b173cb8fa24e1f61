//! What people regret of an env file.

use std::fmt;

use super::finding::padding_words;
use super::rules;
use crate::secret::DataKey;
use crate::shown::Hidden;
use crate::sources::{EnvAdvice, EnvDoubt, Opening, Origin};
use crate::validate::{At, Rule, RuleInfo};

/// A part of an env file that is unlikely to be what was meant.
#[derive(Debug)]
pub(super) enum EnvFinding {
    /// Lines that are not assignments, from 1.
    Ignored { lines: Vec<usize>, origin: Origin },
    /// A key that a line before it sets too, whose value is dropped.
    Repeated {
        key: DataKey,
        origin: Origin,
        /// The line of the value that is dropped, from 1.
        earlier: usize,
    },
    /// A bare name whose variable is not set.
    Unset { key: DataKey, origin: Origin },
    /// A value that others read in another way, or that is not read as it is meant.
    Value { key: DataKey, origin: Origin, doubt: EnvDoubt, advice: EnvAdvice },
}

impl Rule for EnvFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Ignored { .. } => &rules::ENV_LINE_IGNORED,
            Self::Repeated { .. } => &rules::ENV_REPEATED_KEY,
            Self::Unset { .. } => &rules::UNSET_VARIABLE,
            Self::Value { .. } => &rules::ENV_VALUE,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::Ignored { .. } => {
                "write NAME=value, comment out with '#', or quote a value that spans lines"
                    .to_owned()
            }
            Self::Repeated { .. } => "remove one of the two lines".to_owned(),
            Self::Unset { key, origin } if origin.shows_key(key.as_str()) => {
                format!("write {key}= for an empty value")
            }
            Self::Unset { .. } => literal_hint(EnvDoubt::Padding, false),
            Self::Value { doubt, advice: EnvAdvice::Dotenv, .. } => dotenv_hint(*doubt).to_owned(),
            Self::Value { doubt, advice, .. } => {
                literal_hint(*doubt, *advice == EnvAdvice::KubectlOrDotenv)
            }
        };
        vec![hint]
    }
}

/// What helps where kubectl's reading takes the line literally; `dotenv_reads` says whether dotenv
/// takes the value as it is meant.
fn literal_hint(doubt: EnvDoubt, dotenv_reads: bool) -> String {
    let (hint, dotenv) = match doubt {
        EnvDoubt::Quotes if !dotenv_reads => ("remove the quotes: env files have no quoting", ""),
        EnvDoubt::Quotes => ("remove the quotes", ", which removes them"),
        EnvDoubt::Blanks => ("remove the blanks", ", which removes them"),
        EnvDoubt::CarriageReturn => {
            ("convert the line endings to LF or CRLF", ", which reads them all")
        }
        EnvDoubt::Comment => ("move a comment to its own line", ", which removes it"),
        _ => ("env file values cannot span lines; use --from-file=KEY=PATH", ""),
    };
    if dotenv_reads {
        format!("{hint}, or use --env-format=dotenv{dotenv}")
    } else {
        hint.to_owned()
    }
}

/// What helps where the file is read as dotenv.
fn dotenv_hint(doubt: EnvDoubt) -> &'static str {
    match doubt {
        EnvDoubt::Cut => "quote a value that contains '#'",
        EnvDoubt::EscapedQuote => "put the value in quotes of another kind: ' or \" or `",
        EnvDoubt::NextLine => "write the value after its name, on the same line",
        EnvDoubt::Quotes => "close the quote; only blanks and a comment may follow it",
        EnvDoubt::Reference => "write the value itself",
        _ => "quote a value that spans lines",
    }
}

impl fmt::Display for EnvFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored { lines, origin } => ignored_words(lines, origin, f),
            Self::Repeated { key, origin, earlier } => {
                let key = origin.shown_key(key.as_str());
                write!(
                    f,
                    "{key} is set again, and the value of line {earlier} is dropped ({origin})"
                )
            }
            Self::Unset { key, origin } if !origin.shows_key(key.as_str()) => {
                let len = Hidden(key.as_str().len());
                write!(f, "a line without a '=' became a key without a value {len} ({origin})")
            }
            Self::Unset { key, origin } => write!(
                f,
                "{key} has no value, and the variable {key} is not set: its value is empty \
                 ({origin})"
            ),
            Self::Value { origin, doubt: EnvDoubt::Padding, .. } => padding_words(origin, f),
            Self::Value { key, origin, doubt, .. } => {
                let key = origin.shown_key(key.as_str());
                write!(f, "{key} {} ({origin})", value_words(*doubt))
            }
        }
    }
}

fn value_words(doubt: EnvDoubt) -> &'static str {
    match doubt {
        EnvDoubt::Blanks => "begins or ends with a blank, which is part of its value",
        EnvDoubt::CarriageReturn => "contains a carriage return, which is part of its value",
        EnvDoubt::Comment => "contains a '#' after a blank, which is part of its value",
        EnvDoubt::Cut => "ends before a '#': without quotes, a comment begins there",
        EnvDoubt::EscapedQuote => "contains a backslash before a quote, which is part of its value",
        EnvDoubt::NextLine => "has no value on its line, and takes the next line as its value",
        EnvDoubt::Open(Opening::Backslash) => {
            "has a backslash at the end of its line, but its value ends with the line"
        }
        EnvDoubt::Open(Opening::Block) => "begins a PEM block, but its value ends with the line",
        EnvDoubt::Open(Opening::Json) => "begins a JSON value, but its value ends with the line",
        EnvDoubt::Open(Opening::Quote) => "begins with a quote, but its value ends with the line",
        EnvDoubt::Padding => "is '=' and nothing else",
        EnvDoubt::Quotes => "begins with a quote, which is part of its value",
        EnvDoubt::Reference => "contains ${…}, which is not expanded",
    }
}

fn ignored_words(lines: &[usize], origin: &Origin, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const SHOWN: usize = 5;
    if let [line] = lines {
        let origin = origin.line(*line);
        return write!(f, "the line is not an assignment, and is ignored ({origin})");
    }
    let shown: Vec<_> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    write!(f, "lines {}", shown.join(", "))?;
    if lines.len() > SHOWN {
        write!(f, " and {} more", lines.len() - SHOWN)?;
    }
    write!(f, " are not assignments, and are ignored ({origin})")
}
