//! `--registry`: a login in one value, `server=…,username=…,password-file=…`, in the way of Docker's
//! `--mount`: a line of comma-separated pairs.

use zeroize::Zeroizing;

use crate::flags::{self, Flag, FlagKind, List};
use crate::golang::csv::{CsvError, read_record};
use crate::material::docker_config::Login;
use crate::material::docker_server::{Oddity, Server};
use crate::secret::Value;
use crate::sources::{Origin, ReadError, bytes_of, path_of, word_of};
use crate::types::{Build, Variable};

pub(super) const REGISTRY: Flag<List> =
    flags::list("registry", "KEY=VALUE,…", "Add a login: server=…,username=…,… [repeatable]")
        .kind(FlagKind::Login);
const KEYS: [&str; 4] = ["server", "username", "password-file", "password-env"];

/// The logins that `--registry` gives, in their order.
pub(super) fn take(asked: &Build<'_>) -> Result<Vec<(Server, Login, Origin)>, RegistryFault> {
    let values = flags::values(asked.flags, &REGISTRY).enumerate();
    values
        .map(|(i, value)| {
            let origin = Origin::flag(REGISTRY.name, i + 1);
            match login(asked, &bytes_of(value)) {
                Ok((server, login)) => Ok((server, login, origin)),
                Err(error) => Err(RegistryFault { error, origin }),
            }
        })
        .collect()
}

fn login(asked: &Build<'_>, value: &[u8]) -> Result<(Server, Login), RegistryError> {
    let [server, username, file, variable] = pairs(value)?;
    let needed = |value: Option<Zeroizing<Vec<u8>>>, key| {
        value.filter(|value| !value.is_empty()).ok_or(RegistryError::Missing { key })
    };
    let server = needed(server, "server")?;
    if server.contains(&b'=') {
        return Err(RegistryError::Unparted);
    }
    let server = Server::new(server.to_vec()).canonical();
    if server.oddities().contains(&Oddity::NoHost) {
        return Err(RegistryError::NoHost);
    }
    let username = Value::from(needed(username, "username")?);
    let password = match (file, variable) {
        (Some(_), Some(_)) => return Err(RegistryError::TwoPasswords),
        (None, None) => return Err(RegistryError::NoPassword { server }),
        (Some(path), None) => {
            let path = path_of(&path);
            let password = asked.inputs.read(&path).map_err(RegistryError::Read)?;
            password.without_final_newline()
        }
        (None, Some(name)) => {
            let name = word_of(name.to_vec());
            let password = asked.inputs.secret_variable(&name);
            password.ok_or(RegistryError::Unset(Variable(name)))?
        }
    };
    if password.is_empty() && !asked.takes_empty() {
        return Err(RegistryError::EmptyPassword);
    }
    Ok((server, Login::new(username, password)))
}

fn pairs(value: &[u8]) -> Result<[Option<Zeroizing<Vec<u8>>>; KEYS.len()], RegistryError> {
    let record =
        read_record(value).map_err(|error| RegistryError::List { len: value.len(), error })?;
    if record.more {
        return Err(RegistryError::Lines);
    }
    let of = record.fields.len();
    let mut values = [const { None }; KEYS.len()];
    for (i, part) in record.fields.into_iter().map(Zeroizing::new).enumerate() {
        let nth = i + 1;
        let Some(equals) = part.iter().position(|b| *b == b'=') else {
            return Err(RegistryError::NoEquals { nth, of, len: part.len() });
        };
        let key = part[..equals].to_ascii_lowercase();
        let Some(at) = KEYS.iter().position(|known| known.as_bytes() == key) else {
            return Err(unknown(&key, nth, of));
        };
        if let Some(slot) = values.get_mut(at) {
            if slot.is_some() {
                return Err(RegistryError::Twice { key: KEYS[at] });
            }
            *slot = Some(Zeroizing::new(part[equals + 1..].to_vec()));
        }
    }
    Ok(values)
}

/// What stands before the `=` may be a part of a password with a comma in it, and is not shown.
fn unknown(key: &[u8], nth: usize, of: usize) -> RegistryError {
    if let Some(known) = KEYS.iter().find(|known| known.as_bytes() == key.trim_ascii()) {
        return RegistryError::Blank { nth, of, key: known };
    }
    if key.trim_ascii() == b"password" {
        return RegistryError::PlainPassword;
    }
    let key = std::str::from_utf8(key).unwrap_or_default();
    let known = [("host", "server"), ("registry", "server"), ("user", "username")];
    let known = known.iter().find(|(other, _)| *other == key).map(|(_, known)| *known);
    let alike = || {
        let near = KEYS.iter().map(|known| (strsim::jaro(key, known), *known));
        near.filter(|(near, _)| *near > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, k)| k)
    };
    RegistryError::UnknownKey { nth, of, similar: known.or_else(alike) }
}

