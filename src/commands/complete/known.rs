//! Names that the user's own configuration knows. Only names are taken out of it: what else a
//! kubeconfig holds, tokens and keys, is skipped by the reader.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use granit_parser::{Event, Parser};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::material::docker_server::{DOCKER_HUB, Server};
use crate::reach::KubeconfigFiles;
use crate::sources::Inputs;

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
    /// Reads the kubeconfigs. A file that cannot be read has no names.
    pub(super) fn of_kubeconfig(given: Option<&OsStr>, inputs: &Inputs) -> Self {
        let flag = given.filter(|path| !path.is_empty()).map(Path::new);
        let mut names = Self::default();
        for file in KubeconfigFiles::find(flag, inputs).paths {
            let bytes = inputs.read_regular(&file);
            let text = bytes.as_ref().and_then(|bytes| std::str::from_utf8(bytes.as_bytes()).ok());
            names.add(text.unwrap_or_default());
        }
        names
    }

    /// Takes the names out of a kubeconfig while it is read: no tree of it is built, in which its
    /// tokens and keys would lie. Behind a mistake there are no more names.
    fn add(&mut self, text: &str) {
        let mut levels = Vec::new();
        for (event, _) in Parser::new_from_str(text).map_while(Result::ok) {
            match event {
                Event::MappingStart(..) => levels.push(Level::Mapping(None)),
                Event::SequenceStart(..) => levels.push(Level::Sequence),
                Event::MappingEnd | Event::SequenceEnd => {
                    levels.pop();
                    value_ends(&mut levels);
                }
                Event::Alias(_) => value_ends(&mut levels),
                Event::Scalar(text, ..) => {
                    if let Some(Level::Mapping(key @ None)) = levels.last_mut() {
                        *key = Some(text.into_owned());
                        continue;
                    }
                    if let Some(names) =
                        self.at(&levels).filter(|_| !text.contains('@') || !is_url(&text))
                    {
                        names.insert(text.into_owned());
                    }
                    value_ends(&mut levels);
                }
                _ => {}
            }
        }
    }

    /// Which names stand at this place.
    fn at(&mut self, levels: &[Level]) -> Option<&mut BTreeSet<String>> {
        let [Level::Mapping(Some(list)), Level::Sequence, inner @ ..] = levels else { return None };
        let mut keys = inner.iter().map(|level| match level {
            Level::Mapping(key) => key.as_deref().unwrap_or_default(),
            Level::Sequence => "",
        });
        match (list.as_str(), keys.next()?, keys.next(), keys.next()) {
            ("clusters", "name", None, None) => Some(&mut self.clusters),
            ("clusters", "cluster", Some("server"), None) => Some(&mut self.servers),
            ("contexts", "name", None, None) => Some(&mut self.contexts),
            ("contexts", "context", Some("namespace"), None) => Some(&mut self.namespaces),
            ("users", "name", None, None) => Some(&mut self.users),
            _ => None,
        }
    }
}

/// A mapping goes on with its next key.
fn value_ends(levels: &mut [Level]) {
    if let Some(Level::Mapping(key)) = levels.last_mut() {
        // A mapping as a key ends here as well; it is taken for a value, and what follows is
        // nothing that a kubeconfig has.
        *key = key.is_none().then(String::new);
    }
}

/// An address may hold a password before its `@`; a name is no address.
fn is_url(text: &str) -> bool {
    text.contains("://")
}

/// Where in a YAML document the reader is.
enum Level {
    /// In a mapping, at this key's value; without one, at a key.
    Mapping(Option<String>),
    Sequence,
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

/// The hosts of the Docker configuration, and Docker's own.
pub(super) fn registries(inputs: &Inputs) -> BTreeSet<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Docker {
        auths: Option<Hosts>,
        cred_helpers: Option<Hosts>,
    }
    let variable = inputs.variable(OsStr::new("DOCKER_CONFIG")).filter(|path| !path.is_empty());
    let folder = variable.map(PathBuf::from).or_else(|| Some(inputs.home()?.join(".docker")));
    let bytes = folder.and_then(|folder| inputs.read_regular(&folder.join("config.json")));
    let docker = bytes.and_then(|bytes| serde_json::from_slice::<Docker>(bytes.as_bytes()).ok());
    let mut hosts = BTreeSet::from([DOCKER_HUB.to_owned()]);
    if let Some(Docker { auths, cred_helpers }) = docker {
        let all = [auths, cred_helpers].into_iter().flatten().flat_map(|hosts| hosts.0);
        hosts.extend(all.filter(|host| {
            !host.contains('@') && !Server::new(host.as_str()).is_token_of_docker()
        }));
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kubeconfigs() {
        let text = "\
apiVersion: v1
clusters:
- cluster: {server: 'https://10.0.0.1:6443', name: not-this}
  name: one
- name: two
  cluster:
    server: https://user:hunter2@10.0.0.2
contexts:
- name: ann@one
  context: {cluster: one, namespace: shop, user: ann}
- {name: bob, context: {cluster: [name, x], namespace: &n web}}
- context: {namespace: *n}
  extensions: [{name: not-this}]
  name: carol
contexts-not: [{name: not-this}]
users:
- name: ann
  user: {token: hunter2, exec: {env: [{name: not-this, value: hunter2}]}}
current-context: not-this
";
        let mut names = Names::default();
        names.add(text);
        let sets = [names.clusters, names.contexts, names.namespaces, names.servers, names.users];
        let want = ["one two", "ann@one bob carol", "shop web", "https://10.0.0.1:6443", "ann"];
        for (set, want) in sets.iter().zip(want) {
            assert_eq!(set.iter().map(String::as_str).collect::<Vec<_>>().join(" "), want);
        }
    }

    #[test]
    fn odd_kubeconfigs() {
        let rows = [
            "",
            "contexts: [",
            "contexts: {name: a}",
            "[contexts]",
            "? {a: b}\n: {name: c}\n",
            "contexts: [[[[[{name: a}]]]]]",
            "- *x",
            "\0",
            "contexts:\n\t- name: a",
        ];
        for text in rows {
            let mut names = Names::default();
            names.add(text);
            assert!(names.contexts.is_empty(), "{text}");
        }
    }
}
