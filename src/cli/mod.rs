//! The command line: what was typed, as typed values. No file is opened here, nothing is asked of
//! the system, but for kubectl's preferences, which come before the flags.
//!
//! [`flags_of`] is the one definition that feeds parser, help, completions and manual pages.
//! `argv` applies pflag's grammar and finds the subcommand as cobra does; clap then reads the
//! flags that stand on the command line, so that a run pays for no other.

mod addresses;
mod argv;
mod check;
mod cluster_flags;
mod cluster_request;
mod common;
mod defaults;
mod error;
mod help;
mod hints;
mod known_flags;
mod kustomize;
mod layout;
mod request;
mod rules;
mod seal;
mod seal_command;
mod subcommand;
mod template;
mod tools;
mod unfinished;
mod unknown_command;
mod visible;

pub(crate) use visible::value_in_argv;

use std::cell::LazyCell;
use std::ffi::{OsStr, OsString};

pub(crate) use argv::{ArgvError, ExtraWord, FlagAsValue, Surplus};
pub(crate) use check::{Check, CheckCluster, CheckRequest, ReportFormat};
pub(crate) use cluster_flags::ClusterFlagError;
pub(crate) use cluster_request::{ApplyRequest, ClusterRequest, ClusterRequestError};
pub(crate) use common::{Common, CommonError, DryRun, Format, Validate};
pub(crate) use error::CliError;
pub(crate) use help::{HELP_ABOUT, Page, TOP_EXAMPLES};
pub(crate) use help::{TOP_ABOUT, TOP_DETAILS};
pub(crate) use known_flags::flags_of;
pub(crate) use known_flags::{COLOR, HELP, VERSION};
pub(crate) use kustomize::Kustomize;
pub(crate) use request::{AppliedPreferences, Complete, Create, New, Request};
pub(crate) use rules::{rule, rules};
pub(crate) use seal::{CertificateSource, Controller, SealRequest, Sealing, SopsRequest};
pub(crate) use seal_command::SealCommand;
pub(crate) use template::{TemplateFormat, TemplateSource};
pub(crate) use tools::{CHECK, GUIDED, Shell, TOOLS, Tool};
pub(crate) use unfinished::{Expects, Subcommand, Unfinished};

use crate::flags::{self, Flag, Given, global};
use crate::kuberc::{Alias, Kuberc, KubercError, Preferences, shown_name};
use crate::types::{FROM_LITERAL, SecretType, TYPES};
use crate::ui::Colour;
use argv::{Flags, Split};
use defaults::{CommandLine, Default};
use known_flags::top_flags;
use subcommand::{Invocation, KubectlCommand, Level};
use tools::Verb;
use unknown_command::{similar_command, unknown_command};

/// The level of `-v` from which on preferences are talked about, as in kubectl.
const VERBOSE: i32 = 5;

/// Reads a command line, without the program's own name.
pub(crate) fn parse(words: Vec<OsString>, kuberc: &Kuberc) -> Result<Request, CliError> {
    if let Some(complete) = completes(&words) {
        return Ok(Request::Complete(complete));
    }
    match subcommand::find(words, &LazyCell::new(top_flags)) {
        Invocation::Type { secret_type, words } => create(secret_type, words, kuberc),
        Invocation::Help { words } => help_about(&words),
        Invocation::Tool { tool, words } => use_tool(tool, words, kuberc),
        Invocation::Nothing { words, level } => nothing(words, level, kuberc),
    }
}

/// What `--color` asks for, on a command line that may be wrong: messages about what is wrong with
/// it keep to that as well.
pub(crate) fn colour(words: &[OsString]) -> Colour {
    let mut colour = Colour::Auto;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = match word.as_encoded_bytes().strip_prefix(b"--") {
            Some(b"") => break,
            Some(b"color") => words.next().map(|word| word.as_encoded_bytes()),
            Some(flag) => flag.strip_prefix(b"color="),
            None => None,
        };
        let value = value.and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
        colour = value.unwrap_or(colour);
    }
    colour
}

/// Looks for the words with which shells ask. They are no subcommands: what follows is another
/// command line.
fn completes(words: &[OsString]) -> Option<Complete> {
    match (words.first()?.to_str()?, &words[1..]) {
        ("__complete", words) => Some(Complete::Words(words.to_vec())),
        ("__complete_bash", [breaks, line]) => {
            Some(Complete::Bash { breaks: breaks.clone(), line: line.clone() })
        }
        _ => None,
    }
}

