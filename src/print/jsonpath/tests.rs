//! Templates run by kubectl 1.37 over [`DOCUMENT`], and what it printed.

use zeroize::Zeroizing;

use super::*;

const DOCUMENT: &str = r#"{"apiVersion":"v1","kind":"Thing","metadata":{"name":"x","labels":{"aa":"b"}},
    "list":[{"a":"x","n":1.5,"on":true},{"a":"y","n":2.5,"on":false},{"a":"z","n":1000000.5}],
    "mix":[null,"s",0.5,true,["t"],{"a":"u"}],"empty":[],"none":{},"nothing":null,
    "nested":[[1.5,2.5],[],[3.5]],"pair":{"one":{"two":"deep"}},"tls.crt":"cert","text":"<é>"}"#;

fn document(json: &serde_json::Value) -> Document {
    use serde_json::Value;
    match json {
        Value::Null => Document::Null,
        Value::Bool(value) => Document::Bool(*value),
        Value::Number(number) => Document::Number(number.as_f64().unwrap()),
        Value::String(text) => Document::Text(Zeroizing::new(text.clone())),
        Value::Array(items) => Document::List(items.iter().map(document).collect()),
        Value::Object(fields) => {
            Document::Map(fields.iter().map(|(k, v)| (k.clone(), document(v))).collect())
        }
    }
}

fn run(template: &Template, json: bool) -> Result<Vec<u8>, ExecError> {
    let document = document(&serde_json::from_str(DOCUMENT).unwrap());
    let mut out = Vec::new();
    if json {
        template.execute_as_json(&document, &mut out)?;
    } else {
        template.execute(&document, &mut out)?;
    }
    Ok(out)
}

fn text(text: &str) -> Result<Vec<u8>, String> {
    run(&Template::parse(text).unwrap(), false).map_err(|e| e.to_string())
}

