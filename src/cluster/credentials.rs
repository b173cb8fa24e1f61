//! From a kubeconfig's user and the flags to a caller that a client can be built with: files are
//! read, a plugin is run (client-go's `getUserIdentificationPartialConfig` and what its transport
//! makes of it).

use std::collections::HashMap;
use std::path::Path;

use kube::config::AuthInfo;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::config_error::{ConfigError, Part, ValueOrigin};
use super::exec::Plugin;
use super::kubeconfig::{Record, check_redacted, to_base64};
use super::{exec, headers};
use crate::kuberc::PluginPolicy;
use crate::reach::Reach;
use crate::secret::Value;
use crate::sources::Inputs;

/// The only provider that kubectl has left.
const OIDC: &str = "oidc";

/// Makes the user of `login` one that a client can be built with, once the plugin has run if there
/// is one. Without TLS nothing is sent that proves anything, as with kubectl: whoever listens would
/// have it.
pub(super) fn prepare(
    mut user: AuthInfo,
    login: &Record,
    reach: &Reach,
    is_secured: bool,
    inputs: &Inputs,
) -> Result<(AuthInfo, Option<Plugin>), ConfigError> {
    normalize(&mut user);
    override_by_flags(&mut user, reach);
    let basic = user.username.is_some() || user.password.is_some();
    let token = user.token.is_some() || user.token_file.is_some();
    if basic && token {
        let logins = ("a token", "a user name with password");
        return Err(ConfigError::TwoLogins { part: login.part.clone(), logins });
    }
    if user.exec.is_some() && user.auth_provider.is_some() {
        let logins = ("exec", "auth-provider");
        return Err(ConfigError::TwoLogins { part: login.part.clone(), logins });
    }
    if let Some(provider) = user.auth_provider.as_ref().filter(|provider| provider.name != OIDC) {
        let provider = provider.name.clone();
        return Err(ConfigError::Provider { part: login.part.clone(), name: provider });
    }
    act_as(&mut user, reach);
    if user.impersonate.is_none()
        && (user.impersonate_uid.is_some()
            || user.impersonate_groups.as_ref().is_some_and(|groups| !groups.is_empty())
            || user.impersonate_user_extra.as_ref().is_some_and(|extra| !extra.is_empty()))
    {
        return Err(ConfigError::NobodyToActAs { user: login.part.name().to_owned() });
    }
    if !is_secured {
        let AuthInfo {
            impersonate,
            impersonate_uid,
            impersonate_groups,
            impersonate_user_extra,
            ..
        } = user;
        let anonymous = AuthInfo {
            impersonate,
            impersonate_uid,
            impersonate_groups,
            impersonate_user_extra,
            ..AuthInfo::default()
        };
        return Ok((anonymous, None));
    }
    let mut origin = match &reach.token {
        Some(_) => ValueOrigin::Flag("--token"),
        None => ValueOrigin::Kubeconfig(login.place("token")),
    };
    read_token_file(&mut user, login, &mut origin, inputs)?;
    check_values(&user, login, reach)?;
    read_pair(&mut user, login, reach, inputs)?;
    if basic {
        // kube takes both or none.
        user.username.get_or_insert_default();
        user.password.get_or_insert_with(|| String::new().into());
    }
    if basic || token || user.client_certificate_data.is_some() {
        user.exec = None;
    }
    if token {
        user.auth_provider = None;
    }
    check_policy(&user, &reach.plugins, inputs)?;
    let plugin = exec::plugin(&mut user, login, inputs)?;
    if let Some(token) = &user.token {
        check_token(token, &login.part, origin)?;
    }
    if let Some(token) = user.auth_provider.as_ref().and_then(|oidc| oidc.config.get("id-token")) {
        let origin = ValueOrigin::Kubeconfig(login.place("auth-provider"));
        headers::check("the ID token", token, &login.part, origin)?;
    }
    Ok((user, plugin))
}

/// Refuses a token that cannot be sent.
pub(super) fn check_token(
    token: &SecretString,
    owner: &Part,
    origin: ValueOrigin,
) -> Result<(), ConfigError> {
    headers::check("the token", token.expose_secret(), owner, origin)
}

/// Whether the kubeconfig's user, or a flag, has something that proves who it is.
pub(super) fn has_login(user: &AuthInfo, reach: &Reach) -> bool {
    let of_user = user.token.is_some()
        || user.token_file.is_some()
        || user.username.is_some()
        || user.password.is_some()
        || user.client_certificate.is_some()
        || user.client_certificate_data.is_some()
        || user.exec.is_some()
        || user.auth_provider.is_some();
    of_user
        || reach.token.is_some()
        || reach.username.is_some()
        || reach.password.is_some()
        || reach.client_certificate.is_some()
}

