//! What people regret of a value, whatever the type of its Secret: marks that a program left in it,
//! and texts that are not the value that was meant.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::tls::{DateFault, rules as tls_rules};
use super::{BOOTSTRAP_TOKEN, Context, TLS, ValueFault, value_fault};
use crate::material::chain::{self, ChainPlace};
use crate::material::hints::mark_hints;
use crate::material::text_mark::TextMark;
use crate::secret::Secret;
use crate::sources::{Origin, shell_word};
use crate::validate::{At, Place, Report, Rule, RuleInfo};

pub(super) static RULES: &[&RuleInfo] =
    &[&BLANK, &CARRIAGE_RETURNS, &DOUBLE_BASE64, &PLACEHOLDER, &QUOTES];

static BLANK: RuleInfo = RuleInfo::warning(
    "value/outer-blank",
    "A short value of one line begins or ends with a blank or a tab, as it remains from an env \
     file or from copying. It is part of the value: a password with it is another password.",
);
pub(crate) static CARRIAGE_RETURNS: RuleInfo = RuleInfo::warning(
    "value/crlf",
    "The lines of the value end with CRLF, as programs on Windows write them. Shells, OpenSSH and \
     many readers of configuration files take the carriage return for a part of the line.",
);
static DOUBLE_BASE64: RuleInfo = RuleInfo::warning(
    "value/double-base64",
    "The decoded value is base64 of printable text: it was probably encoded twice. Under data a \
     value is encoded once; under stringData, --from-literal and --from-file it is not encoded at \
     all. Readers of the Secret get the value decoded once.",
);
static PLACEHOLDER: RuleInfo = RuleInfo::warning(
    "value/placeholder",
    "The whole value is a word in place of a value, such as changeme, <password>, REDACTED \
     or DATA+OMITTED (which kubectl config view prints in place of certificates and keys).",
);
static QUOTES: RuleInfo = RuleInfo::warning(
    "value/quotes",
    "The value begins and ends with the same quote. Env files of kubectl and kustomize have no \
     quoting, and shells remove only the outer quotes, so these are part of the value.",
);

/// What is wrong with a value.
#[derive(Debug)]
enum ValueFinding {
    Blank,
    CarriageReturns {
        lines: usize,
    },
    Date {
        place: ChainPlace,
        fault: DateFault,
    },
    DoubleBase64 {
        /// How many bytes it decodes to.
        len: usize,
    },
    Empty,
    Fault(ValueFault),
    Placeholder,
    Quotes,
}

impl fmt::Display for ValueFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => {
                f.write_str("begins or ends with a blank, which becomes part of the value")
            }
            Self::CarriageReturns { lines: 1 } => {
                f.write_str("has 1 line that ends with CRLF, as on Windows")
            }
            Self::CarriageReturns { lines } => {
                write!(f, "has {lines} lines that end with CRLF, as on Windows")
            }
            Self::Date { place, fault } => write!(f, "{place} {fault}"),
            Self::DoubleBase64 { len } => {
                write!(f, "is base64 of {len} bytes of text: it may have been encoded twice")
            }
            Self::Empty => f.write_str("is empty"),
            Self::Fault(fault) => fault.fmt(f),
            Self::Placeholder => f.write_str("is a placeholder, not a value"),
            Self::Quotes => f.write_str("is in quotes, which become part of the value"),
        }
    }
}

impl Rule for ValueFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Blank => &BLANK,
            Self::CarriageReturns { .. } => &CARRIAGE_RETURNS,
            Self::Date { fault, .. } => tls_rules::of_date(fault),
            Self::DoubleBase64 { .. } => &DOUBLE_BASE64,
            Self::Empty => &value_fault::EMPTY,
            Self::Fault(fault) => fault.info(),
            Self::Placeholder => &PLACEHOLDER,
            Self::Quotes => &QUOTES,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        let file = at.origin.and_then(|origin: &Origin| origin.path.as_deref()).map(shell_word);
        match self {
            Self::Date { fault, .. } => crate::hints::Fault::hints(fault),
            Self::Fault(ValueFault::Mark(mark)) => mark_hints(*mark, at.origin),
            Self::CarriageReturns { .. } => match file {
                Some(file) => vec![format!("convert it: tr -d '\\r' < {file} > unix.txt")],
                None => vec!["convert the line ends to LF".to_owned()],
            },
            Self::DoubleBase64 { .. } => match file {
                Some(file) => vec![format!("decode it first: base64 -d < {file} > decoded")],
                None => vec!["pass it as it is before base64".to_owned()],
            },
            Self::Fault(ValueFault::Expired(_) | ValueFault::Expires(_)) => {
                vec![
                    "use one that does not expire, or recreate the Secret on a schedule".to_owned(),
                ]
            }
            Self::Blank
            | Self::Empty
            | Self::Fault(ValueFault::FinalNewline | ValueFault::Newline)
            | Self::Placeholder
            | Self::Quotes => Vec::new(),
        }
    }
}

