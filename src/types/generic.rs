//! `generic`: a Secret of any type string from literals, files, folders and env files.

mod error;

pub(crate) use error::GenericError;
pub(super) use error::{read_or_value_hints, source};

use std::io::ErrorKind;
use std::path::PathBuf;

use super::BuildError;
use super::build::{Build, Built};
use super::empty::NoValue;
use super::env_finding::EnvFinding;
use super::finding::SourceFinding;
use super::newline::{self, Newlines};
use super::values;
use super::{Contents, SecretType};
use crate::flags::{self, Flag, FlagKind, List, Single, Switch, global};
use crate::golang;
use crate::kinds;
use crate::secret::{DataKey, Text, Value};
use crate::sources::{
    EnvDoubt, EnvFileError, EnvFormat, Links, Origin, ReadErrorKind, ReadFileSourceError, bytes_of,
    parse_file_source, parse_literal, path_of, read_env_file, read_file_source,
};

flags::table! {
/// The flags that only this type has.
fn own;

/// `--from-file`, which docker-registry has too.
pub(super) const FILE: Flag<List> =
    flags::list("from-file", "[KEY=]PATH,…", "Read a file or a whole directory [repeatable]")
        .kind(FlagKind::KeyedPaths)
        .of_kubectl();
pub(crate) const LITERAL: Flag<List> =
    flags::list("from-literal", "KEY=VALUE", "Set a value on the command line [repeatable]")
        .kind(FlagKind::KeyValue)
        .of_kubectl();
const ENV_FILE: Flag<List> =
    flags::list("from-env-file", "PATH,…", "Read KEY=VALUE lines from a file [repeatable]")
        .kind(FlagKind::EnvFiles)
        .of_kubectl();
const ENV_FORMAT: Flag<Single> =
    flags::text("env-format", "FORMAT", "Read env files as kubectl or dotenv [default: kubectl]")
        .kind(FlagKind::Choice(
            "kubectl\tliterally, a line each\ndotenv\twith quotes and comments, as the npm package",
        ))
        .checked_by(|text| text.parse::<EnvFormat>().map(drop).map_err(|e| e.to_string()))
        .rare();
const FOLLOW: Flag<Switch> =
    flags::switch("follow-links", "Read files that links in a directory lead to").rare();
pub(crate) const TYPE: Flag<Single> =
    flags::text("type", "TYPE", "Set the type [default: none, stored as Opaque]")
        .kind(FlagKind::SecretType)
        .of_kubectl();
}
pub(super) const ROW: SecretType = SecretType {
    name: "generic",
    about: "Create a Secret from literals, files and env files",
    details: "\
The key of a file is its name; --from-file=KEY=PATH sets another. From a directory, mksecret reads
the regular files, and warns about links, subdirectories and devices. An env file has KEY=VALUE
lines and cannot be combined with other sources. --env-format=dotenv reads it as the npm package
dotenv does: quotes, values over several lines, comments, export. ${NAME} is not expanded.

Anything on the command line, --from-base64 included, is visible in the process list and saved in
shell history; the other sources keep values out of both. --from-prompt asks twice, on the terminal,
so standard input stays free. --from-base64 expects the standard alphabet with padding.
--from-random generates LEN characters of a SET (alnum, ascii, base64url, digits, hex or lower), as
in password=24:ascii; with --apply, a key that exists on the cluster keeps its value.

mksecret warns if a short value has a trailing newline and no other, as a password written by echo
does; --trim-newline drops it. Files of lines (known_hosts, .gitconfig, app.conf) are exempt.",
    examples: "\
# Print a Secret with two keys
mksecret generic db --from-literal=user=app \\
  --from-file=password --dry-run=client -o yaml

# Create it on the cluster, or update it
mksecret generic db --from-env-file=db.env --apply

# One key per file of a directory, under another type
mksecret generic app --from-file=config/ \\
  --type=example.com/app

# Generate a password once; later runs keep it
mksecret generic db --from-random=password=24 --apply

# Store the output of a command
vault read -field=token app | \\
  mksecret generic app --from-stdin=token --trim-newline",
    required: "[--from-file=[KEY=]PATH] [--from-literal=KEY=VALUE]",
    name_optional: false,
    empty_name: false,
    flags,
    takes_over: &[],
    asks: &[],
    contents: Contents::Untyped,
    build,
};

