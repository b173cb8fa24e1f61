//! Tests of [`super`], in a file of their own for their length.

use base64::Engine as _;
use proptest::prelude::*;

use super::*;

/// The configuration as words.
fn words(json: &str) -> String {
    let config = match DockerConfig::parse(json.as_bytes()) {
        Err(error) => return error.to_string(),
        Ok(config) => config,
    };
    let mut words = Vec::new();
    if config.form == Form::Legacy {
        words.push("legacy".to_owned());
    }
    for (server, Entry { line, login }) in &config.entries {
        let login = match login {
            Err(why) => format!("{why}{}", if why.spoils_all() { "!" } else { "" }),
            Ok(login) => {
                let text = |value: &Value| value.as_bytes().escape_ascii().to_string();
                let token = login.identity_token.as_ref().map(|token| format!("+{}", text(token)));
                let email = if login.email.is_empty() { "" } else { "@" };
                let differs =
                    login.other_name.map(|other| format!(" {other:?}")).unwrap_or_default();
                let (username, password) = (text(&login.username), text(&login.password));
                format!("{username}/{password}{}{email}{differs}", token.unwrap_or_default())
            }
        };
        words.push(format!("{server} {line} {login}"));
    }
    words.extend(config.store.as_ref().map(|store| format!("store {store}")));
    words.extend(config.helpers.iter().map(|(server, name)| format!("{server} {name}")));
    words.join("; ")
}

