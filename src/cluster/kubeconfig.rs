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

use super::config_error::ConfigError;
use super::credentials;
use super::pod::Pod;
use super::proxy::ProxyVariables;
use super::reach::{Endpoint, Reach};
use crate::golang;
use crate::sources::{Inputs, paths_of};

const AGENT: &str = concat!("mksecret/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// An API server and a caller, ready for a client.
pub(super) struct Settled {
    pub(super) config: Config,
    /// The context's namespace.
    pub(super) namespace: String,
}

/// Where others find the API server that a run without further targets goes to; none where no
/// cluster is configured. No credential is looked at.
pub fn endpoint(reach: &Reach, inputs: &Inputs) -> Result<Option<Endpoint>, ConfigError> {
    match Files::read(reach, inputs)?.choose(reach, None, inputs) {
        Ok(Chosen { cluster, server, .. }) => {
            Ok(Some(Endpoint { server, authority: authority(&cluster, inputs)? }))
        }
        Err(ConfigError::NoCluster { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A cluster and a user, with nothing read of what they name.
struct Chosen {
    cluster: Cluster,
    server: String,
    user: AuthInfo,
    user_name: String,
    namespace: String,
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
        let paths = match variable("KUBECONFIG") {
            Some(list) => paths_of(&list),
            None => {
                inputs.home().map(|home| home.join(".kube").join("config")).into_iter().collect()
            }
        };
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
            // An empty name is none: the next file may set it.
            merged.current_context = merged.current_context.filter(|name| !name.is_empty());
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
        let Chosen { cluster, server, mut user, user_name, namespace } =
            self.choose(reach, context, inputs)?;
        let mut config = start(&server)?;
        if let Some(exec) = &mut user.exec
            && exec.provide_cluster_info
        {
            exec.cluster =
                Some(ExecAuthCluster::try_from(&cluster).map_err(|error| ConfigError::of(&error))?);
        }
        config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
        let authority = authority(&cluster, inputs)?;
        if config.accept_invalid_certs && authority.is_some() {
            return Err(ConfigError::InsecureWithAuthority);
        }
        config.root_cert = authority.map(|pem| certificates(&pem, &cluster)).transpose()?;
        config.tls_server_name = cluster.tls_server_name.clone().filter(|name| !name.is_empty());
        config.disable_compression = cluster.disable_compression.unwrap_or(false);
        config.proxy_url = proxy(&cluster, &config.cluster_url, inputs)?;
        let is_secured = config.cluster_url.scheme_str() == Some("https");
        config.auth_info = credentials::log_in(user, &user_name, reach, is_secured, inputs)?;
        limit(&mut config, reach);
        Ok(Settled { config, namespace })
    }

    /// What the kubeconfig and the flags lead to: a cluster with an address, else the one that
    /// `KUBERNETES_MASTER` names, else that of the pod that we are in.
    fn choose(
        &self,
        reach: &Reach,
        context: Option<&str>,
        inputs: &Inputs,
    ) -> Result<Chosen, ConfigError> {
        let (found, cluster, user) = self.parts(reach, context)?;
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let pod = Pod::find(inputs);
        let namespace = given(&found.namespace);
        let namespace = namespace.or_else(|| pod.as_ref()?.namespace(inputs));
        let namespace = namespace.unwrap_or_else(|| "default".to_owned());
        let user_name = reach.user.clone().or(found.user).unwrap_or_default();
        let cluster = overridden(cluster, reach);
        if let Some(server) = given(&cluster.server) {
            return Ok(Chosen { cluster, server, user, user_name, namespace });
        }
        if let Some(pod) = pod {
            let cluster = overridden(pod.cluster(), reach);
            let server = given(&cluster.server).unwrap_or_default();
            return Ok(Chosen { cluster, server, user: pod.user(), user_name, namespace });
        }
        let master = inputs.variable(OsStr::new("KUBERNETES_MASTER"));
        let master = master.map(|master| master.to_string_lossy().into_owned());
        let Some(server) = given(&master) else {
            let contexts = self.0.contexts.iter().map(|entry| entry.name.clone()).collect();
            return Err(ConfigError::NoCluster { contexts });
        };
        Ok(Chosen { cluster, server, user, user_name, namespace })
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

/// The CA that the cluster names, as PEM; none is the system's.
fn authority(cluster: &Cluster, inputs: &Inputs) -> Result<Option<Vec<u8>>, ConfigError> {
    use base64::Engine as _;
    const WHAT: &str = "certificate-authority";
    let server = cluster.server.as_deref().unwrap_or_default();
    let of = || golang::urls::without_userinfo(server).into_owned();
    let data = cluster.certificate_authority_data.as_deref().filter(|data| !data.is_empty());
    let path = cluster.certificate_authority.as_deref().filter(|path| !path.is_empty());
    match (data, path) {
        (Some(_), Some(_)) => Err(ConfigError::Both { what: WHAT, of: of() }),
        (Some(data), None) => {
            let pem = base64::engine::general_purpose::STANDARD.decode(data);
            pem.map(Some).map_err(|_| ConfigError::NotBase64 { what: WHAT, of: of() })
        }
        (None, Some(path)) => {
            let read = inputs.read(Path::new(path));
            let read = read.map_err(|error| ConfigError::File { path: path.into(), error })?;
            Ok(Some(read.as_bytes().to_vec()))
        }
        (None, None) => Ok(None),
    }
}

/// The certificates of a CA, as DER.
fn certificates(pem: &[u8], cluster: &Cluster) -> Result<Vec<Vec<u8>>, ConfigError> {
    let found = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok);
    let found: Vec<_> = found.map(|certificate| certificate.to_vec()).collect();
    if found.is_empty() {
        let path = cluster.certificate_authority.as_ref().filter(|path| !path.is_empty());
        return Err(ConfigError::Authority { path: path.map(PathBuf::from) });
    }
    Ok(found)
}

/// The proxy: the cluster's own, else the environment's where that means this server.
fn proxy(
    cluster: &Cluster,
    server: &http::Uri,
    inputs: &Inputs,
) -> Result<Option<http::Uri>, ConfigError> {
    let variable = |names: [&str; 2]| {
        let given = |name| inputs.variable(OsStr::new(name)).filter(|value| !value.is_empty());
        let found = names.into_iter().find_map(given);
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
    fn a_password_in_an_address_is_not_shown() {
        for (ca, said) in [
            ("data: '?'", "certificate-authority-data of \"https://xxxxx@h\" is not base64"),
            (
                "data: eA==, certificate-authority: ca",
                "certificate-authority and certificate-authority-data are both given for \
                 \"https://xxxxx@h\", and one is meant",
            ),
        ] {
            let text = format!(
                "current-context: a\n\
                 contexts: [{{name: a, context: {{cluster: c}}}}]\n\
                 clusters: [{{name: c, cluster: {{server: \"https://u:p@h\", \
                 certificate-authority-{ca}}}}}]\n"
            );
            let error = files(&text).settle(&Reach::default(), None, &Inputs::fixed()).err();
            assert_eq!(error.unwrap().to_string(), said);
        }
    }

    #[test]
    fn nothing_configured_is_no_cluster() {
        let empty = files("{}");
        let error = empty.settle(&Reach::default(), None, &Inputs::fixed()).err().unwrap();
        assert!(matches!(error, ConfigError::NoCluster { contexts } if contexts.is_empty()));
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
