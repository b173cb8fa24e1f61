//! A password, a passphrase or a token: one secret text that a flag gives in one of several ways,
//! of which only the plain one shows it to whoever lists processes.

use std::path::PathBuf;

use super::Variable;
use super::build::{Build, BuildError};
use crate::flags::{self, Flag};
use crate::secret::Value;
use crate::sources::{Origin, PromptError, Question, ReadError, bytes_of, into_bytes, path_of};

/// The flags of one credential, long names without dashes. [`credential!`] makes them.
pub(super) struct Credential {
    /// What it is, for help and messages: `password`.
    pub(super) what: &'static str,
    /// The flag that takes it from the command line, where there is one. Its help is its type's.
    pub(super) plain: Option<&'static str>,
    /// `…-file`.
    pub(super) file: &'static str,
    /// `…-env`.
    pub(super) env: &'static str,
    /// `…-stdin`.
    pub(super) stdin: &'static str,
    /// `…-prompt`.
    pub(super) prompt: &'static str,
    /// What help says of these four.
    pub(super) helps: [&'static str; 4],
    /// Whether it opens something that is given beside it. Then it is asked for once and may be
    /// empty: a slip shows by itself. What becomes part of the Secret is typed twice.
    pub(super) opens: bool,
}

/// The flags of a credential: `credential!("password", plain "docker-password")` where kubectl or
/// the type has a flag that takes it from the command line, `credential!("token", "token")` where
/// none should, `credential!("passphrase", opens "passphrase")` where it opens something.
macro_rules! credential {
    ($what:literal, plain $name:literal) => {
        $crate::types::credential::Credential {
            plain: Some($name),
            ..$crate::types::credential::credential!($what, $name)
        }
    };
    ($what:literal, opens $name:literal) => {
        $crate::types::credential::Credential {
            opens: true,
            ..$crate::types::credential::credential!($what, $name)
        }
    };
    ($what:literal, $name:literal) => {
        $crate::types::credential::Credential {
            what: $what,
            plain: None,
            file: concat!($name, "-file"),
            env: concat!($name, "-env"),
            stdin: concat!($name, "-stdin"),
            prompt: concat!($name, "-prompt"),
            helps: [
                concat!("Read the ", $what, " from a file"),
                concat!("Read the ", $what, " from an environment variable"),
                concat!("Read the ", $what, " from standard input"),
                concat!("Ask for the ", $what, " on the terminal, without echo"),
            ],
            opens: false,
        }
    };
}
pub(super) use credential;

impl Credential {
    /// The flags that keep it out of the process list.
    pub(super) fn flags(&self) -> Vec<Flag> {
        let [file, env, stdin, prompt] = self.helps;
        vec![
            flags::text(self.file, "FILE", file),
            flags::text(self.env, "VARIABLE", env),
            flags::switch(self.stdin, stdin),
            flags::switch(self.prompt, prompt),
        ]
    }

    /// Takes it in the way that was asked for; `None` where none was. What becomes part of the Secret
    /// may only be empty from the plain flag, whose rules are its type's, or where that is allowed. A file and standard input
    /// lose one final LF or CRLF, as with `docker login --password-stdin`; a variable and the
    /// command line lose nothing.
    pub(super) fn take(&self, asked: &Build<'_>) -> Result<Option<(Value, Origin)>, BuildError> {
        let Some(flag) = self.asked_for(asked)? else { return Ok(None) };
        let origin = Origin::flag(flag, 1);
        let word = flags::given(asked.flags, flag).unwrap_or_default();
        let read = |error| CredentialError::Read { flag, error };
        let (value, origin) = if flag == self.file {
            let path = path_of(&bytes_of(&word));
            (asked.inputs.read(&path).map_err(read)?.without_final_newline(), origin.file(path))
        } else if flag == self.stdin {
            (asked.inputs.read_stdin().map_err(read)?.without_final_newline(), origin)
        } else if flag == self.env {
            let value = asked.inputs.secret_variable(&word);
            (value.ok_or(CredentialError::Unset { flag, variable: Variable(word) })?, origin)
        } else if flag == self.prompt {
            let what = || format!("--{}", self.prompt);
            let value = self.ask(asked, "").map_err(|error| self.prompt_error(what(), error))?;
            (value, origin)
        } else {
            return Ok(Some((Value::new(into_bytes(word)), origin)));
        };
        if value.is_empty() && !self.opens && !asked.takes_empty() {
            return Err(BuildError::EmptyValue { origin });
        }
        Ok(Some((value, origin)))
    }

