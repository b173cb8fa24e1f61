//! A list of the API server, page by page.

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;

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

/// What comes of a list of objects.
pub(super) enum Page<'a, T> {
    /// The next page: its objects, as far as they are asked for, and its JSON.
    Objects(Vec<T>, &'a [u8]),
    /// The pages so far are not to be used: the list begins again.
    Restarted,
}

#[derive(Deserialize)]
struct List<T> {
    kind: String,
    #[serde(default)]
    metadata: ListMeta,
    items: Vec<T>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListMeta {
    #[serde(rename = "continue")]
    more: String,
}

impl<T: DeserializeOwned> List<T> {
    fn parse(answer: &Answer, kind: &str) -> Option<Self> {
        let list: Self = serde_json::from_slice(&answer.body).ok()?;
        (answer.status == 200 && list.kind == kind).then_some(list)
    }
}

/// Asks for all pages of a list.
pub(super) async fn pages<T: DeserializeOwned + Send>(
    connection: &Connection,
    list: PagedList<'_>,
    each: &mut (dyn FnMut(Page<'_, T>) + Send),
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
        let mut parsed: Option<List<T>> = None;
        let read = |answer: &Answer| {
            parsed = List::parse(answer, kind);
            if parsed.is_some() { Reply::Other } else { answer.refusal() }
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
        let Some(List { metadata, items, .. }) = parsed else {
            let trouble = Trouble::Foreign { status: answer.status };
            return Err(ClusterError::NotListed { verb, trouble });
        };
        each(Page::Objects(items, &answer.body));
        // A server that never ends its list would keep us for ever.
        if metadata.more.is_empty() || metadata.more == more {
            return Ok(());
        }
        more = metadata.more;
    }
}
