//! Times as Go reads them (`time.Parse` with `time.RFC3339`).

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// Whether Go takes a text for a time: `2030-01-31T12:00:00Z`, with a fraction or another zone. Of
/// what RFC 3339 leaves open, small letters and a blank for the `T`, it takes nothing; an hour may
/// have one digit, and a comma may begin the fraction.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    read(text.as_bytes()).is_some()
}

fn read(mut text: &[u8]) -> Option<()> {
    let rest = &mut text;
    let year = number(rest, 4, 0..=9999)?;
    literal(rest, b"-")?;
    let month = number(rest, 2, 1..=12)?;
    literal(rest, b"-")?;
    let day = number(rest, 2, 1..=31)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    literal(rest, b"T")?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count().clamp(1, 2);
    number(rest, digits, 0..=23)?;
    literal(rest, b":")?;
    number(rest, 2, 0..=59)?;
    literal(rest, b":")?;
    number(rest, 2, 0..=59)?;
    if let [b'.' | b',', fraction @ ..] = *rest {
        let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        *rest = fraction.get(digits..).filter(|_| digits > 0)?;
    }
    match *rest {
        b"Z" => return Some(()),
        [b'+' | b'-', zone @ ..] => *rest = zone,
        _ => return None,
    }
    number(rest, 2, 0..=24)?;
    literal(rest, b":")?;
    number(rest, 2, 0..=60)?;
    rest.is_empty().then_some(())
}

fn literal(rest: &mut &[u8], wanted: &[u8]) -> Option<()> {
    *rest = rest.strip_prefix(wanted)?;
    Some(())
}

/// A number of so many digits, within a range.
fn number(rest: &mut &[u8], digits: usize, range: RangeInclusive<i16>) -> Option<i16> {
    let (number, behind) = rest.split_at_checked(digits)?;
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = behind;
    let number = number.iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0'));
    range.contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let good = [
            "2030-01-31T12:00:00Z",
            "9999-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "2028-02-29T00:00:00.5Z",
            "2030-01-31T12:00:00,123456789012Z",
            "2030-01-31T1:00:00Z",
            "2030-01-31T12:00:00+02:00",
            "2030-01-31T12:00:00-24:60",
        ];
        let bad = [
            "",
            "2030-01-31",
            "2030-01-31 12:00:00Z",
            "2030-01-31T12:00Z",
            "2030-01-31T12Z",
            "2030-01-31t12:00:00z",
            "2030-01-31T12:00:00",
            "2030-01-31T12:00:00z",
            "2030-01-31T12:00:00+02",
            "2030-01-31T12:00:00+0200",
            "2030-01-31T12:00:00+02:00:30",
            "2030-01-31T12:00:00Z[UTC]",
            "2030-01-31T12:00:00Z ",
            "2030-01-31T12:00:00.Z",
            "2030-01-31T:00:00Z",
            "+002030-01-31T12:00:00Z",
            "20300131T120000Z",
            "2030-01-31T23:59:60Z",
            "2030-01-31T24:00:00Z",
            "2030-13-31T12:00:00Z",
            "2030-00-31T12:00:00Z",
            "2030-02-29T12:00:00Z",
            "2100-02-29T12:00:00Z",
            "2030-04-31T12:00:00Z",
            "in an hour",
        ];
        for text in good {
            assert!(is_rfc3339(text), "{text}");
        }
        for text in bad {
            assert!(!is_rfc3339(text), "{text}");
        }
    }
}
