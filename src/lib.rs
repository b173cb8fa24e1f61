//! `mksecret`: Kubernetes Secrets of every type, printed or put on a cluster.
//!
//! The words of the command line become typed flags in [`cli`]; the type's `build` in [`types`] reads
//! its [`sources`] and fills a [`secret::SecretBuilder`]; [`pipeline`] makes a draft of it, with labels,
//! annotations and the name's suffix, and holds it to the rules of [`validate`] and [`kinds`]. What is
//! ready is rendered by [`print`] and written at once by [`ui`], or sent to a cluster. Nothing is written
//! before validation has passed.
//!
//! A module uses only what stands below it:
//!
//! - [`commands`]: the verbs; [`testing`]: what tests and fuzz targets use.
//! - [`pipeline`]: from drafts to what is printed or sent.
//! - [`docs`]: completion scripts and manual pages; [`error`]: messages with hints.
//! - [`cli`]: the command line's definition and grammar.
//! - `cluster`: the API server, behind the feature of that name; without it, this only prints.
//! - [`types`]: a file per subcommand; the table `TYPES`. [`check`]: the Secrets in files of manifests.
//! - [`kustomize`]: the Secrets of a kustomization, built as kustomize builds them.
//! - [`consumers`]: well-known readers of Secrets, and what they require.
//! - [`seal`]: manifests sealed for Sealed Secrets or encrypted as by SOPS.
//! - [`kinds`]: the types of Secret that Kubernetes knows, with their rules; [`reach`]: how a command
//!   line reaches a cluster.
//! - [`validate`]: findings, and rules on any Secret; [`manifest`]: YAML and JSON as trees with
//!   places; [`kuberc`]: kubectl's preferences;
//!   [`output_file`]: a file that is replaced whole or not at all.
//! - [`manifest`]: manifests as kubectl reads them, with positions.
//! - [`print`]: a manifest as YAML, JSON, KYAML; [`material`]: parsers of certificates and keys.
//! - [`sources`]: files, standard input, the terminal, environment, clock, randomness.
//! - [`flags`]: pflag's kinds of flag; [`secret`]: the model.
//! - [`golang`]: Go's own text forms.
//! - [`hints`]: errors that know what to do; [`ui`]: the door to stdout and stderr; [`shown`]: what a
//!   message may show of a text from outside; [`similar`]: what a mistyped word was meant for;
//!   [`process`]: what the process keeps to itself; `buffer`: bytes that are wiped as they grow.

#![cfg_attr(
    not(feature = "cluster"),
    allow(
        dead_code,
        unused_imports,
        reason = "what only runs on clusters need is defined for both builds"
    )
)]

mod buffer;
mod check;
mod cli;
#[cfg(feature = "cluster")]
mod cluster;
mod commands;
mod consumers;
mod docs;
mod error;
mod flags;
mod golang;
mod hints;
mod kinds;
mod kuberc;
mod kustomize;
mod manifest;
mod material;
mod output_file;
mod pipeline;
mod print;
mod process;
mod reach;
mod seal;
mod secret;
mod shown;
mod similar;
mod sources;
#[doc(hidden)]
pub mod testing;
mod types;
mod ui;
mod validate;

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
            // As kubectl, for every failure.
            ExitCode::FAILURE
        }
    }
}

fn answer(words: Vec<OsString>, ui: &Ui) -> Result<ExitCode, Error> {
    let kuberc = Kuberc::default();
    match cli::parse(words, &kuberc)? {
        Request::Check(check) => return commands::check::run(check, ui),
        Request::Complete(complete) => ui.result(&commands::complete::answer(complete))?,
        Request::Completion(shell) => ui.result(docs::completion(shell).as_bytes())?,
        Request::Create(create) => commands::create::run(&create, ui)?,
        Request::Help(page) => ui.result(page.text(columns(ui)).as_bytes())?,
        Request::Kustomize(request) => return commands::kustomize::run(&request, ui),
        Request::Lost(page) => {
            ui.help(&page.text(columns(ui)));
            return Ok(ExitCode::FAILURE);
        }
        Request::Seal(command) => commands::seal::run(&command, ui)?,
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
