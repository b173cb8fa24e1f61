//! The forms of names and labels (`k8s.io/apimachinery/pkg/api/validate/content`).
//!
//! The server measures lengths in bytes; positions here are characters, counted from 1.

use std::fmt;

/// The most bytes of a subdomain (`DNS1123SubdomainMaxLength`).
const SUBDOMAIN_MAX: usize = 253;
/// The most bytes of a DNS label, of the name part of a qualified name, and of a label's value.
const LABEL_MAX: usize = 63;

/// The form that a text should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    DnsLabel,
    /// The form of [`Form::QualifiedName`], or empty: a label's value.
    LabelValue,
    /// `([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]`: the name part of a label's key.
    QualifiedName,
    /// DNS labels with dots between: the name of a Secret.
    Subdomain,
}

impl Form {
    /// The rule in the server's words.
    fn words(self) -> &'static str {
        match self {
            Self::DnsLabel => {
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \
                 '-', and must start and end with an alphanumeric character"
            }
            Self::LabelValue => {
                "a valid label must be an empty string or consist of alphanumeric characters, \
                 '-', '_' or '.', and must start and end with an alphanumeric character"
            }
            Self::QualifiedName => {
                "must consist of alphanumeric characters, '-', '_' or '.', and must start and end \
                 with an alphanumeric character"
            }
            Self::Subdomain => {
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
                 characters, '-' or '.', and must start and end with an alphanumeric character"
            }
        }
    }

    /// The rule in a few words, for somebody who is typing.
    pub(crate) fn in_short(self) -> &'static str {
        match self {
            Self::DnsLabel => "only lower case letters, digits and '-'",
            Self::LabelValue | Self::QualifiedName => "only letters, digits, '-', '_' and '.'",
            Self::Subdomain => "only lower case letters, digits, '-' and '.'",
        }
    }

    /// Whether a text may start and end with `c`.
    fn is_end(self, c: char) -> bool {
        match self {
            Self::DnsLabel | Self::Subdomain => c.is_ascii_lowercase() || c.is_ascii_digit(),
            Self::LabelValue | Self::QualifiedName => c.is_ascii_alphanumeric(),
        }
    }

    /// The position where `text`, which is not empty, leaves the form.
    fn leaves_at(self, text: &str) -> Option<usize> {
        let (mut at, mut last) = (0, None);
        for c in text.chars() {
            at += 1;
            let fits = match c {
                _ if self.is_end(c) => true,
                '-' => last.is_some_and(|l| l != '.' || self != Self::Subdomain),
                '.' if self == Self::Subdomain => last.is_some_and(|l| self.is_end(l)),
                '.' | '_' => matches!(self, Self::LabelValue | Self::QualifiedName) && at > 1,
                _ => false,
            };
            if !fits {
                return Some(at);
            }
            last = Some(c);
        }
        last.filter(|&c| !self.is_end(c)).map(|_| at)
    }

    /// All faults of `text`, which is not empty.
    pub(crate) fn faults(self, text: &str) -> Vec<TextFault> {
        let max = if self == Self::Subdomain { SUBDOMAIN_MAX } else { LABEL_MAX };
        let mut faults = Vec::new();
        if text.len() > max {
            faults.push(TextFault::TooLong { len: text.len(), max });
        }
        if let Some(at) = self.leaves_at(text) {
            let dots = self == Self::DnsLabel && Self::Subdomain.leaves_at(text).is_none();
            faults.push(if dots { TextFault::Dots } else { TextFault::Form { at, form: self } });
        }
        faults
    }
}

/// Why a text does not have its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextFault {
    /// Dots, and nothing else wrong with a namespace.
    Dots,
    Empty,
    Form {
        /// The character, counted from 1, that cannot stand there.
        at: usize,
        /// The form it should have.
        form: Form,
    },
    /// More than `max` bytes.
    TooLong {
        /// Its bytes.
        len: usize,
        /// The most bytes that are allowed.
        max: usize,
    },
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dots => f.write_str("must not contain dots"),
            Self::Empty => f.write_str("must be non-empty"),
            Self::Form { at, form } => write!(f, "{} (see character {at})", form.words()),
            Self::TooLong { len, max } => write!(f, "must be no more than {max} bytes, has {len}"),
        }
    }
}

