//! What a scalar of YAML is, as go-yaml 2 resolves it.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};

use super::fault::Reason;
use super::{Content, Text};
use crate::golang::base64::{self, Padding};
use crate::golang::floats;
use crate::print::yaml::{Plain, is_time_text, plain};

/// What YAML's own tags begin with.
const TAGS: &str = "tag:yaml.org,2002:";

/// A scalar whose type is known.
pub(super) struct Scalar<'a> {
    text: Cow<'a, str>,
    plain: Plain,
    pub(super) is_merge: bool,
    pub(super) is_binary: bool,
}

impl<'a> Scalar<'a> {
    pub(super) fn new(
        text: Cow<'a, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
    ) -> Result<Self, Reason> {
        let is_unquoted = style == ScalarStyle::Plain;
        let Some(tag) = tag else {
            let is_merge = is_unquoted && text == "<<";
            let plain = if is_unquoted { plain(&text) } else { Plain::Text };
            return Ok(Self { text, plain, is_merge, is_binary: false });
        };
        let own = tag.suffix_in_namespace(TAGS);
        let own = own.as_deref().unwrap_or_default();
        let is_binary = own == "binary";
        let text = if is_binary { from_base64(&text).ok_or(Reason::Base64)? } else { text };
        let is_alike = |plain: &Plain| match own {
            "bool" => matches!(plain, Plain::Bool(_)),
            "int" => matches!(plain, Plain::Integer(_)),
            "float" => matches!(plain, Plain::Integer(_) | Plain::Float | Plain::NoJson),
            "null" => *plain == Plain::Null,
            _ => true,
        };
        let plain = match own {
            "bool" | "int" | "float" | "null" => plain(&text),
            _ => Plain::Text,
        };
        if !is_alike(&plain) || (own == "timestamp" && !is_time_text(&text)) {
            return Err(Reason::Type);
        }
        let is_merge = text == "<<" && (own == "merge" || is_not_specific(tag));
        Ok(Self { text, plain, is_merge, is_binary })
    }

    /// The key that `sigs.k8s.io/yaml` makes of it; `None` if there is none.
    pub(super) fn key(&self) -> Option<Text<'a>> {
        Some(match &self.plain {
            Plain::Null => return None,
            Plain::Bool(true) => "true".into(),
            Plain::Bool(false) => "false".into(),
            // Beyond 63 bits, an integer is unsigned, and no key.
            Plain::Integer(digits) => digits.parse::<i64>().ok().map(|_| digits.clone().into())?,
            Plain::Float => short_float(self.float()?).into(),
            Plain::NoJson if self.text.contains(['N', 'a', 'A']) => ".nan".into(),
            Plain::NoJson if self.text.starts_with('-') => "-.inf".into(),
            Plain::NoJson => ".inf".into(),
            Plain::Text => self.text.clone().into(),
        })
    }

    /// The same, without a copy of what the parser made.
    pub(super) fn into_key(self) -> Option<Text<'a>> {
        if self.plain == Plain::Text { Some(self.text.into()) } else { self.key() }
    }

    pub(super) fn into_content(self) -> Content<'a> {
        match &self.plain {
            Plain::Null => Content::Null,
            Plain::Bool(value) => Content::Bool(*value),
            Plain::NoJson => Content::Infinite,
            Plain::Float => match self.float() {
                Some(value) => Content::Number(floats::json(value).into()),
                None => Content::Infinite,
            },
            Plain::Integer(digits) if *digits == self.text => Content::Number(self.text.into()),
            Plain::Integer(digits) => Content::Number(digits.clone().into()),
            Plain::Text => Content::Text(self.text.into()),
        }
    }

    fn float(&self) -> Option<f64> {
        floats::parse(&self.text).or_else(|| floats::parse(&self.text.replace('_', "")))
    }
}

/// Whether it is `!`.
fn is_not_specific(tag: &Tag) -> bool {
    matches!((tag.handle(), tag.suffix()), ("", "!") | ("!", ""))
}

fn from_base64(text: &str) -> Option<Cow<'static, str>> {
    let bytes = base64::decode(text.as_bytes(), Padding::Required).ok()?;
    Some(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
}

/// A key as `strconv.FormatFloat(value, 'g', -1, 32)` writes it.
fn short_float(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "kubectl's keys have 32 bits")]
    let value = value as f32;
    if value.is_infinite() {
        return if value < 0.0 { "-.inf" } else { ".inf" }.to_owned();
    }
    let digits = format!("{value:e}");
    match digits.split_once('e').map(|(digits, exponent)| (digits, exponent.parse::<i32>())) {
        Some((digits, Ok(exponent))) if !(-4..6).contains(&exponent) => {
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        _ => value.to_string(),
    }
}
