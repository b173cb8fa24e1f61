//! Why a Docker registry's Secret could not be built, and what to do about it.

use std::path::PathBuf;

use super::merge::{HelperError, LeftOut, Why};
use super::registry::{RegistryError, RegistryFault};
use crate::golang::json::Instead;
use crate::hints::Fault;
use crate::kinds::{Servers, WHOLE, log_in, registry};
use crate::material::docker_config::{ConfigError, HelperName};
use crate::material::docker_server::{DOCKER_HUB, Server};
use crate::material::image::ImageError;
use crate::sources::{Origin, ProgramError, ReadError, ReadErrorKind, shell_word, shown_path};
use crate::types::credential::use_one_way;
use crate::types::values::variable_hints;

/// Why a Docker registry's Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DockerError {
    /// `--from-file` takes a file as it is; the others make a new one.
    #[error("--from-file and --{flag} cannot be used together")]
    BesideFile { flag: &'static str },
    #[error("{}: {error}", shown_path(path))]
    Config { path: PathBuf, error: ConfigError },
    #[error("{program} returned no login for {server}: {error}")]
    Helper { program: HelperName, server: Server, error: HelperError },
    #[error("not a valid image: {error} ({origin})")]
    Image { error: ImageError, origin: Origin },
    /// Neither a file nor a whole login.
    #[error(
        "either --from-file or the combination of --docker-username, --docker-password and \
         --docker-server is required"
    )]
    Incomplete {
        /// The flags that are missing or empty.
        missing: Vec<&'static str>,
        /// Those of the cluster that were given, and may have been meant for them.
        meant: Vec<&'static str>,
    },
    #[error("{}", left_words(left))]
    NothingUsable { left: Vec<LeftOut> },
    #[error("no login for {server} ({origin}){}", why_words(left.as_deref()))]
    OnlyMissing {
        server: Server,
        origin: Box<Origin>,
        /// Where it stands without one.
        left: Option<Box<LeftOut>>,
        known: Servers,
    },
    #[error("--merge-config: {0}")]
    Read(ReadError),
    /// A `--registry` that gives no login.
    #[error(transparent)]
    Registry(Box<RegistryFault>),
    #[error("two logins for {server}")]
    TwoLogins { server: Server, origins: Box<[Origin; 2]> },
    /// A flag that says what of `--merge-config` is taken, without that.
    #[error("--{flag} needs --merge-config")]
    WithoutMerge { flag: &'static str },
}

