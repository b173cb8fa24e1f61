//! Which kubeconfig files a run reads.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::sources::{Inputs, paths_of};

/// The kubeconfig files of a run, in the order in which the first one that has a name decides.
#[derive(Debug)]
pub(crate) struct KubeconfigFiles {
    pub paths: Vec<PathBuf>,
    /// Whether a flag, a variable or nothing names them.
    pub named_by: NamedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// Nothing: it is the default file.
    Default,
    /// `--kubeconfig`, whose file has to exist.
    Flag,
    /// `KUBECONFIG`, which may name files that do not exist.
    Variable,
}

impl KubeconfigFiles {
    /// The file of `--kubeconfig`, else those of `KUBECONFIG`, else `~/.kube/config`, as in kubectl.
    pub(crate) fn find(flag: Option<&Path>, inputs: &Inputs) -> Self {
        if let Some(path) = flag {
            return Self { paths: vec![path.to_owned()], named_by: NamedBy::Flag };
        }
        let list = inputs.variable(OsStr::new("KUBECONFIG")).filter(|list| !list.is_empty());
        if let Some(list) = list {
            let mut paths = Vec::new();
            for path in paths_of(&list) {
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
            return Self { paths, named_by: NamedBy::Variable };
        }
        let usual = inputs.home().map(|home| home.join(".kube").join("config"));
        Self { paths: usual.into_iter().collect(), named_by: NamedBy::Default }
    }
}
