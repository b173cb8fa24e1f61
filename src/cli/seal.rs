//! How the manifest is sealed, as typed values.

use std::ffi::OsString;
use std::path::PathBuf;

use super::common::{Common, DryRun, Format};
use crate::flags::{self, Flag, Given, List, Single, common, seal, targets};
use crate::hints::Fault;
use crate::seal::Scope;
use crate::shown;
use crate::similar::nearest;
use crate::types::TYPE;

/// What is printed in place of a plain manifest.
#[derive(Clone, Debug)]
pub(crate) enum Sealing {
    /// A file with a `SealedSecret` receives the keys.
    Into {
        file: PathBuf,
        remove_keys: Vec<String>,
        seal: SealRequest,
    },
    SealedSecret(SealRequest),
    Sops(SopsRequest),
}

impl Sealing {
    /// Whether keys are removed, so that none needs to be given.
    pub(crate) fn removes_keys(&self) -> bool {
        matches!(self, Self::Into { remove_keys, .. } if !remove_keys.is_empty())
    }

    /// The flag that asks for it.
    pub(crate) fn flag(&self) -> &'static str {
        match self {
            Self::Into { .. } => seal::SEAL_INTO.name,
            Self::SealedSecret(_) => seal::SEAL.name,
            Self::Sops(_) => seal::SOPS.name,
        }
    }
}

/// For which controller, and how far.
#[derive(Clone, Debug)]
pub(crate) struct SealRequest {
    pub certificate: CertificateSource,
    pub scope: Option<Scope>,
    /// The controller's service, `None` unless it was named.
    pub controller: Option<Controller>,
}

/// Where the certificate to seal with comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CertificateSource {
    File(PathBuf),
    /// The variable `SEALED_SECRETS_CERT`, else the controller.
    Unnamed,
    Url(String),
}

impl CertificateSource {
    /// A file, or an address of `http` or `https`.
    pub(crate) fn of(value: &OsString) -> Self {
        match value.to_str() {
            Some(text) if has_scheme(text, "https") || has_scheme(text, "http") => {
                Self::Url(text.to_owned())
            }
            _ => Self::File(value.into()),
        }
    }
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    let (start, rest) = text.split_at_checked(scheme.len()).unwrap_or_default();
    start.eq_ignore_ascii_case(scheme) && rest.starts_with("://")
}

/// The service of a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Controller {
    pub namespace: Option<String>,
    pub name: String,
}

impl Controller {
    /// Whether a text can be the name of a service or of a namespace. What cannot may be a value.
    pub(crate) fn is_name(text: &str) -> bool {
        let is_fit = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        (1..=63).contains(&text.len()) && text.bytes().all(is_fit)
    }
}

/// For whom SOPS encrypts, and by which rule of `.sops.yaml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct SopsRequest {
    /// The file that the output is for: it decides which rule applies.
    pub file: Option<PathBuf>,
    pub age: Vec<String>,
    pub pgp: Vec<String>,
}

/// Reads the flags; `None` if nothing is to be sealed.
pub(super) fn from_flags(
    matches: &Given,
    common: &Common,
) -> Result<Option<Sealing>, SealFlagError> {
    if seal::is_asked(matches) {
        return asked(matches, common).map(Some);
    }
    let is_given = |flag: &Flag| flags::is_given(matches, flag);
    let (sops, seal) = (seal::SOPS.name, seal::SEAL.name);
    let needs = [
        (seal::AGE.any(), sops),
        (seal::PGP.any(), sops),
        (seal::SEAL_SCOPE.any(), seal),
        (seal::SEAL_CONTROLLER.any(), seal),
    ];
    match needs.into_iter().find(|(flag, _)| is_given(flag)) {
        Some((flag, needed)) => Err(SealFlagError::Needs { flag: flag.name, needed }),
        None => Ok(None),
    }
}

/// Reads the flags where one of them asks for sealing.
pub(super) fn asked(matches: &Given, common: &Common) -> Result<Sealing, SealFlagError> {
    let is_given = |flag: &Flag| flags::is_given(matches, flag);
    let of_seal = [seal::SEAL, seal::SEAL_INTO, seal::SEAL_SCOPE, seal::SEAL_CONTROLLER];
    let of_sops = [seal::AGE, seal::PGP];
    let first_of_seal = of_seal.into_iter().map(Flag::any).find(is_given);
    let first_of_sops = of_sops.into_iter().map(Flag::any).find(is_given);
    let sealing = match (is_given(&seal::SOPS.any()), first_of_seal, first_of_sops) {
        (true, Some(other), _) => return Err(SealFlagError::Both { other: other.name }),
        (true, None, _) => Sealing::Sops(sops(matches, common)?),
        (false, _, Some(flag)) => {
            return Err(SealFlagError::Needs { flag: flag.name, needed: seal::SOPS.name });
        }
        (false, _, None) => seal_request(matches)?,
    };
    check_others(matches, common, &sealing)?;
    Ok(sealing)
}

