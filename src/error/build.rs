//! What to do about sources and material that make no Secret.

use std::path::Path;

use super::{docker, shell_name, shell_text, shell_word, tls, typed};
use crate::hints::{Fault as _, SAME_RUN};
use crate::sources::{
    EnvFileError, EnvLineError, FileSourceError, NoBase64, Origin, PromptError, ReadError,
    ReadFileSourceError, is_shown_path,
};
use crate::types::{
    BootstrapError, BuildError, CredentialError, GenericError, JoinError, ValueError, Variable,
    endpoint_of_url,
};

const EMPTY_ANSWER: &str = "--allow-empty allows an empty value";

const ENDPOINT: &str = "for example --api-server-endpoint=10.0.0.1:6443";

pub(super) fn hints(error: &BuildError) -> Vec<String> {
    match error {
        BuildError::BasicAuth(error) => typed::basic_auth_hints(error),
        BuildError::Bootstrap(error) => bootstrap_hints(error),
        BuildError::Credential(error) => credential_hints(error),
        BuildError::Docker(error) => docker::hints(error),
        BuildError::Duplicate(duplicate) => match &duplicate.first {
            Some(first) => vec![format!("leave out one of them: {first}, or {}", duplicate.second)],
            None => Vec::new(),
        },
        BuildError::EmptyValue { origin } => vec![empty_hint(origin)],
        BuildError::Generic(error) => generic_hints(error),
        BuildError::Key { origin, .. } => vec![key_hint(origin)],
        BuildError::Random(_) => Vec::new(),
        BuildError::Read(error) | BuildError::ReadFor { error, .. } => error.hints(),
        BuildError::ServiceAccount(error) => typed::service_account_hints(error),
        BuildError::SshAuth(error) => typed::ssh_auth_hints(error),
        BuildError::Tls(error) => tls::hints(error),
        BuildError::TlsRead { flag, error } => tls::read_hints(flag, error),
        BuildError::Value(error) => value_hints(error),
    }
}

fn key_hint(origin: &Origin) -> String {
    if let Some(path) = &origin.path {
        return format!("set a key: --from-file={}", source("KEY=", path));
    }
    let rest = match origin.flag {
        "from-base64" | "from-literal" => "=VALUE",
        _ => "",
    };
    format!("use another key for {origin}: --{}=KEY{rest}", origin.flag)
}

/// What to do about an empty value: what usually gives one, and how to take it.
fn empty_hint(origin: &Origin) -> String {
    let why = match (&origin.path, origin.flag) {
        (Some(path), _) => format!("{} contains no value", shell_word(path)),
        (None, flag) if flag.ends_with("stdin") => {
            "the command before the pipe may have failed".to_owned()
        }
        (None, flag) if flag.ends_with("env") => "the variable is empty".to_owned(),
        (None, _) => "a shell variable may be unset".to_owned(),
    };
    format!("{why}; --allow-empty allows an empty value")
}

fn credential_hints(error: &CredentialError) -> Vec<String> {
    match error {
        CredentialError::Prompt { others: [file, env, stdin], error, .. } => {
            let instead = format!("--{stdin}, --{env}=VARIABLE or --{file}=FILE");
            prompt_hints(error, &instead)
        }
        CredentialError::Read { flag, error } => {
            let base = flag.strip_suffix("-file").unwrap_or(flag);
            read_or_value_hints(error, &format!("--{base}-env=VARIABLE"))
        }
        CredentialError::TwoWays { .. } => vec!["leave out one of them".to_owned()],
        CredentialError::Unset { variable, .. } => variable_hints(variable),
    }
}

pub(super) fn variable_hints(variable: &Variable) -> Vec<String> {
    match variable.name() {
        Some(name) => vec![format!("set it for this run, or export it: export {name}")],
        None => vec![
            "pass the variable's name, not its value; a shell variable must be exported".to_owned(),
        ],
    }
}

fn value_hints(error: &ValueError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        ValueError::Base64 { error: NoBase64::SpareBits, .. } => {
            one("its end is cut off or changed: encode it again with base64 -w0")
        }
        ValueError::Base64 { .. } => one("base64 -w0 FILE encodes it on one line"),
        ValueError::NoBase64Key { .. } => one("write --from-base64=KEY=BASE64"),
        ValueError::NothingToTrim { .. } => {
            one("--trim-newline without a key drops the trailing newline of every value read")
        }
        ValueError::Prompt { key, error } => match (error, shell_name(key, "KEY")) {
            (PromptError::Empty, _) => one(EMPTY_ANSWER),
            (error, key) => {
                prompt_hints(error, &format!("--from-stdin={key} or --from-env={key}=VARIABLE"))
            }
        },
        ValueError::Random { .. } => one("for example --from-random=KEY=32:alnum"),
        ValueError::Stdin(error) => error.hints(),
        ValueError::Unset { variable, .. } => variable_hints(variable),
    }
}

