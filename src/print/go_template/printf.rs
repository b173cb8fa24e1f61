//! Go's `Sprint`, `Sprintln` and `Sprintf` on a template's values.
//!
//! Templates call `print`, `println` and `printf` with values of any type, and `fmt` never fails: a
//! wrong verb or a missing argument becomes text such as `%!d(string=x)`. The steps follow `doPrintf`
//! of Go's `fmt/print.go`: read flags, an argument index, width and precision and the verb; take the
//! argument; print it by its type with [`super::format`]; report arguments that nothing took.

use super::buffer::Buffer;
use super::format::{Flags, Integer};
use super::value::{Data, Text, Value};
use crate::golang::utf8::first_rune;

/// Stands for the address of a map or list: Go prints one that differs with every run.
const ADDRESS: i64 = 0xc0_0000_0000;

/// The largest width or precision that an argument may give.
const LARGEST: i64 = 1_000_000;

/// Values one after the other, with a blank between two of which neither is text.
pub(super) fn print(values: &[Option<Data<'_>>], out: &mut Buffer) {
    let mut after_text = true;
    for value in values {
        let is_text = matches!(value, Some(Data::Text(_)));
        if !is_text && !after_text {
            out.push_byte(b' ');
        }
        Printer { out, flags: Flags::default() }.argument(value.as_ref(), 'v');
        after_text = is_text;
    }
}

/// Values with blanks between them and a newline at the end.
pub(super) fn println(values: &[Option<Data<'_>>], out: &mut Buffer) {
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push_byte(b' ');
        }
        Printer { out, flags: Flags::default() }.argument(value.as_ref(), 'v');
    }
    out.push_byte(b'\n');
}

/// Values as the format says. Mistakes are part of the text, as in Go.
pub(super) fn printf(format: &[u8], values: &[Option<Data<'_>>], out: &mut Buffer) {
    let mut format = Format { rest: format, values, next: 0, reordered: false, good: true };
    while !format.rest.is_empty() && !out.overflown() {
        let literal = format.rest.iter().position(|b| *b == b'%').unwrap_or(format.rest.len());
        let (text, rest) = format.rest.split_at(literal);
        out.push(text);
        let Some(rest) = rest.strip_prefix(b"%") else { break };
        format.rest = rest;
        format.directive(out);
    }
    if !format.reordered && format.next < values.len() {
        out.push_str("%!(EXTRA ");
        for (i, value) in values[format.next..].iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            if let Some(data) = value {
                out.push_str(data.type_name());
                out.push_byte(b'=');
            }
            Printer { out, flags: Flags::default() }.argument(value.as_ref(), 'v');
        }
        out.push_byte(b')');
    }
}

struct Format<'f, 'v, 'd> {
    rest: &'f [u8],
    values: &'v [Option<Data<'d>>],
    /// The value that the next verb takes.
    next: usize,
    /// Whether an index like `[3]` was used; then nothing counts as left over.
    reordered: bool,
    /// Whether the indexes of this directive were right.
    good: bool,
}

