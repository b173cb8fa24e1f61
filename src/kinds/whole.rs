//! What people regret of a Secret as a whole, whatever its type: its size, its keys together, its
//! annotations.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use zeroize::Zeroizing;

use super::{
    ALL, BOOTSTRAP_TOKEN, Context, DOCKERCONFIGJSON, OPAQUE, SERVICE_ACCOUNT_TOKEN, of, value_fault,
};
use crate::golang::json;
use crate::secret::{DataKey, Secret, Value};
use crate::shown;
use crate::similar::nearest;
use crate::validate::{At, DATA_MAX, Place, Report, Rule, RuleInfo};

pub(super) static RULES: &[&RuleInfo] =
    &[&KEY_NOT_ENV, &LAST_APPLIED, &NEAR_LIMIT, &REPEATS_VALUE, &UNKNOWN_TYPE];

static KEY_NOT_ENV: RuleInfo = RuleInfo::warning(
    "data/key-not-env",
    "All other keys are names of environment variables, and no shell can read this one as $KEY. \
     With envFrom, kubelets before version 1.32 skip such a key; later ones set a variable that \
     shells cannot name.",
);
static LAST_APPLIED: RuleInfo = RuleInfo::warning(
    "annotations/last-applied",
    "The annotation kubectl.kubernetes.io/last-applied-configuration contains the values of the \
     Secret a second time, where tools show annotations in plain text. kubectl apply writes it; \
     kubectl apply --server-side and mksecret --apply do not.",
);
static NEAR_LIMIT: RuleInfo = RuleInfo::warning(
    "data/near-limit",
    "The values are over 80 % of what a Secret may hold (1,048,576 bytes). One more file and the \
     API server rejects it.",
);
static REPEATS_VALUE: RuleInfo = RuleInfo::warning(
    "annotations/repeats-value",
    "An annotation contains a value of the Secret. Annotations are not secret: tools and logs show \
     them, and whoever may list Secrets' metadata reads them.",
);
pub(crate) static UNKNOWN_TYPE: RuleInfo = RuleInfo::warning(
    "type/unknown",
    "The type is not one of Kubernetes', but is similar to one, so neither the API server nor \
     mksecret checks what the Secret contains.",
);

const LAST_APPLIED_KEY: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What is wrong with a Secret.
#[derive(Debug)]
enum WholeFinding {
    KeyNotEnv,
    LastApplied,
    NearLimit { total: usize },
    NoData,
    RepeatsValue { key: String },
    UnknownType { near: &'static str },
}

impl fmt::Display for WholeFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyNotEnv => f.write_str(
                "is not a valid name of an environment variable, and all other keys are",
            ),
            Self::LastApplied => f.write_str("contains the values of the Secret in plain sight"),
            Self::NearLimit { total } => {
                write!(f, "{total} bytes, over 80 % of the {DATA_MAX} that are allowed")
            }
            Self::NoData => f.write_str("is empty: the Secret has no data"),
            Self::RepeatsValue { key } => {
                write!(f, "contains the value of data[{}]", shown::Name(key))
            }
            Self::UnknownType { .. } => {
                f.write_str("is not a built-in type, so nothing is checked")
            }
        }
    }
}

impl Rule for WholeFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::KeyNotEnv => &KEY_NOT_ENV,
            Self::LastApplied => &LAST_APPLIED,
            Self::NearLimit { .. } => &NEAR_LIMIT,
            Self::NoData => &value_fault::NO_DATA,
            Self::RepeatsValue { .. } => &REPEATS_VALUE,
            Self::UnknownType { .. } => &UNKNOWN_TYPE,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        match self {
            Self::KeyNotEnv => vec!["use letters, digits and '_'".to_owned()],
            Self::LastApplied | Self::RepeatsValue { .. } => {
                vec!["leave out the annotation".to_owned()]
            }
            Self::NearLimit { .. } => vec!["split it into several Secrets".to_owned()],
            Self::NoData => Vec::new(),
            Self::UnknownType { near } => vec![format!("did you mean {near}?")],
        }
    }
}