/// A command line of a subcommand that is no secret type.
fn use_tool(
    tool: &'static Tool,
    words: Vec<OsString>,
    kuberc: &Kuberc,
) -> Result<Request, CliError> {
    if tool.reads_preferences {
        kuberc.read(&words)?;
    }
    let behind_dashes = words.iter().skip_while(|word| *word != "--").skip(1).cloned().collect();
    let (flags, split) = read(&tool.flags_for(&words), words, tool.name)?;
    if flags::is_on(&flags, &HELP) {
        return Ok(Request::Help(Page::of_tool(tool, !split.short_help)));
    }
    if let Some(taken) = split.flag_as_value {
        return Err(CliError::FlagAsValue(taken));
    }
    match tool.verb {
        Verb::Check => {
            let words = [split.words, behind_dashes].concat();
            Ok(Request::Check(CheckRequest::from_flags(&flags, &words)?))
        }
        Verb::Seal => {
            cluster_flags::check(&flags, &[])?;
            let words = [split.words, behind_dashes].concat();
            Ok(Request::Seal(Box::new(SealCommand::from_flags(flags, words)?)))
        }
        Verb::Kustomize => {
            let words = [split.words, behind_dashes].concat();
            let request = Kustomize::from_flags(&flags, &words)?;
            Ok(Request::Kustomize(Box::new(request)))
        }
        Verb::Completion => completion(&split.words),
        Verb::New => new(&split.words, split.flags),
        Verb::Options if split.words.is_empty() => Ok(Request::Help(Page::of_tool(tool, true))),
        Verb::Options => Err(unknown_command(&split.words, Level::Top)),
    }
}

fn completion(words: &[OsString]) -> Result<Request, CliError> {
    match words {
        [word] => match word.to_str().and_then(|word| word.parse().ok()) {
            Some(shell) => Ok(Request::Completion(shell)),
            None => Err(CliError::NoShell { words: Surplus::of(words) }),
        },
        _ => Err(CliError::NoShell { words: Surplus { first: None, count: words.len(), len: 0 } }),
    }
}

fn new(words: &[OsString], flags: Vec<OsString>) -> Result<Request, CliError> {
    let (secret_type, name) = match words {
        [] => (None, None),
        [word, rest @ ..] => {
            let Some(row) = TYPES.iter().find(|row| word == row.name) else {
                return Err(unknown_command(words, Level::Top));
            };
            match rest.len() {
                1.. if row.name_optional => {
                    return Err(CliError::NameIsMade { subcommand: row.name });
                }
                got @ 2.. => {
                    return Err(CliError::NameCount {
                        got,
                        subcommand: "new",
                        parted: None,
                        typeset: false,
                        extra: None,
                        assigned: None,
                    });
                }
                _ => {}
            }
            (Some(row), rest.first().cloned())
        }
    };
    // How messages look is no part of what is asked for.
    let asked = flags.into_iter().filter(|flag| !flag.as_encoded_bytes().starts_with(b"--color="));
    Ok(Request::New(New { secret_type, name, flags: asked.collect() }))
}

/// A command line of a secret type.
fn create(
    secret_type: &'static SecretType,
    words: Vec<OsString>,
    kuberc: &Kuberc,
) -> Result<Request, CliError> {
    let preferences = kuberc.read(&words)?;
    let mut known = flags_of(secret_type);
    if kuberc.is_off() {
        known.retain(|flag| flag.name != global::KUBERC.name);
    }
    let subcommand = secret_type.name;
    // kubectl searches the words as they are.
    let searched = if preferences.defaults.is_empty() { Vec::new() } else { words.clone() };
    let split =
        argv::split(words, &Flags(&known)).map_err(|error| CliError::Argv { error, subcommand })?;
    let mut warnings = preferences.warnings.clone();
    let line = CommandLine { secret_type, known: &known, words: &searched, given: &split.flags };
    let defaults = line.defaults(preferences, &mut warnings)?;
    let reader = CreateReader { secret_type, known: &known };
    let request = if defaults.is_empty() {
        reader.request(&split, &[])
    } else {
        let request = reader.request(&split, &defaults);
        request.map_err(|error| blamed(error, &reader, &split, &defaults, preferences))
    };
    let mut request = request?;
    if let Request::Create(create) = &mut request {
        create.cluster.reach.plugins = preferences.plugins.clone();
        create.preferences = applied(&create.flags, &defaults, preferences, warnings, &line);
    }
    Ok(request)
}

