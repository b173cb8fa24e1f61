//! The command line of `mksecret kustomize`, as typed values.

use std::ffi::OsString;
use std::path::PathBuf;

use super::cluster_request::{ClusterRequest, ClusterRequestError};
use super::common::{Common, CommonError, DryRun, Format};
use super::seal::{self, SealFlagError, Sealing};
use crate::flags::{self, Flag, Given, Single, Switch, kustomize, targets};
use crate::hints::Fault;
use crate::kustomize::Restrictor;
use crate::shown;
use crate::similar::nearest;
use crate::sources::bytes_of;

/// A kustomization to build, and what becomes of its Secrets.
#[derive(Debug)]
pub(crate) struct Kustomize {
    /// The directory, as it was given.
    pub directory: PathBuf,
    pub restrictor: Restrictor,
    pub secrets_only: bool,
    /// `-o`: a file, or a directory that gets a file for each Secret.
    pub output: Option<PathBuf>,
    /// Whether the names are printed, not the manifests.
    pub names: bool,
    pub common: Common,
    /// How the Secrets are sealed, `None` if they are not.
    pub sealing: Option<Sealing>,
    pub cluster: ClusterRequest,
}

impl Kustomize {
    /// Whether the Secrets go to a cluster.
    pub(crate) fn is_sent(&self) -> bool {
        let is_asked = self.cluster.apply.is_some() || self.common.dry_run == DryRun::Server;
        is_asked && self.common.dry_run != DryRun::Client
    }

    pub(super) fn from_flags(
        matches: &Given,
        words: &[OsString],
    ) -> Result<Self, KustomizeFlagError> {
        let directory = match words {
            [] => PathBuf::from("."),
            [word] => PathBuf::from(word),
            _ => return Err(KustomizeFlagError::Directories(words.len())),
        };
        check_defaults(matches)?;
        // `-o` names a path here.
        let others = matches.without(&kustomize::OUTPUT);
        let mut common = Common::from_flags(&others)?;
        common.format = format(matches)?;
        let sealing = seal::from_flags(&others, &common)?;
        let cluster = ClusterRequest::from_flags(&others, &common, &[])?;
        let output = flags::given(matches, &kustomize::OUTPUT).filter(|path| !path.is_empty());
        let mut request = Self {
            directory,
            restrictor: restrictor(matches)?,
            secrets_only: flags::is_on(matches, &kustomize::SECRETS_ONLY),
            output: output.map(PathBuf::from),
            names: flags::is_on(matches, &kustomize::NAMES),
            common,
            sealing,
            cluster,
        };
        if request.sealing.is_some() && request.names {
            return Err(KustomizeFlagError::SealedNames);
        }
        if request.is_sent() {
            // Objects that a cluster returns are printed if they are asked for.
            if !flags::is_given(matches, &kustomize::FORMAT) {
                request.common.format = Format::Result;
            }
            let printing = [&kustomize::OUTPUT.any(), &kustomize::NAMES.any()];
            let other = printing.into_iter().find(|flag| flags::is_given(matches, *flag));
            if let Some(other) = other {
                return Err(KustomizeFlagError::Exclude { other: other.name });
            }
        } else if let Some(flag) = [&targets::NAMESPACE_SELECTOR.any(), &targets::CONTEXTS.any()]
            .into_iter()
            .find(|flag| flags::is_given(matches, *flag))
        {
            return Err(KustomizeFlagError::NeedsApply { flag: flag.name });
        }
        Ok(request)
    }
}

fn format(matches: &Given) -> Result<Format, KustomizeFlagError> {
    let Some(word) = flags::given(matches, &kustomize::FORMAT) else { return Ok(Format::Yaml) };
    let word = String::from_utf8_lossy(&bytes_of(&word)).to_ascii_lowercase();
    match &*word {
        "yaml" | "" => Ok(Format::Yaml),
        "json" => Ok(Format::Json),
        "name" => Ok(Format::Name),
        _ => Err(KustomizeFlagError::Format { format: word }),
    }
}

