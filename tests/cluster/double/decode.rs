//! From the bytes of a request to an object: types, base64, defaults.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::status::Refusal;
use super::store::Resource;
use super::strict_json::{METADATA, parse};

/// What `fieldValidation` asks for; the server's default is to warn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strictness {
    Ignore,
    Warn,
    Strict,
}

/// An object as it was sent, with what the decoder has to say about it.
#[derive(Debug)]
pub struct Decoded {
    pub object: Value,
    pub warnings: Vec<String>,
}

impl Strictness {
    pub fn parse(word: Option<&str>) -> Self {
        match word {
            Some("Ignore") => Self::Ignore,
            Some("Strict") => Self::Strict,
            _ => Self::Warn,
        }
    }
}

/// Reads an object of this resource.
pub fn decode(
    bytes: &[u8],
    resource: Resource,
    strictness: Strictness,
) -> Result<Decoded, Refusal> {
    let kind = resource.kind();
    let (mut object, notes) = parse(bytes, Some(resource)).map_err(|error| {
        Refusal::bad_request(format!(
            "the object provided is unrecognized (must be of type {kind}): couldn't get \
             version/kind; json parse error: {error}"
        ))
    })?;
    let (got, version) = (text(&object["kind"]), text(&object["apiVersion"]));
    if got != kind || version != "v1" {
        return Err(Refusal::bad_request(format!(
            "{got} in version \"{version}\" cannot be handled as a {kind}: converting to {kind} \
             is not possible"
        )));
    }
    check_types(&mut object, resource)?;
    if strictness == Strictness::Strict && !notes.is_empty() {
        let why = format!("strict decoding error: {}", notes.join(", "));
        return Err(unhandled(kind, &why));
    }
    let warnings = if strictness == Strictness::Warn { notes } else { Vec::new() };
    Ok(Decoded { object, warnings })
}

/// Types, base64 and defaults, for an object that was patched too: unknown fields go, `stringData`
/// turns into data, an empty type into Opaque.
pub fn check_types(object: &mut Value, resource: Resource) -> Result<(), Refusal> {
    let kind = resource.kind();
    let Some(fields) = object.as_object_mut() else {
        return Err(unhandled(kind, "json: cannot unmarshal into Go value"));
    };
    fields.retain(|name, value| resource.fields().contains(&name.as_str()) && !value.is_null());
    if !fields.contains_key("metadata") {
        fields.insert("metadata".into(), Map::new().into());
    }
    let Some(Value::Object(metadata)) = fields.get_mut("metadata") else {
        return Err(mistyped(kind, "metadata", "v1.ObjectMeta"));
    };
    metadata.retain(|name, value| METADATA.contains(&name.as_str()) && !value.is_null());
    for name in ["name", "generateName", "namespace", "uid", "resourceVersion"] {
        match metadata.get(name) {
            Some(Value::String(text)) if text.is_empty() => {
                metadata.shift_remove(name);
            }
            Some(Value::String(_)) | None => {}
            Some(_) => {
                return Err(mistyped(kind, &format!("ObjectMeta.metadata.{name}"), "string"));
            }
        }
    }
    for name in ["labels", "annotations"] {
        string_map(metadata, name, kind, &format!("ObjectMeta.metadata.{name}"))?;
    }
    if resource == Resource::Secrets {
        finish_secret(fields)?;
    }
    Ok(())
}

fn finish_secret(fields: &mut Map<String, Value>) -> Result<(), Refusal> {
    string_map(fields, "data", "Secret", "data")?;
    string_map(fields, "stringData", "Secret", "stringData")?;
    if !fields.get("type").is_none_or(Value::is_string) {
        return Err(mistyped("Secret", "type", "v1.SecretType"));
    }
    if !fields.get("immutable").is_none_or(Value::is_boolean) {
        return Err(mistyped("Secret", "immutable", "bool"));
    }
    let mut data = Map::new();
    if let Some(Value::Object(map)) = fields.get("data") {
        for (key, value) in map {
            let bytes = decode_base64(text(value).as_bytes()).map_err(|at| {
                unhandled("Secret", &format!("illegal base64 data at input byte {at}"))
            })?;
            data.insert(key.clone(), STANDARD.encode(bytes).into());
        }
    }
    if let Some(Value::Object(map)) = fields.shift_remove("stringData") {
        for (key, value) in map {
            data.insert(key, STANDARD.encode(text(&value)).into());
        }
    }
    if data.is_empty() {
        fields.shift_remove("data");
    } else {
        fields.insert("data".into(), data.into());
    }
    if fields.get("type").is_none_or(|value| text(value).is_empty()) {
        fields.insert("type".into(), "Opaque".into());
    }
    Ok(())
}

/// A map of texts; an empty one goes, as Go's `omitempty` has it, and null is an empty text.
fn string_map(
    fields: &mut Map<String, Value>,
    name: &str,
    kind: &str,
    path: &str,
) -> Result<(), Refusal> {
    let Some(value) = fields.get_mut(name) else { return Ok(()) };
    let Some(map) = value.as_object_mut() else {
        return Err(mistyped(kind, path, "map[string]string"));
    };
    for value in map.values_mut() {
        if value.is_null() {
            *value = "".into();
        } else if !value.is_string() {
            return Err(mistyped(kind, path, "string"));
        }
    }
    if map.is_empty() {
        fields.shift_remove(name);
    }
    Ok(())
}

fn mistyped(kind: &str, field: &str, wanted: &str) -> Refusal {
    let why =
        format!("json: cannot unmarshal into Go struct field {kind}.{field} of type {wanted}");
    unhandled(kind, &why)
}

fn unhandled(kind: &str, why: &str) -> Refusal {
    Refusal::bad_request(format!("{kind} in version \"v1\" cannot be handled as a {kind}: {why}"))
}

/// The text of a value, empty where it is none.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Base64 as Go's `StdEncoding` reads it: line ends are skipped; the error is the place Go names.
fn decode_base64(input: &[u8]) -> Result<Vec<u8>, usize> {
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let places: Vec<_> = (0..input.len()).filter(|&at| !is_line_end(&input[at])).collect();
    let packed: Vec<_> = places.iter().map(|&at| input[at]).collect();
    if let Ok(bytes) = STANDARD_LAX.decode(&packed) {
        return Ok(bytes);
    }
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let Some(first) = packed.iter().position(|&byte| !in_alphabet(byte)) else {
        // Too short: Go names the start of the last, unfinished group.
        return Err(input.len() - packed.len() % 4);
    };
    if packed[first] != b'=' || first % 4 < 2 {
        return Err(places[first]);
    }
    if first % 4 == 2 {
        match packed.get(first + 1) {
            None => return Err(input.len()),
            Some(b'=') => {}
            Some(_) => return Err(places[first]),
        }
    }
    let end = first - first % 4 + 4;
    Err(places.get(end).copied().unwrap_or(input.len()))
}

/// Go's decoder does not mind bits left over in the last character.
const STANDARD_LAX: base64::engine::GeneralPurpose = base64::engine::GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);
