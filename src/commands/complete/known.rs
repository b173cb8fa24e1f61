//! Names that the user's own configuration knows. Only names are taken out of it: what else a
//! kubeconfig holds, tokens and keys, is skipped by the reader.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::sources::{Inputs, paths_of};

/// Docker's own name for its registry.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// The names in kubeconfig files, sorted.
#[derive(Default)]
pub(super) struct Names {
    pub(super) clusters: BTreeSet<String>,
    pub(super) contexts: BTreeSet<String>,
    pub(super) namespaces: BTreeSet<String>,
    pub(super) servers: BTreeSet<String>,
    pub(super) users: BTreeSet<String>,
}

impl Names {
    /// Reads the file given with `--kubeconfig`, those of `KUBECONFIG`, or the usual one; that is
    /// kubectl's order. A file that cannot be read has no names.
    pub(super) fn of_kubeconfig(given: Option<&OsStr>, inputs: &Inputs) -> Self {
        let variable = || inputs.variable(OsStr::new("KUBECONFIG")).filter(|list| !list.is_empty());
        let files = match (given.filter(|path| !path.is_empty()), variable()) {
            (Some(path), _) => vec![PathBuf::from(path)],
            (None, Some(list)) => paths_of(&list),
            (None, None) => {
                inputs.home().map(|home| home.join(".kube/config")).into_iter().collect()
            }
        };
        let mut names = Self::default();
        for file in files {
            let bytes = inputs.read_regular(&file);
            let text = bytes.as_ref().and_then(|bytes| std::str::from_utf8(bytes.as_bytes()).ok());
            let Some(Kubeconfig { clusters, contexts, users }) = text.and_then(yaml) else {
                continue;
            };
            for Named { name, cluster, .. } in clusters.unwrap_or_default() {
                names.clusters.extend(name);
                let server = cluster.and_then(|cluster| cluster.server);
                names.servers.extend(server.filter(|server| !server.contains('@')));
            }
            for Named { name, context, .. } in contexts.unwrap_or_default() {
                names.contexts.extend(name);
                names.namespaces.extend(context.and_then(|context| context.namespace));
            }
            names.users.extend(users.unwrap_or_default().into_iter().filter_map(|user| user.name));
        }
        names
    }
}

#[derive(Deserialize)]
struct Kubeconfig {
    clusters: Option<Vec<Named>>,
    contexts: Option<Vec<Named>>,
    users: Option<Vec<Named>>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
    cluster: Option<Cluster>,
    context: Option<Context>,
}

#[derive(Deserialize)]
struct Cluster {
    server: Option<String>,
}

#[derive(Deserialize)]
struct Context {
    namespace: Option<String>,
}

/// The names of an object's fields; what they hold is skipped.
struct Hosts(BTreeSet<String>);

impl<'de> Deserialize<'de> for Hosts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Hosts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Hosts, A::Error> {
                let mut names = BTreeSet::new();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.insert(name);
                }
                Ok(Hosts(names))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

fn yaml<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_saphyr::from_str(text).ok()
}

/// The hosts of the Docker configuration, and Docker's own.
pub(super) fn registries(inputs: &Inputs) -> BTreeSet<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Docker {
        auths: Option<Hosts>,
        cred_helpers: Option<Hosts>,
    }
    let folder = inputs.variable(OsStr::new("DOCKER_CONFIG")).filter(|path| !path.is_empty());
    let folder = folder.map(PathBuf::from).or_else(|| Some(inputs.home()?.join(".docker")));
    let bytes = folder.and_then(|folder| inputs.read_regular(&folder.join("config.json")));
    let docker = bytes.and_then(|bytes| serde_json::from_slice::<Docker>(bytes.as_bytes()).ok());
    let mut hosts = BTreeSet::from([DOCKER_HUB.to_owned()]);
    if let Some(Docker { auths, cred_helpers }) = docker {
        let all = [auths, cred_helpers].into_iter().flatten().flat_map(|hosts| hosts.0);
        hosts.extend(all.filter(|host| !host.contains('@')));
    }
    hosts
}