fn restrictor(matches: &Given) -> Result<Restrictor, KustomizeFlagError> {
    let allowed = flags::values(matches, &kustomize::ALLOW_DIR).map(PathBuf::from).collect();
    let word = flags::given(matches, &kustomize::LOAD_RESTRICTOR);
    let none = match word.as_deref().map(|word| word.to_string_lossy()).as_deref() {
        None | Some("LoadRestrictionsRootOnly") => false,
        Some("LoadRestrictionsNone") => true,
        Some(_) => return Err(KustomizeFlagError::Restrictor),
    };
    Ok(Restrictor { none, allowed })
}

/// Refuses what could change a Secret and is not implemented.
fn check_defaults(matches: &Given) -> Result<(), KustomizeFlagError> {
    const SWITCHES: [&Flag<Switch>; 5] = [
        &kustomize::ENABLE_HELM,
        &kustomize::ENABLE_ALPHA_PLUGINS,
        &kustomize::HELM_DEBUG,
        &kustomize::NETWORK,
        &kustomize::AS_CURRENT_USER,
    ];
    const TEXTS: [(&Flag<Single>, &str); 6] = [
        (&kustomize::HELM_COMMAND, "helm"),
        (&kustomize::HELM_API_VERSIONS, ""),
        (&kustomize::HELM_KUBE_VERSION, ""),
        (&kustomize::ENV, ""),
        (&kustomize::MOUNT, ""),
        (&kustomize::NETWORK_NAME, "bridge"),
    ];
    let switch = SWITCHES.into_iter().find(|flag| flags::is_on(matches, flag));
    let text = || {
        let is_other = |(flag, default): &(&Flag<Single>, &str)| {
            flags::given(matches, flag).is_some_and(|value| value != *default)
        };
        TEXTS.into_iter().find(is_other).map(|(flag, _)| flag.name)
    };
    match switch.map(|flag| flag.name).or_else(text) {
        Some(flag) => Err(KustomizeFlagError::Unsupported { flag }),
        None => Ok(()),
    }
}

/// What is wrong with the command line of `mksecret kustomize`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KustomizeFlagError {
    #[error(transparent)]
    Cluster(#[from] ClusterRequestError),
    #[error(transparent)]
    Common(#[from] CommonError),
    #[error("kustomize takes one directory, not {0}")]
    Directories(usize),
    #[error(
        "--{other} is about what is printed, and cannot be used with --apply or --dry-run=server"
    )]
    Exclude { other: &'static str },
    #[error("--format: {} is not a format of kustomize", shown::Quoted(format))]
    Format { format: String },
    #[error("--{flag} needs --apply")]
    NeedsApply { flag: &'static str },
    #[error("--load-restrictor must be LoadRestrictionsRootOnly or LoadRestrictionsNone")]
    Restrictor,
    #[error(transparent)]
    Seal(#[from] SealFlagError),
    #[error("--names prints names, which are not sealed")]
    SealedNames,
    #[error("--{flag} is not implemented: only its default is accepted")]
    Unsupported { flag: &'static str },
}

impl Fault for KustomizeFlagError {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Cluster(error) => return error.hints(),
            Self::Common(error) => return error.hints(),
            Self::Directories(_) => "run it once for each directory".to_owned(),
            Self::Exclude { .. } => "leave out one of them".to_owned(),
            Self::Format { format } => {
                match nearest(format, ["yaml", "json", "name"].into_iter()) {
                    Some(near) => format!("did you mean --format={near}?"),
                    None => "use yaml, json or name".to_owned(),
                }
            }
            Self::NeedsApply { .. } => "add --apply".to_owned(),
            Self::Seal(SealFlagError::Format { .. }) => {
                "use --format=yaml or --format=json".to_owned()
            }
            Self::Seal(error) => return error.hints(),
            Self::SealedNames => "leave out --names".to_owned(),
            Self::Restrictor => "to allow one more directory, use --allow-dir=DIR".to_owned(),
            Self::Unsupported { flag } => {
                format!("kubectl implements it: kubectl kustomize --{flag} DIR")
            }
        };
        vec![hint]
    }
}
