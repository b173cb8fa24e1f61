//! What to do about sources and material that make no Secret.

use std::io;

use super::tls;
use crate::sources::{
    EnvFileError, EnvLineError, FileSourceError, ReadError, ReadErrorKind, ReadFileSourceError,
};
use crate::types::{BootstrapError, BuildError, DockerError, GenericError, JoinError};

pub(super) fn hints(error: &BuildError) -> Vec<String> {
    match error {
        BuildError::Bootstrap(error) => bootstrap_hints(error),
        BuildError::Docker(DockerError::Incomplete { missing }) => {
            vec![format!("missing: --{}", missing.join(", --"))]
        }
        BuildError::Duplicate(duplicate) => match &duplicate.first {
            Some(first) => vec![format!("it comes from {first} and from {}", duplicate.second)],
            None => Vec::new(),
        },
        BuildError::Generic(error) => generic_hints(error),
        BuildError::Key { origin, .. } if origin.path.is_some() => {
            let path = origin.path.as_deref().unwrap_or_else(|| "PATH".as_ref());
            vec![format!("give it another key: --from-file=KEY={}", path.display())]
        }
        BuildError::Key { origin, .. } => vec![format!("it comes from {origin}")],
        BuildError::Random(_) => Vec::new(),
        BuildError::Read(error) | BuildError::TlsRead { error, .. } => read_hints(error),
        BuildError::Tls(error) => tls::hints(error),
    }
}

fn generic_hints(error: &GenericError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        GenericError::EnvFileCombined => {
            one("make two Secrets, or write the literals into the env file")
        }
        GenericError::EnvFile(EnvFileError::Folder { path }) => {
            vec![format!("name a file in it, or take the folder: --from-file={}", path.display())]
        }
        GenericError::EnvFile(EnvFileError::Line { error, .. }) => match error {
            EnvLineError::Name { bom: true, .. } => {
                one("a byte order mark stands inside the file: join files without it")
            }
            EnvLineError::Dots { .. } | EnvLineError::Name { .. } => {
                one("write NAME=value in each line, without export and without blanks in the name")
            }
            EnvLineError::NotUtf8 { .. } => one(
                "convert the file: iconv -f LATIN1 -t UTF-8, or take the bytes with --from-file",
            ),
        },
        GenericError::EnvKey { .. } => one("shorten the name"),
        GenericError::FileSource { error, origin } => match error {
            FileSourceError::TwoEquals => {
                one("a path with = in it can be given as /dev/stdin < PATH")
            }
            FileSourceError::NoKey { .. } | FileSourceError::NoPath { .. } => {
                vec![format!("write --{} KEY=PATH or --{} PATH", origin.flag, origin.flag)]
            }
        },
        GenericError::List { origin, .. } => {
            vec![format!("a path with a comma or a quote in it: --{} '\"a,b\"'", origin.flag)]
        }
        GenericError::Literal { .. } => one("write --from-literal KEY=VALUE"),
        GenericError::ReadFileSource(ReadFileSourceError::KeyForFolder { path }) => {
            vec![format!("each file's name is its key: --from-file={}", path.display())]
        }
        GenericError::EnvFile(EnvFileError::Read(error))
        | GenericError::ReadFileSource(
            ReadFileSourceError::List(error) | ReadFileSourceError::Read(error),
        ) => read_hints(error),
    }
}

fn bootstrap_hints(error: &BootstrapError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        BootstrapError::AppendHash => one("leave out --append-hash"),
        BootstrapError::Expires => one("for example --expires=2030-01-31T12:00:00Z"),
        BootstrapError::Group { .. } => one("for example --groups=system:bootstrappers:my-nodes"),
        BootstrapError::GroupsWithoutAuthentication => {
            one("add it: --usages=signing,authentication")
        }
        BootstrapError::Join(error) => join_hints(error),
        BootstrapError::List { .. } => one("part them with commas"),
        BootstrapError::Past | BootstrapError::TtlNegative => one("for example --ttl=24h"),
        BootstrapError::Read { error, .. } => read_hints(error),
        BootstrapError::Token(_) => one("leave it out, and a good one is made"),
        BootstrapError::TokenAsFlag => one("give it as NAME: mksecret bootstrap-token TOKEN"),
        BootstrapError::Ttl(_) => one("hours, minutes, seconds: --ttl=1h30m"),
        BootstrapError::TtlAndExpires => one("leave out one of them"),
        BootstrapError::TtlTooLong => one("--ttl=0 is for ever"),
        BootstrapError::Usage { .. } => one("--usages=signing,authentication"),
    }
}

fn join_hints(error: &JoinError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        JoinError::Ca { .. } => one("the CA is in /etc/kubernetes/pki/ca.crt of a control plane"),
        JoinError::CaAndHash => one("leave out one of them"),
        JoinError::CertificateKey => one("kubeadm certs certificate-key makes one"),
        JoinError::Endpoint { .. } | JoinError::NoEndpoint => {
            one("for example --api-server-endpoint=10.0.0.1:6443")
        }
        JoinError::Hash => one("or name the CA: --ca-cert=/etc/kubernetes/pki/ca.crt"),
        JoinError::NeedsPrint { .. } => one("add --print-join-command"),
        JoinError::NoCa => one("add --ca-cert=/etc/kubernetes/pki/ca.crt"),
    }
}

pub(super) fn read_hints(error: &ReadError) -> Vec<String> {
    let path = error.path.display();
    match &error.kind {
        ReadErrorKind::Io(e) => match e.kind() {
            io::ErrorKind::NotFound => vec![format!("see what is there: ls -l {}", parent(error))],
            io::ErrorKind::PermissionDenied => vec![format!("see who may read it: ls -l {path}")],
            io::ErrorKind::NotADirectory => {
                vec!["a part of the path is a file, not a folder".to_owned()]
            }
            _ => Vec::new(),
        },
        ReadErrorKind::IsFolder => vec![format!("name a file in it: ls {path}")],
        ReadErrorKind::TakenTwice => vec!["write it to a file first, or name it once".to_owned()],
        ReadErrorKind::TooLarge { limit } if *limit <= 1 << 20 => vec![
            "an API server takes 1048576 bytes in a Secret; --validate=ignore reads more"
                .to_owned(),
        ],
        ReadErrorKind::TooLarge { .. } => vec!["no Secret can be that large".to_owned()],
    }
}

/// The folder of a path that was not found.
fn parent(error: &ReadError) -> String {
    let parent = error.path.parent().filter(|path| !path.as_os_str().is_empty());
    parent.map_or_else(|| ".".to_owned(), |path| path.display().to_string())
}
