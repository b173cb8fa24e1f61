//! A password, a passphrase or a token: one secret text that a flag gives in one of several ways,
//! of which only the plain one shows it to whoever lists processes.

use std::ffi::OsString;

use super::BuildError;
use super::Variable;
use super::build::Build;
use super::generic::read_or_value_hints;
use super::values::{prompt_hints, variable_hints};
use crate::flags::{self, Flag, Single, Switch};
use crate::hints::Fault;
use crate::secret::Value;
use crate::sources::{Origin, PromptError, Question, ReadError, bytes_of, into_bytes, path_of};

/// The flags of one credential. [`credential!`] makes them.
pub(super) struct Credential {
    /// What it is, for help and messages: `password`.
    pub(super) what: &'static str,
    /// The flag that takes it from the command line, where there is one. Its help is its type's.
    pub(super) plain: Option<Flag<Single>>,
    pub(super) file: Flag<Single>,
    pub(super) env: Flag<Single>,
    pub(super) stdin: Flag<Switch>,
    pub(super) prompt: Flag<Switch>,
    /// Whether it opens something that is given beside it. Then it is asked for once and may be
    /// empty: a slip shows by itself. What becomes part of the Secret is typed twice.
    pub(super) opens: bool,
}

/// The flags of a credential: `credential!("password", plain PASSWORD, "docker-password")` where kubectl or
/// the type has a flag that takes it from the command line, `credential!("token", "token")` where
/// none should, `credential!("passphrase", opens "passphrase")` where it opens something.
macro_rules! credential {
    ($what:literal, plain $plain:expr, $name:literal) => {
        $crate::types::credential::Credential {
            plain: Some($plain),
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
            file: $crate::flags::text(
                concat!($name, "-file"),
                "FILE",
                concat!("Read the ", $what, " from a file"),
            )
            .kind($crate::flags::FlagKind::File),
            env: $crate::flags::text(
                concat!($name, "-env"),
                "VARIABLE",
                concat!("Read the ", $what, " from an environment variable"),
            )
            .kind($crate::flags::FlagKind::Variable),
            stdin: $crate::flags::switch(
                concat!($name, "-stdin"),
                concat!("Read the ", $what, " from standard input"),
            ),
            prompt: $crate::flags::switch(
                concat!($name, "-prompt"),
                concat!("Ask for the ", $what, " on the terminal, without echo"),
            ),
            opens: false,
        }
    };
}
pub(super) use credential;

impl Credential {
    /// The flags that keep it out of the process list.
    pub(super) const fn flags(&self) -> [Flag; 4] {
        [self.file.any(), self.env.any(), self.stdin.any(), self.prompt.any()]
    }

    /// Takes it in the way that was asked for; `None` where none was. What becomes part of the Secret
    /// may only be empty from the plain flag, whose rules are its type's, or where that is allowed. A file and standard input
    /// lose one final LF or CRLF, as with `docker login --password-stdin`; a variable and the
    /// command line lose nothing.
    pub(super) fn take(&self, asked: &Build<'_>) -> Result<Option<(Value, Origin)>, BuildError> {
        let Some((way, flag)) = self.way(asked)? else { return Ok(None) };
        let origin = Origin::flag(flag, 1);
        let read = |error| CredentialError::Read { flag, error };
        let (value, origin) = match way {
            Way::Plain(word) => return Ok(Some((Value::new(into_bytes(word)), origin))),
            Way::File(word) => {
                let path = path_of(&bytes_of(&word));
                (asked.inputs.read(&path).map_err(read)?.without_final_newline(), origin.file(path))
            }
            Way::Stdin => {
                (asked.inputs.read_stdin().map_err(read)?.without_final_newline(), origin)
            }
            Way::Env(word) => {
                let value = asked.inputs.secret_variable(&word);
                (value.ok_or(CredentialError::Unset { flag, variable: Variable(word) })?, origin)
            }
            Way::Prompt => {
                let what = || format!("--{flag}");
                let value =
                    self.ask(asked, "").map_err(|error| self.prompt_error(what(), error))?;
                (value, origin)
            }
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
            Ok(value) => Ok(Some((value, Origin::flag(self.prompt.name, 1)))),
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
        let others = [self.file.name, self.env.name, self.stdin.name];
        CredentialError::Prompt { what, others, error }
    }

    /// The flag that is given.
    pub(super) fn asked_for(
        &self,
        asked: &Build<'_>,
    ) -> Result<Option<&'static str>, CredentialError> {
        Ok(self.way(asked)?.map(|(_, flag)| flag))
    }

    /// The way that is given, with its flag.
    fn way(&self, asked: &Build<'_>) -> Result<Option<(Way, &'static str)>, CredentialError> {
        let text = |flag: &Flag<Single>| Some((flags::given(asked.flags, flag)?, flag.name));
        let switch = |flag: &Flag<Switch>| flags::is_on(asked.flags, flag).then_some(flag.name);
        let ways = [
            self.plain.as_ref().and_then(text).map(|(word, flag)| (Way::Plain(word), flag)),
            text(&self.file).map(|(word, flag)| (Way::File(word), flag)),
            text(&self.env).map(|(word, flag)| (Way::Env(word), flag)),
            switch(&self.stdin).map(|flag| (Way::Stdin, flag)),
            switch(&self.prompt).map(|flag| (Way::Prompt, flag)),
        ];
        let mut given = ways.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some((_, one)), Some((_, other))) => Err(CredentialError::TwoWays { one, other }),
            (one, _) => Ok(one),
        }
    }
}

/// How a credential is given, with the value of the flag.
enum Way {
    Env(OsString),
    File(OsString),
    Plain(OsString),
    Prompt,
    Stdin,
}

/// Why a credential could not be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialError {
    #[error("{what}: {error}")]
    Prompt {
        /// The flag, or what it gives if it was asked for without the flag.
        what: String,
        /// The other flags that keep it out of the process list.
        others: [&'static str; 3],
        /// Why there is no answer.
        error: PromptError,
    },
    #[error("--{flag}: {error}")]
    Read { flag: &'static str, error: ReadError },
    #[error("--{one} and --{other} cannot be used together")]
    TwoWays { one: &'static str, other: &'static str },
    #[error("--{flag}: {variable}")]
    Unset { flag: &'static str, variable: Variable },
}

impl Fault for CredentialError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Prompt { others: [file, env, stdin], error, .. } => {
                let instead = format!("--{stdin}, --{env}=VARIABLE or --{file}=FILE");
                prompt_hints(error, &instead)
            }
            Self::Read { flag, error } => {
                let base = flag.strip_suffix("-file").unwrap_or(flag);
                read_or_value_hints(error, &format!("--{base}-env=VARIABLE"))
            }
            Self::TwoWays { .. } => vec!["leave out one of them".to_owned()],
            Self::Unset { variable, .. } => variable_hints(variable),
        }
    }
}

/// The flags that give a credential, none of which was given.
pub(super) fn use_one_way(credential: &str) -> String {
    format!("use --{credential}-prompt, or --{credential}-file=FILE")
}
