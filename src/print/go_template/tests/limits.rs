//! What must end in an error and not in a crash, and what no message may show.

use super::*;

fn fault(template: &str) -> String {
    match Template::parse("output", template) {
        Err(error) => error.fault.to_string(),
        Ok(template) => {
            template.execute(&document(), &mut Vec::new()).unwrap_err().fault.to_string()
        }
    }
}

#[test]
fn nesting_and_size_are_bounded() {
    let deep = |n: usize| format!("{{{{{}1{}}}}}", "(".repeat(n), ")".repeat(n));
    // The way through evaluation that takes the most of the stack.
    let arguments =
        |n: usize| format!("{{{{print {}.{}}}}}", "(or ".repeat(n), " .x .).a.b".repeat(n));
    for depth in [100, 101, 10_000] {
        assert_eq!(run(&deep(depth)).unwrap(), "1", "{depth}");
        assert_eq!(run(&arguments(depth)).unwrap(), "<nil>", "{depth}");
    }
    let failing = format!("{{{{{}.kind.x{}}}}}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(fault(&failing), "can't evaluate field x in type interface {}");
    let doubling = r#"{{$x := "0123456789"}}{{range 40}}{{$x = print $x $x}}{{end}}"#;
    let cases = [
        (deep(10_001), "max expression depth exceeded"),
        (deep(100_000), "max expression depth exceeded"),
        (
            r#"{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}"#.to_owned(),
            "exceeded maximum template depth (100000)",
        ),
        (doubling.to_owned(), "error calling print: more than 33554432 bytes of text"),
        (
            format!("{{{{printf \"{}\" 1}}}}", "%1000000[1]d".repeat(100)),
            "error calling printf: more than 33554432 bytes of text",
        ),
        (
            r#"{{range 100}}{{printf "%1000000d" 1}}{{end}}"#.to_owned(),
            "more than 33554432 bytes of output",
        ),
    ];
    for (template, expected) in cases {
        assert_eq!(fault(&template), expected);
    }
}

#[test]
fn blocks_may_be_nested_as_deep_as_the_text_is_long() {
    let depth = 50_000;
    let nested = "{{if .}}".repeat(depth) + "x" + &"{{end}}".repeat(depth);
    assert_eq!(run(&nested).unwrap(), "x");
    let chain = "{{if .nope}}".to_owned() + &"{{else if .nope}}".repeat(depth) + "{{else}}y{{end}}";
    assert_eq!(run(&chain).unwrap(), "y");
}

#[test]
fn missing_keys_are_errors_where_they_are_not_allowed() {
    let cases = [
        ("{{.nope}}", "map has no entry for key \"nope\""),
        ("{{.spec.nope.x}}", "map has no entry for key \"nope\""),
        ("{{(index . \"nope\").x}}", "nil data; no entry for key \"x\""),
    ];
    for (template, expected) in cases {
        let template = Template::parse("output", template).unwrap().allow_missing_keys(false);
        let error = template.execute(&document(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.fault.to_string(), expected);
    }
}

#[test]
fn no_message_shows_a_value() {
    let secret = "hunter2-5ecret";
    let encoded = "aHVudGVyMi01ZWNyZXQ=";
    let fields = [("p", secret), ("b", encoded)];
    let fields = fields.map(|(k, v)| (k.to_owned(), Document::Text(Zeroizing::new(v.to_owned()))));
    let document = Document::Map(fields.into());
    let templates = [
        "{{range .p}}{{end}}",
        "{{range .b | base64decode}}{{end}}",
        "{{.p | call}}",
        "{{call .p}}",
        "{{call (base64decode .b)}}",
        "{{index .p .p}}",
        "{{index . 1 .p}}",
        "{{slice .p .p}}",
        "{{slice (print .p) 99}}",
        "{{eq .p 1}}",
        "{{lt .p 1}}",
        "{{eq . .}}",
        "{{.p.x}}",
        "{{(print .p).x}}",
        "{{len (eq .p .p)}}",
        "{{printf .p | printf 3}}",
        "{{base64decode .p}}",
        "{{$x := .p}}{{$x 1}}",
        "{{with .p}}{{. 1}}{{end}}",
        "{{with .p}}{{.x}}{{end}}",
        "{{range $i, $c := index .p 0}}{{end}}",
        "{{index \"\" (index .p 0)}}",
        "{{slice (printf \"%200s\" 0) (index .p 0) 3}}",
        "{{template \"x\" .p}}{{define \"x\"}}{{.y}}{{end}}",
    ];
    for template in templates {
        let parsed = Template::parse("output", template).unwrap();
        let error = parsed.execute(&document, &mut Vec::new()).unwrap_err();
        let shown = format!("{error} {error:?}");
        for value in [secret, encoded, "104"] {
            assert!(!shown.contains(value), "{template}: {shown}");
        }
    }
}

#[test]
fn a_failed_template_names_its_place() {
    let error = run("a\n{{define \"t\"}}\n  {{.kind.x}}{{end}}{{template \"t\" .}}").unwrap_err();
    assert_eq!((error.line, error.column), (3, 9));
    assert_eq!((error.executing.as_str(), error.node.as_str()), ("t", ".kind.x"));
}
