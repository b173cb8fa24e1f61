//! The one pipeline for every secret type: build, complete, validate, then print.

use std::ffi::{OsStr, OsString};

use zeroize::Zeroizing;

use super::output::Output;
use super::remote;
use super::sink::joined;
use crate::cli::{Common, Create, DryRun, Format, Validate};
use crate::error::{Error, RunFlags};
use crate::flags::{self, Flag, FlagKind};
use crate::print;
use crate::secret::manifest::{ValuesIn, manifest};
use crate::secret::{DataKey, Namespace, Secret, SecretName, hash};
use crate::sources::{Inputs, Limit};
use crate::types::{Build, Built, EmptyValues, Note, Printed, Warning, empty_warnings};
use crate::ui::Ui;
use crate::validate::{self, LoginFinding, Place, Rule, ValueFault};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Builds the Secret that the command line asks for, and prints it.
pub fn run(create: &Create, ui: &Ui) -> Result<(), Error> {
    for said in create.preferences.log.iter().chain(&create.preferences.warnings) {
        ui.status(said);
    }
    let inputs = Inputs::system(match create.common.validate {
        Validate::Strict => Limit::API_SERVER,
        Validate::Ignore | Validate::Warn => Limit::LOOSE,
    });
    let output = Output::new(&create.common, &inputs)?;
    let ready = with_flags(prepare(create, &inputs, Missing::AskedFor), create)?;
    if ui.is_terminal()
        && let Some(flag) = value_in_argv(create)
        && inputs.variable(OsStr::new("CI")).is_none()
        && inputs.variable(OsStr::new("MKSECRET_QUIET")).is_none_or(|quiet| quiet != "1")
    {
        Error::value_in_argv(flag).show_as_warning(ui);
    }
    ready.say(&create.common, ui);
    deliver(create, ready.into_delivery(), &output, &inputs, ui)
}

/// What was prepared, with messages whose commands repeat flags of this run.
pub(super) fn with_flags(prepared: Result<Ready, Error>, create: &Create) -> Result<Ready, Error> {
    let mut ready = prepared.map_err(|error| error.with_flags(&RunFlags::new(create)))?;
    if !ready.warnings.is_empty() {
        let flags = RunFlags::new(create);
        ready.warnings = ready.warnings.into_iter().map(|said| said.with_flags(&flags)).collect();
    }
    Ok(ready)
}

/// The first flag of the type with a secret on the command line, where the process list shows it
/// and the shell's history keeps it. kubectl's global flags hold secrets that no Secret contains.
fn value_in_argv(create: &Create) -> Option<&'static str> {
    let names_a_secret = |value: &OsString| {
        let value = value.to_string_lossy();
        value.split_once('=').is_some_and(|(key, _)| is_secret_key(key))
    };
    let shows_a_secret = |flag: &Flag| match flag.kind {
        FlagKind::KeyValue => flag
            .as_list()
            .is_some_and(|flag| flags::values(&create.flags, &flag).any(names_a_secret)),
        FlagKind::Secret => flags::is_given(&create.flags, flag),
        _ => false,
    };
    let flags = (create.secret_type.flags)().into_iter();
    let mut typed = flags.filter(|flag| !create.preferences.flags.contains(&flag.name));
    typed.find(shows_a_secret).map(|flag| flag.name)
}

/// Whether a key has a word for what is kept secret: `db-password`, `API_TOKEN`, `sshKey`.
fn is_secret_key(key: &str) -> bool {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (!before.is_uppercase() || next_is_lower);
        if !letter.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.iter().any(|word| {
        matches!(
            word.trim_end_matches('s'),
            "password" | "passwd" | "token" | "secret" | "key" | "credential"
        )
    })
}

/// A Secret that may be made, and what there is to say about it.
pub(super) struct Ready {
    /// The finished Secret.
    pub(super) secret: Secret,
    random: Vec<DataKey>,
    printed: Option<Printed>,
    warnings: Vec<Error>,
    notes: Vec<Note>,
}

impl Ready {
    /// Says what there is to say before anything is done.
    pub(super) fn say(&self, common: &Common, ui: &Ui) {
        if let Some(deprecated) = &common.deprecated {
            ui.warning(deprecated);
        }
        for warning in &self.warnings {
            warning.show_as_warning(ui);
        }
        for note in &self.notes {
            ui.status(note);
        }
    }

    /// What is delivered once.
    pub(super) fn into_delivery(self) -> Delivery {
        let Self { secret, random, printed, warnings, .. } = self;
        Delivery { secret, random, printed, warnings: warnings.len() }
    }

    /// What is delivered, which may fail and be tried again.
    pub(super) fn delivery(&self) -> Delivery {
        Delivery {
            secret: self.secret.duplicate(),
            random: self.random.clone(),
            printed: self.printed.as_ref().map(Printed::duplicate),
            warnings: self.warnings.len(),
        }
    }
}

