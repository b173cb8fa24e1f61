//! Tests of [`super`], in a file of their own for their length.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

/// Line and column of the fault, and what it is.
fn fault(bytes: &[u8]) -> Option<(usize, usize, Kind)> {
    object_or_null(bytes).err().map(|f| (f.line, f.column, f.kind))
}

#[test]
fn taken() {
    let rows: &[&[u8]] = &[
        b"{}",
        b"null",
        b" \t\r\n{ } \n",
        b"{\"a\":[1,-0,0.5e-3,1E+9,[],{}],\"b\":true,\"c\":false,\"d\":null}",
        b"{\"a\":1,\"a\":2}",
        b"{\"\":\"\"}",
        b"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uABcd\"}",
        // Lone surrogates and invalid UTF-8 become U+FFFD in Go.
        b"{\"a\":\"\\ud800\",\"b\":\"\\udc00\\ud800\\n\"}",
        b"{\"\xff\":\"\xc3\x28\xed\xa0\x80\"}",
        b"{\"a\":\"\x7f\"}",
        // Numbers that come to zero, or to the greatest there is, are in range.
        b"{\"a\":1e-999}",
        b"{\"a\":0e999999999999999999999999}",
        b"{\"a\":1.7976931348623158e308}",
        b"{\"a\":-1e00000000000000000000308}",
    ];
    for bytes in rows {
        assert_eq!(fault(bytes), None, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn refused() {
    use Context as C;
    let unexpected = Kind::Unexpected;
    let rows: &[(&[u8], usize, usize, Kind)] = &[
        (b"", 1, 1, Kind::End),
        (b" \n", 2, 1, Kind::End),
        (b"{", 1, 2, Kind::End),
        (b"{\"a", 1, 4, Kind::End),
        (b"{\"a\\", 1, 5, Kind::End),
        (b"{\"a\\u12", 1, 8, Kind::End),
        (b"{\"a\":-", 1, 7, Kind::End),
        (b"{\"a\":1e", 1, 8, Kind::End),
        (b"nul", 1, 4, Kind::End),
        (b"[]", 1, 1, Kind::Type(Type::Array)),
        (b" \"a\"", 1, 2, Kind::Type(Type::String)),
        (b"true", 1, 1, Kind::Type(Type::Bool)),
        (b"false", 1, 1, Kind::Type(Type::Bool)),
        (b"-1", 1, 1, Kind::Type(Type::Number)),
        (b"0", 1, 1, Kind::Type(Type::Number)),
        (b"[1e999]", 1, 1, Kind::Type(Type::Array)),
        (b"\xef\xbb\xbf{}", 1, 1, Kind::ByteOrderMark),
        (b"{\xef\xbb\xbf}", 1, 2, unexpected(C::Key)),
        (b"\x00{}", 1, 1, unexpected(C::Value)),
        (b"\xff", 1, 1, unexpected(C::Value)),
        (b"nope", 1, 2, unexpected(C::Literal)),
        (b"nulL", 1, 4, unexpected(C::Literal)),
        (b"{]", 1, 2, unexpected(C::Key)),
        (b"{'a':1}", 1, 2, unexpected(C::Key)),
        (b"{\"a\":1,}", 1, 8, unexpected(C::Key)),
        (b"{\"a\" 1}", 1, 6, unexpected(C::AfterKey)),
        (b"{\"a\":}", 1, 6, unexpected(C::Value)),
        (b"{\"a\":1 \"b\":2}", 1, 8, unexpected(C::AfterPair)),
        (b"{\"a\":1]", 1, 7, unexpected(C::AfterPair)),
        (b"[1}", 1, 3, unexpected(C::AfterElement)),
        (b"[1,]", 1, 4, unexpected(C::Value)),
        (b"[,", 1, 2, unexpected(C::Value)),
        (b"{}{}", 1, 3, unexpected(C::AfterTop)),
        (b"{}\n//", 2, 1, unexpected(C::AfterTop)),
        (b"{}\x00", 1, 3, unexpected(C::AfterTop)),
        (b"null null", 1, 6, unexpected(C::AfterTop)),
        (b"{\x0b}", 1, 2, unexpected(C::Key)),
        (b"{\"a\nb\":1}", 1, 4, unexpected(C::String)),
        ("{\"é\":\"\u{1}\"}".as_bytes(), 1, 7, unexpected(C::String)),
        (b"{\"\\x\":1}", 1, 4, unexpected(C::Escape)),
        (b"{\"\\u12g4\":1}", 1, 7, unexpected(C::Hexadecimal)),
        (b"{\"a\":01}", 1, 7, unexpected(C::AfterPair)),
        (b"{\"a\":+1}", 1, 6, unexpected(C::Value)),
        (b"{\"a\":.5}", 1, 6, unexpected(C::Value)),
        (b"{\"a\":-x}", 1, 7, unexpected(C::Number)),
        (b"{\"a\":1.}", 1, 8, unexpected(C::Fraction)),
        (b"{\"a\":1e+}", 1, 9, unexpected(C::Exponent)),
        (b"{\"a\":NaN}", 1, 6, unexpected(C::Value)),
        (b"{\"a\":0x1}", 1, 7, unexpected(C::AfterPair)),
        (b"{\"a\":1e999}", 1, 6, Kind::NumberRange),
        (b"{\"a\":1,\n \"b\":[-1e309,1e999]}", 2, 7, Kind::NumberRange),
        (b"{\"a\":1.7976931348623159e308}", 1, 6, Kind::NumberRange),
        (b"{\"a\":1e99999999999999999999}", 1, 6, Kind::NumberRange),
        (b"{\"a\":1e999", 1, 11, Kind::End),
    ];
    for (bytes, line, column, kind) in rows {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(fault(bytes), Some((*line, *column, *kind)), "{text}");
    }
}

#[test]
fn ten_thousand_levels() {
    let nested = |arrays: usize| {
        let text = format!("{{\"a\":{}{}}}", "[".repeat(arrays), "]".repeat(arrays));
        fault(text.as_bytes())
    };
    assert_eq!(nested(9_999), None);
    assert_eq!(nested(10_000), Some((1, 10_005, Kind::Depth)));
    assert_eq!(fault(&b"[".repeat(1_000_000)), Some((1, 10_001, Kind::Depth)));
}

#[test]
fn long_numbers() {
    // Both are 1, but Go's reading of the exponent of the second ends after five digits.
    let rows = [(20_000, None), (200_000, Some((1, 2 + 4, Kind::NumberRange)))];
    for (zeros, want) in rows {
        let text = format!("{{\"a\":1{}e-{zeros}}}", "0".repeat(zeros));
        assert_eq!(fault(text.as_bytes()), want, "{zeros}");
    }
}

#[test]
fn words() {
    let rows: &[(&[u8], &str)] = &[
        (b"", "it is empty (line 1, column 1)"),
        (b" \n", "it is empty (line 2, column 1)"),
        (b"{", "unexpected end of JSON input (line 1, column 2)"),
        (b"\xff\xfe{\0}\0", "it is UTF-16, not UTF-8 (line 1, column 1)"),
        (b"\0{\0}", "it is UTF-16, not UTF-8 (line 1, column 1)"),
        (b"<html>", "it is HTML, not JSON (line 1, column 1)"),
        (b"-----BEGIN X-----", "it is PEM, not JSON (line 1, column 2)"),
        (b"eyJhdXRocyI6e319", "it is base64 of JSON, not JSON (line 1, column 1)"),
        (b"apiVersion: v1", "it is YAML, not JSON (line 1, column 1)"),
        (b"[]", "found an array (line 1, column 1)"),
        (b"\xef\xbb\xbf", "byte order mark at the start (line 1, column 1)"),
        (b"{\n  \"a\": 1e400}", "number out of range (line 2, column 8)"),
        (b"hunter2", "invalid character looking for beginning of value (line 1, column 1)"),
        (b"{]", "invalid character looking for beginning of object key string (line 1, column 2)"),
    ];
    for (bytes, want) in rows {
        assert_eq!(object_or_null(bytes).unwrap_err().to_string(), *want);
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,3}", inner), 0..4).prop_map(Value::from_iter),
        ]
    })
}

