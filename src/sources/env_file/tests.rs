use super::*;
use crate::sources::Opening;

#[test]
fn lines() {
    let long = format!("A={}", "x".repeat(100_000));
    let rows: &[(&str, Line<'_>)] = &[
        ("A=1", Some(("A", Some("1")))),
        ("  \u{a0}\u{3000}A= 1 \r", Some(("A", Some(" 1 ")))),
        ("A=1\r\r", Some(("A", Some("1\r")))),
        ("A==", Some(("A", Some("=")))),
        ("A", Some(("A", None))),
        (" # A=1", None),
        ("", None),
        ("\r", None),
        (&long, Some(("A", Some(&long[2..])))),
    ];
    for (line, want) in rows {
        assert_eq!(parse_line(line.as_bytes(), false), Ok(*want), "{line:?}");
    }
    assert_eq!(parse_line("\u{feff}A=1".as_bytes(), true), Ok(Some(("A", Some("1")))));
}

#[test]
fn doubts() {
    let open = |opening| Some(EnvDoubt::Open(opening));
    let rows = [
        ("hunter2", None),
        ("it's", None),
        ("a \"b\" c", None),
        ("{\"a\": [1]}", None),
        ("[1]", None),
        ("", None),
        ("KLMN=", None),
        ("-----BEGIN X-----\\nAAAA\\n-----END X-----", None),
        ("'single'", Some(EnvDoubt::Quotes)),
        ("\"double\" ", Some(EnvDoubt::Quotes)),
        ("\"dou\"ble", Some(EnvDoubt::Quotes)),
        ("`cmd`", Some(EnvDoubt::Quotes)),
        ("\"\"", Some(EnvDoubt::Quotes)),
        ("\"{\"a\":1}\"", Some(EnvDoubt::Quotes)),
        ("=", Some(EnvDoubt::Padding)),
        ("a#b", None),
        ("#b", None),
        ("a #b", Some(EnvDoubt::Comment)),
        (" # b", Some(EnvDoubt::Comment)),
        ("a b", None),
        (" a", Some(EnvDoubt::Blanks)),
        ("a\t", Some(EnvDoubt::Blanks)),
        ("a\r", Some(EnvDoubt::CarriageReturn)),
        ("a\rB=b", Some(EnvDoubt::CarriageReturn)),
        ("\"a\" # b", Some(EnvDoubt::Quotes)),
        ("\"unterminated", open(Opening::Quote)),
        ("-----BEGIN X-----", open(Opening::Block)),
        ("\"-----BEGIN X-----", open(Opening::Block)),
        ("{", open(Opening::Json)),
        ("'{\"a\":", open(Opening::Json)),
        ("one \\", open(Opening::Backslash)),
    ];
    for (value, want) in rows {
        assert_eq!(EnvDoubt::of_literal(value), want, "{value}");
    }
}

#[test]
fn doubts_of_dotenv() {
    let rows: &[(&str, &[EnvDoubt])] = &[
        ("A='x' # y", &[]),
        ("A='it's'", &[]),
        ("A='{\n}'", &[]),
        ("A='x", &[EnvDoubt::Quotes]),
        ("A=x#y", &[EnvDoubt::Cut]),
        ("A='x#y", &[EnvDoubt::Quotes, EnvDoubt::Cut]),
        ("A='x\\'y'", &[EnvDoubt::EscapedQuote]),
        ("A:\nB=${C}", &[EnvDoubt::NextLine, EnvDoubt::Reference]),
        ("A='${B}'", &[EnvDoubt::Reference]),
        ("A={\n}", &[EnvDoubt::Open(Opening::Json)]),
        ("A=-----BEGIN X-----\n", &[EnvDoubt::Open(Opening::Block)]),
        ("A=x \\\n", &[EnvDoubt::Open(Opening::Backslash)]),
        ("A==", &[EnvDoubt::Padding]),
    ];
    for (text, want) in rows {
        let read = read_dotenv(text.as_bytes(), &Origin::flag("from-env-file", 1)).unwrap();
        assert_eq!(read.lines[0].doubts, *want, "{text:?}");
    }
}

#[test]
fn lines_of_dotenv() {
    let text = b"\r\nA=1\r\rx y\nB='\n'\r\nA=2\nA=3\rz\n";
    let read = read_dotenv(text, &Origin::flag("from-env-file", 1)).unwrap();
    let seen: Vec<_> = read
        .lines
        .iter()
        .map(|line| (line.key.as_str(), line.value.as_bytes(), line.origin.line, line.replaces))
        .collect();
    let want: [(&str, &[u8], _, _); 2] =
        [("A", b"3", Some(8), Some(7)), ("B", b"\n", Some(5), None)];
    assert_eq!(seen, want);
    assert_eq!(read.ignored, [4, 9]);
}

#[test]
fn what_dotenv_refuses() {
    let refused = |line, error| format!("{error} (--from-env-file, line {line})");
    let rows: &[(&[u8], String)] = &[
        (b"A=1\r\nB=\xff", refused(2, EnvLineError::NotUtf8 { column: 3 })),
        (b"A=1\r\r\n\xff", refused(3, EnvLineError::NotUtf8 { column: 1 })),
        (b"\n..=x", refused(2, EnvLineError::Key { len: 2, error: KeyError::DotDot })),
    ];
    for (text, want) in rows {
        let error = read_dotenv(text, &Origin::flag("from-env-file", 1)).unwrap_err();
        assert_eq!(error.to_string(), *want, "{}", text.escape_ascii());
    }
}

#[test]
fn refused_lines() {
    let rows: &[(&[u8], EnvLineError)] = &[
        (b"1A=x", EnvLineError::Name { len: 2, bom: false }),
        (b"export A=x", EnvLineError::Name { len: 8, bom: false }),
        (b"=x", EnvLineError::Name { len: 0, bom: false }),
        ("\u{feff}A=x".as_bytes(), EnvLineError::Name { len: 2, bom: true }),
        (b"..=x", EnvLineError::Dots { len: 2, error: KeyError::DotDot }),
        (b"A=\xff", EnvLineError::NotUtf8 { column: 3 }),
    ];
    for (line, want) in rows {
        assert_eq!(parse_line(line, false), Err(*want), "{line:?}");
    }
}
