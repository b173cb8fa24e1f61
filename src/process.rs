//! What the process keeps to itself: its memory holds values.

/// Asks the system for what it has against others' eyes: no core file, and on Linux no debugger of
/// the same user, and `/proc/PID/environ` and `mem` for root alone. Where it has nothing, there is
/// nothing to say: the run goes on.
pub(crate) fn keep_memory_private() {
    // On Linux this lasts until another program is started, so that a plugin of ours can be
    // debugged, and it stands for the limit as well.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
    #[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::Core).maximum;
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
    }
}
