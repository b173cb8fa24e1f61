//! Names that only the cluster knows. Somebody waits with a finger on TAB: whoever does not answer
//! at once is not waited for.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cli::Unfinished;
use crate::cluster;
use crate::kuberc::{Kuberc, PluginPolicy};
use crate::sources::{Inputs, Limit};

/// How long the cluster may take, its credential plugin and all.
const PATIENCE: Duration = Duration::from_secs(1);

/// The cluster's namespaces, if it answers in time.
pub(in crate::commands) fn namespaces(line: &Unfinished) -> Vec<String> {
    let Some(mut reach) = line.reach() else { return Vec::new() };
    reach.request_timeout = Some(PATIENCE);
    // Under preferences that kubectl would fail on, no plugin is started.
    let kuberc = Kuberc::default();
    reach.plugins = match kuberc.read(&line.given) {
        Ok(preferences) => preferences.plugins.clone(),
        Err(_) => PluginPolicy::deny_all(),
    };
    let (sender, receiver) = mpsc::channel();
    // It ends with the process, at whatever it is.
    thread::spawn(move || {
        let names = cluster::namespaces(&reach, &Inputs::system(Limit::LOOSE));
        // Nobody listens where it took too long.
        let _ = sender.send(names);
    });
    receiver.recv_timeout(PATIENCE).unwrap_or_default()
}
