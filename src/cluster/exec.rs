//! Credential plugins (`exec` of a kubeconfig's user), run once per client.
//!
//! kube runs a plugin three times while it builds a client, and gives it our standard input even
//! where that is no terminal; kubectl does neither.

use std::io;
use std::process::{Command, Output, Stdio};

use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::credentials::encode;
use crate::sources::{Inputs, system_words};

/// What a plugin answers (`client.authentication.k8s.io`'s `ExecCredential`), as JSON or YAML.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    api_version: Option<String>,
    status: Option<Credential>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Credential {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

/// Runs the plugin, where there is one, and puts what it answers in its place. It gets our standard
/// input where that is a terminal that nothing else reads, and no variable that holds a secret of
/// this run.
pub(super) fn log_in(auth_info: &mut AuthInfo, inputs: &Inputs) -> Result<(), ExecError> {
    let Some(exec) = auth_info.exec.take() else { return Ok(()) };
    let command = exec.command.clone().filter(|c| !c.is_empty()).ok_or(ExecError::NoCommand)?;
    let fail = |kind| ExecError::Run {
        command: command.clone(),
        install_hint: exec.install_hint.clone(),
        kind,
    };
    let output = run(inputs.program(&command), &exec, inputs.has_free_terminal());
    let output = output.map_err(&fail)?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(fail(ExecErrorKind::Status(output.status.to_string())));
    }
    let answer: Answer =
        serde_saphyr::from_slice(&stdout).map_err(|_| fail(ExecErrorKind::NoCredential))?;
    if let (Some(wanted), Some(got)) = (&exec.api_version, &answer.api_version)
        && wanted != got
    {
        return Err(fail(ExecErrorKind::Version { wanted: wanted.clone(), got: got.clone() }));
    }
    let found = answer.status.unwrap_or_default();
    // What is empty is not there.
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (certificate, key) = (given(found.client_certificate_data), given(found.client_key_data));
    match (given(found.token), certificate, key) {
        (None, None, None) => return Err(fail(ExecErrorKind::NoCredential)),
        (_, Some(_), None) | (_, None, Some(_)) => return Err(fail(ExecErrorKind::HalfPair)),
        (token, pair @ Some(_), Some(key)) => {
            // kube reads both as base64.
            auth_info.client_certificate_data = pair.map(|pem| encode(pem.as_bytes()));
            auth_info.client_key_data = Some(encode(Zeroizing::new(key).as_bytes()).into());
            auth_info.token = token.map(Into::into);
        }
        (token, None, None) => auth_info.token = token.map(Into::into),
    }
    Ok(())
}

fn run(mut plugin: Command, exec: &ExecConfig, terminal: bool) -> Result<Output, ExecErrorKind> {
    let interactive = match exec.interactive_mode {
        Some(ExecInteractiveMode::Never) => false,
        Some(ExecInteractiveMode::Always) if !terminal => return Err(ExecErrorKind::NoTerminal),
        _ => terminal,
    };
    let mut spec = serde_json::json!({ "interactive": interactive });
    if let Some(cluster) = &exec.cluster {
        spec["cluster"] = serde_json::to_value(cluster).unwrap_or_default();
    }
    let info = serde_json::json!({
        "kind": "ExecCredential",
        "apiVersion": exec.api_version,
        "spec": spec,
    });
    let pairs = exec.env.iter().flatten();
    let pairs = pairs.filter_map(|pair| Some((pair.get("name")?, pair.get("value")?)));
    plugin
        .args(exec.args.iter().flatten())
        .envs(pairs)
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stdin(if interactive { Stdio::inherit() } else { Stdio::null() })
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped())
        .output()
        .map_err(ExecErrorKind::Start)
}

/// Why a credential plugin gave no credential.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    /// The kubeconfig names no command.
    #[error("the user's credential plugin has no command")]
    NoCommand,
    /// The command failed.
    #[error("the credential plugin {command:?} {kind}")]
    Run {
        /// The command.
        command: String,
        /// How to install it, by the kubeconfig.
        install_hint: Option<String>,
        /// What went wrong.
        kind: ExecErrorKind,
    },
}

/// What went wrong with a credential plugin.
#[derive(Debug, thiserror::Error)]
pub enum ExecErrorKind {
    /// A certificate without key, or a key without certificate.
    #[error("answered half of a client certificate and its key")]
    HalfPair,
    /// Its output is no credential.
    #[error("answered no credential")]
    NoCredential,
    /// It wants a terminal and there is none for it.
    #[error("needs a terminal, and standard input is none or is read for a value")]
    NoTerminal,
    /// It could not be started.
    #[error("could not be started: {}", system_words(.0))]
    Start(io::Error),
    /// It failed.
    #[error("failed ({0})")]
    Status(String),
    /// It speaks another version.
    #[error("answered in version {got:?}, and the kubeconfig wants {wanted:?}")]
    Version {
        /// The version that the kubeconfig names.
        wanted: String,
        /// The version of the answer.
        got: String,
    },
}
