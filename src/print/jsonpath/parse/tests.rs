//! Templates that kubectl 1.37 refuses, with its words, and what the others become.

use super::*;
use crate::print::jsonpath::node::{End, Filter, Slice};

/// Templates and what kubectl says to them.
const REFUSED: &[(&str, &str)] = &[
    ("{", "unclosed action"),
    ("{.a", "unclosed action"),
    ("{.data.a", "unclosed action"),
    ("a{", "unclosed action"),
    ("{{}", "unrecognized character in action: U+007B '{'"),
    ("{.a{}", "unrecognized character in action: U+007B '{'"),
    ("{.a{.b}}", "unrecognized character in action: U+007B '{'"),
    ("{@", "unclosed action"),
    ("{$", "unclosed action"),
    ("{.a b{", "unrecognized character in action: U+007B '{'"),
    ("{range .a", "unclosed action"),
    (r#"{"a"#, "unterminated quoted string"),
    ("{'a", "unterminated quoted string"),
    (r#"{"a'}"#, "unterminated quoted string"),
    (r"{'a\'}", "unterminated quoted string"),
    (r"{'a\\'}", "unterminated quoted string"),
    (r"{'\q'}", r"unquote string '\q' error invalid syntax"),
    (r"{'\x4'}", r"unquote string '\x4' error invalid syntax"),
    (r"{'\x4g'}", r"unquote string '\x4g' error invalid syntax"),
    (r"{'\400'}", r"unquote string '\400' error invalid syntax"),
    (r"{'\8'}", r"unquote string '\8' error invalid syntax"),
    (r#"{"\ud800"}"#, r#"unquote string "\ud800" error invalid syntax"#),
    (r#"{"\U00110000"}"#, r#"unquote string "\U00110000" error invalid syntax"#),
    (r#"{"\u12"}"#, r#"unquote string "\u12" error invalid syntax"#),
    (r#"{"\'"}"#, r#"unquote string "\'" error invalid syntax"#),
    (r#"{'\"'}"#, r#"unquote string '\"' error invalid syntax"#),
    ("{[", "unterminated array"),
    ("{[}", "unterminated array"),
    ("{[0}", "unterminated array"),
    ("{.a[0}", "unterminated array"),
    ("{.a['b'}", "unterminated array"),
    (r#"{.a["b]}"#, r#"invalid array index "b"#),
    ("{.a[?", "unterminated array"),
    ("{[a]}", "invalid array index a"),
    (r#"{["a"]}"#, r#"invalid array index "a""#),
    (r#"{.a["b"]}"#, r#"invalid array index "b""#),
    ("{.a[ 'b' ]}", "invalid array index  'b' "),
    ("{.a['b'x]}", "invalid array index 'b'x"),
    ("{.a['b''c']}", "invalid array index 'b''c'"),
    (r#"{.a['b"]}"#, r#"invalid array index 'b""#),
    ("{[ 1]}", "invalid array index  1"),
    ("{[1 ]}", "invalid array index 1 "),
    ("{[+1]}", "invalid array index +1"),
    ("{[1.5]}", "invalid array index 1.5"),
    ("{[--1]}", "invalid array index --1"),
    ("{[1-2]}", "invalid array index 1-2"),
    ("{[-]}", "array index - is not a number"),
    ("{[1:-]}", "array index - is not a number"),
    ("{[::-]}", "array index - is not a number"),
    ("{[1:2:3:4]}", "invalid array index 1:2:3:4"),
    ("{[::::]}", "invalid array index ::::"),
    ("{[9223372036854775808]}", "array index 9223372036854775808 is not a number"),
    ("{[-9223372036854775809]}", "array index -9223372036854775809 is not a number"),
    ("{[0:99999999999999999999]}", "array index 99999999999999999999 is not a number"),
    ("{[٣]}", "invalid array index ٣"),
    ("{[**]}", "invalid array index **"),
    ("{[*,a]}", "invalid array index a"),
    ("{['a',b]}", "invalid array index b"),
    ("{['a','b}", "unterminated array"),
    (r#"{[0,"x"]}"#, r#"invalid array index "x""#),
    ("{['a,b']}", "invalid array index 'a"),
    ("{[[0]]}", "invalid array index [0"),
    ("{['a[b']}", "unterminated array"),
    ("{['a{b']}", "unrecognized character in action: U+007B '{'"),
    ("{[?(}", "unterminated filter"),
    ("{[?(@.a}", "unterminated filter"),
    ("{[?(@.a)}", "unclosed array expect ]"),
    ("{[?(@.a) ]}", "unclosed array expect ]"),
    ("{[?(@.a==1}", "unterminated filter"),
    ("{[?(@.a=='x)]}", "unterminated filter"),
    (r#"{[?(@.a=="x')]}"#, "unterminated filter"),
    ("{[?(@.a=='x'y'))]}", "unclosed array expect ]"),
    ("{[?((@.a))]}", "unclosed array expect ]"),
    ("{[?(!@.a)]}", "unrecognized character in action: U+0021 '!'"),
    ("{[?(==1)]}", "unrecognized character in action: U+003D '='"),
    ("{[?(@.a==)]}", "unrecognized character in action: U+003D '='"),
    (r#"{[?(@.a=~"x")]}"#, "unrecognized character in action: U+007E '~'"),
    ("{[?(@.a==(1))]}", "unclosed array expect ]"),
    ("{[?(@.a==1 && @.b==2)]}", "unrecognized character in action: U+0026 '&'"),
    ("{[?(@.a || @.b)]}", "unrecognized character in action: U+007C '|'"),
    ("{[?(@.a==1.2.3)]}", "cannot parse number 1.2.3"),
    (r"{[?(@.a=='\q')]}", r"unquote string '\q' error invalid syntax"),
    ("{[?(@.a[b])]}", "invalid array index b"),
    ("{[?(@.a[?(@.b)])]}", "unterminated filter"),
    ("{[?(@.a==*)]}", "unrecognized character in action: U+002A '*'"),
    ("{[?(@.a==-)]}", "cannot parse number -"),
    ("{[?({)]}", "unrecognized character in action: U+007B '{'"),
    ("{[?(@.a=={)]}", "unrecognized character in action: U+007B '{'"),
    ("{....}", "invalid multiple recursive descent"),
    ("{.. ..}", "invalid multiple recursive descent"),
    ("{..@..}", "invalid multiple recursive descent"),
    ("{.a....b}", "invalid multiple recursive descent"),
    ("{1.2.3}", "cannot parse number 1.2.3"),
    ("{+}", "cannot parse number +"),
    ("{-}", "cannot parse number -"),
    ("{--1}", "cannot parse number -"),
    ("{+.}", "cannot parse number +."),
    ("{²}", "unrecognized character in action: U+00B2 '²'"),
    ("{½}", "unrecognized character in action: U+00BD '½'"),
    ("{٣}", "cannot parse number ٣"),
    ("{..²}", "unrecognized character in action: U+00B2 '²'"),
    ("{(}", "unrecognized character in action: U+0028 '('"),
    ("{)}", "unrecognized character in action: U+0029 ')'"),
    ("{]}", "unrecognized character in action: U+005D ']'"),
    ("{,}", "unrecognized character in action: U+002C ','"),
    ("{:}", "unrecognized character in action: U+003A ':'"),
    ("{?}", "unrecognized character in action: U+003F '?'"),
    ("{*}", "unrecognized character in action: U+002A '*'"),
    ("{.a.b,.c}", "unrecognized character in action: U+002C ','"),
    ("{.a:b *}", "unrecognized character in action: U+002A '*'"),
    ("{!}", "unrecognized character in action: U+0021 '!'"),
    ("{=}", "unrecognized character in action: U+003D '='"),
    ("{<}", "unrecognized character in action: U+003C '<'"),
    ("{&}", "unrecognized character in action: U+0026 '&'"),
    ("{|}", "unrecognized character in action: U+007C '|'"),
    ("{/}", "unrecognized character in action: U+002F '/'"),
    (r"{\}", r"unrecognized character in action: U+005C '\'"),
    ("{#}", "unrecognized character in action: U+0023 '#'"),
    ("{%}", "unrecognized character in action: U+0025 '%'"),
    ("{~}", "unrecognized character in action: U+007E '~'"),
    ("{;}", "unrecognized character in action: U+003B ';'"),
    ("{`}", "unrecognized character in action: U+0060 '`'"),
    ("{^}", "unrecognized character in action: U+005E '^'"),
    ("{\n}", "unclosed action"),
    ("{.a\n}", "unclosed action"),
    ("{.a\r}", "unclosed action"),
    ("{\t}", "unrecognized character in action: U+0009"),
    ("{.a\tb}", "unrecognized character in action: U+0009"),
    ("{\"a\nb\"}", "unterminated quoted string"),
    ("{[\n0]}", "unterminated array"),
    ("{[?(@.a\n)]}", "unterminated filter"),
    ("{\u{a0}}", "unrecognized character in action: U+00A0"),
    ("{\u{1}}", "unrecognized character in action: U+0001"),
    ("{\u{ad}}", "unrecognized character in action: U+00AD"),
    ("{\u{e000}}", "unrecognized character in action: U+E000"),
    ("{\u{1c89}}", "unrecognized character in action: U+1C89"),
    ("{\u{93f}}", "unrecognized character in action: U+093F '\u{93f}'"),
    ("{Ⓐ}", "unrecognized character in action: U+24B6 'Ⓐ'"),
];

#[test]
fn what_does_not_parse() {
    for (text, want) in REFUSED {
        assert_eq!(parse(text, 0).unwrap_err().to_string(), *want, "{text}");
    }
}

#[test]
fn a_number_too_large_for_a_float() {
    let digits = "9".repeat(400);
    assert_eq!(parse(&format!("{{{digits}}}"), 0), Err(ParseError::Number(digits)));
}

#[test]
fn nodes() {
    let field = |name: &str| Node::Field(name.to_owned());
    let text = |text: &str| Node::Text(text.as_bytes().to_vec());
    let word = |name: &str| Node::Identifier(name.to_owned());
    let index =
        |at| Node::Array(Slice { start: Some(at), end: End::AfterStart(at + 1), step: None });
    for (template, want) in [
        ("", vec![]),
        ("a}b", vec![text("a}b")]),
        ("a{}b", vec![text("a"), Node::List(vec![]), text("b")]),
        ("{$@ $.a}", vec![Node::List(vec![field("a")])]),
        ("{.a\\.b\\\\.c.d}", vec![Node::List(vec![field("a.b"), field("c"), field("d")])]),
        ("{.a\\ b.}", vec![Node::List(vec![field("a b"), field("")])]),
        (
            "{.*..a..['b'].c*}",
            vec![Node::List(vec![
                Node::Wildcard,
                Node::Recursive,
                field("a"),
                Node::Recursive,
                field("b"),
                field("c*"),
            ])],
        ),
        ("{...a..}", vec![Node::List(vec![Node::Recursive, field("a"), Node::Recursive])]),
        ("{..٣}", vec![Node::List(vec![Node::Recursive, field("٣")])]),
        ("{range .a}", vec![Node::List(vec![word("range"), field("a")])]),
        ("{end\"x}", vec![Node::List(vec![word("end\"x")])]),
        (
            "{1 -2 +3 4.5 true falsey}",
            vec![Node::List(vec![
                Node::Int(1),
                Node::Int(-2),
                Node::Int(3),
                Node::Float(4.5),
                Node::Bool(true),
                word("falsey"),
            ])],
        ),
        ("{['a.b']['*']}", vec![Node::List(vec![field("a"), field("b"), Node::Wildcard])]),
        ("{['a}b']}", vec![Node::List(vec![field("a")])]),
        ("{[0, 1 ]}", vec![Node::List(vec![Node::Union(vec![vec![index(0)], vec![index(1)]])])]),
        (
            "{[?(@.a=='b)]')]}",
            vec![Node::List(vec![Node::Filter(Filter {
                left: vec![field("a")],
                comparison: Some(("==".to_owned(), vec![text("b)]")])),
            })])],
        ),
        (
            "{[?(@.a'[?(@.b)].c')]}",
            vec![Node::List(vec![Node::Filter(Filter {
                left: vec![
                    field("a'"),
                    Node::Filter(Filter { left: vec![field("b")], comparison: None }),
                    field("c'"),
                ],
                comparison: None,
            })])],
        ),
    ] {
        assert_eq!(parse(template, 0), Ok(want), "{template}");
    }
}

#[test]
fn long_templates_take_no_stack() {
    for (text, steps) in [("{range @}", 100_000), ("{.a}", 100_000), ("{}", 100_000)] {
        assert_eq!(parse(&text.repeat(steps), 0).map(|s| s.len()), Ok(steps));
    }
    let nested = "{[?(@['".repeat(10_000);
    assert_eq!(parse(&nested, 0), Err(ParseError::UnterminatedFilter));
    assert_eq!(parse("{.a}", MAX_DEPTH + 1), Err(ParseError::TooDeep));
}
