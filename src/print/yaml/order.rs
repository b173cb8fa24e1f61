//! The order of keys in a map: go-yaml's, in which digits compare as numbers.

use std::cmp::Ordering;

use crate::golang::chars::is_letter;

/// The indices of the keys in the order they are printed.
///
/// A merge sort of our own: the order is no total one (`6O` before `7` before `6242` before `6O`;
/// kubectl prints such keys in changing order), and the standard library's sorts may panic on such.
pub(crate) fn sorted<'k>(count: usize, key: impl Fn(usize) -> &'k str) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        merged.clear();
        for pair in indices.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let ([l, left_rest @ ..], [r, right_rest @ ..]) = (left, right) {
                if compare(key(*r), key(*l)) == Ordering::Less {
                    merged.push(*r);
                    right = right_rest;
                } else {
                    merged.push(*l);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut indices, &mut merged);
        width *= 2;
    }
    indices
}

/// At the first difference: letters by code point and behind all else, then runs of digits as
/// numbers, the shorter run first, then by code point.
fn compare(a: &str, b: &str) -> Ordering {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    // Go compares characters: step back to where the differing ones begin.
    let same = (0..=same).rev().find(|i| a.is_char_boundary(*i) && b.is_char_boundary(*i));
    let (common, a) = a.split_at(same.unwrap_or_default());
    let b = &b[common.len()..];
    let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else {
        return a.len().cmp(&b.len());
    };
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero that continues a number counts as a digit of it, a leading one does not.
    let continues = (x == '0' || y == '0')
        && common.bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
    let (a_value, a_length) = number(a, continues);
    let (b_value, b_length) = number(b, continues);
    a_value.cmp(&b_value).then(a_length.cmp(&b_length)).then(x.cmp(&y))
}

/// The run of digits at the start as a number, which wraps as Go's `int64` does, and its length.
fn number(text: &str, continues: bool) -> (i64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((i64::from(continues), 0), |(value, length), digit| {
        (value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), length + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        for expected in [
            &[
                "", "-1", ".", "_", "1", "2", "10", "A", "B", "a", "a-b", "a1", "a01", "a2", "a10",
                "a100",
            ][..],
            &["key", "key-1", "key.1", "key1", "key01", "key2", "key2a", "key10", "keyA"],
            &["a9", "a99999999999999999999", "ab"],
            &["é1", "é2", "é10", "éa"],
        ] {
            for turn in 0..expected.len() {
                let mut keys = expected.to_vec();
                keys.rotate_left(turn);
                keys.reverse();
                let got: Vec<_> =
                    sorted(keys.len(), |i| keys[i]).iter().map(|i| keys[*i]).collect();
                assert_eq!(got, expected);
            }
        }
    }

    /// Of these each is less than the next and the last less than the first; kubectl prints them
    /// in one order or another from run to run.
    #[test]
    fn circle() {
        let keys = ["6O", "7", "6242"];
        let mut got = sorted(300, |i| keys[i % 3]);
        got.sort_unstable();
        assert_eq!(got, (0..300).collect::<Vec<_>>());
    }
}