fn flags() -> Vec<Flag> {
    let mut flags = own().to_vec();
    flags.extend(values::flags());
    flags.push(newline::TRIM.any());
    flags
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    if given_items(asked, &ENV_FILE) {
        let literals = flags::values(asked.flags, &LITERAL).next().is_some();
        let kubectls = literals || given_items(asked, &FILE);
        let other = if kubectls { Some(None) } else { values::given(asked).map(Some) };
        if let Some(other) = other {
            return Err(GenericError::EnvFileCombined { other }.into());
        }
    }
    let secret_type = flags::value(asked.flags, &TYPE);
    let mut built = asked.start(Text::from_bytes(&bytes_of(&secret_type)));
    // The cluster itself fills a service account's.
    built.wants_values &= secret_type != kinds::SERVICE_ACCOUNT_TOKEN;
    add_literals(asked, &mut built)?;
    let mut newlines = Newlines::new(asked, secret_type == kinds::BASIC_AUTH);
    add_files(asked, &mut built, None, &mut newlines)?;
    add_env_files(asked, &mut built)?;
    values::add(asked, &mut built, &mut newlines)?;
    newlines.end(&built)?;
    let given = secret_type.to_string_lossy();
    if let Some(whole) = kinds::similar_type(&given) {
        built.find(SourceFinding::ShortType { given: given.into_owned(), whole });
    }
    if built.wants_values && built.origins.is_empty() && !built.has_empty_source {
        let logins = [&global::USERNAME, &global::PASSWORD, &global::TOKEN];
        let login = logins
            .into_iter()
            .find(|flag| flags::is_given(asked.flags, flag))
            .map(|flag| flag.name);
        built.find(SourceFinding::NoSource { login });
    }
    Ok(built)
}

/// Whether a list flag gives any item at all: an empty value gives none.
fn given_items(asked: &Build<'_>, flag: &Flag<List>) -> bool {
    flags::values(asked.flags, flag).any(|value| !value.is_empty())
}

fn add_literals(asked: &Build<'_>, built: &mut Built) -> Result<(), BuildError> {
    for (i, literal) in flags::values(asked.flags, &LITERAL).enumerate() {
        let origin = Origin::flag(LITERAL.name, i + 1);
        let literal = bytes_of(literal);
        let (key, value) = parse_literal(&literal)
            .map_err(|error| GenericError::Literal { error, origin: origin.clone() })?;
        if value == b"=" {
            built.find(SourceFinding::Padding { origin: origin.clone() });
        }
        built.find_quoting_leftover(value, &origin);
        built.add_noting_empty(key, Value::new(value.to_vec()), origin)?;
    }
    Ok(())
}

/// Adds what `--from-file` asks for. With a `default_key`, an item without a key has that one.
pub(super) fn add_files(
    asked: &Build<'_>,
    built: &mut Built,
    default_key: Option<&str>,
    newlines: &mut Newlines<'_>,
) -> Result<(), BuildError> {
    let links = if flags::is_on(asked.flags, &FOLLOW) { Links::Followed } else { Links::Skipped };
    for (origin, mut item) in items(asked, built, &FILE)? {
        if let Some(key) = default_key.filter(|_| !item.contains(&b'=')) {
            item.splice(..0, [key.as_bytes(), b"="].concat());
        }
        let source = parse_file_source(&item).map_err(|error| {
            let whole = whole_path(asked, &origin, &FILE);
            GenericError::FileSource { error, origin: origin.clone(), whole }
        })?;
        let (found, folder) = read_file_source(&source, &origin, links, asked.inputs)
            .map_err(|error| split_path(asked, &origin, error))?;
        let gave_nothing = found.is_empty();
        for (key, value, origin) in found {
            let value = newlines.settle(&key, value, &origin, built);
            built.add_noting_empty(&key, value, origin)?;
        }
        let Some(folder) = folder else { continue };
        if !folder.skipped.is_empty() {
            built.has_empty_source = true;
            built.find(SourceFinding::Skipped(folder));
        } else if gave_nothing {
            built.warn_of_no_value(origin.file(folder.path), NoValue::Folder);
        }
    }
    Ok(())
}

/// The path of an existing file that a list flag gives as it is: kubectl splits it at a comma, and
/// that of `--from-file` at a `=` too.
fn whole_path(asked: &Build<'_>, origin: &Origin, flag: &Flag<List>) -> Option<PathBuf> {
    let value = flags::values(asked.flags, flag).nth(origin.nth.checked_sub(1)?)?;
    let path = path_of(&bytes_of(value));
    asked.inputs.is_folder(&path).is_ok().then_some(path)
}