/// Templates and what kubectl prints.
const PRINTED: &[(&str, &[u8])] = &[
        ("plain text", b"plain text"),
        (".metadata.name", b".metadata.name"),
        ("metadata.name", b"metadata.name"),
        ("}a]", b"}a]"),
        ("{}", b"{\"apiVersion\":\"v1\",\"empty\":[],\"kind\":\"Thing\",\"list\":[{\"a\":\"x\",\"n\":1.5,\"on\":true},{\"a\":\"y\",\"n\":2.5,\"on\":false},{\"a\":\"z\",\"n\":1000000.5}],\"metadata\":{\"labels\":{\"aa\":\"b\"},\"name\":\"x\"},\"mix\":[null,\"s\",0.5,true,[\"t\"],{\"a\":\"u\"}],\"nested\":[[1.5,2.5],[],[3.5]],\"none\":{},\"nothing\":null,\"pair\":{\"one\":{\"two\":\"deep\"}},\"text\":\"\\u003c\xc3\xa9\\u003e\",\"tls.crt\":\"cert\"}"),
        ("{.pair}", br#"{"one":{"two":"deep"}}"#),
        ("{@.pair}", br#"{"one":{"two":"deep"}}"#),
        ("{$.pair}", br#"{"one":{"two":"deep"}}"#),
        ("{$ .pair}", br#"{"one":{"two":"deep"}}"#),
        ("{ .pair }", br#"{"one":{"two":"deep"}}"#),
        ("{.pair.one.two}", b"deep"),
        ("{.pair .one $.two@}", b"deep"),
        ("{$.pair$.one@.two}", b"deep"),
        ("{.pair['one']['two']}", b"deep"),
        ("{.pair['one.two']}", b"deep"),
        (r"{.tls\.crt}", b"cert"),
        (r"{['tls\.crt']}", b"cert"),
        ("{.tls.crt}", b""),
        (r"{.t\ext}", b"<\xc3\xa9>"),
        (r#"{.text}-{"\t"}{'\n'}."#, b"<\xc3\xa9>-\t\n."),
        (r#"{"<"}{.text}"#, b"<<\xc3\xa9>"),
        (r#"{.text "x"}"#, b"x"),
        ("{.text 1}", b"1"),
        ("{.list 1}", b"1"),
        ("{.list[*] 1.50}", b"1.5 1.5 1.5"),
        ("{.list[*].a true}", b"true true true"),
        (r#"{1000000}{" "}{1000000.0}{" "}{12345678901234567890}{" "}{-0}{" "}{+7}{" "}{5.}"#, b"1000000 1e+06 1.2345678901234567e+19 0 7 5"),
        ("{.empty}{.none}{.nothing}{.empty[*]}{.none.*}", b"[]{}null"),
        ("[{.nothing.x}][{.nope}][{.text.x}][{.nothing[0]}][{.nothing.*}][{.nothing..}]", b"[][][][][][]"),
        ("{.mix}", br#"[null,"s",0.5,true,["t"],{"a":"u"}]"#),
        ("{.mix[*]}", br#"null s 0.5 true ["t"] {"a":"u"}"#),
        ("{.mix[0]}", b"null"),
        ("{.mix[5].a}", b"u"),
        ("{.mix[*].a}", b"u"),
        ("{.mix..}", br#"[null,"s",0.5,true,["t"],{"a":"u"}] s ["t"] t {"a":"u"} u"#),
        ("{.mix[1].*}", b"115"),
        ("{.mix[1]..}", b"s"),
        ("{.mix[1]..a}", b""),
        ("{.text.*}", b"60 195 169 62"),
        ("{.list[0]}", br#"{"a":"x","n":1.5,"on":true}"#),
        ("{.list[]}", br#"{"a":"x","n":1.5,"on":true}"#),
        ("{.list[-1].a}", b"z"),
        ("{.list[-3].a}", b"x"),
        ("{.list[1:].a}", b"y z"),
        ("{.list[:-1].a}", b"x y"),
        ("{.list[::2].a}", b"x z"),
        ("{.list[0:3:2].a}", b"x z"),
        ("{.list[0:3:9223372036854775807].a}", b"x"),
        ("{.list[9:9].a}x", b"x"),
        ("{.list[1:1].a}x", b"x"),
        ("{.list[0,2].a}", b"x z"),
        ("{.list[0, -1 ].a}", b"x z"),
        ("{.list[0,0,*].a}", b"x x x y z"),
        ("{.list[0]['a','n']}", b"x 1.5"),
        ("{.pair['one','nope','one'].two}", b"deep deep"),
        ("{.nested[*]}", b"[1.5,2.5] [] [3.5]"),
        ("{.nested[*][*]}", b"1.5 2.5"),
        ("{.nested[0,2][0]}", b"1.5 3.5"),
        ("{.nested[0][:]}", b"1.5 2.5"),
        ("{.nested[1][0:0]}", b""),
        ("{.nested..}", b"[[1.5,2.5],[],[3.5]] [1.5,2.5] [3.5]"),
        ("{..two}", b"deep"),
        ("{.list..n}", b"1.5 2.5 1.0000005e+06"),
        ("{.pair..}", br#"{"one":{"two":"deep"}} {"two":"deep"} deep"#),
        ("{.pair.*.*}", b"deep"),
        ("{..nope}", b""),
        ("{.list[?(@.a)].n}", b"1.5 2.5 1.0000005e+06"),
        ("{.list[?(@.on)].a}", b"x y"),
        ("{.list[?(@.nope)].a}", b""),
        (r#"{.list[?(@.a=="y")].n}"#, b"2.5"),
        ("{.list[?(@.a == 'y')].n}", b"2.5"),
        (r#"{.list[?(@.a!="y")].a}"#, b"x z"),
        ("{.list[?(@.n>1.5)].a}", b"y z"),
        ("{.list[?(@.n>=2.5)].a}", b"y z"),
        ("{.list[?(@.n<2.5)].a}", b"x"),
        ("{.list[?(@.n<=2.5)].a}", b"x y"),
        (r#"{.list[?("y"<=@.a)].n}"#, b"2.5 1.0000005e+06"),
        ("{.list[?(@.on==true)].a}", b"x"),
        ("{.list[?(@.on!=true)].a}", b"y"),
        ("{.list[?(@.a==@.a)].a}", b"x y z"),
        ("{.list[?(@.a==$.a)].a}", b"x y z"),
        ("{.list[?(@.nope==1)].a}x", b"x"),
        ("{.list[?(@.a==@.nope)].a}x", b"x"),
        (r#"{.list[?(.a=="x")].n}"#, b"1.5"),
        (r#"{.list[?(@.a=="a)b")].n}x"#, b"x"),
        ("{.list[?(@.a=='x}')].n}x", b"x"),
        ("{.list[?(nope)].a}", b"x y z"),
        ("{.list[?(@.a.nope)].a}x", b"x"),
        ("{.list[?(end)].a}x", b"x"),
        ("{.list[?(@[0])].a}", b"x y z"),
        ("{.list[?(@.a=)].a}x", b"x"),
        ("{.list[?()].a}", b"x y z"),
        ("{.nested[*][?(@>1.5)]}", b"2.5 3.5"),
        ("{.nested[1][?(@.a==1)]}x", b"x"),
        ("{.empty[?(nope)]}x", b"x"),
        (r#"{range .list[*]}{.a}={.n}{"\n"}{end}"#, b"x=1.5\ny=2.5\nz=1.0000005e+06\n"),
        ("{range .list[*]}{.a} {.n}, {end}after {.metadata.name}", b"x 1.5, y 2.5, z 1.0000005e+06, after x"),
        ("{range .list[*]}{@.a}{end}{range .nested[*]}<{@}>{end}", b"xyz<[1.5,2.5]><[]><[3.5]>"),
        ("{range .nested[*]}{range @[*]}{@},{end};{end}.", b"1.5,2.5,;;3.5,;."),
        ("{range .nested[*]}({range @[?(@>1.5)]}{@}{end}){end}.", b"(2.5)()(3.5)."),
        ("{range .empty[*]}{.a.b}text{end}after", b"after"),
        ("{range .empty[*]}{range .x[*]}{.y}{end}{end}after", b"after"),
        ("{range .nope}a{range .nope}b{end}c{end}d", b"d"),
        ("{range .mix[*]}[{@}]{end}", br#"[<no value>][s][0.5][true][["t"]][{"a":"u"}]"#),
        ("{range .mix[0]}{@}{.a}{.*}{end}", b"<no value>"),
        ("{range .list}{[0].a}{end}", b"x"),
        ("{range .list[*].a}{@}{end}", b"xyz"),
        ("{range .list[0,1]}{.a}", b"xy"),
        ("{.list[0].a range}{.b}{end}", b""),
        ("{range .list[*]}{.a}{end}{range .list[*]}{.n}{end}{.metadata.name}", b"xyz1.52.51.0000005e+06x"),
        ("{range .pair.one}{.two}{end .x}z", b"deepz"),
        ("{range .list[*] }{.a}{ end }", b"xyz"),
        (r#"{range .list[*]}{.a}{end}{"{"}{'}'}"#, b"xyz{}"),
        (r#"{range "a"}{@}{end}"#, b"a"),
        ("{range 1}{@}{end}", b"1"),
        (r#"{"a".*}"#, b"97"),
];

#[test]
fn what_templates_print() {
    for (template, want) in PRINTED {
        let got = text(template).map(|out| out.escape_ascii().to_string());
        assert_eq!(got, Ok(want.escape_ascii().to_string()), "{template}");
    }
}

#[test]
fn what_as_json_prints() {
    for (template, want) in [
        ("a", "[\n    \"a\"\n]\n"),
        ("{.text}", "[\n    \"\\u003cé\\u003e\"\n]\n"),
        (
            "{.list[0].a}-{.pair}",
            "[\n    \"x\"\n]\n[\n    \"-\"\n]\n[\n    {\n        \"one\": {\n            \"two\": \"deep\"\n        }\n    }\n]\n",
        ),
        ("{.nope}", "[]\n"),
        ("{range .nested[*]}{@[*]}{end}", "[\n    1.5,\n    2.5\n]\n[]\n[\n    3.5\n]\n"),
        (
            "{.mix}",
            "[\n    [\n        null,\n        \"s\",\n        0.5,\n        true,\n        [\n            \"t\"\n        ],\n        {\n            \"a\": \"u\"\n        }\n    ]\n]\n",
        ),
        ("{.mix[1].*}", "[\n    115\n]\n"),
        (
            r#"{"\xff\"<"}{1}{1.50}{true}"#,
            "[\n    \"\\ufffd\\\"\\u003c\"\n]\n[\n    1\n]\n[\n    1.5\n]\n[\n    true\n]\n",
        ),
        ("{.nothing}", "[\n    null\n]\n"),
        ("{.empty[*]}{.none}", "[]\n[\n    {}\n]\n"),
        ("{.list[-1].n}", "[\n    1000000.5\n]\n"),
        ("{range .empty[*]}{.a}{end}", ""),
    ] {
        let got = run(&Template::parse(template).unwrap(), true);
        assert_eq!(
            got.map(|out| String::from_utf8(out).unwrap()),
            Ok(want.to_owned()),
            "{template}"
        );
    }
}

#[test]
fn what_fails() {
    for (template, want) in [
        ("{nope}", "unrecognized identifier nope"),
        ("{metadata.name}", "unrecognized identifier metadata"),
        ("{.list[?(@.a==nope)]}", "unrecognized identifier nope"),
        ("{end}", "not in range, nothing to end"),
        ("{.a end}", "not in range, nothing to end"),
        ("{range .list[*]}{end}{end}", "not in range, nothing to end"),
        ("{.text[0]}", "string is not array or slice"),
        ("{.pair[0]}", "map[string]interface {} is not array or slice"),
        ("{.metadata.name.*[0]}", "uint8 is not array or slice"),
        ("{1[0]}", "int is not array or slice"),
        (r#"{"a"[0]}"#, "string is not array or slice"),
        ("{true[0]}", "bool is not array or slice"),
        ("{.list[3]}", "array index out of bounds: index 3, length 3"),
        ("{.list[-4]}", "array index out of bounds: index -1, length 3"),
        ("{.empty[0]}", "array index out of bounds: index 0, length 0"),
        ("{.empty[-1]}", "array index out of bounds: index -1, length 0"),
        ("{.list[0:4]}", "array index out of bounds: index 3, length 3"),
        ("{.list[2:1]}", "starting index 2 is greater than ending index 1"),
        ("{.list[::0]}", "step must be > 0"),
        ("{.list[::-1]}", "step must be > 0"),
        (
            "{.list[9223372036854775807]}",
            "array index out of bounds: index 9223372036854775807, length 3",
        ),
        ("{.list[?(@.n==1)]}", "incompatible types for comparison"),
        ("{.list[?(@.a<1)]}", "incompatible types for comparison"),
        ("{.list[?(@.on<true)]}", "invalid type for comparison"),
        ("{.list[?(@==1)]}", "invalid type for comparison"),
        ("{.list[?(@.a===1)]}", "unrecognized filter operator ==="),
        ("{.list[?(@.a='x')]}", "unrecognized filter operator ="),
        ("{.list[?(@.*=='x')]}", "can only compare one element at a time"),
        ("{.mix[?(@==null)]}", "unrecognized identifier null"),
        ("{.mix[?(@=='s')]}", "invalid type for comparison"),
        ("{.list[?(@.n=='x')]}", "incompatible types for comparison"),
        ("{range .list[*]}{nope}{end}", "unrecognized identifier nope"),
        ("{range .empty[*]}{nope}{end}", "unrecognized identifier nope"),
        ("{range .empty[*]}{end}{end}", "not in range, nothing to end"),
        // kubectl prints the value here.
        ("{.text[?(@)]}", "string is not array or slice and cannot be filtered"),
        ("{.nothing[?(@)]}", "null is not array or slice and cannot be filtered"),
        // kubectl crashes here.
        ("{range .empty[*]}{@[0]}{end}", "there is no value here"),
        ("{range .mix[0]}{range @}{end}{end}", "there is no value here"),
    ] {
        assert_eq!(text(template), Err(want.to_owned()), "{template}");
    }
    let template = Template::parse("{range .mix[0]}{@}{end}").unwrap();
    assert_eq!(run(&template, true), Err(ExecError::NoValue));
}

#[test]
fn missing_keys() {
    for (template, want) in [
        ("{.nope}", Err("nope is not found")),
        ("{.text}", Ok("<é>")),
        ("{.list[*].on}", Ok("true false")),
        ("{.list[*].nope}", Err("nope is not found")),
        ("{.empty[*].nope}x", Ok("x")),
        ("{.nothing.a}", Err("a is not found")),
        ("{.list[?(@.nope)]}x", Ok("x")),
        ("{.list[?(@.on==true)].a}", Err("on is not found")),
        ("{..nope}", Err("nope is not found")),
        ("{.pair['one','nope']}", Err("nope is not found")),
        ("{range .empty[*]}{.a}{end}", Err("a is not found")),
        ("{range .empty[*]}{@}{end}x", Ok("x")),
        ("{.mix[*].a}", Ok("u")),
        ("{.}", Err(" is not found")),
    ] {
        let mut parsed = Template::parse(template).unwrap();
        assert!(run(&parsed, false).is_ok(), "{template}");
        parsed.allow_missing_keys(false);
        let got = run(&parsed, false).map(|out| String::from_utf8(out).unwrap());
        let want = want.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(got.map_err(|e| e.to_string()), want, "{template}");
    }
}

#[test]
fn maps_are_walked_in_order() {
    for (template, want) in [
        ("{..a}", "x y z u"),
        ("{.metadata.*}", r#"{"aa":"b"} x"#),
        ("{.list[0]..}", r#"{"a":"x","n":1.5,"on":true} x"#),
    ] {
        assert_eq!(text(template), Ok(want.as_bytes().to_vec()), "{template}");
    }
}