/// `instead` names what does without a terminal.
fn prompt_hints(error: &PromptError, instead: &str) -> Vec<String> {
    match error {
        PromptError::NoTerminal => vec![format!("use {instead}")],
        PromptError::Empty => vec![EMPTY_ANSWER.to_owned()],
        PromptError::Differ | PromptError::Gone(_) => Vec::new(),
        PromptError::TooLong { .. } => vec!["no Secret can be that large".to_owned()],
    }
}

fn generic_hints(error: &GenericError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        GenericError::EnvFileCombined { other: None } => {
            one("create two Secrets, or move the literals to the env file")
        }
        GenericError::EnvFileCombined { other: Some(_) } => one("create two Secrets"),
        GenericError::EnvFile(EnvFileError::Folder { path }) => {
            vec![format!(
                "pass a file in it, or use the whole directory: --from-file={}",
                source("", path)
            )]
        }
        GenericError::EnvFile(EnvFileError::Utf16 { origin }) => {
            let file = origin.path.as_deref().map_or_else(|| "FILE".to_owned(), shell_word);
            vec![format!("convert it: iconv -f UTF-16 -t UTF-8 {file} > utf8.env")]
        }
        GenericError::EnvFile(EnvFileError::Line { opened: Some(line), .. }) => vec![format!(
            "the value of line {line} may continue here, but env file values cannot span lines; \
             use --from-file=KEY=PATH"
        )],
        GenericError::EnvFile(EnvFileError::Line { error, .. }) => match error {
            EnvLineError::Name { bom: true, .. } => {
                one("there is a byte order mark inside the file, where two files were joined: \
                     use one --from-env-file for each")
            }
            EnvLineError::Dots { .. } | EnvLineError::Name { .. } => {
                one("write one NAME=value per line, without export and without spaces in the name")
            }
            EnvLineError::NotUtf8 { .. } => {
                one("convert the file: iconv -f LATIN1 -t UTF-8, or store it unchanged with \
                 --from-file")
            }
        },
        GenericError::EnvKey { .. } => one("shorten the name"),
        GenericError::FileSource { whole: Some(whole), .. }
        | GenericError::SplitPath { whole, .. } => vec![split_hint(whole)],
        GenericError::SplitEnvPath { whole, .. } => vec![comma_hint("from-env-file", whole)],
        GenericError::FileSource { error, origin, .. } => match error {
            FileSourceError::TwoEquals => {
                vec![format!(
                    "for a path that contains '=': --{}=KEY=/dev/stdin < PATH",
                    origin.flag
                )]
            }
            FileSourceError::NoKey { .. } | FileSourceError::NoPath { .. } => {
                vec![format!("write --{}=KEY=PATH or --{}=PATH", origin.flag, origin.flag)]
            }
        },
        GenericError::List { origin, .. } => {
            vec![format!(
                "for a path that contains a comma or a quote: --{}='\"a,b\"' or '\"a\"\"b\"'",
                origin.flag
            )]
        }
        GenericError::Literal { .. } => one("write --from-literal=KEY=VALUE"),
        GenericError::ReadFileSource { error: ReadFileSourceError::Dash { key, .. }, .. } => {
            match key {
                Some(key) if key == ".dockerconfigjson" => {
                    one("for standard input: --from-file=/dev/stdin")
                }
                key => {
                    let key = key.as_deref().unwrap_or("KEY");
                    vec![format!("for standard input: --from-stdin={}", shell_name(key, "KEY"))]
                }
            }
        }
        // The key that docker-registry gives by itself.
        GenericError::ReadFileSource {
            error: ReadFileSourceError::KeyForFolder { key, path },
            ..
        } if key == ".dockerconfigjson" => {
            vec![format!(
                "pass the file in it: --from-file={}",
                source("", &path.join("config.json"))
            )]
        }
        GenericError::ReadFileSource {
            error: ReadFileSourceError::KeyForFolder { path, .. },
            ..
        } => {
            vec![format!("each file's name is its key: --from-file={}", source("", path))]
        }
        GenericError::EnvFile(EnvFileError::Read(error))
        | GenericError::ReadEnvFile { error, .. }
        | GenericError::ReadFileSource { error: ReadFileSourceError::List(error), .. } => {
            error.hints()
        }
        GenericError::ReadFileSource { error: ReadFileSourceError::Read(error), .. } => {
            read_or_value_hints(error, "--from-env=KEY=VARIABLE")
        }
    }
}

