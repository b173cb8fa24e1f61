//! What a 401 means, by what the request carried.

use super::explanation::Explanation;
use super::route::{Route, SentLogin};

pub(super) const LOG_IN: &str = "log in again, or choose another user with --context or --user";

/// Why `server`, the words for it, refuses the caller. A client certificate that has expired is the reason, if there
/// is one.
pub(super) fn explain(route: Option<&Route>, server: &str) -> Explanation {
    let explained = by_login(route, server);
    match route.and_then(expired) {
        Some(words) => Explanation { words, ..explained },
        None => explained,
    }
}

fn by_login(route: Option<&Route>, server: &str) -> Explanation {
    match route.map(|route| (route.login, route)) {
        Some((SentLogin::Missing, _)) => Explanation::new(
            format!("{server} requires a login (401), and this run has no credentials"),
            "log in, or choose a user with --context or --user",
        ),
        Some((SentLogin::Withheld, route)) => Explanation::new(
            format!(
                "{server} requires a login (401), and credentials are not sent over a connection \
                 without TLS"
            ),
            format!(
                "use an https:// address of the server: -s {}",
                route.server.replacen("http://", "https://", 1)
            ),
        ),
        Some((SentLogin::Sent, _)) | None => {
            Explanation::new(format!("{server} does not accept the credentials (401)"), LOG_IN)
        }
    }
}

/// That the client certificate has expired, if it has.
pub(super) fn expired(route: &Route) -> Option<String> {
    let on = route.expired.as_ref()?;
    let user = route.user.as_deref().unwrap_or_default();
    Some(format!("the client certificate of user {user} expired on {on}"))
}
