//! What an apply makes of a live Secret, told beforehand, and what changes by it.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Held, Holders};
use crate::cluster::body::Body;
use crate::cluster::object::Object;
use crate::cluster::report::Note;
use crate::kinds;
use crate::secret::Value;
use crate::shown::counted;

/// What a live Secret becomes by the apply of a body: fields that we held and leave out go,
/// unless somebody else holds them too.
pub(super) fn result<'a>(
    live: &'a Object,
    holders: &Holders,
    body: &Body<'a>,
    removed: &[String],
) -> Body<'a> {
    let ours = &holders.ours;
    let goes = |field: &dyn Fn(&Held) -> bool| field(ours) && holders.other(field).is_none();
    let pairs = |live: &'a BTreeMap<String, String>,
                 new: &BTreeMap<&'a str, &'a str>,
                 field: &dyn Fn(&Held) -> &BTreeSet<String>| {
        let kept = live.iter().filter(|(key, _)| !goes(&|held| field(held).contains(*key)));
        let mut all: BTreeMap<_, _> = kept.map(|(k, v)| (k.as_str(), v.as_str())).collect();
        all.extend(new);
        all
    };
    let mut data: BTreeMap<&str, &Value> = live
        .data()
        .filter(|(key, _)| !goes(&|held| held.data.contains(*key)))
        .filter(|(key, _)| !removed.iter().any(|removed| removed == key))
        .collect();
    data.extend(&body.data);
    let immutable = match body.immutable {
        None if goes(&|held| held.immutable) => None,
        None => live.immutable,
        given => given,
    };
    let secret_type = match body.secret_type {
        "" if goes(&|held| held.secret_type) => kinds::OPAQUE,
        "" => &live.secret_type,
        given => given,
    };
    Body {
        name: body.name,
        resource_version: None,
        labels: pairs(&live.metadata.labels, &body.labels, &|held| &held.labels),
        annotations: pairs(&live.metadata.annotations, &body.annotations, &|h| &h.annotations),
        owner_references: &live.metadata.owner_references,
        finalizers: &live.metadata.finalizers,
        immutable,
        data,
        secret_type,
    }
}

/// What changes, a line for each key.
pub(super) fn diff(live: &Object, after: &Body<'_>) -> Vec<Note> {
    let mut lines = Vec::new();
    let keys: BTreeSet<&str> =
        live.data().map(|(key, _)| key).chain(after.data.keys().copied()).collect();
    for key in keys {
        lines.extend(match (live.value(key), after.data.get(key)) {
            (None, Some(new)) => Some(format!("+ {key} {}", counted(new.len(), "byte"))),
            (Some(_), None) => Some(format!("- {key}")),
            (Some(old), Some(new)) if old != *new => {
                Some(format!("~ {key} {} → {}", old.len(), counted(new.len(), "byte")))
            }
            _ => None,
        });
    }
    for (what, old, new) in [
        ("label", &live.metadata.labels, &after.labels),
        ("annotation", &live.metadata.annotations, &after.annotations),
    ] {
        let keys: BTreeSet<&str> =
            old.keys().map(String::as_str).chain(new.keys().copied()).collect();
        for key in keys {
            lines.extend(match (old.get(key), new.get(key)) {
                (None, Some(_)) => Some(format!("+ {what} {key}")),
                (Some(_), None) => Some(format!("- {what} {key}")),
                (Some(old), Some(new)) if old != new => Some(format!("~ {what} {key}")),
                _ => None,
            });
        }
    }
    let (was, is) = (live.immutable.unwrap_or(false), after.immutable.unwrap_or(false));
    if was != is {
        lines.push(format!("{} immutable", if is { "+" } else { "-" }));
    }
    if live.secret_type != after.secret_type {
        lines.push(format!("~ type {} → {}", live.secret_type, after.secret_type));
    }
    lines.into_iter().map(Note::Diff).collect()
}

/// What changes where there was nothing.
pub(super) fn diff_of_new(body: &Body<'_>) -> Vec<Note> {
    let data =
        body.data.iter().map(|(key, value)| format!("+ {key} {}", counted(value.len(), "byte")));
    let labels = body.labels.keys().map(|key| format!("+ label {key}"));
    let annotations = body.annotations.keys().map(|key| format!("+ annotation {key}"));
    let immutable = body.immutable.filter(|on| *on).map(|_| "+ immutable".to_owned());
    data.chain(labels).chain(annotations).chain(immutable).map(Note::Diff).collect()
}

/// Whether two states of an object differ in nothing but managedFields and resourceVersion.
pub(super) fn same(a: &Object, b: &Object) -> bool {
    let (x, y) = (&a.metadata, &b.metadata);
    x.uid == y.uid
        && x.labels == y.labels
        && x.annotations == y.annotations
        && x.owner_references == y.owner_references
        && x.finalizers == y.finalizers
        && x.deletion_timestamp == y.deletion_timestamp
        && a.immutable == b.immutable
        && a.secret_type == b.secret_type
        && a.data().eq(b.data())
}
