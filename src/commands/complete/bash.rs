//! bash's side: it cuts words at every `=` and `:`, so the tool is given the line and parts it
//! itself, by the shell's rules for quotes.
//!
//! What is answered replaces the text behind the last of the characters at which bash parts words,
//! or behind an open quote. The part of it that is typed already stays as it was typed; what is
//! added is quoted as the place needs it.

use std::ffi::OsString;

use super::{Candidate, candidates};
use crate::cli::Unfinished;
use crate::sources::Inputs;

/// The lines for `COMPREPLY`, then a line that says whether a blank may follow.
pub(super) fn answer(line: &str, breaks: &str, inputs: &Inputs) -> Vec<u8> {
    let line = Line::read(line, breaks);
    // The first word is the program.
    let words = line.words.iter().skip(1).map(OsString::from).collect();
    let unfinished = Unfinished::new(words);
    let typed = unfinished.word.len();
    let found = candidates(&unfinished, inputs);
    let mut answer = String::new();
    for Candidate { word, .. } in &found {
        answer.push_str(line.kept);
        line.quote.push_quoted(word.get(typed..).unwrap_or_default(), &mut answer);
        answer.push('\n');
    }
    let stay = found.iter().any(Candidate::goes_on);
    answer.push_str(if stay { ":nospace\n" } else { ":\n" });
    answer.into_bytes()
}

/// What quotes the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quote {
    Double,
    None,
    Single,
}

impl Quote {
    /// Adds text in a form that means just that text here.
    fn push_quoted(self, text: &str, out: &mut String) {
        for c in text.chars() {
            match self {
                Self::None if !c.is_alphanumeric() && !"-_./=:,@%+".contains(c) => out.push('\\'),
                Self::Double if "\\\"$`!".contains(c) => out.push('\\'),
                Self::Single if c == '\'' => {
                    out.push_str("'\\''");
                    continue;
                }
                _ => {}
            }
            out.push(c);
        }
    }
}

/// A line up to the cursor.
#[derive(Debug, PartialEq, Eq)]
struct Line<'a> {
    /// The words without their quotes; the last one ends at the cursor.
    words: Vec<String>,
    /// The end of the line that bash replaces.
    kept: &'a str,
    quote: Quote,
}

impl<'a> Line<'a> {
    fn read(line: &'a str, breaks: &str) -> Self {
        let mut words = Vec::new();
        let mut word = String::new();
        let mut in_word = false;
        let mut kept = 0;
        let mut quote = Quote::None;
        let mut depth = 0usize;
        let mut characters = line.char_indices();
        while let Some((at, c)) = characters.next() {
            let behind = at + c.len_utf8();
            match (quote, c) {
                (Quote::None, '\'' | '"') => {
                    quote = if c == '"' { Quote::Double } else { Quote::Single };
                    in_word = true;
                    continue;
                }
                (Quote::Single, '\'') | (Quote::Double, '"') => {
                    quote = Quote::None;
                    continue;
                }
                (Quote::None | Quote::Double, '\\') => match characters.next() {
                    Some((_, next)) => {
                        if quote == Quote::Double && !"\\\"$`\n".contains(next) {
                            word.push('\\');
                        }
                        word.push(next);
                    }
                    None => word.push('\\'),
                },
                // Blanks in $(...) and <(...) part no words.
                (Quote::None, ' ' | '\t' | '\n') if depth == 0 => {
                    kept = behind;
                    if in_word {
                        words.push(std::mem::take(&mut word));
                    }
                    in_word = false;
                    continue;
                }
                (Quote::None, _) => {
                    match c {
                        '(' => depth += 1,
                        ')' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if breaks.contains(c) {
                        kept = behind;
                    }
                    word.push(c);
                }
                (Quote::Single | Quote::Double, _) => word.push(c),
            }
            in_word = true;
        }
        words.push(word);
        if quote != Quote::None {
            kept = open_quote(line).unwrap_or(kept);
        }
        Self { words, kept: line.get(kept..).unwrap_or_default(), quote }
    }
}

/// Where the text behind the quote begins that is open at the end of the line.
fn open_quote(line: &str) -> Option<usize> {
    let mut open = None;
    let mut characters = line.char_indices();
    while let Some((at, c)) = characters.next() {
        match (open, c) {
            (None | Some((_, '"')), '\\') => _ = characters.next(),
            (None, '\'' | '"') => open = Some((at + 1, c)),
            (Some((_, quote)), c) if c == quote => open = None,
            _ => {}
        }
    }
    open.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    #[test]
    fn parts_lines_as_bash() {
        let rows: &[(&str, &[&str], &str, Quote)] = &[
            ("m ", &["m", ""], "", Quote::None),
            ("m  gen", &["m", "gen"], "gen", Quote::None),
            ("m --a=b", &["m", "--a=b"], "b", Quote::None),
            ("m a\\ b", &["m", "a b"], "a\\ b", Quote::None),
            ("m 'a b' c", &["m", "a b", "c"], "c", Quote::None),
            ("m '' c", &["m", "", "c"], "c", Quote::None),
            ("m --a=\"b c", &["m", "--a=b c"], "b c", Quote::Double),
            ("m 'a=b", &["m", "a=b"], "a=b", Quote::Single),
            ("m \"a\\\"b\\c", &["m", "a\"b\\c"], "a\\\"b\\c", Quote::Double),
            ("m --k=<(a b) c", &["m", "--k=<(a b)", "c"], "c", Quote::None),
            ("m \"it's\" é\\", &["m", "it's", "é\\"], "é\\", Quote::None),
            ("", &[""], "", Quote::None),
        ];
        for (line, words, kept, quote) in rows {
            let words = words.iter().map(ToString::to_string).collect();
            assert_eq!(Line::read(line, BREAKS), Line { words, kept, quote: *quote }, "{line}");
        }
    }

    #[test]
    fn quotes_what_is_added() {
        let rows = [
            (Quote::None, "a b'é", "a\\ b\\'é"),
            (Quote::Single, "a b'é", "a b'\\''é"),
            (Quote::Double, "a $b\"é", "a \\$b\\\"é"),
        ];
        for (quote, text, want) in rows {
            let mut out = String::new();
            quote.push_quoted(text, &mut out);
            assert_eq!(out, want);
        }
    }
}
