//! What to do about logins to registries.

use std::path::Path;

use super::shell_word;
use crate::golang::json::{Fault, Instead, Kind};
use crate::material::docker_config::Form;
use crate::material::docker_server::Server;
use crate::sources::Origin;
use crate::validate::{DockerFinding, Servers};

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
            vec![format!("write it in the old form: {}", merge(" --legacy-dockercfg"))]
        }
        DockerFinding::Form(Form::Legacy) => {
            vec![format!("write it in the new form: {}", merge(""))]
        }
        DockerFinding::IdentityToken(Servers(servers)) => {
            vec![format!("a password or an access token would do: {}", registry(servers.first()))]
        }
        DockerFinding::Kept { .. } => {
            vec![format!("ask for it here: {}", merge(" --resolve-credentials"))]
        }
        DockerFinding::NoLogin(Servers(servers)) => servers.first().map(log_in).unwrap_or_default(),
        DockerFinding::NoServer => {
            vec![format!("give a login: {}", command(name, &registry(None)))]
        }
        DockerFinding::Odd { server, .. } => odd_hints(server, origin),
        DockerFinding::OtherName { .. } => {
            vec![format!("give the login anew: {}", command(name, &registry(None)))]
        }
        DockerFinding::Unreadable(_) => {
            vec!["docker login writes a good one: ~/.docker/config.json".to_owned()]
        }
    }
}

fn odd_hints(server: &Server, origin: Option<&Origin>) -> Vec<String> {
    let flag = origin.map(|origin| origin.flag).unwrap_or_default();
    let Some(usual) = server.usual().filter(|usual| usual.as_bytes() != server.as_bytes()) else {
        return vec![
            "it is looked up by the host in the images' names: registry.example.com".into(),
        ];
    };
    vec![match flag {
        "docker-password"
        | "docker-password-file"
        | "docker-password-env"
        | "docker-password-stdin" => format!("the usual form: --docker-server={usual}"),
        "registry" => format!("the usual form: --registry server={usual},…"),
        _ => format!("the usual form: {usual}"),
    }]
}

/// What to do about a configuration that is no JSON.
pub(super) fn json_hints(fault: &Fault, name: &str, origin: Option<&Origin>) -> Vec<String> {
    let file = shell_word(file_of(origin));
    let merge =
        || vec![format!("it can be read by {}", command(name, &format!("--merge-config={file}")))];
    match (fault.instead, fault.kind) {
        (Some(Instead::Utf16), _) | (_, Kind::ByteOrderMark) => merge(),
        (Some(Instead::Base64), _) => vec![format!("decode it: base64 -d {file} > decoded.json")],
        _ => vec!["docker login writes one: ~/.docker/config.json".to_owned()],
    }
}

fn log_in(server: &Server) -> Vec<String> {
    let mut hints = vec![format!("give the login: {}", registry(Some(server)))];
    hints.extend(server.shown().map(|name| format!("or log in anew: docker login {name}")));
    hints
}

fn registry(server: Option<&Server>) -> String {
    let server = server.and_then(Server::shown).unwrap_or_else(|| "HOST".to_owned());
    format!("--registry server={server},username=USER,password-file=FILE")
}

fn command(name: &str, flags: &str) -> String {
    format!("mksecret docker-registry {} {flags}", shell_word(Path::new(name)))
}

/// The file where it was, or the one that Docker has.
fn file_of(origin: Option<&Origin>) -> &Path {
    origin.and_then(|origin| origin.path.as_deref()).unwrap_or(Path::new("config.json"))
}
