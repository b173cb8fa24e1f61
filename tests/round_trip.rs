//! What is printed reads back as the same Secret, whatever its values are. The reader is told
//! nothing of what it should find, so that a text which looks like a number has to come as text.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use mksecret::testing::{
    DataKey, Namespace, Node, Secret, SecretBuilder, SecretName, Value, ValuesIn, json, kyaml,
    manifest, yaml,
};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::harness::fixed;

/// Text that printers and readers stumble over, and any other.
fn text() -> impl Strategy<Value = String> {
    let hard = prop::sample::select(vec![
        "",
        " ",
        "y",
        "yes",
        "on",
        "NO",
        "~",
        "null",
        "0x1f",
        "010",
        "0o7",
        "1_000",
        "12:30:45",
        "1e3",
        ".inf",
        "-.INF",
        ".nan",
        "2024-01-31",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "|",
        ">",
        "%",
        "@",
        "`",
        "!x",
        "&x",
        "*x",
        "{",
        "[",
        ",",
        "?",
        "-",
        "=",
        "<<",
        "\n",
        "a\n",
        "a\n\n",
        "\na",
        " a\nb",
        "a \nb\t",
        "a\r\nb",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "é",
        "🔑",
        "\\",
        "\\n",
        "\t",
        "---",
        "...",
        "a\n---\nb",
    ])
    .prop_map(str::to_owned);
    let pieces = prop::collection::vec(prop_oneof![hard.clone(), "[ -~]{0,6}", ".{0,4}"], 0..5);
    prop_oneof![hard, pieces.prop_map(|pieces| pieces.concat())]
        // Neither YAML nor kubectl has a place for these; the tool refuses or escapes them.
        .prop_map(|text| text.replace(|c: char| c.is_control() && !"\n\t\r\u{85}".contains(c), ""))
        .prop_map(|text| text.replace(['\u{fffe}', '\u{ffff}'], ""))
}

/// Text outside the values. There our bytes are kubectl's, which loses U+0085, takes U+2028 and
/// U+2029 for line ends, as only YAML 1.1 does, and in KYAML writes an escape at the start of a
/// line with a backslash too many.
fn outside() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace(['\u{85}', '\u{2028}', '\u{2029}', '\r'], ""))
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => text().prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..120),
    ]
}

#[derive(Clone, Debug)]
struct Asked {
    name: String,
    namespace: Option<String>,
    secret_type: String,
    data: BTreeMap<String, Vec<u8>>,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    immutable: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let key = || "[-._a-zA-Z0-9]{0,6}[a-zA-Z0-9]";
    let pairs = || {
        prop::collection::btree_map(prop_oneof![key().boxed(), outside().boxed()], outside(), 0..3)
    };
    (
        outside(),
        prop::option::of("[a-z0-9]{1,5}"),
        outside(),
        prop::collection::btree_map(key(), value(), 0..5),
        pairs(),
        pairs(),
        any::<bool>(),
    )
        .prop_map(
            |(name, namespace, secret_type, mut data, labels, annotations, immutable)| {
                data.retain(|key, _| DataKey::parse(key).is_ok());
                Asked { name, namespace, secret_type, data, labels, annotations, immutable }
            },
        )
}

impl Asked {
    fn secret(&self) -> Secret {
        let name = SecretName::new(&self.name);
        let namespace = self.namespace.as_deref().map(Namespace::new);
        let mut builder = SecretBuilder::new(name, self.secret_type.as_str()).namespace(namespace);
        for (key, value) in &self.data {
            builder.add(DataKey::parse(key).unwrap(), Value::new(value.clone())).unwrap();
        }
        let mut secret = builder.build();
        secret.metadata.labels = self.labels.clone();
        secret.metadata.annotations =
            self.annotations.iter().map(|(k, v)| (k.clone(), v.clone().into())).collect();
        secret.immutable = self.immutable;
        secret
    }

