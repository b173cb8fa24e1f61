//! Logins to registries with which nothing can be pulled.

pub(crate) mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;

use super::{KubernetesType, ValueFault};
use crate::golang::json::{self, Instead};
use crate::hints::{SAME_RUN, shell_name};
use crate::material::docker_config::{
    ConfigError, DockerConfig, Form, HelperName, Login, NoLogin, OtherName,
};
use crate::material::docker_server::{Oddity, Server};
use crate::material::hints::mark_hints;
use crate::material::server_key;
use crate::secret::Secret;
use crate::sources::{Origin, shell_word};
use crate::validate::{At, Missing, Place, Report, Rule, RuleInfo, value};

/// Logins to registries, in the form of `.dockercfg`.
pub(crate) const DOCKERCFG: &str = "kubernetes.io/dockercfg";
/// Logins to registries, in the form of Docker's `config.json`.
pub(crate) const DOCKERCONFIGJSON: &str = "kubernetes.io/dockerconfigjson";

pub(super) const LEGACY: KubernetesType = KubernetesType {
    name: DOCKERCFG,
    about: "registry logins, old format",
    keys: &[".dockercfg"],
    required: |secret, report| required(secret, Form::Legacy, report),
    rules: |secret, context, report| check(secret, Form::Legacy, context.now, report),
};
pub(super) const CONFIG: KubernetesType = KubernetesType {
    name: DOCKERCONFIGJSON,
    about: "registry logins",
    keys: &[".dockerconfigjson"],
    required: |secret, report| required(secret, Form::Config, report),
    rules: |secret, context, report| check(secret, Form::Config, context.now, report),
};

/// The type of a Secret with a configuration of that form.
pub(crate) fn type_of(form: Form) -> &'static str {
    match form {
        Form::Config => DOCKERCONFIGJSON,
        Form::Legacy => DOCKERCFG,
    }
}

/// A Docker configuration is there and is a JSON object or `null`. The server does not look into it.
fn required(secret: &Secret, form: Form, report: &mut Report) {
    let place = Place::Key(form.key().to_owned());
    match value(secret, form.key()).map(|config| json::object_or_null(config.as_bytes())) {
        None => report.push(place, Missing::Absent),
        Some(Err(fault)) => report.push(place, DockerFinding::NotJson(fault)),
        Some(Ok(())) => {}
    }
}

/// What is wrong with a Docker configuration. Servers are names; no value is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DockerFinding {
    /// One entry that a kubelet cannot read makes all others void.
    Broken {
        server: Server,
        line: usize,
        /// What is wrong with it.
        why: NoLogin,
    },
    /// It has the form of the other type.
    Form(Form),
    /// A server's login is an identity token, which only Docker takes.
    IdentityToken(Servers),
    /// A server's login is a registry token, which only Docker takes.
    RegistryToken(Servers),
    /// A server's login lacks a part.
    Incomplete {
        server: Server,
        line: usize,
        /// What is wrong with it.
        why: NoLogin,
    },
    /// A program on somebody's machine has the logins.
    Kept {
        program: HelperName,
        /// The servers, where they are known.
        servers: Servers,
    },
    /// Servers stand there without a login.
    NoLogin(Servers),
    NoServer,
    /// It has to be a JSON object or `null` as Go's decoder reads it.
    NotJson(json::Fault),
    /// A server is named as few name it.
    Odd {
        server: Server,
        oddities: Vec<Oddity>,
    },
    /// Two names that are one key for a kubelet.
    SameKey {
        server: Server,
        other: Server,
    },
    /// A login of Docker Hub that is not tried where another one is.
    Shadowed {
        /// The one that is tried.
        server: Server,
        /// The one that is not.
        other: Server,
    },
    /// Two objects with servers, which are merged.
    SecondAuths {
        /// The line of the second one.
        line: usize,
    },
    /// One name that is in it twice.
    Twice {
        server: Server,
        /// The line of the last one.
        line: usize,
    },
    /// Docker's own tokens for an account at Docker Hub.
    TokensOfDocker {
        servers: Servers,
        /// Whether there is nothing else.
        alone: bool,
    },
    /// The user of `username` is not the one who logs in.
    OtherName {
        server: Server,
        /// What is wrong with it.
        why: OtherName,
    },
    /// A kubelet cannot read it.
    Unreadable(ConfigError),
    /// A user name or a password has something in it that kubelets take for a part of it.
    Value {
        server: Server,
        part: &'static str,
        fault: ValueFault,
    },
    /// Zero bytes stand around the password, which are part of it for a kubelet alone.
    ZeroBytes {
        server: Server,
    },
}

