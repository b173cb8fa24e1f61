//! What is done with a Secret in place of printing it plain.

mod certificate;

use zeroize::Zeroizing;

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
    Controller(ControllerSealer),
}

impl Sealer {
    /// Finds the keys to seal with.
    pub(super) fn new(
        sealing: &Sealing,
        reach: &Reach,
        inputs: &Inputs,
        ui: &Ui,
    ) -> Result<Self, Error> {
        match sealing {
            Sealing::SealedSecret(request) => {
                Ok(Self::Controller(ControllerSealer::new(request, reach, inputs, ui)?))
            }
            Sealing::Into { .. } | Sealing::Sops(_) => todo!(),
        }
    }

    /// What there is to warn of before anything is sealed; fails if a Secret cannot be sealed for
    /// these namespaces, or for its own if there are none.
    pub(super) fn check(
        &self,
        secret: &Secret,
        extras: &Extras,
        namespaces: &[String],
        common: &Common,
    ) -> Result<Vec<Finding>, Error> {
        let Self::Controller(sealer) = self;
        sealer.check(secret, extras, namespaces, common.allow_empty)
    }

    /// The sealed Secret, or one for each namespace.
    pub(super) fn print(
        &self,
        secret: &Secret,
        extras: &Extras,
        namespaces: &[String],
        format: &Format,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let Self::Controller(sealer) = self;
        sealer.print(secret, extras, namespaces, format, inputs)
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

    fn check(
        &self,
        secret: &Secret,
        extras: &Extras,
        namespaces: &[String],
        allow_empty: bool,
    ) -> Result<Vec<Finding>, Error> {
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
        secret: &Secret,
        extras: &Extras,
        namespaces: &[String],
        format: &Format,
        inputs: &Inputs,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
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
