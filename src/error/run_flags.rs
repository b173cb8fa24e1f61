//! The flags of this run that a suggested command repeats.

use crate::cli::{Create, DryRun, Format};
use crate::hints::{IN_NAMESPACE, REACH, SAME_RUN, shell_text};
use crate::reach::ConnectionFlags;

/// Flags of this run, each with a blank before it; none by default.
#[derive(Default)]
pub(crate) struct RunFlags {
    cluster: String,
    namespace: String,
    result: String,
}

impl RunFlags {
    /// The flags of a command line.
    pub(crate) fn new(create: &Create) -> Self {
        let cluster = ConnectionFlags::new(&create.cluster.reach).of_context(None);
        let common = &create.common;
        let namespace =
            common.namespace.as_ref().map(|name| format!(" -n {}", shell_text(name.as_str())));
        let dry_run = match common.dry_run {
            DryRun::Client => " --dry-run=client",
            DryRun::None => "",
            DryRun::Server => " --dry-run=server",
        };
        let format = match common.format {
            Format::Json => " -o json",
            Format::Kyaml => " -o kyaml",
            Format::Name => " -o name",
            Format::Result => "",
            Format::Template(_) | Format::Yaml => " -o yaml",
        };
        let result = format!("{dry_run}{format}");
        Self { cluster, namespace: namespace.unwrap_or_default(), result }
    }

    /// A hint with these flags in place of the marks.
    pub(super) fn fill(&self, hint: &str) -> String {
        let Self { cluster, namespace, result } = self;
        let hint =
            hint.replace(REACH, cluster).replace(IN_NAMESPACE, &format!("{namespace}{cluster}"));
        hint.replace(SAME_RUN, &format!("{namespace}{cluster}{result}"))
    }
}