/// Looks at what the fields of a Secret are together.
pub(super) fn check(secret: &Secret, context: &Context<'_>, report: &mut Report) {
    let secret_type = secret.secret_type.as_str();
    if !context.is_built
        && let Some(near) = similar_type(secret_type)
    {
        report.push(Place::Type, WholeFinding::UnknownType { near });
    }
    let requires_nothing = of(secret_type).is_none_or(|known| known.keys.is_empty())
        && secret_type != SERVICE_ACCOUNT_TOKEN;
    if !context.is_built && secret.data.is_empty() && requires_nothing {
        report.push(Place::Data, WholeFinding::NoData);
    }
    let total: usize = secret.data.values().map(Value::len).sum();
    if total > DATA_MAX / 10 * 8 && total <= DATA_MAX {
        report.push(Place::Data, WholeFinding::NearLimit { total });
    }
    if let Some(key) = key_not_env(secret) {
        report.push(Place::Key(key.to_owned()), WholeFinding::KeyNotEnv);
    }
    for (key, text) in &secret.metadata.annotations {
        let place = || Place::Annotation(key.clone());
        if key == LAST_APPLIED_KEY {
            if !context.is_built && holds_values(text) {
                report.push(place(), WholeFinding::LastApplied);
            }
        } else if let Some(key) = repeated_value(text, secret) {
            report.push(place(), WholeFinding::RepeatsValue { key });
        }
    }
}

/// The type of Kubernetes that is written short, in other letters, by its subcommand here or with a
/// slip.
pub(crate) fn similar_type(given: &str) -> Option<&'static str> {
    if given.is_empty() || of(given).is_some() {
        return None;
    }
    let whole = || ALL.iter().map(|known| known.name);
    let short = given.to_ascii_lowercase();
    let known = match short.as_str() {
        "generic" => OPAQUE,
        "docker-registry" => DOCKERCONFIGJSON,
        "bootstrap-token" => BOOTSTRAP_TOKEN,
        "token" => return None,
        short => short,
    };
    let tail = |whole: &'static str| whole.rsplit('/').next().unwrap_or_default();
    let short = whole().find(|whole| whole.eq_ignore_ascii_case(known) || tail(whole) == known);
    if short.is_some() {
        return short;
    }
    // Under Kubernetes' own names there are others, for volumes: those are not near.
    let (_, typed) =
        known.rsplit_once('/').filter(|(group, _)| group.ends_with("kubernetes.io"))?;
    let near = nearest(typed, whole().map(tail))?;
    whole().find(|whole| tail(whole) == near)
}

/// The only key that is not the name of a variable where all others are, in upper case.
fn key_not_env(secret: &Secret) -> Option<&str> {
    let is_env = |key: &str| {
        !key.starts_with(|c: char| c.is_ascii_digit())
            && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let is_variable = |key: &str| {
        !key.starts_with(|c: char| c.is_ascii_digit())
            && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let mut others = secret.data.keys().map(DataKey::as_str).filter(|key| !is_env(key));
    let odd = others.next()?;
    let is_odd = others.next().is_none() && secret.data.len() > 2;
    // What has a dot is a file.
    (is_odd && !is_variable(odd) && !odd.contains('.')).then_some(odd)
}

/// Whether the JSON of a Secret holds values.
fn holds_values(text: &str) -> bool {
    let Ok(object) = json::read(text.trim_ascii().as_bytes()) else { return false };
    object.members().any(|(key, value)| {
        key.text().is_some_and(|key| matches!(key.as_slice(), b"data" | b"stringData"))
            && value.members().next().is_some()
    })
}

/// The key of a value that a text contains. Only what looks like a password is searched for, since
/// names and addresses are in annotations for good reasons; base64 is there for none.
fn repeated_value(text: &str, secret: &Secret) -> Option<String> {
    const SHORTEST: usize = 8;
    let found = secret.data.iter().find(|(_, value)| {
        let bytes = value.as_bytes();
        if bytes.len() < SHORTEST || bytes.len() > text.len() {
            return false;
        }
        let is_there = |needle: &[u8]| memmem::find(text.as_bytes(), needle).is_some();
        let encoded = || Zeroizing::new(STANDARD.encode(bytes));
        (is_password(bytes) && is_there(bytes)) || is_there(encoded().as_bytes())
    });
    found.map(|(key, _)| key.as_str().to_owned())
}

/// Whether a text has what passwords have: letters in both cases or with digits, and no address.
fn is_password(bytes: &[u8]) -> bool {
    let has = |kind: fn(&u8) -> bool| bytes.iter().any(kind);
    let classes = [
        has(u8::is_ascii_lowercase),
        has(u8::is_ascii_uppercase),
        has(u8::is_ascii_digit),
        has(u8::is_ascii_punctuation),
    ];
    let is_address = memmem::find(bytes, b"://").is_some() || bytes.contains(&b'.');
    classes.into_iter().filter(|has| *has).count() >= 2
        && !is_address
        && !bytes.contains(&b' ')
        && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests;
