//! A double of the Kubernetes API server for tests and benchmarks: Secrets, namespaces and service
//! accounts over TLS, with the answers of the recorded exchanges, and with faults on demand.
#![allow(
    dead_code,
    unused_imports,
    reason = "tests, benchmarks and the stand-alone program each use a part"
)]
#![allow(unreachable_pub, reason = "a module of two crates, in both of them private")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "this is the world outside: it has its own clock, and a broken double may panic"
)]

mod access;
mod api;
mod apply;
mod applying;
mod clock;
mod decode;
mod discovery;
mod faults;
mod fields;
mod go_json;
mod http;
mod kubeconfig;
mod listing;
mod merge_patch;
mod objects;
mod protobuf;
mod request;
mod selector;
mod server;
mod services;
mod status;
mod store;
mod strict_json;
mod tls;
mod validate;

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;

use self::access::User;
use self::objects::Writing;
use self::server::Shared;
use self::tls::Identity;

pub use self::access::Rights;
pub use self::clock::DateHeader;
pub use self::faults::{ConnectionFault, Fault, Rule};
pub use self::http::Seen;
pub use self::kubeconfig::{Credential, kubeconfig};
pub use self::services::Service;
pub use self::store::{Place, Resource, Write};
pub use self::tls::Certificate;

/// A running server; ends with the value.
#[derive(Debug)]
pub struct Double {
    shared: Arc<Shared>,
    identity: Identity,
    port: u16,
    runtime: Option<Runtime>,
}

/// How a double is started.
#[derive(Debug, Default)]
pub struct Options {
    pub certificate: Certificate,
    /// Offers HTTP/1.1 alone where set; a fault that garbles bytes means most there.
    pub http1_only: bool,
}

impl Double {
    /// A server with the namespaces `default` and `kube-system` and the caller `limited`, who may
    /// do nothing.
    pub fn start() -> Self {
        Self::with(&Options::default())
    }

    pub fn with(options: &Options) -> Self {
        let identity = Identity::new(options.certificate, !options.http1_only);
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let tls = TlsAcceptor::from(Arc::clone(&identity.config));
        runtime.spawn(server::run(Arc::clone(&shared), Some(listener), tls));
        let double = Self { shared, identity, port, runtime: Some(runtime) };
        for name in ["default", "kube-system"] {
            double.add_namespace(name, &[]);
        }
        double.add_user("limited", "limited", Rights::Only(Vec::new()));
        double
    }

    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn ca_pem(&self) -> &str {
        &self.identity.ca_pem
    }

    /// The administrator's certificate and key.
    pub fn client_pem(&self) -> (&str, &str) {
        (&self.identity.client_pem, &self.identity.client_key_pem)
    }

    /// The administrator's kubeconfig, in JSON (which is YAML).
    pub fn kubeconfig(&self) -> String {
        kubeconfig(&[("double", self, Credential::Certificate)])
    }

    /// The kubeconfig of the caller with this bearer token.
    pub fn kubeconfig_for(&self, token: &str) -> String {
        kubeconfig(&[("double", self, Credential::Token(token))])
    }

