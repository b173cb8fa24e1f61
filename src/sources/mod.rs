//! Where bytes come from: the only folder that reads files, standard input, the environment, the
//! clock, the terminal and the system's randomness, and that starts programs.

mod base64;
mod dialogue;
mod dotenv;
mod env_doubt;
mod env_file;
mod file;
mod held_signals;
mod inputs;
mod line;
mod literal;
mod origin;
mod os;
mod path;
mod path_hints;
mod program;
mod random;
mod terminal;
mod walk;
mod working_directory;

pub(crate) use base64::{NoBase64, decode};
pub(crate) use dialogue::{Dialogue, cut};
pub(crate) use env_doubt::{EnvDoubt, Opening};
pub(crate) use env_file::{
    EnvAdvice, EnvFileError, EnvFormat, EnvLineError, read_dotenv, read_env_file,
};
pub(crate) use file::{
    FileSourceError, Folder, Links, ReadFileSourceError, parse_file_source, read_file_source,
};
pub(crate) use held_signals::HeldSignals;
pub(crate) use inputs::{Inputs, Limit, ReadError, ReadErrorKind, system_words};
pub(crate) use literal::{NoLiteral, parse_literal};
pub(crate) use origin::Origin;
pub(crate) use os::{bytes_of, into_bytes, names_descriptor, path_of, paths_of, word_of};
pub(crate) use path::{exists, is_contents, is_shown_path, shown_path};
pub(crate) use path_hints::{certificates_of, shell_word};
pub(crate) use program::{ProgramAnswer, ProgramError};
pub(crate) use random::{Charset, NoRecipe, Recipe};
pub(crate) use terminal::{PromptError, Question};
pub(crate) use walk::{Unreadable, WalkOptions, below_here, files, read_stdin, read_whole};
pub(crate) use working_directory::WorkingDirectory;
