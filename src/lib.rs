//! `mksecret`: Kubernetes Secrets of every type, printed or put on a cluster.
//!
//! The words of the command line become typed flags in [`cli`]; [`commands`] hands them to the
//! type's `build` in [`types`], which reads its [`sources`] and fills a [`secret::SecretBuilder`].
//! Labels, annotations and the name's suffix are added, [`validate`] looks at the finished
//! [`secret::Secret`], and [`print`] renders all of stdout, which [`ui`] writes at once. Nothing is
//! written before validation has passed.
//!
//! A module uses only what stands below it:
//!
//! - [`commands`]: the verbs.
//! - [`docs`]: completion scripts and manual pages.
//! - [`cli`]: the command line's definition and grammar.
//! - [`process`]: what the process keeps to itself.
//! - `cluster`: the API server, behind the feature of that name; without it, this only prints.
//! - [`error`] and [`ui`]: messages with hints; the door to stdout and stderr. For the two above.
//! - [`output_file`]: a file that is replaced whole or not at all.
//! - [`types`]: a file per secret type; the table `TYPES`.
//! - [`kuberc`]: kubectl's preferences.
//! - [`print`]: a manifest as YAML, JSON, KYAML.
//! - [`sources`]: files, standard input, the terminal, environment, clock, randomness.
//! - [`validate`]: rules on a finished Secret.
//! - [`flags`]: pflag's kinds of flag.
//! - [`material`]: parsers of certificates and keys.
//! - [`golang`]: Go's own text forms; [`similar`]: what a mistyped word was meant for; [`shown`]:
//!   what a message may show of a text from outside.
//! - `buffer`: bytes that are wiped as they grow.
//! - [`reach`]: how a command line reaches a cluster; [`hints`]: errors that know what to do.
//! - [`kinds`]: the types of Secret that Kubernetes knows.
//! - [`secret`]: the model.

mod buffer;
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod commands;
pub mod docs;
pub mod error;
pub mod flags;
pub mod golang;
pub mod hints;
pub mod kinds;
pub mod kuberc;
pub mod material;
pub mod output_file;
pub mod print;
pub mod process;
pub mod reach;
pub mod secret;
pub mod shown;
pub mod similar;
pub mod sources;
pub mod types;
pub mod ui;
pub mod validate;

use std::ffi::OsString;
use std::process::ExitCode;

use cli::Request;
use error::Error;
use kuberc::Kuberc;
use sources::{Inputs, Limit};
use ui::Ui;

/// Runs the tool with the words of its command line, the program's own name first.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    process::keep_memory_private();
    ui::hide_panics();
    let words: Vec<_> = words.into_iter().skip(1).collect();
    let ui = Ui::new(cli::colour(&words));
    match answer(words, &ui) {
        Ok(code) => code,
        Err(error) => {
            if !error.is_closed_pipe() {
                error.show(&ui);
            }
            error.exit_code()
        }
    }
}

fn answer(words: Vec<OsString>, ui: &Ui) -> Result<ExitCode, Error> {
    let kuberc = Kuberc::default();
    match cli::parse(words, &kuberc)? {
        Request::Complete(complete) => ui.result(&commands::complete::answer(complete))?,
        Request::Completion(shell) => ui.result(docs::completion(shell).as_bytes())?,
        Request::Create(create) => commands::create::run(&create, ui)?,
        Request::Help(page) => ui.result(page.text(columns(ui)).as_bytes())?,
        Request::Lost(page) => {
            ui.help(&page.text(columns(ui)));
            return Ok(ExitCode::FAILURE);
        }
        Request::New(new) => return commands::new::run(&new, &kuberc, ui),
        Request::Version => {
            ui.result(concat!("mksecret ", env!("CARGO_PKG_VERSION"), "\n").as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How wide help may be: as `COLUMNS` says, as the terminal is, or 80 columns.
fn columns(ui: &Ui) -> usize {
    let variable = Inputs::system(Limit::LOOSE).variable("COLUMNS".as_ref());
    let asked = variable.and_then(|columns| columns.to_str()?.parse().ok()).filter(|n| *n > 0);
    asked.or_else(|| ui.columns()).unwrap_or(80)
}
