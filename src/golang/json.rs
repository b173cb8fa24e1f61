//! JSON as Go's `encoding/json` reads it: [`object_or_null`] tells which bytes `json.Unmarshal`
//! takes for a `map[string]any`, which is what the API server asks of `.dockerconfigjson` and
//! `.dockercfg`; [`read`] looks into them, as whoever pulls with them does. [`push_string`] writes.
//!
//! A scanner of our own, since `serde_json` refuses what Go takes: invalid UTF-8 and lone
//! surrogates in strings, and up to 10,000 levels. It keeps nothing of what it reads and does not
//! recurse.

mod fault;
mod value;
mod write;

pub(crate) use fault::{Context, Fault, Instead, Kind, Type};
pub(crate) use value::{Lines, Shape, Value, string_len, unescaped};
pub(crate) use write::{push_bytes, push_string};

/// The most levels of objects and arrays (`maxNestingDepth` in `encoding/json`).
const DEPTH_MAX: usize = 10_000;
/// The digits of an exponent that `strconv.ParseFloat` looks at.
const EXPONENT_DIGITS: usize = 5;

/// Whether Go reads `bytes` as an object or `null`. As in Go, all of the syntax comes first, then
/// the type at the top, then the numbers.
pub(crate) fn object_or_null(bytes: &[u8]) -> Result<(), Fault> {
    let mut scanner = Scanner { at: 0, bytes, out_of_range: None, stack: Vec::new() };
    let fault = match scanner.document() {
        Err(kind) => Some((kind, scanner.at)),
        Ok((Some(kind), start)) => Some((Kind::Type(kind), start)),
        Ok((None, _)) => scanner.out_of_range.map(|at| (Kind::NumberRange, at)),
    };
    fault.map_or(Ok(()), |(kind, at)| Err(Fault::locate(kind, bytes, at)))
}

/// The value at the top, whatever its type.
pub(crate) fn read(bytes: &[u8]) -> Result<Value<'_>, Fault> {
    let mut scanner = Scanner { at: 0, bytes, out_of_range: None, stack: Vec::new() };
    match scanner.document() {
        Err(kind) => Err(Fault::locate(kind, bytes, scanner.at)),
        Ok((_, start)) => Ok(Value::new(bytes, start)),
    }
}

/// Where the value ends with which the bytes begin, whatever follows it. Otherwise what is wrong, and
/// the offset of the byte that it is about.
pub(crate) fn value_end(bytes: &[u8]) -> Result<usize, (Kind, usize)> {
    let mut scanner = Scanner { at: 0, bytes, out_of_range: None, stack: Vec::new() };
    let mut next = Next::Value;
    loop {
        scanner.blanks();
        let Some(byte) = scanner.peek() else { return Err((Kind::End, scanner.at)) };
        next = scanner.step(next, byte).map_err(|kind| (kind, scanner.at))?;
        if next == Next::AfterValue && scanner.stack.is_empty() {
            return Ok(scanner.at);
        }
    }
}

/// What an unclosed bracket belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Array,
    Object,
}

/// What may stand next, blanks aside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// `,`, a closing bracket, or the end.
    AfterValue,
    Colon,
    Key,
    KeyOrEnd,
    Value,
    ValueOrEnd,
}

struct Scanner<'a> {
    /// The byte that is looked at, and after a fault the byte it is about.
    at: usize,
    bytes: &'a [u8],
    /// Where the first number starts that is out of range.
    out_of_range: Option<usize>,
    /// The brackets that are open; its length is held to [`DEPTH_MAX`].
    stack: Vec<Open>,
}