/// Why a text is no qualified name: an optional subdomain and `/`, then a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// The part after the `/`, or all of it.
    Name(TextFault),
    /// The part before the `/`.
    Prefix(TextFault),
    Slashes,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(fault) => write!(f, "name part {fault}"),
            Self::Prefix(fault) => write!(f, "prefix part {fault}"),
            Self::Slashes => f.write_str(
                "a valid label key is a name with an optional DNS subdomain prefix and one '/' \
                 (e.g. 'example.com/MyName')",
            ),
        }
    }
}

/// The faults of a Secret's name (`NameIsDNSSubdomain`; empty is refused beside it).
pub(crate) fn subdomain(text: &str) -> Vec<TextFault> {
    if text.is_empty() { vec![TextFault::Empty] } else { Form::Subdomain.faults(text) }
}

/// The faults of a namespace's name (`IsDNS1123Label`).
pub(super) fn dns_label(text: &str) -> Vec<TextFault> {
    if text.is_empty() { vec![TextFault::Empty] } else { Form::DnsLabel.faults(text) }
}

/// The faults of a label's value (`IsLabelValue`).
pub(super) fn label_value(text: &str) -> Vec<TextFault> {
    Form::LabelValue.faults(text)
}

/// The faults of a label's key (`IsLabelKey`).
pub(super) fn label_key(text: &str) -> Vec<KeyFault> {
    let (prefix, name) = match text.split_once('/') {
        Some((_, name)) if name.contains('/') => return vec![KeyFault::Slashes],
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    let mut faults = Vec::new();
    if let Some(prefix) = prefix {
        faults.extend(subdomain(prefix).into_iter().map(KeyFault::Prefix));
    }
    if name.is_empty() {
        faults.push(KeyFault::Name(TextFault::Empty));
    } else {
        faults.extend(Form::QualifiedName.faults(name).into_iter().map(KeyFault::Name));
    }
    faults
}

/// The faults of an annotation's key: a label's key once it is in lower case
/// (`ValidateAnnotations`).
pub(super) fn annotation_key(text: &str) -> Vec<KeyFault> {
    // Go's strings.ToLower maps these two alone from outside ASCII into it, one character to one
    // character; what it makes of the others stays outside and is refused in either case.
    let lower = |c| match c {
        '\u{130}' => 'i',
        '\u{212a}' => 'k',
        _ => c.to_ascii_lowercase(),
    };
    label_key(&text.chars().map(lower).collect::<String>())
}

/// A valid name for a Secret near `name`: in lower case, `-` for what cannot stand there, cut to
/// the length that is allowed. `None` where `name` is valid, and where nothing of it would stay.
pub(crate) fn suggest_name(name: &str) -> Option<String> {
    if subdomain(name).is_empty() {
        return None;
    }
    let mut near = String::new();
    for c in name.chars().map(|c| c.to_ascii_lowercase()) {
        if near.len() == SUBDOMAIN_MAX {
            break;
        }
        let after_end = near.ends_with(|l| Form::Subdomain.is_end(l));
        match c {
            _ if Form::Subdomain.is_end(c) => near.push(c),
            '.' => {
                near.truncate(near.trim_end_matches(['-', '.']).len());
                if !near.is_empty() {
                    near.push('.');
                }
            }
            '-' if after_end || near.ends_with('-') => near.push('-'),
            _ if after_end => near.push('-'),
            _ => {}
        }
    }
    near.truncate(near.trim_end_matches(['-', '.']).len());
    (!near.is_empty()).then_some(near)
}

/// A valid name for a namespace near `name`, likewise. `None` also where there is a digit or
/// another character than names have: `-n` takes the next word whatever it is, a password as well,
/// and that would be shown.
pub(crate) fn suggest_namespace(name: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphabetic() || "-_.".contains(c);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_name) {
        return None;
    }
    let near = suggest_name(name).unwrap_or_else(|| name.to_owned()).replace('.', "-");
    let near = near.get(..LABEL_MAX).unwrap_or(&near).trim_end_matches('-');
    (near != name && dns_label(near).is_empty()).then(|| near.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrong(form: Form, at: usize) -> TextFault {
        TextFault::Form { at, form }
    }

    #[test]
    fn subdomains_and_dns_labels() {
        let long = "a".repeat(254);
        let both = format!("{}_", &long[..253]);
        let too_long = |max| TextFault::TooLong { len: 254, max };
        let (sub, label) = (Form::Subdomain, Form::DnsLabel);
        let rows: &[(&str, Vec<TextFault>, Vec<TextFault>)] = &[
            ("a", vec![], vec![]),
            ("0-9--z", vec![], vec![]),
            ("a.b-c.0", vec![], vec![TextFault::Dots]),
            ("", vec![TextFault::Empty], vec![TextFault::Empty]),
            ("a_b", vec![wrong(sub, 2)], vec![wrong(label, 2)]),
            ("Bad", vec![wrong(sub, 1)], vec![wrong(label, 1)]),
            ("-a", vec![wrong(sub, 1)], vec![wrong(label, 1)]),
            ("a-", vec![wrong(sub, 2)], vec![wrong(label, 2)]),
            (".a", vec![wrong(sub, 1)], vec![wrong(label, 1)]),
            ("a.", vec![wrong(sub, 2)], vec![wrong(label, 2)]),
            ("a..b", vec![wrong(sub, 3)], vec![wrong(label, 2)]),
            ("a.-b", vec![wrong(sub, 3)], vec![wrong(label, 2)]),
            ("a-.b", vec![wrong(sub, 3)], vec![wrong(label, 3)]),
            ("ab\n", vec![wrong(sub, 3)], vec![wrong(label, 3)]),
            ("aé b", vec![wrong(sub, 2)], vec![wrong(label, 2)]),
            (&long[..253], vec![], vec![TextFault::TooLong { len: 253, max: 63 }]),
            (&long[..63], vec![], vec![]),
            (&long, vec![too_long(253)], vec![too_long(63)]),
            (&both, vec![too_long(253), wrong(sub, 254)], vec![too_long(63), wrong(label, 254)]),
        ];
        for (text, want_subdomain, want_label) in rows {
            assert_eq!(subdomain(text), *want_subdomain, "{text:?}");
            assert_eq!(dns_label(text), *want_label, "{text:?}");
        }
    }

    #[test]
    fn label_values() {
        let long = "a".repeat(64);
        let rows: &[(&str, Vec<TextFault>)] = &[
            ("", vec![]),
            ("A", vec![]),
            ("a_.-B", vec![]),
            (&long[..63], vec![]),
            (&long, vec![TextFault::TooLong { len: 64, max: 63 }]),
            ("-a", vec![wrong(Form::LabelValue, 1)]),
            ("_", vec![wrong(Form::LabelValue, 1)]),
            ("a.", vec![wrong(Form::LabelValue, 2)]),
            ("a/b", vec![wrong(Form::LabelValue, 2)]),
            ("aé", vec![wrong(Form::LabelValue, 2)]),
        ];
        for (text, want) in rows {
            assert_eq!(label_value(text), *want, "{text:?}");
        }
    }

    #[test]
    fn label_and_annotation_keys() {
        use KeyFault::{Name, Prefix, Slashes};
        let name = |at| Name(wrong(Form::QualifiedName, at));
        let prefix = |at| Prefix(wrong(Form::Subdomain, at));
        let long = "a".repeat(254);
        let longest = format!("{}/{}", &long[..253], &long[..63]);
        let longer = format!("{long}/{}", &long[..64]);
        let longer_faults = vec![
            Prefix(TextFault::TooLong { len: 254, max: 253 }),
            Name(TextFault::TooLong { len: 64, max: 63 }),
        ];
        let kelvin = format!("{}\u{212a}", &long[..62]);
        let rows: &[(&str, Vec<KeyFault>, Vec<KeyFault>)] = &[
            ("app", vec![], vec![]),
            ("App.x_y-Z", vec![], vec![]),
            ("example.com/App", vec![], vec![]),
            ("Example.com/App", vec![prefix(1)], vec![]),
            (&longest, vec![], vec![]),
            (&longer, longer_faults.clone(), longer_faults),
            ("", vec![Name(TextFault::Empty)], vec![Name(TextFault::Empty)]),
            ("a/", vec![Name(TextFault::Empty)], vec![Name(TextFault::Empty)]),
            ("/a", vec![Prefix(TextFault::Empty)], vec![Prefix(TextFault::Empty)]),
            (
                "/",
                vec![Prefix(TextFault::Empty), Name(TextFault::Empty)],
                vec![Prefix(TextFault::Empty), Name(TextFault::Empty)],
            ),
            ("a/b/c", vec![Slashes], vec![Slashes]),
            ("a_b/c", vec![prefix(2)], vec![prefix(2)]),
            ("a b", vec![name(2)], vec![name(2)]),
            ("-a", vec![name(1)], vec![name(1)]),
            ("a_", vec![name(2)], vec![name(2)]),
            ("\u{130}\u{212a}/x", vec![prefix(1)], vec![]),
            (&kelvin, vec![Name(TextFault::TooLong { len: 65, max: 63 }), name(63)], vec![]),
            ("\u{212b}", vec![name(1)], vec![name(1)]),
        ];
        for (text, want_label, want_annotation) in rows {
            assert_eq!(label_key(text), *want_label, "{text:?}");
            assert_eq!(annotation_key(text), *want_annotation, "{text:?}");
        }
    }

    #[test]
    fn suggestions() {
        let long = format!("{}-_b", "a".repeat(252));
        let rows: &[(&str, Option<&str>)] = &[
            ("a", None),
            ("", None),
            ("é", None),
            ("-._", None),
            ("Bad_Name", Some("bad-name")),
            ("a b", Some("a-b")),
            ("a  _b", Some("a-b")),
            ("a--_b", Some("a--b")),
            ("-a-", Some("a")),
            ("a..b", Some("a.b")),
            ("._a_._b_.", Some("a.b")),
            ("MY_APP.env", Some("my-app.env")),
            (&long, Some(&long[..252])),
        ];
        for (name, want) in rows {
            assert_eq!(suggest_name(name).as_deref(), *want, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_suggestion_is_valid(name in "[a-cA-C0-2._ é-]{0,300}") {
            let near = suggest_name(&name);
            let hopeless = !name.contains(|c: char| c.is_ascii_alphanumeric());
            prop_assert_eq!(near.is_none(), hopeless || subdomain(&name).is_empty());
            prop_assert_eq!(near.map(|n| subdomain(&n)).unwrap_or_default(), vec![]);
        }
    }

    #[test]
    fn namespaces_nearby() {
        let long = format!("A{}", "b".repeat(80));
        let rows = [
            ("Shop", Some("shop")),
            ("my_shop", Some("my-shop")),
            ("shop.prod", Some("shop-prod")),
            ("shop-", Some("shop")),
            ("-shop", None),
            ("shop,web", None),
            (&long, Some(&long.to_lowercase()[..63])),
            ("Hunter2", None),
            ("my_p4ss", None),
            ("shop", None),
            ("_", None),
        ];
        for (name, want) in rows {
            assert_eq!(suggest_namespace(name).as_deref(), want, "{name}");
        }
    }
}
