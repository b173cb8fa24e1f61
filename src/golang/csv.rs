//! Comma-separated values as pflag's `StringSlice` flags read them.

/// The fields of a flag's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub fields: Vec<Vec<u8>>,
    /// Whether more than line ends followed that record: pflag drops it without a word.
    pub more: bool,
}

/// A value that is no CSV; its positions, not its text (`csv.ParseError`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CsvError {
    #[error("EOF")]
    Empty,
    /// A place in the text that breaks a rule. Lines and byte columns count from 1.
    #[error("{}parse error on line {line}, column {column}: {fault}", record_start(*start, *line))]
    Syntax {
        /// The line where the record began.
        start: usize,
        /// The line of the fault.
        line: usize,
        /// The byte of that line.
        column: usize,
        /// The rule that is broken.
        fault: CsvFault,
    },
}

/// The rule that a value breaks (`csv.ErrBareQuote`, `csv.ErrQuote`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CsvFault {
    /// A quote inside a field that did not begin with one.
    #[error("bare \" in non-quoted-field")]
    BareQuote,
    #[error("extraneous or missing \" in quoted-field")]
    Quote,
}

/// Go names the line where the record began only when that is another one.
fn record_start(start: usize, line: usize) -> String {
    if start == line { String::new() } else { format!("record on line {start}; ") }
}

/// Reads a flag's value as pflag's `readAsCSV` does: nothing of an empty value, else the first
/// record that Go's `encoding/csv` finds with its own settings (a comma, quotes doubled inside
/// quotes, blank lines skipped, CRLF as LF).
pub(crate) fn read_record(value: &[u8]) -> Result<Record, CsvError> {
    if value.is_empty() {
        return Ok(Record::default());
    }
    let mut lines = Lines { rest: value, number: 0 };
    let line = loop {
        let line = lines.next().ok_or(CsvError::Empty)?;
        if !line.text.is_empty() {
            break line;
        }
    };
    let fields = Fields { start: lines.number, line, at: 0, lines }.read()?;
    Ok(fields)
}

/// A line without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a [u8],
    /// Whether a line end stood behind it (the last line may have none).
    ended: bool,
}

/// The lines that are still unread.
struct Lines<'a> {
    rest: &'a [u8],
    /// The number of the line read last.
    number: usize,
}

impl<'a> Lines<'a> {
    /// The next line. A carriage return before its end, or before the end of all, is dropped.
    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut halves = self.rest.splitn(2, |byte| *byte == b'\n');
        let text = halves.next().unwrap_or_default();
        let after = halves.next();
        self.rest = after.unwrap_or_default();
        self.number += 1;
        Some(Line { text: text.strip_suffix(b"\r").unwrap_or(text), ended: after.is_some() })
    }
}

/// The place inside a record.
struct Fields<'a> {
    /// The number of the record's first line.
    start: usize,
    line: Line<'a>,
    /// How much of the line is read.
    at: usize,
    lines: Lines<'a>,
}

impl<'a> Fields<'a> {
    fn read(mut self) -> Result<Record, CsvError> {
        let mut fields = Vec::new();
        loop {
            let (field, last) =
                if self.rest().starts_with(b"\"") { self.quoted()? } else { self.plain()? };
            fields.push(field);
            if last {
                let more = self.lines.rest.iter().any(|byte| !matches!(byte, b'\r' | b'\n'));
                return Ok(Record { fields, more });
            }
        }
    }

