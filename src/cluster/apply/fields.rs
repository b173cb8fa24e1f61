//! Who holds what: `metadata.managedFields` as far as it is about what a Secret of ours says.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::cluster::object::{ManagedFields, Object};

/// Managers of kubectl whose `Update` entries are handed over when fields are taken by force.
const KUBECTL: [&str; 5] = [
    "kubectl-client-side-apply",
    "kubectl-create",
    "kubectl-edit",
    "kubectl-patch",
    "kubectl-replace",
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) data: BTreeSet<String>,
    pub(super) labels: BTreeSet<String>,
    pub(super) annotations: BTreeSet<String>,
    pub(super) immutable: bool,
    pub(super) secret_type: bool,
}

/// All holders of a live Secret, with what an apply of ours takes over first.
#[derive(Debug, Default)]
pub(super) struct Holders {
    /// What an apply of ours holds once all is handed over.
    pub(super) ours: Held,
    /// What others then hold, by their names.
    pub(super) others: Vec<(String, Held)>,
    /// The `managedFields` to write first, where something is to be handed over.
    pub(super) handover: Option<Vec<ManagedFields>>,
    /// Whose entries are handed over.
    pub(super) handed: Vec<String>,
}

impl Held {
    fn of(fields: &Value) -> Self {
        let keys = |fields: Option<&Value>| -> BTreeSet<String> {
            let keys = fields.and_then(Value::as_object).into_iter().flatten();
            keys.filter_map(|(key, _)| key.strip_prefix("f:").map(str::to_owned)).collect()
        };
        let metadata = fields.get("f:metadata");
        let of_metadata = |name| metadata.and_then(|metadata| metadata.get(name));
        Self {
            data: keys(fields.get("f:data")),
            labels: keys(of_metadata("f:labels")),
            annotations: keys(of_metadata("f:annotations")),
            immutable: fields.get("f:immutable").is_some(),
            secret_type: fields.get("f:type").is_some(),
        }
    }
}

impl Holders {
    /// Who holds what of a live Secret. Entries of our own `Update`s are handed over, and with
    /// `force` those of kubectl's too; another manager's `Apply` entry never is.
    pub(super) fn of(live: &Object, manager: &str, force: bool) -> Self {
        let mut kept = Vec::new();
        let mut own = None::<ManagedFields>;
        let mut fields = Value::Object(Map::new());
        let mut handed = Vec::new();
        for entry in &live.metadata.managed_fields {
            let plain = entry.subresource.is_empty() && entry.api_version == "v1";
            let ours = entry.manager == manager;
            let taken = ours || (force && KUBECTL.contains(&entry.manager.as_str()));
            match entry.operation.as_str() {
                "Apply" if ours && plain => {
                    merge(&mut fields, &entry.fields_v1);
                    own = Some(entry.clone());
                }
                "Update" if taken && plain => {
                    let (known, rest) = split(&entry.fields_v1);
                    if !is_empty(&known) {
                        merge(&mut fields, &known);
                        handed.push(entry.manager.clone());
                        if own.is_none() {
                            own = Some(ManagedFields { manager: manager.into(), ..entry.clone() });
                        }
                    }
                    if is_empty(&known) || !is_empty(&rest) {
                        kept.push(ManagedFields { fields_v1: rest, ..entry.clone() });
                    }
                }
                _ => kept.push(entry.clone()),
            }
        }
        let others =
            kept.iter().map(|entry| (entry.manager.clone(), Held::of(&entry.fields_v1))).collect();
        let ours = Held::of(&fields);
        let handover = own.filter(|_| !handed.is_empty()).map(|own| {
            let own = ManagedFields { operation: "Apply".to_owned(), fields_v1: fields, ..own };
            [vec![own], kept].concat()
        });
        Self { ours, others, handover, handed }
    }

    /// Who else holds a field.
    pub(super) fn other(&self, holds: impl Fn(&Held) -> bool) -> Option<&str> {
        self.others.iter().find(|(_, held)| holds(held)).map(|(manager, _)| manager.as_str())
    }
}

