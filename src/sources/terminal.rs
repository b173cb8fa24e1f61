//! Answers that are typed unseen, on the terminal itself: standard input and output stay what
//! they are, a source and the result. Only Unix has such a device; all that knows it is here.
//!
//! Our own, since what there is reads at most the 4,095 bytes of a terminal's own line, and leaves
//! the echo off when a signal ends the program.

use std::io;

#[cfg(not(unix))]
use crate::secret::Value;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// What it is, with its article: `the password`.
    pub what: &'a str,
    /// Whether it is typed again: what nobody has seen may be mistyped. What opens something shows
    /// that by itself.
    pub twice: bool,
    /// Whether it may be empty.
    pub may_be_empty: bool,
}

/// How often two answers may differ.
#[cfg(unix)]
const TRIES: usize = 3;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PromptError {
    #[error("the values did not match three times")]
    Differ,
    #[error("no value was entered")]
    Empty,
    #[error("the terminal is gone: {0}")]
    Gone(io::Error),
    #[error("no terminal is available for a prompt")]
    NoTerminal,
    #[error("it is longer than {limit} bytes")]
    TooLong {
        /// The most bytes that are taken.
        limit: usize,
    },
}

#[cfg(not(unix))]
pub(super) fn ask(_: &Question<'_>, _: usize) -> Result<Value, PromptError> {
    Err(PromptError::NoTerminal)
}

/// Lets whoever has a handler for it decide what Ctrl-C does, from now on.
#[cfg(not(unix))]
pub(super) fn leave_interrupts() {}

/// Keeps the terminal's state while somebody else draws on it; nothing to do here.
#[cfg(not(unix))]
pub(super) struct Kept;

#[cfg(not(unix))]
impl Kept {
    pub(super) fn begin() -> Result<Self, PromptError> {
        Ok(Self)
    }
}

/// Ctrl-C ends the program by itself.
#[cfg(not(unix))]
pub(super) fn wait_for_the_end() {}

#[cfg(unix)]
pub(super) use unix::{
    ENDING_SIGNALS, Kept, ask, leave_interrupts, lock_ending, open, wait_for_the_end,
};

#[cfg(unix)]
mod unix {
    use std::ffi::c_int;
    use std::fs::{File, OpenOptions};
    use std::io::{self, Read as _, Write as _};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
    use std::time::Duration;

    use rustix::termios::{
        InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush,
        tcgetattr, tcsetattr,
    };
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use zeroize::Zeroizing;

    use super::super::line::{LineEditor, Typed};
    use super::{PromptError, Question, TRIES};
    use crate::secret::Value;

    /// The controlling terminal, whatever standard input and output are.
    const TERMINAL: &str = "/dev/tty";
    /// `_POSIX_VDISABLE`: no key does this.
    const NO_KEY: u8 = if cfg!(any(target_os = "linux", target_os = "android")) { 0 } else { 0xff };

    /// The terminal whose echo is off, and how it was before.
    static HIDDEN: Mutex<Option<Before>> = Mutex::new(None);
    static INTERRUPTS_LEFT: AtomicBool = AtomicBool::new(false);
    /// The signals that end a program which a person runs.
    pub(in super::super) const ENDING_SIGNALS: [c_int; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
    /// Held while the program must not end.
    static ENDING: Mutex<()> = Mutex::new(());

    /// While the guard lives, a signal does not end the program by the watch.
    pub(in super::super) fn lock_ending() -> MutexGuard<'static, ()> {
        ENDING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in super::super) fn leave_interrupts() {
        INTERRUPTS_LEFT.store(true, Ordering::SeqCst);
    }

    /// Asks on the terminal. What is typed ahead or pasted behind the answer is thrown away: it
    /// would be read, and shown, by the shell.
    pub(in super::super) fn ask(
        question: &Question<'_>,
        limit: usize,
    ) -> Result<Value, PromptError> {
        let mut terminal = HiddenTerminal::begin(limit)?;
        let what = question.what;
        for _ in 0..TRIES {
            let answer = terminal.line(&format!("Enter {what}: "))?;
            if answer.is_empty() && !question.may_be_empty {
                return Err(PromptError::Empty);
            }
            if !question.twice || answer == terminal.line(&format!("Enter {what} again: "))? {
                return Ok(answer);
            }
            terminal.say("The values do not match; try again.\n")?;
            terminal.forget_rest();
        }
        Err(PromptError::Differ)
    }

