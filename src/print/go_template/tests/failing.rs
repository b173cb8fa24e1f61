//! Templates that fail on the document: the words are Go's, save where Go shows a value.

use super::*;

const CASES: &[(&str, &str)] = &[
    (
        "{{.spec.n.x}}",
        r#"1:7: executing "output" at <.spec.n.x>: nil pointer evaluating interface {}.x"#,
    ),
    (
        "{{index .spec.l 5}}",
        r#"1:2: executing "output" at <index .spec.l 5>: error calling index: index out of range"#,
    ),
    (
        "{{index .spec.l -1}}",
        r#"1:2: executing "output" at <index .spec.l -1>: error calling index: index out of range"#,
    ),
    (
        "{{index .spec.u 0 0}}",
        r#"1:2: executing "output" at <index .spec.u 0 0>: error calling index: can't index item of type uint8"#,
    ),
    (
        "{{slice .spec.u 1 2 3}}",
        r#"1:2: executing "output" at <slice .spec.u 1 2 3>: error calling slice: cannot 3-index slice a string"#,
    ),
    (
        "{{slice .spec.l 1 2 9}}",
        r#"1:2: executing "output" at <slice .spec.l 1 2 9>: error calling slice: index out of range"#,
    ),
    (
        "{{slice .spec.l 2 1}}",
        r#"1:2: executing "output" at <slice .spec.l 2 1>: error calling slice: invalid slice index: the end is before the start"#,
    ),
    (
        "{{slice .spec.em 2 1}}",
        r#"1:2: executing "output" at <slice .spec.em 2 1>: error calling slice: can't slice item of type map[string]interface {}"#,
    ),
    (
        "{{slice nil 1}}",
        r#"1:2: executing "output" at <slice nil 1>: error calling slice: slice of untyped nil"#,
    ),
    (
        "{{slice .spec.l 1 2 3 4}}",
        r#"1:2: executing "output" at <slice .spec.l 1 2 3 4>: error calling slice: too many slice indexes: 4"#,
    ),
    (
        "{{slice .spec.l .spec.i}}",
        r#"1:2: executing "output" at <slice .spec.l .spec.i>: error calling slice: cannot index slice/array with type interface {}"#,
    ),
    (
        "{{slice .spec.l nil}}",
        r#"1:2: executing "output" at <slice .spec.l nil>: error calling slice: cannot index slice/array with nil"#,
    ),
    (
        "{{index .spec.l nil}}",
        r#"1:2: executing "output" at <index .spec.l nil>: error calling index: cannot index slice/array with nil"#,
    ),
    (
        "{{index .spec nil}}",
        r#"1:2: executing "output" at <index .spec nil>: error calling index: value is nil; should be of type string"#,
    ),
    (
        "{{index .spec 1}}",
        r#"1:2: executing "output" at <index .spec 1>: error calling index: value has type int; should be string"#,
    ),
    (
        "{{range .spec.f}}{{.}}{{end}}",
        r#"1:13: executing "output" at <.spec.f>: range can't iterate over a value of type float64"#,
    ),
    (
        "{{range .spec.u}}{{.}}{{end}}",
        r#"1:13: executing "output" at <.spec.u>: range can't iterate over a value of type string"#,
    ),
    (
        "{{lt true false}}",
        r#"1:2: executing "output" at <lt true false>: error calling lt: invalid type for comparison"#,
    ),
    (
        "{{lt .spec.n 1}}",
        r#"1:2: executing "output" at <lt .spec.n 1>: error calling lt: invalid type for comparison"#,
    ),
    (
        "{{eq .spec.l .spec.em}}",
        r#"1:2: executing "output" at <eq .spec.l .spec.em>: error calling eq: non-comparable types []interface {}, map[string]interface {}"#,
    ),
    (
        "{{eq .spec.l .spec.el}}",
        r#"1:2: executing "output" at <eq .spec.l .spec.el>: error calling eq: non-comparable type []interface {}"#,
    ),
    (
        "{{eq .spec.l 1}}",
        r#"1:2: executing "output" at <eq .spec.l 1>: error calling eq: incompatible types for comparison: []interface {} and int"#,
    ),
    (
        "{{eq 1}}",
        r#"1:2: executing "output" at <eq 1>: error calling eq: missing argument for comparison"#,
    ),
    (
        "{{eq}}",
        r#"1:2: executing "output" at <eq>: wrong number of args for eq: want at least 1 got 0"#,
    ),
    (
        "{{len .spec.n}}",
        r#"1:2: executing "output" at <len .spec.n>: error calling len: len of nil pointer"#,
    ),
    ("{{len 3}}", r#"1:2: executing "output" at <len 3>: error calling len: len of type int"#),
    (
        "{{len nil}}",
        r#"1:2: executing "output" at <len nil>: error calling len: reflect: call of reflect.Value.Type on zero Value"#,
    ),
    (
        "{{len .spec.nope}}",
        r#"1:2: executing "output" at <len .spec.nope>: error calling len: reflect: call of reflect.Value.Type on zero Value"#,
    ),
    ("{{not}}", r#"1:2: executing "output" at <not>: wrong number of args for not: want 1 got 0"#),
    (
        "{{not 1 2}}",
        r#"1:2: executing "output" at <not>: wrong number of args for not: want 1 got 2"#,
    ),
    (
        "{{printf .spec.nope}}",
        r#"1:14: executing "output" at <.spec.nope>: invalid value; expected string"#,
    ),
    (
        "{{printf .spec.n}}",
        r#"1:14: executing "output" at <.spec.n>: wrong type for value; expected string; got interface {}"#,
    ),
    ("{{printf 3}}", r#"1:9: executing "output" at <3>: expected string; found 3"#),
    ("{{printf nil}}", r#"1:9: executing "output" at <nil>: cannot assign nil to string"#),
    (
        "{{printf .spec.f}}",
        r#"1:14: executing "output" at <.spec.f>: wrong type for value; expected string; got float64"#,
    ),
    (
        "{{printf .}}",
        r#"1:9: executing "output" at <.>: wrong type for value; expected string; got map[string]interface {}"#,
    ),
    (
        "{{.spec.f.x}}",
        r#"1:7: executing "output" at <.spec.f.x>: can't evaluate field x in type interface {}"#,
    ),
    (
        "{{$x := 1}}{{$x.y}}",
        r#"1:15: executing "output" at <$x.y>: can't evaluate field y in type int"#,
    ),
    (
        "{{(.spec).n.x}}",
        r#"1:3: executing "output" at <.spec>: nil pointer evaluating interface {}.x"#,
    ),
    ("{{(1).x}}", r#"1:3: executing "output" at <1>: can't evaluate field x in type int"#),
    ("{{call nil}}", r#"1:2: executing "output" at <call nil>: error calling call: call of nil"#),
    (
        "{{call .spec.nope}}",
        r#"1:2: executing "output" at <call .spec.nope>: error calling call: call of nil"#,
    ),
    (
        "{{call}}",
        r#"1:2: executing "output" at <call>: wrong number of args for call: want at least 1 got 0"#,
    ),
    (
        "{{1|call}}",
        r#"1:4: executing "output" at <call>: error calling call: non-function <int Value> of type int"#,
    ),
    (
        "{{call 1 2}}",
        r#"1:2: executing "output" at <call 1 2>: error calling call: non-function 1 of type int"#,
    ),
    (
        "{{not|printf}}",
        r#"1:2: executing "output" at <not>: wrong number of args for not: want 1 got 0"#,
    ),
    (
        "{{slice .spec.l 0 4}}{{slice .spec.el 0 0}}{{slice .spec.el 0 1}}",
        r#"1:45: executing "output" at <slice .spec.el 0 1>: error calling slice: index out of range"#,
    ),
    (
        "{{index .spec.u 25}}",
        r#"1:2: executing "output" at <index .spec.u 25>: error calling index: index out of range"#,
    ),
    (
        "{{.kind 1}}",
        r#"1:2: executing "output" at <.kind>: kind is not a method but has arguments"#,
    ),
    (
        "{{.kind|.apiVersion}}",
        r#"1:8: executing "output" at <.apiVersion>: apiVersion is not a method but has arguments"#,
    ),
    ("{{1 2}}", r#"1:2: executing "output" at <1>: can't give argument to non-function 1"#),
    ("{{$x = 1}}", r#"1:7: executing "output" at <1>: undefined variable: $x"#),
    ("{{$ 1}}", r#"1:2: executing "output" at <$>: can't give argument to non-function $"#),
    (
        "{{define \"a\"}}{{.x.y.z}}{{end}}\n {{template \"a\" .kind}}",
        r#"1:18: executing "a" at <.x.y.z>: can't evaluate field x in type string"#,
    ),
    (
        "{{and false ($x := 1)}}{{$x}}",
        r#"1:25: executing "output" at <$x>: undefined variable: $x"#,
    ),
    (
        "{{9223372036854775808}}",
        r#"1:2: executing "output" at <9223372036854775808>: 9223372036854775808 overflows int"#,
    ),
    (
        "{{print 1 | len 1}}",
        r#"1:12: executing "output" at <len>: wrong number of args for len: want 1 got 2"#,
    ),
    (
        r#"{{printf "%d" 9223372036854775808}}"#,
        r#"1:14: executing "output" at <9223372036854775808>: 9223372036854775808 overflows int"#,
    ),
    ("{{nil}}", r#"1:2: executing "output" at <nil>: nil is not a command"#),
    (
        "{{true false}}",
        r#"1:2: executing "output" at <true>: can't give argument to non-function true"#,
    ),
    (
        r#"{{define "r"}}{{template "r"}}{{end}}{{template "r"}}"#,
        r#"1:25: executing "r" at <{{template "r"}}>: exceeded maximum template depth (100000)"#,
    ),
    (
        r#"{{base64decode "T"}}"#,
        r#"1:2: executing "output" at <base64decode "T">: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0"#,
    ),
    ("{{base64decode 3}}", r#"1:15: executing "output" at <3>: expected string; found 3"#),
    ("{{base64decode nil}}", r#"1:15: executing "output" at <nil>: cannot assign nil to string"#),
    (
        "{{base64decode .spec.i}}",
        r#"1:20: executing "output" at <.spec.i>: wrong type for value; expected string; got int64"#,
    ),
    (
        r#"{{range $x,$y := index "a" 0}}{{end}}"#,
        r#"1:27: executing "output" at <0>: can't use a value of type uint8 to iterate over more than one variable"#,
    ),
    (
        r#"{{template "a" 1 | print}}"#,
        r#"1:11: executing "output" at <{{template "a" 1 | print}}>: template "a" not defined"#,
    ),
    ("{{(print 1).x}}", r#"1:9: executing "output" at <1>: can't evaluate field x in type string"#),
    (
        "{{.spec.l.x}}",
        r#"1:7: executing "output" at <.spec.l.x>: can't evaluate field x in type interface {}"#,
    ),
    (
        "{{.spec.l 1}}",
        r#"1:7: executing "output" at <.spec.l>: l is not a method but has arguments"#,
    ),
    (
        "{{(.kind) 1}}",
        r#"1:2: executing "output" at <(.kind) 1>: can't give argument to non-function .kind"#,
    ),
    (
        "{{1 | .kind}}",
        r#"1:6: executing "output" at <.kind>: kind is not a method but has arguments"#,
    ),
    (
        "{{$x := 1}}{{$x 2}}",
        r#"1:13: executing "output" at <$x>: can't give argument to non-function $x"#,
    ),
    (
        "{{$x := 1}}{{2 | $x}}",
        r#"1:17: executing "output" at <$x>: can't give argument to non-function $x"#,
    ),
    (
        "{{1 | (print 2)}}",
        r#"1:2: executing "output" at <1>: can't give argument to non-function print 2"#,
    ),
    ("{{print.x}}", r#"1:2: executing "output" at <print>: can't evaluate field x in type string"#),
    (
        "{{.kind.x.y}}",
        r#"1:7: executing "output" at <.kind.x.y>: can't evaluate field x in type interface {}"#,
    ),
    (
        r#"{{"a" "b"}}"#,
        r#"1:2: executing "output" at <"a">: can't give argument to non-function "a""#,
    ),
    ("{{$x := $x}}", r#"1:8: executing "output" at <$x>: undefined variable: $x"#),
    ("{{nil | print}}", r#"1:2: executing "output" at <nil>: nil is not a command"#),
    ("{{. .}}", r#"1:2: executing "output" at <.>: can't give argument to non-function ."#),
    (
        "{{.kind .}}",
        r#"1:2: executing "output" at <.kind>: kind is not a method but has arguments"#,
    ),
    (
        "{{(print).x}}",
        r#"1:3: executing "output" at <print>: can't evaluate field x in type string"#,
    ),
    ("{{1 -1}}", r#"1:2: executing "output" at <1>: can't give argument to non-function 1"#),
    (
        "{{18446744073709551615}}",
        r#"1:2: executing "output" at <18446744073709551615>: 18446744073709551615 overflows int"#,
    ),
    (
        "{{0xffffffffffffffff}}",
        r#"1:2: executing "output" at <0xffffffffffffffff>: 0xffffffffffffffff overflows int"#,
    ),
];

#[test]
fn what_fails_in_kubectl_fails_without_a_value_in_the_message() {
    for (template, expected) in CASES {
        let error = run(template).err().map(|e| e.to_string());
        assert_eq!(error, Some(format!("template: output:{expected}")), "{template}");
    }
}
