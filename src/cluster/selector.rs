//! The namespaces that a selector chooses.

use serde::Deserialize;

use super::client::Connection;
use super::error::{ClusterError, Verb};
use super::pages::{Page, PagedList, pages};

/// Namespaces in one page of a list.
const PAGE: usize = 500;

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
    let list = PagedList {
        path: "/api/v1/namespaces",
        selector,
        page: PAGE,
        kind: "NamespaceList",
        verb: Verb::ListNamespaces,
    };
    pages(connection, list, &mut |page| match page {
        Page::Restarted => names.clear(),
        Page::Objects(objects, _) => {
            names.extend(objects.into_iter().map(|Named { metadata }| metadata.name));
        }
    })
    .await?;
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
