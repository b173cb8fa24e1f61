//! The whole engine against kubectl: every case was run through kubectl 1.37.1 as well.

mod failing;
mod limits;
mod refused;
mod rendered;

use zeroize::Zeroizing;

use super::{ExecError, Template};
use crate::print::document::Document;

/// Values of every kind, as an object that kubectl takes.
const DOCUMENT: &str = r#"{"apiVersion": "example.com/v1", "kind": "Foo",
    "metadata": {"labels": {"a": "b"}, "name": "x"},
    "spec": {"big": 1e+30, "e": "", "el": [], "em": {}, "f": 1.5, "fl": false, "g": 1,
        "huge": 12345678901234567000, "i": 3, "l": [1, "a", null, {"x": 1}], "n": null,
        "neg": -7, "t": true, "u": "hé\u0000\u2028<&>'\"\\", "z": 0}}"#;

fn document() -> Document {
    convert(&serde_json::from_str(DOCUMENT).unwrap())
}

fn convert(json: &serde_json::Value) -> Document {
    match json {
        serde_json::Value::Null => Document::Null,
        serde_json::Value::Bool(value) => Document::Bool(*value),
        serde_json::Value::Number(value) => Document::Number(value.as_f64().unwrap()),
        serde_json::Value::String(text) => Document::Text(Zeroizing::new(text.clone())),
        serde_json::Value::Array(items) => Document::List(items.iter().map(convert).collect()),
        serde_json::Value::Object(fields) => {
            Document::Map(fields.iter().map(|(k, v)| (k.clone(), convert(v))).collect())
        }
    }
}

fn run(template: &str) -> Result<String, ExecError> {
    let template = Template::parse("output", template).unwrap();
    let mut out = Vec::new();
    template.execute(&document(), &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
