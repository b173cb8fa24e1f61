//! What kubectl's own reader makes of a text before it is printed.

use std::borrow::Cow;

/// A text as it is after kubectl has written it as JSON and read that as YAML: a raw U+0085 is a
/// line break, and line breaks in quotes are folded. All other breaks have escapes in Go's JSON.
pub(in crate::print) fn reread(text: &str) -> Cow<'_, str> {
    const BREAK: char = '\u{85}';
    if !text.contains(BREAK) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find([' ', BREAK]) {
        let (word, blanks) = rest.split_at(start);
        folded.push_str(word);
        rest = blanks.trim_start_matches([' ', BREAK]);
        let run = &blanks[..blanks.len() - rest.len()];
        match run.matches(BREAK).count() {
            0 => folded.push_str(run),
            1 => folded.push(' '),
            breaks => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
    }
    folded.push_str(rest);
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reread_line_breaks() {
        for (text, expected) in [
            ("a b  c\n", "a b  c\n"),
            ("\u{85}", " "),
            ("a  \u{85} b", "a b"),
            ("a\u{85} \u{85}\u{85}b  c\u{85}", "a\n\nb  c "),
        ] {
            assert_eq!(reread(text), expected);
        }
    }
}
