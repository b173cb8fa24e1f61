//! Questions with visible answers, and menus, on the terminal itself: neither standard input nor
//! standard output is touched. dialoguer draws them; what is kept here is the terminal's state,
//! which a signal must not leave behind.

use std::io;

use dialoguer::console::{Term, set_colors_enabled, set_colors_enabled_stderr};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Completion, Input, Select};

use super::terminal::{self, PromptError};

/// The width for which texts are cut where the terminal does not say its own.
const WIDTH: usize = 80;

/// Somebody at a terminal who is asked.
pub(crate) struct Dialogue {
    terminal: Term,
    theme: Box<dyn Theme>,
}

/// What is wrong with an answer, in words for the one who typed it.
pub(crate) type Check<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// What a text that is begun is completed to; `None` if nothing more is known.
pub(crate) type Complete<'a> = &'a dyn Fn(&str) -> Option<String>;

struct ByTab<'a>(Complete<'a>);

impl Completion for ByTab<'_> {
    fn get(&self, text: &str) -> Option<String> {
        (self.0)(text)
    }
}

impl Dialogue {
    pub(crate) fn open(coloured: bool) -> Result<Self, PromptError> {
        let terminal = open()?;
        if !terminal.is_term() {
            return Err(PromptError::NoTerminal);
        }
        set_colors_enabled(coloured);
        set_colors_enabled_stderr(coloured);
        let theme: Box<dyn Theme> =
            if coloured { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Ok(Self { terminal, theme })
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        self.terminal.size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns))
    }

    /// How many columns a line of a menu has.
    pub(crate) fn room(&self) -> usize {
        self.width().saturating_sub(4)
    }

    /// Shows a line. Nothing in it may act on a terminal.
    pub(crate) fn say(&self, line: &str) -> Result<(), PromptError> {
        self.terminal.write_line(line).map_err(PromptError::Gone)
    }

    /// Lets one of several lines be chosen. A line that is longer than the terminal would break
    /// the drawing, and is cut.
    pub(crate) fn choose(
        &self,
        prompt: &str,
        items: &[String],
        first: usize,
    ) -> Result<usize, PromptError> {
        let room = self.room();
        let items = items.iter().map(|item| cut(item, room));
        let _kept = terminal::Kept::begin()?;
        let select = Select::with_theme(&*self.theme).with_prompt(prompt).report(false);
        let chosen = select.items(items).default(first).interact_on(&self.terminal);
        chosen.map_err(|dialoguer::Error::IO(error)| gone(error))
    }

    /// Asks for a text until it passes the check, which says in a line what is wrong. `complete` is
    /// what TAB does.
    pub(crate) fn ask(
        &self,
        prompt: &str,
        complete: Complete<'_>,
        check: Check<'_>,
    ) -> Result<String, PromptError> {
        let by_tab = ByTab(complete);
        // In front of it stands a word.
        let room = self.width().saturating_sub(8);
        let _kept = terminal::Kept::begin()?;
        let input = Input::<String>::with_theme(&*self.theme)
            .with_prompt(prompt)
            .allow_empty(true)
            .completion_with(&by_tab)
            .validate_with(|text: &String| check(text).map_err(|why| cut(&why, room)));
        input.interact_text_on(&self.terminal).map_err(|dialoguer::Error::IO(error)| gone(error))
    }
}

/// A text in so many columns.
pub(crate) fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// What came in place of an answer. Ctrl-C has sent the signal that ends the program, a moment
/// from now: no message may come before it.
fn gone(error: io::Error) -> PromptError {
    if error.kind() == io::ErrorKind::Interrupted {
        terminal::wait_for_the_end();
    }
    PromptError::Gone(error)
}

#[cfg(unix)]
fn open() -> Result<Term, PromptError> {
    let (read, write) = (terminal::open()?, terminal::open()?);
    Ok(Term::read_write_pair(read, write))
}

#[cfg(not(unix))]
fn open() -> Result<Term, PromptError> {
    Ok(Term::stderr())
}
