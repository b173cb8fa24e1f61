//! The files that are given, made into the PEM of a Secret.
//!
//! What kubectl takes is left as it is, to the byte: only what it refuses is looked into.

use std::path::{Path, PathBuf};

use super::{CERT, KEY, PKCS12, TlsError, path, read};
use crate::material::found::Found;
use crate::material::key_pair;
use crate::material::tls_input::{self, Form, InputError};
use crate::secret::Value;
use crate::sources::Origin;
use crate::types::build::{Build, BuildError, Built, Note, Warning};
use crate::types::credential::{Credential, credential};

pub(super) const PASSPHRASE: Credential = credential!("passphrase", opens "passphrase");

/// A certificate and its key, as PEM where that could be made.
pub(super) struct Given {
    pub(super) cert: Value,
    pub(super) cert_from: Origin,
    pub(super) cert_path: PathBuf,
    pub(super) key: Value,
    pub(super) key_from: Origin,
    pub(super) key_path: PathBuf,
}

impl Given {
    /// Reads the files of `--cert` and `--key`, or of `--pkcs12`, each once.
    pub(super) fn read(asked: &Build<'_>, built: &mut Built) -> Result<Self, BuildError> {
        let mut lock = Lock { asked, used: None };
        let given = match (path(asked, PKCS12), path(asked, CERT), path(asked, KEY)) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                return Err(TlsError::Pkcs12Combined.into());
            }
            (Some(path), None, None) => {
                let bytes = read(asked, PKCS12, &path)?;
                if Form::of(bytes.as_bytes()) != Form::Pkcs12 {
                    let (found, line) = Found::placed(bytes.as_bytes());
                    return Err(TlsError::NoPkcs12 { found, line, path }.into());
                }
                Self::pkcs12(&bytes, PKCS12, path, &mut lock)?
            }
            (None, Some(cert_path), Some(key_path)) => {
                let (cert, key) = (read(asked, CERT, &cert_path)?, read(asked, KEY, &key_path)?);
                let cert_from = Origin::flag(CERT, 1).file(&cert_path);
                let key_from = Origin::flag(KEY, 1).file(&key_path);
                let files = Self { cert, cert_from, cert_path, key, key_from, key_path };
                files.converted(&mut lock, built)?
            }
            (None, Some(path), None) => {
                let bytes = read(asked, CERT, &path)?;
                if Form::of(bytes.as_bytes()) != Form::Pkcs12 {
                    return Err(TlsError::Incomplete.into());
                }
                Self::pkcs12(&bytes, CERT, path, &mut lock)?
            }
            (None, None, _) => return Err(TlsError::Incomplete.into()),
        };
        if lock.used.is_none()
            && let Some(flag) = PASSPHRASE.asked_for(asked)?
        {
            built.warnings.push(Warning::PassphraseUnused { flag });
        }
        Ok(given)
    }

    fn pkcs12(
        bytes: &Value,
        flag: &'static str,
        path: PathBuf,
        lock: &mut Lock<'_, '_>,
    ) -> Result<Self, BuildError> {
        let pair =
            lock.open(&path, |passphrase| tls_input::pkcs12_pair(bytes.as_bytes(), passphrase))?;
        let from = Origin::flag(flag, 1).file(&path);
        Ok(Self {
            cert: Value::from(pair.certificates),
            cert_from: from.clone(),
            cert_path: path.clone(),
            key: Value::from(pair.key),
            key_from: from,
            key_path: path,
        })
    }

    /// Makes PEM of what kubectl would not take.
    fn converted(mut self, lock: &mut Lock<'_, '_>, built: &mut Built) -> Result<Self, BuildError> {
        if key_pair::check(self.cert.as_bytes(), self.key.as_bytes()).is_ok() {
            return Ok(self);
        }
        self.key = Self::key_as_pem(self.key, &self.key_path, lock, built)?;
        let bytes = self.cert.as_bytes();
        let cert = match Form::of(bytes) {
            Form::MarkedPem => Some(unmarked(bytes, &self.cert_path, built)),
            Form::DerCertificate => Some(Value::from(tls_input::der_certificate(bytes))),
            Form::Pkcs12 => {
                let key = key_pair::private_key(self.key.as_bytes()).ok().map(|key| key.public);
                let pem = lock.open(&self.cert_path, |passphrase| {
                    tls_input::pkcs12_certificates(bytes, passphrase, key.as_ref())
                })?;
                Some(Value::from(pem))
            }
            Form::DerKey | Form::EncryptedPem | Form::Other => None,
        };
        self.cert = cert.unwrap_or(self.cert);
        Ok(self)
    }

    fn key_as_pem(
        key: Value,
        path: &Path,
        lock: &mut Lock<'_, '_>,
        built: &mut Built,
    ) -> Result<Value, BuildError> {
        let bytes = key.as_bytes();
        match Form::of(bytes) {
            Form::MarkedPem => {
                let key = unmarked(bytes, path, built);
                match Form::of(key.as_bytes()) {
                    Form::EncryptedPem => Self::key_as_pem(key, path, lock, built),
                    _ => Ok(key),
                }
            }
            form @ (Form::DerKey | Form::EncryptedPem) => {
                let pem =
                    lock.open(path, |passphrase| tls_input::private_key(bytes, form, passphrase))?;
                Ok(Value::from(pem))
            }
            Form::Pkcs12 => {
                let pair =
                    lock.open(path, |passphrase| tls_input::pkcs12_pair(bytes, passphrase))?;
                Ok(Value::from(pair.key))
            }
            Form::DerCertificate | Form::Other => Ok(key),
        }
    }
}

/// The bytes less their byte order mark, which is said.
fn unmarked(bytes: &[u8], path: &Path, built: &mut Built) -> Value {
    built.notes.push(Note::ByteOrderMark { path: path.to_owned() });
    Value::new(tls_input::behind_mark(bytes).to_vec())
}

/// Files of CAs, which may be DER as well.
pub(super) fn certificates_as_pem(bytes: Value, path: &Path, built: &mut Built) -> Value {
    match Form::of(bytes.as_bytes()) {
        Form::MarkedPem => unmarked(bytes.as_bytes(), path, built),
        Form::DerCertificate => Value::from(tls_input::der_certificate(bytes.as_bytes())),
        _ => bytes,
    }
}

/// What stands before everything that is under a passphrase.
struct Lock<'a, 'b> {
    asked: &'a Build<'b>,
    /// The passphrase, once something has wanted it.
    used: Option<Value>,
}

impl Lock<'_, '_> {
    /// Opens something, at first without the passphrase: it is taken where it is wanted only, so
    /// that nobody is asked for what is not needed.
    fn open<T>(
        &mut self,
        path: &Path,
        open: impl Fn(Option<&[u8]>) -> Result<T, InputError>,
    ) -> Result<T, BuildError> {
        let fail = |error| TlsError::Input { error, path: path.to_owned() };
        let first = open(None);
        match first {
            Ok(opened) => return Ok(opened),
            Err(error) if !error.kind.wants_passphrase() => return Err(fail(error).into()),
            Err(error) => {
                if self.used.is_none() {
                    let taken = PASSPHRASE.take(self.asked)?;
                    let Some((passphrase, _)) = taken else { return Err(fail(error).into()) };
                    self.used = Some(passphrase);
                }
            }
        }
        let passphrase = self.used.as_ref().map(Value::as_bytes);
        Ok(open(passphrase).map_err(fail)?)
    }
}
