//! Signals that wait until a step is complete.

#[cfg(unix)]
pub(crate) use unix::HeldSignals;

/// While this lives, the signals that end the program wait; they end it when this is dropped. Does
/// nothing on systems without signals.
#[cfg(not(unix))]
pub struct HeldSignals(());

#[cfg(not(unix))]
impl HeldSignals {
    pub fn begin() -> Self {
        Self(())
    }
}

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, MutexGuard};

    use signal_hook::SigId;
    use signal_hook::consts::SIGXFSZ;
    use signal_hook::low_level::{emulate_default_handler, unregister};

    use super::super::terminal::{ENDING_SIGNALS, lock_ending};

    /// While this lives, the signals that end the program wait; they end it when this is dropped.
    /// Writing beyond the limit on a file's size fails instead of ending the program.
    pub(crate) struct HeldSignals {
        ids: Vec<SigId>,
        came: Arc<AtomicUsize>,
        ending: Option<MutexGuard<'static, ()>>,
    }

    impl HeldSignals {
        /// Takes the signals. One that cannot be taken ends the program as ever.
        pub(crate) fn begin() -> Self {
            let came = Arc::new(AtomicUsize::new(0));
            let ending = Some(lock_ending());
            let mut ids: Vec<_> = ENDING_SIGNALS
                .into_iter()
                .filter_map(|signal| {
                    let number = usize::try_from(signal).unwrap_or_default();
                    signal_hook::flag::register_usize(signal, Arc::clone(&came), number).ok()
                })
                .collect();
            let ignored = Arc::new(AtomicUsize::new(0));
            ids.extend(signal_hook::flag::register_usize(SIGXFSZ, ignored, 0).ok());
            Self { ids, came, ending }
        }
    }

    impl Drop for HeldSignals {
        fn drop(&mut self) {
            drop(self.ending.take());
            for id in self.ids.drain(..) {
                unregister(id);
            }
            let came = self.came.load(Ordering::SeqCst);
            if let Some(signal) = i32::try_from(came).ok().filter(|signal| *signal != 0) {
                let _ = emulate_default_handler(signal);
            }
        }
    }
}
