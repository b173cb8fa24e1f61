//! What to do about logins to registries.

use std::path::Path;

use super::build::variable_hints;
use super::tls::mark_hints;
use super::{shell_name, shell_word, use_one_way};
use crate::golang::json::{Fault, Instead, Kind};
use crate::hints::{Fault as _, SAME_RUN};
use crate::material::docker_config::{ConfigError, Form};
use crate::material::docker_server::{DOCKER_HUB, Server};
use crate::sources::{Origin, ProgramError, ReadError, ReadErrorKind};
use crate::types::{DockerError, HelperError, LeftOut, RegistryError, Why};
use crate::validate::{DockerFinding, Servers, ValueFault};

const WHOLE: &str = "server=HOST,username=USER,password-file=FILE";

/// What to do about flags and files that give no login.
pub(super) fn hints(error: &DockerError) -> Vec<String> {
    let one = |hint: String| vec![hint];
    match error {
        DockerError::BesideFile { flag: "registry" } => {
            one("to combine them, read the file with --merge-config=FILE instead of --from-file"
                .to_owned())
        }
        DockerError::BesideFile { .. } => {
            one("leave out --from-file: --merge-config=FILE adds its logins".to_owned())
        }
        DockerError::Config { error: ConfigError::Json(fault), path } => match fault.instead {
            Some(Instead::Base64) => {
                one(format!("decode it: base64 -d {} > decoded.json", shell_word(path)))
            }
            _ => one("docker login writes one: ~/.docker/config.json".to_owned()),
        },
        DockerError::Config { .. } => {
            one("docker login writes a valid one: ~/.docker/config.json".to_owned())
        }
        DockerError::Image { .. } => {
            one("use the form of a Pod's image field: --image=ghcr.io/team/app:1".to_owned())
        }
        DockerError::Helper { program, server, error } => {
            helper_hints(&program.to_string(), server, error)
        }
        DockerError::Incomplete { missing, meant } => {
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
        DockerError::NothingUsable { left } if left.is_empty() => {
            one(format!("add --registry {WHOLE}"))
        }
        DockerError::NothingUsable { left } => {
            let mut hints: Vec<_> = left.iter().flat_map(left_hints).collect();
            hints.dedup();
            hints.truncate(3);
            hints
        }
        DockerError::OnlyMissing { left: Some(left), .. } => left_hints(left),
        DockerError::OnlyMissing { server, .. } if server.as_bytes().contains(&b',') => {
            one("give each host its own --only".to_owned())
        }
        DockerError::OnlyMissing { known: Servers(known), .. } if known.is_empty() => {
            one(format!("add --registry {WHOLE}"))
        }
        DockerError::OnlyMissing { known, .. } => one(format!("there are logins for {known}")),
        DockerError::Read(error) if is_folder(error) => {
            let file = error.path.join("config.json");
            one(format!("pass the file in it: --merge-config={}", shell_word(&file)))
        }
        DockerError::Read(error) if is_list(error) => {
            one("give each file its own --merge-config".to_owned())
        }
        DockerError::Read(error) => error.hints(),
        DockerError::Registry(fault) => registry_hints(&fault.error),
        DockerError::TwoLogins { origins, .. } => {
            let [first, second] = &**origins;
            one(format!("leave out one of them: {first}, or {second}"))
        }
        DockerError::WithoutMerge { .. } => {
            one("add it: --merge-config=$HOME/.docker/config.json".to_owned())
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

/// What to do about a configuration with which nothing can be pulled.
pub(super) fn finding_hints(
    finding: &DockerFinding,
    name: &str,
    origin: Option<&Origin>,
) -> Vec<String> {
    let file = file_of(origin);
    let merge = |flags: &str| command(name, &format!("--merge-config={}{flags}", shell_word(file)));
    match finding {
        DockerFinding::Broken { server, .. } | DockerFinding::Incomplete { server, .. } => {
            log_in(server)
        }
        DockerFinding::Form(Form::Config) => {
            vec![format!("convert it to the old format: {}", merge(" --legacy-dockercfg"))]
        }
        DockerFinding::Form(Form::Legacy) => {
            vec![format!("convert it to the new format: {}", merge(""))]
        }
        DockerFinding::Value { server, fault, part } => value_hints(server, *fault, part, origin),
        DockerFinding::IdentityToken(Servers(servers))
        | DockerFinding::RegistryToken(Servers(servers)) => {
            vec![format!("use a password or an access token: {}", registry(servers.first()))]
        }
        DockerFinding::Kept { .. } => {
            vec![format!("read it from the store: {}", merge(" --resolve-credentials"))]
        }
        DockerFinding::NoLogin(Servers(servers)) => servers.first().map(log_in).unwrap_or_default(),
        DockerFinding::NoServer => {
            vec![format!("add a login: {}", command(name, &registry(None)))]
        }
        DockerFinding::Odd { server, .. } => odd_hints(server, origin),
        DockerFinding::SameKey { .. }
        | DockerFinding::SecondAuths { .. }
        | DockerFinding::Twice { .. } => {
            vec![format!("merge them: {}", merge(""))]
        }
        DockerFinding::Shadowed { .. } => vec!["keep one of them".to_owned()],
        DockerFinding::OtherName { .. } => {
            vec![format!("set the login again: {}", command(name, &registry(None)))]
        }
        // Without anything else, something else is missing.
        DockerFinding::TokensOfDocker { alone: true, .. } => Vec::new(),
        DockerFinding::TokensOfDocker { .. } => vec![format!("leave it out: {}", merge(""))],
        DockerFinding::Unreadable(_) => {
            vec!["docker login writes a valid one: ~/.docker/config.json".to_owned()]
        }
        DockerFinding::ZeroBytes { .. } if origin.is_none_or(|origin| origin.path.is_none()) => {
            vec!["pass it without them".to_owned()]
        }
        DockerFinding::ZeroBytes { .. } => vec![format!("leave them out: {}", merge(""))],
    }
}

/// What to do about a user name or a password with something in it that is part of it.
fn value_hints(
    server: &Server,
    fault: ValueFault,
    part: &str,
    origin: Option<&Origin>,
) -> Vec<String> {
    let own = origin.filter(|origin| origin.flag.starts_with("docker-password"));
    match fault {
        ValueFault::Mark(mark) => mark_hints(mark, own.filter(|_| part == "password")),
        ValueFault::FinalNewline | ValueFault::Newline => match own {
            Some(Origin { path: Some(path), .. }) if part == "password" => {
                vec![format!("remove it: tr -d '\\r\\n' < {} > plain.txt", shell_word(path))]
            }
            _ => {
                let mut hints =
                    vec![format!("set the login without it: {}", registry(Some(server)))];
                hints.push(
                    "for docker login, use printf %s \"$PASSWORD\" instead of \
                            echo"
                        .to_owned(),
                );
                hints
            }
        },
        ValueFault::Expired(_) | ValueFault::Expires(_) => vec![
            "recreate the Secret on a schedule, or configure a credential provider plugin of the \
             kubelet (--image-credential-provider-config), which gets a new one for each pull"
                .to_owned(),
        ],
    }
}

fn odd_hints(server: &Server, origin: Option<&Origin>) -> Vec<String> {
    let flag = origin.map(|origin| origin.flag).unwrap_or_default();
    let written = |server: String| match flag {
        "docker-server" => format!("--docker-server={server}"),
        "registry" => format!("--registry server={server},…"),
        _ => server,
    };
    let usual = server.usual();
    vec![match usual.filter(|usual| usual.as_bytes() != server.as_bytes()) {
        Some(usual) => format!("the usual form: {}", written(usual)),
        None => match server.usual_host() {
            Some(host) => format!("for every image of its host: {}", written(host)),
            None => "use the host in the image names, such as registry.example.com".to_owned(),
        },
    }]
}

/// What to do about a configuration that is no JSON.
pub(super) fn json_hints(fault: &Fault, name: &str, origin: Option<&Origin>) -> Vec<String> {
    let file = shell_word(file_of(origin));
    let merge =
        || vec![format!("read it with: {}", command(name, &format!("--merge-config={file}")))];
    match (fault.instead, fault.kind) {
        (Some(Instead::Utf16), _) | (_, Kind::ByteOrderMark) => merge(),
        (Some(Instead::Base64), _) => vec![format!("decode it: base64 -d {file} > decoded.json")],
        _ => vec!["docker login writes one: ~/.docker/config.json".to_owned()],
    }
}

/// What to do about an image without a login.
pub(super) fn no_login_hints(image: &str) -> Vec<String> {
    let host = match image.split('/').next().unwrap_or_default() {
        "docker.io" => DOCKER_HUB,
        host => host,
    };
    vec![format!("add one: {}", registry(Some(&Server::new(host))))]
}

pub(super) fn log_in(server: &Server) -> Vec<String> {
    let mut hints = vec![format!("add the login: {}", registry(Some(server)))];
    hints.extend(server.shown().map(|name| format!("or log in again: docker login {name}")));
    hints
}

fn registry(server: Option<&Server>) -> String {
    let server = server.and_then(Server::shown).unwrap_or_else(|| "HOST".to_owned());
    format!("--registry {}", WHOLE.replace("HOST", &server))
}

fn command(name: &str, flags: &str) -> String {
    format!("mksecret docker-registry {} {flags}{SAME_RUN}", shell_name(name, "NAME"))
}

/// The file where it was, or the one that Docker has.
fn file_of(origin: Option<&Origin>) -> &Path {
    origin.and_then(|origin| origin.path.as_deref()).unwrap_or(Path::new("config.json"))
}
