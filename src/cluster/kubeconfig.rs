//! From kubeconfigs and flags to one API server and one caller, by kubectl's rules (client-go's
//! `clientcmd`).

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::header::{HeaderValue, USER_AGENT};
use kube::Config;
use kube::config::{AuthInfo, Cluster, Context, ExecAuthCluster, Kubeconfig, KubeconfigError};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use zeroize::Zeroizing;

use super::exec::{self, ExecError};
use super::proxy::ProxyVariables;
use super::reach::Reach;
use crate::sources::Inputs;

const AGENT: &str = concat!("mksecret/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Where a pod finds its service account.
const POD: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// An API server and a caller, ready for a client.
pub(super) struct Settled {
    pub(super) config: Config,
    /// The context's namespace.
    pub(super) namespace: String,
}

/// The kubeconfigs, read and merged.
pub(super) struct Files(Kubeconfig);

impl Files {
    /// Reads what `--kubeconfig` names, else what `KUBECONFIG` lists (files that are not there are
    /// skipped), else the default file; nothing at all is an empty kubeconfig.
    pub(super) fn read(reach: &Reach, inputs: &Inputs) -> Result<Self, ConfigError> {
        if let Some(path) = &reach.kubeconfig {
            return Ok(Self(read_one(path)?));
        }
        let variable = |name| inputs.variable(OsStr::new(name)).filter(|value| !value.is_empty());
        let listed = variable("KUBECONFIG").map(|list| {
            let paths = std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty());
            paths.collect::<Vec<_>>()
        });
        let paths = listed.filter(|paths| !paths.is_empty()).unwrap_or_else(|| {
            let home = variable("HOME").or_else(|| variable("USERPROFILE"));
            home.map(|home| Path::new(&home).join(".kube").join("config")).into_iter().collect()
        });
        let mut merged = Kubeconfig::default();
        for path in paths {
            let read = match read_one(&path) {
                Err(ConfigError::Read { source, .. })
                    if source.kind() == io::ErrorKind::NotFound =>
                {
                    continue;
                }
                read => read?,
            };
            merged = merged.merge(read).map_err(|_| ConfigError::Mismatch { path })?;
        }
        Ok(Self(merged))
    }

    /// The server and the caller of a context, the current one where none is named.
    pub(super) fn settle(
        &self,
        reach: &Reach,
        context: Option<&str>,
        inputs: &Inputs,
    ) -> Result<Settled, ConfigError> {
        let (found, cluster, mut user) = self.parts(reach, context)?;
        let cluster = overridden(cluster, reach);
        let Some(server) = cluster.server.clone().filter(|server| !server.is_empty()) else {
            let nothing = self.0.contexts.is_empty() && self.0.clusters.is_empty();
            return match in_pod(reach, inputs) {
                Some(pod) if nothing => pod,
                _ => Err(ConfigError::NoCluster),
            };
        };
        if let Some(exec) = &mut user.exec
            && exec.provide_cluster_info
        {
            exec.cluster =
                Some(ExecAuthCluster::try_from(&cluster).map_err(|error| ConfigError::of(&error))?);
        }
        log_in(&mut user, reach, inputs)?;
        let mut config = start(&server)?;
        config.root_cert = authorities(&cluster, inputs)?;
        config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
        config.tls_server_name = cluster.tls_server_name.clone().filter(|name| !name.is_empty());
        config.disable_compression = cluster.disable_compression.unwrap_or(false);
        config.proxy_url = proxy(&cluster, &config.cluster_url, inputs)?;
        config.auth_info = user;
        limit(&mut config, reach);
        let namespace = found.namespace.filter(|namespace| !namespace.is_empty());
        Ok(Settled { config, namespace: namespace.unwrap_or_else(|| "default".to_owned()) })
    }

    /// The parts that a context names. A user that is not there is nobody, unless asked for.
    fn parts(
        &self,
        reach: &Reach,
        context: Option<&str>,
    ) -> Result<(Context, Cluster, AuthInfo), ConfigError> {
        let file = &self.0;
        let current = file.current_context.as_deref().filter(|name| !name.is_empty());
        let context = match context.or(reach.context.as_deref()).or(current) {
            None => Context::default(),
            Some(name) => {
                let found = file.contexts.iter().find(|entry| entry.name == name);
                let known = || file.contexts.iter().map(|entry| entry.name.clone()).collect();
                let missing = || ConfigError::NoContext { name: name.to_owned(), known: known() };
                found.ok_or_else(missing)?.context.clone().unwrap_or_default()
            }
        };
        let name = reach.cluster.as_deref().unwrap_or(&context.cluster);
        let found = file.clusters.iter().find(|entry| entry.name == name);
        if found.is_none() && !name.is_empty() && reach.server.is_none() {
            return Err(ConfigError::NoSuchCluster { name: name.to_owned() });
        }
        let cluster = found.and_then(|entry| entry.cluster.clone()).unwrap_or_default();
        let name = reach.user.as_deref().or(context.user.as_deref()).unwrap_or_default();
        let found = file.auth_infos.iter().find(|entry| entry.name == name);
        if found.is_none() && reach.user.is_some() {
            return Err(ConfigError::NoSuchUser { name: name.to_owned() });
        }
        let user = found.and_then(|entry| entry.auth_info.clone()).unwrap_or_default();
        Ok((context, cluster, user))
    }
}

