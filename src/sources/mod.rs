//! Where bytes come from: the only folder that reads files, standard input, the environment, the
//! clock, the terminal and the system's randomness, and that starts programs.

mod base64;
mod dialogue;
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

pub use base64::{NoBase64, decode};
pub use dialogue::{Check, Complete, Dialogue, cut};
pub use env_file::{EnvDoubt, EnvFileError, EnvLine, EnvLineError, Opening, read_env_file};
pub use file::{
    FileSource, FileSourceError, Folder, Links, ReadFileSourceError, parse_file_source,
    read_file_source,
};
pub use held_signals::HeldSignals;
pub use inputs::{Inputs, Limit, ReadError, ReadErrorKind, system_words};
pub use literal::{NoLiteral, parse_literal};
pub use origin::Origin;
pub use os::{bytes_of, into_bytes, names_descriptor, path_of, paths_of, word_of};
pub use path::{exists, is_contents, is_shown_path, shown_path};
pub use path_hints::{certificates_of, shell_word, system_hints, value_in_place_hints};
pub use program::{ProgramAnswer, ProgramError};
pub use random::{Charset, NoRecipe, Recipe};
pub use terminal::{PromptError, Question};
