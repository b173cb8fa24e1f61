//! The API's `Status`: how an API server says no.

use std::cmp::Reverse;
use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::client::Answer;
use super::object::Object;
use super::trouble::Trouble;
use crate::golang::quote;
use crate::secret::Value;

/// What an API server refused, and why.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    kind: String,
    #[serde(rename = "status")]
    result: String,
    pub message: String,
    /// The reason in one word.
    pub reason: String,
    pub details: Details,
    pub code: u16,
}

/// What a refusal is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Details {
    pub name: String,
    /// Its kind, or its resource.
    pub kind: String,
    pub causes: Vec<Cause>,
    retry_after_seconds: u64,
}

/// One cause of a refusal.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Cause {
    /// The reason in one word.
    pub reason: String,
    pub message: String,
    /// The field, as `data[key]` or `.data.key`.
    pub field: String,
}

pub(super) enum Reply {
    /// A Secret, and whether it was made just now (201).
    Secret { object: Box<Object>, is_new: bool },
    /// A list, or a Status that says that it is done.
    Other,
    /// A Status of 4xx: nothing was done.
    Refused { status: Box<Status> },
    /// 429, by the API server or by what is before it: nothing was done.
    Busy { retry_after: Option<Duration> },
    /// A Status of the API server's own 5xx: the request was carried out and failed. Whether
    /// something was stored before is seen by a look.
    Broken { trouble: Trouble, may_come_late: bool },
    /// A 4xx or a redirect without a Status: no API server acted on the request.
    Rejected { trouble: Trouble },
    /// None of these: what was done is open.
    Lost { trouble: Trouble, retry_after: Option<Duration> },
}

impl Reply {
    /// Why this is no answer to what was asked.
    pub(super) fn trouble(self, answer: &Answer) -> Trouble {
        match self {
            Self::Broken { trouble, .. }
            | Self::Lost { trouble, .. }
            | Self::Rejected { trouble } => trouble,
            Self::Busy { retry_after } => Trouble::Busy { retry_after, resends: 0 },
            Self::Other | Self::Refused { .. } | Self::Secret { .. } => {
                Trouble::Foreign { status: answer.status }
            }
        }
    }
}

impl Answer {
    /// What a request for a Secret was answered.
    pub(super) fn secret(&self) -> Reply {
        if matches!(self.status, 200 | 201)
            && let Some(object) = Object::parse(&self.body)
        {
            return Reply::Secret { object: Box::new(object), is_new: self.status == 201 };
        }
        self.refusal()
    }

    /// What a request to delete a Secret was answered: the Secret, or a Status of success.
    pub(super) fn deletion(&self) -> Reply {
        let status = serde_json::from_slice::<Status>(&self.body).ok();
        let success = status.is_some_and(|s| s.kind == "Status" && s.result == "Success");
        if self.status == 200 && success { Reply::Other } else { self.secret() }
    }

    /// The answer of who did not do what was asked.
    pub(super) fn refusal(&self) -> Reply {
        let status = serde_json::from_slice::<Status>(&self.body)
            .ok()
            .filter(|s| s.kind == "Status" && s.code == self.status);
        let asked = status.as_ref().map_or(0, |status| status.details.retry_after_seconds);
        let asked = (asked > 0).then(|| Duration::from_secs(asked));
        let retry_after = self.retry_after.or(asked);
        let code = self.status;
        match (code, status) {
            (429, _) => Reply::Busy { retry_after },
            // Who gives up waiting for a request may have passed on a part of it.
            (408, _) => Reply::Lost { trouble: Trouble::Foreign { status: code }, retry_after },
            (400..500, Some(status)) => Reply::Refused { status: Box::new(status) },
            (400..500, None) => {
                let wants_https = code == 400 && says_that_it_wants_https(&self.body);
                Reply::Rejected { trouble: Trouble::Rejected { code, wants_https } }
            }
            // These ask to send the same request elsewhere. 303 names the result of one.
            (301 | 302 | 307 | 308, _) => {
                let location = self.location.clone();
                Reply::Rejected { trouble: Trouble::Redirect { code, location } }
            }
            // These three are a gateway's as often as the API server's: their Status says as little
            // about the request as none.
            (500.., Some(status)) if !matches!(code, 502..=504) => Reply::Broken {
                may_come_late: status.may_come_late(),
                trouble: Trouble::Server { code, message: Some(status.message) },
            },
            (500.., status) => {
                let message = status.map(|status| status.message);
                Reply::Lost { trouble: Trouble::Server { code, message }, retry_after }
            }
            (status, _) => Reply::Lost { trouble: Trouble::Foreign { status }, retry_after },
        }
    }
}