/// A Secret on its way.
pub(super) struct Delivery {
    secret: Secret,
    random: Vec<DataKey>,
    printed: Option<Printed>,
    /// How many warnings were shown.
    warnings: usize,
}

/// What happens if a password or passphrase is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The user is asked for it, if at a terminal.
    AskedFor,
    /// It is an error.
    Refused,
}

/// Builds the Secret and holds it to the rules. Nothing is said yet.
pub(super) fn prepare(create: &Create, inputs: &Inputs, missing: Missing) -> Result<Ready, Error> {
    let common = &create.common;
    let build = Build {
        flags: &create.flags,
        words: &create.words,
        name: create.name.clone(),
        namespace: common.namespace.clone(),
        empty_values: match (common.allow_empty, common.validate) {
            (true, _) => EmptyValues::Allowed,
            (false, Validate::Ignore) => EmptyValues::Warned,
            (false, Validate::Strict | Validate::Warn) => EmptyValues::Refused,
        },
        // kubectl asks for nothing.
        asks_for_missing: missing == Missing::AskedFor && common.validate != Validate::Ignore,
        inputs,
        reach: &create.cluster.reach,
        endpoint: remote::endpoint,
    };
    let Built {
        secret,
        origins,
        mut empty,
        refusals,
        warnings,
        refuses_useless,
        is_looked_into,
        notes,
        printed,
        random,
    } = (create.secret_type.build)(&build)?;
    let secret = complete(secret.build(), common);
    let mut said = Vec::new();
    said.extend(common.without_effect.iter().map(|flag| Error::without_effect(flag)));
    let pairs = common.metadata.annotations.iter().filter(|(_, value)| goes_on(value));
    said.extend(pairs.map(|(key, _)| Warning::AnnotationPairs { key: key.clone() }.into()));
    // Removing keys needs no values.
    let needs_none = create.cluster.apply.as_ref().is_some_and(|apply| apply.merge);
    let is_ignored = common.validate == Validate::Ignore;
    let warnings: Vec<_> =
        warnings.into_iter().filter(|warning| !(is_ignored && warning.is_of_image())).collect();
    let notes = notes.into_iter().filter(|note| !(is_ignored && note.is_of_image())).collect();
    let newlines: Vec<_> = warnings.iter().filter_map(Warning::stray_newline).cloned().collect();
    let warnings = warnings.into_iter().filter(|w| !(needs_none && w.is_about_no_value()));
    said.extend(warnings.map(Error::from));
    let found = validate::api_server(&secret);
    empty.retain(|(key, _)| !common.allow_empty && !found.is_about(key));
    let found = found.into_iter();
    let namespaces = create.cluster.targets.namespaces.iter();
    let found = found.chain(namespaces.flat_map(|name| validate::namespace(name)));
    let refused = refusals.into_iter().map(Error::from);
    // A better name is made of the one that was asked for: the suffix comes by itself.
    let name = create.name.as_deref().unwrap_or_default().to_string_lossy();
    let content = match common.validate {
        Validate::Strict | Validate::Warn if !is_looked_into => {
            validate::content(&secret, &|| inputs.now())
        }
        _ => validate::Report::default(),
    };
    empty.retain(|(key, _)| !content.is_about(key));
    said.extend(empty_warnings(empty).into_iter().map(Error::from));
    // A newline that was read has been warned of already.
    let content = content.into_iter().filter(|finding| {
        let is_allowed = common.allow_empty && finding.rule == Rule::Login(LoginFinding::Empty);
        !is_allowed && !is_known(finding, &newlines)
    });
    let (useless, regretted): (Vec<_>, Vec<_>) =
        content.partition(|finding| refuses_useless && finding.is_useless());
    let namespace = secret.namespace.as_ref().map(Namespace::as_str);
    let as_error = |finding| Error::found(finding, &name, namespace, &origins);
    let refused = refused.chain(found.chain(useless).map(as_error));
    match common.validate {
        Validate::Ignore => {}
        Validate::Strict => Error::all(refused)?,
        Validate::Warn => said.extend(refused),
    }
    said.extend(regretted.into_iter().map(as_error));
    Ok(Ready { secret, random, printed, warnings: said, notes })
}

/// Whether a finding is about the final newline of one of these keys.
fn is_known(finding: &validate::Finding, newlines: &[DataKey]) -> bool {
    let Place::Key(place) = &finding.place else { return false };
    let fault = ValueFault::FinalNewline;
    matches!(&finding.rule, Rule::Login(LoginFinding::Value(found)) if *found == fault)
        && newlines.iter().any(|key| key.as_str() == place)
}

