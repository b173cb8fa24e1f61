//! What the rules of all readers share: how they look at a Secret, and how they report.

use std::borrow::Cow;
use std::fmt;

use crate::secret::{DataKey, Secret, Value};
use crate::validate::{At, Finding, Place, Rule, RuleInfo, Severity, value};

pub(super) static RULES: &[&RuleInfo] = &[&LABEL, &NEWLINE];

static LABEL: RuleInfo = RuleInfo::warning(
    "consumer/label",
    "The reader that --consumer names requires a label, and the Secret has another value there. \
     The reader ignores the Secret. Leave the label out, and --consumer sets it.",
);
static NEWLINE: RuleInfo = RuleInfo::warning(
    "consumer/newline",
    "The value ends with a newline, and the reader that --consumer names does not remove it. A \
     password with it is another password, a token with it cannot be sent in an HTTP header, a \
     number or an address with it does not parse. Drop it with --trim-newline=KEY.",
);

/// A broken rule with its words. They name keys and positions, never a value.
#[derive(Debug)]
struct Breach {
    info: &'static RuleInfo,
    words: Cow<'static, str>,
    hint: Cow<'static, str>,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Rule for Breach {
    fn info(&self) -> &'static RuleInfo {
        self.info
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        if self.hint.is_empty() { Vec::new() } else { vec![self.hint.clone().into_owned()] }
    }
}

/// A Secret under the eyes of one reader.
pub(super) struct Check<'a> {
    pub secret: &'a Secret,
    named: Option<&'static str>,
    found: Vec<(Place, Breach)>,
}

impl<'a> Check<'a> {
    pub(super) fn new(secret: &'a Secret, named: Option<&'static str>) -> Self {
        Self { secret, named, found: Vec::new() }
    }

    pub(super) fn into_findings(self, severity: Severity) -> impl Iterator<Item = Finding> {
        self.found.into_iter().map(move |(place, breach)| {
            let finding = Finding { place: Some(place), ..Finding::new(breach) };
            finding.with_severity(severity)
        })
    }

    /// Whether the user says that the Secret is for this reader.
    pub(super) fn is_named(&self) -> bool {
        self.named.is_some()
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a [u8]> {
        value(self.secret, key).map(Value::as_bytes)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        has(self.secret, key)
    }

    /// Whether there is a value under the key, and it is not empty.
    pub(super) fn is_filled(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !value.is_empty())
    }

    pub(super) fn at(
        &mut self,
        place: Place,
        info: &'static RuleInfo,
        words: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) {
        self.found.push((place, Breach { info, words: words.into(), hint: hint.into() }));
    }

    pub(super) fn key(
        &mut self,
        key: &str,
        info: &'static RuleInfo,
        words: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) {
        self.at(Place::Key(key.to_owned()), info, words, hint);
    }

    /// The keys of `wanted` have to be there.
    pub(super) fn require(&mut self, info: &'static RuleInfo, reader: &str, wanted: &[&str]) {
        for key in wanted.iter().filter(|key| !has(self.secret, key)) {
            let words = format!("{reader} requires this key");
            let mut own = self.secret.data.keys().map(DataKey::as_str);
            let near =
                own.by_ref().filter(|own| !wanted.contains(own)).find(|own| is_like(own, key));
            let hint = match near {
                Some(near) => format!("did you mean {key} where there is {near}?"),
                None => format!("add it: --from-file={key}=FILE"),
            };
            self.key(key, info, words, hint);
        }
    }

    /// A value under the right name, where a key differs from one of `known` only in its case or in
    /// what separates words.
    pub(super) fn misspelt(&mut self, info: &'static RuleInfo, reader: &str, known: &[&str]) {
        for own in self.secret.data.keys().map(DataKey::as_str) {
            if known.contains(&own) {
                continue;
            }
            let meant = known.iter().find(|known| is_like(own, known) && !self.has(known));
            if let Some(meant) = meant {
                let words = format!("{reader} does not read this key");
                self.key(
                    own,
                    info,
                    words,
                    format!("did you mean {meant}? --from-file={meant}=FILE"),
                );
            }
        }
    }

    /// The label of a reader that the user names.
    pub(super) fn label(&mut self, wanted: Option<(&'static str, &'static str)>) {
        let Some((key, value)) = wanted else { return };
        if self.secret.metadata.labels.get(key).map(String::as_str) != Some(value) {
            let name = self.named.unwrap_or("the consumer");
            let words = format!("{name} requires the value {value}");
            self.at(Place::Label(key.to_owned()), &LABEL, words, format!("--labels={key}={value}"));
        }
    }

    pub(super) fn newlines(&mut self, keys: &[&str]) {
        for key in keys {
            let is_line = |value: &[u8]| {
                value.iter().position(|b| *b == b'\n') == value.len().checked_sub(1)
                    && !value.is_empty()
            };
            if self.get(key).is_some_and(is_line) {
                let name = self.named.unwrap_or("the consumer");
                let words = format!("ends with a newline, which {name} does not remove");
                self.key(key, &NEWLINE, words, format!("drop it: --trim-newline={key}"));
            }
        }
    }
}

pub(super) fn has(secret: &Secret, key: &str) -> bool {
    value(secret, key).is_some()
}

pub(super) fn has_all(secret: &Secret, keys: &[&str]) -> bool {
    keys.iter().all(|key| has(secret, key))
}

/// The value of a label of that key.
pub(super) fn label<'a>(secret: &'a Secret, key: &str) -> Option<&'a str> {
    secret.metadata.labels.get(key).map(String::as_str)
}

/// The annotations whose keys begin like that.
pub(super) fn annotations<'a>(
    secret: &'a Secret,
    prefix: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let all = secret.metadata.annotations.iter();
    all.map(|(key, value)| (key.as_str(), value.as_str()))
        .filter(move |(key, _)| key.starts_with(prefix))
}

/// Whether two names are the same but for their case and for what separates their words.
pub(super) fn is_like(a: &str, b: &str) -> bool {
    let letters = |name: &str| {
        let kept: Vec<u8> = name.bytes().filter(u8::is_ascii_alphanumeric).collect();
        kept.to_ascii_lowercase()
    };
    a.len().abs_diff(b.len()) <= 4 && letters(a) == letters(b)
}

/// Whether Go's `strconv.ParseInt` reads these bytes.
pub(super) fn is_int(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.parse::<i64>().is_ok())
}

/// Whether Go's `strconv.ParseBool` reads these bytes.
pub(super) fn is_bool(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| crate::golang::bools::parse_bool(text).is_ok())
}
