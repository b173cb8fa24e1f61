//! The words in which Go's encoding/json refuses what is no JSON object.

/// Go's own limit on nesting.
const DEPTH: usize = 10_000;

/// Whether a Go `map[string]interface{}` takes these bytes; if not, why.
pub fn check_object(bytes: &[u8]) -> Result<(), String> {
    Scanner { bytes, at: 0 }.document()?;
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'n') => Ok(()),
        first => {
            let kind = match first {
                Some(b'"') => "string",
                Some(b'[') => "array",
                Some(b't' | b'f') => "bool",
                _ => "number",
            };
            Err(format!(
                "json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
            ))
        }
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), String> {
        self.value("looking for beginning of value")?;
        self.blanks();
        self.peek().map_or(Ok(()), |_| self.wrong("after top-level value"))
    }

    /// Reads one value with all that is in it; an explicit stack, so that depth costs no recursion.
    fn value(&mut self, place: &str) -> Result<(), String> {
        let mut open = Vec::new();
        let mut place = place;
        loop {
            self.blanks();
            match self.peek() {
                Some(b'{' | b'[') if open.len() >= DEPTH => return Err("exceeded max depth".into()),
                Some(opening @ (b'{' | b'[')) => {
                    self.at += 1;
                    self.blanks();
                    open.push(opening);
                    if self.peek() == Some(opening + 2) {
                        // An empty one: closed below.
                    } else {
                        if opening == b'{' {
                            self.key("looking for beginning of object key string")?;
                        }
                        place = "looking for beginning of value";
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b't') => self.literal("true")?,
                Some(b'f') => self.literal("false")?,
                Some(b'n') => self.literal("null")?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => return self.wrong(place),
            }
            loop {
                self.blanks();
                match (open.last().copied(), self.peek()) {
                    (None, _) => return Ok(()),
                    (Some(opening), Some(byte)) if byte == opening + 2 => {
                        self.at += 1;
                        open.pop();
                    }
                    (Some(opening), Some(b',')) => {
                        self.at += 1;
                        self.blanks();
                        if opening == b'{' {
                            self.key("looking for beginning of object key string")?;
                        }
                        place = "looking for beginning of value";
                        break;
                    }
                    (Some(b'{'), _) => return self.wrong("after object key:value pair"),
                    (Some(_), _) => return self.wrong("after array element"),
                }
            }
        }
    }

    fn key(&mut self, place: &str) -> Result<(), String> {
        if self.peek() != Some(b'"') {
            return self.wrong(place);
        }
        self.string()?;
        self.blanks();
        if self.peek() != Some(b':') {
            return self.wrong("after object key");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                        Some(b'u') => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return self.wrong("in \\u hexadecimal character escape");
                                }
                            }
                        }
                        _ => return self.wrong("in string escape code"),
                    }
                }
                Some(0..=0x1f) | None => return self.wrong("in string literal"),
                Some(_) => {}
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Result<(), String> {
        for wanted in word.bytes() {
            if self.peek() != Some(wanted) {
                let wanted = char::from(wanted);
                return self.wrong(&format!("in literal {word} (expecting '{wanted}')"));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, place: &str) -> Result<(), String> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { self.wrong(place) } else { Ok(()) }
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self, place: &str) -> Result<(), String> {
        let Some(byte) = self.peek() else { return Err("unexpected end of JSON input".into()) };
        let shown = match byte {
            b'\'' => r"'\''".to_owned(),
            b'"' => "'\"'".to_owned(),
            b' '..=b'~' => format!("'{}'", char::from(byte)),
            _ => format!("{:?}", char::from(byte)),
        };
        Err(format!("invalid character {shown} {place}"))
    }
}
