//! Which credential plugins of a kubeconfig may be started.

use std::borrow::Cow;

use crate::sources::Inputs;

/// The policy of the preferences, as it is written; [`PluginPolicy::check`] tells whether it means
/// anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PluginPolicy {
    policy: Policy,
    /// What may run under [`Policy::Allowlist`]: names for `PATH`, and paths.
    allowlist: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Policy {
    /// Not given, which allows all.
    #[default]
    Unspecified,
    AllowAll,
    Allowlist,
    DenyAll,
    /// A word that is no policy, of this length.
    Unknown {
        len: usize,
    },
}

impl Policy {
    fn word(self) -> &'static str {
        match self {
            Self::AllowAll => "AllowAll",
            Self::Allowlist => "Allowlist",
            Self::DenyAll => "DenyAll",
            Self::Unspecified | Self::Unknown { .. } => "",
        }
    }
}

/// A plugin that may not be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("may not be started: the policy of the kuberc file is DenyAll")]
    All,
    #[error("may not be started: it is not in the credentialPluginAllowlist of the kuberc file")]
    NotListed,
}

impl PluginPolicy {
    pub(super) fn new(policy: &str, allowlist: Option<Vec<String>>) -> Self {
        let policy = match policy {
            "" => Policy::Unspecified,
            "AllowAll" => Policy::AllowAll,
            "Allowlist" => Policy::Allowlist,
            "DenyAll" => Policy::DenyAll,
            other => Policy::Unknown { len: other.len() },
        };
        Self { policy, allowlist }
    }

    /// A policy under which nothing may run.
    pub(crate) fn deny_all() -> Self {
        Self { policy: Policy::DenyAll, allowlist: None }
    }

    /// kubectl's checks, in its order.
    pub(super) fn check(&self) -> Result<(), PolicyFault> {
        match (self.policy, &self.allowlist) {
            (Policy::Unknown { len }, _) => Err(PolicyFault::Unknown { len }),
            (Policy::Allowlist, None) => Err(PolicyFault::ListMissing),
            (Policy::Allowlist, Some(list)) if list.is_empty() => Err(PolicyFault::ListEmpty),
            (Policy::Allowlist, Some(list)) => {
                for (i, entry) in list.iter().enumerate() {
                    if entry.is_empty() {
                        return Err(PolicyFault::EntryEmpty { nth: i + 1 });
                    }
                    if cleaned(entry) != *entry {
                        return Err(PolicyFault::NotClean { nth: i + 1 });
                    }
                }
                Ok(())
            }
            (policy, Some(_)) => Err(PolicyFault::ListAlone { policy: policy.word() }),
            (_, None) => Ok(()),
        }
    }

    /// Whether a kubeconfig's plugin may be started.
    ///
    /// kubectl compares texts: an entry that is the command fits it, even if there is no such file.
    /// Otherwise both are looked up in `PATH`, where they are names, and the two paths must be the
    /// same. Symbolic links are not resolved.
    pub(crate) fn permits(&self, command: &str, inputs: &Inputs) -> Result<(), Refused> {
        let list = match self.policy {
            Policy::Unspecified | Policy::AllowAll => return Ok(()),
            Policy::DenyAll | Policy::Unknown { .. } => return Err(Refused::All),
            Policy::Allowlist => self.allowlist.as_deref().unwrap_or_default(),
        };
        let command = &*plugin_path(command).ok_or(Refused::NotListed)?;
        if list.iter().any(|entry| entry == command) {
            return Ok(());
        }
        let found = |program| Some(cleaned(inputs.find_program(program)?.to_str()?));
        let plugin = found(command).ok_or(Refused::NotListed)?;
        let mut names = list.iter().filter(|entry| !entry.contains('/'));
        if list.contains(&plugin) || names.any(|name| found(name).is_some_and(|p| p == plugin)) {
            return Ok(());
        }
        Err(Refused::NotListed)
    }
}

/// The path of a plugin's command, as kubectl checks and starts it: absolute, since it may have the
/// folder of the kubeconfig in it, which may be relative, and without `..`, which after a link to a
/// folder would lead elsewhere. A name stays as it is. `None` if the current folder has no path.
pub(crate) fn plugin_path(command: &str) -> Option<Cow<'_, str>> {
    if !command.contains('/') {
        return Some(Cow::Borrowed(command));
    }
    let path = std::path::absolute(command).ok()?;
    Some(Cow::Owned(cleaned(path.to_str()?)))
}

/// Go's `filepath.Clean` for a path with slashes.
fn cleaned(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, path) => format!("/{path}"),
        (false, path) if path.is_empty() => ".".to_owned(),
        (false, path) => path,
    }
}

/// How a policy contradicts itself.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PolicyFault {
    #[error("misconfigured credential plugin allowlist: empty allowlist entry #{nth}")]
    EntryEmpty { nth: usize },
    /// A list under another policy, or none.
    #[error(
        "misconfigured credential plugin allowlist: plugin policy is {policy:?} but allowlist is \
         non-nil"
    )]
    ListAlone { policy: &'static str },
    #[error(
        "credential plugin policy set to \"Allowlist\", but allowlist is empty; use \"DenyAll\" \
         policy instead"
    )]
    ListEmpty,
    #[error("credential plugin policy set to \"Allowlist\", but allowlist is unspecified")]
    ListMissing,
    #[error("non-normalized file path in entry #{nth} of the credential plugin allowlist")]
    NotClean { nth: usize },
    #[error("unknown plugin policy: {len} bytes, not shown")]
    Unknown {
        /// The length of its name.
        len: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_go_cleans_them() {
        let rows = [
            ("a", "a"),
            ("./a", "a"),
            ("a/b", "a/b"),
            ("a//b/", "a/b"),
            ("/a/../b", "/b"),
            ("/..", "/"),
            ("../a", "../a"),
            ("a/../../b", "../b"),
            ("a/..", "."),
            ("/", "/"),
        ];
        for (path, want) in rows {
            assert_eq!(cleaned(path), want, "{path}");
        }
    }
}