    /// What is left of the line.
    fn rest(&self) -> &'a [u8] {
        self.line.text.get(self.at..).unwrap_or_default()
    }

    /// A field that does not begin with a quote, and whether it is the record's last.
    fn plain(&mut self) -> Result<(Vec<u8>, bool), CsvError> {
        let rest = self.rest();
        let field = rest.split(|byte| *byte == b',').next().unwrap_or_default();
        if let Some(quote) = field.iter().position(|byte| *byte == b'"') {
            return Err(self.fault(self.at + quote, CsvFault::BareQuote));
        }
        self.at += field.len() + 1;
        Ok((field.to_vec(), field.len() == rest.len()))
    }

    /// A field in quotes, which may go over several lines, and whether it is the record's last.
    fn quoted(&mut self) -> Result<(Vec<u8>, bool), CsvError> {
        let mut field = Vec::new();
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(quote) = rest.iter().position(|byte| *byte == b'"') else {
                field.extend_from_slice(rest);
                self.next_line(&mut field)?;
                continue;
            };
            field.extend_from_slice(rest.get(..quote).unwrap_or_default());
            self.at += quote + 1;
            match self.rest().first() {
                None => return Ok((field, true)),
                Some(b'"') => field.push(b'"'),
                Some(b',') => {
                    self.at += 1;
                    return Ok((field, false));
                }
                Some(_) => return Err(self.fault(self.at - 1, CsvFault::Quote)),
            }
            self.at += 1;
        }
    }

    /// Goes on to the next line inside quotes; there must be one.
    fn next_line(&mut self, field: &mut Vec<u8>) -> Result<(), CsvError> {
        let length = self.line.text.len() + usize::from(self.line.ended);
        if self.line.ended {
            field.push(b'\n');
        }
        let number = self.lines.number;
        let Some(line) = self.lines.next().filter(|line| line.ended || !line.text.is_empty())
        else {
            self.lines.number = number;
            return Err(self.fault(length, CsvFault::Quote));
        };
        self.line = line;
        self.at = 0;
        Ok(())
    }

    /// A fault at that byte of the present line.
    fn fault(&self, at: usize, fault: CsvFault) -> CsvError {
        CsvError::Syntax { start: self.start, line: self.lines.number, column: at + 1, fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_first_record() {
        let long = "x".repeat(10_000);
        for (value, fields, more) in [
            ("", &[][..], false),
            ("a", &["a"], false),
            ("a,b", &["a", "b"], false),
            ("a,", &["a", ""], false),
            (",", &["", ""], false),
            (" a , b ", &[" a ", " b "], false),
            ("\"a,b\",c", &["a,b", "c"], false),
            ("\"a\"\"b\"", &["a\"b"], false),
            ("\"\"", &[""], false),
            ("\"\"\"\"", &["\""], false),
            ("\"a\nb\",c", &["a\nb", "c"], false),
            ("\"a\r\n\r\nb\"\r\n", &["a\n\nb"], false),
            ("\n\r\na\n", &["a"], false),
            ("a\r\n\r\n\n", &["a"], false),
            ("a\r", &["a"], false),
            ("a\rb", &["a\rb"], false),
            ("a\nb", &["a"], true),
            ("a\n\"", &["a"], true),
            (long.as_str(), &[long.as_str()], false),
        ] {
            let fields = fields.iter().map(|field| field.as_bytes().to_vec()).collect();
            assert_eq!(read_record(value.as_bytes()), Ok(Record { fields, more }), "{value:?}");
        }
    }

    #[test]
    fn keeps_bytes_that_are_no_text() {
        let fields = vec![b"\xff".to_vec(), b"\xfe,".to_vec()];
        assert_eq!(read_record(b"\xff,\"\xfe,\""), Ok(Record { fields, more: false }));
    }

    #[test]
    fn refuses_the_rest_in_gos_words() {
        let bare = "bare \" in non-quoted-field";
        let quote = "extraneous or missing \" in quoted-field";
        for (value, said) in [
            ("\n", "EOF".to_owned()),
            ("\r", "EOF".to_owned()),
            ("\r\n\n", "EOF".to_owned()),
            ("a\"b", format!("parse error on line 1, column 2: {bare}")),
            ("é\"", format!("parse error on line 1, column 3: {bare}")),
            ("a,b\"", format!("parse error on line 1, column 4: {bare}")),
            ("\na\"b", format!("parse error on line 2, column 2: {bare}")),
            ("\"a", format!("parse error on line 1, column 3: {quote}")),
            ("\"a\n", format!("parse error on line 1, column 4: {quote}")),
            ("\"a\"b", format!("parse error on line 1, column 3: {quote}")),
            ("\"\",\"", format!("parse error on line 1, column 5: {quote}")),
            ("\"a\nb\"c", format!("record on line 1; parse error on line 2, column 2: {quote}")),
            ("\"a\nbc", format!("record on line 1; parse error on line 2, column 3: {quote}")),
        ] {
            assert_eq!(read_record(value.as_bytes()).map_err(|e| e.to_string()), Err(said));
        }
    }
}
