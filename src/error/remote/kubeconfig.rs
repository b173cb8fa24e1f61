//! What to do about a kubeconfig that does not lead to an API server.

use std::path::Path;

use crate::cluster::{
    ClientPairError, ConfigError, ExecError, ExecErrorKind, Known, NoCluster, NoKubeconfig,
    PairSource, Part, Place, ValueOrigin, YamlReason,
};
use crate::error::{shell_text, shell_word};
use crate::hints::Fault;
use crate::kuberc::Refused;
use crate::similar::nearest;
use crate::sources::exists;

impl Fault for ConfigError {
    fn hints(&self) -> Vec<String> {
        hints(self)
    }
}

pub(super) fn hints(error: &ConfigError) -> Vec<String> {
    match error {
        ConfigError::Policy { refused: Refused::All, .. } => {
            vec!["use a user that logs in without a plugin: --user=NAME, or --token".to_owned()]
        }
        ConfigError::Policy { refused: Refused::NotListed, .. } => {
            vec!["list the plugin as it is found in PATH, or by its full path".to_owned()]
        }
        ConfigError::Authority { .. } => vec![
            "--certificate-authority=FILE sets another \
                                               CA"
            .to_owned(),
        ],
        ConfigError::ClientPair(error) => pair_hints(error),
        ConfigError::HalfPair { lacks, from_flag: true, .. } => vec![format!("add --{lacks}=FILE")],
        ConfigError::HalfPair { lacks, part, .. } => vec![format!(
            "add {lacks} to {part} of the \
                                                                   kubeconfig"
        )],
        ConfigError::Exec(error) => plugin_hints(error),
        ConfigError::Field { place, .. } | ConfigError::Namespace { place, .. } => {
            place_hints(place)
        }
        ConfigError::File { error, .. } => error.hints(),
        ConfigError::Header { origin, .. } | ConfigError::Server { origin, .. } => {
            origin_hints(origin)
        }
        ConfigError::InsecureWithAuthority { .. } => vec!["leave out one of them".to_owned()],
        ConfigError::NobodyToActAs { .. } => vec!["add --as=USER".to_owned()],
        ConfigError::NoCluster(error) => no_cluster_hints(error),
        ConfigError::NoKubeconfig { path, reason } => no_kubeconfig_hints(path, *reason),
        ConfigError::Provider { name, .. } if name == "gcp" || name == "azure" => {
            vec!["use a credential plugin: gke-gcloud-auth-plugin, or kubelogin".to_owned()]
        }
        ConfigError::Redacted { place, .. } => {
            let raw = "export it with its credentials: kubectl config view --raw > kubeconfig";
            let mut hints = vec![raw.to_owned()];
            hints.extend(place_hints(place));
            hints
        }
        ConfigError::Twice { path, lines, .. } => {
            let path = shell_word(path);
            vec![format!("see both: sed -n '{}p;{}p' {path}", lines.0, lines.1)]
        }
        ConfigError::Unknown { parts, known } => unknown_hints(parts, known),
        _ => Vec::new(),
    }
}

/// What to do about a client certificate and a key in files that do not match.
fn pair_hints(error: &ClientPairError) -> Vec<String> {
    let PairSource { certificate, key, .. } = &error.source;
    let (certificate, key) = (Path::new(certificate), Path::new(key));
    if !error.is_mismatch() || !exists(certificate) || !exists(key) {
        return Vec::new();
    }
    vec![
        format!(
            "the certificate's public key: openssl x509 -noout -pubkey -in {}",
            shell_word(certificate)
        ),
        format!("the key's public key: openssl pkey -pubout -in {}", shell_word(key)),
    ]
}

fn place_hints(place: &Place) -> Vec<String> {
    match (&place.file, place.line) {
        (Some(file), Some(line)) => {
            vec![format!("see line {line} of {}", shell_word(file))]
        }
        _ => Vec::new(),
    }
}

fn origin_hints(origin: &ValueOrigin) -> Vec<String> {
    match origin {
        ValueOrigin::File(path) => vec![format!("it is from the file {}", shell_word(path))],
        ValueOrigin::Flag(flag) => vec![format!("it is from the flag {flag}")],
        ValueOrigin::Kubeconfig(place) => place_hints(place),
        ValueOrigin::Plugin(command) => {
            vec![format!("it is from the credential plugin {command:?}")]
        }
        ValueOrigin::Variable(name) => vec![format!("it is from the variable {name}")],
    }
}

