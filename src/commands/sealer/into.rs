//! Keys that go into a file with a `SealedSecret`.

use std::path::{Path, PathBuf};

use super::certificate;
use crate::cli::SealRequest;
use crate::error::Error;
use crate::hints::Fault;
use crate::output_file::OutputFile;
use crate::reach::Reach;
use crate::seal::{
    Certificate, Changes, Extras, IntoError, Scope, SealError, Sealable, SealedFile,
};
use crate::secret::{Namespace, Secret};
use crate::shown;
use crate::sources::{self, Inputs, shown_path, system_words};
use crate::ui::Ui;
use crate::validate::Finding;
use zeroize::Zeroizing;

/// Puts keys into one file.
pub(in crate::commands) struct IntoSealer {
    path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
    remove_keys: Vec<String>,
    certificate: Certificate,
}

impl IntoSealer {
    pub(super) fn new(
        path: &Path,
        remove_keys: &[String],
        request: &SealRequest,
        reach: &Reach,
        inputs: &Inputs,
    ) -> Result<Self, Error> {
        let bytes = sources::read_whole(path).map_err(|error| IntoFault::Unreadable {
            path: path.to_owned(),
            why: system_words(&error),
        })?;
        let certificate = certificate::certificate(request, reach, inputs)?;
        let (path, remove_keys) = (path.to_owned(), remove_keys.to_vec());
        Ok(Self { path, bytes, remove_keys, certificate })
    }

    fn find(&self, secret: &Secret) -> Result<SealedFile<'_>, Error> {
        let fault = |error| IntoFault::File { path: self.path.clone(), error };
        let given = secret.namespace.as_ref().map(Namespace::as_str);
        let found = SealedFile::find(&self.bytes, secret.name.as_str(), given).map_err(fault)?;
        match (&found.namespace, given) {
            (Some(own), Some(given)) if own != given => {
                let (own, given) = (own.clone(), given.to_owned());
                Err(IntoFault::Namespace { path: self.path.clone(), own, given }.into())
            }
            (None, None) if found.scope != Scope::ClusterWide => {
                Err(SealError::NoNamespace { scope: found.scope }.into())
            }
            _ => Ok(found),
        }
    }

    /// What there is to warn of; fails if the keys cannot go into the file.
    pub(super) fn check(&self, secret: &Secret) -> Result<Vec<Finding>, Error> {
        let found = self.find(secret)?;
        let overlap = self
            .remove_keys
            .iter()
            .find(|key| secret.data.keys().any(|given| given.as_str() == key.as_str()));
        if let Some(key) = overlap {
            return Err(IntoFault::RemovesGiven { key: key.clone() }.into());
        }
        if secret.data.is_empty() && self.remove_keys.is_empty() {
            return Err(IntoFault::NoKey.into());
        }
        drop(found);
        Ok(self.certificate.findings())
    }

    /// Writes the file with the new values.
    pub(super) fn write(&self, secret: &Secret, inputs: &Inputs, ui: &Ui) -> Result<(), Error> {
        let fault = |error| IntoFault::File { path: self.path.clone(), error };
        let found = self.find(secret)?;
        let own = found.namespace.as_deref().map(Namespace::new);
        let namespace = own.or_else(|| secret.namespace.clone());
        let extras = Extras::default();
        let subject = Sealable { secret, namespace: namespace.as_ref(), extras: &extras };
        let sealed = subject.seal(found.scope, &self.certificate, inputs)?.into_values();
        let keys: Vec<_> = sealed.iter().map(|(key, _)| shown::Key(key).to_string()).collect();
        let removed = self.remove_keys.clone();
        let changed = found.changed(&Changes { sealed, removed }).map_err(fault)?;
        let file = OutputFile::find(&self.path)?
            .ok_or_else(|| IntoFault::NotAFile { path: self.path.clone() })?;
        // Values may have been asked for meanwhile, and somebody else may have written the file.
        if sources::read_whole(&self.path).ok().as_ref() != Some(&self.bytes) {
            return Err(IntoFault::Changed { path: self.path.clone() }.into());
        }
        file.with_its_mode().open()?.write(&changed)?;
        let path = shown_path(&self.path);
        if !keys.is_empty() {
            ui.status(&format!("sealed into {path}: {}", keys.join(", ")));
        }
        if !self.remove_keys.is_empty() {
            let removed: Vec<_> =
                self.remove_keys.iter().map(|key| shown::Key(key).to_string()).collect();
            ui.status(&format!("removed from {path}: {}", removed.join(", ")));
        }
        ui.status(
            &"note: the other values are sealed, so rules on the whole Secret were not checked",
        );
        Ok(())
    }
}

/// Why a file is not changed.
#[derive(Debug, thiserror::Error)]
enum IntoFault {
    #[error("{} has changed meanwhile, and was left as it is (--seal-into)", shown_path(path))]
    Changed { path: PathBuf },
    #[error("{} is not a file that can be changed (--seal-into)", shown_path(path))]
    NotAFile { path: PathBuf },
    #[error("{error} (--seal-into={})", shown_path(path))]
    File { path: PathBuf, error: IntoError },
    #[error(
        "the SealedSecret is for namespace {}, not for {} (--seal-into={})",
        shown::Quoted(own),
        shown::Quoted(given),
        shown_path(path)
    )]
    Namespace { path: PathBuf, own: String, given: String },
    #[error("--seal-into: there is no key to put into the file")]
    NoKey,
    #[error(
        "--remove-key={} and a source of the same key cannot be used together",
        shown::Name(key)
    )]
    RemovesGiven { key: String },
    #[error("cannot read {}: {why} (--seal-into)", shown_path(path))]
    Unreadable { path: PathBuf, why: String },
}

impl Fault for IntoFault {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::File { error, .. } => error.hints(),
            Self::Namespace { .. } => {
                vec!["leave out -n: the namespace is that of the file".to_owned()]
            }
            Self::NoKey => vec!["for example --from-prompt=KEY, or --remove-key=KEY".to_owned()],
            Self::RemovesGiven { .. } => vec!["leave out one of them".to_owned()],
            Self::Changed { .. } => vec!["run it again".to_owned()],
            Self::NotAFile { .. } | Self::Unreadable { .. } => Vec::new(),
        }
    }
}
