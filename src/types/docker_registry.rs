//! `docker-registry`: a login to a container registry, for `imagePullSecrets`.

use clap::Arg;
use zeroize::Zeroizing;

use super::build::{Build, BuildError, Built, Warning};
use super::credential::{Credential, credential};
use super::generic::{add_files, file_flag};
use super::newline::Newlines;
use super::{Ask, SecretType};
use crate::flags;
use crate::secret::hash::push_json_bytes;
use crate::secret::manifest::push_base64;
use crate::secret::{DataKey, Value};
use crate::sources::{Origin, bytes_of};

const SERVER: &str = "docker-server";
const USERNAME: &str = "docker-username";
const PASSWORD: &str = "docker-password";
const PASSWORD_WAYS: Credential = credential!("password", plain "docker-password");
const EMAIL: &str = "docker-email";
/// The key under `data`, by the API.
const KEY: &str = ".dockerconfigjson";
const DEFAULT_SERVER: &str = "https://index.docker.io/v1/";

pub(super) const ROW: SecretType = SecretType {
    name: "docker-registry",
    about: "Create a Secret with a login to a container registry",
    details: "\
The Secret has the type kubernetes.io/dockerconfigjson and is named under imagePullSecrets of a Pod
or a service account. It is made from a user name and a password, or from a file that
`docker login` wrote.",
    examples: "\
# A login to a registry
mksecret docker-registry pull --docker-server=registry.example.com \\
  --docker-username=robot --docker-password=secret

# The logins of a Docker configuration
mksecret docker-registry pull --from-file=$HOME/.docker/config.json",
    name_word: "NAME",
    name_optional: false,
    flags,
    takes_over: &[],
    asks: &[
        Ask::optional(SERVER),
        Ask::needed(USERNAME),
        Ask::needed(PASSWORD),
        Ask::optional(EMAIL),
    ],
    build,
};

fn flags() -> Vec<Arg> {
    let flags = vec![
        flags::text(SERVER, "HOST", "Name the registry [default: https://index.docker.io/v1/]"),
        flags::text(USERNAME, "NAME", "Name the user"),
        flags::text(PASSWORD, "PASSWORD", "Give the password"),
        flags::text(EMAIL, "ADDRESS", "Give an e-mail address"),
        file_flag(),
    ];
    flags.into_iter().chain(PASSWORD_WAYS.flags()).collect()
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let mut built = asked.start("kubernetes.io/dockerconfigjson");
    if flags::values(asked.flags, "from-file").any(|value| !value.is_empty()) {
        let ignored: Vec<_> = [SERVER, USERNAME, PASSWORD, EMAIL]
            .into_iter()
            .chain(PASSWORD_WAYS.ways().filter(|flag| *flag != PASSWORD))
            .filter(|flag| flags::is_given(asked.flags, flag))
            .collect();
        if !ignored.is_empty() {
            built.warnings.push(Warning::DockerFlagsIgnored { flags: ignored });
        }
        add_files(asked, &mut built, Some(KEY), &mut Newlines::new(asked))?;
        return Ok(built);
    }
    let (login, origin) = Login::take(asked)?;
    if let Ok(key) = DataKey::parse(KEY) {
        built.add_checked(key, login.config_json(), origin)?;
    }
    Ok(built)
}

/// A login as the flags give it: raw bytes, since `auth` holds them as they are.
struct Login {
    server: Vec<u8>,
    username: Zeroizing<Vec<u8>>,
    password: Value,
    email: Vec<u8>,
}

impl Login {
    fn take(asked: &Build<'_>) -> Result<(Self, Origin), BuildError> {
        let matches = asked.flags;
        let bytes = |flag| bytes_of(&flags::value(matches, flag)).into_owned();
        let server = flags::given(matches, SERVER)
            .map_or_else(|| DEFAULT_SERVER.into(), |server| bytes_of(&server).into_owned());
        let username = Zeroizing::new(bytes(USERNAME));
        let (password, origin) = PASSWORD_WAYS
            .take(asked)?
            .unwrap_or_else(|| (Value::new(Vec::new()), Origin::flag(PASSWORD, 1)));
        let missing: Vec<_> =
            [(SERVER, server.as_slice()), (USERNAME, &username), (PASSWORD, password.as_bytes())]
                .into_iter()
                .filter_map(|(flag, value)| value.is_empty().then_some(flag))
                .collect();
        if !missing.is_empty() {
            return Err(DockerError::Incomplete { missing }.into());
        }
        Ok((Self { server, username, password, email: bytes(EMAIL) }, origin))
    }

    /// `{"auths":{SERVER:{"username":…,"password":…,"email":…,"auth":…}}}`, compact and escaped as
    /// Go writes it.
    fn config_json(&self) -> Value {
        let lens = [&self.server, &*self.username, &self.email].map(Vec::len);
        // An escape makes at most six bytes of one; `auth` is never longer than that either.
        let room = (lens.iter().sum::<usize>() + self.password.len()) * 8 + 128;
        let mut json = Zeroizing::new(Vec::with_capacity(room));
        let field = |before: &[u8], value: &[u8], json: &mut Vec<u8>| {
            json.extend_from_slice(before);
            push_json_bytes(value, json);
        };
        field(b"{\"auths\":{", &self.server, &mut json);
        field(b":{\"username\":", &self.username, &mut json);
        field(b",\"password\":", self.password.as_bytes(), &mut json);
        if !self.email.is_empty() {
            field(b",\"email\":", &self.email, &mut json);
        }
        json.extend_from_slice(b",\"auth\":\"");
        let pair =
            Zeroizing::new([self.username.as_slice(), b":", self.password.as_bytes()].concat());
        push_base64(&pair, &mut json);
        json.extend_from_slice(b"\"}}}");
        Value::from(json)
    }
}

/// Why a Docker registry's Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub enum DockerError {
    /// Neither a file nor a whole login.
    #[error(
        "either --from-file or the combination of --docker-username, --docker-password and \
         --docker-server is required"
    )]
    Incomplete {
        /// The flags that are missing or empty.
        missing: Vec<&'static str>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_json_has_raw_bytes_in_auth_alone() {
        let login = Login {
            server: b"a<b".to_vec(),
            username: Zeroizing::new(b"u".to_vec()),
            password: Value::new(b"p\xff".to_vec()),
            email: Vec::new(),
        };
        let want = "{\"auths\":{\"a\\u003cb\":{\"username\":\"u\",\"password\":\"p\\ufffd\",\
                    \"auth\":\"dTpw/w==\"}}}";
        assert_eq!(login.config_json().as_text(), Some(want));
    }
}
