//! A Docker configuration (`config.json`, or the older `.dockercfg`), as a kubelet and as Docker
//! read it.
//!
//! The kubelet's rules (`DockerConfigEntry.UnmarshalJSON` in
//! `k8s.io/kubernetes/pkg/credentialprovider`): `auth` comes before `username` and `password`, is
//! base64 with or without padding, and splits at its first colon; one entry that it cannot read
//! makes all others void. Names of fields are Go's: in any case of letters, the last one counts.

mod write;

pub(crate) use write::write;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use zeroize::Zeroizing;

use super::docker_server::Server;
use crate::golang::{
    self,
    base64::Padding,
    json::{self, Fault, Shape},
};
use crate::secret::Value;

/// Which servers a file has logins for, and where it says they are.
pub(crate) struct DockerConfig {
    pub entries: BTreeMap<Server, Entry>,
    /// The program that keeps the logins (`credsStore`).
    pub store: Option<HelperName>,
    /// The programs that keep those of single servers (`credHelpers`).
    pub helpers: BTreeMap<Server, HelperName>,
    /// The same by the usual forms of the servers' names.
    usual_helpers: BTreeMap<String, HelperName>,
    /// Servers with an empty name of a program: their logins stand in the file, whatever program
    /// keeps the others (`getConfiguredCredentialStore` in `cli/config/configfile`).
    without_helper: BTreeSet<Vec<u8>>,
    /// Which of the two forms it has.
    pub form: Form,
    /// Servers that are in it more than once, with the line of the last one.
    pub repeated: Vec<(Server, usize)>,
    /// The line of a second `auths`, whose servers are added to those of the first.
    pub second_auths: Option<usize>,
}

/// The two forms of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `config.json`: the servers stand in `auths`.
    Config,
    /// `.dockercfg`: the servers stand at the top.
    Legacy,
}

impl Form {
    /// The key under which a Secret has it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Config => ".dockerconfigjson",
            Self::Legacy => ".dockercfg",
        }
    }
}

/// What a file has of a server.
pub(crate) struct Entry {
    /// The line where it stands.
    pub line: usize,
    /// Its login, or why there is none.
    pub login: Result<Login, NoLogin>,
}

pub(crate) struct Login {
    pub username: Value,
    /// The password; empty only beside an identity token.
    pub password: Value,
    /// An e-mail address, which nobody asks for.
    pub email: Value,
    /// What Docker sends in the password's place. A kubelet does not know it.
    pub identity_token: Option<Value>,
    /// What `username` says beside `auth`, which counts.
    pub other_name: Option<OtherName>,
}

/// A `username` that is not that of `auth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherName {
    /// It has a colon, at which `auth` splits.
    Colon,
    Else,
}

/// The name of a program that keeps logins, without its `docker-credential-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HelperName(Option<String>);

impl HelperName {
    fn new(text: &[u8]) -> Self {
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-._".contains(b);
        let text = std::str::from_utf8(text).ok().filter(|text| text.bytes().all(|b| plain(&b)));
        Self(text.map(str::to_owned))
    }

    /// The program's name, where it is one and no path.
    pub(crate) fn program(&self) -> Option<String> {
        self.0.as_ref().map(|name| format!("docker-credential-{name}"))
    }
}

impl fmt::Display for HelperName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.program() {
            Some(program) => f.write_str(&program),
            None => f.write_str("a program that has no proper name"),
        }
    }
}

/// What a program that keeps logins answers (`docker-credential-helpers`): an object with the
/// user's name and the secret. The name `<token>` says that the secret is an identity token.
pub(crate) fn parse_reply(answer: &[u8]) -> Option<Login> {
    let top = json::read(answer).ok()?;
    let (mut username, mut secret) = (None, None);
    for (key, value) in top.members() {
        match field(key, &["Username", "Secret"]) {
            Some("Username") => username = value.text().or(username),
            Some(_) => secret = value.text().or(secret),
            None => {}
        }
    }
    let (username, secret) = (username?, Value::from(secret?));
    if secret.is_empty() || username.is_empty() {
        return None;
    }
    if username.as_slice() == b"<token>" {
        let nothing = || Value::new(Vec::new());
        return Some(Login { identity_token: Some(secret), ..Login::new(nothing(), nothing()) });
    }
    Some(Login::new(Value::from(username), secret))
}

