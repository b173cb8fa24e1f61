//! Text at the width of a terminal: paragraphs, tables of two columns, examples as they are.
//!
//! Lines are filled from the left, then the last line gets a second word where it has only one. A
//! bracketed default (`[default: strict]`) is never split.

/// No page is wider: longer lines are hard to read.
const WIDTH_MAX: usize = 100;
const WIDTH_MIN: usize = 40;
/// From this width on, a table has two columns.
const TWO_COLUMNS: usize = 72;
/// The right column starts here at the latest.
const COLUMN_MAX: usize = 32;

/// A page that is being written.
pub(super) struct Layout {
    width: usize,
    text: String,
}

impl Layout {
    /// An empty page for a terminal with so many columns.
    pub(super) fn new(columns: usize) -> Self {
        Self { width: columns.clamp(WIDTH_MIN, WIDTH_MAX), text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Paragraphs, which blank lines separate, below a blank line.
    pub(super) fn prose(&mut self, indent: usize, text: &str) {
        for (at, paragraph) in text.split("\n\n").enumerate() {
            if !self.text.is_empty() && (at > 0 || !self.text.ends_with(":\n")) {
                self.text.push('\n');
            }
            self.lines(indent, &wrap(paragraph, self.width - indent));
        }
    }

    /// A word with text after it, which goes on below itself.
    pub(super) fn hanging(&mut self, word: &str, text: &str) {
        let indent = width(word) + 1;
        let lines = fill(text.split(' ').map(str::to_owned), self.width - indent);
        self.text.extend(["\n", word, " ", &lines.join(&format!("\n{:indent$}", "")), "\n"]);
    }

    /// A heading, below a blank line.
    pub(super) fn heading(&mut self, heading: &str) {
        self.text.extend(["\n", heading, ":\n"]);
    }

    /// Lines that keep their ends.
    pub(super) fn verbatim(&mut self, text: &str) {
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        self.lines(2, &lines);
    }

    /// A table of names and what they mean. A name that is too long for its column has a line of
    /// its own, and so has every name where the page is narrow.
    pub(super) fn table(&mut self, rows: &[(String, String)]) {
        let widths = rows.iter().map(|(name, _)| width(name) + 2);
        let column = match widths.filter(|width| *width <= COLUMN_MAX).max() {
            Some(column) if self.width >= TWO_COLUMNS => column,
            _ => 10,
        };
        for (name, about) in rows {
            let mut lines = wrap(about, self.width - column).into_iter();
            match lines.next() {
                Some(line) if width(name) + 2 <= column => {
                    let gap = " ".repeat(column - width(name));
                    self.text.extend([name, &*gap, &*line, "\n"]);
                    self.lines(column, &lines.collect::<Vec<_>>());
                }
                first => {
                    self.text.extend([name.trim_end(), "\n"]);
                    self.lines(column, &first.into_iter().chain(lines).collect::<Vec<_>>());
                }
            }
        }
    }

    fn lines(&mut self, indent: usize, lines: &[String]) {
        for line in lines {
            let indent = if line.is_empty() { 0 } else { indent };
            self.text.extend([&" ".repeat(indent), &**line, "\n"]);
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// The lines of a paragraph.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    fill(words(text).into_iter(), columns)
}

fn fill(words: impl Iterator<Item = String>, columns: usize) -> Vec<String> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut free = 0;
    for word in words {
        match lines.last_mut() {
            Some(line) if width(&word) < free => {
                free -= width(&word) + 1;
                line.push(word);
            }
            _ => {
                free = columns.saturating_sub(width(&word));
                lines.push(vec![word]);
            }
        }
    }
    if let [.., before, last] = &mut *lines
        && let ([_, .., moved], [word]) = (&**before, &**last)
        && !word.contains(' ')
        && width(moved) + 1 + width(word) <= columns
        && let Some(moved) = before.pop()
    {
        last.insert(0, moved);
    }
    lines.into_iter().map(|line| line.join(" ")).collect()
}

/// The words of a text. What brackets enclose is one word, and a flag belongs to the word before it,
/// so that no line but the first begins with a flag.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for word in text.split_whitespace() {
        match words.last_mut().filter(|_| inside || word.starts_with('-')) {
            Some(last) => last.extend([" ", word]),
            None => words.push(word.to_owned()),
        }
        inside = (inside || word.starts_with('[')) && !word.ends_with(']');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_fills_its_lines() {
        let rows: &[(&str, usize, &[&str])] = &[
            ("", 10, &[]),
            ("one two three", 13, &["one two three"]),
            ("one two three", 12, &["one", "two three"]),
            ("one two three", 8, &["one two", "three"]),
            ("a b c d e f", 9, &["a b c d", "e f"]),
            ("one\ntwo   three", 40, &["one two three"]),
            ("be [default: strict]", 19, &["be", "[default: strict]"]),
            ("be as strict [default: x]", 13, &["be as strict", "[default: x]"]),
            ("be strict [default: x] [many]", 22, &["be strict", "[default: x] [many]"]),
            ("be as --strict", 12, &["be", "as --strict"]),
            ("abcdefghij k", 4, &["abcdefghij", "k"]),
        ];
        for (text, columns, want) in rows {
            assert_eq!(wrap(text, *columns), *want, "{text:?} at {columns}");
        }
    }

    #[test]
    fn a_table_has_one_column_where_it_is_narrow() {
        let row = |name: &str, about: &str| (name.to_owned(), about.to_owned());
        let rows = [row("  -a", "one"), row("  --long=NAME", "two words")];
        let table = |columns| {
            let mut layout = Layout::new(columns);
            layout.table(&rows);
            layout.finish()
        };
        assert_eq!(table(80), "  -a           one\n  --long=NAME  two words\n");
        assert_eq!(table(60), "  -a      one\n  --long=NAME\n          two words\n");
    }
}