fn read_one(path: &Path) -> Result<Kubeconfig, ConfigError> {
    Kubeconfig::read_from(path).map_err(|error| match error {
        KubeconfigError::ReadConfig(source, path) => ConfigError::Read { path, source },
        // The parser's own words quote the file, which holds credentials.
        KubeconfigError::Parse(error) => ConfigError::Parse {
            path: path.to_owned(),
            place: error.location().map(|place| (place.line(), place.column())),
        },
        error => ConfigError::of(&error),
    })
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

/// Makes the user one that a client can be built with: flags in their place, files read, plugins
/// run.
fn log_in(user: &mut AuthInfo, reach: &Reach, inputs: &Inputs) -> Result<(), ConfigError> {
    let text = |secret: &Zeroizing<String>| secret.to_string();
    if reach.token.is_some() || reach.username.is_some() || reach.password.is_some() {
        (user.token, user.token_file, user.exec, user.auth_provider) = (None, None, None, None);
        (user.username, user.password) = (None, None);
    }
    if let Some(token) = &reach.token {
        user.token = Some(text(token).into());
    }
    if reach.username.is_some() || reach.password.is_some() {
        user.username = Some(reach.username.clone().unwrap_or_default());
        user.password = Some(reach.password.as_ref().map(text).unwrap_or_default().into());
    }
    for (flag, path, data) in [(
        &reach.client_certificate,
        &mut user.client_certificate,
        &mut user.client_certificate_data,
    )] {
        if flag.is_some() {
            path.clone_from(flag);
            *data = None;
        }
    }
    if reach.client_key.is_some() {
        user.client_key.clone_from(&reach.client_key);
        user.client_key_data = None;
    }
    // A token file's line end is no part of the token; the file comes before a token beside it.
    if let Some(path) = user.token_file.take().filter(|path| !path.is_empty()) {
        let read = inputs.read(Path::new(&path));
        let read = read.map_err(|error| ConfigError::File { path: path.into(), error })?;
        let token = read.as_text().unwrap_or_default().trim();
        user.token = Some(token.to_owned().into());
    }
    if user.token.is_some() {
        (user.exec, user.auth_provider) = (None, None);
    }
    exec::log_in(user, inputs.has_free_terminal())?;
    if reach.act_as.is_some() {
        user.impersonate.clone_from(&reach.act_as);
        user.impersonate_uid.clone_from(&reach.act_under_uid);
        user.impersonate_groups = Some(reach.act_in_groups.clone());
        let mut extra = std::collections::HashMap::<String, Vec<String>>::new();
        for (key, value) in &reach.act_with_extra {
            extra.entry(key.clone()).or_default().push(value.clone());
        }
        user.impersonate_user_extra = Some(extra);
    }
    Ok(())
}

/// A configuration for this server, with nothing decided yet.
fn start(server: &str) -> Result<Config, ConfigError> {
    let full = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let url = full.trim_end_matches('/').parse::<http::Uri>();
    let url = url.ok().filter(|url| url.host().is_some()).ok_or(ConfigError::Server)?;
    let mut config = Config::new(url);
    config.default_retry = false;
    config.headers.push((USER_AGENT, HeaderValue::from_static(AGENT)));
    Ok(config)
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

/// The CA certificates that the cluster names, as DER; none is the system's.
fn authorities(cluster: &Cluster, inputs: &Inputs) -> Result<Option<Vec<Vec<u8>>>, ConfigError> {
    use base64::Engine as _;
    let data = cluster.certificate_authority_data.as_deref().filter(|data| !data.is_empty());
    let path = cluster.certificate_authority.as_deref().filter(|path| !path.is_empty());
    let pem = match (data, path) {
        (Some(data), _) => {
            let pem = base64::engine::general_purpose::STANDARD.decode(data);
            pem.map_err(|_| ConfigError::Authority { path: None })?
        }
        (None, Some(path)) => {
            let read = inputs.read(Path::new(path));
            let read = read.map_err(|error| ConfigError::File { path: path.into(), error })?;
            read.as_bytes().to_vec()
        }
        (None, None) => return Ok(None),
    };
    let found = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
    let found: Vec<_> = found.map(|certificate| certificate.to_vec()).collect();
    if found.is_empty() {
        return Err(ConfigError::Authority { path: path.map(PathBuf::from) });
    }
    Ok(Some(found))
}

/// The proxy: the cluster's own, else the environment's where that means this server.
fn proxy(
    cluster: &Cluster,
    server: &http::Uri,
    inputs: &Inputs,
) -> Result<Option<http::Uri>, ConfigError> {
    let variable = |names: [&str; 2]| {
        let found = names.into_iter().find_map(|name| inputs.variable(OsStr::new(name)));
        found.map(|value| value.to_string_lossy().into_owned())
    };
    let variables = ProxyVariables {
        https: variable(["HTTPS_PROXY", "https_proxy"]),
        http: variable(["HTTP_PROXY", "http_proxy"]),
        none: variable(["NO_PROXY", "no_proxy"]),
    };
    let scheme = server.scheme_str().unwrap_or("https");
    let port = server.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    let host = server.host().unwrap_or_default();
    let own = cluster.proxy_url.as_deref().filter(|url| !url.is_empty());
    let Some(url) = own.or_else(|| variables.proxy_for(scheme, host, port)) else {
        return Ok(None);
    };
    // socks5h resolves names at the proxy, as kube's socks5 does.
    let full = match url.split_once("://") {
        Some(("socks5h", rest)) => format!("socks5://{rest}"),
        Some(_) => url.to_owned(),
        None => format!("http://{url}"),
    };
    full.parse().map(Some).map_err(|_| ConfigError::Proxy)
}

/// The cluster that this very pod runs in, where it is one.
fn in_pod(reach: &Reach, inputs: &Inputs) -> Option<Result<Settled, ConfigError>> {
    let variable = |name| {
        let value = inputs.variable(OsStr::new(name)).filter(|value| !value.is_empty());
        value.map(|value| value.to_string_lossy().into_owned())
    };
    let host = variable("KUBERNETES_SERVICE_HOST")?;
    let port = variable("KUBERNETES_SERVICE_PORT")?;
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let cluster = Cluster {
        server: Some(format!("https://{host}:{port}")),
        certificate_authority: Some(format!("{POD}/ca.crt")),
        ..Cluster::default()
    };
    let settle = || {
        let cluster = overridden(cluster, reach);
        let mut user = AuthInfo { token_file: Some(format!("{POD}/token")), ..AuthInfo::default() };
        log_in(&mut user, reach, inputs)?;
        let mut config = start(cluster.server.as_deref().unwrap_or_default())?;
        config.root_cert = authorities(&cluster, inputs)?;
        config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
        config.proxy_url = proxy(&cluster, &config.cluster_url, inputs)?;
        config.auth_info = user;
        limit(&mut config, reach);
        let namespace = inputs.read(Path::new(&format!("{POD}/namespace"))).ok();
        let namespace = namespace.and_then(|n| n.as_text().map(|text| text.trim().to_owned()));
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        Ok(Settled { config, namespace: namespace.unwrap_or_else(|| "default".to_owned()) })
    };
    Some(settle())
}

/// Why it is not known which API server to talk to, or how.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The cluster's CA holds no certificate.
    #[error("the cluster's CA{} holds no certificate", path.as_ref().map_or(String::new(), |p| format!(" in {}", p.display())))]
    Authority {
        /// The file, where it is one.
        path: Option<PathBuf>,
    },
    /// A credential plugin.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// A file that a kubeconfig or a flag names.
    #[error("{}: {}", path.display(), error.kind)]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: crate::sources::ReadError,
    },
    /// What kube says of a credential.
    #[error("the kubeconfig's credentials cannot be used: {words}")]
    Kube {
        /// Its words, without any value.
        words: String,
    },
    /// Kubeconfigs of two kinds in one list.
    #[error("{}: another kind or version than the kubeconfigs before it", path.display())]
    Mismatch {
        /// The second.
        path: PathBuf,
    },
    /// No cluster is configured.
    #[error("no cluster is configured")]
    NoCluster,
    /// No such context.
    #[error("context {name:?} does not exist")]
    NoContext {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// No such cluster.
    #[error("cluster {name:?} does not exist")]
    NoSuchCluster {
        /// The name.
        name: String,
    },
    /// No such user.
    #[error("auth info {name:?} does not exist")]
    NoSuchUser {
        /// The name.
        name: String,
    },
    /// A kubeconfig that is none.
    #[error("{} is no kubeconfig{}", path.display(), place.map_or(String::new(), |(line, column)| format!(": line {line}, column {column}")))]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line and column, where known.
        place: Option<(u64, u64)>,
    },
    /// A proxy's address that is none.
    #[error("the proxy's address cannot be used")]
    Proxy,
    /// A kubeconfig that cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A server's address that is none.
    #[error("the API server's address cannot be used")]
    Server,
}

