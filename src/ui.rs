//! The only door to stdout and stderr. What was made goes to stdout, whole, in one write; what is
//! said goes to stderr, a line for each thing, made safe for a terminal.

#![expect(clippy::unused_self, reason = "stdout and stderr are reached through their door alone")]

use std::cell::Cell;
use std::fmt::{self, Display};
use std::io::{self, IsTerminal as _, Write as _};
use std::str::FromStr;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Colour {
    Always,
    /// On a terminal that can show it, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Never,
}

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        match text {
            "always" => Ok(Self::Always),
            "auto" => Ok(Self::Auto),
            "never" => Ok(Self::Never),
            _ => Err(NoColour),
        }
    }
}

/// A word that is none of those for [`Colour`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be auto, always or never")]
pub(crate) struct NoColour;

/// The terminal, or what stands in its place.
pub(crate) struct Ui {
    colour: Colour,
    terminal: bool,
    progress: Cell<usize>,
}

impl Ui {
    /// Looks once what stderr is.
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    pub(crate) fn new(asked: Colour) -> Self {
        let terminal = io::stderr().is_terminal();
        let colour = match asked {
            Colour::Auto if !terminal => Colour::Never,
            asked => asked,
        };
        Self { colour, terminal, progress: Cell::new(0) }
    }

    /// Whether a person reads what is said.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether what is said is coloured.
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    pub(crate) fn is_coloured(&self) -> bool {
        match self.colour {
            Colour::Always => true,
            Colour::Auto => AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            Colour::Never => false,
        }
    }

    /// How many columns the terminal has on which help is read; `None` if it goes elsewhere.
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    pub(crate) fn columns(&self) -> Option<usize> {
        #[cfg(unix)]
        {
            use rustix::termios::tcgetwinsize;
            let size = tcgetwinsize(io::stdout()).or_else(|_| tcgetwinsize(io::stderr()));
            size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
        }
        #[cfg(not(unix))]
        None
    }

    /// Text from outside in a form in which nothing acts on a terminal.
    pub(crate) fn safe(&self, text: &str) -> String {
        Safe(text.to_owned()).to_string()
    }

    /// Writes what was made to stdout. Nothing else may have been written there before.
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    pub(crate) fn result(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        // A line-buffered stdout would write in pieces; a large slice goes through in one write.
        stdout.write_all(bytes)?;
        stdout.flush()
    }

    /// Says what was done, in a line.
    pub(crate) fn status(&self, text: &dyn Display) {
        self.say(None, text);
    }

    pub(crate) fn warning(&self, text: &dyn Display) {
        self.say(Some(("warning: ", WARNING)), text);
    }

    pub(crate) fn hint(&self, text: &dyn Display) {
        self.say(Some(("hint: ", HINT)), text);
    }

    pub(crate) fn error(&self, text: &dyn Display) {
        self.say(Some(("error: ", ERROR)), text);
    }

    /// Shows how far it is, on a terminal.
    pub(crate) fn progress(&self, done: usize, total: usize) {
        const WIDTH: usize = 30;
        if !self.terminal || total < 2 || done == total {
            return;
        }
        let filled = done * WIDTH / total;
        let bar = "#".repeat(filled) + &"-".repeat(WIDTH - filled);
        let text = format!("[{bar}] {done}/{total}");
        self.write(&format!("\r{text}"));
        self.progress.set(text.len());
    }

    /// Takes the progress away, so that a line can stand in its place.
    pub(crate) fn end_progress(&self) {
        // Blanks: where there are no colours, codes to clear a line are taken out as well.
        let width = self.progress.take();
        if width > 0 {
            self.write(&format!("\r{:width$}\r", ""));
        }
    }

    /// Writes a help text to stderr, as it is.
    pub(crate) fn help(&self, text: &str) {
        self.write(text);
    }

    fn say(&self, heading: Option<(&str, Style)>, text: &dyn Display) {
        let text = Safe(text.to_string());
        match heading {
            None => self.write(&format!("{text}\n")),
            Some((heading, style)) => self.write(&format!("{style}{heading}{style:#}{text}\n")),
        }
    }

    /// Writes to stderr; where that is gone, there is nobody left to tell.
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    fn write(&self, text: &str) {
        let stderr = io::stderr();
        let stream = match self.colour {
            Colour::Always => AutoStream::always(stderr),
            Colour::Auto => AutoStream::auto(stderr),
            Colour::Never => AutoStream::never(stderr),
        };
        let _ = stream.lock().write_all(text.as_bytes());
    }
}

/// Lets a panic tell its place alone: its message may hold a part of a value.
pub fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let ui = Ui::new(Colour::Auto);
        match panic.location() {
            Some(place) => ui.error(&format!("internal error at {place}")),
            None => ui.error(&"internal error"),
        }
        ui.hint(&"this is a bug in mksecret: report it with the flags, without the values");
    }));
}

/// Text in which no character can act on a terminal: names of files and keys come from outside.
struct Safe(String);

impl Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            let acts = c.is_control() && c != '\n';
            let hides = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
            if acts || hides {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_a_terminal() {
        let text = "a\u{1b}[31mb\rc\u{202e}d\té\n";
        let want = "a\\u{1b}[31mb\\u{d}c\\u{202e}d\\u{9}é\n";
        assert_eq!(Safe(text.to_owned()).to_string(), want);
    }
}