fn seal_request(matches: &Given) -> Result<Sealing, SealFlagError> {
    let certificate = match valued(matches, &seal::SEAL)? {
        Some(value) => CertificateSource::of(&value),
        None => CertificateSource::Unnamed,
    };
    let scope = match flags::given(matches, &seal::SEAL_SCOPE) {
        Some(word) => Some(scope(&word.to_string_lossy())?),
        None => None,
    };
    let controller = match flags::given(matches, &seal::SEAL_CONTROLLER) {
        Some(word) => Some(controller(&word.to_string_lossy())?),
        None => None,
    };
    let request = SealRequest { certificate, scope, controller };
    let Some(file) = valued(matches, &seal::SEAL_INTO)? else {
        return Ok(Sealing::SealedSecret(request));
    };
    if request.scope.is_some() {
        return Err(SealFlagError::ScopeOfFile);
    }
    let mut remove_keys = Vec::new();
    for value in flags::values(matches, &targets::REMOVE_KEY) {
        let key = value.to_string_lossy().into_owned();
        if !remove_keys.contains(&key) {
            remove_keys.push(key);
        }
    }
    Ok(Sealing::Into { file: file.into(), remove_keys, seal: request })
}

/// The value of a flag that may have none; `None` without one. An empty one is a mistake.
fn valued(matches: &Given, flag: &Flag<Single>) -> Result<Option<OsString>, SealFlagError> {
    match flags::given(matches, flag) {
        None => Ok(None),
        Some(value) if value == seal::BARE => Ok(None),
        Some(value) if value.is_empty() => Err(SealFlagError::Empty { flag: flag.name }),
        value => Ok(value),
    }
}

fn scope(word: &str) -> Result<Scope, SealFlagError> {
    Scope::of_name(word).ok_or_else(|| SealFlagError::Scope { word: word.to_owned() })
}

fn controller(word: &str) -> Result<Controller, SealFlagError> {
    let (namespace, name) = match word.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, word),
    };
    if ![name].into_iter().chain(namespace).all(Controller::is_name) {
        return Err(SealFlagError::Controller { len: word.len() });
    }
    Ok(Controller { namespace: namespace.map(str::to_owned), name: name.to_owned() })
}

fn sops(matches: &Given, common: &Common) -> Result<SopsRequest, SealFlagError> {
    let list = |flag: &Flag<List>| -> Vec<String> {
        let values = flags::values(matches, flag).map(|value| value.to_string_lossy().into_owned());
        let words = values.flat_map(|value| {
            let words = value.split([',', '\n']).map(|word| word.trim().to_owned());
            words.collect::<Vec<_>>()
        });
        words.filter(|word| !word.is_empty()).collect()
    };
    let request = SopsRequest {
        file: valued(matches, &seal::SOPS)?
            .map(PathBuf::from)
            .or_else(|| common.output_file.clone()),
        age: list(&seal::AGE),
        pgp: list(&seal::PGP),
    };
    for (flag, words) in [(&seal::AGE, &request.age), (&seal::PGP, &request.pgp)] {
        if flags::is_given(matches, flag) && words.is_empty() {
            return Err(SealFlagError::Empty { flag: flag.name });
        }
    }
    Ok(request)
}