impl fmt::Display for DockerFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NOTHING: &str = "nothing can be pulled with it";
        match self {
            Self::Broken { server, line, why } => {
                write!(f, "no login in it can be read, because of {server} (line {line}): {why}")
            }
            Self::Form(Form::Config) => {
                write!(
                    f,
                    "its logins are under \"auths\", which this old type does not have: {NOTHING}"
                )
            }
            Self::Form(Form::Legacy) => {
                write!(
                    f,
                    "its logins are at the top level, not under \"auths\", as in the old type \
                           kubernetes.io/dockercfg: {NOTHING}"
                )
            }
            Self::IdentityToken(servers) => {
                write!(
                    f,
                    "the login for {servers} is an identity token, which a kubelet does not support"
                )
            }
            Self::RegistryToken(servers) => {
                write!(
                    f,
                    "the login for {servers} is a registry token, which a kubelet does not support"
                )
            }
            Self::Incomplete { server, line, why } => {
                write!(f, "nothing can be pulled from {server} (line {line}): {why}")
            }
            Self::Kept { program, servers } if servers.0.is_empty() => {
                write!(
                    f,
                    "no logins: they are in a credential store ({program}), which a cluster \
                     cannot read"
                )
            }
            Self::Kept { program, servers } => {
                write!(
                    f,
                    "no login for {servers}: it is in a credential store ({program}), which a \
                     cluster cannot read"
                )
            }
            Self::NoLogin(servers) => write!(f, "no login for {servers}"),
            Self::NoServer => write!(f, "it has no login: {NOTHING}"),
            Self::NotJson(fault) => write!(f, "must be a JSON object: {fault}"),
            Self::Odd { server, oddities } => odd_words(server, oddities, f),
            Self::OtherName { server, why: OtherName::Colon } => {
                write!(
                    f,
                    "the user name for {server} contains a colon: what follows it is read as \
                           part of the password"
                )
            }
            Self::OtherName { server, why: OtherName::Else } => {
                write!(f, "the username for {server} differs from the one in auth, which is used")
            }
            Self::SameKey { server, other } => write!(
                f,
                "{server} and {other} are one server for a kubelet, and which login it tries first \
                 is not defined"
            ),
            Self::Shadowed { server, other } => write!(
                f,
                "the login of {other} is not used for Docker Hub images, because {server} is"
            ),
            Self::SecondAuths { line } => {
                write!(f, "a second auths begins on line {line}; its logins are added to the first")
            }
            Self::Twice { server, line } => {
                write!(f, "{server} appears twice, and the last one is used (line {line})")
            }
            Self::TokensOfDocker { servers, .. } => {
                let token = if servers.0.len() == 1 { "token" } else { "tokens" };
                write!(
                    f,
                    "it contains Docker's own {token} ({servers}), which can access the whole account \
                     and cannot pull images"
                )
            }
            Self::Value { server, part, fault } => write!(f, "the {part} for {server} {fault}"),
            Self::Unreadable(error) => write!(f, "no kubelet can read it: {error}"),
            Self::ZeroBytes { server } => {
                write!(
                    f,
                    "zero bytes surround the password for {server}: Docker drops them, a \
                     kubelet does not"
                )
            }
        }
    }
}

fn odd_words(server: &Server, oddities: &[Oddity], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match server.shown() {
        Some(name) => write!(f, "the server {name} is ")?,
        None => write!(f, "a server's name of {} bytes is ", server.as_bytes().len())?,
    }
    for (i, oddity) in oddities.iter().enumerate() {
        let before = match (i, oddity) {
            (0, Oddity::DockerHub | Oddity::Never(_) | Oddity::NoHost) => "",
            (0, _) => "written with ",
            _ => " and ",
        };
        write!(f, "{before}{oddity}")?;
    }
    Ok(())
}

