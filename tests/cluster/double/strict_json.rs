//! JSON with the server's notes on fields that are unknown or come twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::store::Resource;

/// Fields of `ObjectMeta`.
pub const METADATA: [&str; 16] = [
    "name",
    "generateName",
    "namespace",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "managedFields",
    "clusterName",
];

/// Parses JSON; the notes name fields that come twice or that the resource does not know.
pub fn parse(
    bytes: &[u8],
    resource: Option<Resource>,
) -> Result<(Value, Vec<String>), serde_json::Error> {
    let mut notes = Vec::new();
    let mut path = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = Noting { resource, path: &mut path, notes: &mut notes };
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok((value, notes))
}

/// Reads any JSON value and notes what is wrong with its fields.
struct Noting<'a> {
    resource: Option<Resource>,
    path: &'a mut Vec<String>,
    notes: &'a mut Vec<String>,
}

impl Noting<'_> {
    fn is_known(&self, key: &str) -> bool {
        let Some(resource) = self.resource else { return true };
        match self.path.as_slice() {
            [] => resource.fields().contains(&key),
            [only] if only == "metadata" => METADATA.contains(&key),
            _ => true,
        }
    }

    fn below(&mut self) -> Noting<'_> {
        Noting { resource: self.resource, path: self.path, notes: self.notes }
    }
}

impl<'de> DeserializeSeed<'de> for Noting<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Noting<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        self.path.push(String::new());
        while let Some(one) = access.next_element_seed(self.below())? {
            list.push(one);
        }
        self.path.pop();
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let mut place = self.path.join(".");
            if !place.is_empty() {
                place.push('.');
            }
            if map.contains_key(&key) {
                self.notes.push(format!("duplicate field \"{place}{key}\""));
            } else if !self.is_known(&key) {
                self.notes.push(format!("unknown field \"{place}{key}\""));
            }
            self.path.push(key.clone());
            let value = access.next_value_seed(self.below())?;
            self.path.pop();
            map.insert(key, value);
        }
        Ok(map.into())
    }
}
