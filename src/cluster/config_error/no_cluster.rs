//! Why no API server is configured.

use std::path::PathBuf;

use super::place::ConfigPlace;
use super::unknown::listed;
use crate::sources::shown_path;

/// The hint for runs that send a Secret.
pub(in crate::cluster) const PRINT_INSTEAD: &str = "or print the Secret: --dry-run=client -o yaml";

/// Why nothing says where an API server is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCluster {
    #[error("no cluster is configured: {} no context", match paths.as_slice() { [path] => format!("{} has", shown_path(path)), paths => format!("the {} kubeconfigs have", paths.len()) })]
    Empty { paths: Vec<PathBuf> },
    #[error("{}", missing_words(paths))]
    Missing { paths: Vec<PathBuf> },
    #[error("no cluster is configured: the kubeconfig has no current context")]
    NoCurrent {
        /// The contexts to choose from.
        contexts: Vec<String>,
    },
    #[error("no cluster is configured")]
    NoFile,
    #[error("no cluster is configured: the context has no cluster ({})", place.part)]
    NoneNamed { place: Box<ConfigPlace> },
    #[error("no cluster is configured: server is missing ({})", place.part)]
    NoServer { place: Box<ConfigPlace> },
}

impl NoCluster {
    pub(super) fn hints(&self) -> Vec<String> {
        match self {
            Self::Missing { paths } => {
                let is_unexpanded = paths.iter().any(|path| path.starts_with("~"));
                let first = if is_unexpanded {
                    "a shell expands ~ only outside of quotes: export \
                     KUBECONFIG=\"$HOME/.kube/config\""
                } else {
                    "unset KUBECONFIG to use ~/.kube/config, or pass another file: --kubeconfig=FILE"
                };
                vec![first.to_owned(), PRINT_INSTEAD.to_owned()]
            }
            Self::NoCurrent { contexts } => {
                vec![format!("choose one with --context: {}", contexts.join(", "))]
            }
            Self::Empty { .. } | Self::NoFile => vec![
                "pass a kubeconfig: --kubeconfig=FILE, or set the variable KUBECONFIG".to_owned(),
                PRINT_INSTEAD.to_owned(),
            ],
            Self::NoneNamed { place } | Self::NoServer { place } => place.hints(),
        }
    }
}

fn missing_words(paths: &[PathBuf]) -> String {
    match paths {
        [path] => {
            let path = shown_path(path);
            format!("no cluster is configured: the file that KUBECONFIG names is missing ({path})")
        }
        paths => {
            let shown: Vec<_> = paths.iter().map(|path| shown_path(path)).collect();
            format!(
                "no cluster is configured: the files that KUBECONFIG names are missing ({})",
                listed(&shown)
            )
        }
    }
}
