//! Lists: selected by label or name, and in pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::decode::text;
use super::request::Request;
use super::selector::Selector;
use super::status::{Answer, Refusal};
use super::store::{Resource, Store, list_of};

/// Answers a GET of a collection, in pages where a limit asks for them.
pub fn list(
    store: &Store,
    request: &Request,
    resource: Resource,
    namespace: &str,
) -> Result<Answer, Refusal> {
    let selector = request.option("labelSelector").unwrap_or_default();
    let selector = Selector::parse(selector).map_err(Refusal::bad_request)?;
    let named =
        request.option("fieldSelector").and_then(|field| field.strip_prefix("metadata.name="));
    let after = request.option("continue").filter(|token| !token.is_empty());
    let after = after
        .map(|token| {
            let bytes = URL_SAFE_NO_PAD.decode(token).ok();
            bytes
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| Refusal::bad_request("continue key is not valid"))
        })
        .transpose()?;
    let place = |object: &Value| {
        let metadata = &object["metadata"];
        format!("{}/{}", text(&metadata["namespace"]), text(&metadata["name"]))
    };
    let mut found = store.list(resource, namespace);
    found.retain(|object| {
        selector.matches(object)
            && named.is_none_or(|name| object["metadata"]["name"] == name)
            && after.as_ref().is_none_or(|after| place(object) > *after)
    });
    let limit = request.option("limit").and_then(|limit| limit.parse().ok()).unwrap_or(0);
    let rest = if limit > 0 { found.len().saturating_sub(limit) } else { 0 };
    found.truncate(found.len() - rest);
    let next = found.last().filter(|_| rest > 0).map(|last| place(last));
    let items = found.into_iter().map(|object| {
        let mut item = object.clone();
        if let Some(fields) = item.as_object_mut() {
            fields.shift_remove("kind");
            fields.shift_remove("apiVersion");
        }
        item
    });
    let mut list = list_of(resource, &items.collect::<Vec<_>>(), store.version());
    if let Some(next) = next {
        list["metadata"]["continue"] = URL_SAFE_NO_PAD.encode(next).into();
    }
    Ok(Answer::new(200, list))
}