/// Refuses what was redacted, unless a flag has taken its place.
fn check_values(user: &AuthInfo, login: &Record, reach: &Reach) -> Result<(), ConfigError> {
    if let Some(token) = user.token.as_ref().filter(|_| reach.token.is_none()) {
        check_redacted(login, "token", token.expose_secret())?;
    }
    if let Some(password) = user.password.as_ref().filter(|_| reach.password.is_none()) {
        check_redacted(login, "password", password.expose_secret())?;
    }
    if let Some(data) = &user.client_certificate_data {
        check_redacted(login, "client-certificate-data", data)?;
    }
    if let Some(data) = user.client_key_data.as_ref().filter(|_| has_certificate(user)) {
        check_redacted(login, "client-key-data", data.expose_secret())?;
    }
    Ok(())
}

fn has_certificate(user: &AuthInfo) -> bool {
    user.client_certificate.is_some() || user.client_certificate_data.is_some()
}

/// Whether kubectl's preferences permit the user's plugin, if there is one.
fn check_policy(
    user: &AuthInfo,
    plugins: &PluginPolicy,
    inputs: &Inputs,
) -> Result<(), ConfigError> {
    let Some(command) = user.exec.as_ref().and_then(|exec| exec.command.as_deref()) else {
        return Ok(());
    };
    plugins
        .permits(command, inputs)
        .map_err(|refused| ConfigError::Policy { command: command.to_owned(), refused })
}

/// What is empty is not there.
fn normalize(user: &mut AuthInfo) {
    for field in [
        &mut user.username,
        &mut user.token_file,
        &mut user.client_certificate,
        &mut user.client_certificate_data,
        &mut user.client_key,
        &mut user.impersonate,
        &mut user.impersonate_uid,
    ] {
        if field.as_ref().is_some_and(String::is_empty) {
            *field = None;
        }
    }
    for field in [&mut user.password, &mut user.token, &mut user.client_key_data] {
        if field.as_ref().is_some_and(|text| text.expose_secret().is_empty()) {
            *field = None;
        }
    }
}

/// What the command line says takes the place of what the kubeconfig says. A token of the command
/// line wins over a token file, which kubectl reads instead.
fn override_by_flags(user: &mut AuthInfo, reach: &Reach) {
    let text = |secret: &Zeroizing<String>| secret.to_string();
    if let Some(token) = &reach.token {
        (user.token, user.token_file) = (Some(text(token).into()), None);
    }
    if let Some(username) = &reach.username {
        user.username = Some(username.clone());
    }
    if let Some(password) = &reach.password {
        user.password = Some(text(password).into());
    }
    if reach.client_certificate.is_some() {
        user.client_certificate.clone_from(&reach.client_certificate);
        user.client_certificate_data = None;
    }
    if reach.client_key.is_some() {
        user.client_key.clone_from(&reach.client_key);
        user.client_key_data = None;
    }
}

/// Whom to act as: each part by itself, the command line's before the kubeconfig's.
fn act_as(user: &mut AuthInfo, reach: &Reach) {
    if reach.act_as.is_some() {
        user.impersonate.clone_from(&reach.act_as);
    }
    if reach.act_under_uid.is_some() {
        user.impersonate_uid.clone_from(&reach.act_under_uid);
    }
    if !reach.act_in_groups.is_empty() {
        user.impersonate_groups = Some(reach.act_in_groups.clone());
    }
    if !reach.act_with_extra.is_empty() {
        let mut extra = HashMap::<String, Vec<String>>::new();
        for (key, value) in &reach.act_with_extra {
            extra.entry(key.clone()).or_default().push(value.clone());
        }
        user.impersonate_user_extra = Some(extra);
    }
}

/// The token file comes before a token beside it, which counts where the file cannot be read.
fn read_token_file(
    user: &mut AuthInfo,
    login: &Record,
    origin: &mut ValueOrigin,
    inputs: &Inputs,
) -> Result<(), ConfigError> {
    let Some(path) = user.token_file.take() else { return Ok(()) };
    let token = match inputs.read(Path::new(&path)) {
        Ok(read) => read.as_text().map(|text| Zeroizing::new(text.trim().to_owned())),
        Err(_) if user.token.is_some() => return Ok(()),
        Err(error) => return Err(ConfigError::File { path: path.into(), error }),
    };
    match token.filter(|token| !token.is_empty()) {
        Some(token) => {
            user.token = Some(token.to_string().into());
            *origin = ValueOrigin::File(path.into());
        }
        None if user.token.is_some() => {}
        None => return Err(ConfigError::NoToken { path: path.into(), part: login.part.clone() }),
    }
    Ok(())
}