fn left_words(left: &[LeftOut]) -> String {
    match left {
        [] => "the files of --merge-config have no login".to_owned(),
        left => left.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

fn why_words(left: Option<&LeftOut>) -> String {
    left.map(|left| format!(": {left}")).unwrap_or_default()
}

impl Fault for DockerError {
    fn hints(&self) -> Vec<String> {
        let one = |hint: String| vec![hint];
        match self {
            Self::BesideFile { flag: "registry" } => one(
                "to combine them, read the file with --merge-config=FILE instead of --from-file"
                    .to_owned(),
            ),
            Self::BesideFile { .. } => {
                one("leave out --from-file: --merge-config=FILE adds its logins".to_owned())
            }
            Self::Config { error: ConfigError::Json(fault), path } => match fault.instead {
                Some(Instead::Base64) => {
                    one(format!("decode it: base64 -d {} > decoded.json", shell_word(path)))
                }
                _ => one("docker login writes one: ~/.docker/config.json".to_owned()),
            },
            Self::Config { .. } => {
                one("docker login writes a valid one: ~/.docker/config.json".to_owned())
            }
            Self::Image { .. } => {
                one("use the form of a Pod's image field: --image=ghcr.io/team/app:1".to_owned())
            }
            Self::Helper { program, server, error } => {
                helper_hints(&program.to_string(), server, error)
            }
            Self::Incomplete { missing, meant } => {
                let mut hints = vec![format!("missing or empty: --{}", missing.join(", --"))];
                if missing.contains(&"docker-password") {
                    hints.push(use_one_way("docker-password"));
                }
                if !meant.is_empty() {
                    hints.push(format!(
                        "for the cluster: --{}; flags for the registry begin with --docker-",
                        meant.join(", --")
                    ));
                }
                hints
            }
            Self::NothingUsable { left } if left.is_empty() => {
                one(format!("add --registry {WHOLE}"))
            }
            Self::NothingUsable { left } => {
                let mut hints: Vec<_> = left.iter().flat_map(left_hints).collect();
                hints.dedup();
                hints.truncate(3);
                hints
            }
            Self::OnlyMissing { left: Some(left), .. } => left_hints(left),
            Self::OnlyMissing { server, .. } if server.as_bytes().contains(&b',') => {
                one("give each host its own --only".to_owned())
            }
            Self::OnlyMissing { known: Servers(known), .. } if known.is_empty() => {
                one(format!("add --registry {WHOLE}"))
            }
            Self::OnlyMissing { known, .. } => one(format!("there are logins for {known}")),
            Self::Read(error) if is_folder(error) => {
                let file = error.path.join("config.json");
                one(format!("pass the file in it: --merge-config={}", shell_word(&file)))
            }
            Self::Read(error) if is_list(error) => {
                one("give each file its own --merge-config".to_owned())
            }
            Self::Read(error) => error.hints(),
            Self::Registry(fault) => registry_hints(&fault.error),
            Self::TwoLogins { origins, .. } => {
                let [first, second] = &**origins;
                one(format!("leave out one of them: {first}, or {second}"))
            }
            Self::WithoutMerge { .. } => {
                one("add it: --merge-config=$HOME/.docker/config.json".to_owned())
            }
        }
    }
}

fn is_folder(error: &ReadError) -> bool {
    matches!(error.kind, ReadErrorKind::IsFolder)
}

/// Whether several paths may have been meant.
fn is_list(error: &ReadError) -> bool {
    error.path.to_string_lossy().contains(',')
}

fn registry_hints(error: &RegistryError) -> Vec<String> {
    let whole = || vec![format!("write --registry {WHOLE}")];
    match error {
        RegistryError::Blank { key, .. } => vec![format!("remove the space: …,{key}=…")],
        RegistryError::EmptyPassword => {
            vec!["the file is empty, or the pipe was already read".to_owned()]
        }
        RegistryError::Lines => vec!["use one --registry per login".to_owned()],
        RegistryError::List { .. } => {
            vec![
                "quote a whole pair that contains a comma or a quote: \
                  '\"password-file=a,b\"'"
                    .to_owned(),
            ]
        }
        RegistryError::Missing { key: "server" } => {
            vec!["add server=HOST; Docker Hub is server=docker.io".to_owned()]
        }
        RegistryError::NoHost => {
            vec!["for example server=registry.example.com:5000".into()]
        }
        RegistryError::NoPassword { server } => {
            vec![format!("write {}", registry(Some(server)))]
        }
        RegistryError::PlainPassword => {
            vec!["write password-file=FILE or password-env=VARIABLE".to_owned()]
        }
        RegistryError::Read(error) => error.hints(),
        RegistryError::TwoPasswords | RegistryError::Twice { .. } => {
            vec!["leave out one of them".to_owned()]
        }
        RegistryError::UnknownKey { similar: Some(similar), .. } => {
            vec![format!("did you mean {similar}=?")]
        }
        RegistryError::Unset(variable) => variable_hints(variable),
        RegistryError::Missing { .. }
        | RegistryError::NoEquals { .. }
        | RegistryError::Unparted
        | RegistryError::UnknownKey { .. } => whole(),
    }
}

/// What to do about logins that were not taken.
pub(super) fn left_hints(left: &LeftOut) -> Vec<String> {
    let server = left.servers.0.first();
    match &left.why {
        Why::Kept(_) if server.is_none() => {
            vec!["read each from the store: --resolve-credentials --only=HOST".to_owned()]
        }
        Why::Kept(_) => vec!["read it from the store: add --resolve-credentials".to_owned()],
        Why::NoLogin(_) | Why::Unknown(_) => server.map(log_in).unwrap_or_default(),
    }
}

fn helper_hints(program: &str, server: &Server, error: &HelperError) -> Vec<String> {
    let mut hints = match error {
        HelperError::Failed { locked: true, .. } => {
            vec!["unlock the keychain first, in a terminal of the desktop".to_owned()]
        }
        HelperError::Program(ProgramError::Late { .. }) => {
            vec!["it may wait for a keychain to be unlocked".to_owned()]
        }
        HelperError::Program(ProgramError::Missing) => {
            vec![format!("install {program}, or add its folder to PATH")]
        }
        HelperError::Failed { .. } | HelperError::Reply => {
            vec![format!("list its servers: {program} list")]
        }
        HelperError::Name | HelperError::Program(_) => Vec::new(),
    };
    hints.push(format!("or pass the login yourself: {}", registry(Some(server))));
    hints
}

/// What to do about an image without a login.
pub(super) fn no_login_hint(image: &str) -> String {
    let host = match image.split('/').next().unwrap_or_default() {
        "docker.io" => DOCKER_HUB,
        host => host,
    };
    format!("add one: {}", registry(Some(&Server::new(host))))
}
