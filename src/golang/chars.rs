//! Classes and names of characters, as Go's `unicode`, `strconv` and `fmt` have them.
//!
//! Go 1.26, with which kubectl is built, has the tables of Unicode 15.0. The standard library's
//! are newer and know no general categories.

use std::fmt;

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// Whether the character is a letter, mark, number, punctuation, symbol or the ASCII blank
/// (`unicode.IsPrint`, `strconv.IsPrint`).
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    !matches!(
        get_general_category(c),
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::PrivateUse
            | Category::SpaceSeparator
            | Category::Surrogate
            | Category::Unassigned
    )
}

/// Whether the character is a letter, of any case or none (`unicode.IsLetter`).
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    matches!(
        get_general_category(c),
        Category::LowercaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
            | Category::TitlecaseLetter
            | Category::UppercaseLetter
    )
}

/// Whether the character is a decimal digit of any script (`unicode.IsDigit`).
pub(crate) fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    get_general_category(c) == Category::DecimalNumber
}

/// Whether the character is a digit, a numeral or a fraction (`unicode.IsNumber`).
pub(crate) fn is_number(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    matches!(
        get_general_category(c),
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber
    )
}

/// Whether a word of a template may have the character: a letter, a digit or an underscore
/// (`isAlphaNumeric` of `text/template` and of JSONPath).
pub(crate) fn is_word(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

/// A character as `%#U` prints it: `U+0028 '('`, without the quotes if it does not print.
pub(crate) struct Named(pub char);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))?;
        if is_print(self.0) { write!(f, " '{}'", self.0) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_those_of_go() {
        let count = |class: fn(char) -> bool| ('\0'..=char::MAX).filter(|c| class(*c)).count();
        assert_eq!(unicode_general_category::UNICODE_VERSION, (15, 0, 0));
        assert_eq!(count(is_letter), 136_104);
        assert_eq!(count(is_digit), 680);
        assert_eq!(count(is_print), 148_998);
    }

    #[test]
    fn classes() {
        for (c, print, letter, digit) in [
            (' ', true, false, false),
            ('~', true, false, false),
            ('_', true, false, false),
            ('a', true, true, false),
            ('Z', true, true, false),
            ('7', true, false, true),
            ('\0', false, false, false),
            ('\t', false, false, false),
            ('\u{7f}', false, false, false),
            ('\u{85}', false, false, false),
            ('\u{a0}', false, false, false),
            ('\u{ad}', false, false, false),
            ('é', true, true, false),
            ('ж', true, true, false),
            ('名', true, true, false),
            ('²', true, false, false),
            ('½', true, false, false),
            ('Ⅷ', true, false, false),
            ('Ⓐ', true, false, false),
            ('٣', true, false, true),
            ('𝟙', true, false, true),
            ('\u{301}', true, false, false),
            ('\u{93f}', true, false, false),
            ('\u{2028}', false, false, false),
            ('\u{3000}', false, false, false),
            ('\u{e000}', false, false, false),
            ('\u{fffd}', true, false, false),
            ('😀', true, false, false),
            // Unicode 15.1 and later.
            ('\u{1c89}', false, false, false),
            ('\u{2ffc}', false, false, false),
            ('\u{1fae9}', false, false, false),
            ('\u{2ebf0}', false, false, false),
            ('\u{e0100}', true, false, false),
            ('\u{10ffff}', false, false, false),
        ] {
            assert_eq!((is_print(c), is_letter(c), is_digit(c)), (print, letter, digit), "{c:?}");
        }
    }

    #[test]
    fn numbers() {
        for c in ['7', '٣', '²', '½', 'Ⅷ', '㊿'] {
            assert!(is_number(c), "{c:?}");
        }
        for c in ['a', '_', 'Ⓐ', '一'] {
            assert!(!is_number(c), "{c:?}");
        }
    }

    #[test]
    fn names() {
        for (c, name) in [
            ('(', "U+0028 '('"),
            (' ', "U+0020 ' '"),
            ('\t', "U+0009"),
            ('²', "U+00B2 '²'"),
            ('\u{ad}', "U+00AD"),
            ('\u{1f600}', "U+1F600 '😀'"),
        ] {
            assert_eq!(Named(c).to_string(), name);
        }
    }
}
