//! One value in Go's `fmt`: flags, width and precision, and what each verb makes of each type.
//!
//! As in Go's `fmt/format.go`, each function writes the bare value first and pads it last, since the
//! width is that of the whole. Where flags contradict each other, Go's order decides: `-` beats `0`,
//! a precision beats `0` for integers, `+` beats a space. A function returns `false` if its type does
//! not know the verb, and the caller then writes `%!verb(type=value)`.

use super::buffer::Buffer;
use crate::golang::chars::is_print;
use crate::golang::floats::{self, Style};
use crate::golang::quote::{can_backquote, push_quoted};
use crate::golang::utf8::runes;

/// The flags of a verb, its width and its precision.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are the five flags of a verb in Go")]
pub(super) struct Flags {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%#v`: Go's syntax for the value.
    pub(super) go_syntax: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// A whole number: its magnitude, its sign and whether its type has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Integer {
    magnitude: u64,
    negative: bool,
    signed: bool,
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self { magnitude: value.unsigned_abs(), negative: value < 0, signed: true }
    }
}

impl From<u8> for Integer {
    fn from(value: u8) -> Self {
        Self { magnitude: u64::from(value), negative: false, signed: false }
    }
}

impl Integer {
    /// The same bits without a sign, as Go hands a number to `%c`, `%q` and `%U`.
    fn bits(self) -> u64 {
        if self.negative { self.magnitude.wrapping_neg() } else { self.magnitude }
    }