/// Names of servers; a message shows the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Servers(pub Vec<Server>);

impl fmt::Display for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        for (i, server) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}{server}", if i == 0 { "" } else { ", " })?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl Rule for DockerFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Broken { .. } | Self::Incomplete { .. } => &rules::INCOMPLETE,
            Self::Form(_) => &rules::WRONG_FORM,
            Self::IdentityToken(_) | Self::RegistryToken(_) => &rules::TOKEN,
            Self::Kept { .. } => &rules::KEPT,
            Self::NoLogin(_) | Self::NoServer => &rules::NO_LOGIN,
            Self::NotJson(_) => &rules::NOT_JSON,
            Self::Odd { .. } => &rules::SERVER_FORM,
            Self::OtherName { .. } => &rules::OTHER_NAME,
            Self::SameKey { .. } | Self::Shadowed { .. } => &rules::SAME_SERVER,
            Self::SecondAuths { .. } | Self::Twice { .. } => &rules::TWICE,
            Self::TokensOfDocker { .. } => &rules::OWN_TOKEN,
            Self::Unreadable(_) => &rules::UNREADABLE,
            Self::Value { fault, .. } => fault.info(),
            Self::ZeroBytes { .. } => &rules::ZERO_BYTES,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        let file = at.path_or("config.json");
        let merge =
            |flags: &str| command(at.name, &format!("--merge-config={}{flags}", shell_word(file)));
        match self {
            Self::Broken { server, .. } | Self::Incomplete { server, .. } => log_in(server),
            Self::Form(Form::Config) => {
                vec![format!("convert it to the old format: {}", merge(" --legacy-dockercfg"))]
            }
            Self::Form(Form::Legacy) => {
                vec![format!("convert it to the new format: {}", merge(""))]
            }
            Self::Value { server, fault, part } => value_hints(server, *fault, part, at.origin),
            Self::IdentityToken(Servers(servers)) | Self::RegistryToken(Servers(servers)) => {
                vec![format!("use a password or an access token: {}", registry(servers.first()))]
            }
            Self::NotJson(fault) => json_hints(fault, at),
            Self::Kept { .. } => {
                vec![format!("read it from the store: {}", merge(" --resolve-credentials"))]
            }
            Self::NoLogin(Servers(servers)) => servers.first().map(log_in).unwrap_or_default(),
            Self::NoServer => {
                vec![format!("add a login: {}", command(at.name, &registry(None)))]
            }
            Self::Odd { server, .. } => odd_hints(server, at.origin),
            Self::SameKey { .. } | Self::SecondAuths { .. } | Self::Twice { .. } => {
                vec![format!("merge them: {}", merge(""))]
            }
            Self::Shadowed { .. } => vec!["keep one of them".to_owned()],
            Self::OtherName { .. } => {
                vec![format!("set the login again: {}", command(at.name, &registry(None)))]
            }
            // Without anything else, something else is missing.
            Self::TokensOfDocker { alone: true, .. } => Vec::new(),
            Self::TokensOfDocker { .. } => vec![format!("leave it out: {}", merge(""))],
            Self::Unreadable(_) => {
                vec!["docker login writes a valid one: ~/.docker/config.json".to_owned()]
            }
            Self::ZeroBytes { .. } if at.origin.is_none_or(|origin| origin.path.is_none()) => {
                vec!["pass it without them".to_owned()]
            }
            Self::ZeroBytes { .. } => vec![format!("leave them out: {}", merge(""))],
        }
    }

    fn origin(&self, of_key: Origin) -> Origin {
        let flag = match self {
            // The name of a registry has a flag of its own.
            Self::Odd { .. } => "docker-server",
            Self::OtherName { why: OtherName::Colon, .. } => "docker-username",
            _ => return of_key,
        };
        if of_key.flag.starts_with("docker-password") { Origin::flag(flag, 1) } else { of_key }
    }
}

