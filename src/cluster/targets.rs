//! Carries orders to all their targets.

use tokio::runtime::Builder;
use tokio::sync::mpsc;

use super::config_error::ConfigError;
use super::contexts::Contexts;
use super::error::ClusterError;
use super::fleet::Fleet;
use super::job::Job;
use super::log::Log;
use super::order::Order;
use super::report::Event;
use crate::reach::{Reach, Targets};
use crate::sources::Inputs;

/// Carries out each order in each target, and reports what became of it: in the order asked for up
/// to 100 targets, else as they come.
pub(crate) fn run(
    orders: Vec<Order>,
    reach: &Reach,
    targets: &Targets,
    inputs: &Inputs,
    tell: &mut dyn FnMut(Event),
) -> Result<(), ClusterError> {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|_| ConfigError::Kube { words: "no event loop".to_owned() })?;
    let (sender, lines) = mpsc::unbounded_channel();
    let log = Log::new(reach.verbosity, move |line| {
        // If the receiver is gone, so is the run.
        let _ = sender.send(line);
    });
    let jobs: Vec<_> = orders.into_iter().map(Job::new).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    let contexts = Contexts::new(jobs, reach, targets, inputs, log)?;
    let parallel = if targets.are_many() { targets.parallel } else { 1 };
    // From the first target on Ctrl-C tells what was done; until then nothing is, and it ends the
    // program.
    let begin = || inputs.leave_interrupts();
    runtime.block_on(Fleet::new(&contexts, parallel, lines).run(begin, tell));
    Ok(())
}
