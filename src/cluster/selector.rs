//! The namespaces that a selector chooses.

use bytes::Bytes;
use http::Method;
use serde::Deserialize;

use super::client::{Answer, Asking, Connection};
use super::error::{ClusterError, Verb};
use super::faults::Tries;
use super::requests::{GaveUp, segment};
use super::status::Reply;
use super::trouble::Trouble;

/// Namespaces in one page of a list.
const PAGE: usize = 500;
/// How often a list is begun anew.
const RESTARTS: usize = 3;

#[derive(Deserialize)]
struct NamespaceList {
    kind: String,
    #[serde(default)]
    metadata: ListMeta,
    items: Vec<Named>,
}

impl NamespaceList {
    fn parse(answer: &Answer) -> Option<Self> {
        let list: Self = serde_json::from_slice(&answer.body).ok()?;
        (answer.status == 200 && list.kind == "NamespaceList").then_some(list)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListMeta {
    #[serde(rename = "continue")]
    more: String,
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The namespaces that a selector chooses, by name.
pub(super) async fn select(
    connection: &Connection,
    selector: &str,
) -> Result<Vec<String>, ClusterError> {
    let names = namespaces(connection, selector).await?;
    if names.is_empty() {
        return Err(ClusterError::NoNamespace { selector: selector.to_owned() });
    }
    Ok(names)
}

/// The namespaces with these labels, by name; all where the selector is empty.
pub(super) async fn namespaces(
    connection: &Connection,
    selector: &str,
) -> Result<Vec<String>, ClusterError> {
    let mut names = Vec::new();
    let mut more = String::new();
    let mut restarts = 0;
    loop {
        let mut path =
            format!("/api/v1/namespaces?labelSelector={}&limit={PAGE}", segment(selector));
        if !more.is_empty() {
            path = format!("{path}&continue={}", segment(&more));
        }
        let asking = Asking { method: Method::GET, path, content_type: None, body: Bytes::new() };
        let read = |answer: &Answer| match NamespaceList::parse(answer) {
            Some(_) => Reply::Other,
            None => answer.refusal(),
        };
        let repeated =
            connection.repeat(&asking, Tries::new(1).within(connection.timeout), read).await;
        let (answer, reply, _) =
            repeated.map_err(|GaveUp { trouble, .. }| ClusterError::NotListed { trouble })?;
        match reply {
            // The place in the list is too old: from the start.
            Reply::Refused { status }
                if status.code == 410 && !more.is_empty() && restarts < RESTARTS =>
            {
                restarts += 1;
                names.clear();
                more.clear();
                continue;
            }
            Reply::Refused { status } => {
                return Err(ClusterError::Refused { verb: Verb::ListNamespaces, status });
            }
            _ => {}
        }
        let list = NamespaceList::parse(&answer).ok_or_else(|| {
            let trouble = Trouble::Foreign { status: answer.status };
            ClusterError::NotListed { trouble }
        })?;
        names.extend(list.items.into_iter().map(|item| item.metadata.name));
        // A server that never ends its list would keep us for ever.
        if list.metadata.more.is_empty() || list.metadata.more == more {
            break;
        }
        more = list.metadata.more;
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