/// A login as a value of `--registry`.
pub(crate) const WHOLE: &str = "server=HOST,username=USER,password-file=FILE";

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
fn json_hints(fault: &json::Fault, at: &At<'_>) -> Vec<String> {
    let file = shell_word(at.path_or("config.json"));
    let merge =
        || vec![format!("read it with: {}", command(at.name, &format!("--merge-config={file}")))];
    match (fault.instead, fault.kind) {
        (Some(Instead::Utf16), _) | (_, json::Kind::ByteOrderMark) => merge(),
        (Some(Instead::Base64), _) => vec![format!("decode it: base64 -d {file} > decoded.json")],
        _ => vec!["docker login writes one: ~/.docker/config.json".to_owned()],
    }
}

/// What to do about a server without a login.
pub(crate) fn log_in(server: &Server) -> Vec<String> {
    let mut hints = vec![format!("add the login: {}", registry(Some(server)))];
    hints.extend(server.shown().map(|name| format!("or log in again: docker login {name}")));
    hints
}

/// A value of `--registry` for that server.
pub(crate) fn registry(server: Option<&Server>) -> String {
    let server = server.and_then(Server::shown).unwrap_or_else(|| "HOST".to_owned());
    format!("--registry {}", WHOLE.replace("HOST", &server))
}

fn command(name: &str, flags: &str) -> String {
    format!("mksecret docker-registry {} {flags}{SAME_RUN}", shell_name(name, "NAME"))
}

/// Looks whether a kubelet could pull with what is under the type's key.
fn check(secret: &Secret, form: Form, now: &dyn Fn() -> Timestamp, report: &mut Report) {
    let key = form.key();
    let Some((_, value)) = secret.data.iter().find(|(k, _)| k.as_str() == key) else { return };
    let mut push = |finding| report.push(Place::Key(key.to_owned()), finding);
    match DockerConfig::parse(value.as_bytes()) {
        // The server says so, too.
        Err(ConfigError::Json(_)) => {}
        Err(error) => push(DockerFinding::Unreadable(error)),
        Ok(config) => {
            if config.form != form && !config.entries.is_empty() {
                push(DockerFinding::Form(config.form));
            } else {
                of_entries(&config, now, &mut push);
            }
        }
    }
}

/// The logins that a Secret of another type holds, such as one that a builder of images mounts: what
/// clients take for a part of them.
pub(super) fn check_others(secret: &Secret, now: &dyn Fn() -> Timestamp, report: &mut Report) {
    let own = match secret.secret_type.as_str() {
        DOCKERCFG => Some(Form::Legacy.key()),
        DOCKERCONFIGJSON => Some(Form::Config.key()),
        _ => None,
    };
    for (key, value) in &secret.data {
        let name = key.as_str();
        let form = match name {
            _ if own == Some(name) => continue,
            ".dockercfg" => Form::Legacy,
            ".dockerconfigjson" | "config.json" => Form::Config,
            _ => continue,
        };
        let Ok(config) = DockerConfig::parse(value.as_bytes()) else { continue };
        if config.form != form {
            continue;
        }
        for (server, entry) in &config.entries {
            let Ok(login) = &entry.login else { continue };
            for finding in of_values(server, login, now).into_iter().take(MOST) {
                report.push(Place::Key(name.to_owned()), finding);
            }
        }
    }
}

/// What is in a login that kubelets take for a part of it, or that it says of itself.
fn of_values(server: &Server, login: &Login, now: &dyn Fn() -> Timestamp) -> Vec<DockerFinding> {
    let texts = [("user name", &login.username), ("password", &login.password)];
    let faults = texts.into_iter().flat_map(|(part, text)| {
        ValueFault::of(text.as_bytes(), now).map(move |fault| (part, fault))
    });
    let faults: Vec<_> = faults.collect();
    let is_marked = |(part, fault): &(&str, ValueFault)| {
        *part == "password" && matches!(fault, ValueFault::Mark(_))
    };
    let has_zeros = !faults.iter().any(is_marked) && login.has_zero_bytes();
    let faults = faults.into_iter().map(|(part, fault)| DockerFinding::Value {
        server: server.clone(),
        part,
        fault,
    });
    let zeros = has_zeros.then(|| DockerFinding::ZeroBytes { server: server.clone() });
    faults.chain(zeros).collect()
}

/// A message for each is enough where there are a few; in a file with hundreds, nobody reads on.
const MOST: usize = 10;