/// Pieces of JSON, in an order by chance; no surrogates, which `serde_json` refuses.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"a\":", "\"", "\\", "\\n", "\\u00e9", "1", "0",
        "-", ".5", "e9", "e+", "E-3", "1e400", "null", "true", "false", "nul", " ", "\n", "\u{c}",
        "é",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn agrees(text: &str) -> Result<(), TestCaseError> {
    let serde = serde_json::from_str::<Option<Map<String, Value>>>(text).is_ok();
    prop_assert_eq!(object_or_null(text.as_bytes()).is_ok(), serde, "{}", text);
    Ok(())
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_documents(value in json(), pretty in any::<bool>()) {
        let value = Value::from_iter([("a", value)]);
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        prop_assert_eq!(fault(text.as_bytes()), None);
        agrees(&text)?;
    }

    #[test]
    fn agrees_with_serde_json_on_damaged_documents(
        value in json(), at in any::<prop::sample::Index>(), with in pieces(), cut in 0_usize..3,
    ) {
        let chars: Vec<char> = Value::from_iter([("a", value)]).to_string().chars().collect();
        let at = at.index(chars.len());
        let end = (at + cut).min(chars.len());
        let text = chars[..at].iter().copied().chain(with.chars());
        let text: String = text.chain(chars[end..].iter().copied()).collect();
        agrees(&text)?;
    }

    #[test]
    fn agrees_with_serde_json_on_pieces(text in pieces(), wrap in any::<bool>()) {
        agrees(&if wrap { format!("{{\"a\":{text}}}") } else { text })?;
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let serde = serde_json::from_slice::<Option<Map<String, Value>>>(&bytes).is_ok();
        // Go takes all that serde_json takes, and more.
        prop_assert!(!serde || object_or_null(&bytes).is_ok());
    }
}