    /// Asks for it if the user can be asked, as [`Self::prompt`] does; `None` if not. Only for a
    /// credential that no flag gives. `of` says in the prompt what it belongs to: ` of web.key`.
    pub(super) fn ask_for_missing(
        &self,
        asked: &Build<'_>,
        of: &str,
    ) -> Result<Option<(Value, Origin)>, CredentialError> {
        if !asked.asks_for_missing || !asked.inputs.is_interactive() {
            return Ok(None);
        }
        match self.ask(asked, of) {
            Ok(value) => Ok(Some((value, Origin::flag(self.prompt, 1)))),
            // A process without a controlling terminal, or a system on which there is none to open.
            Err(PromptError::NoTerminal) => Ok(None),
            Err(error) => Err(self.prompt_error(format!("the {}{of}", self.what), error)),
        }
    }

    fn ask(&self, asked: &Build<'_>, of: &str) -> Result<Value, PromptError> {
        let what = format!("the {}{of}", self.what);
        let may_be_empty = self.opens || asked.takes_empty();
        asked.inputs.ask(&Question { what: &what, twice: !self.opens, may_be_empty })
    }

    fn prompt_error(&self, what: String, error: PromptError) -> CredentialError {
        let others = [self.file, self.env, self.stdin];
        CredentialError::Prompt { what, others, error }
    }

    /// The flag that is given.
    pub(super) fn asked_for(
        &self,
        asked: &Build<'_>,
    ) -> Result<Option<&'static str>, CredentialError> {
        let mut given = self.ways().filter(|flag| is_on(asked, flag));
        match (given.next(), given.next()) {
            (Some(one), Some(other)) => Err(CredentialError::TwoWays { one, other }),
            (one, _) => Ok(one),
        }
    }

    /// All its flags.
    pub(super) fn ways(&self) -> impl Iterator<Item = &'static str> {
        self.plain.into_iter().chain([self.file, self.env, self.stdin, self.prompt])
    }
}

/// Whether a flag is given, and is no switch that is off.
fn is_on(asked: &Build<'_>, flag: &str) -> bool {
    flags::is_given(asked.flags, flag)
        && asked.flags.try_get_one::<bool>(flag).ok().flatten().is_none_or(|on| *on)
}

/// Why a credential could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// Nobody answered.
    #[error("{what}: {error}")]
    Prompt {
        /// The flag, or what it gives if it was asked for without the flag.
        what: String,
        /// The other flags that keep it out of the process list.
        others: [&'static str; 3],
        /// Why there is no answer.
        error: PromptError,
    },
    /// What the flag names could not be read.
    #[error("--{flag}: {error}")]
    Read {
        /// The flag.
        flag: &'static str,
        /// What went wrong.
        error: ReadError,
    },
    /// Two flags give the same credential.
    #[error("--{one} and --{other} cannot be used together")]
    TwoWays {
        /// One.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// The variable is not set.
    #[error("--{flag}: {variable}")]
    Unset {
        /// The flag.
        flag: &'static str,
        /// The variable's name.
        variable: Variable,
    },
}

impl CredentialError {
    /// The file that could not be read.
    pub fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::Read { error, .. } => Some(&error.path),
            _ => None,
        }
    }
}
