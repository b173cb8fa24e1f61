//! `basic-auth`: a user name and a password, for Git and HTTP.

use zeroize::Zeroizing;

use super::BuildError;
use super::build::{Build, Built, has_scheme};
use super::credential::{Credential, credential, use_one_way};
use super::rules;
use super::{Ask, Contents, SecretType, extras};
use crate::flags::{self, Flag, FlagKind, Single, Switch, global};
use crate::hints::{Fault, SAME_RUN};
use crate::kinds;
use crate::material::htpasswd;
use crate::material::htpasswd::HtpasswdError;
use crate::secret::Value;
use crate::sources::{Origin, bytes_of};
use crate::validate::{At, Rule, RuleInfo};

const USERNAME: Flag<Single> = flags::text("username", "NAME", "Set the user name");
const PASSWORD: Flag<Single> =
    flags::text("password", "PASSWORD", "Set the password, visible in the process list")
        .kind(FlagKind::Secret);
const PASSWORD_WAYS: Credential = credential!("password", plain PASSWORD, "password");
const HTPASSWD: Flag<Switch> =
    flags::switch("htpasswd", "Add an htpasswd line (bcrypt) as the key auth");
/// The key in which ingress controllers look for users.
const AUTH: &str = "auth";

pub(super) const ROW: SecretType = SecretType {
    name: "basic-auth",
    about: "Create a Secret with a user name and a password",
    details: "\
The type is kubernetes.io/basic-auth, with the keys username and password. Here, --username and
--password set the contents of the Secret; in kubectl they log in to the cluster. --htpasswd adds
the key auth with a line as htpasswd -B writes it, by which ingress controllers authenticate users.
--password-file and --password-stdin drop one trailing newline. On a terminal, mksecret asks for a
password if neither a user name nor a password is given, or if only --htpasswd needs it.",
    examples: "\
# A login to a Git server, the password from a file
mksecret basic-auth git --username=robot \\
  --password-file=token

# A user of an ingress
mksecret basic-auth site --username=ann \\
  --password-stdin --htpasswd < password

# A token without a user name, and the server's CA
mksecret basic-auth git --password-env=GIT_TOKEN \\
  --ca=ca.crt",
    required: "--username=NAME --password-stdin",
    name_optional: false,
    empty_name: false,
    flags,
    takes_over: &[USERNAME.name, PASSWORD.name],
    asks: &[Ask::optional(USERNAME.name), Ask::optional(PASSWORD.name)],
    contents: Contents::Typed,
    build,
};

fn flags() -> Vec<Flag> {
    let plain = &[USERNAME.any(), PASSWORD.any()];
    [plain as &[_], &PASSWORD_WAYS.flags(), &[HTPASSWD.any()], &extras::flags()].concat()
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let username = flags::given(asked.flags, &USERNAME)
        .map(|name| Zeroizing::new(bytes_of(&name).into_owned()));
    let mut password = PASSWORD_WAYS.take(asked)?;
    let adds_line = flags::is_on(asked.flags, &HTPASSWD);
    // A user name is enough for a Secret, but not for the line of --htpasswd.
    let has_name = username.as_ref().is_some_and(|name| !name.is_empty());
    if password.is_none() && if adds_line { has_name } else { username.is_none() } {
        password = PASSWORD_WAYS.ask_for_missing(asked, "")?;
    }
    if username.is_none() && password.is_none() {
        return Err(BasicAuthError::Incomplete.into());
    }
    let mut built = asked.start(kinds::BASIC_AUTH);
    warn_of_cluster_flags(asked, &mut built);
    if adds_line {
        let (Some(name), Some((password, _))) = (&username, &password) else {
            return Err(BasicAuthError::HtpasswdIncomplete.into());
        };
        let mut salt = [0; 16];
        asked.inputs.random(&mut salt).map_err(BuildError::Random)?;
        let line =
            htpasswd::line(name, password.as_bytes(), salt).map_err(BasicAuthError::Htpasswd)?;
        if password.len() > htpasswd::PASSWORD_MAX {
            built.find(LoginFlagFinding::PasswordCutOff);
        }
        built.add(AUTH.as_bytes(), Value::from(line), Origin::flag(HTPASSWD.name, 1))?;
    }
    let texts = [
        (username.as_ref().map(|name| name.as_slice()), Origin::flag(USERNAME.name, 1)),
        // Of a file, a variable or a prompt no shell has seen the value.
        (
            password.as_ref().filter(|(_, o)| o.flag == PASSWORD.name).map(|(p, _)| p.as_bytes()),
            Origin::flag(PASSWORD.name, 1),
        ),
    ];
    for (text, origin) in texts {
        built.find_quoting_leftover(text.unwrap_or_default(), &origin);
    }
    if let Some(name) = username {
        built.add(b"username", Value::from(name), Origin::flag(USERNAME.name, 1))?;
    }
    if let Some((password, origin)) = password {
        built.add(b"password", password, origin)?;
    }
    extras::add(asked, &mut built)?;
    Ok(built)
}

