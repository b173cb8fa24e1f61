//! A cluster that Argo CD deploys to.

use crate::golang::json::{self, Shape, Value};

use super::super::check::Check;
use super::rules;

const BASE64_FIELDS: [&str; 3] = ["cadata", "certdata", "keydata"];

pub(super) fn check(check: &mut Check<'_>) {
    if !check.is_filled("server") {
        let hint = "--from-literal=server=https://HOST";
        check.key("server", &rules::CLUSTER_SERVER, "Argo CD requires the server's URL", hint);
    }
    if let Some(value) = check.get("clusterResources")
        && !matches!(value, b"true" | b"false")
    {
        let words = "Argo CD reads only true; it takes any other value for false";
        check.key(
            "clusterResources",
            &rules::CLUSTER_BOOLEAN,
            words,
            "--from-literal=clusterResources=true",
        );
    }
    match check.get("config") {
        None | Some(b"") => check.key(
            "config",
            &rules::CLUSTER_CONFIG,
            "without it Argo CD connects to the cluster without a login",
            "--from-file=config=FILE",
        ),
        Some(text) => config(text, check),
    }
}

fn config(text: &[u8], check: &mut Check<'_>) {
    let object = match json::read(text) {
        Ok(value) if value.shape() == Shape::Object => value,
        Ok(_) => {
            check.key("config", &rules::CLUSTER_CONFIG, "not a JSON object", "");
            return;
        }
        Err(fault) => {
            let words = format!("not valid JSON (line {}, column {})", fault.line, fault.column);
            check.key("config", &rules::CLUSTER_CONFIG, words, "");
            return;
        }
    };
    for (name, value) in members(&object) {
        match name.as_str() {
            "tlsclientconfig" => tls(&value, check),
            // These belong one level further in.
            "cadata" | "certdata" | "keydata" | "insecure" | "servername" => check.key(
                "config",
                &rules::CLUSTER_FIELD,
                format!(
                    "a field on line {} belongs in tlsClientConfig, and Argo CD ignores it here",
                    value.line()
                ),
                "",
            ),
            "token" => check.key(
                "config",
                &rules::CLUSTER_FIELD,
                format!("Argo CD does not read the field token (line {})", value.line()),
                "did you mean bearerToken?",
            ),
            _ => {}
        }
    }
}

fn tls(object: &Value<'_>, check: &mut Check<'_>) {
    for (name, value) in members(object) {
        let text = value.text();
        if BASE64_FIELDS.contains(&name.as_str())
            && text.is_some_and(|text| text.trim_ascii_start().starts_with(b"-----BEGIN"))
        {
            let words =
                format!("PEM where Argo CD expects the base64 of PEM (line {})", value.line());
            check.key("config", &rules::CLUSTER_DATA, words, "encode it: base64 -w0 < FILE");
        }
    }
}

/// The fields of an object, their names in lower case.
fn members<'a>(object: &Value<'a>) -> impl Iterator<Item = (String, Value<'a>)> {
    object.members().filter_map(|(name, value)| {
        let name = String::from_utf8_lossy(&name.text()?).to_ascii_lowercase();
        Some((name, value))
    })
}
