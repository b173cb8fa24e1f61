//! What stands in JSON, once its form has been checked.

use std::fmt;

use zeroize::Zeroizing;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Array,
    Bool,
    Null,
    Number,
    Object,
    String,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Array => "an array",
            Self::Bool => "a boolean",
            Self::Null => "null",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::String => "a string",
        })
    }
}

/// A value in checked JSON: the place where it stands. Nothing is copied before it is asked for,
/// and what is copied is wiped.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    all: &'a [u8],
    start: usize,
}

impl<'a> Value<'a> {
    pub(super) fn new(all: &'a [u8], start: usize) -> Self {
        Self { all, start }
    }

    pub(crate) fn shape(&self) -> Shape {
        match self.all.get(self.start) {
            Some(b'{') => Shape::Object,
            Some(b'[') => Shape::Array,
            Some(b'"') => Shape::String,
            Some(b't' | b'f') => Shape::Bool,
            Some(b'n') => Shape::Null,
            _ => Shape::Number,
        }
    }

    /// The line that it starts on, counted from 1.
    pub(crate) fn line(&self) -> usize {
        Lines::default().of(*self)
    }

    /// The pairs of an object, in their order; of anything else none.
    pub(crate) fn members(&self) -> Members<'a> {
        let at = if self.shape() == Shape::Object { self.start + 1 } else { self.all.len() };
        Members { all: self.all, at }
    }

    /// A number as it is written.
    pub(crate) fn number(&self) -> Option<&'a [u8]> {
        let end = end_of_value(self.all, self.start);
        let number = self.all.get(self.start..end).filter(|_| self.shape() == Shape::Number)?;
        Some(number.trim_ascii())
    }

    /// The elements of an array, in their order; of anything else none.
    pub(crate) fn elements(&self) -> Elements<'a> {
        let at = if self.shape() == Shape::Array { self.start + 1 } else { self.all.len() };
        Elements { all: self.all, at }
    }

    /// A string's text as Go has it: what is no UTF-8 and lone surrogates become U+FFFD.
    pub(crate) fn text(&self) -> Option<Zeroizing<Vec<u8>>> {
        if self.shape() != Shape::String {
            return None;
        }
        let end = end_of_string(self.all, self.start);
        let raw = self.all.get(self.start + 1..end.saturating_sub(1)).unwrap_or_default();
        // One byte becomes three at most: a buffer that grew would leave its old bytes unwiped.
        let mut text = Zeroizing::new(Vec::with_capacity(raw.len() * 3));
        for chunk in raw.utf8_chunks() {
            unescape(chunk.valid(), &mut text);
            chunk.invalid().iter().for_each(|_| push(char::REPLACEMENT_CHARACTER, &mut text));
        }
        Some(text)
    }
}

/// Counts the lines of many values, each byte once where they come in their order.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lines {
    at: usize,
    ends: usize,
}

impl Lines {
    /// The line that the value starts on, counted from 1.
    pub(crate) fn of(&mut self, value: Value<'_>) -> usize {
        if value.start < self.at {
            *self = Self::default();
        }
        let between = value.all.get(self.at..value.start).unwrap_or_default();
        self.ends += between.split(|byte| *byte == b'\n').count() - 1;
        self.at = value.start;
        self.ends + 1
    }
}

/// The key and the value of each pair of an object.
pub(crate) struct Members<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Value<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = after_blanks(self.all, self.at);
        // The end, a closing bracket: no key.
        if self.all.get(key) != Some(&b'"') {
            return None;
        }
        let colon = after_blanks(self.all, end_of_string(self.all, key));
        let value = after_blanks(self.all, colon + 1);
        let end = after_blanks(self.all, end_of_value(self.all, value));
        self.at = end + usize::from(self.all.get(end) == Some(&b','));
        Some((Value::new(self.all, key), Value::new(self.all, value)))
    }
}

/// Each element of an array.
pub(crate) struct Elements<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = after_blanks(self.all, self.at);
        if matches!(self.all.get(value), None | Some(b']')) {
            return None;
        }
        let end = after_blanks(self.all, end_of_value(self.all, value));
        self.at = end + usize::from(self.all.get(end) == Some(&b','));
        Some(Value::new(self.all, value))
    }
}

fn after_blanks(all: &[u8], at: usize) -> usize {
    let rest = all.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| b" \t\r\n".contains(byte)).count()
}

/// The length of the string with which checked JSON begins, quotes included.
pub(crate) fn string_len(all: &[u8]) -> usize {
    end_of_string(all, 0)
}

/// What is between the quotes of a string, with its escapes resolved.
pub(crate) fn unescaped(raw: &str) -> Zeroizing<String> {
    let mut text = Vec::with_capacity(raw.len());
    unescape(raw, &mut text);
    Zeroizing::new(String::from_utf8(text).unwrap_or_default())
}

/// Behind the string that starts there.
fn end_of_string(all: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = all.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    all.len()
}

