//! How a text is written: plain, in quotes or as a literal block, and where it is folded.

use super::{Emitter, ScalarPlace, resolve};

const BYTE_ORDER_MARK: char = '\u{feff}';

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Double,
    Literal,
    Plain,
    Single,
}

impl Emitter<'_> {
    pub(super) fn scalar(&mut self, text: &str, place: ScalarPlace) {
        match style(text) {
            // Line ends to YAML 1.1 alone: written as themselves, a newer reader keeps the blanks
            // that stand before what follows them.
            _ if self.faithful && text.contains(['\u{2028}', '\u{2029}']) => {
                self.double(text, place);
            }
            Style::Double => self.double(text, place),
            Style::Literal => match place {
                ScalarPlace::Free(indent) => self.literal(text, indent),
                // Not reached: a key with a line break is no simple one.
                ScalarPlace::SimpleKey => self.double(text, place),
            },
            Style::Plain => {
                self.blank();
                self.folded(text, place, false);
                self.after_text();
            }
            Style::Single => {
                self.word("'");
                self.folded(text, place, true);
                self.close("'");
            }
        }
    }

    /// Whether the line is folded at its next blank.
    fn is_wide(&self) -> bool {
        self.column > self.width
    }

    /// Plain text, or text in single quotes: one blank between words may become a line break.
    fn folded(&mut self, text: &str, place: ScalarPlace, quoted: bool) {
        let (mut after_space, mut after_break) = (false, false);
        let mut characters = text.chars().enumerate().peekable();
        while let Some((i, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if c == ' ' {
                let between = next.is_some_and(|next| next != ' ') && !after_space;
                match place {
                    ScalarPlace::Free(indent) if between && i > 0 && self.is_wide() => {
                        self.go_to(indent);
                    }
                    _ => self.push(' '),
                }
                after_space = true;
            } else if is_break(c) {
                // U+2028 or U+2029: all others ask for another style.
                self.push(c);
                self.column = 0;
                self.line_is_open = true;
                after_break = true;
            } else {
                if let (ScalarPlace::Free(indent), true) = (place, after_break) {
                    self.go_to(indent);
                }
                if quoted && c == '\'' {
                    self.push('\'');
                }
                self.push(c);
                self.line_is_open = false;
                (after_space, after_break) = (false, false);
            }
        }
    }

    fn double(&mut self, text: &str, place: ScalarPlace) {
        self.word("\"");
        // The emitter looks for the mark at the start of the text, whatever character it is at.
        let marked = text.starts_with(BYTE_ORDER_MARK);
        let mut after_space = false;
        let mut characters = text.chars().enumerate().peekable();
        while let Some((i, c)) = characters.next() {
            if marked || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                after_space = false;
            } else if c == ' ' {
                let next = characters.peek().map(|(_, next)| *next);
                match (place, next) {
                    (ScalarPlace::Free(indent), Some(next))
                        if !after_space && i > 0 && self.is_wide() =>
                    {
                        self.go_to(indent);
                        if next == ' ' {
                            self.push('\\');
                        }
                    }
                    _ => self.push(' '),
                }
                after_space = true;
            } else {
                self.push(c);
                self.line_is_open = false;
                after_space = false;
            }
        }
        self.close("\"");
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => {
                let code = u32::from(c);
                let long = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.close(&long);
            }
        };
        self.close(short);
    }

    /// A block behind `|`, with the digit that says the indentation where the text begins with
    /// blanks, and `-` or `+` where it does not end in one line break.
    fn literal(&mut self, text: &str, indent: usize) {
        self.word("|");
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.close("2");
        }
        let mut backwards = text.chars().rev();
        match (backwards.next().is_some_and(is_break), backwards.next()) {
            (false, _) => self.close("-"),
            (true, None) => self.close("+"),
            (true, Some(c)) if is_break(c) => self.close("+"),
            (true, Some(_)) => {}
        }
        self.new_line();
        self.after_blank = true;
        let mut after_break = true;
        for c in text.chars() {
            if c == '\n' {
                self.new_line();
                after_break = true;
            } else if is_break(c) {
                self.push(c);
                self.column = 0;
                self.line_is_open = true;
                after_break = true;
            } else {
                if after_break {
                    self.go_to(indent);
                }
                self.push(c);
                self.line_is_open = false;
                after_break = false;
            }
        }
    }
}

