//! The files that are given, made into the PEM of a Secret.
//!
//! What kubectl takes is left as it is, to the byte: only what it refuses is looked into.

use std::path::{Path, PathBuf};

use super::finding::TlsFileFinding;
use super::{CERT, KEY, PKCS12, TlsError, path, read};
use crate::flags::{Flag, Single};
use crate::material::found::{DerKind, Found};
use crate::material::key_pair::{self, KeyPair};
use crate::material::text_mark::TextMark;
use crate::material::tls_input::{self, Form, InputError};
use crate::secret::Value;
use crate::sources::{Origin, shown_path};
use crate::types::BuildError;
use crate::types::build::{Build, Built};
use crate::types::credential::{Credential, credential};

pub(super) const PASSPHRASE: Credential = credential!("passphrase", opens "passphrase");

/// A certificate and its key, as PEM where that could be made.
pub(super) struct Given {
    pub(super) cert: Value,
    pub(super) cert_from: Origin,
    pub(super) cert_path: PathBuf,
    /// Whether the lines of the certificates are those of their file.
    pub(super) has_lines: bool,
    pub(super) key: Value,
    pub(super) key_from: Origin,
    pub(super) key_path: PathBuf,
    /// The pair, if kubectl reads the files: a key's public half is costly.
    pub(super) pair: Option<KeyPair>,
}

impl Given {
    /// Reads the files of `--cert` and `--key`, or of `--pkcs12`, each once.
    pub(super) fn read(
        asked: &Build<'_>,
        lock: &mut Lock<'_, '_>,
        built: &mut Built,
    ) -> Result<Self, BuildError> {
        Ok(match (path(asked, &PKCS12), path(asked, &CERT), path(asked, &KEY)) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                return Err(TlsError::Pkcs12Combined.into());
            }
            (Some(path), None, None) => {
                let bytes = read(asked, &PKCS12, &path)?;
                if Form::of(bytes.as_bytes()) != Form::Pkcs12 {
                    let (found, line) = Found::placed(bytes.as_bytes());
                    return Err(TlsError::NoPkcs12 { found, line, path }.into());
                }
                Self::pkcs12(&bytes, &PKCS12, path, lock)?
            }
            (None, Some(cert_path), Some(key_path)) => {
                let (cert, key) = (read(asked, &CERT, &cert_path)?, read(asked, &KEY, &key_path)?);
                let cert_from = Origin::flag(CERT.name, 1).file(&cert_path);
                let key_from = Origin::flag(KEY.name, 1).file(&key_path);
                let files = Self {
                    cert,
                    cert_from,
                    cert_path,
                    has_lines: true,
                    key,
                    key_from,
                    key_path,
                    pair: None,
                };
                files.converted(lock, built)?
            }
            (None, Some(path), None) => {
                let bytes = read(asked, &CERT, &path)?;
                if Form::of(bytes.as_bytes()) != Form::Pkcs12 {
                    return Err(match Found::placed(bytes.as_bytes()) {
                        (found @ Found::Mislabelled { kind: DerKind::Pkcs12, .. }, line) => {
                            TlsError::NoPkcs12 { found, line, path }.into()
                        }
                        _ => TlsError::Missing { flag: KEY.name }.into(),
                    });
                }
                Self::pkcs12(&bytes, &CERT, path, lock)?
            }
            (None, None, Some(_)) => return Err(TlsError::Missing { flag: CERT.name }.into()),
            (None, None, None) => return Err(TlsError::Incomplete.into()),
        })
    }

    fn pkcs12(
        bytes: &Value,
        flag: &Flag<Single>,
        path: PathBuf,
        lock: &mut Lock<'_, '_>,
    ) -> Result<Self, BuildError> {
        let pair =
            lock.open(&path, |passphrase| tls_input::pkcs12_pair(bytes.as_bytes(), passphrase))?;
        let from = Origin::flag(flag.name, 1).file(&path);
        Ok(Self {
            cert: Value::from(pair.certificates),
            cert_from: from.clone(),
            cert_path: path.clone(),
            has_lines: false,
            key: Value::from(pair.key),
            key_from: from,
            key_path: path,
            pair: None,
        })
    }

    /// Makes PEM of what kubectl would not take.
    fn converted(mut self, lock: &mut Lock<'_, '_>, built: &mut Built) -> Result<Self, BuildError> {
        // The certificate behind a byte order mark may be the key's.
        let is_marked = [&self.cert, &self.key].iter().any(|v| tls_input::is_marked(v.as_bytes()));
        if let Ok(pair) = key_pair::read(self.cert.as_bytes(), self.key.as_bytes())
            && (!is_marked || pair.compare().is_ok())
        {
            return Ok(Self { pair: Some(pair), ..self });
        }
        self.key = Self::key_as_pem(self.key, &self.key_path, lock, built)?;
        (self.cert, self.has_lines) =
            certificates_as_pem(self.cert, &self.cert_path, Some(&self.key), lock, built)?;
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
                let pem = lock.open(path, |passphrase| tls_input::pkcs12_key(bytes, passphrase))?;
                Ok(Value::from(pem))
            }
            Form::DerCertificate | Form::Other => Ok(key),
        }
    }
}