/// What the preferences did to a command line.
fn applied(
    flags: &Given,
    defaults: &[Default],
    preferences: &Preferences,
    warnings: Vec<String>,
    line: &CommandLine<'_>,
) -> AppliedPreferences {
    let verbosity = flags::number_of(flags, &global::V);
    let mut log = Vec::new();
    if verbosity >= VERBOSE {
        log.clone_from(&preferences.log);
        log.extend(defaults.iter().map(|Default { flag, len, .. }| {
            format!("kuberc: --{flag} set to a default of {len} bytes ({})", line.command())
        }));
    }
    AppliedPreferences { warnings, log, flags: defaults.iter().map(|each| each.flag).collect() }
}

/// Reads the flags of a secret type, once its words are in order.
struct CreateReader<'a> {
    secret_type: &'static SecretType,
    known: &'a [Flag],
}

impl CreateReader<'_> {
    /// What the words and these defaults, which the words override, ask for.
    fn request(&self, split: &Split, defaults: &[Default]) -> Result<Request, CliError> {
        let secret_type = self.secret_type;
        let subcommand = secret_type.name;
        let all: Vec<_>;
        let given = if defaults.is_empty() {
            &split.flags
        } else {
            all = defaults.iter().map(|each| &each.word).chain(&split.flags).cloned().collect();
            &all
        };
        let flags = Given::read(self.known, given).map_err(|error| match &split.flag_as_value {
            Some(taken) => CliError::FlagAsValue(taken.clone()),
            None => CliError::value(*error, subcommand),
        })?;
        if flags::is_on(&flags, &HELP) {
            return Ok(Request::Help(Page::of_type(secret_type, !split.short_help)));
        }
        // Before what else such a value makes wrong.
        if let Some(taken) = &split.flag_as_value
            && !common::validate(&flags).is_ok_and(|how| how == Validate::Ignore)
        {
            return Err(CliError::FlagAsValue(taken.clone()));
        }
        let got = split.words.len();
        if got > 1 || (got == 0 && !secret_type.name_optional) {
            return Err(CliError::NameCount {
                got,
                subcommand,
                parted: split.parted.filter(|_| got > 1),
                typeset: split.words.iter().any(|word| has_typeset_dash(word)),
                extra: ExtraWord::of(split).filter(|_| got > 1).map(Box::new),
                assigned: split.words.iter().find_map(|word| assigned(word, secret_type)),
            });
        }
        let name = split.words.last().cloned();
        cluster_flags::check(&flags, secret_type.takes_over)?;
        let common = Common::from_flags(&flags)?;
        if common.dry_run == DryRun::Client {
            cluster_flags::check_acting(&flags)?;
        }
        let sealing = seal::from_flags(&flags, &common)?;
        let cluster = ClusterRequest::from_flags(&flags, &common, secret_type.takes_over)?;
        let is_printed_unnamed = secret_type.empty_name
            && common.validate == Validate::Ignore
            && common.dry_run == DryRun::Client;
        if name.as_ref().is_some_and(|name| name.is_empty())
            && !secret_type.name_optional
            && !is_printed_unnamed
        {
            return Err(CliError::NameEmpty);
        }
        let preferences = AppliedPreferences::default();
        let create = Create { secret_type, flags, name, common, cluster, sealing, preferences };
        Ok(Request::Create(Box::new(create)))
    }
}

/// The error without the default that it is about, if it is about one. Messages about the command
/// line may show what was typed there, and a default may be a password.
fn blamed(
    error: CliError,
    reader: &CreateReader<'_>,
    split: &Split,
    defaults: &[Default],
    preferences: &Preferences,
) -> CliError {
    let message = error.to_string();
    let first = (0..=defaults.len()).find(|count| {
        let read = reader.request(split, &defaults[..*count]);
        read.is_err_and(|error| error.to_string() == message)
    });
    // Without any default it is the same.
    let last_read = first.and_then(|count| defaults.get(count.checked_sub(1)?));
    let Some(Default { flag, len, .. }) = last_read else { return error };
    let error = Box::new(error);
    let path = preferences.file.clone().unwrap_or_default();
    let command = format!("create secret {}", reader.secret_type.name);
    CliError::Default { fault: KubercError::Value { path, flag, command, len: *len }, error }
}

