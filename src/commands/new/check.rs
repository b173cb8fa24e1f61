//! Answers are looked at as they are typed: what can be wrong with one is told at once.

use crate::flags::{Flag, FlagKind};
use crate::golang;
use crate::kinds;
use crate::secret::{DataKey, Namespace, Secret, SecretBuilder, SecretName};
use crate::sources::{Inputs, parse_file_source, path_of, word_of};
use crate::types::Variable;

pub(super) fn name(name: &str) -> Result<(), String> {
    let secret = SecretBuilder::new(SecretName::new(name), "").build();
    first(&secret)?;
    Ok(())
}

/// The first thing that a server would refuse, in a few words.
fn first(secret: &Secret) -> Result<(), String> {
    let report = kinds::api_server(secret);
    match report.findings().first() {
        Some(finding) => Err(finding.rule.in_short(secret.name.as_str())),
        None => Ok(()),
    }
}

/// The value of a flag, by its kind.
pub(super) fn value(flag: &Flag, text: &str, inputs: &Inputs) -> Result<(), String> {
    match flag.kind {
        FlagKind::Duration => {
            golang::durations::parse_duration(text).map(drop).map_err(|error| error.to_string())
        }
        kind if kind.is_file() => file(text.as_bytes(), inputs),
        FlagKind::Key => key(text),
        FlagKind::KeyRecipe | FlagKind::KeyVariable => {
            key(text.split_once('=').map_or(text, |(key, _)| key))
        }
        FlagKind::Time => text
            .parse::<jiff::Timestamp>()
            .map(drop)
            .map_err(|_| "not an RFC 3339 time, such as 2030-01-31T12:00:00Z".to_owned()),
        FlagKind::Namespace => {
            let builder = SecretBuilder::new(SecretName::new("a"), "");
            first(&builder.namespace(Some(Namespace::new(text))).build())
        }
        FlagKind::Variable => variable(text, inputs),
        FlagKind::EnvFiles => sources(text, true, inputs),
        FlagKind::KeyedPaths => sources(text, false, inputs),
        _ => Ok(()),
    }
}

fn key(text: &str) -> Result<(), String> {
    DataKey::parse(text).map(drop).map_err(|error| format!("not a valid key: {error}"))
}

fn variable(name: &str, inputs: &Inputs) -> Result<(), String> {
    let name = word_of(name.as_bytes().to_vec());
    match inputs.variable(&name) {
        Some(_) => Ok(()),
        None => Err(Variable(name).to_string()),
    }
}

fn file(path: &[u8], inputs: &Inputs) -> Result<(), String> {
    match inputs.is_folder(&path_of(path)) {
        Ok(false) => Ok(()),
        Ok(true) => Err("it is a directory".to_owned()),
        Err(error) => Err(error.kind.to_string()),
    }
}

/// A line of comma-separated paths, with keys before them unless they are plain.
fn sources(text: &str, plain: bool, inputs: &Inputs) -> Result<(), String> {
    let record = golang::csv::read_record(text.as_bytes())
        .map_err(|_| "not a comma-separated list of paths".to_owned())?;
    for item in record.fields {
        if plain {
            file(&item, inputs)?;
            continue;
        }
        let source = parse_file_source(&item).map_err(|error| error.to_string())?;
        let folder = inputs.is_folder(&path_of(&source.path));
        match (folder.map_err(|error| error.kind.to_string())?, &source.key) {
            (true, Some(_)) => return Err("a directory cannot have a key".to_owned()),
            (_, Some(text)) => key(&String::from_utf8_lossy(text))?,
            (_, None) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags;

    #[test]
    fn names() {
        assert_eq!(name("db"), Ok(()));
        assert!(name("").is_err());
        let long = "must be no more than 253 bytes, has 254";
        assert_eq!(name(&"a".repeat(254)), Err(long.to_owned()));
        let why = name("My_DB").unwrap_err();
        assert_eq!(why, "only lower case letters, digits, '-' and '.'; for example my-db");
    }

    #[test]
    fn values_by_their_kinds() {
        let rows: &[(FlagKind, &str, &str)] = &[
            (FlagKind::File, "Cargo.toml", ""),
            (FlagKind::File, "nowhere", "no such file or directory"),
            (FlagKind::File, "src", "it is a directory"),
            (FlagKind::EnvFiles, "Cargo.toml,README.md", ""),
            (FlagKind::EnvFiles, "Cargo.toml,nowhere", "no such file or directory"),
            (FlagKind::KeyedPaths, "src,k=Cargo.toml", ""),
            (FlagKind::KeyedPaths, "k=src", "a directory cannot have a key"),
            (FlagKind::KeyedPaths, "=Cargo.toml", "key name for file path Cargo.toml missing"),
            (FlagKind::KeyedPaths, "\"a", "not a comma-separated list of paths"),
            (FlagKind::Variable, "NOT_SET", "the variable NOT_SET is not set"),
            (FlagKind::Key, "a.b", ""),
            (FlagKind::Duration, "24h", ""),
            (FlagKind::Namespace, "shop", ""),
            (FlagKind::Namespace, "Shop", "only lower case letters, digits and '-'"),
            (FlagKind::Time, "2030-01-31T12:00:00Z", ""),
            (FlagKind::Time, "soon", "not an RFC 3339 time, such as 2030-01-31T12:00:00Z"),
            (FlagKind::Registry, "anything", ""),
        ];
        for (kind, text, want) in rows {
            let flag = flags::text("x", "X", "").kind(*kind).any();
            let got = value(&flag, text, &Inputs::fixed()).err().unwrap_or_default();
            assert_eq!(got, *want, "{kind:?} {text}");
        }
        for (kind, text) in
            [(FlagKind::Key, "a b"), (FlagKind::KeyRecipe, "a b=3"), (FlagKind::Duration, "long")]
        {
            let flag = flags::text("x", "X", "").kind(kind).any();
            assert!(value(&flag, text, &Inputs::fixed()).is_err(), "{kind:?} {text}");
        }
    }
}