#[test]
fn configurations() {
    let rows = [
        ("{}", ""),
        ("null", ""),
        ("{\"auths\":null}", ""),
        ("{\"auths\":{}}", ""),
        ("{\"a\":[1,{}],\"auths\":{\"r\":{\"auth\":\"dTpw\"}}}", "r 1 u/p"),
        (
            "{\"auths\":{\"r\":\n{\"auth\":\"dTpw\"},\n\"s\":{\"auth\":\"dTpw\"}}}",
            "r 1 u/p; s 3 u/p",
        ),
        // Padding or none, line ends, bits that are left over; a colon in the password.
        ("{\"auths\":{\"r\":{\"auth\":\"dXM6cA==\"}}}", "r 1 us/p"),
        ("{\"auths\":{\"r\":{\"auth\":\"dXM6cA\"}}}", "r 1 us/p"),
        ("{\"auths\":{\"r\":{\"auth\":\"dX\\nM6cA==\\r\\n\"}}}", "r 1 us/p"),
        ("{\"auths\":{\"r\":{\"auth\":\"dXM6cB==\"}}}", "r 1 us/p"),
        ("{\"auths\":{\"r\":{\"auth\":\"dTpwOnA=\"}}}", "r 1 u/p:p"),
        ("{\"auths\":{\"r\":{\"auth\":\"dTr/\"}}}", "r 1 u/\\xff"),
        ("{\"auths\":{\"r\":{\"username\":\"u\",\"password\":\"p\"}}}", "r 1 u/p"),
        // auth counts before the two others.
        (
            "{\"auths\":{\"r\":{\"username\":\"x\",\"password\":\"y\",\"auth\":\"dTpw\"}}}",
            "r 1 u/p Else",
        ),
        (
            "{\"auths\":{\"r\":{\"username\":\"u:p\",\"password\":\"q\",\"auth\":\"dTpwOnE=\"}}}",
            "r 1 u/p:q Colon",
        ),
        ("{\"auths\":{\"r\":{\"username\":\"u\",\"email\":\"e\",\"auth\":\"dTpw\"}}}", "r 1 u/p@"),
        // Names in any case of letters, the last one counts, null is none.
        ("{\"AUTHS\":{\"r\":{\"Auth\":\"!\",\"aUTH\":\"dTpw\",\"auth\":null}}}", "r 1 u/p"),
        ("{\"auth\u{17f}\":{\"r\":{\"auth\":\"dTpw\"}}}", "r 1 u/p"),
        (
            "{\"auths\":{\"r\":{},\"r\":{\"auth\":\"dTpw\"}},\"auths\":{\"s\":{}}}",
            "r 1 u/p; s 1 it has no login",
        ),
        // Without a login, or with half of one.
        ("{\"auths\":{\"r\":{}}}", "r 1 it has no login"),
        ("{\"auths\":{\"r\":null}}", "r 1 it has no login"),
        ("{\"auths\":{\"r\":{\"auth\":\"\"}}}", "r 1 it has no login"),
        ("{\"auths\":{\"r\":{\"auth\":\"Og==\"}}}", "r 1 its user name is empty"),
        ("{\"auths\":{\"r\":{\"auth\":\"OnA=\"}}}", "r 1 its user name is empty"),
        ("{\"auths\":{\"r\":{\"auth\":\"dTo=\"}}}", "r 1 its password is empty"),
        ("{\"auths\":{\"r\":{\"username\":\"u\"}}}", "r 1 its password is empty"),
        ("{\"auths\":{\"r\":{\"email\":\"e\"}}}", "r 1 it has no login"),
        ("{\"auths\":{\"r\":{\"identitytoken\":\"t\"}}}", "r 1 /+t"),
        ("{\"auths\":{\"r\":{\"identitytoken\":\"t\",\"auth\":\"dTo=\"}}}", "r 1 u/+t"),
        ("{\"auths\":{\"r\":{\"identitytoken\":5}}}", "r 1 it has no login"),
        (
            "{\"auths\":{\"r\":{\"registrytoken\":\"t\"}}}",
            "r 1 it has only a registry token, which a kubelet does not support",
        ),
        ("{\"auths\":{\"r\":{\"registrytoken\":\"t\",\"auth\":\"dTpw\"}}}", "r 1 u/p"),
        ("{\"auths\":{\"r\":{\"registrytoken\":5}}}", "r 1 it has no login"),
        // What a kubelet cannot read, and all other logins with it.
        ("{\"auths\":{\"r\":{\"auth\":\"hunter2!\"}}}", "r 1 its auth is not base64!"),
        ("{\"auths\":{\"r\":{\"auth\":\"dTpw \"}}}", "r 1 its auth is not base64!"),
        ("{\"auths\":{\"r\":{\"auth\":\"dXM6cA=\"}}}", "r 1 its auth is not base64!"),
        (
            "{\"auths\":{\"r\":{\"auth\":\"dXA=\"}}}",
            "r 1 its auth does not decode to USER:PASSWORD!",
        ),
        (
            "{\"auths\":{\"r\":{\"auth\":{\"a\":\"dTpw\"}}}}",
            "r 1 its auth is an object, not a string!",
        ),
        (
            "{\"auths\":{\"r\":{\"password\":5,\"auth\":\"dTpw\"}}}",
            "r 1 its password is a number, not a string!",
        ),
        ("{\"auths\":{\"r\":\"dTpw\"}}", "r 1 it is a string, not an object!"),
        // Programs that keep them.
        (
            "{\"auths\":{\"r\":{}},\"credsStore\":\"desktop\"}",
            "r 1 it has no login; store docker-credential-desktop",
        ),
        (
            "{\"credsStore\":\"\",\"credHelpers\":{\"g\":\"gcloud\",\"x\":\"\"}}",
            "g docker-credential-gcloud",
        ),
        ("{\"credsStore\":\"../x\"}", "store a program that has no proper name"),
        // The older form.
        ("{\"r\":{\"auth\":\"dTpw\",\"email\":\"e\"}}", "legacy; r 1 u/p@"),
        ("{\"r\":{\"a\":1}}", ""),
        // No configuration.
        ("", "it is empty (line 1, column 1)"),
        ("[]", "the whole is an array, not an object (line 1)"),
        ("{\n\"auths\":\n[]}", "auths is an array, not an object (line 3)"),
        (
            "{\"HttpHeaders\":{\"a\":\"b\",\"c\":1}}",
            "a header in HttpHeaders is a number, not a string (line 1)",
        ),
        ("{\"HttpHeaders\":1}", "HttpHeaders is a number, not an object (line 1)"),
    ];
    for (json, want) in rows {
        assert_eq!(words(json), want, "{json}");
    }
}