/// Looks at each value in which no rule of the type has found anything: these rules guess, and those
/// know what the value has to be.
pub(super) fn check(secret: &Secret, context: &Context<'_>, report: &mut Report) {
    let secret_type = secret.secret_type.as_str();
    // An expiration or a description of a bootstrap token may be empty.
    let allow_empty = context.allow_empty || context.is_built || secret_type == BOOTSTRAP_TOKEN;
    for (key, value) in &secret.data {
        if report.is_about(key) {
            continue;
        }
        let (name, value) = (key.as_str(), value.as_bytes());
        let mut found = |finding| report.push_new(Place::Key(name.to_owned()), finding);
        if value.is_empty() && !allow_empty {
            found(ValueFinding::Empty);
        }
        // The rules of TLS have looked at the pair; a CA that was given with it, its flag has.
        if value.starts_with(b"-----BEGIN CERTIFICATE-----")
            && !(secret_type == TLS && (context.is_built || name == "tls.crt"))
        {
            of_certificates(value, context, &mut found);
        }
        of_value(name, value, context, &mut found);
    }
}

fn of_value(key: &str, value: &[u8], context: &Context<'_>, found: &mut impl FnMut(ValueFinding)) {
    let (Some(first), Some(last)) = (value.first(), value.last()) else { return };
    if let Some(mark) = mark(key.as_bytes(), value) {
        found(ValueFinding::Fault(ValueFault::Mark(mark)));
    }
    if value.len() > LEN_MAX {
        of_lines(value, found);
        return;
    }
    if is_stray(key.as_bytes(), value) {
        found(ValueFinding::Fault(ValueFault::FinalNewline));
    } else if *last == b'\n' || value.contains(&b'\n') {
        of_lines(value, found);
        return;
    }
    let line = value.trim_ascii_end();
    let is_file = || is_file(key.as_bytes());
    if is_quoted(line) && is_text(value) && !is_file() {
        found(ValueFinding::Quotes);
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    if (is_blank(first) || is_blank(last)) && is_text(value) && !is_file() {
        found(ValueFinding::Blank);
    }
    if is_placeholder(line) {
        found(ValueFinding::Placeholder);
    }
    if let Some(len) = encoded_text(line) {
        found(ValueFinding::DoubleBase64 { len });
    }
    if first.eq_ignore_ascii_case(&b'e') {
        ValueFault::expiry(value, context.now).map(ValueFinding::Fault).map(found);
    }
}

fn of_lines(value: &[u8], found: &mut impl FnMut(ValueFinding)) {
    if !value.contains(&b'\r') || value.contains(&0) {
        return;
    }
    let lines = value.windows(2).filter(|pair| pair == b"\r\n").count();
    if lines > 0 && std::str::from_utf8(value).is_ok() {
        found(ValueFinding::CarriageReturns { lines });
    }
}

fn of_certificates(value: &[u8], context: &Context<'_>, found: &mut impl FnMut(ValueFinding)) {
    const SHOWN: usize = 3;
    let members = chain::members(value);
    let now = (context.now)();
    let fault_of = |member: &chain::Member| {
        DateFault::at(now, member.certificate.not_before, member.certificate.not_after)
    };
    let roots: Vec<_> = members.iter().filter(|member| member.is_root()).collect();
    // In a bundle of CAs, clients skip those that have expired: a rotation leaves the old one in it.
    let has_valid_root = roots.len() > 1 && roots.iter().any(|root| fault_of(root).is_none());
    let needed = members.iter().filter(|member| !(has_valid_root && member.is_root()));
    let faults = needed.filter_map(|member| {
        Some(ValueFinding::Date { place: member.place.clone(), fault: fault_of(member)? })
    });
    faults.take(SHOWN).for_each(found);
}

/// Passwords and tokens are no longer; what is longer is a file.
const LEN_MAX: usize = 1024;
/// Files of lines, in which a line ends with a newline, by their usual names.
const FILES: &[&str] = &[
    ".dockercfg",
    ".dockerconfigjson",
    ".git-credentials",
    ".gitconfig",
    ".htpasswd",
    ".netrc",
    ".npmrc",
    ".pgpass",
    ".pypirc",
    "auth",
    "authorized_keys",
    "cloud",
    "htpasswd",
    "known_hosts",
    "pgpass",
    "service_tokens",
    "ssh-publickey",
    "users",
    "users_roles",
];
/// The same, by how their names end.
const ENDINGS: &[&str] = &[
    "agekey",
    "cfg",
    "cnf",
    "conf",
    "config",
    "env",
    "ini",
    "json",
    "properties",
    "pub",
    "sh",
    "sql",
    "toml",
    "xml",
    "yaml",
    "yml",
];

/// Whether a key is that of a file of lines.
fn is_file(key: &[u8]) -> bool {
    let ending = key.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    FILES.iter().any(|name| name.as_bytes() == key)
        || (ending.len() < key.len() && ENDINGS.iter().any(|end| end.as_bytes() == ending))
}

/// The mark of a text that becomes part of the value. Docker's configurations have rules of their
/// own; a long text in UTF-8 is a file, whose programs pass over a mark.
pub(crate) fn mark(key: &[u8], value: &[u8]) -> Option<TextMark> {
    let utf16 = match value {
        [0xff, 0xfe, ..] => u16::from_le_bytes as fn([u8; 2]) -> u16,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [0xef, 0xbb, 0xbf, ..] if value.len() <= LEN_MAX && !is_file(key) => {
            return Some(TextMark::Utf8);
        }
        // Without a byte order mark, a short one.
        [0, ..] | [_, 0, ..] if value.len() <= LEN_MAX => return TextMark::of(value),
        _ => return None,
    };
    let (units, []) = value[2..].as_chunks() else { return None };
    let known = |c: char| !c.is_control() || c.is_whitespace();
    let mut text = char::decode_utf16(units.iter().map(|unit| utf16(*unit)));
    let is_text = text.all(|c| c.is_ok_and(known));
    (is_text && !units.is_empty() && !key.starts_with(b".dockerc"))
        .then_some(TextMark::Utf16("UTF-16"))
}

/// Whether the only newline of a short value is its last byte, and the key is not that of a file
/// of lines. A PEM block always has more than one.
pub(crate) fn is_stray(key: &[u8], value: &[u8]) -> bool {
    value.len() <= LEN_MAX
        && value.ends_with(b"\n")
        && value.iter().position(|byte| *byte == b'\n') == value.len().checked_sub(1)
        && is_text(value)
        && !is_file(key)
}

/// Whether a text is in quotes, and has none of them inside.
fn is_quoted(line: &[u8]) -> bool {
    let [quote @ (b'"' | b'\'' | b'`'), inner @ .., last] = line else { return false };
    quote == last && !inner.contains(quote)
}

/// Whether a value is text and not binary data.
fn is_text(value: &[u8]) -> bool {
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    std::str::from_utf8(value).is_ok_and(|text| !text.contains(is_control))
}

/// Texts in place of a value, in lower case and with `-` for what separates words.
const PLACEHOLDERS: &[&str] = &[
    "change-it",
    "change-me",
    "change-me-please",
    "change-this",
    "changeit",
    "changeme",
    "data+omitted",
    "dummy",
    "enter-your-password",
    "enter-your-password-here",
    "fill-me-in",
    "fixme",
    "insert-password-here",
    "insert-your-password-here",
    "my-secret-password",
    "password-here",
    "placeholder",
    "put-your-password-here",
    "redacted",
    "replace-me",
    "replace-this",
    "replace-with-your-password",
    "replaceme",
    "secret-here",
    "tbd",
    "to-be-replaced",
    "todo",
    "token-here",
    "your-api-key",
    "your-api-key-here",
    "your-password",
    "your-password-here",
    "your-secret",
    "your-secret-here",
    "your-secret-key",
    "your-token",
    "your-token-here",
    "yourpassword",
];
const PLACEHOLDER_LEN_MAX: usize = 64;

/// Whether a whole value is a placeholder: one of the known words, a name in angle brackets, or one
/// character many times.
fn is_placeholder(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    if text.len() > PLACEHOLDER_LEN_MAX {
        return false;
    }
    match line {
        [b'<', inner @ .., b'>'] => {
            let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b" -_.".contains(byte);
            !inner.is_empty()
                && inner.iter().all(is_word)
                && inner.iter().any(u8::is_ascii_alphabetic)
        }
        [first @ (b'x' | b'X' | b'*'), rest @ ..] => {
            rest.len() >= 2 && rest.iter().all(|byte| byte == first)
        }
        [
            b'c' | b'C' | b'd' | b'D' | b'e' | b'E' | b'f' | b'F' | b'i' | b'I' | b'm' | b'M'
            | b'p' | b'P' | b'r' | b'R' | b's' | b'S' | b't' | b'T' | b'y' | b'Y' | b'[' | b'{'
            | b'_',
            ..,
        ] => {
            let inner = text.trim_matches(|c: char| "[]{}_!".contains(c));
            let word: String = inner
                .chars()
                .map(|c| if matches!(c, '_' | ' ') { '-' } else { c.to_ascii_lowercase() })
                .collect();
            let known = PLACEHOLDERS.binary_search(&word.as_str()).is_ok();
            Zeroizing::new(word);
            known
        }
        _ => false,
    }
}

/// How many bytes of text a text is the base64 of; `None` if it is not. Words are short and random
/// texts decode to what is not printable, so the shortest that are looked at have padding or 16
/// characters.
fn encoded_text(line: &[u8]) -> Option<usize> {
    let shortest = if line.ends_with(b"=") { 8 } else { 16 };
    if line.len() < shortest || !line.len().is_multiple_of(4) {
        return None;
    }
    // The first four characters tell most other texts apart.
    let is_printable =
        |bytes: &[u8]| bytes.iter().all(|b| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r'));
    let mut head = Zeroizing::new([0; 3]);
    let len = STANDARD.decode_slice(line.get(..4)?, head.as_mut_slice()).ok()?;
    if len < 3 || !is_printable(head.as_slice()) {
        return None;
    }
    let mut decoded = Zeroizing::new(vec![0; line.len() / 4 * 3]);
    let len = STANDARD.decode_slice(line, &mut decoded).ok()?;
    decoded.truncate(len);
    is_printable(&decoded).then_some(len)
}

#[cfg(test)]
mod tests;
