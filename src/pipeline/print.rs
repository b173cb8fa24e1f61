//! Secrets as bytes: one for each, or one for each namespace.

use zeroize::Zeroizing;

use super::room::room;
use super::sink::joined;
use super::{Judged, Output};
use crate::cli::Format;
use crate::error::Error;
use crate::secret::Namespace;
use crate::secret::manifest::manifest;

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