/// Refuses the flags that do not go with sealing.
fn check_others(matches: &Given, common: &Common, sealing: &Sealing) -> Result<(), SealFlagError> {
    let flag = sealing.flag();
    let is_sops = matches!(sealing, Sealing::Sops(_));
    let is_on = |flag| flags::is_on(matches, flag);
    let exclude = |other, why| Err(SealFlagError::Exclude { flag, other, why });
    let rows = [
        (common.save_config, common::SAVE_CONFIG.name, Why::SaveConfig),
        (common.append_hash, common::APPEND_HASH.name, Why::AppendHash),
        (is_on(&targets::APPLY), targets::APPLY.name, Why::Prints),
        (is_on(&targets::IF_ABSENT), targets::IF_ABSENT.name, Why::Prints),
        (common.dry_run == DryRun::Server, "dry-run=server", Why::Prints),
        (common.dry_run == DryRun::None, "dry-run=none", Why::Prints),
        (
            flags::is_given(matches, &targets::NAMESPACE_SELECTOR),
            targets::NAMESPACE_SELECTOR.name,
            if is_sops { Why::OneSecret } else { Why::Selector },
        ),
        (
            flags::is_given(matches, &targets::CONTEXTS),
            targets::CONTEXTS.name,
            if is_sops { Why::Prints } else { Why::Contexts },
        ),
    ];
    if let Some((_, other, why)) = rows.into_iter().find(|(is_given, ..)| *is_given) {
        return exclude(other, why);
    }
    if !matches!(common.format, Format::Yaml | Format::Json) {
        return Err(SealFlagError::Format { flag });
    }
    let is_into = matches!(sealing, Sealing::Into { .. });
    let (namespaces, output) = (&targets::NAMESPACES, &common::OUTPUT);
    if is_into && flags::is_given(matches, namespaces) {
        return exclude(namespaces.name, Why::OneDocument);
    }
    let of_template =
        [common::LABELS.any(), common::ANNOTATIONS.any(), common::IMMUTABLE.any(), TYPE.any()];
    if is_into && let Some(other) = of_template.iter().find(|flag| flags::is_given(matches, *flag))
    {
        return exclude(other.name, Why::KeysOnly);
    }
    if is_into && common.output_file.is_some() {
        return exclude(common::OUTPUT_FILE.name, Why::InPlace);
    }
    if is_into && flags::is_given(matches, output) {
        return exclude(output.name, Why::InPlace);
    }
    match sealing {
        Sealing::Sops(_) if flags::is_given(matches, namespaces) => {
            exclude(namespaces.name, Why::OneSecret)
        }
        Sealing::SealedSecret(_) | Sealing::Into { .. } if common.string_data => {
            exclude(common::STRING_DATA.name, Why::NoStringData)
        }
        _ => Ok(()),
    }
}

/// Why a flag does not go with one that seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Why {
    #[error("the manifest is encrypted as it is written")]
    AsWritten,
    #[error("the name would be a hash of the plain values")]
    AppendHash,
    #[error("each cluster has its own certificate")]
    Contexts,
    #[error("the file is changed in place, in its own format")]
    InPlace,
    #[error("only keys are changed")]
    KeysOnly,
    #[error("a SealedSecret has no stringData")]
    NoStringData,
    #[error("the namespace is that of the file")]
    OneDocument,
    #[error("a file of SOPS contains one Secret")]
    OneSecret,
    #[error("what is sealed is printed, not sent to a cluster")]
    Prints,
    #[error("the annotation would keep the values readable")]
    SaveConfig,
    #[error("the namespaces are needed before the cluster is asked")]
    Selector,
}

/// What is wrong with the flags that seal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealFlagError {
    #[error("--sops and --{other} cannot be used together: they seal in different ways")]
    Both { other: &'static str },
    #[error("--seal-controller: expected [NAMESPACE/]NAME {}", shown::Hidden(*len))]
    Controller { len: usize },
    #[error("--{flag}: the value is empty")]
    Empty { flag: &'static str },
    #[error("--{flag} and --{other} cannot be used together: {why}")]
    Exclude { flag: &'static str, other: &'static str, why: Why },
    #[error("--{flag} prints only YAML or JSON")]
    Format { flag: &'static str },
    #[error("--{flag} needs --{needed}")]
    Needs { flag: &'static str, needed: &'static str },
    #[error("--seal-scope: {} is not a scope", shown::Quoted(word))]
    Scope { word: String },
    #[error("--seal-scope and --seal-into cannot be used together: the scope is that of the file")]
    ScopeOfFile,
}

impl Fault for SealFlagError {
    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Both { .. } => "leave out one of them".to_owned(),
            Self::Controller { .. } => {
                "for example --seal-controller=kube-system/sealed-secrets".to_owned()
            }
            Self::Empty { .. } => "a shell variable may be unset".to_owned(),
            Self::Exclude { why: Why::Selector, .. } => {
                "name the namespaces: --namespaces=NAMESPACE,…".to_owned()
            }
            Self::Exclude { why: Why::OneSecret, .. } => {
                "run it once for each: -n NAMESPACE --sops=FILE".to_owned()
            }
            Self::Exclude { why: Why::Contexts, .. } => {
                "run it once for each: --context=NAME --seal".to_owned()
            }
            Self::Exclude { other, .. } => {
                let (name, _) = other.split_once('=').unwrap_or((other, ""));
                format!("leave out --{name}")
            }
            Self::Format { .. } => "use -o yaml or -o json".to_owned(),
            Self::Needs { needed, .. } => format!("add --{needed}"),
            Self::Scope { word } => {
                let near = nearest(word, Scope::ALL.into_iter().map(Scope::name));
                match near {
                    Some(near) => format!("did you mean --seal-scope={near}?"),
                    None => "use strict, namespace-wide or cluster-wide".to_owned(),
                }
            }
            Self::ScopeOfFile => "leave out --seal-scope".to_owned(),
        }]
    }
}
