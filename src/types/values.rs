//! Values under keys of one's own choosing that stand neither on the command line nor in files:
//! the same flags on every type that has such keys.

use std::ffi::OsString;

use super::BuildError;
use super::build::{Build, Built};
use super::error::Duplicate;
use super::newline::Newlines;
use crate::flags::{self, Flag, FlagKind, List};
use crate::hints::{Fault, shell_name};
use crate::secret::{DataKey, DuplicateKey, Text, Value};
use crate::shown;
use crate::sources::{
    NoBase64, NoRecipe, Origin, PromptError, Question, ReadError, Recipe, bytes_of, decode,
    parse_literal, path_of,
};

flags::table! {
/// All of them, in the order of help.
pub(super) fn flags;

pub(crate) const STDIN: Flag<List> =
    flags::list("from-stdin", "KEY", "Read a value from standard input, unchanged")
        .kind(FlagKind::Key);
const PROMPT: Flag<List> =
    flags::list("from-prompt", "KEY", "Ask for a value, without echo [repeatable]")
        .kind(FlagKind::Key);
const ENV: Flag<List> =
    flags::list("from-env", "KEY[=VAR]", "Read a value from a variable [repeatable]")
        .kind(FlagKind::KeyVariable);
const BASE64: Flag<List> =
    flags::list("from-base64", "KEY=BASE64", "Decode a value from base64 [repeatable]")
        .kind(FlagKind::KeyValue);
pub(crate) const RANDOM: Flag<List> = flags::list(
    "from-random",
    "KEY[=LEN[:SET]]",
    "Generate a value [default: 32:alnum] [repeatable]",
)
.kind(FlagKind::KeyRecipe);
}
/// All of them, in the order in which they are read: what may fail at once comes before what the
/// user has to type.
const READ: [&Flag<List>; 5] = [&STDIN, &ENV, &BASE64, &RANDOM, &PROMPT];

/// The first of the flags that is given.
pub(super) fn given(asked: &Build<'_>) -> Option<&'static str> {
    let mut given =
        READ.into_iter().filter(|flag| flags::values(asked.flags, flag).next().is_some());
    given.next().map(|flag| flag.name)
}

/// Adds what these flags ask for.
pub(super) fn add(
    asked: &Build<'_>,
    built: &mut Built,
    newlines: &mut Newlines<'_>,
) -> Result<(), BuildError> {
    for (origin, item) in items(asked, &STDIN) {
        let value = asked.inputs.read_stdin().map_err(ValueError::Stdin)?;
        let value = newlines.settle(&item, value, &origin, built);
        built.add_own(asked, &item, value, origin)?;
    }
    for (origin, item) in items(asked, &ENV) {
        let (key, value) = variable(asked, &item, &origin)?;
        built.add_own(asked, key, value, origin)?;
    }
    for (origin, item) in items(asked, &BASE64) {
        let no_key = || ValueError::NoBase64Key { len: item.len(), origin: origin.clone() };
        let (key, text) = parse_literal(&item).map_err(|_| no_key())?;
        // The `=` at the end of base64 is the padding of a value without a key.
        if text.is_empty() && !asked.takes_empty() && decode(&item).is_ok() {
            return Err(no_key().into());
        }
        let value =
            decode(text).map_err(|error| ValueError::Base64 { error, origin: origin.clone() })?;
        built.add_own(asked, key, value, origin)?;
    }
    add_random(asked, built)?;
    add_prompted(asked, built)
}

/// The values of one flag, and which they are.
fn items(asked: &Build<'_>, flag: &Flag<List>) -> impl Iterator<Item = (Origin, Vec<u8>)> {
    let name = flag.name;
    let values = flags::values(asked.flags, flag).enumerate();
    values.map(move |(i, value)| (Origin::flag(name, i + 1), bytes_of(value).into_owned()))
}

/// `KEY[=REST]`.
fn split(item: &[u8]) -> (&[u8], Option<&[u8]>) {
    match item.iter().position(|byte| *byte == b'=') {
        Some(at) => (&item[..at], Some(&item[at + 1..])),
        None => (item, None),
    }
}

fn variable<'i>(
    asked: &Build<'_>,
    item: &'i [u8],
    origin: &Origin,
) -> Result<(&'i [u8], Value), ValueError> {
    let (key, name) = split(item);
    let name = path_of(name.unwrap_or(key)).into_os_string();
    match asked.inputs.secret_variable(&name) {
        Some(value) => Ok((key, value)),
        None => Err(ValueError::Unset { variable: Variable(name), origin: origin.clone() }),
    }
}

fn add_random(asked: &Build<'_>, built: &mut Built) -> Result<(), BuildError> {
    for (origin, item) in items(asked, &RANDOM) {
        let (key, recipe) = split(&item);
        let recipe = recipe.map_or(Ok(Recipe::default()), |text| {
            // Text that is no UTF-8 is no number either.
            Recipe::parse(std::str::from_utf8(text).unwrap_or_default())
        });
        let recipe = recipe.map_err(|error| ValueError::Random {
            key: origin.shown_key(Text::from_bytes(key).as_str()).into_owned(),
            error,
            origin: origin.clone(),
        })?;
        let value = recipe.charset.draw(recipe.length, asked.inputs).map_err(BuildError::Random)?;
        let key = DataKey::parse(Text::from_bytes(key).as_str())
            .map_err(|error| BuildError::key(key, error, &origin))?;
        built.add_checked(key.clone(), value, origin)?;
        built.random.push(key);
    }
    Ok(())
}

