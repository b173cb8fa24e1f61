//! How far the work on one target has come, for when the user interrupts it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How far an order to one target has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Waiting,
    /// A request may have been sent.
    Begun,
    /// The old Secret is to be deleted, or is, and the new one is not known to be there.
    Replacing,
    /// It is there, and a controller is to fill it.
    Filling,
}

/// How far an order to one target has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    begun: AtomicBool,
    replacing: AtomicBool,
    filling: AtomicBool,
    /// Whether the user has interrupted the run.
    interrupted: Option<watch::Receiver<bool>>,
}

impl Progress {
    pub(super) fn new(interrupted: watch::Receiver<bool>) -> Self {
        Self { interrupted: Some(interrupted), ..Self::default() }
    }

    /// Waits, and ends early with `true` if the user interrupts. Not while something is being
    /// replaced, which is finished first.
    pub(super) async fn is_interrupted_within(&self, pause: Duration) -> bool {
        let receiver = self.interrupted.clone().filter(|_| self.phase() == Phase::Begun);
        let Some(mut receiver) = receiver else {
            sleep(pause).await;
            return false;
        };
        let interrupted = timeout(pause, receiver.wait_for(|interrupted| *interrupted)).await;
        matches!(interrupted, Ok(Ok(_)))
    }

    pub(super) fn begin(&self) {
        self.begun.store(true, Ordering::SeqCst);
    }

    /// From the moment on at which the old Secret may be gone until it is known what is there.
    pub(super) fn replacing(&self, on: bool) {
        self.replacing.store(on, Ordering::SeqCst);
    }

    /// From the moment on at which it is there and is to be filled.
    pub(super) fn filling(&self) {
        self.filling.store(true, Ordering::SeqCst);
    }

    pub(super) fn phase(&self) -> Phase {
        if self.filling.load(Ordering::SeqCst) {
            Phase::Filling
        } else if self.replacing.load(Ordering::SeqCst) {
            Phase::Replacing
        } else if self.begun.load(Ordering::SeqCst) {
            Phase::Begun
        } else {
            Phase::Waiting
        }
    }
}
