//! The requests that are made, and those that may be repeated.

use std::fmt::Write as _;

use bytes::Bytes;
use http::Method;

use super::client::{Answer, Asking, Connection};
use super::error::{ClusterError, Verb};
use super::faults::Tries;
use super::object::Object;
use super::order::Order;
use super::progress::Progress;
use super::status::Reply;
use super::trouble::{Failure, Trouble};

/// One Secret of one namespace of one cluster.
#[derive(Clone, Copy)]
pub(super) struct RequestPlace<'a> {
    pub(super) connection: &'a Connection,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
    /// A number that other places do not have, for pauses of different lengths.
    pub(super) seed: u64,
    /// How far it has come here, for when it is interrupted.
    pub(super) progress: &'a Progress,
}

pub(super) struct Look {
    pub(super) object: Option<Object>,
    pub(super) date: Option<jiff::Timestamp>,
}

impl RequestPlace<'_> {
    fn collection(&self) -> String {
        format!("/api/v1/namespaces/{}/secrets", segment(self.namespace))
    }

    pub(super) fn item(&self) -> String {
        format!("{}/{}", self.collection(), segment(self.name))
    }

    pub(super) fn tries(&self) -> Tries<'_> {
        let seed = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
        Tries::new(seed).within(self.connection.timeout).interruptible(self.progress)
    }

    /// A POST that makes the Secret.
    pub(super) fn create(&self, order: &Order, body: Bytes, dry_run: bool) -> Asking {
        Asking {
            method: Method::POST,
            path: self.collection() + &writing(order, dry_run),
            content_type: Some("application/json"),
            body,
        }
    }

    /// Looks at the Secret; as often as it takes, since looking changes nothing.
    pub(super) async fn look(&self) -> Result<Look, ClusterError> {
        let asking = Asking {
            method: Method::GET,
            path: self.item(),
            content_type: None,
            body: Bytes::new(),
        };
        let repeated = self.connection.repeat(&asking, self.tries(), Answer::secret).await;
        let (answer, reply, _) =
            repeated.map_err(|GaveUp { trouble, .. }| ClusterError::Failed { trouble })?;
        match reply {
            Reply::Secret { object, .. } => Ok(Look { object: Some(*object), date: answer.date }),
            Reply::Refused { status } if status.no_such_secret() => {
                Ok(Look { object: None, date: answer.date })
            }
            Reply::Refused { status } => Err(ClusterError::Refused { verb: Verb::Read, status }),
            reply => Err(ClusterError::Failed { trouble: reply.trouble(&answer) }),
        }
    }
}

/// No answer came that means something.
pub(super) struct GaveUp {
    pub(super) trouble: Trouble,
    /// Whether the request may have been acted upon, and how the answer was lost.
    pub(super) lost: Option<Trouble>,
}

impl Connection {
    /// Asks until there is an answer that means something, or the tries are used up. Only for what
    /// may be repeated. With the answer comes how one before it was lost. What the API server
    /// answers with an error of its own is an answer, except to a question.
    pub(super) async fn repeat(
        &self,
        asking: &Asking,
        mut tries: Tries<'_>,
        mut read: impl FnMut(&Answer) -> Reply,
    ) -> Result<(Answer, Reply, Option<Trouble>), GaveUp> {
        let mut lost = None;
        loop {
            let (trouble, retry_after) = match self.ask(asking).await {
                Err(Failure::NotSent(trouble)) => (trouble, None),
                Err(Failure::Lost(trouble)) => {
                    lost = Some(trouble.clone());
                    (trouble, None)
                }
                Ok(answer) => match read(&answer) {
                    Reply::Lost { trouble, retry_after } => {
                        lost = Some(trouble.clone());
                        (trouble, retry_after)
                    }
                    Reply::Busy { retry_after } => match tries.hold_off(retry_after).await {
                        Ok(()) => continue,
                        Err(trouble) => return Err(GaveUp { trouble, lost }),
                    },
                    Reply::Rejected { trouble } => return Err(GaveUp { trouble, lost }),
                    Reply::Broken { trouble, .. } if asking.method == Method::GET => {
                        (trouble, None)
                    }
                    reply => return Ok((answer, reply, lost)),
                },
            };
            if !trouble.may_pass() || !tries.another(retry_after).await {
                return Err(GaveUp { trouble, lost });
            }
        }
    }
}

/// The query of a request that writes.
pub(super) fn writing(order: &Order, dry_run: bool) -> String {
    let manager = segment(&order.manager);
    let validation = order.validation.as_str();
    let dry_run = if dry_run { "&dryRun=All" } else { "" };
    format!("?fieldManager={manager}&fieldValidation={validation}{dry_run}")
}

/// The query of a request whose fields are all known to be right.
pub(super) fn managing(order: &Order) -> String {
    let dry_run = if order.dry_run { "&dryRun=All" } else { "" };
    format!("?fieldManager={}{dry_run}", segment(&order.manager))
}

/// Text as one part of a path or one value of a query.
pub(super) fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_segment() {
        assert_eq!(segment("a.b-1_~"), "a.b-1_~");
        assert_eq!(segment("../x?y=é&z#"), "..%2Fx%3Fy%3D%C3%A9%26z%23");
    }
}
