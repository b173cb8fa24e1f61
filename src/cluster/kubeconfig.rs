//! From kubeconfigs and flags to one API server and one caller, by kubectl's rules (client-go's
//! `clientcmd`).

mod base64;
mod document;
mod files;
#[cfg(test)]
mod mutations;
mod record;
mod text;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::header::{HeaderValue, USER_AGENT};
use jiff::Timestamp;
use kube::Config;
use kube::config::{AuthInfo, Cluster, Context, ExecAuthCluster};

use super::config_error::{ConfigError, Part, ValueOrigin};
use super::credentials;
use super::exec::{Plugin, Plugins};
use super::headers;
use super::pod::Pod;
use super::proxy::{ProxyOrigin, ProxyVariables};
use super::route::{Route, SentLogin};
use super::tls::{PairSource, authority_certificates};
use crate::golang;
use crate::reach::{Destination, Endpoint, Reach};
use crate::sources::Inputs;
use crate::validate::Form;

pub(super) use self::base64::{decode as from_base64, encode as to_base64};
pub(super) use self::files::Files;
pub(super) use self::record::{Answer, Record, check_redacted};

const AGENT: &str = concat!("mksecret/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// An API server and a caller, ready for a client once the caller has logged in.
pub(super) struct ResolvedConfig {
    pub(super) config: Config,
    /// The context's namespace, or why it cannot be one.
    pub(super) namespace: String,
    /// Where the client certificate in `config` and its key come from.
    pub(super) pair_source: PairSource,
    pub(super) route: Route,
    /// The time by the system's clock.
    pub(super) now: Timestamp,
    owner: Part,
    /// The credential plugin of the user, which has not run yet.
    plugin: Option<Plugin>,
}

impl ResolvedConfig {
    /// Runs the user's credential plugin, if there is one.
    pub(super) async fn log_in(&mut self, plugins: &Plugins) -> Result<(), ConfigError> {
        let Some(plugin) = self.plugin.take() else { return Ok(()) };
        let command = plugins.log_in(plugin, &mut self.config.auth_info).await?;
        match &self.config.auth_info.token {
            Some(token) => {
                credentials::check_token(token, &self.owner, ValueOrigin::Plugin(command))
            }
            None => Ok(()),
        }
    }

    /// What is used, for the log.
    pub(super) fn shown(&self, files: &[PathBuf], namespace: &str) -> String {
        let named = |what: &str, name: &Option<String>| match name {
            Some(name) => format!("{what} {name}"),
            None => format!("no {what}"),
        };
        let Route { context, user, proxy, server, .. } = &self.route;
        let files: Vec<_> = files.iter().map(|path| path.display().to_string()).collect();
        let files = Some(files.join(", ")).filter(|files| !files.is_empty());
        let proxy =
            proxy.as_ref().map(|proxy| format!(", proxy {} from {}", proxy.url, proxy.origin));
        format!(
            "using {}, {}, {}, {namespace}, server {server}{}",
            named("kubeconfig", &files),
            named("context", context),
            named("user", user),
            proxy.unwrap_or_default()
        )
    }
}

/// Where others find the API server that a run without further targets goes to; none where no
/// cluster is configured. No credential is looked at.
pub(crate) fn endpoint(reach: &Reach, inputs: &Inputs) -> Result<Option<Endpoint>, ConfigError> {
    match Files::read(reach, inputs)?.choose(reach, None, inputs) {
        Ok(Chosen { cluster, server, place, .. }) => {
            Ok(Some(Endpoint { server, authority: authority(&cluster, &place, inputs)? }))
        }
        Err(ConfigError::NoCluster(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where a run without further targets goes to; `None` if no cluster is configured. No credential
/// is looked at.
pub(crate) fn destination(
    reach: &Reach,
    inputs: &Inputs,
) -> Result<Option<Destination>, ConfigError> {
    let files = Files::read(reach, inputs)?;
    match files.choose(reach, None, inputs) {
        Ok(Chosen { server, namespace, context, .. }) => {
            Ok(Some(Destination { context, server, namespace }))
        }
        Err(ConfigError::NoCluster(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A cluster and a user, with nothing read of what they name.
struct Chosen {
    cluster: Cluster,
    server: String,
    /// Where the cluster is from.
    place: ClusterPlace,
    user: AuthInfo,
    /// Where the user is from.
    login: Record,
    namespace: String,
    /// The context, if one is used.
    context: Option<String>,
}

/// Where a cluster's fields are from.
struct ClusterPlace {
    record: Record,
    server: ValueOrigin,
}

impl Files {
    /// The server and the caller of a context, the current one where none is named.
    pub(super) fn settle(
        &self,
        reach: &Reach,
        context: Option<&str>,
        inputs: &Inputs,
    ) -> Result<ResolvedConfig, ConfigError> {
        let Chosen { cluster, server, place, mut user, login, namespace, context } =
            self.choose(reach, context, inputs)?;
        let part = &place.record.part;
        let means_tls = cluster.insecure_skip_tls_verify == Some(true)
            || cluster.certificate_authority.is_some()
            || cluster.certificate_authority_data.is_some();
        let mut config = start(&server, means_tls, &place)?;
        config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
        let authority = authority(&cluster, &place, inputs)?;
        if config.accept_invalid_certs && authority.is_some() {
            return Err(ConfigError::InsecureWithAuthority { part: part.clone() });
        }
        if let Some(exec) = user.exec.as_mut().filter(|exec| exec.provide_cluster_info) {
            exec.cluster = Some(ExecAuthCluster {
                server: cluster.server.clone(),
                insecure_skip_tls_verify: cluster.insecure_skip_tls_verify,
                certificate_authority_data: authority.clone(),
                proxy_url: cluster.proxy_url.clone(),
                tls_server_name: cluster.tls_server_name.clone(),
                config: cluster
                    .extensions
                    .as_ref()
                    .and_then(|all| Some(all.first()?.extension.clone())),
            });
        }
        config.root_cert = authority.map(|pem| certificates(&pem, &cluster)).transpose()?;
        config.tls_server_name = cluster.tls_server_name.clone().filter(|name| !name.is_empty());
        config.disable_compression = cluster.disable_compression.unwrap_or(false);
        let proxy = proxy(&cluster, part, &config.cluster_url, reach, inputs)?;
        let route = Route::new(&config.cluster_url, proxy.as_ref());
        let user_name = Some(login.part.name().to_owned()).filter(|name| !name.is_empty());
        let route = Route { context, user: user_name, ..route };
        config.proxy_url = proxy.map(|(url, _)| url);
        let is_secured = config.cluster_url.scheme_str() == Some("https");
        let pair_source = PairSource::of(&user, login.part.name(), reach);
        let login_sent = match (credentials::has_login(&user, reach), is_secured) {
            (true, true) => SentLogin::Sent,
            (true, false) => SentLogin::Withheld,
            (false, _) => SentLogin::Missing,
        };
        let route = Route { login: login_sent, ..route };
        let (user, plugin) = credentials::prepare(user, &login, reach, is_secured, inputs)?;
        config.auth_info = user;
        config.headers.extend(headers::impersonation(&mut config.auth_info, &login, reach)?);
        limit(&mut config, reach);
        let now = inputs.now();
        let owner = login.part;
        Ok(ResolvedConfig { config, namespace, pair_source, route, now, owner, plugin })
    }

    /// What the kubeconfig and the flags lead to: a cluster with an address, else the one that
    /// `KUBERNETES_MASTER` names, else that of the pod that we are in.
    fn choose(
        &self,
        reach: &Reach,
        context: Option<&str>,
        inputs: &Inputs,
    ) -> Result<Chosen, ConfigError> {
        const MASTER: &str = "KUBERNETES_MASTER";
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let named = self.context(context.or(reach.context.as_deref()))?;
        let context = named.as_ref().map(|named| named.part.name().to_owned());
        let found = named.as_ref().map_or_else(|| Ok(Context::default()), Record::context)?;
        let name = reach.cluster.as_deref().unwrap_or(&found.cluster);
        let part = Part::Cluster(name.to_owned());
        let record = self.cluster(name)?;
        if record.is_none() && !name.is_empty() && reach.server.is_none() {
            return Err(self.unknown(vec![part]));
        }
        let is_found = record.is_some();
        let record = record.unwrap_or_else(|| Record::absent(part));
        let cluster = overridden(record.cluster()?, reach);
        let pod = Pod::find(inputs);
        let namespace = given(&found.namespace)
            .or_else(|| pod.as_ref()?.namespace(inputs))
            .unwrap_or_else(|| "default".to_owned());
        if let Some(server) = given(&cluster.server) {
            let origin = match reach.server {
                Some(_) => ValueOrigin::Flag("--server"),
                None => ValueOrigin::Kubeconfig(record.place("server")),
            };
            let place = ClusterPlace { record, server: origin };
            let (user, login) = self.login(reach, &found, server_is_secured(&server))?;
            return Ok(Chosen { cluster, server, place, user, login, namespace, context });
        }
        if let Some(pod) = pod {
            let cluster = overridden(pod.cluster(), reach);
            let server = given(&cluster.server).unwrap_or_default();
            let place =
                ClusterPlace { record, server: ValueOrigin::Variable("KUBERNETES_SERVICE_HOST") };
            let login = Record::absent(Part::User(String::new()));
            return Ok(Chosen {
                cluster,
                server,
                place,
                user: pod.user(),
                login,
                namespace,
                context,
            });
        }
        let master = inputs.variable(OsStr::new(MASTER));
        let master = master.map(|master| master.to_string_lossy().into_owned());
        let Some(server) = given(&master) else {
            let cluster = is_found.then_some(&record);
            return Err(self.no_cluster(named.as_ref(), cluster).into());
        };
        let place = ClusterPlace { record, server: ValueOrigin::Variable(MASTER) };
        let (user, login) = self.login(reach, &found, server_is_secured(&server))?;
        Ok(Chosen { cluster, server, place, user, login, namespace, context })
    }

    /// Refuses the namespace of a context that is not one: it becomes a part of a path.
    pub(super) fn check_namespace(
        &self,
        reach: &Reach,
        context: Option<&str>,
        namespace: &str,
    ) -> Result<(), ConfigError> {
        let Some(fault) = Form::DnsLabel.faults(namespace).into_iter().next() else {
            return Ok(());
        };
        let named = self
            .context(context.or(reach.context.as_deref()))?
            .unwrap_or_else(|| Record::absent(Part::Context(String::new())));
        Err(ConfigError::Namespace { fault, place: named.place("namespace") })
    }

    /// The user that a flag or the context names. kubectl asks at the terminal for the login of a
    /// context's user that does not exist; without one it fails.
    fn login(
        &self,
        reach: &Reach,
        context: &Context,
        is_secured: bool,
    ) -> Result<(AuthInfo, Record), ConfigError> {
        let name = reach.user.as_deref().or(context.user.as_deref()).unwrap_or_default();
        let part = Part::User(name.to_owned());
        if let Some(record) = self.user(name)? {
            return Ok((record.user()?, record));
        }
        let has_login =
            reach.token.is_some() || reach.username.is_some() || reach.client_certificate.is_some();
        let is_needed = is_secured && !has_login && !name.is_empty();
        if reach.user.is_some() || is_needed {
            return Err(self.unknown(vec![part]));
        }
        Ok((AuthInfo::default(), Record::absent(part)))
    }
}

fn server_is_secured(server: &str) -> bool {
    server.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"))
}

/// The cluster with what flags say in its parts' place.
fn overridden(mut cluster: Cluster, reach: &Reach) -> Cluster {
    if reach.server.is_some() {
        cluster.server.clone_from(&reach.server);
        cluster.tls_server_name = None;
    }
    if reach.tls_server_name.is_some() {
        cluster.tls_server_name.clone_from(&reach.tls_server_name);
    }
    // A CA of the command line, or none wanted, takes the place of the kubeconfig's.
    if reach.insecure || reach.certificate_authority.is_some() {
        cluster.insecure_skip_tls_verify = Some(reach.insecure);
        cluster.certificate_authority.clone_from(&reach.certificate_authority);
        cluster.certificate_authority_data = None;
    }
    if reach.proxy_url.is_some() {
        cluster.proxy_url.clone_from(&reach.proxy_url);
    }
    cluster
}

/// A configuration for this server, with nothing decided yet.
fn start(server: &str, means_tls: bool, place: &ClusterPlace) -> Result<Config, ConfigError> {
    let invalid = |reason| ConfigError::Server {
        shown: is_address(server).then(|| golang::urls::without_userinfo(server).into_owned()),
        reason,
        part: place.record.part.clone(),
        origin: Box::new(place.server.clone()),
    };
    if let Some(reason) = address_fault(server) {
        return Err(invalid(reason));
    }
    let is_configured = matches!(place.server, ValueOrigin::Kubeconfig(_));
    if is_configured && means_tls && !server.contains("://") {
        // Without a scheme it is http, to which the rest of the cluster is of no use.
        return Err(invalid("needs https:// before it"));
    }
    let full = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let url = full
        .trim_end_matches('/')
        .parse::<http::Uri>()
        .map_err(|_| invalid("is not a valid URL"))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return Err(invalid("must begin with https:// or http://"));
    }
    if url.host().is_none_or(str::is_empty) {
        return Err(invalid("has no host"));
    }
    let port = url.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let port = port.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.ends_with(']'));
    if port.is_some_and(|port| !port.is_empty()) && url.port_u16().is_none_or(|port| port == 0) {
        return Err(invalid("has an invalid port"));
    }
    let mut config = Config::new(url);
    config.default_retry = false;
    config.headers.push((USER_AGENT, HeaderValue::from_static(AGENT)));
    Ok(config)
}

/// What is wrong with an address before it is parsed.
fn address_fault(text: &str) -> Option<&'static str> {
    if text.starts_with([' ', '\t']) {
        Some("begins with a space")
    } else if text.ends_with([' ', '\t']) {
        Some("ends with a space")
    } else if text.ends_with(['\n', '\r']) {
        Some("ends with a newline")
    } else if text.contains(char::is_control) {
        Some("has a control character")
    } else if text.contains(' ') {
        Some("has a space")
    } else {
        None
    }
}

/// Whether a text is plainly an address, not something else that was pasted in its place.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let is_url = text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.len() <= 8 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]/".contains(c);
    text.len() <= 300 && (is_url || (text.contains([':', '.']) && text.chars().all(is_host)))
}

/// Sets how long things may take.
fn limit(config: &mut Config, reach: &Reach) {
    // A connection has to fail before the whole request does: then it is known that nothing was
    // sent.
    let connect = reach.request_timeout.map(|all| all.saturating_sub(all / 20));
    config.connect_timeout = Some(connect.map_or(CONNECT_TIMEOUT, |c| c.min(CONNECT_TIMEOUT)));
    config.read_timeout = None;
    config.write_timeout = None;
}

/// The CA that the cluster names, as PEM; none is the system's.
fn authority(
    cluster: &Cluster,
    place: &ClusterPlace,
    inputs: &Inputs,
) -> Result<Option<Vec<u8>>, ConfigError> {
    const WHAT: &str = "certificate-authority";
    let data = cluster.certificate_authority_data.as_deref().filter(|data| !data.is_empty());
    let path = cluster.certificate_authority.as_deref().filter(|path| !path.is_empty());
    match (data, path) {
        (Some(_), Some(_)) => {
            Err(ConfigError::Both { what: WHAT, part: place.record.part.clone() })
        }
        (Some(data), None) => {
            check_redacted(&place.record, "certificate-authority-data", data)?;
            // The reader of the kubeconfig has made sure that it is base64.
            Ok(from_base64(data).map(|pem| pem.to_vec()))
        }
        (None, Some(path)) => {
            let read = inputs
                .read(Path::new(path))
                .map_err(|error| ConfigError::File { path: path.into(), error })?;
            Ok(Some(read.as_bytes().to_vec()))
        }
        (None, None) => Ok(None),
    }
}

/// The certificates of a CA, as DER.
fn certificates(pem: &[u8], cluster: &Cluster) -> Result<Vec<Vec<u8>>, ConfigError> {
    let found = authority_certificates(pem);
    if found.is_empty() {
        let path = cluster.certificate_authority.as_ref().filter(|path| !path.is_empty());
        return Err(ConfigError::Authority { path: path.map(PathBuf::from) });
    }
    Ok(found)
}

/// The proxy: the cluster's own, else the environment's where that means this server.
fn proxy(
    cluster: &Cluster,
    owner: &Part,
    server: &http::Uri,
    reach: &Reach,
    inputs: &Inputs,
) -> Result<Option<(http::Uri, ProxyOrigin)>, ConfigError> {
    let variable = |names: [&'static str; 2]| {
        let given = |name| {
            let value = inputs.variable(OsStr::new(name)).filter(|value| !value.is_empty())?;
            Some((name, value.to_string_lossy().into_owned()))
        };
        names.into_iter().find_map(given)
    };
    let variables = ProxyVariables {
        https: variable(["HTTPS_PROXY", "https_proxy"]),
        http: variable(["HTTP_PROXY", "http_proxy"]),
        none: variable(["NO_PROXY", "no_proxy"]),
    };
    let scheme = server.scheme_str().unwrap_or("https");
    let port = server.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    let host = server.host().unwrap_or_default();
    let own = cluster.proxy_url.as_deref().filter(|url| !url.is_empty()).map(|url| {
        match reach.proxy_url {
            Some(_) => (url, ProxyOrigin::Flag),
            None => (url, ProxyOrigin::Field { cluster: owner.name().to_owned() }),
        }
    });
    let Some((url, origin)) = own.or_else(|| variables.proxy_for(scheme, host, port)) else {
        return Ok(None);
    };
    let invalid = |reason| ConfigError::Proxy {
        reason,
        origin: match &origin {
            ProxyOrigin::Flag => "--proxy-url".to_owned(),
            ProxyOrigin::Field { .. } => format!("proxy-url, {owner}"),
            ProxyOrigin::Variable(name) => format!("the variable {name}"),
        },
    };
    // socks5h resolves names at the proxy, as kube's socks5 does.
    let full = match url.split_once("://") {
        Some(("socks5h", rest)) => format!("socks5://{rest}"),
        Some(_) => url.to_owned(),
        None => format!("http://{url}"),
    };
    let proxy = full.parse::<http::Uri>().map_err(|_| invalid("it is not a valid URL"))?;
    if !matches!(proxy.scheme_str(), Some("http" | "https" | "socks5")) {
        return Err(invalid("it must begin with http://, https:// or socks5://"));
    }
    if proxy.host().is_none_or(str::is_empty) {
        return Err(invalid("it has no host"));
    }
    Ok(Some((proxy, origin)))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::cluster::config_error::NoCluster;

    fn files(text: &str) -> Files {
        let mut files = Files::default();
        files.add_bytes(Path::new("kc"), text.as_bytes()).unwrap();
        files
    }

    const TWO: &str = r#"
current-context: a
contexts:
- {name: a, context: {cluster: one, user: u, namespace: n}}
- {name: b, context: {cluster: gone, user: nobody}}
- {name: c, context: {cluster: one, user: nobody}}
clusters:
- {name: one, cluster: {server: "https://one:6443/prefix/", tls-server-name: other}}
users:
- {name: u, user: {token: t}}
"#;

    #[test]
    fn contexts() {
        let files = files(TWO);
        let inputs = Inputs::fixed();
        let settle = |reach: Reach| match files.settle(&reach, None, &inputs) {
            Ok(found) => format!("{} {}", found.config.cluster_url, found.namespace),
            Err(error) => error.to_string(),
        };
        let name = |text: &str| Some(text.to_owned());
        let none = Reach::default;
        let rows = [
            (Reach::default(), "https://one:6443/prefix n"),
            (
                Reach { context: name("c"), token: Some(Zeroizing::new("t".into())), ..none() },
                "https://one:6443/prefix default",
            ),
            (
                Reach { context: name("b"), ..none() },
                "cluster \"gone\" is not in the kubeconfig (it has: one)",
            ),
            (
                Reach { context: name("x"), ..none() },
                "context \"x\" is not in the kubeconfig (it has: a, b, c)",
            ),
            (
                Reach { cluster: name("x"), ..none() },
                "cluster \"x\" is not in the kubeconfig (it has: one)",
            ),
            (
                Reach { user: name("x"), ..none() },
                "user \"x\" is not in the kubeconfig (it has: u)",
            ),
            (
                Reach { context: name("c"), ..none() },
                "user \"nobody\" is not in the kubeconfig (it has: u)",
            ),
            (Reach { server: name("h:1"), ..Reach::default() }, "http://h:1/ n"),
        ];
        for (reach, wanted) in rows {
            let case = format!("{reach:?}");
            assert_eq!(settle(reach), wanted, "{case}");
        }
    }

    #[test]
    fn a_server_of_the_command_line_has_its_own_tls_name() {
        let found = files(TWO);
        let settle = |reach| found.settle(&reach, None, &Inputs::fixed()).unwrap().config;
        assert_eq!(settle(Reach::default()).tls_server_name.as_deref(), Some("other"));
        let server = Some("https://h".to_owned());
        assert_eq!(settle(Reach { server, ..Reach::default() }).tls_server_name, None);
    }

    /// A kubeconfig `c` with these fields of cluster and user.
    fn one(cluster: &str, user: &str) -> Files {
        files(&format!(
            "current-context: x\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             clusters: [{{name: c, cluster: {{{cluster}}}}}]\n\
             users: [{{name: u, user: {{{user}}}}}]\n"
        ))
    }

    #[test]
    fn addresses() {
        let rows = [
            ("https://h", "https://h/"),
            ("HTTPS://h:6443/a/", "https://h:6443/a"),
            ("h:8080", "http://h:8080/"),
            ("https://[::1]:6443", "https://[::1]:6443/"),
            ("https://h:/p", "https://h:/p"),
            (" https://h", "the server's address \" https://h\" begins with a space (cluster c)"),
            (
                "https://h\\n",
                "the server's address \"https://h\\n\" ends with a newline (cluster c)",
            ),
            ("https://h h", "the server's address \"https://h h\" has a space (cluster c)"),
            (
                "https://h\\0",
                "the server's address \"https://h\\0\" has a control character (cluster c)",
            ),
            (
                "https://h:99999",
                "the server's address \"https://h:99999\" has an invalid port (cluster c)",
            ),
            ("https://h:0", "the server's address \"https://h:0\" has an invalid port (cluster c)"),
            (
                "ftp://h",
                "the server's address \"ftp://h\" must begin with https:// or http:// (cluster c)",
            ),
            (
                "https://u:hunter2@h:a",
                "the server's address \"https://xxxxx@h:a\" has an invalid port (cluster c)",
            ),
            ("hunter2 hunter2", "the server's address has a space (cluster c)"),
        ];
        for (server, wanted) in rows {
            let files = one(&format!("server: \"{server}\""), "token: t");
            let got = match files.settle(&Reach::default(), None, &Inputs::fixed()) {
                Ok(found) => found.config.cluster_url.to_string(),
                Err(error) => error.to_string(),
            };
            assert_eq!(got, wanted, "{server}");
        }
        let ca = "server: \"h:6443\", certificate-authority-data: eA==";
        let error = one(ca, "token: t").settle(&Reach::default(), None, &Inputs::fixed()).err();
        let wanted = "the server's address \"h:6443\" needs https:// before it (cluster c)";
        assert_eq!(error.unwrap().to_string(), wanted);
    }

    #[test]
    fn nothing_configured_is_no_cluster() {
        let error = files("{}").settle(&Reach::default(), None, &Inputs::fixed()).err().unwrap();
        assert!(matches!(error, ConfigError::NoCluster(NoCluster::Empty { .. })), "{error}");
    }
}
