//! A list of the API server, page by page.

use bytes::Bytes;
use http::Method;
use serde::Deserialize;

use super::client::{Answer, Asking, Connection};
use super::error::{ClusterError, Verb};
use super::faults::Tries;
use super::requests::{GaveUp, segment};
use super::status::Reply;
use super::trouble::Trouble;

/// How often a list is begun again.
const RESTARTS: usize = 3;

/// A list that is asked for.
#[derive(Clone, Copy)]
pub(super) struct PagedList<'a> {
    /// The path of the collection.
    pub(super) path: &'a str,
    /// The labels of what is listed; empty for all.
    pub(super) selector: &'a str,
    /// How many objects a page has at most.
    pub(super) page: usize,
    /// What the API server calls the list.
    pub(super) kind: &'static str,
    pub(super) verb: Verb,
}

/// What comes of a list.
pub(super) enum Page<'a> {
    /// The JSON of the next page.
    Body(&'a [u8]),
    /// The pages so far are not to be used: the list begins again.
    Restarted,
}

#[derive(Deserialize)]
struct Head {
    kind: String,
    #[serde(default)]
    metadata: ListMeta,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListMeta {
    #[serde(rename = "continue")]
    more: String,
}

impl Head {
    fn parse(answer: &Answer, kind: &str) -> Option<Self> {
        let head: Self = serde_json::from_slice(&answer.body).ok()?;
        (answer.status == 200 && head.kind == kind).then_some(head)
    }
}

/// Asks for all pages of a list.
pub(super) async fn pages(
    connection: &Connection,
    list: PagedList<'_>,
    each: &mut (dyn FnMut(Page<'_>) + Send),
) -> Result<(), ClusterError> {
    let PagedList { path, selector, page, kind, verb } = list;
    let mut more = String::new();
    let mut restarts = 0;
    loop {
        let mut path = format!("{path}?labelSelector={}&limit={page}", segment(selector));
        if !more.is_empty() {
            path = format!("{path}&continue={}", segment(&more));
        }
        let asking = Asking { method: Method::GET, path, content_type: None, body: Bytes::new() };
        let read = |answer: &Answer| match Head::parse(answer, kind) {
            Some(_) => Reply::Other,
            None => answer.refusal(),
        };
        let repeated =
            connection.repeat(&asking, Tries::new(1).within(connection.timeout), read).await;
        let (answer, reply, _) =
            repeated.map_err(|GaveUp { trouble, .. }| ClusterError::NotListed { verb, trouble })?;
        match reply {
            // The place in the list is too old: from the start.
            Reply::Refused { status }
                if status.code == 410 && !more.is_empty() && restarts < RESTARTS =>
            {
                restarts += 1;
                more.clear();
                each(Page::Restarted);
                continue;
            }
            Reply::Refused { status } => return Err(ClusterError::Refused { verb, status }),
            _ => {}
        }
        let head = Head::parse(&answer, kind).ok_or_else(|| {
            let trouble = Trouble::Foreign { status: answer.status };
            ClusterError::NotListed { verb, trouble }
        })?;
        each(Page::Body(&answer.body));
        // A server that never ends its list would keep us for ever.
        if head.metadata.more.is_empty() || head.metadata.more == more {
            return Ok(());
        }
        more = head.metadata.more;
    }
}