    struct Before {
        terminal: File,
        modes: Termios,
        /// Whether somebody else draws on it, who may have hidden the cursor and who sets modes.
        is_drawn_on: bool,
    }

    impl Before {
        /// Where the terminal is gone there is nothing to restore.
        fn restore(&self) {
            let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.modes);
            if self.is_drawn_on {
                let _ = (&self.terminal).write_all(b"\x1b[?25h");
            }
        }

        /// Restores it again while whoever draws on it sets modes: another thread, which a signal
        /// finds anywhere. It waits for a key then, or for the end. One that gets no turn all this
        /// while may still come too late.
        fn settle(&self) {
            const MOMENT: Duration = Duration::from_millis(2);
            const MOMENTS: usize = 25;
            const CALM: usize = 5;
            let mut calm = 0;
            for _ in 0..MOMENTS {
                std::thread::sleep(MOMENT);
                let Ok(modes) = tcgetattr(&self.terminal) else { return };
                if modes.local_modes == self.modes.local_modes {
                    calm += 1;
                } else {
                    calm = 0;
                    let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.modes);
                }
                if calm == CALM {
                    return;
                }
            }
        }
    }

    fn hidden() -> MutexGuard<'static, Option<Before>> {
        HIDDEN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the terminal back, and does what the signal does by itself.
    fn end_by(signal: c_int) {
        let _ending = lock_ending();
        let hidden = hidden();
        if let Some(before) = &*hidden {
            before.restore();
            if before.is_drawn_on {
                before.settle();
            }
            let _ = (&before.terminal).write_all(b"\n");
        } else if signal == SIGINT && INTERRUPTS_LEFT.load(Ordering::SeqCst) {
            return;
        }
        let _ = emulate_default_handler(signal);
    }

    /// Ends the program by the signal itself, with the echo restored. The watch lasts as long as
    /// the program: a signal that was taken once does nothing by itself any more.
    fn watch_signals() -> Result<(), PromptError> {
        static WATCHED: OnceLock<Result<(), io::ErrorKind>> = OnceLock::new();
        let watch = || {
            let mut signals = Signals::new(ENDING_SIGNALS)?;
            std::thread::Builder::new().spawn(move || {
                loop {
                    // What draws menus takes every signal for a Ctrl-C, and sends that as well.
                    let mut came: Vec<_> = signals.wait().collect();
                    came.sort_by_key(|signal| *signal == SIGINT);
                    came.into_iter().for_each(end_by);
                }
            })?;
            Ok(())
        };
        let watched = WATCHED.get_or_init(|| watch().map_err(|error: io::Error| error.kind()));
        watched.map_err(|kind| PromptError::Gone(kind.into()))
    }

    pub(in super::super) fn open() -> Result<File, PromptError> {
        let terminal = OpenOptions::new().read(true).write(true).open(TERMINAL);
        terminal.map_err(|_| PromptError::NoTerminal)
    }

    /// A signal has been sent that ends the program by the watch: nothing more may be said.
    pub(in super::super) fn wait_for_the_end() {
        const PATIENCE: Duration = Duration::from_secs(10);
        std::thread::sleep(PATIENCE);
    }

    /// The terminal's state while somebody else draws on it: a signal does not leave it behind.
    ///
    /// Keys come one by one all the while, those that send signals too: were Ctrl-C a signal between
    /// two keys, the terminal would be set for the next key after it has been restored.
    pub(in super::super) struct Kept(());

    impl Kept {
        pub(in super::super) fn begin() -> Result<Self, PromptError> {
            let terminal = open()?;
            let modes = tcgetattr(&terminal).map_err(|_| PromptError::NoTerminal)?;
            watch_signals()?;
            let mut keys = modes.clone();
            keys.make_raw();
            keys.output_modes = modes.output_modes;
            let mut hidden = hidden();
            tcsetattr(&terminal, OptionalActions::Drain, &keys)
                .map_err(|error| PromptError::Gone(error.into()))?;
            *hidden = Some(Before { terminal, modes, is_drawn_on: true });
            Ok(Self(()))
        }
    }

    impl Drop for Kept {
        fn drop(&mut self) {
            if let Some(Before { terminal, modes, .. }) = hidden().take() {
                // What is typed ahead stays.
                let _ = tcsetattr(&terminal, OptionalActions::Drain, &modes);
            }
        }
    }

    /// The terminal with its echo off, and on again when this is dropped.
    struct HiddenTerminal {
        terminal: File,
        editor: LineEditor,
        read: Zeroizing<Vec<u8>>,
        /// What of `read` is not looked at yet.
        rest: std::ops::Range<usize>,
        limit: usize,
    }

    impl HiddenTerminal {
        fn begin(limit: usize) -> Result<Self, PromptError> {
            let terminal = open()?;
            let modes = tcgetattr(&terminal).map_err(|_| PromptError::NoTerminal)?;
            watch_signals()?;
            let mut unseen = modes.clone();
            // Each byte comes as it is typed: a terminal's own line ends at 4,095 bytes.
            unseen.local_modes.remove(
                LocalModes::ECHO
                    | LocalModes::ECHOE
                    | LocalModes::ECHOK
                    | LocalModes::ECHONL
                    | LocalModes::ICANON
                    | LocalModes::IEXTEN,
            );
            unseen.input_modes.remove(
                InputModes::ICRNL
                    | InputModes::IGNCR
                    | InputModes::INLCR
                    | InputModes::ISTRIP
                    | InputModes::IXON,
            );
            unseen.special_codes[SpecialCodeIndex::VMIN] = 1;
            unseen.special_codes[SpecialCodeIndex::VTIME] = 0;
            // A stopped program would leave the echo off.
            unseen.special_codes[SpecialCodeIndex::VSUSP] = NO_KEY;
            let mut hidden = hidden();
            let gone = |error: io::Error| PromptError::Gone(error);
            let restored = terminal.try_clone().map_err(gone)?;
            *hidden = Some(Before { terminal: restored, modes, is_drawn_on: false });
            if let Err(error) = tcsetattr(&terminal, OptionalActions::Flush, &unseen) {
                *hidden = None;
                return Err(gone(error.into()));
            }
            let (editor, read) = (LineEditor::new(limit), Zeroizing::new(vec![0; 4096]));
            Ok(Self { terminal, editor, read, rest: 0..0, limit })
        }

        fn say(&mut self, text: &str) -> Result<(), PromptError> {
            self.terminal.write_all(text.as_bytes()).map_err(PromptError::Gone)
        }

        fn line(&mut self, prompt: &str) -> Result<Value, PromptError> {
            self.say(prompt)?;
            loop {
                for at in self.rest.by_ref() {
                    match self.editor.take(self.read[at]) {
                        Typed::More => {}
                        Typed::TooLong => {
                            self.say("\n")?;
                            return Err(PromptError::TooLong { limit: self.limit });
                        }
                        Typed::Done(line) => {
                            self.say("\n")?;
                            return Ok(line);
                        }
                    }
                }
                match self.terminal.read(&mut self.read) {
                    Ok(0) => {
                        return Err(PromptError::Gone(io::ErrorKind::UnexpectedEof.into()));
                    }
                    Ok(count) => self.rest = 0..count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(PromptError::Gone(error)),
                }
            }
        }

        /// Throws away what is read or typed and not asked for.
        fn forget_rest(&mut self) {
            self.rest = 0..0;
            let _ = tcflush(&self.terminal, QueueSelector::IFlush);
        }
    }

    impl Drop for HiddenTerminal {
        fn drop(&mut self) {
            if let Some(before) = hidden().take() {
                before.restore();
            }
        }
    }
}
