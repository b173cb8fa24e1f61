//! Logins as a Docker configuration.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{Form, Login};
use crate::golang::json::push_bytes;
use crate::material::docker_server::Server;
use crate::secret::Value;
use crate::secret::manifest::push_base64;

/// `{"auths":{SERVER:{"username":…,"password":…,"email":…,"auth":…}}}`, compact, sorted and escaped
/// as Go writes it. An identity token stands behind them, as Docker has it.
pub(crate) fn write(form: Form, logins: &BTreeMap<Server, Login>) -> Value {
    // An escape makes at most six bytes of one; `auth` is never longer than that either.
    let room: usize = logins.iter().map(|(server, login)| room(server, login)).sum();
    let mut json = Zeroizing::new(Vec::with_capacity(room + 128));
    json.extend_from_slice(match form {
        Form::Config => b"{\"auths\":{",
        Form::Legacy => b"{",
    });
    for (i, (server, login)) in logins.iter().enumerate() {
        if i > 0 {
            json.push(b',');
        }
        push_bytes(server.as_bytes(), &mut json);
        json.push(b':');
        push_login(login, &mut json);
    }
    json.extend_from_slice(match form {
        Form::Config => b"}}",
        Form::Legacy => b"}",
    });
    Value::from(json)
}

fn room(server: &Server, login: &Login) -> usize {
    let token = login.identity_token.as_ref().map_or(0, Value::len);
    let values = login.username.len() + login.password.len() + login.email.len() + token;
    (server.as_bytes().len() + values) * 8 + 128
}

fn push_login(login: &Login, json: &mut Vec<u8>) {
    let Login { username, password, email, identity_token, .. } = login;
    let mut before = b'{';
    let mut field = |name: &str, value: &[u8], json: &mut Vec<u8>| {
        json.extend_from_slice(&[before, b'"']);
        json.extend_from_slice(name.as_bytes());
        json.extend_from_slice(b"\":");
        push_bytes(value, json);
        before = b',';
    };
    for (name, value) in [("username", username), ("password", password), ("email", email)] {
        if !value.is_empty() {
            field(name, value.as_bytes(), json);
        }
    }
    if !username.is_empty() || !password.is_empty() {
        let pair = Zeroizing::new([username.as_bytes(), b":", password.as_bytes()].concat());
        let mut auth = Zeroizing::new(Vec::with_capacity(pair.len() * 2 + 4));
        push_base64(&pair, &mut auth);
        field("auth", &auth, json);
    }
    if let Some(token) = identity_token {
        field("identitytoken", token.as_bytes(), json);
    }
    if before == b'{' {
        json.push(b'{');
    }
    json.push(b'}');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::material::docker_config::DockerConfig;

    fn login(username: &[u8], password: &[u8]) -> Login {
        Login::new(Value::new(username.to_vec()), Value::new(password.to_vec()))
    }

    #[test]
    fn raw_bytes_stand_in_auth_alone() {
        let logins = BTreeMap::from([(Server::new("a<b"), login(b"u", b"p\xff"))]);
        let want = "{\"auths\":{\"a\\u003cb\":{\"username\":\"u\",\"password\":\"p\\ufffd\",\
                    \"auth\":\"dTpw/w==\"}}}";
        assert_eq!(write(Form::Config, &logins).as_text(), Some(want));
    }

    #[test]
    fn several_and_tokens() {
        let token = Login { identity_token: Some(Value::new(b"t".to_vec())), ..login(b"", b"") };
        let email = Login { email: Value::new(b"e".to_vec()), ..login(b"u", b"p") };
        let logins = BTreeMap::from([
            (Server::new("b"), token),
            (Server::new("a"), email),
            (Server::new("c"), login(b"", b"")),
        ]);
        let want = "{\"a\":{\"username\":\"u\",\"password\":\"p\",\"email\":\"e\",\"auth\":\"dTpw\"},\
                    \"b\":{\"identitytoken\":\"t\"},\"c\":{}}";
        assert_eq!(write(Form::Legacy, &logins).as_text(), Some(want));
        assert_eq!(write(Form::Config, &BTreeMap::new()).as_text(), Some("{\"auths\":{}}"));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            logins in prop::collection::btree_map(
                "[ -~é\u{2028}]{1,9}",
                ("[^:]{1,9}", prop::collection::vec(any::<u8>(), 1..9), ".{0,3}", any::<bool>()),
                1..5,
            ),
            legacy: bool,
        ) {
            let form = if legacy { Form::Legacy } else { Form::Config };
            let logins: BTreeMap<_, _> = logins.into_iter().map(|(server, (name, password, email, token))| {
                let login = Login {
                    email: Value::new(email.into_bytes()),
                    identity_token: token.then(|| Value::new(b"t".to_vec())),
                    ..login(name.as_bytes(), &password)
                };
                (Server::new(server), login)
            }).collect();
            // A server of that name would make the one form look like the other.
            let fields = ["auths", "credsstore", "credhelpers", "httpheaders"];
            prop_assume!(!logins.keys().any(|server| {
                let name = String::from_utf8_lossy(server.as_bytes()).to_lowercase();
                fields.contains(&name.as_str())
            }));
            let json = write(form, &logins);
            let read = DockerConfig::parse(json.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
            prop_assert_eq!(read.form, form);
            let mut entries = read.entries.into_iter();
            for (server, login) in &logins {
                let (name, entry) = entries.next().unwrap();
                let back = entry.login.unwrap_or_else(|e| panic!("{e}"));
                prop_assert_eq!(&name, server);
                prop_assert_eq!(&back.username, &login.username);
                prop_assert_eq!(&back.password, &login.password);
                prop_assert_eq!(&back.email, &login.email);
                prop_assert_eq!(&back.identity_token, &login.identity_token);
                prop_assert_eq!(back.other_name, None);
            }
            prop_assert!(entries.next().is_none());
        }
    }
}