/// Parts fields into those that a Secret of ours can say, and the rest: finalizers and owners stay
/// with whom they are, since an apply of ours would drop them.
fn split(fields: &Value) -> (Value, Value) {
    let (mut known, mut rest) = (Map::new(), Map::new());
    for (name, value) in fields.as_object().into_iter().flatten() {
        match (name.as_str(), value.as_object()) {
            ("f:data" | "f:immutable" | "f:type", _) => {
                known.insert(name.clone(), value.clone());
            }
            ("f:metadata", Some(metadata)) => {
                let is_known = |name: &str| matches!(name, "f:labels" | "f:annotations");
                let part = |wanted: bool| -> Map<String, Value> {
                    let fields = metadata.iter().filter(|(name, _)| is_known(name) == wanted);
                    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
                };
                let (labels, others) = (part(true), part(false));
                if !labels.is_empty() {
                    known.insert(name.clone(), Value::Object(labels));
                }
                if others.keys().any(|name| name != ".") {
                    rest.insert(name.clone(), Value::Object(others));
                }
            }
            _ => {
                rest.insert(name.clone(), value.clone());
            }
        }
    }
    (Value::Object(known), Value::Object(rest))
}

fn is_empty(fields: &Value) -> bool {
    fields.as_object().is_none_or(Map::is_empty)
}

/// Adds fields to fields. The depth is bounded by the parser's own limit.
fn merge(into: &mut Value, from: &Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        for (name, value) in from {
            match into.get_mut(name) {
                Some(known) => merge(known, value),
                None => {
                    into.insert(name.clone(), value.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn live(entries: &Value) -> Object {
        let object = json!({
            "kind": "Secret",
            "apiVersion": "v1",
            "metadata": {"name": "n", "managedFields": entries},
        });
        Object::parse(object.to_string().as_bytes()).unwrap()
    }

    fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
        json!({
            "manager": manager, "operation": operation, "apiVersion": "v1",
            "fieldsType": "FieldsV1", "fieldsV1": fields,
        })
    }

    #[test]
    fn only_what_may_be_is_handed_over() {
        let a = json!({"f:data": {".": {}, "f:a": {}}, "f:type": {}});
        let finalizers = json!({"f:metadata": {"f:finalizers": {}, "f:labels": {"f:l": {}}}});
        let rows = [
            (entry("me", "Apply", &a), false, "", 0),
            (entry("me", "Update", &a), false, "me", 0),
            (entry("kubectl-edit", "Update", &a), false, "", 1),
            (entry("kubectl-edit", "Update", &a), true, "kubectl-edit", 0),
            (entry("kubectl-edit", "Apply", &a), true, "", 1),
            (entry("other", "Update", &a), true, "", 1),
            (entry("me", "Update", &finalizers), false, "me", 1),
            (entry("me", "Update", &json!({"f:metadata": {"f:finalizers": {}}})), false, "", 1),
        ];
        for (entry, force, handed, others) in rows {
            let found = Holders::of(&live(&json!([entry])), "me", force);
            assert_eq!(found.handed.join(","), handed, "{entry} {force}");
            assert_eq!(found.others.len(), others, "{entry} {force}");
            assert_eq!(found.handover.is_some(), !handed.is_empty(), "{entry} {force}");
        }
    }

    #[test]
    fn a_handover_joins_what_we_hold() {
        let apply = entry("me", "Apply", &json!({"f:data": {"f:a": {}}}));
        let update = entry("me", "Update", &json!({"f:data": {".": {}, "f:b": {}}, "f:type": {}}));
        let found = Holders::of(&live(&json!([apply, update])), "me", false);
        let written = found.handover.unwrap();
        assert_eq!(written.len(), 1);
        let wanted = json!({"f:data": {".": {}, "f:a": {}, "f:b": {}}, "f:type": {}});
        assert_eq!((written[0].operation.as_str(), &written[0].fields_v1), ("Apply", &wanted));
        assert_eq!(found.ours.data, ["a".to_owned(), "b".to_owned()].into());
    }
}
