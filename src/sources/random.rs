//! Values made of the system's randomness.

use std::fmt;
use std::io;

use zeroize::Zeroizing;

use super::Inputs;
use crate::secret::Value;

/// The characters that a random value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    characters: &'static [u8],
}

const ALNUM: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// All that is printed and no blank: 0x21 to 0x7e.
const ASCII: &[u8] = b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`\
    abcdefghijklmnopqrstuvwxyz{|}~";

impl Charset {
    /// All of them; the first is the default.
    pub(crate) const ALL: &[Self] = &[
        Self::new("alnum", "letters and digits", ALNUM),
        Self::new("ascii", "all printable ASCII characters except the space", ASCII),
        Self::new("base64url", "letters, digits, - and _", BASE64URL),
        Self::new("digits", "0 to 9", ALNUM.split_at(10).0),
        Self::new("hex", "0 to 9 and a to f", ALNUM.split_at(16).0),
        Self::new("lower", "a to z", ALNUM.split_at(10).1.split_at(26).0),
    ];
    /// What bootstrap tokens are made of.
    pub(crate) const TOKEN: Self =
        Self::new("token", "digits and lower-case letters", ALNUM.split_at(36).0);

    const fn new(name: &'static str, about: &'static str, characters: &'static [u8]) -> Self {
        Self { name, about, characters }
    }

    /// So many characters of it. Bytes that would favour the first characters are thrown away.
    pub(crate) fn draw(self, length: usize, inputs: &Inputs) -> io::Result<Value> {
        let count = self.characters.len();
        let fair = 256 - 256 % count;
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        let mut bytes = Zeroizing::new([0u8; 64]);
        while text.len() < length {
            inputs.random(bytes.as_mut_slice())?;
            let missing = length - text.len();
            let fair = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            text.extend(fair.take(missing).map(|byte| self.characters[byte % count]));
        }
        Ok(Value::from(text))
    }
}

/// How a random value is made: `LENGTH[:CHARSET]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recipe {
    pub length: usize,
    pub charset: Charset,
}

impl Default for Recipe {
    /// 190 bits.
    fn default() -> Self {
        Self { length: 32, charset: Charset::ALL[0] }
    }
}

impl Recipe {
    /// The most that a Secret could hold.
    const LENGTH_MAX: usize = 1 << 20;

    /// Reads `LENGTH` or `LENGTH:CHARSET`.
    pub(crate) fn parse(text: &str) -> Result<Self, NoRecipe> {
        let (length, charset) = match text.split_once(':') {
            Some((length, charset)) => (length, Some(charset)),
            None => (text, None),
        };
        let digits = !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit());
        let length = length
            .parse()
            .ok()
            .filter(|n| digits && (1..=Self::LENGTH_MAX).contains(n))
            .ok_or(NoRecipe::Length { most: Self::LENGTH_MAX })?;
        let charset = match charset {
            None => Self::default().charset,
            Some(name) => {
                let mut all = Charset::ALL.iter();
                *all.find(|charset| charset.name == name).ok_or(NoRecipe::Charset)?
            }
        };
        Ok(Self { length, charset })
    }
}

/// Why a text tells no random value. It may be a value that was put there, so it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoRecipe {
    #[error("after the colon, write one of {}", Names)]
    Charset,
    #[error("the length must be a number from 1 to {most}")]
    Length { most: usize },
}

/// The names of the character sets, for messages.
struct Names;

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Charset::ALL.iter().map(|charset| charset.name).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::Limit;

    #[test]
    fn recipes() {
        let known = |name| *Charset::ALL.iter().find(|charset| charset.name == name).unwrap();
        let most = 1 << 20;
        let rows = [
            ("1", Ok((1, "alnum"))),
            ("64:hex", Ok((64, "hex"))),
            ("007:digits", Ok((7, "digits"))),
            ("1048576:ascii", Ok((1 << 20, "ascii"))),
            ("", Err(NoRecipe::Length { most })),
            ("0", Err(NoRecipe::Length { most })),
            ("+1", Err(NoRecipe::Length { most })),
            (":hex", Err(NoRecipe::Length { most })),
            ("hex", Err(NoRecipe::Length { most })),
            ("1048577", Err(NoRecipe::Length { most })),
            ("99999999999999999999999", Err(NoRecipe::Length { most })),
            ("8:", Err(NoRecipe::Charset)),
            ("8:HEX", Err(NoRecipe::Charset)),
            ("8:hex:hex", Err(NoRecipe::Charset)),
        ];
        for (text, want) in rows {
            let want = want.map(|(length, name)| Recipe { length, charset: known(name) });
            assert_eq!(Recipe::parse(text), want, "{text}");
        }
    }

    #[test]
    fn every_character_is_drawn_and_no_other() {
        let counts = [62, 94, 64, 10, 16, 26];
        for (charset, count) in Charset::ALL.iter().zip(counts) {
            let value = charset.draw(20_000, &Inputs::system(Limit::API_SERVER)).unwrap();
            assert_eq!(value.len(), 20_000);
            let mut seen = [0usize; 256];
            value.as_bytes().iter().for_each(|byte| seen[usize::from(*byte)] += 1);
            let drawn: Vec<_> = seen.iter().copied().filter(|n| *n > 0).collect();
            assert_eq!(drawn.len(), count, "{}", charset.name);
            // Ten standard deviations: a bias of one part in four would show in the larger sets.
            let mean = 20_000 / count;
            let slack = 10 * mean.isqrt();
            assert!(drawn.iter().all(|n| n.abs_diff(mean) < slack), "{}: {drawn:?}", charset.name);
        }
    }

    #[test]
    fn bytes_that_would_be_unfair_are_thrown_away() {
        // The fixed source counts up from 0 in each block of 64 bytes; a set of 62 takes all
        // bytes below 248.
        let text = Charset::ALL[0].draw(66, &Inputs::fixed()).unwrap();
        let want = [ALNUM, b"0101"].concat();
        assert_eq!(text.as_bytes(), want);
    }
}
