//! What to do about a file that cannot be written.

use std::io::ErrorKind;

use super::{shell_text, shell_word};
use crate::output_file::{Fault, OutputFileError};
use crate::sources::is_shown_path;

pub(super) fn hints(error: &OutputFileError) -> Vec<String> {
    let path = &error.path;
    match &error.kind {
        Fault::Directory { .. } => vec![
            "choose a directory that you can write to, or let the shell write the file: -o yaml > \
             FILE"
                .to_owned(),
        ],
        Fault::IsDirectory => {
            vec![format!(
                "name a file in it: --output-file={}",
                shell_word(&path.join("secret.yaml"))
            )]
        }
        // Its directory is part of the path, or of what a link says.
        Fault::NoDirectory(directory) if is_shown_path(path) => {
            vec![format!("mkdir -p {}", shell_text(&directory.to_string_lossy()))]
        }
        Fault::NoDirectory(_) => vec!["create the directory first: mkdir -p DIRECTORY".to_owned()],
        Fault::Open(error) if error.kind() == ErrorKind::PermissionDenied => {
            vec![format!(
                "choose another file, or make it writable: chmod u+w {}",
                shell_word(path)
            )]
        }
        Fault::Replace(error) if is_full(error.kind()) => {
            vec!["the file is unchanged; df -h shows how much space is left".to_owned()]
        }
        // A file that is mounted by itself, as containers do it.
        Fault::Replace(error) if error.kind() == ErrorKind::ResourceBusy => vec![
            "the file is unchanged; a file that is a mount point can only be written by the shell: \
             -o yaml > FILE"
                .to_owned(),
        ],
        Fault::Replace(_) => vec!["the file is unchanged".to_owned()],
        Fault::Open(_) | Fault::Write(_) => Vec::new(),
    }
}

fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}