/// A path that is not found may be a part of one.
fn split_path(asked: &Build<'_>, origin: &Origin, error: ReadFileSourceError) -> GenericError {
    let missing = error.read_error().is_some_and(|(_, kind)| is_missing(kind));
    match whole_path(asked, origin, &FILE).filter(|_| missing) {
        Some(whole) => GenericError::SplitPath { error, whole },
        None => GenericError::ReadFileSource { error, origin: Box::new(origin.clone()) },
    }
}

fn is_missing(kind: &ReadErrorKind) -> bool {
    matches!(kind, ReadErrorKind::Io(error) if error.kind() == ErrorKind::NotFound)
}

fn add_env_files(asked: &Build<'_>, built: &mut Built) -> Result<(), BuildError> {
    for (origin, item) in items(asked, built, &ENV_FILE)? {
        add_env_file(&item, &origin, asked, built)?;
    }
    Ok(())
}

fn add_env_file(
    path: &[u8],
    origin: &Origin,
    asked: &Build<'_>,
    built: &mut Built,
) -> Result<(), BuildError> {
    let path = path_of(path);
    let format: Option<EnvFormat> =
        flags::value(asked.flags, &ENV_FORMAT).to_str().and_then(|text| text.parse().ok());
    let file = read_env_file(&path, format.unwrap_or_default(), origin, asked.inputs).map_err(
        |error| match error {
            EnvFileError::Read(error) => {
                let whole = whole_path(asked, origin, &ENV_FILE);
                match whole.filter(|_| is_missing(&error.kind)) {
                    Some(whole) => GenericError::SplitEnvPath { error, whole },
                    None => GenericError::ReadEnvFile { error, origin: Box::new(origin.clone()) },
                }
            }
            error => GenericError::EnvFile(error),
        },
    )?;
    let origin = origin.file(path);
    if file.lines.is_empty() {
        built.warn_of_no_value(origin.clone(), NoValue::EnvFile);
    }
    if !file.ignored.is_empty() {
        built.find(EnvFinding::Ignored { lines: file.ignored, origin });
    }
    for line in file.lines {
        // The name has passed the rules for variables; only its length can be wrong now.
        let key = DataKey::parse(&line.key).map_err(|error| GenericError::EnvKey {
            len: line.key.len(),
            error,
            origin: line.origin.clone(),
        })?;
        // A reference is a doubt about what is missing, and not about how the value is written.
        if line.doubts.iter().any(|doubt| *doubt != EnvDoubt::Reference) {
            built.marked.push(key.clone());
        }
        for doubt in line.doubts {
            let (key, origin, advice) = (key.clone(), line.origin.clone(), line.advice);
            built.find(EnvFinding::Value { key, origin, doubt, advice });
        }
        if let Some(earlier) = line.replaces {
            let origin = line.origin.clone();
            built.find(EnvFinding::Repeated { key: key.clone(), origin, earlier });
        }
        if line.unset {
            built.find(EnvFinding::Unset { key: key.clone(), origin: line.origin.clone() });
        } else if line.value.is_empty() {
            built.empty.push((key.clone(), line.origin.clone()));
        }
        built.add_checked(key, line.value, line.origin)?;
    }
    Ok(())
}

/// The items of a list flag: each value is a line of comma-separated ones, as pflag reads it. Of an
/// empty one, which gives none, users are warned.
fn items(
    asked: &Build<'_>,
    built: &mut Built,
    flag: &Flag<List>,
) -> Result<Vec<(Origin, Vec<u8>)>, BuildError> {
    let mut items = Vec::new();
    for (i, value) in flags::values(asked.flags, flag).enumerate() {
        let origin = Origin::flag(flag.name, i + 1);
        let bytes = bytes_of(value);
        if bytes.is_empty() {
            built.warn_of_no_value(origin, NoValue::Flag);
            continue;
        }
        let record = golang::csv::read_record(&bytes).map_err(|error| GenericError::List {
            len: bytes.len(),
            error,
            origin: origin.clone(),
        })?;
        if record.more {
            built.find(SourceFinding::LinesIgnored { origin: origin.clone() });
        }
        items.extend(record.fields.into_iter().map(|item| (origin.clone(), item)));
    }
    Ok(items)
}