    fn as_char(self) -> char {
        let c = u32::try_from(self.bits()).ok().and_then(char::from_u32);
        c.unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

impl Flags {
    /// Writes text in its field: padded to the width, counted in characters.
    pub(super) fn pad(self, text: &[u8], out: &mut Buffer) {
        let missing = self.width.map_or(0, |width| width.saturating_sub(runes(text).count()));
        if self.minus {
            out.push(text);
            out.push_run(b' ', missing);
        } else {
            out.push_run(if self.zero { b'0' } else { b' ' }, missing);
            out.push(text);
        }
    }

    fn pad_with_blanks(self, text: &[u8], out: &mut Buffer) {
        Self { zero: false, ..self }.pad(text, out);
    }

    /// `true` or `false`; not for other verbs.
    pub(super) fn boolean(self, value: bool, verb: char, out: &mut Buffer) -> bool {
        if !matches!(verb, 't' | 'v') {
            return false;
        }
        self.pad(if value { b"true" } else { b"false" }, out);
        true
    }

    /// A whole number; false for a verb that takes none.
    pub(super) fn integer(self, value: Integer, verb: char, out: &mut Buffer) -> bool {
        match verb {
            'v' if self.go_syntax && !value.signed => {
                Self { sharp: true, ..self }.digits(value, 'x', out);
            }
            'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' => self.digits(value, verb, out),
            'c' => self.pad(value.as_char().encode_utf8(&mut [0; 4]).as_bytes(), out),
            'q' => {
                let mut quoted = Buffer::default();
                let mut utf8 = [0; 4];
                let text = value.as_char().encode_utf8(&mut utf8);
                push_quoted(text.as_bytes(), '\'', self.plus, &mut quoted);
                self.pad(quoted.as_bytes(), out);
            }
            'U' => self.code_point(value, out),
            _ => return false,
        }
        true
    }

    fn digits(self, value: Integer, verb: char, out: &mut Buffer) {
        let signed = value.negative || self.plus || self.space;
        let least = match self.precision {
            Some(0) if value.magnitude == 0 => return self.pad_with_blanks(b"", out),
            Some(precision) => precision,
            // Zeros fill the field on the left only, and leave room for the sign.
            None if self.zero && !self.minus => {
                self.width.unwrap_or_default().saturating_sub(usize::from(signed))
            }
            None => 0,
        };
        let digits = match verb {
            'b' => format!("{:b}", value.magnitude),
            'o' | 'O' => format!("{:o}", value.magnitude),
            'x' => format!("{:x}", value.magnitude),
            'X' => format!("{:X}", value.magnitude),
            _ => value.magnitude.to_string(),
        };
        let zeros = least.saturating_sub(digits.len());
        let prefix = match verb {
            'b' if self.sharp => "0b",
            'O' if self.sharp && zeros == 0 && !digits.starts_with('0') => "0o0",
            'O' => "0o",
            'o' if self.sharp && zeros == 0 && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        let mut text = Buffer::default();
        match (value.negative, self.plus, self.space) {
            (true, ..) => text.push_byte(b'-'),
            (_, true, _) => text.push_byte(b'+'),
            (.., true) => text.push_byte(b' '),
            _ => {}
        }
        text.push_str(prefix);
        text.push_run(b'0', zeros);
        text.push_str(&digits);
        self.pad_with_blanks(text.as_bytes(), out);
    }

    /// `U+0041`, and with `#` the character after it.
    fn code_point(self, value: Integer, out: &mut Buffer) {
        let bits = value.bits();
        let digits = format!("{bits:X}");
        let least = self.precision.map_or(4, |p| p.max(4));
        let mut text = Buffer::default();
        text.push_str("U+");
        text.push_run(b'0', least.saturating_sub(digits.len()));
        text.push_str(&digits);
        let c = u32::try_from(bits).ok().and_then(char::from_u32).filter(|c| is_print(*c));
        if let Some(c) = c.filter(|_| self.sharp) {
            text.push_str(" '");
            text.push_char(c);
            text.push_byte(b'\'');
        }
        self.pad_with_blanks(text.as_bytes(), out);
    }

    /// A text; false for a verb that takes none.
    pub(super) fn text(self, text: &[u8], verb: char, out: &mut Buffer) -> bool {
        match verb {
            'v' if self.go_syntax => self.quote(text, out),
            'v' | 's' => self.pad(self.truncated(text), out),
            'x' => self.hex(text, false, out),
            'X' => self.hex(text, true, out),
            'q' => self.quote(text, out),
            _ => return false,
        }
        true
    }

    /// As many characters as the precision allows.
    fn truncated(self, text: &[u8]) -> &[u8] {
        match self.precision {
            None => text,
            Some(precision) => &text[..runes(text).take(precision).map(|rune| rune.width).sum()],
        }
    }

    fn quote(self, text: &[u8], out: &mut Buffer) {
        let text = self.truncated(text);
        let mut quoted = Buffer::default();
        if self.sharp && can_backquote(text) {
            quoted.push_byte(b'`');
            quoted.push(text);
            quoted.push_byte(b'`');
        } else {
            push_quoted(text, '"', self.plus, &mut quoted);
        }
        self.pad(quoted.as_bytes(), out);
    }

    /// Two digits for each byte; the precision counts bytes here.
    fn hex(self, text: &[u8], upper: bool, out: &mut Buffer) {
        let text = &text[..self.precision.map_or(text.len(), |p| p.min(text.len()))];
        let prefix = match (self.sharp, upper) {
            (false, _) => "",
            (true, false) => "0x",
            (true, true) => "0X",
        };
        let digits: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let mut encoded = Buffer::default();
        for (i, byte) in text.iter().enumerate() {
            if i > 0 && self.space {
                encoded.push_byte(b' ');
            }
            if i == 0 || self.space {
                encoded.push_str(prefix);
            }
            let [high, low] = [byte >> 4, byte & 0xf].map(|d| digits[usize::from(d)]);
            encoded.push(&[high, low]);
        }
        self.pad(encoded.as_bytes(), out);
    }

    /// A floating-point number; false for a verb that takes none.
    pub(super) fn float(self, value: f64, verb: char, out: &mut Buffer) -> bool {
        let (style, default) = match verb {
            'v' | 'g' | 'G' => (Style::General, None),
            'b' => (Style::Binary, None),
            'x' | 'X' => (Style::Hex, None),
            'f' | 'F' => (Style::Fixed, Some(6)),
            'e' | 'E' => (Style::Exponent, Some(6)),
            _ => return false,
        };
        let precision = self.precision.or(default);
        let text = floats::format(value, style, verb.is_ascii_uppercase(), precision);
        let (negative, number) = match text.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (.., true) => " ",
            _ => "",
        };
        if !value.is_finite() {
            // Infinity always shows its sign.
            let sign = if value.is_infinite() && sign.is_empty() { "+" } else { sign };
            self.pad_with_blanks(format!("{sign}{number}").as_bytes(), out);
            return true;
        }
        let number = match style {
            Style::Binary => number.to_owned(),
            _ if self.sharp => with_point(number, verb, precision),
            _ => number.to_owned(),
        };
        let len = sign.len() + number.len();
        let width = self.width.unwrap_or_default();
        if self.zero && !self.minus && !sign.is_empty() && width > len {
            // The sign stands before the zeros.
            out.push_str(sign);
            out.push_run(b'0', width - len);
            out.push_str(&number);
        } else {
            self.pad(format!("{sign}{number}").as_bytes(), out);
        }
        true
    }

    /// A complex number; false for a verb that takes none.
    pub(super) fn complex(self, re: f64, im: f64, verb: char, out: &mut Buffer) -> bool {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return false;
        }
        out.push_byte(b'(');
        self.float(re, verb, out);
        Self { plus: true, ..self }.float(im, verb, out);
        out.push_str("i)");
        true
    }
}

/// `#` on a number: a point always, and for `%g` and `%x` the zeros up to the precision.
fn with_point(number: &str, verb: char, precision: Option<usize>) -> String {
    let hex = matches!(verb, 'x' | 'X');
    let is_exponent = |c: char| matches!(c, 'p' | 'P') || (!hex && matches!(c, 'e' | 'E'));
    let (mantissa, tail) = number.split_at(number.find(is_exponent).unwrap_or(number.len()));
    let wanted = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let mut text = mantissa.to_owned();
    // What Go counts: from the first character on that is no zero. The `x` of a prefix is one.
    let mut count = mantissa.chars().filter(|c| *c != '.').skip_while(|c| *c == '0').count();
    if !mantissa.contains('.') {
        if mantissa == "0" {
            count += 1;
        }
        text.push('.');
    }
    text.extend(std::iter::repeat_n('0', wanted.saturating_sub(count)));
    text.push_str(tail);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(spec: &str) -> (Flags, char) {
        let mut flags = Flags::default();
        let mut number = None::<usize>;
        let mut after_point = false;
        for c in spec.chars() {
            match c {
                '-' => flags.minus = true,
                '+' => flags.plus = true,
                '#' => flags.sharp = true,
                ' ' => flags.space = true,
                '0' if number.is_none() && !after_point => flags.zero = true,
                '.' => {
                    flags.width = number.take();
                    after_point = true;
                    number = Some(0);
                }
                '0'..='9' => {
                    let digit = usize::try_from(c.to_digit(10).unwrap()).unwrap();
                    number = Some(number.unwrap_or_default() * 10 + digit);
                }
                verb => {
                    *(if after_point { &mut flags.precision } else { &mut flags.width }) = number;
                    return (flags, verb);
                }
            }
        }
        panic!("no verb in {spec}")
    }

    fn shown(write: impl FnOnce(&mut Buffer) -> bool) -> String {
        let mut out = Buffer::default();
        assert!(write(&mut out));
        String::from_utf8_lossy(out.as_bytes()).into_owned()
    }

    #[test]
    fn whole_numbers() {
        let cases = [
            ("d", 3, "3"),
            ("-05d", 3, "3    "),
            ("05d", -3, "-0003"),
            ("+d", 3, "+3"),
            (" d", 3, " 3"),
            (".3d", 3, "003"),
            ("08.3d", 3, "     003"),
            (".0d", 0, ""),
            ("3.0d", 0, "   "),
            ("x", -255, "-ff"),
            ("#X", 255, "0XFF"),
            ("#o", 8, "010"),
            ("O", 8, "0o10"),
            ("#b", 5, "0b101"),
            ("c", 960, "π"),
            ("c", -1, "\u{fffd}"),
            ("q", 39, r"'\''"),
            ("+q", 960, r"'\u03c0'"),
            ("U", 960, "U+03C0"),
            ("#U", 960, "U+03C0 'π'"),
            ("#.6U", 65, "U+000041 'A'"),
            ("U", -1, "U+FFFFFFFFFFFFFFFF"),
            ("d", i64::MIN, "-9223372036854775808"),
        ];
        for (spec, value, expected) in cases {
            let (flags, verb) = flags(spec);
            let text = shown(|out| flags.integer(Integer::from(value), verb, out));
            assert_eq!(text, expected, "%{spec} {value}");
        }
    }

    #[test]
    fn texts() {
        let cases: [(&str, &[u8], &str); 15] = [
            ("s", b"ab", "ab"),
            ("5s", "hé".as_bytes(), "   hé"),
            ("-5s", b"ab", "ab   "),
            ("05s", b"ab", "000ab"),
            ("-05s", b"ab", "ab   "),
            (".1s", "éa".as_bytes(), "é"),
            ("q", b"a\"b", r#""a\"b""#),
            ("#q", b"a\"b", "`a\"b`"),
            ("+q", "é".as_bytes(), r#""\u00e9""#),
            ("x", b"ab", "6162"),
            ("#X", b"\xab", "0XAB"),
            ("# x", b"ab", "0x61 0x62"),
            (".1x", b"ab", "61"),
            ("6x", b"ab", "  6162"),
            ("3x", b"", "   "),
        ];
        for (spec, value, expected) in cases {
            let (flags, verb) = flags(spec);
            assert_eq!(shown(|out| flags.text(value, verb, out)), expected, "%{spec} {value:?}");
        }
    }

    #[test]
    fn floating_point_numbers() {
        let cases = [
            ("08.3f", 2.71875, "0002.719"),
            ("+08.3f", 2.71875, "+002.719"),
            ("-08.3f", 2.71875, "2.719   "),
            (" 10.2e", 12_345.678, "  1.23e+04"),
            ("G", 1e-10, "1E-10"),
            ("#g", 1.0, "1.00000"),
            ("#g", 1e6, "1.00000e+06"),
            ("#.3g", 1e6, "1.00e+06"),
            ("#.0f", 3.0, "3."),
            ("#x", 1.0, "0x1.0000p+00"),
            ("#v", 0.0, "0.00000"),
            ("x", 1.5, "0x1.8p+00"),
            ("X", 1.1, "0X1.199999999999AP+00"),
            ("08f", f64::INFINITY, "    +Inf"),
            ("f", f64::NAN, "NaN"),
            ("+f", f64::NAN, "+NaN"),
        ];
        for (spec, value, expected) in cases {
            let (flags, verb) = flags(spec);
            assert_eq!(shown(|out| flags.float(value, verb, out)), expected, "%{spec} {value}");
        }
        let (flags, verb) = flags(".2f");
        assert_eq!(shown(|out| flags.complex(1.0, -2.0, verb, out)), "(1.00-2.00i)");
    }

    #[test]
    fn a_verb_of_another_type_writes_nothing() {
        let mut out = Buffer::default();
        let flags = Flags::default();
        assert!(!flags.boolean(true, 'd', &mut out));
        assert!(!flags.integer(Integer::from(3_u8), 's', &mut out));
        assert!(!flags.text(b"a", 'd', &mut out));
        assert!(!flags.float(1.0, 's', &mut out));
        assert!(!flags.complex(1.0, 1.0, 'd', &mut out));
        assert!(out.as_bytes().is_empty());
    }
}
