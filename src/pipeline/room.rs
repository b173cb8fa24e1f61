//! How many bytes a manifest is about to take, so that its buffer never grows and leaves a copy behind.

use crate::secret::Secret;

/// Room for a manifest with keys and values of these lengths and these annotations.
pub(crate) fn capacity<'a>(
    data: impl Iterator<Item = (usize, usize)>,
    annotations: impl Iterator<Item = &'a str>,
) -> usize {
    let data: usize = data.map(|(key, value)| key + value.div_ceil(3) * 4 + 64).sum();
    data + annotations.map(str::len).sum::<usize>() * 2 + 1024
}

/// The bytes that a Secret's manifest is about to take.
pub(super) fn room(secret: &Secret) -> usize {
    let data = secret.data.iter().map(|(key, value)| (key.as_str().len(), value.len()));
    capacity(data, secret.metadata.annotations.values().map(|text| text.as_str()))
}