impl ConfigError {
    /// What kube says while it loads credentials, as far as it holds no value.
    pub(super) fn of(error: &KubeconfigError) -> Self {
        use kube::config::KubeconfigError as K;
        let words = match error {
            K::LoadCertificateAuthority(_) => "the cluster's CA cannot be read",
            K::LoadClientCertificate(_) => "the client certificate cannot be read",
            K::LoadClientKey(_) => "the client certificate's key cannot be read",
            _ => "kube cannot load them",
        };
        Self::Kube { words: words.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        Files(Kubeconfig::from_yaml(text).unwrap())
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
        let rows = [
            (Reach::default(), "https://one:6443/prefix n"),
            (Reach { context: name("c"), ..Reach::default() }, "https://one:6443/prefix default"),
            (Reach { context: name("b"), ..Reach::default() }, "cluster \"gone\" does not exist"),
            (Reach { context: name("x"), ..Reach::default() }, "context \"x\" does not exist"),
            (Reach { cluster: name("x"), ..Reach::default() }, "cluster \"x\" does not exist"),
            (Reach { user: name("x"), ..Reach::default() }, "auth info \"x\" does not exist"),
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

    #[test]
    fn nothing_configured_is_no_cluster() {
        let empty = files("{}");
        let error = empty.settle(&Reach::default(), None, &Inputs::fixed()).err().unwrap();
        assert!(matches!(error, ConfigError::NoCluster));
    }

    #[test]
    fn a_broken_kubeconfig_is_not_quoted() {
        let path = std::env::temp_dir().join(format!("mksecret-kubeconfig-{}", std::process::id()));
        #[expect(clippy::disallowed_methods, reason = "a test's own file")]
        std::fs::write(&path, "users:\n- name: u\n  user: {token: [hunter2}\n").unwrap();
        let error = read_one(&path).err().unwrap().to_string();
        #[expect(clippy::let_underscore_must_use, reason = "a temporary file")]
        let _ = std::fs::remove_file(&path);
        assert!(error.contains("is no kubeconfig") && !error.contains("hunter2"), "{error}");
    }
}