/// Behind the value that starts there.
fn end_of_value(all: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = all.get(at) {
        match byte {
            b'"' => at = end_of_string(all, at),
            b'{' | b'[' => (depth, at) = (depth + 1, at + 1),
            b'}' | b']' | b',' if depth == 0 => return at,
            b'}' | b']' => (depth, at) = (depth - 1, at + 1),
            _ => at += 1,
        }
        if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
            return at;
        }
    }
    all.len()
}

fn unescape(raw: &str, text: &mut Vec<u8>) {
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            push(c, text);
            continue;
        }
        match chars.next() {
            Some('b') => text.push(8),
            Some('f') => text.push(12),
            Some('n') => text.push(b'\n'),
            Some('r') => text.push(b'\r'),
            Some('t') => text.push(b'\t'),
            Some('u') => {
                let first = hexadecimal(&mut chars);
                let mut ahead = chars.clone();
                let second = (ahead.next() == Some('\\') && ahead.next() == Some('u'))
                    .then(|| hexadecimal(&mut ahead));
                match (first, second) {
                    (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                        chars = ahead;
                        let code = 0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00);
                        push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), text);
                    }
                    _ => push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), text),
                }
            }
            Some(c) => push(c, text),
            None => {}
        }
    }
}

fn hexadecimal(chars: &mut std::str::Chars<'_>) -> u32 {
    let digits = chars.by_ref().take(4);
    digits.fold(0, |code, digit| code * 16 + digit.to_digit(16).unwrap_or_default())
}

fn push(c: char, text: &mut Vec<u8>) {
    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::read;
    use super::*;

    /// The value in one line, as `serde_json` would tell it.
    fn tree(value: Value<'_>) -> serde_json::Value {
        let text = |value: Value<'_>| String::from_utf8(value.text().unwrap().to_vec()).unwrap();
        match value.shape() {
            Shape::Object => serde_json::Value::Object(
                value.members().map(|(k, v)| (text(k), tree(v))).collect(),
            ),
            Shape::Array => value.elements().map(tree).collect(),
            Shape::String => text(value).into(),
            Shape::Null => serde_json::Value::Null,
            // No caller asks for numbers and booleans.
            shape => shape.to_string().into(),
        }
    }

    #[test]
    fn strings_as_go_reads_them() {
        let rows: &[(&[u8], &str)] = &[
            (b"\"\"", ""),
            (b"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "a\"\\/\u{8}\u{c}\n\r\t\u{e9}"),
            (b"\"\\ud83d\\ude00\"", "\u{1f600}"),
            (b"\"\\ud83dx\"", "\u{fffd}x"),
            (b"\"\\ud83d\\u0041\"", "\u{fffd}A"),
            (b"\"\\ude00\\ud83d\"", "\u{fffd}\u{fffd}"),
            (b"\"\xff\xed\xa0\x80\"", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ];
        for (json, want) in rows {
            let text = read(json).unwrap().text().unwrap();
            assert_eq!(std::str::from_utf8(&text), Ok(*want), "{}", json.escape_ascii());
        }
    }

    #[test]
    fn members_and_lines() {
        let json =
            b" {\n \"a\" : {\"}\":[1,{\"x\":\"]\"}]} ,\n\"b\":-1e3,\"c\":null\n, \"d\":\"\"}\n";
        let found: Vec<_> = read(json)
            .unwrap()
            .members()
            .map(|(k, v)| (k.text().unwrap().to_vec(), v.shape(), v.line()))
            .collect();
        let want = [
            (b"a".to_vec(), Shape::Object, 2),
            (b"b".to_vec(), Shape::Number, 3),
            (b"c".to_vec(), Shape::Null, 3),
            (b"d".to_vec(), Shape::String, 4),
        ];
        assert_eq!(found, want);
        assert_eq!(read(b"[1]").unwrap().members().count(), 0);
        assert!(read(b"{").is_err());
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_writes(
            keys in prop::collection::vec((".{0,5}", ".{0,9}", any::<Option<bool>>()), 0..6),
            pretty: bool,
        ) {
            let mut want = serde_json::Map::new();
            for (key, text, kind) in keys {
                let value = match kind {
                    None => serde_json::Value::Null,
                    Some(true) => text.into(),
                    Some(false) => serde_json::json!({ text: { "x": "y" } }),
                };
                want.insert(key, value);
            }
            let want = serde_json::Value::Object(want);
            let json = if pretty { serde_json::to_vec_pretty(&want) } else { serde_json::to_vec(&want) };
            prop_assert_eq!(tree(read(&json.unwrap()).unwrap()), want);
        }

        #[test]
        fn nothing_panics(bytes in "[{}\\[\\]\",:\\\\u0-9a-f \n]{0,40}") {
            if let Ok(value) = read(bytes.as_bytes()) {
                let _ = tree(value);
            }
        }
    }
}