/// Reads client certificate and key, so that a failure names the file.
fn read_pair(
    user: &mut AuthInfo,
    login: &Record,
    reach: &Reach,
    inputs: &Inputs,
) -> Result<(), ConfigError> {
    const CERTIFICATE: &str = "client-certificate";
    const KEY: &str = "client-key";
    let is_both = |what, file: &Option<String>, is_data: bool| match file {
        Some(_) if is_data => Err(ConfigError::Both { what, part: login.part.clone() }),
        _ => Ok(()),
    };
    is_both(CERTIFICATE, &user.client_certificate, user.client_certificate_data.is_some())?;
    is_both(KEY, &user.client_key, user.client_key_data.is_some())?;
    let certificate = has_certificate(user);
    let key = user.client_key.is_some() || user.client_key_data.is_some();
    match (certificate, key) {
        (true, false) => {
            return Err(ConfigError::HalfPair {
                part: login.part.clone(),
                has: CERTIFICATE,
                lacks: KEY,
                from_flag: reach.client_certificate.is_some(),
            });
        }
        // kubectl does not look at a key without certificate.
        (false, true) => (user.client_key, user.client_key_data) = (None, None),
        _ => {}
    }
    if let Some(path) = user.client_certificate.take() {
        user.client_certificate_data = Some(to_base64(read(path, inputs)?.as_bytes()));
    }
    if let Some(path) = user.client_key.take() {
        user.client_key_data = Some(to_base64(read(path, inputs)?.as_bytes()).into());
    }
    Ok(())
}

fn read(path: String, inputs: &Inputs) -> Result<Value, ConfigError> {
    let read = inputs.read(Path::new(&path));
    read.map_err(|error| ConfigError::File { path: path.into(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> AuthInfo {
        serde_json::from_str(text).unwrap()
    }

    /// What a client would prove itself with.
    fn settled(text: &str, reach: &Reach, is_secured: bool) -> String {
        let login = Record::absent(Part::User("u".to_owned()));
        let user = match prepare(user(text), &login, reach, is_secured, &Inputs::fixed()) {
            Ok((user, _)) => user,
            Err(error) => return error.to_string(),
        };
        let secret = |field: &Option<SecretString>| {
            field.as_ref().map_or("-".to_owned(), |text| text.expose_secret().to_owned())
        };
        let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
        let groups = user.impersonate_groups.unwrap_or_default().join("+");
        format!(
            "{} {}:{} as {} {groups}",
            secret(&user.token),
            text(&user.username),
            secret(&user.password),
            text(&user.impersonate)
        )
    }

    #[test]
    fn who_is_asking() {
        let secret = |text: &str| Some(Zeroizing::new(text.to_owned()));
        let text = |text: &str| Some(text.to_owned());
        let none = Reach::default;
        let two = "both a token and a user name with password are set (user u)";
        let rows = [
            (r#"{"token":"t"}"#, none(), "t -:- as - "),
            (r#"{"token":""}"#, none(), "- -:- as - "),
            (r#"{"token":"t","tokenFile":"/gone"}"#, none(), "t -:- as - "),
            (r#"{"token":"t"}"#, Reach { token: secret("f"), ..none() }, "f -:- as - "),
            (r#"{"tokenFile":"/gone"}"#, Reach { token: secret("f"), ..none() }, "f -:- as - "),
            (r#"{"username":"n"}"#, none(), "- n: as - "),
            (r#"{"password":"p"}"#, none(), "- :p as - "),
            (r#"{"username":"n","password":"p","token":"t"}"#, none(), two),
            (r#"{"token":"t"}"#, Reach { username: text("n"), ..none() }, two),
            (r#"{"as":"a","as-groups":["g"]}"#, none(), "- -:- as a g"),
            (
                r#"{"as":"a","as-groups":["g"]}"#,
                Reach { act_as: text("b"), ..none() },
                "- -:- as b g",
            ),
            (
                r#"{"as":"a","as-groups":["g"]}"#,
                Reach { act_in_groups: vec!["h".into(), "i".into()], ..none() },
                "- -:- as a h+i",
            ),
            (
                r#"{"as-groups":["g"]}"#,
                none(),
                "requesting uid, groups or user-extra for u without impersonating a user",
            ),
            (
                r#"{"auth-provider":{"name":"gcp","config":{"access-token":"t"}}}"#,
                none(),
                "the user \"u\" uses the auth provider \"gcp\", which kubectl does not support",
            ),
            (
                r#"{"client-certificate":"/gone"}"#,
                none(),
                "client-certificate is set without client-key (user u)",
            ),
            (r#"{"client-key":"/gone","client-key-data":"","token":"t"}"#, none(), "t -:- as - "),
            (
                r#"{"client-certificate":"/gone","client-certificate-data":"eA=="}"#,
                none(),
                "both client-certificate and client-certificate-data are set (user u)",
            ),
            (
                r#"{"client-certificate":"/gone","client-key":"/gone"}"#,
                none(),
                "/gone: no such file or directory",
            ),
        ];
        for (given, reach, wanted) in rows {
            assert_eq!(settled(given, &reach, true), wanted, "{given} {reach:?}");
        }
    }

    #[test]
    fn nothing_secret_goes_over_a_line_that_anyone_can_read() {
        let all = r#"{"token":"t","as":"a","client-certificate":"/gone","client-key":"/gone"}"#;
        assert_eq!(settled(all, &Reach::default(), false), "- -:- as a ");
        let plugin = r#"{"exec":{"command":"/gone"}}"#;
        assert_eq!(settled(plugin, &Reach::default(), false), "- -:- as - ");
    }
}