fn no_cluster_hints(error: &NoCluster) -> Vec<String> {
    const PRINT: &str = "or print the Secret: --dry-run=client -o yaml";
    match error {
        NoCluster::Missing { paths } => {
            let is_unexpanded = paths.iter().any(|path| path.starts_with("~"));
            let first = if is_unexpanded {
                "a shell expands ~ only outside of quotes: export KUBECONFIG=\"$HOME/.kube/config\""
            } else {
                "unset KUBECONFIG to use ~/.kube/config, or pass another file: --kubeconfig=FILE"
            };
            vec![first.to_owned(), PRINT.to_owned()]
        }
        NoCluster::NoCurrent { contexts } => {
            vec![format!("choose one with --context: {}", contexts.join(", "))]
        }
        NoCluster::Empty { .. } | NoCluster::NoFile => vec![
            "pass a kubeconfig: --kubeconfig=FILE, or set the variable KUBECONFIG".to_owned(),
            PRINT.to_owned(),
        ],
        NoCluster::NoneNamed { place } | NoCluster::NoServer { place } => place_hints(place),
    }
}

fn no_kubeconfig_hints(path: &Path, reason: NoKubeconfig) -> Vec<String> {
    let path = shell_word(path);
    match reason {
        NoKubeconfig::Base64 => vec![format!("decode it: base64 -d {path} > kubeconfig")],
        NoKubeconfig::Binary { .. } => vec![format!("inspect it: file {path}")],
        NoKubeconfig::Encrypted => vec!["decrypt it first".to_owned()],
        NoKubeconfig::Field { line, .. } | NoKubeconfig::Kind { line, .. } => {
            vec![format!("see line {line} of {path}")]
        }
        NoKubeconfig::Yaml(fault) if fault.reason == YamlReason::Tab => {
            vec![format!("use spaces instead: sed -n {}l {path} shows it", fault.line)]
        }
        NoKubeconfig::Yaml(fault) => vec![format!("see line {} of {path}", fault.line)],
        NoKubeconfig::NoFields | NoKubeconfig::Page | NoKubeconfig::Pem => {
            vec!["pass a kubeconfig: --kubeconfig=FILE, or set the variable KUBECONFIG".to_owned()]
        }
    }
}

fn unknown_hints(parts: &[Part], known: &Known) -> Vec<String> {
    let mut hints = Vec::new();
    for part in parts {
        let near = nearest(part.name(), known.has.iter().map(String::as_str));
        let flag = part.word();
        hints.extend(near.map(|near| format!("did you mean --{flag}={}?", shell_text(near))));
    }
    hints.extend(
        known
            .missing
            .iter()
            .map(|path| format!("KUBECONFIG also names {}, which is missing", shell_word(path))),
    );
    hints
}

fn plugin_hints(error: &ExecError) -> Vec<String> {
    let hint = match error {
        ExecError::Run {
            install_hint: Some(hint),
            kind: ExecErrorKind::Start(_) | ExecErrorKind::NotInPath,
            ..
        } => hint.trim().to_owned(),
        ExecError::Run { kind: ExecErrorKind::NoTerminal, .. } => {
            "log in first, or pass the value with --from-file".to_owned()
        }
        ExecError::Run { kind: ExecErrorKind::Empty, .. } => {
            "its answer has neither a token nor a client certificate".to_owned()
        }
        ExecError::Run { kind: ExecErrorKind::NoCredential { len }, .. } => {
            let bytes = if *len == 1 { "byte" } else { "bytes" };
            format!("it wrote {len} {bytes} that are not an ExecCredential (not shown)")
        }
        ExecError::Run { kind: ExecErrorKind::Silent, .. } => {
            "it wrote nothing to standard output".to_owned()
        }
        ExecError::Run { kind: ExecErrorKind::Noise { .. }, .. } => {
            "a plugin must write only its ExecCredential to standard output; anything else belongs on \
             standard error"
                .to_owned()
        }
        _ => return Vec::new(),
    };
    vec![hint]
}