impl Format<'_, '_, '_> {
    /// One directive; its `%` is past.
    fn directive(&mut self, out: &mut Buffer) {
        self.good = true;
        let mut flags = self.flags();
        let mut after_index = self.index();
        if self.take(b'*') {
            match self.number_argument() {
                Some(width) => {
                    flags.minus |= width < 0;
                    // A negative width fills on the right, which is not done with zeros.
                    flags.zero &= width >= 0;
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => out.push_str("%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            flags.width = self.number();
            if after_index && flags.width.is_some() {
                self.good = false;
            }
        }
        if self.rest.len() > 1 && self.take(b'.') {
            if after_index {
                self.good = false;
            }
            after_index = self.index();
            if self.take(b'*') {
                let precision = self.number_argument();
                flags.precision = precision.and_then(|p| usize::try_from(p).ok());
                if flags.precision.is_none() {
                    out.push_str("%!(BADPREC)");
                }
                after_index = false;
            } else {
                flags.precision = Some(self.number().unwrap_or_default());
            }
        }
        if !after_index {
            self.index();
        }
        if self.rest.is_empty() {
            return out.push_str("%!(NOVERB)");
        }
        let rune = first_rune(self.rest);
        self.rest = &self.rest[rune.width..];
        self.verb(rune.c, flags, out);
    }

    fn verb(&mut self, verb: char, mut flags: Flags, out: &mut Buffer) {
        if verb == '%' {
            return out.push_byte(b'%');
        }
        if !self.good {
            return push_mistake(verb, "(BADINDEX)", out);
        }
        let Some(value) = self.values.get(self.next) else {
            return push_mistake(verb, "(MISSING)", out);
        };
        if matches!(verb, 'v' | 'w') {
            flags.go_syntax = std::mem::take(&mut flags.sharp);
            flags.plus = false;
        }
        Printer { out, flags }.argument(value.as_ref(), verb);
        self.next += 1;
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        while let [first, rest @ ..] = self.rest {
            match first {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.rest = rest;
        }
        flags
    }

    fn take(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A number in the format. One that is far too large swallows the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let (number, rest) = parse_number(self.rest);
        self.rest = rest;
        number
    }

    /// A width or precision from the values.
    fn number_argument(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        let number = value.as_ref().and_then(Data::as_int)?;
        (-LARGEST..=LARGEST).contains(&number).then_some(number)
    }

    /// An index like `[3]`: whether there was one to go on from.
    fn index(&mut self) -> bool {
        let Some(inside) = self.rest.strip_prefix(b"[") else { return false };
        self.reordered = true;
        let end = inside.iter().position(|b| *b == b']').filter(|_| self.rest.len() >= 3);
        let Some(end) = end else {
            self.rest = inside;
            self.good = false;
            return false;
        };
        let (number, after) = parse_number(&inside[..end]);
        self.rest = &inside[end + 1..];
        let number = number.filter(|_| after.is_empty());
        match number.and_then(|n| n.checked_sub(1)) {
            Some(index) if index < self.values.len() => {
                self.next = index;
                true
            }
            _ => {
                self.good = false;
                number.is_some()
            }
        }
    }
}

fn parse_number(text: &[u8]) -> (Option<usize>, &[u8]) {
    let mut number = None;
    let mut rest = text;
    while let [digit @ b'0'..=b'9', tail @ ..] = rest {
        let so_far = number.unwrap_or(0_usize);
        if so_far > 1_000_000 {
            return (None, &[]);
        }
        number = Some(so_far * 10 + usize::from(digit - b'0'));
        rest = tail;
    }
    (number, rest)
}

fn push_mistake(verb: char, mistake: &str, out: &mut Buffer) {
    out.push_str("%!");
    out.push_char(verb);
    out.push_str(mistake);
}

/// Writes values with one set of flags.
struct Printer<'o> {
    out: &'o mut Buffer,
    flags: Flags,
}

impl Printer<'_> {
    /// A value at the top.
    fn argument(&mut self, value: Option<&Data<'_>>, verb: char) {
        match (value, verb) {
            (None, 'T' | 'v') => self.flags.pad(b"<nil>", self.out),
            (None, verb) => push_mistake(verb, "(<nil>)", self.out),
            (Some(data), 'T') => {
                let name = Flags { go_syntax: false, ..self.flags };
                name.text(data.type_name().as_bytes(), 's', self.out);
            }
            (Some(Data::List(_) | Data::Map(_)), 'p') => self.address(),
            (Some(data), 'p' | 'w') => self.bad_verb(data, verb),
            (Some(data), verb) => self.data(data, verb),
        }
    }

    fn address(&mut self) {
        let flags = Flags { sharp: !self.flags.sharp, ..self.flags };
        flags.integer(Integer::from(ADDRESS), 'x', self.out);
    }

    fn data(&mut self, data: &Data<'_>, verb: char) {
        let (flags, out) = (self.flags, &mut *self.out);
        let written = match data {
            Data::Bool(value) => flags.boolean(*value, verb, out),
            Data::Int(value) | Data::Int64(value) => {
                flags.integer(Integer::from(*value), verb, out)
            }
            Data::Byte(value) => flags.integer(Integer::from(*value), verb, out),
            Data::Float(value) => flags.float(*value, verb, out),
            Data::Complex(re, im) => flags.complex(*re, *im, verb, out),
            Data::Text(text) => flags.text(text.as_bytes(), verb, out),
            Data::List(list) => {
                self.open(data, "[");
                for i in 0..list.len() {
                    self.separate(i);
                    self.element(&list.get(i), verb);
                }
                return self.close(']');
            }
            Data::Map(fields) => {
                self.open(data, "map[");
                for (i, (key, value)) in fields.iter().enumerate() {
                    self.separate(i);
                    self.data(&Data::Text(Text::Borrowed(key.as_bytes())), verb);
                    self.out.push_byte(b':');
                    self.element(&Value::boxed(value), verb);
                }
                return self.close(']');
            }
        };
        if !written {
            self.bad_verb(data, verb);
        }
    }

    fn open(&mut self, data: &Data<'_>, plain: &str) {
        if self.flags.go_syntax {
            self.out.push_str(data.type_name());
            self.out.push_byte(b'{');
        } else {
            self.out.push_str(plain);
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.push_str(if self.flags.go_syntax { ", " } else { " " });
        }
    }

    fn close(&mut self, plain: char) {
        self.out.push_char(if self.flags.go_syntax { '}' } else { plain });
    }

    /// A value inside another: nil is not padded there.
    fn element(&mut self, value: &Value<'_>, verb: char) {
        match value.data() {
            Some(data) => self.data(data, verb),
            None if self.flags.go_syntax => self.out.push_str("interface {}(nil)"),
            None => self.out.push_str("<nil>"),
        }
    }

    fn bad_verb(&mut self, data: &Data<'_>, verb: char) {
        self.out.push_str("%!");
        self.out.push_char(verb);
        self.out.push_byte(b'(');
        self.out.push_str(data.type_name());
        self.out.push_byte(b'=');
        self.data(data, 'v');
        self.out.push_byte(b')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'d>(values: &[&'d str]) -> Vec<Option<Data<'d>>> {
        values.iter().map(|t| Some(Data::Text(Text::Borrowed(t.as_bytes())))).collect()
    }

    fn shown(write: impl FnOnce(&mut Buffer)) -> String {
        let mut out = Buffer::default();
        write(&mut out);
        String::from_utf8_lossy(out.as_bytes()).into_owned()
    }

    #[test]
    fn blanks_stand_between_values_that_are_no_text() {
        let mut values = texts(&["a", "b"]);
        values.extend([Some(Data::Int(1)), None, Some(Data::Bool(true))]);
        values.extend(texts(&["c"]));
        values.push(Some(Data::Float(1.5)));
        assert_eq!(shown(|out| print(&values, out)), "ab1 <nil> truec1.5");
        assert_eq!(shown(|out| println(&values, out)), "a b 1 <nil> true c 1.5\n");
        assert_eq!(shown(|out| println(&[], out)), "\n");
    }

    #[test]
    fn directives_take_their_values_in_turn_or_by_number() {
        let values = [Some(Data::Int(3)), Some(Data::Int(-4)), Some(Data::Float(2.5))];
        let cases = [
            ("%d %d %v", "3 -4 2.5"),
            ("%[2]d %d", "-4 %!d(float64=2.5)"),
            ("%[3]*d|", "%!(BADWIDTH)%!d(MISSING)|"),
            ("%*d|%[1]d", " -4|3"),
            ("%[2]*[1]d|", "3   |"),
            ("%.[1]*[3]f", "2.500"),
            ("%.*[3]f", "2.500"),
            ("%.[2]*[3]f", "%!(BADPREC)2.500000"),
            ("%[4]d", "%!d(BADINDEX)"),
            ("%[x]d", "%!d(BADINDEX)"),
            ("%[", "%!(NOVERB)"),
            ("%[1]2d", "%!d(BADINDEX)"),
            ("%d%d%v%d", "3-42.5%!d(MISSING)"),
            ("%d", "3%!(EXTRA int=-4, float64=2.5)"),
            ("", "%!(EXTRA int=3, int=-4, float64=2.5)"),
            ("%d%d%v%", "3-42.5%!(NOVERB)"),
            ("%%%5%%d%d%v", "%%3-42.5"),
            ("%d%d%s", "3-4%!s(float64=2.5)"),
            ("%T%T%T", "intintfloat64"),
            ("%10000010d", "%!(NOVERB)%!(EXTRA int=3, int=-4, float64=2.5)"),
        ];
        for (format, expected) in cases {
            let text = shown(|out| printf(format.as_bytes(), &values, out));
            assert_eq!(text, expected, "{format}");
        }
    }

    #[test]
    fn nil_is_padded_only_by_itself() {
        let cases = [("%v", "<nil>"), ("%8v", "   <nil>"), ("%d", "%!d(<nil>)"), ("%#v", "<nil>")];
        for (format, expected) in cases {
            assert_eq!(shown(|out| printf(format.as_bytes(), &[None], out)), expected, "{format}");
        }
    }
}
