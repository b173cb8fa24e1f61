//! Which kubeconfig files there are, and what stands under which name in them.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::base64;
use super::document::{self, Content, Node};
use super::record::Record;
use super::text::text;
use crate::cluster::config_error::{ConfigError, Expected, Known, NoCluster, NoKubeconfig, Part};
use crate::reach::{KubeconfigFiles, NamedBy, Reach};
use crate::sources::{Inputs, Limit, ReadError, ReadErrorKind};

/// The kubeconfigs, read and merged: the first file that has a name decides what it means.
#[derive(Default)]
pub(in crate::cluster) struct Files {
    current: String,
    clusters: Vec<Entry>,
    contexts: Vec<Entry>,
    users: Vec<Entry>,
    /// The files that were read.
    found: Vec<PathBuf>,
    /// The files of `KUBECONFIG` that do not exist.
    missing: Vec<PathBuf>,
}

/// An entry of one of the three lists.
struct Entry {
    name: String,
    file: Rc<Path>,
    node: Rc<Node>,
    /// The line of a second one of this name in the same file.
    again: Option<usize>,
}

impl Files {
    /// Reads what `--kubeconfig` names, else what `KUBECONFIG` lists (files that do not exist are
    /// skipped), else the default file; nothing at all is an empty kubeconfig.
    pub(in crate::cluster) fn read(reach: &Reach, inputs: &Inputs) -> Result<Self, ConfigError> {
        let mut files = Self::default();
        let KubeconfigFiles { paths, named_by } =
            KubeconfigFiles::find(reach.kubeconfig.as_deref(), inputs);
        for path in paths {
            match files.add(&path, inputs) {
                Err(ConfigError::File { error, .. })
                    if named_by != NamedBy::Flag && is_missing(&error) =>
                {
                    files.missing.extend((named_by == NamedBy::Variable).then_some(path));
                }
                read => read?,
            }
        }
        Ok(files)
    }

    fn add(&mut self, path: &Path, inputs: &Inputs) -> Result<(), ConfigError> {
        let read = inputs
            .read_within(path, Limit::LOOSE)
            .map_err(|error| ConfigError::File { path: path.to_owned(), error })?;
        self.add_bytes(path, read.as_bytes())
    }

    /// Adds a file that holds these bytes.
    pub(super) fn add_bytes(&mut self, path: &Path, bytes: &[u8]) -> Result<(), ConfigError> {
        let wrong = |reason| ConfigError::NoKubeconfig { path: path.to_owned(), reason };
        self.found.push(path.to_owned());
        let text = text(bytes).map_err(|at| wrong(NoKubeconfig::Binary { at }))?;
        let document = document::parse(&text).map_err(|fault| {
            wrong(NoKubeconfig::instead(&text).unwrap_or(NoKubeconfig::Yaml(fault)))
        })?;
        let Some(root) = document else { return Ok(()) };
        match &root.content {
            Content::Null => return Ok(()),
            Content::Map(_) => {}
            _ => return Err(wrong(NoKubeconfig::instead(&text).unwrap_or(NoKubeconfig::NoFields))),
        }
        for (field, wanted) in [("apiVersion", "v1"), ("kind", "Config")] {
            let given = root.get(field);
            let is_right = given.is_none_or(|node| match &node.content {
                Content::Null => true,
                _ => node.text().is_some_and(|text| text.is_empty() || text == wanted),
            });
            if !is_right {
                let line = given.map_or(1, |node| node.line);
                return Err(wrong(NoKubeconfig::Kind { field, wanted, line }));
            }
        }
        let file: Rc<Path> = path.into();
        if self.current.is_empty() {
            self.current = match root.get("current-context").map(|node| &node.content) {
                None | Some(Content::Null) => String::new(),
                Some(Content::Scalar { text, .. }) => text.to_string(),
                Some(_) => {
                    let line = root.get("current-context").map_or(1, |node| node.line);
                    let field = "current-context";
                    return Err(wrong(NoKubeconfig::Field {
                        field,
                        expected: Expected::Text,
                        line,
                    }));
                }
            };
        }
        for (list, field) in [
            (&mut self.clusters, "clusters"),
            (&mut self.contexts, "contexts"),
            (&mut self.users, "users"),
        ] {
            add_entries(list, field, &root, &file).map_err(wrong)?;
        }
        Ok(())
    }

    /// The files that were read.
    pub(in crate::cluster) fn paths(&self) -> &[PathBuf] {
        &self.found
    }

    /// The context of this name, or the current one; without either a context that names nothing.
    pub(super) fn context(&self, name: Option<&str>) -> Result<Option<Record>, ConfigError> {
        let wanted = name.unwrap_or(&self.current);
        match self.contexts.iter().find(|entry| entry.name == wanted) {
            Some(entry) => entry.record(Part::Context, "context").map(Some),
            None if wanted.is_empty() => Ok(None),
            None => Err(self.unknown(vec![Part::Context(wanted.to_owned())])),
        }
    }

    /// The cluster of this name.
    pub(super) fn cluster(&self, name: &str) -> Result<Option<Record>, ConfigError> {
        let found = self.clusters.iter().find(|entry| entry.name == name);
        found.map(|entry| entry.record(Part::Cluster, "cluster")).transpose()
    }

    /// The user of this name.
    pub(super) fn user(&self, name: &str) -> Result<Option<Record>, ConfigError> {
        let found = self.users.iter().find(|entry| entry.name == name);
        found.map(|entry| entry.record(Part::User, "user")).transpose()
    }