/// Flags of the cluster whose names are those of other tools for a login.
fn warn_of_cluster_flags(asked: &Build<'_>, built: &mut Built) {
    let given =
        |flag: &Flag<Single>| flags::given(asked.flags, flag).filter(|value| !value.is_empty());
    // The cluster's address has a scheme; without one it is the host of the login.
    if given(&global::SERVER).is_some_and(|server| !has_scheme(&server)) {
        built.find(LoginFlagFinding::ServerOfCluster);
    }
    if given(&global::USER).is_some() && given(&USERNAME).is_none() {
        built.find(LoginFlagFinding::UserOfKubeconfig);
    }
}

/// What people regret of the flags of a login.
#[derive(Debug, thiserror::Error)]
enum LoginFlagFinding {
    #[error("bcrypt uses only the first {} bytes of the password", htpasswd::PASSWORD_MAX)]
    PasswordCutOff,
    #[error("--server names the API server of a cluster, not the server of the login")]
    ServerOfCluster,
    #[error("--user names a user of the kubeconfig, and the Secret has no user name")]
    UserOfKubeconfig,
}

impl Rule for LoginFlagFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::PasswordCutOff => &rules::BCRYPT_LENGTH,
            Self::ServerOfCluster | Self::UserOfKubeconfig => &rules::OTHER_MEANING,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        vec![match self {
            Self::PasswordCutOff => format!("use one of at most {} bytes", htpasswd::PASSWORD_MAX),
            Self::ServerOfCluster => {
                "leave it out: the Secret has a user name and a password, and no server".to_owned()
            }
            Self::UserOfKubeconfig => "set the user name of the Secret: --username=NAME".to_owned(),
        }]
    }
}

/// Why a Secret for basic authentication could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BasicAuthError {
    #[error("--htpasswd: {0}")]
    Htpasswd(HtpasswdError),
    #[error("--htpasswd needs both a user name and a password")]
    HtpasswdIncomplete,
    #[error("a user name or a password is required")]
    Incomplete,
}

impl Fault for BasicAuthError {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Htpasswd(HtpasswdError::Bcrypt) => return Vec::new(),
            Self::Htpasswd(HtpasswdError::NoUserName) => {
                "a shell variable may be unset: --username=ann"
            }
            Self::Htpasswd(HtpasswdError::Nul) => {
                "the password may be binary, or UTF-16: pass it as UTF-8 text"
            }
            Self::Htpasswd(HtpasswdError::UserName { .. }) => {
                "leave out --htpasswd, or use another name: --username=ann"
            }
            Self::HtpasswdIncomplete => {
                return vec![basic_auth(" --htpasswd"), use_one_way("password")];
            }
            Self::Incomplete => return vec![basic_auth(""), use_one_way("password")],
        };
        vec![hint.to_owned()]
    }
}

fn basic_auth(flags: &str) -> String {
    format!("mksecret basic-auth NAME --username=ann --password-file=FILE{flags}{SAME_RUN}")
}
