//! What Go's `strconv` and go-yaml's reader say, where kubectl's output depends on it.

use std::borrow::Cow;

/// A number as Go's `encoding/json` writes it: no exponent from 1e-6 up to 1e21, else `1e-7`, `1e+21`.
pub(super) fn json_number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return to_even(value.to_string(), |places| format!("{value:.places$}"));
    }
    if !value.is_finite() {
        // JSON has no word for these; YAML has.
        return if value.is_nan() {
            ".nan"
        } else if value > 0.0 {
            ".inf"
        } else {
            "-.inf"
        }
        .into();
    }
    let text = exponential(value);
    if size < 1.0 { text } else { text.replacen('e', "e+", 1) }
}

/// A number as Go's `strconv.FormatFloat(f, 'g', -1, 64)` writes it, which is go-yaml's way: an
/// exponent of at least two digits below 1e-4 and from 1e6 on.
pub(super) fn general_number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() || (1e-4..1e6).contains(&size) {
        return json_number(value);
    }
    let text = exponential(value);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if exponent.starts_with('-') { '-' } else { '+' };
    format!("{digits}e{sign}{:0>2}", exponent.trim_start_matches('-'))
}

/// The shortest digits with an exponent, `1.5e-7`.
fn exponential(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let digits = to_even(digits.to_owned(), |places| {
        let text = format!("{value:.places$e}");
        text.split_once('e').map(|(digits, _)| digits.to_owned()).unwrap_or_default()
    });
    format!("{digits}e{exponent}")
}

/// Of two shortest forms that are equally near the number, Go takes the one with an even last
/// digit, the standard library the greater one. `exact` writes that many places.
fn to_even(shortest: String, exact: impl Fn(usize) -> String) -> String {
    let (Some((_, fraction)), Some(last @ (b'1' | b'3' | b'5' | b'7' | b'9'))) =
        (shortest.split_once('.'), shortest.bytes().last())
    else {
        return shortest;
    };
    let even = format!("{}{}", &shortest[..shortest.len() - 1], char::from(last - 1));
    // A number half-way between the two has one more place and then no other.
    let half_way = format!("{even}5{}", "0".repeat(24));
    if exact(fraction.len() + 25) == half_way { even } else { shortest }
}

/// Whether Go's `strconv.ParseFloat` finds `text`, a decimal number, within the range of a `float64`.
pub(super) fn within_float(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A text as it is after kubectl has written it as JSON and read that as YAML: a raw U+0085 is a
/// line break, and line breaks in quotes are folded. All other breaks have escapes in Go's JSON.
pub(super) fn reread(text: &str) -> Cow<'_, str> {
    const BREAK: char = '\u{85}';
    if !text.contains(BREAK) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find([' ', BREAK]) {
        let (word, blanks) = rest.split_at(start);
        folded.push_str(word);
        rest = blanks.trim_start_matches([' ', BREAK]);
        let run = &blanks[..blanks.len() - rest.len()];
        match run.matches(BREAK).count() {
            0 => folded.push_str(run),
            1 => folded.push(' '),
            breaks => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
    }
    folded.push_str(rest);
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, json, general) in [
            (0.0, "0", "0"),
            (1.5, "1.5", "1.5"),
            (100_000.0, "100000", "100000"),
            (1_234_567.5, "1234567.5", "1.2345675e+06"),
            (123_456.5, "123456.5", "123456.5"),
            (698_789_001_210_706.0 + 0.25, "698789001210706.2", "6.987890012107062e+14"),
            (698_789_001_210_706.0 + 0.75, "698789001210706.8", "6.987890012107068e+14"),
            (0.0001, "0.0001", "0.0001"),
            (0.000_01, "0.00001", "1e-05"),
            (1e-7, "1e-7", "1e-07"),
            (1e21, "1e+21", "1e+21"),
            (-1.5e300, "-1.5e+300", "-1.5e+300"),
            (f64::NAN, ".nan", ".nan"),
            (f64::NEG_INFINITY, "-.inf", "-.inf"),
        ] {
            assert_eq!(json_number(value), json);
            assert_eq!(general_number(value), general);
        }
    }

    #[test]
    fn reread_line_breaks() {
        for (text, expected) in [
            ("a b  c\n", "a b  c\n"),
            ("\u{85}", " "),
            ("a  \u{85} b", "a b"),
            ("a\u{85} \u{85}\u{85}b  c\u{85}", "a\n\nb  c "),
        ] {
            assert_eq!(reread(text), expected);
        }
    }
}