impl Scanner<'_> {
    /// Reads all bytes; answers with the type at the top (`None`: as wanted) and where it starts.
    fn document(&mut self) -> Result<(Option<Type>, usize), Kind> {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            return Err(Kind::ByteOrderMark);
        }
        self.blanks();
        let start = self.at;
        let top = match self.peek() {
            Some(b'[') => Some(Type::Array),
            Some(b'"') => Some(Type::String),
            Some(b't' | b'f') => Some(Type::Bool),
            Some(b'-' | b'0'..=b'9') => Some(Type::Number),
            _ => None,
        };
        let mut next = Next::Value;
        loop {
            self.blanks();
            let Some(byte) = self.peek() else {
                let done = next == Next::AfterValue && self.stack.is_empty();
                return if done { Ok((top, start)) } else { Err(Kind::End) };
            };
            next = self.step(next, byte)?;
        }
    }

    /// Reads what starts with `byte`.
    fn step(&mut self, next: Next, byte: u8) -> Result<Next, Kind> {
        match (next, byte) {
            (Next::AfterValue, _) => self.after_value(byte),
            (Next::Colon, b':') => Ok(self.pass(Next::Value)),
            (Next::Colon, _) => Err(Kind::Unexpected(Context::AfterKey)),
            (Next::Key | Next::KeyOrEnd, b'"') => self.string().map(|()| Next::Colon),
            (Next::KeyOrEnd, b'}') | (Next::ValueOrEnd, b']') => Ok(self.close()),
            (Next::Key | Next::KeyOrEnd, _) => Err(Kind::Unexpected(Context::Key)),
            (Next::Value | Next::ValueOrEnd, _) => self.value(byte),
        }
    }

    fn value(&mut self, byte: u8) -> Result<Next, Kind> {
        match byte {
            b'{' => return self.open(Open::Object, Next::KeyOrEnd),
            b'[' => return self.open(Open::Array, Next::ValueOrEnd),
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            b'n' => self.literal(b"null")?,
            _ => return Err(Kind::Unexpected(Context::Value)),
        }
        Ok(Next::AfterValue)
    }

    fn after_value(&mut self, byte: u8) -> Result<Next, Kind> {
        match (self.stack.last(), byte) {
            (Some(Open::Array), b',') => Ok(self.pass(Next::Value)),
            (Some(Open::Object), b',') => Ok(self.pass(Next::Key)),
            (Some(Open::Array), b']') | (Some(Open::Object), b'}') => Ok(self.close()),
            (Some(Open::Array), _) => Err(Kind::Unexpected(Context::AfterElement)),
            (Some(Open::Object), _) => Err(Kind::Unexpected(Context::AfterPair)),
            (None, _) => Err(Kind::Unexpected(Context::AfterTop)),
        }
    }

    fn open(&mut self, open: Open, next: Next) -> Result<Next, Kind> {
        if self.stack.len() == DEPTH_MAX {
            return Err(Kind::Depth);
        }
        self.stack.push(open);
        Ok(self.pass(next))
    }

    fn close(&mut self) -> Next {
        self.stack.pop();
        self.pass(Next::AfterValue)
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Kind> {
        for &letter in word {
            self.expect(|b| b == letter, Context::Literal)?;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), Kind> {
        self.at += 1;
        loop {
            match self.peek().ok_or(Kind::End)? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    if self.expect(|b| b"\"\\/bfnrtu".contains(&b), Context::Escape)? == b'u' {
                        for _ in 0..4 {
                            self.expect(|b| b.is_ascii_hexdigit(), Context::Hexadecimal)?;
                        }
                    }
                }
                0..=0x1f => return Err(Kind::Unexpected(Context::String)),
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Kind> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.expect(|b| b.is_ascii_digit(), Context::Number)? != b'0' {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.expect(|b| b.is_ascii_digit(), Context::Fraction)?;
            self.digits();
        }
        let mut end = self.at;
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            let exponent = self.at;
            self.expect(|b| b.is_ascii_digit(), Context::Exponent)?;
            self.digits();
            let digits = self.bytes.get(exponent..self.at).unwrap_or_default();
            let zeros = digits.iter().take_while(|&&b| b == b'0').count();
            end = self.at.min(exponent + zeros + EXPONENT_DIGITS);
        }
        self.check_range(start, end);
        Ok(())
    }

    /// Numbers become float64; one whose nearest is infinite is refused, one that comes to nothing
    /// is zero. `ParseFloat` reads an exponent until it has five digits, so it is cut there.
    fn check_range(&mut self, start: usize, end: usize) {
        let number = self.bytes.get(start..end).and_then(|b| std::str::from_utf8(b).ok());
        let finite = number.and_then(|n| n.parse::<f64>().ok()).is_some_and(f64::is_finite);
        if !finite && self.out_of_range.is_none() {
            self.out_of_range = Some(start);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn pass(&mut self, next: Next) -> Next {
        self.at += 1;
        next
    }

    fn expect(&mut self, fits: impl Fn(u8) -> bool, context: Context) -> Result<u8, Kind> {
        let byte = self.peek().ok_or(Kind::End)?;
        if !fits(byte) {
            return Err(Kind::Unexpected(context));
        }
        self.at += 1;
        Ok(byte)
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests;