/// The text of a file that may have a byte order mark or be UTF-16, as Windows writes it.
pub(crate) fn plain_text(bytes: &[u8]) -> PlainText<'_> {
    let units: fn([u8; 2]) -> u16 = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return PlainText::Given(rest),
        [0xff, 0xfe, ..] | [b'{', 0, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] | [0, b'{', ..] => u16::from_be_bytes,
        _ => return PlainText::Given(bytes),
    };
    let pairs = bytes.chunks_exact(2).map(|pair| units([pair[0], pair[1]]));
    let text = char::decode_utf16(pairs).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len() / 2 * 3));
    for c in text.filter(|c| *c != '\u{feff}') {
        plain.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    PlainText::Made(plain)
}

/// What [`plain_text`] gives: a part of what it was given, or a text of its own, which is wiped.
pub(crate) enum PlainText<'a> {
    Given(&'a [u8]),
    Made(Zeroizing<Vec<u8>>),
}

impl std::ops::Deref for PlainText<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Given(bytes) => bytes,
            Self::Made(bytes) => bytes,
        }
    }
}

impl Login {
    /// A user's name and a password.
    pub(crate) fn new(username: Value, password: Value) -> Self {
        let email = Value::new(Vec::new());
        Self { username, password, email, identity_token: None, other_name: None }
    }

    /// Whether zero bytes surround the password. Docker once filled up `auth` with them, and drops
    /// them when it reads one (`decodeAuth` in `cli/config/configfile`); a kubelet does not.
    pub(crate) fn has_zero_bytes(&self) -> bool {
        let password = self.password.as_bytes();
        password.first() == Some(&0) || password.last() == Some(&0)
    }

    /// The login as Docker reads it, without them.
    #[must_use]
    pub(crate) fn without_zero_bytes(self) -> Self {
        if !self.has_zero_bytes() {
            return self;
        }
        let is_text = |b: &u8| *b != 0;
        let password = self.password.as_bytes();
        let start = password.iter().position(is_text).unwrap_or(password.len());
        let end = password.iter().rposition(is_text).map_or(start, |at| at + 1);
        let password = Value::new(password.get(start..end).unwrap_or_default().to_vec());
        Self { password, ..self }
    }

    /// Whether it logs in as the other does.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.username == other.username
            && self.password == other.password
            && self.identity_token == other.identity_token
    }
}

/// Why a server has no login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoLogin {
    AuthEncoding,
    /// What `auth` holds has no colon.
    AuthNoColon,
    /// There is neither `auth` nor `username` and `password`.
    Empty,
    NoPassword,
    /// The user's name is empty.
    NoUsername,
    /// There is only a registry token, which a kubelet does not know.
    RegistryToken,
    /// A field has the wrong type.
    Type {
        /// The field; empty for the entry itself.
        field: &'static str,
        found: Shape,
    },
}

impl NoLogin {
    /// Whether a kubelet reads none of the file's logins for it.
    pub(crate) fn spoils_all(self) -> bool {
        match self {
            Self::AuthEncoding | Self::AuthNoColon | Self::Type { .. } => true,
            Self::Empty | Self::NoPassword | Self::NoUsername | Self::RegistryToken => false,
        }
    }
}

impl fmt::Display for NoLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthEncoding => f.write_str("its auth is not base64"),
            Self::AuthNoColon => f.write_str("its auth does not decode to USER:PASSWORD"),
            Self::Empty => f.write_str("it has no login"),
            Self::NoPassword => f.write_str("its password is empty"),
            Self::NoUsername => f.write_str("its user name is empty"),
            Self::RegistryToken => {
                f.write_str("it has only a registry token, which a kubelet does not support")
            }
            Self::Type { field: "", found } => write!(f, "it is {found}, not an object"),
            Self::Type { field, found } => write!(f, "its {field} is {found}, not a string"),
        }
    }
}