    /// What a reader should find.
    fn want(&self, values_in: ValuesIn) -> Json {
        let mut metadata = Map::new();
        if !self.name.is_empty() {
            metadata.insert("name".to_owned(), json!(self.name));
        }
        if let Some(namespace) = &self.namespace {
            metadata.insert("namespace".to_owned(), json!(namespace));
        }
        for (field, pairs) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            if !pairs.is_empty() {
                metadata.insert(field.to_owned(), json!(pairs));
            }
        }
        let mut want = Map::new();
        want.insert("apiVersion".to_owned(), json!("v1"));
        want.insert("kind".to_owned(), json!("Secret"));
        want.insert("metadata".to_owned(), Json::Object(metadata));
        for (key, value) in &self.data {
            let (field, value) = match std::str::from_utf8(value) {
                Ok(text) if values_in == ValuesIn::StringData => ("stringData", text.to_owned()),
                _ => ("data", BASE64_STANDARD.encode(value)),
            };
            want.entry(field).or_insert(json!({}))[key] = json!(value);
        }
        if self.immutable {
            want.insert("immutable".to_owned(), json!(true));
        }
        if !self.secret_type.is_empty() {
            want.insert("type".to_owned(), json!(self.secret_type));
        }
        Json::Object(want)
    }

    fn printed(&self, values_in: ValuesIn, write: fn(&Node<'_>, &mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&manifest(&self.secret(), values_in), &mut out);
        String::from_utf8(out).unwrap()
    }
}

/// go-yaml writes an annotation's key `<<` without quotes, and so do we; it is no valid key.
const MERGE: serde_saphyr::options::MergeKeyPolicy =
    serde_saphyr::options::MergeKeyPolicy::AsOrdinary;

/// Reads as kubectl does, by YAML 1.1: `yes` is a boolean there and `010` is 8.
fn read_yaml_1_1(text: &str) -> Result<Json, TestCaseError> {
    let options = serde_saphyr::options! { legacy_octal_numbers: true, strict_booleans: false, merge_keys: MERGE };
    let read = serde_saphyr::from_str_with_options(text, options);
    read.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))
}

/// Reads as newer tools do, by YAML 1.2.
fn read_yaml_1_2(text: &str) -> Result<Json, TestCaseError> {
    let options = serde_saphyr::options! { legacy_octal_numbers: false, strict_booleans: true, merge_keys: MERGE };
    let read = serde_saphyr::from_str_with_options(text, options);
    read.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))
}

proptest! {
    #![proptest_config(fixed(400))]

    #[test]
    fn json_reads_back(asked in asked()) {
        for values_in in [ValuesIn::Data, ValuesIn::StringData] {
            for write in [json::write, json::compact] {
                let text = asked.printed(values_in, write);
                let read: Json = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(read, asked.want(values_in), "{}", text);
            }
        }
    }

    #[test]
    fn yaml_reads_back(asked in asked()) {
        for values_in in [ValuesIn::Data, ValuesIn::StringData] {
            let text = asked.printed(values_in, yaml::write);
            prop_assert_eq!(read_yaml_1_1(&text)?, asked.want(values_in), "{}", text);
            prop_assert_eq!(read_yaml_1_2(&text)?, asked.want(values_in), "{}", text);
        }
    }

    #[test]
    fn kyaml_reads_back(asked in asked()) {
        for values_in in [ValuesIn::Data, ValuesIn::StringData] {
            let text = asked.printed(values_in, kyaml::write);
            prop_assert_eq!(read_yaml_1_1(&text)?, asked.want(values_in), "{}", text);
            prop_assert_eq!(read_yaml_1_2(&text)?, asked.want(values_in), "{}", text);
        }
    }
}

#[test]
fn the_reader_does_tell_text_from_numbers() {
    let read = read_yaml_1_1("[yes, 'yes', 010, '010', ~, 1.5]").unwrap();
    assert_eq!(read, json!([true, "yes", 8, "010", null, 1.5]));
    let read = read_yaml_1_2("[yes, 'yes', true, 0o10]").unwrap();
    assert_eq!(read, json!(["yes", "yes", true, 8]));
}
