//! What of a user becomes a header: checked by Go's rule (`httpguts.ValidHeaderFieldValue`) before
//! it reaches kube, which panics on a bearer token that cannot be one.

use std::fmt::Write as _;

use http::header::{HeaderName, HeaderValue};
use kube::config::AuthInfo;

use super::config_error::{ConfigError, HeaderFault, Part, ValueOrigin};
use super::kubeconfig::Record;
use crate::reach::Reach;

/// Refuses a text that no header may hold.
pub(super) fn check(
    what: &'static str,
    text: &str,
    owner: &Part,
    origin: ValueOrigin,
) -> Result<(), ConfigError> {
    match fault(text) {
        None => Ok(()),
        Some(fault) => {
            let (part, origin) = (owner.clone(), Box::new(origin));
            Err(ConfigError::Header { what, fault, part, origin })
        }
    }
}

fn fault(text: &str) -> Option<HeaderFault> {
    let bad = text.bytes().find(|byte| byte.is_ascii_control() && *byte != b'\t')?;
    Some(match bad {
        b'\n' => HeaderFault::Newline,
        b'\r' => HeaderFault::CarriageReturn,
        _ => HeaderFault::Control,
    })
}

/// Takes out of a user whom to act as, as headers: kube refuses names that are not ASCII, which
/// kubectl sends.
pub(super) fn impersonation(
    user: &mut AuthInfo,
    login: &Record,
    reach: &Reach,
) -> Result<Vec<(HeaderName, HeaderValue)>, ConfigError> {
    let mut headers = Vec::new();
    let mut add = |name: HeaderName, what, text: &str, flag: Option<&'static str>, field| {
        let origin =
            flag.map_or_else(|| ValueOrigin::Kubeconfig(login.place(field)), ValueOrigin::Flag);
        check(what, text, &login.part, origin)?;
        let value = HeaderValue::from_bytes(text.as_bytes());
        headers.extend(value.ok().map(|value| (name, value)));
        Ok::<_, ConfigError>(())
    };
    if let Some(name) = user.impersonate.take() {
        let flag = reach.act_as.as_ref().map(|_| "--as");
        add(
            HeaderName::from_static("impersonate-user"),
            "the user to impersonate",
            &name,
            flag,
            "as",
        )?;
    }
    if let Some(uid) = user.impersonate_uid.take() {
        let flag = reach.act_under_uid.as_ref().map(|_| "--as-uid");
        add(
            HeaderName::from_static("impersonate-uid"),
            "the UID to impersonate",
            &uid,
            flag,
            "as-uid",
        )?;
    }
    for group in user.impersonate_groups.take().into_iter().flatten() {
        let flag = (!reach.act_in_groups.is_empty()).then_some("--as-group");
        let name = HeaderName::from_static("impersonate-group");
        add(name, "a group to impersonate", &group, flag, "as-groups")?;
    }
    let mut extra: Vec<_> = user.impersonate_user_extra.take().into_iter().flatten().collect();
    extra.sort();
    for (key, values) in extra {
        let flag = (!reach.act_with_extra.is_empty()).then_some("--as-user-extra");
        let Ok(name) = HeaderName::from_bytes(extra_name(&key).as_bytes()) else { continue };
        for value in values {
            let what = "an extra value to impersonate";
            add(name.clone(), what, &value, flag, "as-user-extra")?;
        }
    }
    Ok(headers)
}

/// The header of an extra value: what cannot be in a header's name is percent-encoded (client-go's
/// `headerKeyEscape`).
fn extra_name(key: &str) -> String {
    let mut name = "impersonate-extra-".to_owned();
    for byte in key.bytes() {
        match byte {
            b'%' => name.push_str("%25"),
            b'!' | b'#' | b'$' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`'
            | b'|' | b'~' => name.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => {
                name.push(char::from(byte.to_ascii_lowercase()));
            }
            byte => {
                let _ = write!(name, "%{byte:02x}");
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_header_may_hold() {
        let rows = [
            ("", None),
            ("a b\tc", None),
            ("\u{e4}\u{80}", None),
            ("a\n", Some(HeaderFault::Newline)),
            ("\ra\n", Some(HeaderFault::CarriageReturn)),
            ("\0", Some(HeaderFault::Control)),
            ("\u{7f}", Some(HeaderFault::Control)),
        ];
        for (text, wanted) in rows {
            assert_eq!(fault(text), wanted, "{text:?}");
            // Whatever passes here is a header.
            assert_eq!(HeaderValue::from_bytes(text.as_bytes()).is_ok(), wanted.is_none());
        }
    }

    #[test]
    fn extra_keys_are_escaped() {
        let rows = [
            ("scopes", "scopes"),
            ("Foo.com/bar", "foo.com%2fbar"),
            ("a%2f", "a%252f"),
            ("\u{e4} :", "%c3%a4%20%3a"),
        ];
        for (key, wanted) in rows {
            let name = extra_name(key);
            assert_eq!(name.strip_prefix("impersonate-extra-"), Some(wanted), "{key}");
            assert!(HeaderName::from_bytes(name.as_bytes()).is_ok(), "{key}");
        }
    }
}