/// The style of a text: first go-yaml's wish, then what the emitter allows.
fn style(text: &str) -> Style {
    let wish = if text.contains('\n') {
        Style::Literal
    } else if resolve::is_no_string(text) {
        return Style::Double;
    } else {
        Style::Plain
    };
    let found = Findings::of(text);
    match wish {
        _ if found.special => Style::Double,
        Style::Literal if found.last_is_space => Style::Double,
        Style::Literal => Style::Literal,
        _ if found.space_after_break => Style::Double,
        _ if found.indicators || found.breaks || found.last_is_space || text.starts_with(' ') => {
            Style::Single
        }
        _ => Style::Plain,
    }
}

/// What stands in the way of a style.
#[allow(clippy::struct_excessive_bools, reason = "findings are independent of each other")]
#[derive(Default)]
struct Findings {
    breaks: bool,
    /// Something at a place where it would mean something else than itself.
    indicators: bool,
    last_is_space: bool,
    space_after_break: bool,
    /// Characters that need an escape, or a blank at the end of a line, which would be lost.
    special: bool,
}

impl Findings {
    fn of(text: &str) -> Self {
        let mut found = Self {
            indicators: text.starts_with("---") || text.starts_with("..."),
            last_is_space: text.ends_with(' '),
            ..Self::default()
        };
        let mut previous = None;
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            let space_follows = characters.peek().is_none_or(|next| is_blank(*next));
            found.indicators |= match (previous, c) {
                (
                    None,
                    '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"'
                    | '%' | '@' | '`',
                ) => true,
                (None, '?' | '-') | (_, ':') => space_follows,
                (Some(previous), '#') => is_blank(previous) || is_break(previous),
                _ => false,
            };
            found.special |= !is_printable(c);
            if c == ' ' {
                found.space_after_break |= previous.is_some_and(is_break);
            } else if is_break(c) {
                found.breaks = true;
                found.special |= previous == Some(' ');
            }
            previous = Some(c);
        }
        found
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// The line breaks of YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What the emitter writes without an escape: no tab, and nothing beyond U+FFFF.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != BYTE_ORDER_MARK
}

#[cfg(test)]
mod tests {
    use crate::print::yaml::write;
    use crate::secret::manifest::Node;

    fn written(node: &Node<'_>) -> String {
        let mut out = Vec::new();
        write(node, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values() {
        let words = "word ".repeat(30);
        let (first, second) = words.split_at(5 * 16);
        let folded = format!("'{}\n  {second}'", first.trim_end());
        let wide = "é".repeat(80);
        let tab = format!("\"{}\t  y z", "q".repeat(80));
        let tab_folded = format!("\"\\\"{}\\t\n  \\ y z\"", "q".repeat(80));
        for (text, expected) in [
            ("a", "a"),
            ("it's: a", "'it''s: a'"),
            ("- x", "'- x'"),
            ("-x", "-x"),
            ("?x", "?x"),
            ("? x", "'? x'"),
            ("---x", "'---x'"),
            ("#", "'#'"),
            ("a#b", "a#b"),
            ("a #b", "'a #b'"),
            ("a:", "'a:'"),
            ("a:b", "a:b"),
            ("<<", "<<"),
            ("no", "\"no\""),
            ("", "\"\""),
            ("  ", "'  '"),
            (words.as_str(), folded.as_str()),
            (&format!("{wide} a"), &format!("{wide}\n  a")),
            (&format!("{wide}  a b"), &format!("{wide}  a\n  b")),
            (&tab, &tab_folded),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n", "|\n  a"),
            (" a\nb", "|2-\n   a\n  b"),
            ("a\nb\n\n", "|+\n  a\n  b\n"),
            ("\n", "|2+\n"),
            ("a \nb", "\"a \\nb\""),
            ("a\nb ", "\"a\\nb \""),
            ("a\tb\u{1b}\u{a0}é", "\"a\\tb\\e\u{a0}é\""),
            ("😀", "\"\\U0001F600\""),
            ("\u{feff}a ", "\"\\uFEFF\\x61\\x20\""),
            ("a\u{2028}b", "'a\u{2028}  b'"),
            ("\u{2028} a", "\"\\L a\""),
        ] {
            assert_eq!(written(&Node::map([("k", Node::text(text))])), format!("k: {expected}\n"));
        }
    }

    #[test]
    fn keys() {
        let words = "word ".repeat(20);
        let long = "word ".repeat(26);
        for (key, expected) in [
            ("n", "\"n\": v"),
            ("a: b", "'a: b': v"),
            (words.as_str(), format!("'{words}': v").as_str()),
            (&long, &format!("? '{}\n  {}'\n: v", &long[..79], &long[80..])),
            ("a\nb", "? |-\n  a\n  b\n: v"),
            ("a\rb", "? \"a\\rb\"\n: v"),
        ] {
            assert_eq!(written(&Node::map([(key, Node::text("v"))])), format!("{expected}\n"));
        }
    }
}
