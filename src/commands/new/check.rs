//! Answers are looked at as they are typed: what can be wrong with one is told at once.

use crate::flags::Flag;
use crate::golang;
use crate::secret::{DataKey, Namespace, Secret, SecretBuilder, SecretName};
use crate::sources::{Inputs, parse_file_source, path_of, word_of};
use crate::types::Variable;
use crate::validate::{self, KeyFault, Rule, TextFault, suggest_name};

/// A Secret's name.
pub(super) fn name(name: &str) -> Result<(), String> {
    let secret = SecretBuilder::new(SecretName::new(name), "").build();
    first(&secret)?;
    Ok(())
}

/// The first thing that a server would refuse, in a few words.
fn first(secret: &Secret) -> Result<(), String> {
    let report = validate::api_server(secret);
    let Some(finding) = report.findings().first() else { return Ok(()) };
    Err(match &finding.rule {
        Rule::Name(TextFault::Form { form, .. }) => match suggest_name(secret.name.as_str()) {
            Some(near) => format!("{}; for example {near}", form.in_short()),
            None => form.in_short().to_owned(),
        },
        Rule::Namespace(TextFault::Form { form, .. })
        | Rule::LabelValue(TextFault::Form { form, .. })
        | Rule::LabelKey(KeyFault::Name(TextFault::Form { form, .. })) => {
            form.in_short().to_owned()
        }
        rule => rule.to_string(),
    })
}

/// The value of a flag, by the word that stands for it in its definition.
pub(super) fn value(flag: &Flag, text: &str, inputs: &Inputs) -> Result<(), String> {
    let word = flag.value.trim_end_matches(",…");
    match word {
        "DURATION" => {
            golang::durations::parse_duration(text).map(drop).map_err(|error| error.to_string())
        }
        "FILE" => file(text.as_bytes(), inputs),
        "KEY" => key(text),
        "TIME" => text
            .parse::<jiff::Timestamp>()
            .map(drop)
            .map_err(|_| "not an RFC 3339 time, such as 2030-01-31T12:00:00Z".to_owned()),
        "NAMESPACE" => {
            let builder = SecretBuilder::new(SecretName::new("a"), "");
            first(&builder.namespace(Some(Namespace::new(text))).build())
        }
        "VARIABLE" => variable(text, inputs),
        "PATH" | "[KEY=]PATH" => sources(text, word == "PATH", inputs),
        _ if word.starts_with("KEY[") => key(text.split_once('=').map_or(text, |(key, _)| key)),
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
    let record = golang::csv::read_record(text.as_bytes());
    let record = record.map_err(|_| "not a comma-separated list of paths".to_owned())?;
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
        let why = name("My_DB").unwrap_err();
        assert_eq!(why, "only lower case letters, digits, '-' and '.'; for example my-db");
    }

    #[test]
    fn values_by_their_words() {
        let rows: &[(&'static str, &str, &str)] = &[
            ("FILE", "Cargo.toml", ""),
            ("FILE", "nowhere", "no such file or directory"),
            ("FILE", "src", "it is a directory"),
            ("PATH,…", "Cargo.toml,README.md", ""),
            ("PATH,…", "Cargo.toml,nowhere", "no such file or directory"),
            ("[KEY=]PATH,…", "src,k=Cargo.toml", ""),
            ("[KEY=]PATH,…", "k=src", "a directory cannot have a key"),
            ("[KEY=]PATH,…", "=Cargo.toml", "key name for file path Cargo.toml missing"),
            ("[KEY=]PATH,…", "\"a", "not a comma-separated list of paths"),
            ("VARIABLE", "NOT_SET", "the variable NOT_SET is not set"),
            ("KEY", "a.b", ""),
            ("DURATION", "24h", ""),
            ("NAMESPACE", "shop", ""),
            ("NAMESPACE", "Shop", "only lower case letters, digits and '-'"),
            ("TIME", "2030-01-31T12:00:00Z", ""),
            ("TIME", "soon", "not an RFC 3339 time, such as 2030-01-31T12:00:00Z"),
            ("HOST", "anything", ""),
        ];
        for (word, text, want) in rows {
            let flag = flags::text("x", word, "");
            let got = value(&flag, text, &Inputs::fixed()).err().unwrap_or_default();
            assert_eq!(got, *want, "{word} {text}");
        }
        for (word, text) in [("KEY", "a b"), ("KEY[=LENGTH]", "a b=3"), ("DURATION", "long")] {
            let flag = flags::text("x", word, "");
            assert!(value(&flag, text, &Inputs::fixed()).is_err(), "{word} {text}");
        }
    }
}
