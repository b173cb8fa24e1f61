//! Credential plugins (`exec` of a kubeconfig's user). Contexts whose plugins would answer the same share one run.
//!
//! kube runs a plugin three times while it builds a client, and gives it our standard input even
//! where that is no terminal; kubectl does neither.

mod answer;
mod error;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use tokio::io::AsyncReadExt as _;
use tokio::sync::{OnceCell, Semaphore};
use zeroize::Zeroizing;

use super::config_error::{ConfigError, Expected};
use super::kubeconfig::{Record, to_base64};
use crate::kuberc::plugin_path;
use crate::sources::Inputs;

use self::answer::{Credential, read_answer};
use self::error::ANSWER_MAX;

pub(crate) use self::error::{ExecError, ExecErrorKind};

/// How many plugins run at the same time.
const RUNS_MAX: usize = 16;

/// A credential plugin that is ready to start.
pub(super) struct Plugin {
    call: Call,
    command: Command,
    /// Whether it gets our standard input, a terminal.
    may_ask: bool,
}

/// All that decides what a plugin answers, and the words of its errors.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Call {
    name: String,
    program: OsString,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    /// `KUBERNETES_EXEC_INFO`, with the cluster if the plugin gets that.
    info: String,
    api_version: Option<String>,
    install_hint: Option<String>,
}

/// Takes the plugin, if there is one, out of a user. It gets our environment, and our standard
/// input if that is a terminal that nothing else reads.
pub(super) fn plugin(
    auth_info: &mut AuthInfo,
    login: &Record,
    inputs: &Inputs,
) -> Result<Option<Plugin>, ConfigError> {
    let Some(exec) = auth_info.exec.take() else { return Ok(None) };
    let given = exec.command.clone().filter(|command| !command.is_empty());
    let name = given.ok_or_else(|| ExecError::NoCommand { user: login.part.to_string() })?;
    check_nul(&exec, &name, login)?;
    let fail = |kind| ExecError::Run {
        command: name.clone(),
        install_hint: exec.install_hint.clone(),
        kind,
    };
    let mut command = program(&name, inputs).map_err(&fail)?;
    let may_ask = may_ask(&exec, inputs).map_err(&fail)?;
    let mut spec = serde_json::json!({ "interactive": may_ask });
    if let Some(cluster) = &exec.cluster {
        spec["cluster"] = serde_json::to_value(cluster).unwrap_or_default();
    }
    let info = serde_json::json!({
        "kind": "ExecCredential",
        "apiVersion": exec.api_version,
        "spec": spec,
    });
    let pairs = exec.env.iter().flatten();
    let call = Call {
        name,
        program: command.get_program().to_owned(),
        arguments: exec.args.unwrap_or_default(),
        variables: pairs
            .filter_map(|pair| Some((pair.get("name")?.clone(), pair.get("value")?.clone())))
            .collect(),
        info: info.to_string(),
        api_version: exec.api_version,
        install_hint: exec.install_hint,
    };
    command
        .args(&call.arguments)
        .envs(call.variables.iter().map(|(name, value)| (name, value)))
        .env("KUBERNETES_EXEC_INFO", &call.info)
        .stdin(if may_ask { Stdio::inherit() } else { Stdio::null() })
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped());
    Ok(Some(Plugin { call, command, may_ask }))
}

/// Whether a plugin may ask its user at the terminal.
fn may_ask(exec: &ExecConfig, inputs: &Inputs) -> Result<bool, ExecErrorKind> {
    let has_terminal = inputs.has_free_terminal();
    match exec.interactive_mode {
        Some(ExecInteractiveMode::Never) => Ok(false),
        Some(ExecInteractiveMode::Always) if !has_terminal => Err(ExecErrorKind::NoTerminal),
        _ => Ok(has_terminal),
    }
}

/// The runs of all plugins: no more than [`RUNS_MAX`] at the same time, of those that may ask at
/// the terminal one at a time, and each distinct one once.
pub(super) struct Plugins {
    answers: Mutex<HashMap<Call, Arc<OnceCell<Answer>>>>,
    runs: Semaphore,
    terminal: tokio::sync::Mutex<()>,
}

type Answer = Result<Arc<Credential>, Arc<ExecError>>;

impl Default for Plugins {
    fn default() -> Self {
        Self {
            answers: Mutex::default(),
            runs: Semaphore::new(RUNS_MAX),
            terminal: tokio::sync::Mutex::default(),
        }
    }
}

impl Plugins {
    /// Puts what the plugin answers in its place, and returns its command.
    pub(super) async fn log_in(
        &self,
        plugin: Plugin,
        auth_info: &mut AuthInfo,
    ) -> Result<String, ConfigError> {
        let name = plugin.call.name.clone();
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(plugin.call.clone()).or_default())
        };
        let credential = answer.get_or_init(|| self.answer(plugin)).await.clone()?;
        if let (Some(certificate), Some(key)) = (&credential.certificate, &credential.key) {
            // kube reads both as base64.
            auth_info.client_certificate_data = Some(to_base64(certificate.as_bytes()));
            auth_info.client_key_data = Some(to_base64(key.as_bytes()).into());
        }
        auth_info.token = credential.token.as_ref().map(|token| token.to_string().into());
        Ok(name)
    }

    async fn answer(&self, plugin: Plugin) -> Answer {
        let _terminal = if plugin.may_ask { Some(self.terminal.lock().await) } else { None };
        let _run = self.runs.acquire().await;
        let Plugin { call, command, .. } = plugin;
        let answered = match run(command).await {
            Ok(output) => read_answer(&output, call.api_version.as_deref()),
            Err(kind) => Err(kind),
        };
        answered.map(Arc::new).map_err(|kind| {
            Arc::new(ExecError::Run { command: call.name, install_hint: call.install_hint, kind })
        })
    }
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

/// What the plugin writes to standard output, once it has ended well. It is killed if nobody waits
/// for it any more.
async fn run(command: Command) -> Result<Zeroizing<Vec<u8>>, ExecErrorKind> {
    let mut command = tokio::process::Command::from(command);
    let mut plugin = command.kill_on_drop(true).spawn().map_err(ExecErrorKind::Start)?;
    let mut answer = Zeroizing::new(Vec::with_capacity(1 << 14));
    if let Some(stdout) = plugin.stdout.take() {
        let read = stdout.take(ANSWER_MAX as u64 + 1).read_to_end(&mut answer).await;
        if read.is_err() || answer.len() > ANSWER_MAX {
            // It may be gone already.
            let _ = plugin.start_kill();
        }
        read.map_err(ExecErrorKind::Read)?;
    }
    let status = plugin.wait().await.map_err(ExecErrorKind::Read)?;
    if answer.len() > ANSWER_MAX {
        return Err(ExecErrorKind::TooLong);
    }
    if !status.success() {
        return Err(ExecErrorKind::Status(status.to_string()));
    }
    Ok(answer)
}