    /// Refuses names of contexts that are in no kubeconfig.
    pub(in crate::cluster) fn check_contexts(&self, names: &[String]) -> Result<(), ConfigError> {
        let is_known = |name: &String| self.contexts.iter().any(|entry| entry.name == *name);
        let unknown: Vec<_> = names
            .iter()
            .filter(|name| !is_known(name))
            .map(|name| Part::Context(name.clone()))
            .collect();
        if unknown.is_empty() { Ok(()) } else { Err(self.unknown(unknown)) }
    }

    /// The error for parts of one kind that are not there.
    pub(super) fn unknown(&self, parts: Vec<Part>) -> ConfigError {
        let entries = match parts.first() {
            Some(Part::Cluster(_)) => &self.clusters,
            Some(Part::User(_)) => &self.users,
            _ => &self.contexts,
        };
        let has = entries.iter().map(|entry| entry.name.clone()).collect();
        ConfigError::Unknown { parts, known: Known { has, missing: self.missing.clone() } }
    }

    /// Why nothing says where an API server is: what was found has no address.
    pub(super) fn no_cluster(
        &self,
        context: Option<&Record>,
        cluster: Option<&Record>,
    ) -> NoCluster {
        if let Some(cluster) = cluster {
            return NoCluster::NoServer { place: cluster.own_place() };
        }
        if let Some(context) = context {
            return NoCluster::NoneNamed { place: context.own_place() };
        }
        let contexts: Vec<_> = self.contexts.iter().map(|entry| entry.name.clone()).collect();
        if !contexts.is_empty() {
            NoCluster::NoCurrent { contexts }
        } else if !self.found.is_empty() {
            NoCluster::Empty { paths: self.found.clone() }
        } else if !self.missing.is_empty() {
            NoCluster::Missing { paths: self.missing.clone() }
        } else {
            NoCluster::NoFile
        }
    }
}

impl Entry {
    fn record(&self, part: fn(String) -> Part, field: &str) -> Result<Record, ConfigError> {
        let part = part(self.name.clone());
        if let Some(line) = self.again {
            let lines = (self.node.line, line);
            return Err(ConfigError::Twice { part, path: self.file.to_path_buf(), lines });
        }
        Ok(Record::new(part, &self.file, &self.node, field))
    }
}

fn is_missing(error: &ReadError) -> bool {
    matches!(&error.kind, ReadErrorKind::Io(error) if error.kind() == io::ErrorKind::NotFound)
}

/// Adds a file's entries, except those whose names earlier files have.
fn add_entries(
    list: &mut Vec<Entry>,
    field: &'static str,
    root: &Node,
    file: &Rc<Path>,
) -> Result<(), NoKubeconfig> {
    let Some(node) = root.get(field) else { return Ok(()) };
    let entries = match &node.content {
        Content::Null => return Ok(()),
        Content::List(entries) => entries,
        // An empty mapping lists as little as an empty list.
        Content::Map(pairs) if pairs.is_empty() => return Ok(()),
        _ => return Err(NoKubeconfig::Field { field, expected: Expected::List, line: node.line }),
    };
    let earlier = list.len();
    let mut own = std::collections::HashMap::new();
    for node in entries {
        let name = match node.get("name").map(|node| &node.content) {
            None | Some(Content::Null) => String::new(),
            Some(Content::Scalar { text, .. }) => text.to_string(),
            Some(_) => {
                let (expected, line) = (Expected::Text, node.line);
                return Err(NoKubeconfig::Field { field: "name", expected, line });
            }
        };
        match &node.content {
            Content::Map(_) | Content::Null => {}
            _ => {
                let (expected, line) = (Expected::Entries, node.line);
                return Err(NoKubeconfig::Field { field, expected, line });
            }
        }
        match own.get(&name) {
            Some(&at) => {
                let entry: &mut Entry = &mut list[at];
                entry.again.get_or_insert(node.line);
            }
            None if list[..earlier].iter().any(|entry| entry.name == name) => {}
            None => {
                own.insert(name.clone(), list.len());
                let (file, node) = (Rc::clone(file), Rc::clone(node));
                list.push(Entry { name, file, node, again: None });
            }
        }
    }
    Ok(())
}

impl NoKubeconfig {
    /// What a file is that is not YAML, or is YAML by chance.
    fn instead(text: &str) -> Option<Self> {
        let start = text.trim_start();
        let decoded = base64::decode(text);
        if decoded.is_some_and(|bytes| is_kubeconfig(&bytes)) {
            Some(Self::Base64)
        } else if ["age-encryption.org/", "-----BEGIN AGE ", "-----BEGIN PGP ", "$ANSIBLE_VAULT;"]
            .iter()
            .any(|mark| start.starts_with(mark))
        {
            Some(Self::Encrypted)
        } else if start.starts_with("-----BEGIN ") {
            Some(Self::Pem)
        } else if start.starts_with('<') {
            Some(Self::Page)
        } else {
            None
        }
    }
}

/// Whether bytes hold a kubeconfig's fields.
fn is_kubeconfig(bytes: &[u8]) -> bool {
    let Ok(text) = text(bytes) else { return false };
    let root = document::parse(&text).ok().flatten();
    root.is_some_and(|root| root.get("clusters").is_some() || root.get("contexts").is_some())
}
