//! BER made into DER, as far as PKCS#12 files need it: some programs write lengths that are not
//! told beforehand, and OCTET STRINGs in pieces.

use zeroize::Zeroizing;

/// Deeper structures are refused: no key store has them.
const MAX_DEPTH: usize = 32;

const END: [u8; 2] = [0, 0];

/// The first element of `input` in DER, and the bytes behind it; `None` where it is no BER.
pub(crate) fn to_der(input: &[u8]) -> Option<(Zeroizing<Vec<u8>>, &[u8])> {
    let mut rest = input;
    let (tag, contents) = element(&mut rest, 0)?;
    let mut out = Zeroizing::new(Vec::with_capacity(contents.len() + 6));
    put(tag, &contents, &mut out);
    Some((out, rest))
}

/// Tag and contents, the contents in DER.
fn element(input: &mut &[u8], depth: usize) -> Option<(u8, Zeroizing<Vec<u8>>)> {
    let (&tag, rest) = input.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    // Tags above 30 do not occur.
    if tag & 0x1f == 0x1f || depth > MAX_DEPTH {
        return None;
    }
    let constructed = tag & 0x20 != 0;
    let mut body = match first {
        0..0x80 => Some(usize::from(first)),
        0x80 if constructed => None,
        0x81..=0x84 => {
            let (length, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            rest = after;
            Some(length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
        _ => return None,
    }
    .map(|length| {
        let (body, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(body)
    });
    // Room for everything: a buffer that grows leaves copies behind.
    let room = match &body {
        Some(body) => (*body)?.len(),
        None => rest.len(),
    };
    let mut contents = Zeroizing::new(Vec::with_capacity(room));
    if !constructed {
        contents.extend_from_slice(body??);
        *input = rest;
        return Some((tag, contents));
    }
    loop {
        let from = match &mut body {
            Some(Some([])) => break,
            Some(body) => body.as_mut()?,
            None => {
                if let Some(after) = rest.strip_prefix(&END) {
                    rest = after;
                    break;
                }
                &mut rest
            }
        };
        let (inner, part) = element(from, depth + 1)?;
        if tag == 0x24 {
            // The pieces of an OCTET STRING.
            if inner != 0x04 {
                return None;
            }
            contents.extend_from_slice(&part);
        } else {
            put(inner, &part, &mut contents);
        }
    }
    *input = rest;
    Some((if tag == 0x24 { 0x04 } else { tag }, contents))
}

fn put(tag: u8, contents: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let length = contents.len().to_be_bytes();
    let zeros = length.iter().take_while(|b| **b == 0).count();
    let short = length.get(zeros..).unwrap_or_default();
    match short {
        [] => out.push(0),
        [one] if *one < 0x80 => out.push(*one),
        bytes => {
            // At most four, since no input is that long.
            out.push(0x80 | bytes.len().to_be_bytes()[7]);
            out.extend_from_slice(bytes);
        }
    }
    out.extend_from_slice(contents);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (input, expected) in [
            (&[0x30, 0][..], Some(&[0x30, 0][..])),
            (&[0x30, 0x80, 0, 0], Some(&[0x30, 0])),
            (&[0x30, 0x80, 2, 1, 3, 0, 0], Some(&[0x30, 3, 2, 1, 3])),
            (&[0x30, 0x80, 0x30, 0x80, 0, 0, 0, 0], Some(&[0x30, 2, 0x30, 0])),
            (&[0x24, 0x80, 4, 1, 1, 4, 1, 2, 0, 0], Some(&[4, 2, 1, 2])),
            (&[0x24, 6, 4, 1, 1, 4, 1, 2], Some(&[4, 2, 1, 2])),
            (&[0x30, 0x81, 3, 2, 1, 3], Some(&[0x30, 3, 2, 1, 3])),
            (&[0x24, 3, 2, 1, 1], None),
            (&[0x30, 0x80, 2, 1, 3], None),
            (&[4, 0x80, 0, 0], None),
            (&[0x30, 3, 2, 1], None),
            (&[0x30], None),
            (&[], None),
        ] {
            let read = to_der(input).map(|(der, _)| der.to_vec());
            assert_eq!(read.as_deref(), expected, "{input:x?}");
        }
        assert_eq!(to_der(&[2, 1, 5, 9]).unwrap().1, [9]);
    }

    #[test]
    fn depth_has_an_end() {
        let deep = |n: usize| [[0x30, 0x80].repeat(n), [0, 0].repeat(n)].concat();
        assert!(to_der(&deep(MAX_DEPTH + 1)).is_some());
        assert!(to_der(&deep(MAX_DEPTH + 2)).is_none());
        assert!(to_der(&deep(100_000)).is_none());
    }
}