/// A `--registry` that gives no login, and which one it is.
#[derive(Debug, thiserror::Error)]
#[error("{origin}: {error}")]
pub(crate) struct RegistryFault {
    pub error: RegistryError,
    pub origin: Origin,
}

/// Why a `--registry` gives no login.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryError {
    #[error("pair {nth} of {of} has a space around its key {key}")]
    Blank { nth: usize, of: usize, key: &'static str },
    #[error("the password is empty")]
    EmptyPassword,
    #[error("it has several lines")]
    Lines,
    #[error("not a list of pairs ({len} bytes, not shown): {error}")]
    List {
        /// Its length in bytes.
        len: usize,
        /// What is wrong, with line and column.
        error: CsvError,
    },
    #[error("{key}= is missing or empty")]
    Missing { key: &'static str },
    #[error("pair {nth} of {of} is not KEY=VALUE ({len} bytes, not shown)")]
    NoEquals {
        nth: usize,
        of: usize,
        /// Its length in bytes.
        len: usize,
    },
    #[error("server= is not a host")]
    NoHost,
    #[error("password-file= or password-env= is missing")]
    NoPassword { server: Server },
    #[error("password= is not accepted: it would be visible in the process list")]
    PlainPassword,
    #[error("{0}")]
    Read(ReadError),
    #[error("{key}= is given twice")]
    Twice { key: &'static str },
    #[error("password-file= and password-env= cannot be used together")]
    TwoPasswords,
    #[error("pair {nth} of {of} has an unknown key, expected {}", KEYS.join(", "))]
    UnknownKey {
        nth: usize,
        of: usize,
        /// The key that was meant, perhaps.
        similar: Option<&'static str>,
    },
    #[error("the value of server= contains another '=': separate the pairs with commas")]
    Unparted,
    #[error("password-env=: {0}")]
    Unset(Variable),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values, or what is wrong.
    fn words(value: &str) -> String {
        match pairs(value.as_bytes()) {
            Err(error) => error.to_string(),
            Ok(values) => {
                let texts = values.iter().map(|value| match value {
                    Some(value) => String::from_utf8_lossy(value).into_owned(),
                    None => "-".to_owned(),
                });
                texts.collect::<Vec<_>>().join("|")
            }
        }
    }

    #[test]
    fn values() {
        let keys = "has an unknown key, expected server, username, password-file, password-env";
        let rows = [
            ("server=a,username=b,password-file=c", "a|b|c|-".to_owned()),
            ("password-env=c,Username=b=x,SERVER=", "|b=x|-|c".to_owned()),
            ("server=a,\"username=b,c\"", "a|b,c|-|-".to_owned()),
            ("", "-|-|-|-".to_owned()),
            ("ghcr.io", "pair 1 of 1 is not KEY=VALUE (7 bytes, not shown)".to_owned()),
            ("server=a,robot", "pair 2 of 2 is not KEY=VALUE (5 bytes, not shown)".to_owned()),
            ("server=a,server=b", "server= is given twice".to_owned()),
            ("server=a,hunter=2", format!("pair 2 of 2 {keys}")),
            ("server=a,password=p", RegistryError::PlainPassword.to_string()),
            ("server=a, username=b", "pair 2 of 2 has a space around its key username".to_owned()),
            ("server =a", "pair 1 of 1 has a space around its key server".to_owned()),
            ("server=a, password=p", RegistryError::PlainPassword.to_string()),
            ("server=a\nserver=b", "it has several lines".to_owned()),
            (
                "server=\"a",
                "not a list of pairs (9 bytes, not shown): parse error on line 1, column 8: bare \" in \
                 non-quoted-field"
                    .to_owned(),
            ),
        ];
        for (value, want) in rows {
            assert_eq!(words(value), want, "{value}");
        }
    }

    #[test]
    fn keys_that_were_meant() {
        let rows = [
            ("user=b", Some("username")),
            ("host=b", Some("server")),
            ("pasword-file=b", Some("password-file")),
            ("hunter=2", None),
            ("=b", None),
        ];
        for (value, want) in rows {
            let Err(RegistryError::UnknownKey { similar, .. }) = pairs(value.as_bytes()) else {
                panic!("{value} is taken")
            };
            assert_eq!(similar, want, "{value}");
        }
    }
}
