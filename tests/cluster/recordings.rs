//! The double held to every exchange that was recorded with a real API server.
//!
//! Answers must be the recorded ones to the letter, but for UIDs and resource versions, which are
//! renumbered in order of appearance on both sides.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that reads its own data, and the double as any client would"
)]

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::double::{Double, Resource};

/// The moment at which all was recorded.
const NOW: &str = "2026-01-01T00:00:00Z";

/// Numbers of the recording and numbers of the double, as they are met.
#[derive(Default)]
struct Numbers {
    uids: HashMap<String, String>,
    versions: HashMap<String, String>,
    invented: u32,
}

#[test]
fn the_double_answers_as_the_recorded_server_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/exchanges");
    let order = std::fs::read_to_string(folder.join("order.txt")).unwrap();
    let double = Double::start();
    double.set_clock(Some(NOW.parse().unwrap()));
    double.add_namespace("ending", &[]);
    double.end_namespace("ending");
    for name in ["team-a", "team-b"] {
        double.add_namespace(name, &[("team", "x")]);
    }
    let mut client = Client::new(&double);
    let mut wrong = Vec::new();
    let mut files = 0;
    for name in order.lines() {
        files += 1;
        set_up(name, &double);
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let steps: Vec<Value> = serde_json::from_str(&text).unwrap();
        let mut numbers = Numbers::default();
        for (number, step) in steps.iter().enumerate() {
            if let Err(difference) = replay(&mut client, name, step, &mut numbers) {
                wrong.push(format!("{name}, step {}: {difference}", number + 1));
            }
        }
        if name == "apply-over-own-create-dry-run" {
            double.remove_secret("default", "own");
        }
    }
    assert_eq!(files, 50);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What was on the recorded server without being in the files.
fn set_up(name: &str, double: &Double) {
    let secret = |name: &str, data: Value| json!({"kind": "Secret", "apiVersion": "v1", "metadata": {"name": name}, "data": data});
    match name {
        "delete-preconditions" => {
            double.create_secret("mksecret", "default", secret("pre", json!({"a": "MQ=="})));
        }
        "apply-over-own-create-dry-run" => {
            let data = json!({"a": "MQ==", "old": "MQ=="});
            double.create_secret("mksecret", "default", secret("own", data));
        }
        // The list's version was none of its items'.
        "namespaces-selected" => {
            double.edit(Resource::Namespaces, "", "default", |_| {});
        }
        _ => {}
    }
}

fn replay(
    client: &mut Client,
    name: &str,
    step: &Value,
    numbers: &mut Numbers,
) -> Result<(), String> {
    let (request, recorded) = (&step["request"], &step["response"]);
    let body = match &request["body"] {
        Value::Null => Vec::new(),
        Value::String(text) if text.ends_with(" bytes>") => {
            let size = text.trim_start_matches('<').trim_end_matches(" bytes>").parse().unwrap();
            big_body(name, size)
        }
        Value::String(text) => text.clone().into_bytes(),
        body => {
            let mut body = body.clone();
            numbers.walk(&mut body, &mut Numbers::of_double);
            body.to_string().into_bytes()
        }
    };
    let reply = client.send(
        request["method"].as_str().unwrap(),
        request["path"].as_str().unwrap(),
        request["as"].as_str().unwrap(),
        request["contentType"].as_str(),
        &body,
    );
    let status = u64::from(reply.status);
    if recorded["status"] != status {
        let text = String::from_utf8_lossy(&reply.body);
        return Err(format!("status {status}, recorded {}\n{text}", recorded["status"]));
    }
    if recorded["headers"].is_object() {
        for header in ["content-type", "warning"] {
            let (got, wanted) = (reply.header(header), recorded["headers"][header].as_str());
            if got != wanted {
                return Err(format!("{header}: {got:?}, recorded {wanted:?}"));
            }
        }
        compare_bodies(&reply, &recorded["body"], numbers)?;
    }
    Ok(())
}

