//! The names of a cluster's namespaces, for who is typing one.

use tokio::runtime::Builder;

use super::client::Connection;
use super::exec::Plugins;
use super::kubeconfig::Files;
use super::selector;
use crate::reach::Reach;
use crate::sources::Inputs;

/// Asks the cluster for the names of its namespaces. Whatever goes wrong, there are none: nobody
/// has asked for a message.
pub(crate) fn namespaces(reach: &Reach, inputs: &Inputs) -> Vec<String> {
    let Ok(runtime) = Builder::new_current_thread().enable_io().enable_time().build() else {
        return Vec::new();
    };
    runtime.block_on(async {
        let connected = async {
            let mut resolved = Files::read(reach, inputs)?.settle(reach, None, inputs)?;
            resolved.log_in(&Plugins::default()).await?;
            Connection::new(resolved, reach.request_timeout, None)
        };
        let Ok(connection) = connected.await else { return Vec::new() };
        selector::namespaces(&connection, "").await.unwrap_or_default()
    })
}
