//! Room on the stack for parentheses within parentheses, which parser and evaluator follow by
//! recursion.

use std::panic::resume_unwind;
use std::thread;

/// How deep parentheses may be nested: Go's limit.
pub(super) const MAX_DEPTH: usize = 10_000;
/// How deep they may be nested on the smallest stack that a first thread has, 1 MiB on Windows.
const SHALLOW: usize = 100;
/// What one level takes at the most, by far: 10 KiB where nothing is optimised.
const LEVEL: usize = 32 << 10;

/// Does the work on a template's text where there is room for its parentheses. They are counted
/// and not matched: text has few, and a stack that is too large costs nothing until it is used.
/// `None` where the system has no such stack to give.
pub(super) fn with_room<T: Send>(text: &str, work: impl FnOnce() -> T + Send) -> Option<T> {
    let depth = text.bytes().filter(|byte| *byte == b'(').count();
    if depth <= SHALLOW {
        return Some(work());
    }
    let size = (depth.min(MAX_DEPTH) + SHALLOW) * LEVEL;
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(size).spawn_scoped(scope, work).ok()?;
        Some(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
