//! Sets of characters, as a class of a regular expression names them.

use std::fmt::Write as _;

const LAST: u32 = 0x10_FFFF;

/// The characters of some ranges, both ends included.
#[derive(Clone, Debug, Default)]
pub(super) struct Class(Vec<(u32, u32)>);

impl Class {
    pub(super) fn add(&mut self, first: char, last: char) {
        self.0.push((first.into(), last.into()));
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// `\d`, `\s` and `\w`, which only have ASCII characters, or `\D`, `\S` and `\W`.
    pub(super) fn perl(letter: char, is_folded: bool) -> Option<Self> {
        let class = Self::of(match letter.to_ascii_lowercase() {
            'd' => "09",
            's' => "\t\n\x0c\r  ",
            'w' => "09AZ__az",
            _ => return None,
        });
        class.named(letter.is_ascii_uppercase(), is_folded)
    }

    /// `[:alpha:]` and its like, by what is between the colons.
    pub(super) fn posix(name: &str, is_folded: bool) -> Option<Self> {
        let bare = name.strip_prefix('^');
        let class = Self::of(match bare.unwrap_or(name) {
            "alnum" => "09AZaz",
            "alpha" => "AZaz",
            "ascii" => "\0\x7f",
            "blank" => "\t\t  ",
            "cntrl" => "\0\x1f\x7f\x7f",
            "digit" => "09",
            "graph" => "!~",
            "lower" => "az",
            "print" => " ~",
            "punct" => "!/:@[`{~",
            "space" => "\t\r  ",
            "upper" => "AZ",
            "word" => "09AZ__az",
            "xdigit" => "09AFaf",
            _ => return None,
        });
        class.named(bare.is_some(), is_folded)
    }

    fn named(self, is_negated: bool, is_folded: bool) -> Option<Self> {
        let class = if is_folded { self.fold()? } else { self };
        Some(if is_negated { class.complement() } else { class })
    }

    /// The ranges that begin and end with these characters.
    fn of(ends: &str) -> Self {
        let ends: Vec<_> = ends.chars().map(u32::from).collect();
        Self(ends.chunks_exact(2).map(|ends| (ends[0], ends[1])).collect())
    }

    /// Adds the other cases of what is in it. `None` if it has characters beyond ASCII, whose cases
    /// are not known here.
    pub(super) fn fold(mut self) -> Option<Self> {
        for (first, last) in self.0.clone() {
            if last > 0x7f {
                return None;
            }
            for (from, to, other) in [(b'a', b'z', b'A'), (b'A', b'Z', b'a')] {
                let (low, high) = (first.max(from.into()), last.min(to.into()));
                if low <= high {
                    let of = |at: u32| at - u32::from(from) + u32::from(other);
                    self.0.push((of(low), of(high)));
                }
            }
        }
        // The Kelvin sign and the long s are cases of ASCII letters.
        for (letter, other) in [('k', 0x212a), ('s', 0x17f)] {
            if self.0.iter().any(|(first, last)| (*first..=*last).contains(&letter.into())) {
                self.0.push((other, other));
            }
        }
        Some(self)
    }

    pub(super) fn complement(mut self) -> Self {
        self.0.sort_unstable();
        let mut rest = Vec::new();
        let mut next = 0;
        for (first, last) in self.0 {
            if first > next {
                rest.push((next, first - 1));
            }
            next = next.max(last + 1);
        }
        if next <= LAST {
            rest.push((next, LAST));
        }
        Self(rest)
    }

    /// Appends it as the crate `regex` writes a class.
    pub(super) fn write(&self, is_negated: bool, out: &mut String) {
        out.push_str(if is_negated { "[^" } else { "[" });
        for (first, last) in &self.0 {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\x{{{first:X}}}-\\x{{{last:X}}}");
        }
        out.push(']');
    }
}