fn of_entries(
    config: &DockerConfig,
    now: &dyn Fn() -> Timestamp,
    push: &mut impl FnMut(DockerFinding),
) {
    let mut kept: BTreeMap<&HelperName, Servers> = BTreeMap::new();
    let (mut tokens, mut without) = (Servers::default(), Servers::default());
    let (mut of_docker, mut registry_tokens) = (Servers::default(), Servers::default());
    let mut single = Vec::new();
    for (server, entry) in &config.entries {
        match &entry.login {
            Ok(_) if server.is_token_of_docker() => {
                of_docker.0.push(server.clone());
                continue;
            }
            Err(NoLogin::Empty) if server.is_token_of_docker() => continue,
            Ok(login) => {
                if login.identity_token.is_some() && login.password.is_empty() {
                    tokens.0.push(server.clone());
                }
                single.extend(of_values(server, login, now));
                let why = login.other_name;
                single.extend(
                    why.map(|why| DockerFinding::OtherName { server: server.clone(), why }),
                );
            }
            Err(NoLogin::RegistryToken) => registry_tokens.0.push(server.clone()),
            Err(NoLogin::Empty) => match config.helper(server) {
                Some(program) => kept.entry(program).or_default().0.push(server.clone()),
                None => without.0.push(server.clone()),
            },
            Err(why) => {
                let (server, line, why) = (server.clone(), entry.line, *why);
                single.push(if why.spoils_all() {
                    DockerFinding::Broken { server, line, why }
                } else {
                    DockerFinding::Incomplete { server, line, why }
                });
            }
        }
        let oddities = server.oddities();
        if !oddities.is_empty() {
            single.push(DockerFinding::Odd { server: server.clone(), oddities });
        }
    }
    // A helper is found under any form of its server's name.
    let known: BTreeSet<_> = config.entries.keys().map(Server::plain).collect();
    for (server, program) in &config.helpers {
        if !known.contains(&server.plain()) {
            kept.entry(program).or_default().0.push(server.clone());
        }
    }
    if let Some(program) = config.store.as_ref().filter(|_| config.names_no_server()) {
        kept.entry(program).or_default();
    }
    if config.names_no_server() && kept.is_empty() {
        push(DockerFinding::NoServer);
    }
    single.extend(of_names(config));
    // What makes all void comes first.
    single.sort_by_key(|finding| !matches!(finding, DockerFinding::Broken { .. }));
    single.truncate(MOST);
    single.into_iter().for_each(&mut *push);
    for (program, servers) in kept {
        push(DockerFinding::Kept { program: program.clone(), servers });
    }
    if !without.0.is_empty() {
        push(DockerFinding::NoLogin(without));
    }
    if !tokens.0.is_empty() {
        push(DockerFinding::IdentityToken(tokens));
    }
    if !registry_tokens.0.is_empty() {
        push(DockerFinding::RegistryToken(registry_tokens));
    }
    if !of_docker.0.is_empty() {
        let alone = config.names_no_server();
        push(DockerFinding::TokensOfDocker { servers: of_docker, alone });
    }
}

/// What is wrong with the names of the servers together.
fn of_names(config: &DockerConfig) -> Vec<DockerFinding> {
    let second = config.second_auths.map(|line| DockerFinding::SecondAuths { line });
    let twice = config
        .repeated
        .iter()
        .map(|(server, line)| DockerFinding::Twice { server: server.clone(), line: *line });
    let mut findings: Vec<_> = second.into_iter().chain(twice).collect();
    let mut known: BTreeMap<Vec<u8>, &Server> = BTreeMap::new();
    for server in config.entries.keys() {
        let Some(key) = server_key::key(server.as_bytes()) else { continue };
        match known.get(&key) {
            Some(first) => {
                let (server, other) = ((*first).clone(), server.clone());
                findings.push(DockerFinding::SameKey { server, other });
            }
            None => drop(known.insert(key, server)),
        }
    }
    let hub = (known.get(&b"docker.io"[..]), known.get(&b"index.docker.io"[..]));
    if let (Some(server), Some(other)) = hub {
        let (server, other) = ((*server).clone(), (*other).clone());
        findings.push(DockerFinding::Shadowed { server, other });
    }
    findings
}

#[cfg(test)]
mod tests;