/// `help`, `help TYPE`, `help create secret TYPE`.
fn help_about(words: &[OsString]) -> Result<Request, CliError> {
    let Some(topic) = words.iter().find(|word| {
        *word != "create" && *word != "secret" && !word.as_encoded_bytes().starts_with(b"-")
    }) else {
        return Ok(Request::Help(Page::top(true)));
    };
    if let Some(row) = TYPES.iter().find(|row| topic == row.name) {
        return Ok(Request::Help(Page::of_type(row, true)));
    }
    match TOOLS.iter().find(|row| topic == row.name) {
        Some(row) => Ok(Request::Help(Page::of_tool(row, true))),
        None if topic == "help" => Ok(Request::Help(Page::top(true))),
        None => Err(unknown_command(words, Level::Top)),
    }
}

/// A command line without a subcommand.
fn nothing(words: Vec<OsString>, level: Level, kuberc: &Kuberc) -> Result<Request, CliError> {
    if let Some(error) = alias(&words, kuberc) {
        return Err(error);
    }
    let behind_dashes =
        words.iter().position(|word| word == "--").map(|at| words[at + 1..].to_vec());
    // Behind a mistyped type its flags are as unknown: the type is what is wrong.
    let head = words.get(..words.len().min(2)).unwrap_or_default().to_vec();
    let mistyped = similar_command(&head, level).map(|_| head);
    let (flags, mut split) = match (read(&top_flags(), words, ""), mistyped) {
        (Err(CliError::Argv { .. }), Some(words)) => return Err(unknown_command(&words, level)),
        (read, _) => read?,
    };
    if flags::is_on(&flags, &HELP) {
        return Ok(Request::Help(Page::top(!split.short_help)));
    }
    if flags::is_on(&flags, &VERSION) {
        return Ok(Request::Version);
    }
    split.words.extend(behind_dashes.unwrap_or_default());
    if split.words.is_empty() {
        return Ok(Request::Lost(Page::top(false)));
    }
    Err(unknown_command(&split.words, level))
}

/// Whether the first word is an alias of kubectl's for a command that is ours.
fn alias(words: &[OsString], kuberc: &Kuberc) -> Option<CliError> {
    let name = words.iter().find(|word| !word.as_encoded_bytes().starts_with(b"-"))?.to_str()?;
    let preferences = kuberc.read(words).ok()?;
    let Alias { command, options, words, .. } =
        preferences.aliases.iter().find(|alias| alias.name == name)?;
    let global: LazyCell<Vec<Flag>> = LazyCell::new(top_flags);
    let KubectlCommand::Type(secret_type) = subcommand::kubectl_command(command, &global) else {
        return None;
    };
    Some(CliError::Alias {
        name: name.to_owned(),
        subcommand: secret_type.name,
        flags: options.iter().map(|option| shown_name(&option.name)).collect(),
        words: *words,
    })
}

/// Whether a word begins with a dash as text programs make one of two: a flag may have been meant.
fn has_typeset_dash(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| {
        word.starts_with(['\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}'])
    })
}

/// The flag that a word like `cert=tls.crt` may have been meant for.
fn assigned(word: &OsStr, row: &SecretType) -> Option<(&'static str, &'static str)> {
    let (name, _) = word.to_str()?.split_once('=')?;
    let name = name.trim_start_matches('-');
    let flags = (row.flags)();
    let mut longer = flags
        .iter()
        .filter(|flag| flag.name.strip_suffix(name).is_some_and(|before| before.ends_with('-')));
    let flag = flags
        .iter()
        .find(|flag| flag.name == name)
        .or_else(|| flags.iter().find(|flag| flag.name == FROM_LITERAL.name))
        .or_else(|| longer.next().filter(|_| !name.is_empty() && longer.next().is_none()))?;
    Some((flag.name, flag.value))
}

/// Puts the words in order and reads the flags.
fn read(
    known: &[Flag],
    words: Vec<OsString>,
    subcommand: &'static str,
) -> Result<(Given, Split), CliError> {
    let mut split =
        argv::split(words, &Flags(known)).map_err(|error| CliError::Argv { error, subcommand })?;
    match Given::read(known, &split.flags) {
        Ok(flags) => Ok((flags, split)),
        Err(error) => Err(match split.flag_as_value.take() {
            Some(taken) => CliError::FlagAsValue(taken),
            None => CliError::value(*error, subcommand),
        }),
    }
}
