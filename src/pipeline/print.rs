//! Secrets as bytes: one for each, or one for each namespace.

use zeroize::Zeroizing;

use super::sink::joined;
use super::{Judged, Output};
use crate::cli::Format;
use crate::error::Error;
use crate::secret::manifest::manifest;
use crate::secret::{Namespace, Secret};

/// Room for a manifest with keys and values of these lengths and these annotations, so that the
/// buffer never grows and leaves a copy behind.
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

/// All of stdout: each Secret, or one of each for each namespace. YAML documents are parted, other
/// formats follow each other.
pub(crate) fn print(
    all: Vec<Judged>,
    namespaces: &[String],
    output: &Output,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut documents = Vec::with_capacity(all.len() * namespaces.len().max(1));
    let mut add = |judged: &Judged, place: &str| {
        if !documents.is_empty() && output.is_parted() {
            documents.push(Zeroizing::new(b"---\n".to_vec()));
        }
        documents.push(document(judged, place, output)?);
        Ok::<_, Error>(())
    };
    for mut judged in all {
        if namespaces.is_empty() {
            add(&judged, "")?;
        }
        for namespace in namespaces {
            judged.secret.namespace = Some(Namespace::new(namespace));
            add(&judged, &format!(" in namespace {namespace}"))?;
        }
    }
    Ok(joined(documents))
}

/// One Secret of stdout. `place` stands in its result line.
fn document(
    Judged { secret, printed, .. }: &Judged,
    place: &str,
    output: &Output,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut out = Zeroizing::new(Vec::with_capacity(room(secret)));
    let name = match secret.name.0.as_bytes() {
        // kubectl's word.
        b"" => b"<unknown>",
        name => name,
    };
    match (&output.format, printed) {
        (Format::Name, _) => push_line(&mut out, name, ""),
        (Format::Result, None) => {
            push_line(&mut out, name, &format!(" created{place} (dry run)"));
        }
        (Format::Result, Some(printed)) => {
            out.extend_from_slice(printed.line.as_bytes());
            out.push(b'\n');
        }
        _ => output.document(&manifest(secret, output.values_in), &mut out)?,
    }
    Ok(out)
}

fn push_line(out: &mut Vec<u8>, name: &[u8], end: &str) {
    for part in [b"secret/", name, end.as_bytes(), b"\n"] {
        out.extend_from_slice(part);
    }
}