    /// Makes a namespace; one that is there already stays as it is.
    pub fn add_namespace(&self, name: &str, labels: &[(&str, &str)]) {
        let mut all = Map::new();
        all.insert("kubernetes.io/metadata.name".into(), name.into());
        all.extend(labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())));
        let object = json!({
            "kind": "Namespace",
            "apiVersion": "v1",
            "metadata": {"name": name, "labels": all},
        });
        let _ = self.create_as("unknown", Resource::Namespaces, "", object);
    }

    /// Puts a namespace into the phase Terminating, in which nothing can be created.
    pub fn end_namespace(&self, name: &str) {
        self.edit(Resource::Namespaces, "", name, |object| {
            object["status"]["phase"] = "Terminating".into();
        });
    }

    /// Puts a controller of Sealed Secrets behind a service.
    pub fn add_controller(&self, namespace: &str, name: &str, service: Service) {
        let place = (namespace.to_owned(), name.to_owned());
        self.shared.cluster.state().services.insert(place, service);
    }

    /// Lets a bearer token in.
    pub fn add_user(&self, token: &str, name: &str, rights: Rights) {
        let groups = vec!["system:authenticated".to_owned()];
        let user = User { name: name.to_owned(), groups, rights };
        self.shared.cluster.state().users.insert(token.to_owned(), user);
    }

    /// Makes a Secret as `manager` would by a POST; panics where the server would refuse it.
    pub fn create_secret(&self, manager: &str, namespace: &str, object: Value) -> Value {
        self.create_as(manager, Resource::Secrets, namespace, object).unwrap()
    }

    fn create_as(
        &self,
        manager: &str,
        resource: Resource,
        namespace: &str,
        mut object: Value,
    ) -> Result<Value, status::Refusal> {
        let now = self.shared.cluster.clock.timestamp();
        let mut state = self.shared.cluster.state();
        let store = &mut state.store;
        decode::check_types(&mut object, resource)?;
        Writing { store, resource, namespace, manager, dry_run: false, now: &now }.create(object)
    }

    /// Changes a stored object behind every rule, managedFields included; panics where it is not.
    pub fn edit(
        &self,
        resource: Resource,
        namespace: &str,
        name: &str,
        change: impl FnOnce(&mut Value),
    ) {
        let place = Place::new(resource, namespace, name);
        let mut state = self.shared.cluster.state();
        let mut object = state.store.find(&place).unwrap().clone();
        change(&mut object);
        state.store.put(place, object);
    }

    pub fn remove_secret(&self, namespace: &str, name: &str) -> Option<Value> {
        self.shared.cluster.state().store.remove(&Place::new(Resource::Secrets, namespace, name))
    }

    pub fn secret(&self, namespace: &str, name: &str) -> Option<Value> {
        let place = Place::new(Resource::Secrets, namespace, name);
        self.shared.cluster.state().store.find(&place).cloned()
    }

    /// The Secrets of a namespace, or of all where it is empty.
    pub fn secrets(&self, namespace: &str) -> Vec<Value> {
        let state = self.shared.cluster.state();
        state.store.list(Resource::Secrets, namespace).into_iter().cloned().collect()
    }

    /// Every write so far, those of the double's own making included.
    pub fn writes(&self) -> Vec<Write> {
        self.shared.cluster.state().store.writes.clone()
    }

    /// How often this Secret was created.
    pub fn creates_of(&self, namespace: &str, name: &str) -> usize {
        let place = Place::new(Resource::Secrets, namespace, name);
        let is_it = |write: &&Write| write.verb == "create" && write.place == place;
        self.writes().iter().filter(is_it).count()
    }

    /// Requests so far, in the order in which they arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn clear_log(&self) {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Adds a fault; of several that match a request the first one added wins.
    pub fn fault(&self, rule: Rule) {
        self.shared.faults.add(rule);
    }

    /// The connection after so many others from now on meets this.
    pub fn fault_connection(&self, skip: usize, fault: ConnectionFault) {
        self.shared.faults.add_connection(skip, fault);
    }

    /// Faults that nothing has met yet.
    pub fn faults_left(&self) -> usize {
        self.shared.faults.left()
    }

    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Closes the port and resets all connections, so that new ones are refused; or opens it again.
    pub fn listen(&self, listening: bool) {
        self.shared.listening.send_replace(listening);
        // What connects right after must meet the new state.
        while *self.shared.open.borrow() != listening {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Stops the server's clock at this time, or lets it go with the machine's.
    pub fn set_clock(&self, time: Option<Timestamp>) {
        self.shared.cluster.clock.set(time);
    }

    pub fn set_date_header(&self, header: DateHeader) {
        self.shared.cluster.clock.set_header(header);
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