/// Nobody is asked for a value that has no place.
fn add_prompted(asked: &Build<'_>, built: &mut Built) -> Result<(), BuildError> {
    let mut keys = Vec::new();
    for (origin, item) in items(asked, &PROMPT) {
        let key = DataKey::parse(Text::from_bytes(&item).as_str())
            .map_err(|error| BuildError::key(&item, error, &origin))?;
        built.check_new(&key, &origin)?;
        if let Some((_, first)) = keys.iter().find(|(known, _): &&(DataKey, Origin)| *known == key)
        {
            let (first, source) = (Some(first.clone()), DuplicateKey(key));
            return Err(BuildError::Duplicate(Box::new(Duplicate {
                source,
                first,
                second: origin,
            })));
        }
        keys.push((key, origin));
    }
    for (key, origin) in keys {
        let what = format!("the value of {}", origin.shown_key(key.as_str()));
        let may_be_empty = asked.takes_empty();
        let question = Question { what: &what, twice: true, may_be_empty };
        let value = asked
            .inputs
            .ask(&question)
            .map_err(|error| ValueError::Prompt { key: key.to_string(), error })?;
        built.add_own(asked, key.as_str().as_bytes(), value, origin)?;
    }
    Ok(())
}

/// The name of a variable that is not set. What does not look like one may be a value that was put
/// in the wrong place, and is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable(pub OsString);

impl Variable {
    /// The name, if it reads as one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.0.to_str().filter(|name| shown::is_variable(name))
    }
}

impl std::fmt::Display for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.name(), self.0.len()) {
            (Some(name), _) => write!(f, "the variable {name} is not set"),
            (None, 0) => f.write_str("the variable's name is empty"),
            (None, len) => write!(f, "no variable of that name is set {}", shown::Hidden(len)),
        }
    }
}

/// Why there is no value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ValueError {
    /// A text that is no base64. What stands before its `=` may be a part of it.
    #[error("invalid base64: {error} ({origin})")]
    Base64 { error: NoBase64, origin: Origin },
    /// `--from-base64` without a key before a `=`, or without a value behind it.
    #[error("{origin}: expected KEY=BASE64, but the key or the value is missing {}", shown::Hidden(*len))]
    NoBase64Key { len: usize, origin: Origin },
    #[error("--trim-newline: the value of {key} is not from a file or standard input")]
    NothingToTrim { key: String },
    #[error("--from-prompt {}: {error}", shown::Name(key))]
    Prompt {
        key: String,
        /// Why there is no answer.
        error: PromptError,
    },
    #[error("cannot generate the value of {key}: {error} ({origin})")]
    Random { key: String, error: NoRecipe, origin: Origin },
    #[error("--from-stdin: {0}")]
    Stdin(ReadError),
    #[error("{variable} ({origin})")]
    Unset { variable: Variable, origin: Origin },
}

impl Fault for ValueError {
    fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::Base64 { error: NoBase64::SpareBits, .. } => {
                one("its end is cut off or changed: encode it again with base64 -w0")
            }
            Self::Base64 { .. } => one("base64 -w0 FILE encodes it on one line"),
            Self::NoBase64Key { .. } => one("write --from-base64=KEY=BASE64"),
            Self::NothingToTrim { .. } => {
                one("--trim-newline without a key drops the trailing newline of every value read")
            }
            Self::Prompt { key, error } => match (error, shell_name(key, "KEY")) {
                (PromptError::Empty, _) => one(EMPTY_ANSWER),
                (error, key) => {
                    prompt_hints(error, &format!("--from-stdin={key} or --from-env={key}=VARIABLE"))
                }
            },
            Self::Random { .. } => one("for example --from-random=KEY=32:alnum"),
            Self::Stdin(error) => error.hints(),
            Self::Unset { variable, .. } => variable_hints(variable),
        }
    }
}

/// What to do about a variable that is not set.
pub(super) fn variable_hints(variable: &Variable) -> Vec<String> {
    match variable.name() {
        Some(name) => vec![format!("set it for this run, or export it: export {name}")],
        None => vec![
            "pass the variable's name, not its value; a shell variable must be exported".to_owned(),
        ],
    }
}

/// `instead` names what does without a terminal.
pub(super) fn prompt_hints(error: &PromptError, instead: &str) -> Vec<String> {
    match error {
        PromptError::NoTerminal => vec![format!("use {instead}")],
        PromptError::Empty => vec![EMPTY_ANSWER.to_owned()],
        PromptError::Differ | PromptError::Gone(_) => Vec::new(),
        PromptError::TooLong { .. } => vec!["no Secret can be that large".to_owned()],
    }
}

const EMPTY_ANSWER: &str = "--allow-empty allows an empty value";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_variable_is_shown() {
        let rows = [
            ("PASSWORD", "the variable PASSWORD is not set"),
            ("DB_1_PASSWORD", "the variable DB_1_PASSWORD is not set"),
            ("_X", "the variable _X is not set"),
            ("hunter2", "no variable of that name is set (7 bytes, not shown)"),
            ("Hunter_2", "no variable of that name is set (8 bytes, not shown)"),
            ("http_proxy", "no variable of that name is set (10 bytes, not shown)"),
            ("JBSWY3DPEHPK3PXP", "no variable of that name is set (16 bytes, not shown)"),
            ("1PASSWORD", "no variable of that name is set (9 bytes, not shown)"),
            ("PASS WORD", "no variable of that name is set (9 bytes, not shown)"),
            ("", "the variable's name is empty"),
        ];
        for (name, want) in rows {
            assert_eq!(Variable(name.into()).to_string(), want);
        }
    }
}
