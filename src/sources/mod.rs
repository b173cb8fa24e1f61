//! Where bytes come from: the only folder that reads files, standard input, the environment, the
//! clock and the system's randomness.

mod env_file;
mod file;
mod inputs;
mod literal;
mod origin;
mod os;

pub use env_file::{EnvFileError, EnvLine, EnvLineError, read_env_file};
pub use file::{
    FileSource, FileSourceError, Folder, ReadFileSourceError, parse_file_source, read_file_source,
};
pub use inputs::{Inputs, Limit, ReadError, ReadErrorKind};
pub use literal::{NoLiteral, parse_literal};
pub use origin::{Entry, Origin};
pub use os::{bytes_of, path_of, paths_of, word_of};