/// Whether a server of HTTPS was sent plain HTTP: Go's `net/http` and nginx answer so.
fn says_that_it_wants_https(body: &[u8]) -> bool {
    const WORDS: [&str; 2] =
        ["HTTP request to an HTTPS server", "plain HTTP request was sent to HTTPS port"];
    let body = String::from_utf8_lossy(body);
    WORDS.iter().any(|words| body.contains(words))
}

impl Status {
    /// What the server says in its own words.
    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let causes = self.details.causes.iter_mut().map(|cause| &mut cause.message);
        causes.chain([&mut self.message])
    }

    /// Whether what was asked for may be stored although the server gave up on it: the API server
    /// stops waiting for etcd, and etcd goes on (`etcdserver: request timed out`, `leader changed`).
    fn may_come_late(&self) -> bool {
        const WORDS: [&str; 3] = ["timed out", "leader changed", "deadline exceeded"];
        let message = self.message.to_lowercase();
        matches!(self.reason.as_str(), "Timeout" | "ServerTimeout")
            || WORDS.iter().any(|words| message.contains(words))
    }

    /// Whether the object is there already.
    pub(super) fn already_exists(&self) -> bool {
        self.code == 409 && self.reason == "AlreadyExists"
    }

    /// Whether the object itself, not its namespace, is missing.
    pub(super) fn no_such_secret(&self) -> bool {
        self.code == 404 && self.details.kind == "secrets"
    }
}

/// Takes values out of texts: as they are, as Go quotes them (`%q`), and in base64.
pub(super) fn hide<'v, 't>(
    values: impl Iterator<Item = &'v Value>,
    texts: impl Iterator<Item = &'t mut String>,
) {
    use base64::Engine as _;
    const SHORTEST: usize = 4;
    const HIDDEN: &str = "<hidden>";
    let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
    if texts.is_empty() {
        return;
    }
    let mut forms = Vec::new();
    for value in values {
        let plain = value.as_text().unwrap_or_default();
        let quoted = Zeroizing::new(quote::quote(value.as_bytes()));
        let base64 = base64::engine::general_purpose::STANDARD.encode(value.as_bytes());
        forms.push(Zeroizing::new(base64));
        forms.push(Zeroizing::new(quoted[1..quoted.len() - 1].to_owned()));
        forms.push(Zeroizing::new(plain.to_owned()));
        forms.push(Zeroizing::new(plain.trim().to_owned()));
    }
    forms.retain(|form| form.len() >= SHORTEST);
    // A value may be a part of another one, which it would break up: the rest would show.
    forms.sort_by_key(|form| Reverse(form.len()));
    for text in texts {
        for form in forms.iter().filter(|form| text.contains(form.as_str())).collect::<Vec<_>>() {
            *text = text.replace(form.as_str(), HIDDEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_hidden_in_what_a_server_says() {
        let rows: [(&[&[u8]], &str, &str); 8] = [
            (&[b"hunter2"], "no hunter2 here, nor aHVudGVyMg==", "no <hidden> here, nor <hidden>"),
            (&[b"hunter2\n"], "no hunter2 here", "no <hidden> here"),
            (
                &[b"abc"],
                "abc stays, it is a word; YWJj goes",
                "abc stays, it is a word; <hidden> goes",
            ),
            (&[b""], "nothing", "nothing"),
            (&[b"\xff\xfe\xfd"], "//79 goes", "<hidden> goes"),
            (&[b"hunter2", b"hunter2345"], "hunter2345, hunter2", "<hidden>, <hidden>"),
            (&[b"hunter", b"hunter234"], "aHVudGVyMjM0, aHVudGVy", "<hidden>, <hidden>"),
            (&[b"a\n\"b\"\\"], r#"data: "a\n\"b\"\\" is weak"#, r#"data: "<hidden>" is weak"#),
        ];
        for (values, said, wanted) in rows {
            let values: Vec<_> = values.iter().map(|value| Value::new(value.to_vec())).collect();
            let mut text = said.to_owned();
            hide(values.iter(), [&mut text].into_iter());
            assert_eq!(text, wanted);
        }
    }
}
