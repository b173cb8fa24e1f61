//! The classes of characters that tell the parts of a template apart.

use std::fmt;

/// What ends a field's name or a bare word; the end of the text does so too.
pub(super) fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

/// Whether a bare word may begin with this: an underscore, or what Go calls a letter or a digit.
///
/// Go asks for the category "letter". Rust's "alphabetic" has the letter-like numbers too, which
/// are taken out here, and a few combining marks and circled letters, which are not: no field
/// name begins with one.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || is_digit(c) || c.is_alphabetic() && !c.is_numeric()
}

/// Go's `unicode.IsDigit`: the decimal digits of every script. Those that are not ASCII begin a
/// number that can never be read, and fields behind `..`.
pub(super) fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    let code = u32::from(c);
    (0x1d7ce..=0x1d7ff).contains(&code)
        || ZEROS.iter().any(|&zero| (zero..zero + 10).contains(&code))
}

/// The zeros of the scripts in Unicode 15: each is followed by its nine other digits.
const ZEROS: [u32; 62] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0,
    0x16b50, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950, 0x1fbf0,
];

/// A character as Go's `%#U` names it: `U+0028 '('`, and without the second half where it cannot
/// be printed.
pub(super) struct Named(pub(super) char);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))?;
        if self.0.is_control() || self.0.is_whitespace() && self.0 != ' ' {
            return Ok(());
        }
        write!(f, " '{}'", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script() {
        for (c, want) in [
            ('0', true),
            ('9', true),
            ('a', false),
            ('٣', true),
            ('𝟙', true),
            ('𝟿', true),
            ('²', false),
            ('½', false),
            ('Ⅷ', false),
        ] {
            assert_eq!(is_digit(c), want, "{c}");
        }
    }

    #[test]
    fn words_begin_with_letters_digits_and_underscores() {
        for (c, want) in [
            ('a', true),
            ('Z', true),
            ('_', true),
            ('7', true),
            ('é', true),
            ('名', true),
            ('-', false),
            ('²', false),
            ('Ⅷ', false),
            ('(', false),
        ] {
            assert_eq!(is_word(c), want, "{c}");
        }
    }

    #[test]
    fn names_of_characters() {
        for (c, want) in [('(', "U+0028 '('"), ('\t', "U+0009"), ('²', "U+00B2 '²'")] {
            assert_eq!(Named(c).to_string(), want);
        }
    }
}
