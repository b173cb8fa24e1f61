//! What a Secret comes to, with its values hidden.

use crate::kinds;
use crate::secret::Secret;

/// A line for its name and type, and one for each thing in it.
pub(super) fn lines(secret: &Secret) -> Vec<String> {
    let secret_type = match secret.secret_type.as_str() {
        "" => kinds::OPAQUE,
        given => given,
    };
    let mut lines = vec![format!("secret/{} of type {secret_type}", secret.name.as_str())];
    let namespace = secret.namespace.as_ref().map(|name| format!("namespace {}", name.as_str()));
    lines.extend(namespace);
    let metadata = &secret.metadata;
    lines.extend(metadata.labels.iter().map(|(key, value)| format!("label {key}={value}")));
    // What an annotation holds may be all the values once more.
    lines.extend(
        metadata
            .annotations
            .iter()
            .map(|(key, value)| format!("annotation {key}: {}", length(value.len()))),
    );
    lines.extend(secret.immutable.then(|| "immutable".to_owned()));
    let widest = secret.data.keys().map(|key| key.as_str().len()).max().unwrap_or_default();
    lines.extend(
        secret
            .data
            .iter()
            .map(|(key, value)| format!("{:<widest$}  {}", key.as_str(), length(value.len()))),
    );
    if secret.data.is_empty() {
        lines.push("no data".to_owned());
    }
    for line in lines.iter_mut().skip(1) {
        line.insert_str(0, "  ");
    }
    lines
}

fn length(bytes: usize) -> String {
    if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{DataKey, Namespace, SecretBuilder, SecretName, Value};

    #[test]
    fn values_are_hidden() {
        let builder = SecretBuilder::new(SecretName::new("db"), "");
        assert_eq!(lines(&builder.build()), ["secret/db of type Opaque", "  no data"]);
        let mut builder = SecretBuilder::new(SecretName::new("db"), "a/b")
            .namespace(Some(Namespace::new("shop")))
            .immutable(true);
        for (key, value) in [("user", "x"), ("password", "hunter2")] {
            let value = Value::new(value.as_bytes().to_vec());
            builder.add(DataKey::parse(key).unwrap(), value).unwrap();
        }
        let mut secret = builder.build();
        secret.metadata.labels.insert("app".to_owned(), "web".to_owned());
        secret.metadata.annotations.insert("note".to_owned(), "hunter2".to_owned().into());
        assert_eq!(
            lines(&secret),
            [
                "secret/db of type a/b",
                "  namespace shop",
                "  label app=web",
                "  annotation note: 7 bytes",
                "  immutable",
                "  password  7 bytes",
                "  user      1 byte",
            ]
        );
    }
}
