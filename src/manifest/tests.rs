use super::fault::{Fault, Reason};
use super::{Content, Documents, Node, Style, Text, Tree, read};
use crate::golang::json;

fn first(file: &[u8]) -> Result<Tree<'_>, Fault> {
    read(&Documents::new(file).next().unwrap().unwrap(), &mut Some)
}

/// The content in short: numbers with `#`, pairs of merge keys with `<`.
fn short(node: &Node<'_>) -> String {
    match &node.content {
        Content::Null => "null".to_owned(),
        Content::Bool(value) => value.to_string(),
        Content::Number(number) => format!("#{}", &**number),
        Content::Infinite => "infinite".to_owned(),
        Content::Text(text) => format!("{:?}", &**text),
        Content::List(elements) => {
            format!("[{}]", elements.iter().map(short).collect::<Vec<_>>().join(" "))
        }
        Content::Map(pairs) => {
            let pairs = pairs.iter().map(|pair| {
                let mark = if pair.is_merged { "<" } else { "" };
                format!("{mark}{}={}", &*pair.key, short(&pair.value))
            });
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(" "))
        }
    }
}

#[test]
fn contents() {
    let rows = [
        ("a: b", r#"{a="b"}"#),
        (
            "a: yes\nb: 0x10\nc: ~\nd:\ne: 1.50\nf: 1_000\ng: 2001-01-01\nh: 1:30",
            r#"{a=true b=#16 c=null d=null e=#1.5 f=#1000 g="2001-01-01" h="1:30"}"#,
        ),
        (
            "yes: a\n8: b\n1.5: c\n1e6: d\n.inf: e\n'y': f\n0x10: g",
            r#"{true="a" 8="b" 1.5="c" 1e+06="d" .inf="e" y="f" 16="g"}"#,
        ),
        (
            "a: 'yes'\nb: \"1\"\nc: !!str 1\nd: !x 1\ne: ! 1\nf: !!float 1",
            r#"{a="yes" b="1" c="1" d="1" e="1" f=#1}"#,
        ),
        ("a: !!binary aGk=\nb: .nan\nc: !!null ~", r#"{a="hi" b=infinite c=null}"#),
        ("a: b\na: c", r#"{a="b" a="c"}"#),
        (
            "x: &x {a: 1}\nw: {<<: *x, a: 2}\nz: {<<: [{b: 1}, {b: 2}]}",
            "{x={a=#1} w={<a=#1 a=#2} z={<b=#2 <b=#1}}",
        ),
        ("x: &x k\nz: *x\n*x : z", r#"{x="k" z="k" k="z"}"#),
        ("a: '<<'\n'<<': b", r#"{a="<<" <<="b"}"#),
        ("a: |\n  b\n  c\nd: >-\n  e\n  f", r#"{a="b\nc\n" d="e f"}"#),
        ("a: |\n  b", r#"{a="b\n"}"#),
        ("a: b\r\nc: d\r\n", r#"{a="b" c="d"}"#),
        ("", "null"),
        ("# a", "null"),
        ("a: b\n...\n[", r#"{a="b"}"#),
        (
            r#"{"a": [1, 1.50, true, null, "\u00e9\n", {}], "a": 1e999}"#,
            r#"{a=[#1 #1.50 true null "é\n" {}] a=infinite}"#,
        ),
    ];
    for (file, want) in rows {
        let file = if file.is_empty() { "---\n" } else { file };
        assert_eq!(first(file.as_bytes()).map(|tree| short(&tree.root)).unwrap(), want, "{file}");
    }
}

#[test]
fn positions() {
    let file = "\u{feff}# é\n---\na: 'é'\nü: \"b\\n\"\n---\nl:\n- &x 1\n- *x\n- >\n  t\nm: {n: [ o ]}\np:\n";
    let rows = [
        (3, 1, "a", Style::Plain),
        (3, 4, "'é'", Style::SingleQuoted),
        (4, 1, "ü", Style::Plain),
        (4, 4, "\"b\\n\"", Style::DoubleQuoted),
        (6, 1, "l", Style::Plain),
        (7, 3, "&x 1\n- *x\n- >\n  t\n", Style::Plain),
        (7, 6, "1", Style::Plain),
        (8, 3, "*x", Style::Plain),
        (9, 3, ">\n  t\n", Style::Folded),
        (11, 1, "m", Style::Plain),
        (11, 4, "{n: [ o ]}", Style::Flow),
        (11, 5, "n", Style::Plain),
        (11, 8, "[ o ]", Style::Flow),
        (11, 10, "o", Style::Plain),
        (12, 1, "p", Style::Plain),
        (12, 1, "", Style::Plain),
    ];
    let mut found = Vec::new();
    for document in Documents::new(file.as_bytes()) {
        spans(&read(&document.unwrap(), &mut Some).unwrap().root, file, &mut found);
    }
    assert_eq!(found, rows);
    let file = "{\"é\":\n [\"b\" , -1, {}]} {\"c\": null}";
    let rows = [
        (1, 2, "\"é\"", Style::Plain),
        (2, 2, "[\"b\" , -1, {}]", Style::Flow),
        (2, 3, "\"b\"", Style::DoubleQuoted),
        (2, 9, "-1", Style::Plain),
        (2, 13, "{}", Style::Flow),
        (2, 19, "\"c\"", Style::Plain),
        (2, 24, "null", Style::Plain),
    ];
    let mut found = Vec::new();
    for document in Documents::new(file.as_bytes()) {
        spans(&read(&document.unwrap(), &mut Some).unwrap().root, file, &mut found);
    }
    assert_eq!(found, rows);
}

/// Line, column and source of all keys and values below a node.
fn spans<'f>(node: &Node<'_>, file: &'f str, found: &mut Vec<(u32, u32, &'f str, Style)>) {
    let value = |node: &Node<'_>, found: &mut Vec<_>| {
        let span = node.span;
        found.push((span.line, span.column, &file[span.start..span.end], node.style));
        spans(node, file, found);
    };
    match &node.content {
        Content::List(elements) => elements.iter().for_each(|element| value(element, found)),
        Content::Map(pairs) => {
            for pair in pairs {
                let span = pair.key_span;
                let source = &file[span.start..span.end];
                found.push((span.line, span.column, source, Style::Plain));
                value(&pair.value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn faults() {
    let rows: &[(&[u8], u32, u32, Reason)] = &[
        (b"a: [", 1, 4, Reason::Bracket),
        (b"a: b\n\tc: d", 1, 4, Reason::Tab),
        (b"a: *b", 1, 4, Reason::Alias),
        (b"a: &a [*a]", 1, 8, Reason::Alias),
        (b"? [a]\n: b", 1, 3, Reason::KeyType),
        (b"~: b", 1, 1, Reason::KeyType),
        (b"18446744073709551615: b", 1, 1, Reason::KeyType),
        (b"a:\n  <<: b", 2, 7, Reason::Merge),
        (b"a: &a [{}]\nb: {<<: *a}", 2, 9, Reason::Merge),
        (b"a: !!int b", 1, 10, Reason::Type),
        (b"a: !!timestamp b", 1, 16, Reason::Type),
        (b"a: !!binary .", 1, 13, Reason::Base64),
        (b"a: \"\\/\"", 1, 4, Reason::Escape),
        (b"a: \xc3\xa9\xff", 1, 5, Reason::NotUtf8),
        (b"a: b\nc: \0", 2, 4, Reason::Control),
        ("a: \u{7f}".as_bytes(), 1, 4, Reason::Control),
        (b"a\0:\0", 1, 1, Reason::Utf16),
        (b"\xff\xfea\0", 1, 1, Reason::Utf16),
        // The fault of the JSON, which is no YAML either.
        (
            b"{\"a\": 1\n \"b\": 2}",
            2,
            2,
            Reason::Json(json::Kind::Unexpected(json::Context::AfterPair)),
        ),
    ];
    for (file, line, column, reason) in rows {
        let want = Fault { line: *line, column: *column, reason: *reason };
        assert_eq!(first(file).unwrap_err(), want, "{:?}", String::from_utf8_lossy(file));
    }
}

#[test]
fn comments() {
    let file = "a: b # mksecret/allow=x\nc: |\n  # mksecret/allow in a text\nd: '# mksecret/allow'\n# other\n# mksecret/allow=y\n--- # mksecret/allow=z\r\ne: f\n";
    let trees: Vec<_> = Documents::new(file.as_bytes())
        .map(|document| read(&document.unwrap(), &mut Some).unwrap())
        .collect();
    let comments: Vec<_> = trees
        .iter()
        .flat_map(|tree| &tree.comments)
        .map(|comment| (comment.line, comment.text))
        .collect();
    let want = [(1, " mksecret/allow=x"), (6, " mksecret/allow=y"), (7, " mksecret/allow=z")];
    assert_eq!(comments, want);
}

#[test]
fn items() {
    let files = [
        "kind: List\nitems:\n- a\n- [b]\n- {items: [c]}\n",
        "{\"kind\": \"List\", \"items\": [\"a\", [\"b\"], {\"items\": [\"c\"]}]}",
        "x: &x [a, [b], {items: [c]}]\nitems: *x\n",
    ];
    for file in files {
        let mut seen = Vec::new();
        let document = Documents::new(file.as_bytes()).next().unwrap().unwrap();
        let tree = read(&document, &mut |element| {
            seen.push(short(&element));
            matches!(element.content, Content::Text(_)).then_some(element)
        });
        assert_eq!(seen, ["\"a\"", "[\"b\"]", "{items=[\"c\"]}"], "{file}");
        let Content::Map(pairs) = tree.unwrap().root.content else { panic!("{file}") };
        assert_eq!(short(&pairs[1].value), "[\"a\"]", "{file}");
    }
}

#[test]
fn depth() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let block = |levels: usize| "- ".repeat(levels) + "x";
    // kubectl reads 10,000 levels and refuses 10,001.
    for (file, is_read) in [
        (nested(10_000), true),
        (nested(10_001), false),
        (nested(100_000), false),
        (block(10_000), true),
        (block(10_001), false),
        (format!("{{\"a\":{}}}", nested(9_999)), true),
        (format!("{{\"a\":{}}}", nested(10_000)), false),
        (format!("{{\"a\":{}}}", nested(100_000)), false),
    ] {
        let read = first(file.as_bytes()).map(|tree| short(&tree.root).contains('"'));
        let what = (file.len(), &file[..6]);
        match read {
            // What is too deep is left out.
            Ok(has_text) => assert!(is_read && !has_text, "{what:?}"),
            Err(fault) => {
                let is_depth =
                    matches!(fault.reason, Reason::Depth | Reason::Json(json::Kind::Depth));
                assert!(!is_read && is_depth, "{what:?} {fault:?}");
            }
        }
    }
}

#[test]
fn aliases_by_the_rule_of_go_yaml() {
    let list = |element: &str, count: usize| format!("[{}]", vec![element; count].join(","));
    let bomb = (1..9).fold(format!("a0: &a0 {}\n", list("x", 9)), |text, level| {
        format!("{text}a{level}: &a{level} {}\n", list(&format!("*a{}", level - 1), 9))
    });
    let chain = (1..5_000).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [*a{}]\n", level - 1)
    });
    let rows = [
        (format!("x: &a {}\ny: {}", list("1", 100), list("*a", 2000)), true),
        (format!("x: &a {}\ny: {}", list("1", 200), list("*a", 2000)), false),
        (format!("x: &a {}\ny: {}", list("1", 100), list("*a", 9)), true),
        (format!("x: {}", list("1", 200_000)), true),
        (bomb, false),
        (chain, false),
    ];
    for (file, is_read) in rows {
        let reason = first(file.as_bytes()).err().map(|fault| fault.reason);
        let want = (!is_read).then_some(Reason::Aliases);
        assert_eq!(reason, want, "{} {}", file.len(), &file[..20]);
    }
}

#[test]
fn texts_are_borrowed() {
    let file = b"a: b\n'c': \"d e\"\nh:\n  - i\nj: &j k\nl: {<<: {m: *j}}\n";
    let tree = first(file).unwrap();
    let Content::Map(pairs) = &tree.root.content else { panic!() };
    for pair in pairs {
        assert!(matches!(pair.key, Text::Borrowed(_)), "{}", &*pair.key);
        if let Content::Text(text) = &pair.value.content {
            assert!(matches!(text, Text::Borrowed(_)), "{}", &**text);
        }
    }
}
