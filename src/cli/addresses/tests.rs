use super::*;

#[test]
fn takes_servers() {
    for text in [
        "",
        "a",
        "a_b",
        "*",
        "localhost:1",
        "a:",
        ":",
        ":1",
        "?a",
        "#b",
        "@",
        "a?b",
        "a/",
        "é",
        "a%c3b",
        "a%25b",
        "a\"b",
        "a@b@c",
        "a]",
        "1.2.3.4:5",
        "[::1]",
        "[::1]:5",
        "[::1%25en%20]",
        "[::ffff:1.2.3.4]",
        "http://a",
        "HTTP://a:99999",
        "http://a:",
        "ftp://a::1",
        "http://u:p@a",
        "http://a/b?c d",
        "http://a/ b",
        "http://a?%zz",
        "http://a#\u{1}",
        "http://[::1%25eth0]",
    ] {
        assert_eq!(check_server(text), Ok(()), "{text}");
    }
}

#[test]
fn refuses_servers_in_kubectls_words() {
    for (text, said) in [
        (" ", r#"invalid character " " in host name"#),
        ("a`b", r#"invalid character "`" in host name"#),
        ("a:b", r#"invalid port ":b" after host"#),
        ("::1", r#"invalid port "::1" after host"#),
        ("[::1]x", r#"invalid port "x" after host"#),
        ("http:a", r#"invalid port ":a" after host"#),
        ("a\u{1}", "net/url: invalid control character in URL"),
        ("a\u{7f}", "net/url: invalid control character in URL"),
        ("http://a%zz", r#"invalid URL escape "%zz""#),
        ("http://a/%2", r#"invalid URL escape "%2""#),
        ("a#%zz", r#"invalid URL escape "%zz""#),
        ("a%20b", r#"invalid URL escape "%20""#),
        ("[::1%25%zz]", r#"invalid URL escape "%zz""#),
        ("[::1%25%01]", r#"invalid URL escape "%01""#),
        ("a b@c", "net/url: invalid userinfo"),
        ("[::1", "missing ']' in host"),
        ("a[::1]", "invalid IP-literal"),
        ("[1.2.3.4]", "invalid IP-literal"),
        ("[a]", r#"invalid host: ParseAddr("a"): unable to parse IP"#),
        ("[::1%25]", r#"invalid host: ParseAddr("::1%"): zone must be a non-empty string"#),
        ("[1:2]", r#"invalid host: ParseAddr("1:2"): address string too short"#),
        (
            "[::g]",
            r#"invalid host: ParseAddr("::g"): each colon-separated field must have at least one digit (at "g")"#,
        ),
    ] {
        let line = check_server(text).map_err(|error| error.to_string());
        assert_eq!(line, Err(said.to_owned()), "{text}");
    }
    for text in
        ["/a", "//a", "a/b", "http://", "http:///x", "http://a:b", "http://[::1", "http://a b"]
    {
        let line = check_server(text).map_err(|error| error.to_string());
        let said = format!("host must be a URL or a host:port pair: {}", shown::Address(text));
        assert_eq!(line, Err(said), "{text}");
    }
}

#[test]
fn tells_no_password() {
    for text in [
        "http://u:hunter2@a b",
        "u:hunter2@a/b",
        "u:hunter2/x@a",
        "u:hunter2#x@a",
        "u:x%hunter2@a",
        "http://u:%hunter2@a/%zz",
        "http://u:hunter2@a:b",
    ] {
        let said = check_server(text).map_err(|error| error.to_string()).unwrap_err();
        assert!(!said.contains("hu"), "{text}: {said}");
    }
    let said = check_proxy("http://u:hunter2@a b").map_err(|error| error.to_string());
    assert_eq!(said, Err("could not parse: (16 bytes, not shown)".to_owned()));
}

#[test]
fn takes_and_refuses_proxies() {
    for text in ["", "http://a", "HTTP://a", "https://a:1/b", "http:", "http:a", "socks5://a"] {
        assert_eq!(check_proxy(text), Ok(()), "{text}");
    }
    for (text, said) in [
        ("a", r#"unsupported scheme "", must be http, https, or socks5"#),
        ("//a", r#"unsupported scheme "", must be http, https, or socks5"#),
        ("a:b", r#"unsupported scheme "a", must be http, https, or socks5"#),
        ("Socks5h://a", "unsupported scheme (7 bytes, not shown), must be http, https, or socks5"),
        (":x", "could not parse: (2 bytes, not shown)"),
        ("1:x", "could not parse: (3 bytes, not shown)"),
        ("http://a b", "could not parse: (10 bytes, not shown)"),
    ] {
        assert_eq!(check_proxy(text).map_err(|e| e.to_string()), Err(said.to_owned()), "{text}");
    }
}
