//! Secrets for the tests of rules.

use std::collections::BTreeMap;

use super::{DataKey, Secret, SecretBuilder, SecretName, Value};

pub(crate) type Data<'a> = &'a [(&'a str, &'a [u8])];
pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

/// A Secret of that type and data, otherwise without fault.
pub(crate) fn secret(secret_type: &str, data: Data<'_>) -> Secret {
    let mut builder = SecretBuilder::new(SecretName::new("s2"), secret_type);
    for (key, value) in data {
        builder.add(DataKey::parse(key).unwrap(), Value::new(value.to_vec())).unwrap();
    }
    builder.build()
}

/// Labels or annotations.
pub(crate) fn pairs<T: From<String>>(pairs: Pairs<'_>) -> BTreeMap<String, T> {
    pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned().into())).collect()
}