/// Why a file is no Docker configuration at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{0}")]
    Json(Fault),
    #[error("{part} is {found}, not {wanted} (line {line})")]
    Type { part: &'static str, found: Shape, wanted: &'static str, line: usize },
}

impl DockerConfig {
    /// Reads a file of either form.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ConfigError> {
        let top = json::read(bytes).map_err(ConfigError::Json)?;
        if !matches!(top.shape(), Shape::Object | Shape::Null) {
            return Err(wrong("the whole", top, "an object"));
        }
        let mut config = Self {
            entries: BTreeMap::new(),
            store: None,
            helpers: BTreeMap::new(),
            usual_helpers: BTreeMap::new(),
            without_helper: BTreeSet::new(),
            form: Form::Config,
            repeated: Vec::new(),
            second_auths: None,
        };
        let mut has_auths = false;
        for (key, value) in top.members() {
            match field(key, &["auths", "credsStore", "credHelpers", "HttpHeaders"]) {
                Some("auths") => {
                    if has_auths {
                        config.second_auths = Some(key.line());
                    }
                    has_auths = true;
                    config.add_entries("auths", value)?;
                }
                Some("credsStore") => config.store = helper_name(value).or(config.store),
                Some("credHelpers") => config.add_helpers(value),
                Some(headers) => check_headers(headers, value)?,
                None => {}
            }
        }
        let known = config.store.is_some() || !config.helpers.is_empty();
        if !has_auths && !known && top.members().any(|(_, value)| is_login(value)) {
            config.form = Form::Legacy;
            config.add_entries("the whole", top)?;
        }
        Ok(config)
    }

    fn add_entries(
        &mut self,
        part: &'static str,
        servers: json::Value<'_>,
    ) -> Result<(), ConfigError> {
        if !matches!(servers.shape(), Shape::Object | Shape::Null) {
            return Err(wrong(part, servers, "an object"));
        }
        let mut lines = json::Lines::default();
        for (name, entry) in servers.members() {
            let entry = Entry { line: lines.of(name), login: login(entry) };
            // As in a map of Go, the last one of a name counts.
            let (server, line) = (Server::new(text(name).to_vec()), entry.line);
            if self.entries.insert(server.clone(), entry).is_some() {
                self.repeated.push((server, line));
            }
        }
        Ok(())
    }

    fn add_helpers(&mut self, helpers: json::Value<'_>) {
        for (server, name) in helpers.members() {
            let server = Server::new(text(server).to_vec());
            if name.text().is_some_and(|name| name.is_empty()) {
                self.without_helper.insert(server.plain());
            }
            if let Some(name) = helper_name(name) {
                self.usual_helpers.extend(server.usual().map(|usual| (usual, name.clone())));
                self.helpers.insert(server, name);
            }
        }
    }

    /// Whether it names no server, beside those of Docker's own tokens.
    pub(crate) fn names_no_server(&self) -> bool {
        self.entries.keys().all(Server::is_token_of_docker)
    }

    /// The program that keeps the login of that server: its own one, also under another form of
    /// the server's name, or the one for all.
    pub(crate) fn helper(&self, server: &Server) -> Option<&HelperName> {
        if !self.without_helper.is_empty() && self.without_helper.contains(&server.plain()) {
            return None;
        }
        let own = self.helpers.get(server);
        own.or_else(|| self.usual_helpers.get(&server.usual()?)).or(self.store.as_ref())
    }
}

fn wrong(part: &'static str, value: json::Value<'_>, wanted: &'static str) -> ConfigError {
    ConfigError::Type { part, found: value.shape(), wanted, line: value.line() }
}

/// Which of the fields a key names, in any case of letters, as Go folds them.
fn field(key: json::Value<'_>, fields: &[&'static str]) -> Option<&'static str> {
    let fold = |text: &str| text.to_lowercase().to_uppercase();
    let name = text(key);
    let folded = fold(std::str::from_utf8(&name).ok()?);
    fields.iter().copied().find(|field| fold(field) == folded)
}

