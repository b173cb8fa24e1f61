//! Which Secret a message is about, and where it is.

use std::sync::Arc;

use super::route::Route;
use crate::hints::shell_text;
use crate::reach::ConnectionFlags;

/// Which Secret an error is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub name: String,
    /// Its namespace, `None` if that is not known.
    pub namespace: Option<String>,
    /// Its context, `None` unless the run has several targets.
    pub context: Option<String>,
    /// The way to its API server, `None` if that is not known.
    pub route: Option<Arc<Route>>,
    /// The flags of this run that a suggested command needs.
    pub flags: ConnectionFlags,
    /// What the run does with it: `created` or `applied`.
    pub deed: &'static str,
}

impl Subject {
    /// Namespace and context, with a blank before them.
    pub(crate) fn place(&self) -> String {
        let Some(namespace) = &self.namespace else { return self.in_context() };
        let context = self.context.as_ref().map(|context| format!(" of context {context}"));
        format!(" in namespace {namespace}{}", context.unwrap_or_default())
    }

    /// The context in parentheses, with a blank before it, for messages that are not about one Secret.
    pub(super) fn of_context(&self) -> String {
        self.context.as_ref().map_or(String::new(), |context| format!(" (context {context})"))
    }

    /// The context, with a blank before it.
    pub(super) fn in_context(&self) -> String {
        self.context.as_ref().map_or(String::new(), |context| format!(" in context {context}"))
    }

    pub(super) fn not_done(&self) -> String {
        format!("secret/{} was not {}{}", self.name, self.deed, self.place())
    }

    /// The flags with which a command reaches its cluster, each with a blank before it.
    pub(super) fn cluster_flags(&self) -> String {
        self.flags.of_context(self.context.as_deref())
    }

    /// The flags with which a command reaches its namespace, each with a blank before it.
    pub(crate) fn namespace_flags(&self) -> String {
        let namespace = self.namespace.as_ref();
        let flag = namespace.map(|name| format!(" -n {}", shell_text(name)));
        flag.unwrap_or_default() + &self.cluster_flags()
    }

    /// The command that shows it.
    pub(super) fn get_command(&self) -> String {
        format!("kubectl get secret {}{}", shell_text(&self.name), self.namespace_flags())
    }
}
