//! The certificate of a controller of Sealed Secrets: from its service through the API server, or
//! from an address.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Uri};
use serde::Deserialize;
use tokio::runtime::Builder;
use zeroize::Zeroizing;

use super::client::{Answer, Asking, Connection};
use super::config_error::{ConfigError, PRINT_INSTEAD};
use super::exec::Plugins;
use super::explanation::Explanation;
use super::faults::Tries;
use super::kubeconfig::Files;
use super::requests::{GaveUp, segment};
use super::status::{Reply, Status};
use super::subject::Subject;
use super::trouble::Trouble;
use crate::hints::{Fault, shell_text};
use crate::reach::{ConnectionFlags, Reach};
use crate::sources::Inputs;

/// Asks the controller behind a service for its certificate, as kubeseal does: first for the name of
/// the service's first port, then through the API server's proxy. The caller needs `get` on
/// `services` and on `services/proxy`.
pub(crate) fn fetch_certificate(
    reach: &Reach,
    namespace: &str,
    name: &str,
    inputs: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Box<FetchError>> {
    let mut subject = subject_of(reach, Some(namespace), name);
    let fetched = in_runtime(async {
        let mut resolved = Files::read(reach, inputs)?.settle(reach, None, inputs)?;
        resolved.log_in(&Plugins::default()).await?;
        let connection = Connection::new(resolved, reach.request_timeout, None)?;
        subject.route = Some(Arc::clone(&connection.route));
        let services = format!("/api/v1/namespaces/{}/services", segment(namespace));
        let answer = get(&connection, format!("{services}/{}", segment(name))).await?;
        let port = serde_json::from_slice::<Service>(&answer.body)
            .map_err(|_| Problem::Trouble(Trouble::Foreign { status: answer.status }))?
            .port();
        let service = segment(&format!("http:{name}:{port}"));
        get(&connection, format!("{services}/{service}/proxy/v1/cert.pem")).await
    });
    fetched
        .map(|answer| answer.body)
        .map_err(|problem| Box::new(FetchError { problem, subject, url: None }))
}

/// Downloads a certificate from an address of `https`, or of `http` on this machine. No login of a
/// kubeconfig is sent there.
pub(crate) fn download_certificate(
    url: &str,
    reach: &Reach,
    inputs: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Box<FetchError>> {
    let mut subject = subject_of(&Reach::default(), None, "");
    let fetched = in_runtime(async {
        let address: Uri = url.parse().map_err(|_| Problem::Address)?;
        let (Some(scheme), Some(authority)) = (address.scheme_str(), address.authority()) else {
            return Err(Problem::Address);
        };
        let reach = Reach {
            server: Some(format!("{scheme}://{authority}")),
            request_timeout: reach.request_timeout,
            ..Reach::default()
        };
        let resolved = Files::default().settle(&reach, None, inputs)?;
        let connection = Connection::new(resolved, reach.request_timeout, None)?;
        subject.route = Some(Arc::clone(&connection.route));
        let path = address.path_and_query().map_or("/", |path| path.as_str());
        get(&connection, path.to_owned()).await
    });
    let url = Some(crate::golang::urls::without_login(url));
    fetched
        .map(|answer| answer.body)
        .map_err(|problem| Box::new(FetchError { problem, subject, url }))
}

fn in_runtime<T>(work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let no_runtime = |_| ConfigError::Kube { words: "no thread can be started".to_owned() };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(no_runtime)?;
    runtime.block_on(work)
}

fn subject_of(reach: &Reach, namespace: Option<&str>, name: &str) -> Subject {
    Subject {
        name: name.to_owned(),
        namespace: namespace.map(str::to_owned),
        context: None,
        route: None,
        flags: ConnectionFlags::new(reach),
        deed: "read",
    }
}

async fn get(connection: &Connection, path: String) -> Result<Answer, Problem> {
    let asking = Asking { method: Method::GET, path, content_type: None, body: Bytes::new() };
    let read = |answer: &Answer| match answer.status {
        200 => Reply::Other,
        _ => answer.refusal(),
    };
    let tries = Tries::new(1).within(connection.timeout);
    match connection.repeat(&asking, tries, read).await {
        Ok((answer, Reply::Other, _)) => Ok(answer),
        Ok((_, Reply::Refused { status }, _)) => Err(Problem::Refused(status)),
        Ok((answer, reply, _)) => Err(Problem::Trouble(reply.trouble(&answer))),
        Err(GaveUp { trouble, .. }) => Err(Problem::Trouble(trouble)),
    }
}

/// A Service, as far as its first port has a name.
#[derive(Deserialize)]
struct Service {
    #[serde(default)]
    spec: ServiceSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ServiceSpec {
    ports: Vec<ServicePort>,
}

#[derive(Deserialize)]
struct ServicePort {
    #[serde(default)]
    name: String,
}

impl Service {
    fn port(self) -> String {
        self.spec.ports.into_iter().next().map_or_else(String::new, |port| port.name)
    }
}

#[derive(Debug)]
enum Problem {
    Address,
    Config(ConfigError),
    Refused(Box<Status>),
    Trouble(Trouble),
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// Why there is no certificate.
#[derive(Debug)]
pub(crate) struct FetchError {
    problem: Problem,
    /// The service of the controller, without a name where an address was asked.
    subject: Subject,
    /// The address without user information, `None` if a service was asked.
    url: Option<String>,
}

impl FetchError {
    fn explain(&self) -> Explanation {
        let Self { problem, subject, url } = self;
        let service = format!("service {}{}", subject.name, subject.place());
        let what = match url {
            Some(url) => format!("cannot download the certificate from {url}"),
            None => format!("cannot get the certificate from {service}"),
        };
        let flags = subject.cluster_flags();
        let or_file = "--seal=FILE works without the cluster".to_owned();
        let by_hand = "download it yourself and pass the file: --seal=FILE".to_owned();
        match problem {
            Problem::Address => Explanation {
                words: format!("{what}: it is not a valid address"),
                hints: Vec::new(),
            },
            Problem::Config(error) => {
                let words = format!("{what}: {error}");
                let mut hints = error.hints();
                hints.retain(|hint| hint != PRINT_INSTEAD);
                if url.is_none() {
                    hints.push(or_file);
                }
                Explanation { words, hints }
            }
            Problem::Refused(status) if url.is_none() && status.code == 404 => Explanation {
                words: format!("{what}: the cluster has no such service"),
                hints: vec![
                    format!(
                        "kubectl get services --all-namespaces{flags} shows the name of the controller's"
                    ),
                    "pass it: --seal-controller=NAMESPACE/NAME".to_owned(),
                ],
            },
            Problem::Refused(status) if url.is_none() && status.code == 403 => Explanation {
                words: format!("{what}: the server forbids it"),
                hints: vec![
                    format!(
                        "needed: get on services and services/proxy: kubectl auth can-i get services/{} \
                         --subresource=proxy -n {}{flags}",
                        shell_text(&subject.name),
                        shell_text(subject.namespace.as_deref().unwrap_or_default())
                    ),
                    or_file,
                ],
            },
            Problem::Refused(status) => Explanation {
                words: format!("{what}: status {} ({})", status.code, status.reason),
                hints: vec![if url.is_some() { by_hand } else { or_file }],
            },
            Problem::Trouble(trouble) if url.is_some() => {
                let words = match trouble {
                    Trouble::Rejected { code, wants_https: false } => format!("status {code}"),
                    Trouble::Redirect { .. } => trouble.to_string(),
                    _ => trouble.explain(subject).words,
                };
                Explanation { words: format!("{what}: {words}"), hints: vec![by_hand] }
            }
            Problem::Trouble(trouble) => {
                let Explanation { words, mut hints } = trouble.explain(subject);
                hints.push(or_file);
                Explanation { words: format!("{what}: {words}"), hints }
            }
        }
    }
}

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.explain().words)
    }
}

impl std::error::Error for FetchError {}

impl Fault for FetchError {
    fn hints(&self) -> Vec<String> {
        self.explain().hints
    }
}