/// Prints the Secret or sends it.
pub(super) fn deliver(
    create: &Create,
    delivery: Delivery,
    output: &Output,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let common = &create.common;
    let Delivery { secret, random, printed, warnings } = delivery;
    let warnings = warnings + create.preferences.warnings.len();
    if common.warnings_as_errors && common.validate != Validate::Ignore && warnings > 0 {
        return Err(Error::warnings(warnings));
    }
    if common.dry_run != DryRun::Client {
        return remote::send(create, secret, random, printed.as_ref(), output, inputs, ui);
    }
    let mut sink = output.open(ui)?;
    sink.put(render_all(secret, create, printed.as_ref(), output)?)?;
    sink.finish()?;
    if let Some(printed) = printed {
        ui.status(&printed.status);
    }
    Ok(())
}

/// Whether the value of an annotation goes on with more pairs: `1,b=2`. A value that begins with a
/// pair is a list of them.
fn goes_on(value: &str) -> bool {
    let is_pair = |part: &str| {
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        part.split_once('=').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(is_key))
    };
    let mut parts = value.split(',');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    !first.contains('=') && rest.peek().is_some() && rest.all(is_pair)
}

/// Adds what all types have in common; the name's suffix last, since it hashes the rest.
fn complete(mut secret: Secret, common: &Common) -> Secret {
    secret.metadata.labels.clone_from(&common.metadata.labels);
    // A type may have set some of its own.
    let annotations = common.metadata.annotations.iter();
    secret.metadata.annotations.extend(annotations.map(|(k, v)| (k.clone(), v.clone())));
    secret.immutable = common.immutable;
    if common.append_hash {
        secret.name = SecretName(secret.name.0.with_suffix(&hash::suffix(&secret)));
    }
    if common.save_config {
        let mut json = Vec::with_capacity(room(&secret));
        print::json::compact(&manifest(&secret, ValuesIn::Data), &mut json);
        json.push(b'\n');
        let json = Zeroizing::new(String::from_utf8(json).unwrap_or_default());
        secret.metadata.annotations.insert(LAST_APPLIED.to_owned(), json);
    }
    secret
}

/// The bytes that a Secret's manifest is about to take.
fn room(secret: &Secret) -> usize {
    let data = secret.data.iter().map(|(key, value)| (key.as_str().len(), value.len()));
    capacity(data, secret.metadata.annotations.values().map(|text| text.as_str()))
}

/// All of stdout: the Secret, or one for each namespace. YAML documents are parted, other formats
/// follow each other.
fn render_all(
    mut secret: Secret,
    create: &Create,
    printed: Option<&Printed>,
    output: &Output,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (common, namespaces) = (&create.common, &create.cluster.targets.namespaces);
    if namespaces.is_empty() {
        return render(&secret, common, printed, "", output);
    }
    let mut all = Vec::with_capacity(namespaces.len());
    for (i, namespace) in namespaces.iter().enumerate() {
        secret.namespace = Some(Namespace::new(namespace));
        if i > 0 && output.is_parted() {
            all.push(Zeroizing::new(b"---\n".to_vec()));
        }
        all.push(render(&secret, common, printed, &format!(" in namespace {namespace}"), output)?);
    }
    Ok(joined(all))
}

/// One Secret of stdout. `place` stands in its result line.
fn render(
    secret: &Secret,
    common: &Common,
    printed: Option<&Printed>,
    place: &str,
    output: &Output,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut out = Zeroizing::new(Vec::with_capacity(room(secret)));
    let name = match secret.name.0.as_bytes() {
        // kubectl's word.
        b"" => b"<unknown>",
        name => name,
    };
    let line = |end: &[u8], out: &mut Vec<u8>| {
        for part in [b"secret/", name, end, b"\n"] {
            out.extend_from_slice(part);
        }
    };
    let values_in = if common.string_data { ValuesIn::StringData } else { ValuesIn::Data };
    match (&output.format, printed) {
        (Format::Name, _) => line(b"", &mut out),
        (Format::Result, None) => {
            line(format!(" created{place} (dry run)").as_bytes(), &mut out);
        }
        (Format::Result, Some(printed)) => {
            out.extend_from_slice(printed.line.as_bytes());
            out.push(b'\n');
        }
        _ => output.document(&manifest(secret, values_in), &mut out)?,
    }
    Ok(out)
}

/// Room for a manifest with keys and values of these lengths and these annotations, so that the
/// buffer never grows and leaves a copy behind.
pub(super) fn capacity<'a>(
    data: impl Iterator<Item = (usize, usize)>,
    annotations: impl Iterator<Item = &'a str>,
) -> usize {
    let data: usize = data.map(|(key, value)| key + value.div_ceil(3) * 4 + 64).sum();
    data + annotations.map(str::len).sum::<usize>() * 2 + 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_secrets_are_known_by_their_words() {
        let secret = [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "DBPassword",
            "api-token",
            "aws.credentials",
            "sshKey",
            "SECRET",
            "tokens",
            "key",
            "passwd",
        ];
        for key in secret {
            assert!(is_secret_key(key), "{key}");
        }
        for key in ["user", "", "monkey", "tokenizer", "url", "passwordless", "KEYBOARD"] {
            assert!(!is_secret_key(key), "{key}");
        }
    }
}