fn compare_bodies(reply: &Reply, recorded: &Value, numbers: &mut Numbers) -> Result<(), String> {
    let mut got: Value = serde_json::from_slice(&reply.body).unwrap();
    let mut wanted = recorded.clone();
    // First what pairs up; then the numbers in texts can be told.
    numbers.pair(&got, &wanted);
    numbers.walk(&mut wanted, &mut Numbers::of_double);
    if wanted["metadata"]["continue"] == "opaque" {
        let token = &mut got["metadata"]["continue"];
        if token.as_str().is_some_and(|token| !token.is_empty()) {
            *token = "opaque".into();
        }
    }
    if let Some(prefix) = wanted["metadata"]["generateName"].as_str() {
        let name = got["metadata"]["name"].as_str().unwrap_or_default();
        let suffix = name.strip_prefix(prefix).unwrap_or_default();
        let is_drawn = |byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte);
        if suffix.len() == 5 && suffix.bytes().all(is_drawn) {
            got["metadata"]["name"] = wanted["metadata"]["name"].clone();
        }
    }
    let (got, wanted) = (got.to_string(), wanted.to_string());
    if got == wanted { Ok(()) } else { Err(format!("body\n{got}\nrecorded\n{wanted}")) }
}

impl Numbers {
    /// Learns which of the double's numbers stands for which recorded one; equal must stay equal,
    /// and different ones different.
    fn pair(&mut self, got: &Value, recorded: &Value) {
        match (got, recorded) {
            (Value::Object(got), Value::Object(recorded)) => {
                for (key, recorded) in recorded {
                    let Some(got) = got.get(key) else { continue };
                    let known = match key.as_str() {
                        "uid" => &mut self.uids,
                        "resourceVersion" => &mut self.versions,
                        _ => {
                            self.pair(got, recorded);
                            continue;
                        }
                    };
                    let (Some(got), Some(recorded)) = (got.as_str(), recorded.as_str()) else {
                        continue;
                    };
                    if !known.values().any(|other| other == got) {
                        known.entry(recorded.to_owned()).or_insert_with(|| got.to_owned());
                    }
                }
            }
            (Value::Array(got), Value::Array(recorded)) => {
                got.iter().zip(recorded).for_each(|(got, recorded)| self.pair(got, recorded));
            }
            _ => {}
        }
    }

    /// The double's number for a recorded one; one that no answer had is made up.
    fn of_double(&mut self, recorded: &str, is_uid: bool) -> String {
        self.invented += 1;
        let invented = self.invented;
        let (known, made_up) = if is_uid {
            (&mut self.uids, format!("ffffffff-0000-4000-8000-{invented:012}"))
        } else {
            (&mut self.versions, format!("{}", 900_000 + invented))
        };
        known.entry(recorded.to_owned()).or_insert(made_up).clone()
    }

    /// Rewrites every number in a body, those in patches and in messages included.
    fn walk(&mut self, value: &mut Value, map: &mut impl FnMut(&mut Self, &str, bool) -> String) {
        match value {
            Value::Object(fields) => {
                if let Some(path) = fields.get("path").and_then(Value::as_str)
                    && path == "/metadata/resourceVersion"
                    && let Some(version) = fields.get("value").and_then(Value::as_str)
                {
                    let version = map(self, version, false);
                    fields.insert("value".into(), version.into());
                }
                for (key, value) in fields {
                    match (key.as_str(), value.as_str()) {
                        ("uid", Some(uid)) => *value = map(self, uid, true).into(),
                        ("resourceVersion", Some(version)) => {
                            *value = map(self, version, false).into();
                        }
                        ("message", Some(text)) => *value = self.in_text(text).into(),
                        _ => self.walk(value, map),
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.walk(item, map);
                }
            }
            _ => {}
        }
    }

    /// The numbers in a message stand in brackets.
    fn in_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (recorded, got) in self.uids.iter().chain(&self.versions) {
            text = text.replace(&format!("({recorded})"), &format!("({got})"));
        }
        text
    }
}

/// A Secret `s2` that makes so many bytes of JSON.
fn big_body(name: &str, size: usize) -> Vec<u8> {
    const OPEN: &str = r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s2""#;
    let (before, after) = if name == "annotations-too-large" {
        (format!(r#"{OPEN}, "annotations": {{"a": ""#), r#""}}, "data": {}}"#)
    } else {
        (format!(r#"{OPEN}}}, "data": {{"a": ""#), r#""}}"#)
    };
    let room = size - before.len() - after.len();
    // One byte more than the limit makes as much base64 as the limit itself.
    let padding = match name {
        "data-too-large" => "=",
        "data-at-limit" => "==",
        _ => "",
    };
    let value = "A".repeat(room - padding.len()) + padding;
    [before.as_bytes(), value.as_bytes(), after.as_bytes()].concat()
}
