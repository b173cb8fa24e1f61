//! Credential plugins (`exec` of a kubeconfig's user), run once per client.
//!
//! kube runs a plugin three times while it builds a client, and gives it our standard input even
//! where that is no terminal; kubectl does neither.

mod error;

use std::borrow::Cow;
use std::io::Read as _;
use std::process::{Command, Stdio};

use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::config_error::{ConfigError, Expected};
use super::kubeconfig::{Answer, Record, to_base64};
use crate::kuberc::plugin_path;
use crate::sources::Inputs;

use self::error::ANSWER_MAX;

pub use self::error::{ExecError, ExecErrorKind};

/// How many opening braces are tried while an answer is looked for among other output.
const BRACES_MAX: usize = 1000;

/// Runs the plugin, where there is one, puts what it answers in its place, and returns its command.
/// It gets our environment, and our standard input where that is a terminal that nothing else
/// reads.
pub(super) fn log_in(
    auth_info: &mut AuthInfo,
    login: &Record,
    inputs: &Inputs,
) -> Result<Option<String>, ConfigError> {
    let Some(exec) = auth_info.exec.take() else { return Ok(None) };
    let command = exec.command.clone().filter(|command| !command.is_empty());
    let command = command.ok_or_else(|| ExecError::NoCommand { user: login.part.to_string() })?;
    check_nul(&exec, &command, login)?;
    let fail = |kind| ExecError::Run {
        command: command.clone(),
        install_hint: exec.install_hint.clone(),
        kind,
    };
    let plugin = program(&command, inputs).map_err(&fail)?;
    let stdout = run(plugin, &exec, inputs.has_free_terminal());
    let found = read_answer(&stdout.map_err(&fail)?).map_err(&fail)?;
    if let (Some(wanted), Some(got)) = (&exec.api_version, &found.api_version)
        && wanted != got
    {
        let is_shown = got.len() < 60 && got.starts_with("client.authentication.k8s.io/");
        let got = is_shown.then(|| got.clone());
        return Err(fail(ExecErrorKind::Version { wanted: wanted.clone(), got }).into());
    }
    // What is empty is not there.
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (certificate, key) = (given(found.certificate), given(found.key));
    match (given(found.token), certificate, key) {
        (None, None, None) => return Err(fail(ExecErrorKind::Empty).into()),
        (_, Some(_), None) | (_, None, Some(_)) => {
            return Err(fail(ExecErrorKind::HalfPair).into());
        }
        (token, pair @ Some(_), Some(key)) => {
            // kube reads both as base64.
            auth_info.client_certificate_data = pair.map(|pem| to_base64(pem.as_bytes()));
            auth_info.client_key_data = Some(to_base64(Zeroizing::new(key).as_bytes()).into());
            auth_info.token = token.map(Into::into);
        }
        (token, None, None) => auth_info.token = token.map(Into::into),
    }
    Ok(Some(command))
}

/// The program of a command: the file that the plugin policy judged. A name is looked up in our own
/// `PATH`, where the system would look in the `PATH` that the kubeconfig gives the plugin, and in
/// relative folders.
fn program(command: &str, inputs: &Inputs) -> Result<Command, ExecErrorKind> {
    if !cfg!(unix) {
        return Ok(inputs.program(command));
    }
    if command.contains('/') {
        let path = plugin_path(command).unwrap_or(Cow::Borrowed(command));
        return Ok(inputs.program(&*path));
    }
    inputs.find_program(command).map(|path| inputs.program(path)).ok_or(ExecErrorKind::NotInPath)
}

/// Refuses what no program can be given.
fn check_nul(exec: &ExecConfig, command: &str, login: &Record) -> Result<(), ConfigError> {
    let arguments = exec.args.iter().flatten();
    let variables = exec.env.iter().flatten().flat_map(|pair| pair.values());
    let mut all = arguments.chain(variables).map(String::as_str).chain([command]);
    if all.any(|text| text.contains('\0')) {
        let (field, expected) = ("exec".to_owned(), Expected::NoNul);
        return Err(ConfigError::Field { field, expected, place: login.place("exec") });
    }
    Ok(())
}

/// Reads an `ExecCredential` of `client.authentication.k8s.io`, as JSON or YAML.
fn read_answer(stdout: &[u8]) -> Result<Answer, ExecErrorKind> {
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

/// What the plugin writes to standard output, once it has ended well.
fn run(
    mut plugin: Command,
    exec: &ExecConfig,
    terminal: bool,
) -> Result<Zeroizing<Vec<u8>>, ExecErrorKind> {
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
    let mut plugin = plugin
        .args(exec.args.iter().flatten())
        .envs(pairs)
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stdin(if interactive { Stdio::inherit() } else { Stdio::null() })
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(ExecErrorKind::Start)?;
    let mut answer = Zeroizing::new(Vec::with_capacity(1 << 14));
    if let Some(stdout) = plugin.stdout.take() {
        let read = stdout.take(ANSWER_MAX as u64 + 1).read_to_end(&mut answer);
        if read.is_err() || answer.len() > ANSWER_MAX {
            // It may be gone already.
            let _ = plugin.kill();
        }
        read.map_err(ExecErrorKind::Read)?;
    }
    let status = plugin.wait().map_err(ExecErrorKind::Read)?;
    if answer.len() > ANSWER_MAX {
        return Err(ExecErrorKind::TooLong);
    }
    if !status.success() {
        return Err(ExecErrorKind::Status(status.to_string()));
    }
    Ok(answer)
}
