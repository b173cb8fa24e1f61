//! What a credential plugin writes to standard output.

use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::error::ExecErrorKind;
use crate::cluster::kubeconfig::Answer;

/// How many opening braces are tried while an answer is looked for among other output.
const BRACES_MAX: usize = 1000;

/// What a plugin logs in with: a token, a certificate with its key, or all of them.
pub(super) struct Credential {
    pub(super) token: Option<Zeroizing<String>>,
    /// In PEM, as its key is.
    pub(super) certificate: Option<Zeroizing<String>>,
    pub(super) key: Option<Zeroizing<String>>,
}

/// Reads an `ExecCredential` of `client.authentication.k8s.io`, as JSON or YAML, in the version that
/// the kubeconfig names.
pub(super) fn read_answer(
    stdout: &[u8],
    version: Option<&str>,
) -> Result<Credential, ExecErrorKind> {
    let Answer { api_version, token, certificate, key } = parse(stdout)?;
    if let (Some(wanted), Some(got)) = (version, &api_version)
        && wanted != got
    {
        let is_shown = got.len() < 60 && got.starts_with("client.authentication.k8s.io/");
        let got = is_shown.then(|| got.clone());
        return Err(ExecErrorKind::Version { wanted: wanted.to_owned(), got });
    }
    // What is empty is not there.
    let [token, certificate, key] =
        [token, certificate, key].map(|text| text.filter(|text| !text.is_empty()));
    match (&token, &certificate, &key) {
        (None, None, None) => Err(ExecErrorKind::Empty),
        (_, Some(_), None) | (_, None, Some(_)) => Err(ExecErrorKind::HalfPair),
        _ => Ok(Credential { token, certificate, key }),
    }
}

fn parse(stdout: &[u8]) -> Result<Answer, ExecErrorKind> {
    if stdout.trim_ascii().is_empty() {
        return Err(ExecErrorKind::Silent);
    }
    let (before, after) = around_answer(stdout).unwrap_or_default();
    if before.len() + after.len() > 0 {
        let line = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').count();
        let blank = after.len() - after.trim_ascii_start().len();
        let line =
            if before.is_empty() { line(&stdout[..stdout.len() - after.len() + blank]) } else { 1 };
        let (before, after) = (before.len(), after.trim_ascii().len());
        return Err(ExecErrorKind::Noise { before, after, line });
    }
    Answer::read(stdout).ok_or(ExecErrorKind::NoCredential { len: stdout.len() })
}

/// What is before and after the first JSON object that may be an answer; `None` if there is none.
fn around_answer(stdout: &[u8]) -> Option<(&[u8], &[u8])> {
    let braces = stdout.iter().enumerate().filter(|(_, byte)| **byte == b'{');
    for (start, _) in braces.take(BRACES_MAX) {
        let (before, rest) = stdout.split_at(start);
        let mut objects = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        if !matches!(objects.next(), Some(Ok(_))) {
            continue;
        }
        let (object, after) = rest.split_at(objects.byte_offset());
        if Answer::read(object).is_some() {
            let before = if before.trim_ascii().is_empty() { &[][..] } else { before };
            let after = if after.trim_ascii().is_empty() { &[][..] } else { after };
            return Some((before, after));
        }
    }
    None
}