#[test]
fn the_program_of_a_server() {
    let json = b"{\"credsStore\":\"pass\",\"credHelpers\":{\"gcr.io\":\"gcloud\"}}";
    let config = DockerConfig::parse(json).unwrap_or_else(|error| panic!("{error}"));
    let program = |server: &str| config.helper(&Server::new(server)).and_then(HelperName::program);
    assert_eq!(program("gcr.io").as_deref(), Some("docker-credential-gcloud"));
    assert_eq!(program("ghcr.io").as_deref(), Some("docker-credential-pass"));
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = DockerConfig::parse(&bytes);
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "\"auths\"", ":", ",", "\"r\"", "\"auth\"", "\"dTpw\"", "null", "[", "]", "1",
        "\"username\"", "\"credsStore\"", "\"credHelpers\"", "\"HttpHeaders\"", "\n", "\"\\ud800\"",
    ]), 0..30)) {
        let _ = DockerConfig::parse(pieces.concat().as_bytes());
    }

    #[test]
    fn base64_of_every_login(username in "[^:]{1,9}", password in ".{1,9}", padded: bool) {
        let pair = format!("{username}:{password}");
        let auth = base64::prelude::BASE64_STANDARD.encode(&pair);
        let auth = if padded { auth.as_str() } else { auth.trim_end_matches('=') };
        let json = serde_json::json!({ "auths": { "r": { "auth": auth } } }).to_string();
        let config = DockerConfig::parse(json.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        let login = config.entries[&Server::new("r")].login.as_ref().unwrap_or_else(|e| panic!("{e}"));
        prop_assert_eq!(login.username.as_text(), Some(&*username));
        prop_assert_eq!(login.password.as_text(), Some(&*password));
    }
}

#[test]
fn replies() {
    let rows = [
        ("{\"ServerURL\":\"a\",\"Username\":\"u\",\"Secret\":\"p\"}\n", Some(("u", "p", None))),
        ("{\"username\":\"u\",\"SECRET\":\"p\"}", Some(("u", "p", None))),
        ("{\"Username\":\"<token>\",\"Secret\":\"t\"}", Some(("", "", Some("t")))),
        ("{\"Username\":\"u\",\"Secret\":\"\"}", None),
        ("{\"Username\":\"\",\"Secret\":\"p\"}", None),
        ("{\"Username\":\"u\",\"Secret\":5}", None),
        ("{}", None),
        ("null", None),
        ("", None),
        ("credentials not found in native keychain", None),
    ];
    for (answer, want) in rows {
        let login = parse_reply(answer.as_bytes());
        let texts = login.as_ref().map(|login| {
            let text = |value: &'_ Value| value.as_text().unwrap().to_owned();
            (text(&login.username), text(&login.password), login.identity_token.as_ref().map(text))
        });
        let want = want.map(|(u, p, t)| (u.to_owned(), p.to_owned(), t.map(str::to_owned)));
        assert_eq!(texts, want, "{answer}");
    }
}

#[test]
fn files_as_windows_writes_them() {
    let le: Vec<u8> = "{é\u{1f600}}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = "{é\u{1f600}}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let rows = [
        (b"{}".to_vec(), "{}"),
        (b"\xef\xbb\xbf{}".to_vec(), "{}"),
        ([b"\xff\xfe", &le[..]].concat(), "{é\u{1f600}}"),
        ([b"\xfe\xff", &be[..]].concat(), "{é\u{1f600}}"),
        (le, "{é\u{1f600}}"),
        (be, "{é\u{1f600}}"),
        (b"\xff\xfe".to_vec(), ""),
        (b"\xff\xfe{\0}".to_vec(), "{"),
        (Vec::new(), ""),
    ];
    for (bytes, want) in rows {
        assert_eq!(std::str::from_utf8(&plain_text(&bytes)), Ok(want), "{bytes:?}");
    }
}