fn text(value: json::Value<'_>) -> Zeroizing<Vec<u8>> {
    value.text().unwrap_or_default()
}

/// An empty name stands for none.
fn helper_name(value: json::Value<'_>) -> Option<HelperName> {
    value.text().filter(|name| !name.is_empty()).map(|name| HelperName::new(&name))
}

/// Headers are nothing to a kubelet, but it reads them, and fails on what are none.
fn check_headers(part: &'static str, headers: json::Value<'_>) -> Result<(), ConfigError> {
    if !matches!(headers.shape(), Shape::Object | Shape::Null) {
        return Err(wrong(part, headers, "an object"));
    }
    let mut values = headers.members().map(|(_, value)| value);
    match values.find(|value| !matches!(value.shape(), Shape::String | Shape::Null)) {
        Some(value) => Err(wrong("a header in HttpHeaders", value, "a string")),
        None => Ok(()),
    }
}

const FIELDS: [&str; 6] =
    ["auth", "username", "password", "email", "identitytoken", "registrytoken"];

/// Whether it looks like the login of a server.
fn is_login(value: json::Value<'_>) -> bool {
    value.members().any(|(key, _)| field(key, &FIELDS).is_some_and(|field| field != "email"))
}

fn login(entry: json::Value<'_>) -> Result<Login, NoLogin> {
    if !matches!(entry.shape(), Shape::Object | Shape::Null) {
        return Err(NoLogin::Type { field: "", found: entry.shape() });
    }
    let mut texts = [const { None }; FIELDS.len()];
    for (key, value) in entry.members() {
        let Some(name) = field(key, &FIELDS) else { continue };
        let slot = FIELDS.iter().position(|field| *field == name).and_then(|at| texts.get_mut(at));
        match (value.text(), slot) {
            (Some(text), Some(slot)) => *slot = Some(text),
            // Nothing but Docker reads a token.
            _ if value.shape() == Shape::Null || name.ends_with("token") => {}
            _ => return Err(NoLogin::Type { field: name, found: value.shape() }),
        }
    }
    let [auth, username, password, email, token, registry_token] =
        texts.map(Option::unwrap_or_default);
    let token = (!token.is_empty()).then(|| Value::from(token));
    let (username, password, other_name) = if auth.is_empty() {
        (username, password, None)
    } else {
        let decoded = decode(&auth).ok_or(NoLogin::AuthEncoding)?;
        let colon = decoded.iter().position(|b| *b == b':').ok_or(NoLogin::AuthNoColon)?;
        let (name, rest) = decoded.split_at(colon);
        let other = match username.strip_prefix(name) {
            _ if username.is_empty() => None,
            Some(b"") => None,
            Some([b':', ..]) => Some(OtherName::Colon),
            // A name that is no UTF-8 is whole in auth alone.
            _ if golang::utf8::lossy(name).as_bytes() == username.as_slice() => None,
            _ => Some(OtherName::Else),
        };
        (Zeroizing::new(name.to_vec()), Zeroizing::new(rest[1..].to_vec()), other)
    };
    let (username, password) = (Value::from(username), Value::from(password));
    if token.is_none() {
        match (username.is_empty(), password.is_empty()) {
            (true, true) if auth.is_empty() && !registry_token.is_empty() => {
                return Err(NoLogin::RegistryToken);
            }
            (true, true) if auth.is_empty() => return Err(NoLogin::Empty),
            (true, _) => return Err(NoLogin::NoUsername),
            (_, true) => return Err(NoLogin::NoPassword),
            (false, false) => {}
        }
    }
    Ok(Login { username, password, email: Value::from(email), identity_token: token, other_name })
}

/// Padding is there whole or not at all.
fn decode(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let is_padded = text.trim_ascii().ends_with(b"=");
    let padding = if is_padded { Padding::Required } else { Padding::Absent };
    golang::base64::decode(text, padding).ok()
}

#[cfg(test)]
mod tests;
