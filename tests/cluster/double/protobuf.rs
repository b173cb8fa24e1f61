//! What kubectl sends as protobuf: the envelope `runtime.Unknown` and of the object in it the
//! fields that `kubectl create` fills in (numbers: k8s.io/api `core/v1/generated.proto`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// The media type.
pub const MEDIA_TYPE: &str = "application/vnd.kubernetes.protobuf";

const MAGIC: &[u8] = b"k8s\0";

/// A field: its number, and a number or bytes.
enum Field<'a> {
    Number(u64, u64),
    Bytes(u64, &'a [u8]),
}

/// The object as JSON, or nothing when it cannot be read.
pub fn to_json(body: &[u8]) -> Option<Value> {
    let envelope = fields(body.strip_prefix(MAGIC)?)?;
    let kind = fields(bytes(&envelope, 1)?)?;
    let raw = bytes(&envelope, 2)?;
    let (version, kind) = (string(&kind, 1), string(&kind, 2));
    let message = fields(raw)?;
    let mut object = json!({"kind": kind, "apiVersion": version});
    if kind == "DeleteOptions" {
        if let Some(conditions) = bytes(&message, 2) {
            let conditions = fields(conditions)?;
            object["preconditions"] = filled(&[
                ("uid", string(&conditions, 1).into()),
                ("resourceVersion", string(&conditions, 2).into()),
            ]);
        }
        return Some(object);
    }
    if kind == "SelfSubjectAccessReview" {
        let spec = fields(bytes(&message, 2)?)?;
        let asked = fields(bytes(&spec, 1).unwrap_or_default())?;
        let names = ["namespace", "verb", "group", "version", "resource", "subresource", "name"];
        let asked: Vec<_> = names
            .into_iter()
            .zip(1..)
            .map(|(name, number)| (name, Value::from(string(&asked, number))))
            .collect();
        object["spec"] = json!({"resourceAttributes": filled(&asked)});
        return Some(object);
    }
    object["metadata"] = metadata(bytes(&message, 1).unwrap_or_default())?;
    if kind == "Secret" {
        object["data"] = map(&message, 2, |value| Some(STANDARD.encode(value).into()))?;
        object["type"] = string(&message, 3).into();
        object["stringData"] = map(&message, 4, text)?;
        let immutable = message.iter().find_map(|field| match field {
            Field::Number(5, value) => Some(*value == 1),
            _ => None,
        });
        object["immutable"] = immutable.map_or(Value::Null, Value::from);
    }
    Some(object)
}

fn metadata(message: &[u8]) -> Option<Value> {
    let message = fields(message)?;
    let mut metadata = filled(&[
        ("name", string(&message, 1).into()),
        ("generateName", string(&message, 2).into()),
        ("namespace", string(&message, 3).into()),
        ("uid", string(&message, 5).into()),
        ("resourceVersion", string(&message, 6).into()),
    ]);
    metadata["labels"] = map(&message, 11, text)?;
    metadata["annotations"] = map(&message, 12, text)?;
    Some(metadata)
}

fn filled(fields: &[(&str, Value)]) -> Value {
    let filled: Map<_, _> = fields
        .iter()
        .filter(|(_, value)| value != "")
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    filled.into()
}

fn text(bytes: &[u8]) -> Option<Value> {
    Some(std::str::from_utf8(bytes).ok()?.into())
}

/// A map field: an entry per occurrence, key 1 and value 2.
fn map(
    message: &[Field<'_>],
    number: u64,
    value: impl Fn(&[u8]) -> Option<Value>,
) -> Option<Value> {
    let mut map = Map::new();
    for field in message {
        if let Field::Bytes(found, entry) = field
            && *found == number
        {
            let entry = fields(entry)?;
            map.insert(string(&entry, 1), value(bytes(&entry, 2).unwrap_or_default())?);
        }
    }
    Some(map.into())
}

fn bytes<'a>(message: &[Field<'a>], number: u64) -> Option<&'a [u8]> {
    message.iter().rev().find_map(|field| match field {
        Field::Bytes(found, bytes) if *found == number => Some(*bytes),
        _ => None,
    })
}

fn string(message: &[Field<'_>], number: u64) -> String {
    String::from_utf8_lossy(bytes(message, number).unwrap_or_default()).into_owned()
}

fn fields(mut message: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let tag = varint(&mut message)?;
        fields.push(match tag & 7 {
            0 => Field::Number(tag >> 3, varint(&mut message)?),
            1 => Field::Bytes(tag >> 3, take(&mut message, 8)?),
            2 => {
                let length = usize::try_from(varint(&mut message)?).ok()?;
                Field::Bytes(tag >> 3, take(&mut message, length)?)
            }
            5 => Field::Bytes(tag >> 3, take(&mut message, 4)?),
            _ => return None,
        });
    }
    Some(fields)
}

fn take<'a>(message: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = message.split_at_checked(length)?;
    *message = rest;
    Some(taken)
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
