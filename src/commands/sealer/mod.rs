//! What is done with a Secret in place of printing it plain.

mod certificate;
mod into;
mod sops;

use zeroize::Zeroizing;

pub(super) use self::into::IntoSealer;
pub(super) use self::sops::SopsSealer;
use crate::cli::{Common, Format, SealRequest, Sealing};
use crate::error::Error;
use crate::print;
use crate::reach::Reach;
use crate::seal::{Certificate, Extras, Scope, ScopeError, ScopeWish, SealError, Sealable};
use crate::secret::{Namespace, Secret};
use crate::sources::Inputs;
use crate::ui::Ui;
use crate::validate::Finding;

/// What seals the Secrets of a run.
pub(super) enum Sealer {
    Controller(Box<ControllerSealer>),
    Into(Box<IntoSealer>),
    Sops(Box<SopsSealer>),
}

/// A Secret that is to be sealed, with what its manifest says beyond the model.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub secret: &'a Secret,
    pub extras: &'a Extras,
    /// The namespaces that it is sealed for; none for its own.
    pub namespaces: &'a [String],
}

impl Sealer {
    /// Finds the keys to seal with.
    pub(super) fn new(
        sealing: &Sealing,
        reach: &Reach,
        inputs: &Inputs,
        ui: &Ui,
    ) -> Result<Self, Error> {
        Ok(match sealing {
            Sealing::Into { file, remove_keys, seal } => {
                Self::Into(Box::new(IntoSealer::new(file, remove_keys, seal, reach, inputs)?))
            }
            Sealing::SealedSecret(request) => {
                Self::Controller(Box::new(ControllerSealer::new(request, reach, inputs, ui)?))
            }
            Sealing::Sops(request) => Self::Sops(Box::new(SopsSealer::new(request, inputs, ui)?)),
        })
    }

    /// What there is to warn of before anything is sealed; fails if the Secret cannot be sealed.
    pub(super) fn check(
        &self,
        subject: Subject<'_>,
        common: &Common,
    ) -> Result<Vec<Finding>, Error> {
        match self {
            Self::Controller(sealer) => sealer.check(subject, common.allow_empty),
            Self::Into(sealer) => sealer.check(subject.secret),
            Self::Sops(sealer) => sealer.check(subject.secret, common),
        }
    }

    /// The sealed Secret, or one for each namespace; `None` if it went into a file.
    pub(super) fn seal(
        &self,
        subject: Subject<'_>,
        common: &Common,
        inputs: &Inputs,
        ui: &Ui,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match self {
            Self::Controller(sealer) => sealer.print(subject, &common.format, inputs).map(Some),
            Self::Into(sealer) => {
                sealer.write(subject.secret, inputs, ui)?;
                Ok(None)
            }
            Self::Sops(sealer) => sealer.print(subject.secret, common, inputs).map(Some),
        }
    }
}

/// Seals for one controller of Sealed Secrets.
pub(super) struct ControllerSealer {
    certificate: Certificate,
    scope: Option<ScopeWish>,
}

impl ControllerSealer {
    fn new(request: &SealRequest, reach: &Reach, inputs: &Inputs, ui: &Ui) -> Result<Self, Error> {
        let scope = scope(request, inputs)?;
        if let Some(ScopeWish { scope, from_environment: true }) = scope {
            ui.status(&format!("note: the scope {scope} comes from SEALED_SECRETS_SCOPE"));
        }
        Ok(Self { certificate: certificate::certificate(request, reach, inputs)?, scope })
    }

    fn check(&self, subject: Subject<'_>, allow_empty: bool) -> Result<Vec<Finding>, Error> {
        let Subject { secret, extras, namespaces } = subject;
        let first = namespaces.first().map(|name| Namespace::new(name));
        let namespace = first.as_ref().or(secret.namespace.as_ref());
        let subject = Sealable { secret, namespace, extras };
        subject.scope(self.scope, allow_empty)?;
        let mut findings = self.certificate.findings();
        findings.extend(subject.findings(&self.certificate)?);
        Ok(findings)
    }

    fn print(
        &self,
        subject: Subject<'_>,
        format: &Format,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let Subject { secret, extras, namespaces } = subject;
        let mut out = Zeroizing::new(Vec::new());
        let mut add = |namespace: Option<&Namespace>| {
            let subject = Sealable { secret, namespace, extras };
            let scope = subject.scope(self.scope, true)?;
            let sealed = subject.seal(scope, &self.certificate, inputs)?;
            let manifest = sealed.manifest();
            if *format == Format::Json {
                print::json::write_with("  ", &manifest, &mut out);
            } else {
                out.extend_from_slice(b"---\n");
                print::yaml::write(&manifest, &mut out);
            }
            Ok::<_, Error>(())
        };
        if namespaces.is_empty() {
            add(secret.namespace.as_ref())?;
        }
        for namespace in namespaces {
            add(Some(&Namespace::new(namespace)))?;
        }
        Ok(out)
    }
}

/// The scope of the command line, else of the environment.
fn scope(request: &SealRequest, inputs: &Inputs) -> Result<Option<ScopeWish>, SealError> {
    if let Some(scope) = request.scope {
        return Ok(Some(ScopeWish { scope, from_environment: false }));
    }
    let Some(name) = certificate::variable("SEALED_SECRETS_SCOPE", inputs) else { return Ok(None) };
    match Scope::of_name(&name) {
        Some(scope) => Ok(Some(ScopeWish { scope, from_environment: true })),
        None => Err(SealError::Scope(ScopeError::Environment { name })),
    }
}