/// The bytes less their byte order mark, which is said.
fn unmarked(bytes: &[u8], path: &Path, built: &mut Built) -> Value {
    built.find(TlsFileFinding::ByteOrderMark { path: path.to_owned() });
    Value::new(tls_input::behind_mark(bytes).to_vec())
}

/// The certificates of a file as PEM, where that could be made, and whether the lines are those of
/// the file; `key` is the key of one of them.
pub(super) fn certificates_as_pem(
    bytes: Value,
    path: &Path,
    key: Option<&Value>,
    lock: &mut Lock<'_, '_>,
    built: &mut Built,
) -> Result<(Value, bool), BuildError> {
    let input = bytes.as_bytes();
    Ok(match Form::of(input) {
        Form::MarkedPem => (unmarked(input, path, built), true),
        Form::DerCertificate => (Value::from(tls_input::der_certificate(input)), false),
        Form::Pkcs12 => {
            let private = key.and_then(|key| key_pair::private_key(key.as_bytes()).ok());
            let key = private.as_ref().map(|key| &key.public);
            let pem = lock
                .open(path, |passphrase| tls_input::pkcs12_certificates(input, passphrase, key))?;
            (Value::from(pem), false)
        }
        Form::DerKey | Form::EncryptedPem | Form::Other => (bytes, true),
    })
}

/// What stands before everything that is under a passphrase.
pub(super) struct Lock<'a, 'b> {
    asked: &'a Build<'b>,
    /// The passphrase and where it came from, once something has wanted it.
    used: Option<(Value, Origin)>,
}

impl<'a, 'b> Lock<'a, 'b> {
    pub(super) fn new(asked: &'a Build<'b>) -> Self {
        Self { asked, used: None }
    }

    /// The flag of a passphrase that nothing has wanted.
    pub(super) fn unused(&self) -> Result<Option<&'static str>, BuildError> {
        Ok(if self.used.is_none() { PASSPHRASE.asked_for(self.asked)? } else { None })
    }

    /// Opens something, at first without the passphrase: it is taken where it is wanted only, so
    /// that nobody is asked for what is not needed.
    fn open<T>(
        &mut self,
        path: &Path,
        open: impl Fn(Option<&[u8]>) -> Result<T, InputError>,
    ) -> Result<T, BuildError> {
        let fail = |error| TlsError::Input { error, mark: None, path: path.to_owned() };
        let first = open(None);
        match first {
            Ok(opened) => return Ok(opened),
            Err(error) if !error.kind.wants_passphrase() => return Err(fail(error).into()),
            Err(error) => {
                if self.used.is_none() {
                    let mut taken = PASSPHRASE.take(self.asked)?;
                    if taken.is_none() {
                        let of = format!(" of {}", shown_path(path));
                        taken = PASSPHRASE.ask_for_missing(self.asked, &of)?;
                    }
                    let Some(taken) = taken else { return Err(fail(error).into()) };
                    self.used = Some(taken);
                }
            }
        }
        let passphrase = self.used.as_ref().map(|(passphrase, _)| passphrase.as_bytes());
        let opened = open(passphrase).map_err(|error| {
            let is_wrong = error.kind.is_wrong_passphrase();
            let used = self.used.as_ref().filter(|_| is_wrong);
            let mark = used.and_then(|(passphrase, origin)| {
                Some((TextMark::of(passphrase.as_bytes())?, origin.clone()))
            });
            TlsError::Input { error, mark, path: path.to_owned() }
        });
        Ok(opened?)
    }
}
