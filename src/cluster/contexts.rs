//! The contexts of a run: a connection to each, made when it is first needed.

use std::sync::Arc;
use std::time::Duration;

use super::client::Connection;
use super::config_error::ConfigError;
use super::error::ClusterError;
use super::exec::Plugins;
use super::job::Job;
use super::kubeconfig::{Files, ResolvedConfig};
use super::log::Log;
use super::report::{Report, Target};
use super::route::Route;
use super::selector::select;
use crate::reach::{Reach, Targets};
use crate::secret::Namespace;
use crate::sources::Inputs;

/// The contexts of a run, and what is needed to reach them.
pub(super) struct Contexts<'a> {
    files: Files,
    reach: &'a Reach,
    targets: &'a Targets,
    inputs: &'a Inputs,
    pub(super) jobs: Arc<[Job]>,
    /// The namespaces of every context; `None` if a selector or the context itself names them.
    namespaces: Option<Arc<[String]>>,
    plugins: Arc<Plugins>,
    log: Option<Log>,
}

/// A context that is connected, and its targets.
pub(super) struct Connected {
    pub(super) connection: Connection,
    /// `None` if each Secret goes to its own namespace or that of the context.
    namespaces: Option<Arc<[String]>>,
}

/// Why a context has no targets, and the way to its API server, `None` if that is not known.
pub(super) type NotConnected = (ClusterError, Option<Arc<Route>>);

impl<'a> Contexts<'a> {
    /// Reads the kubeconfig, and refuses contexts that it does not have.
    pub(super) fn new(
        jobs: Vec<Job>,
        reach: &'a Reach,
        targets: &'a Targets,
        inputs: &'a Inputs,
        log: Option<Log>,
    ) -> Result<Self, ConfigError> {
        let files = Files::read(reach, inputs)?;
        files.check_contexts(&targets.contexts)?;
        let named = Some(targets.namespaces.as_slice());
        let namespaces = named.filter(|names| !names.is_empty() && targets.selector.is_none());
        let (namespaces, plugins) = (namespaces.map(Arc::from), Arc::default());
        Ok(Self { files, reach, targets, inputs, jobs: jobs.into(), namespaces, plugins, log })
    }

    /// How many there are; the current context is one.
    pub(super) fn count(&self) -> usize {
        self.targets.contexts.len().max(1)
    }

    /// The name of a context; `None` if it is not named.
    pub(super) fn name(&self, context: usize) -> Option<&String> {
        self.targets.contexts.get(context)
    }

    /// How many targets each context has, as far as the command line tells.
    pub(super) fn expected_targets(&self) -> usize {
        self.namespaces.as_ref().map_or(1, |names| names.len()) * self.jobs.len()
    }

    /// Finds a context's API server and caller. Nothing is sent and no plugin runs.
    pub(super) fn resolve(&self, context: usize) -> Result<ResolvedConfig, ConfigError> {
        let name = self.name(context).map(String::as_str);
        let resolved = self.files.settle(self.reach, name, self.inputs)?;
        let own_namespaces = self.jobs.iter().map(own_namespace);
        let uses_its_namespace = self.namespaces.is_none()
            && self.targets.selector.is_none()
            && own_namespaces.clone().any(|namespace| namespace.is_none());
        if uses_its_namespace {
            self.files.check_namespace(self.reach, name, &resolved.namespace)?;
        }
        if let Some(log) = &self.log {
            let namespace = match (&self.targets.selector, &self.namespaces) {
                (Some(selector), _) => format!("namespaces with {selector}"),
                (None, Some(names)) => format!("namespaces {}", names.join(", ")),
                (None, None) => {
                    let own = own_namespaces.flatten().next();
                    format!("namespace {}", own.unwrap_or(&resolved.namespace))
                }
            };
            log.line(resolved.shown(self.files.paths(), &namespace));
        }
        Ok(resolved)
    }

    /// Logs in to a context and lists its namespaces, if a selector chooses them.
    pub(super) fn connect(
        &self,
        mut resolved: ResolvedConfig,
    ) -> impl Future<Output = Result<Connected, NotConnected>> + Send + 'static {
        let (plugins, log) = (Arc::clone(&self.plugins), self.log.clone());
        let timeout: Option<Duration> = self.reach.request_timeout;
        let (selector, namespaces) = (self.targets.selector.clone(), self.namespaces.clone());
        async move {
            let without_route = |error: ConfigError| (error.into(), None);
            resolved.log_in(&plugins).await.map_err(without_route)?;
            let connection =
                Connection::new(resolved, timeout, log.as_ref()).map_err(without_route)?;
            let namespaces = match selector {
                None => namespaces,
                Some(selector) => match select(&connection, &selector).await {
                    Ok(names) => Some(names.into()),
                    Err(error) => return Err((error, Some(connection.route))),
                },
            };
            Ok(Connected { connection, namespaces })
        }
    }

    /// The report of a context without targets.
    pub(super) fn failed(&self, context: usize, (error, route): NotConnected) -> Report {
        let target = Target { context: self.name(context).cloned(), namespace: None };
        let (warnings, notes) = (Vec::new(), Vec::new());
        Report { order: 0, target, route, warnings, notes, result: Err(error) }
    }

    /// The order and the namespace of a target; `None` for the context's own namespace, which is
    /// not known without a connection.
    pub(super) fn target(
        &self,
        number: usize,
        connected: Option<&Connected>,
    ) -> (usize, Option<String>) {
        let order = number % self.jobs.len();
        let names = match connected {
            Some(connected) => &connected.namespaces,
            None => &self.namespaces,
        };
        let namespace = match names {
            Some(names) => names.get(number / self.jobs.len()).cloned(),
            None => self.jobs.get(order).and_then(own_namespace).map(str::to_owned),
        };
        let default = || connected.map(|connected| connected.connection.namespace.clone());
        (order, namespace.or_else(default))
    }

    /// How many targets a connected context has.
    pub(super) fn targets_of(&self, connected: &Connected) -> usize {
        connected.namespaces.as_ref().map_or(1, |names| names.len()) * self.jobs.len()
    }
}

/// The namespace that a Secret names.
fn own_namespace(job: &Job) -> Option<&str> {
    job.order.secret.namespace.as_ref().map(Namespace::as_str)
}