fn bootstrap_hints(error: &BootstrapError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        BootstrapError::AppendHash => one("leave out --append-hash"),
        BootstrapError::EmptyToken => one("the command before the pipe may have failed"),
        BootstrapError::Expires => one("for example --expires=2030-01-31T12:00:00Z"),
        BootstrapError::Group { .. } => one("for example --groups=system:bootstrappers:my-nodes"),
        BootstrapError::GroupsWithoutAuthentication => {
            one("add it: --usages=signing,authentication")
        }
        BootstrapError::Join(error) => join_hints(error),
        BootstrapError::List { .. } => one("separate them with commas"),
        BootstrapError::NamespaceSelector => one("leave out --namespace-selector"),
        BootstrapError::Past | BootstrapError::TtlNegative => one("for example --ttl=24h"),
        BootstrapError::Read { error, .. } | BootstrapError::Stdin(error) => error.hints(),
        BootstrapError::Token(_) => one("leave it out; mksecret generates one"),
        BootstrapError::TokenAsFlag => {
            vec![format!(
                "pass it on standard input: mksecret bootstrap-token --token-stdin{SAME_RUN} < FILE"
            )]
        }
        BootstrapError::Ttl(_) => one("hours, minutes, seconds: --ttl=24h or --ttl=1h30m"),
        BootstrapError::TtlAndExpires | BootstrapError::TwoTokens => one("leave out one of them"),
        BootstrapError::TtlTooLong => one("--ttl=0 never expires"),
        BootstrapError::Usage { .. } => one("--usages=signing,authentication"),
    }
}

fn join_hints(error: &JoinError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        JoinError::Ca { .. } => one("the CA is in /etc/kubernetes/pki/ca.crt of a control plane"),
        JoinError::CaAndHash => one("leave out one of them"),
        JoinError::CertificateKey => one("kubeadm certs certificate-key generates one"),
        JoinError::Contexts => one("create one token per context: --context instead of --contexts"),
        JoinError::Endpoint { endpoint } => match endpoint_of_url(endpoint) {
            Some(meant) => vec![format!("did you mean --api-server-endpoint={meant}?")],
            None => one(ENDPOINT),
        },
        JoinError::NoEndpoint | JoinError::Server { .. } => one(ENDPOINT),
        JoinError::Hash => one("--ca-cert=/etc/kubernetes/pki/ca.crt computes it from the CA"),
        JoinError::Kubeconfig(error) => error.hints(),
        JoinError::NeedsPrint { .. } => one("add --print-join-command"),
        JoinError::KubeconfigCa { .. } | JoinError::NoCa => {
            one("add --ca-cert=/etc/kubernetes/pki/ca.crt")
        }
    }
}

/// What to do about a file that cannot be read, where a value may have been meant: `flag` passes one.
fn read_or_value_hints(error: &ReadError, flag: &str) -> Vec<String> {
    let mut hints = error.hints();
    if !is_shown_path(&error.path) {
        hints.push(format!("to pass the value itself: {flag}"));
    }
    hints
}

/// How to write a path that `--from-file` splits. kubectl has no way to write a `=`.
fn split_hint(whole: &Path) -> String {
    if whole.to_string_lossy().contains('=') {
        let file = shell_word(whole);
        return format!(
            "'=' ends the key, and no path can contain it: --from-file=KEY=/dev/stdin < {file}"
        );
    }
    comma_hint("from-file", whole)
}

fn comma_hint(flag: &str, whole: &Path) -> String {
    format!("',' separates paths: --{flag}={}", source("", whole))
}

/// A path as the value of `--from-file` in a shell: where it has a comma or a quote, pflag's list
/// needs quotes of its own. `key` is empty, or ends in `=`.
fn source(key: &str, path: &Path) -> String {
    let text = path.to_string_lossy();
    if is_shown_path(path) && text.contains([',', '"', '\n', '\r']) {
        shell_text(&format!("\"{key}{}\"", text.replace('"', "\"\"")))
    } else {
        format!("{key}{}", shell_word(path))
    }
}
