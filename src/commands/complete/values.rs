//! What each flag takes, by the kind of its value.

use std::collections::BTreeSet;

use super::Candidate;
use super::files::{self, Which};
use super::known::{self, Names};
use crate::cli::{self, Shell, Subcommand, TemplateFormat, Unfinished};
use crate::commands::remote;
use crate::consumers;
use crate::flags::{FlagKind, global};
use crate::kinds;
use crate::sources::{Charset, Inputs};
use crate::types::{TYPE, TYPES};
use crate::validate::Severity;

const CERTIFICATES: &[&str] = &["cer", "cert", "crt", "pem"];
const KEYS: &[&str] = &["key", "pem"];
const ENV_FILES: &[&str] = &["env"];

/// The values that a flag takes, as whole words. The value begins behind the first `head` bytes of
/// the last word.
pub(super) fn of(flag: &str, head: usize, line: &Unfinished, inputs: &Inputs) -> Vec<Candidate> {
    let (head, typed) = line.word.split_at_checked(head).unwrap_or_default();
    let (items, item) =
        typed.rsplit_once(',').map_or(("", typed), |(items, item)| (&typed[..=items.len()], item));
    let listed = |head: &str| format!("{head}{items}");
    let at = |head: String, found: Vec<Candidate>| {
        let found = found.into_iter();
        found.map(|each| Candidate::new(format!("{head}{}", each.word), each.about)).collect()
    };
    let of_files = |typed, which| files::matching(typed, head.is_empty(), which, inputs);
    let one = |found: Vec<Candidate>| at(head.to_owned(), found);
    let kubeconfig = || Names::of_kubeconfig(line.given(&global::KUBECONFIG), inputs);
    let known = line.known.iter().find(|known| known.name == flag);
    match known.map_or(FlagKind::Text, |known| known.kind) {
        FlagKind::Certificate => one(of_files(typed, Which::Endings(CERTIFICATES))),
        FlagKind::Choice(lines) => one(words(lines)),
        FlagKind::Choices(lines) => at(listed(head), words(lines)),
        FlagKind::Cluster => one(plain(kubeconfig().clusters)),
        FlagKind::Context => one(plain(kubeconfig().contexts)),
        FlagKind::Contexts => at(listed(head), plain(kubeconfig().contexts)),
        // A list is a line of comma-separated values; what needs quotes there is not offered.
        FlagKind::EnvFiles if !typed.contains('"') => {
            let found = of_files(item, Which::Endings(ENV_FILES));
            at(listed(head), without(&[',', '"'], found))
        }
        FlagKind::File => one(of_files(typed, Which::All)),
        FlagKind::Folder => one(of_files(typed, Which::Folders)),
        FlagKind::Format => match typed.split_once('=') {
            None => one(formats()),
            Some((format, path)) if TemplateFormat::is_in_file(format) => {
                let head = format!("{head}{format}=");
                at(head, files::matching(path, false, Which::All, inputs))
            }
            Some(_) => Vec::new(),
        },
        FlagKind::Key => one(bare_keys(line)),
        FlagKind::KeyRecipe => match typed.split_once('=') {
            None => one(bare_keys(line)),
            Some((key, recipe)) => {
                let length = match recipe.split_once(':').map_or(recipe, |(length, _)| length) {
                    "" => "32",
                    length => length,
                };
                let recipes = Charset::ALL
                    .iter()
                    .map(|set| Candidate::new(format!("{length}:{}", set.name), set.about));
                at(format!("{head}{key}="), recipes.collect())
            }
        },
        FlagKind::KeyValue if !typed.contains('=') => one(keys(line)),
        FlagKind::KeyVariable => match typed.split_once('=') {
            None => one([keys(line), plain(variables(inputs))].concat()),
            Some((key, _)) => at(format!("{head}{key}="), plain(variables(inputs))),
        },
        FlagKind::KeyedPaths if !typed.contains('"') => {
            let (key, path) =
                item.split_once('=').map_or(("", item), |(key, path)| (&item[..=key.len()], path));
            let mut found = if key.is_empty() && !path.contains('/') { keys(line) } else { vec![] };
            let head_of_path = head.is_empty() && items.is_empty() && key.is_empty();
            let matching = files::matching(path, head_of_path, Which::All, inputs);
            let of_path = without(&[',', '"', '='], matching).into_iter();
            found.extend(of_path.map(|each| Candidate::new(key.to_owned() + &each.word, "")));
            at(listed(head), found)
        }
        FlagKind::Login if !typed.contains('"') => {
            at(listed(head), of_registry(items, item, inputs))
        }
        FlagKind::Namespace => one(plain(namespaces(line, kubeconfig().namespaces))),
        FlagKind::Namespaces => at(listed(head), plain(namespaces(line, kubeconfig().namespaces))),
        FlagKind::PrivateKey => one(of_files(typed, Which::Endings(KEYS))),
        FlagKind::Registry => one(plain(known::registries(inputs))),
        FlagKind::Consumers => {
            let all = consumers::all();
            at(listed(head), all.map(|known| Candidate::new(known.name, known.about)).collect())
        }
        FlagKind::Rules => {
            let warnings = cli::rules().filter(|rule| rule.severity == Severity::Warning);
            at(listed(head), warnings.map(|rule| Candidate::new(rule.id, "")).collect())
        }
        FlagKind::SecretType => {
            one(kinds::ALL.iter().map(|row| Candidate::new(row.name, row.about)).collect())
        }
        FlagKind::Server => one(plain(kubeconfig().servers)),
        FlagKind::Switch => one(plain(["true", "false"])),
        FlagKind::User => one(plain(kubeconfig().users)),
        FlagKind::Variable => one(plain(variables(inputs))),
        FlagKind::Duration
        | FlagKind::EnvFiles
        | FlagKind::KeyValue
        | FlagKind::KeyedPaths
        | FlagKind::Login
        | FlagKind::Secret
        | FlagKind::Text
        | FlagKind::Time
        | FlagKind::Url => Vec::new(),
    }
}

/// The ids of all rules.
pub(super) fn rules() -> impl Iterator<Item = Candidate> {
    cli::rules().map(|rule| Candidate::new(rule.id, rule.severity.word()))
}

/// The formats; behind one with a `=` stands a template.
fn formats() -> Vec<Candidate> {
    let mut all = plain(["yaml", "json", "kyaml", "name"]);
    all.extend(TemplateFormat::names().map(|name| Candidate::new(format!("{name}="), "")));
    all
}

/// The namespaces that the kubeconfig names, and those of the cluster.
fn namespaces(line: &Unfinished, mut known: BTreeSet<String>) -> BTreeSet<String> {
    known.extend(remote::namespaces(line));
    known
}

/// The keys where nothing needs to follow.
fn bare_keys(line: &Unfinished) -> Vec<Candidate> {
    let keys = keys(line).into_iter();
    keys.map(|key| Candidate::new(key.word.trim_end_matches('='), key.about)).collect()
}

fn variables(inputs: &Inputs) -> Vec<String> {
    inputs.variable_names().into_iter().filter_map(|name| name.into_string().ok()).collect()
}

/// What a part of a `--registry` may become, behind the parts that are `given`.
fn of_registry(given: &str, part: &str, inputs: &Inputs) -> Vec<Candidate> {
    let rows = [
        ("server=", "the registry's host"),
        ("username=", "the user"),
        ("password-file=", "a file with the password"),
        ("password-env=", "a variable with the password"),
    ];
    let Some((key, value)) = part.split_once('=') else {
        let mut found = pairs(&rows);
        let has = |start: &str| given.split(',').any(|part| part.starts_with(start));
        found.retain(|part| !has(&part.word));
        found.retain(|part| !(has("password-") && part.word.starts_with("password-")));
        return found;
    };
    let found = match key {
        "password-env" => plain(variables(inputs)),
        "password-file" => files::matching(value, false, Which::All, inputs),
        "server" => plain(known::registries(inputs)),
        _ => Vec::new(),
    };
    let fitting = without(&[',', '"'], found).into_iter();
    fitting.map(|each| Candidate::new(format!("{key}={}", each.word), each.about)).collect()
}

/// The words of a subcommand that is no type.
pub(super) fn of_tool(name: &str) -> Vec<Candidate> {
    match name {
        "completion" => plain(Shell::ALL.map(Shell::name)),
        "new" => TYPES.iter().map(|row| Candidate::new(row.name, row.about)).collect(),
        _ => Vec::new(),
    }
}

/// The keys that the type given with `--type` has.
fn keys(line: &Unfinished) -> Vec<Candidate> {
    let generic = matches!(line.place, Subcommand::Type(row) if row.name == "generic");
    let given = line.given(&TYPE).filter(|_| generic);
    let row = kinds::ALL.iter().find(|row| given.is_some_and(|given| given == row.name));
    let keys = row.map(|row| row.keys).unwrap_or_default();
    keys.iter().map(|key| Candidate::new(format!("{key}="), "a key of this type")).collect()
}

fn plain<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Vec<Candidate> {
    words.into_iter().map(|word| Candidate::new(word, "")).collect()
}

fn words(lines: &str) -> Vec<Candidate> {
    let word = |line: &str| {
        let (word, about) = line.split_once('\t').unwrap_or((line, ""));
        Candidate::new(word, about)
    };
    lines.lines().map(word).collect()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<Candidate> {
    rows.iter().map(|(word, about)| Candidate::new(*word, *about)).collect()
}

fn without(characters: &[char], mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.retain(|each| !each.word.contains(characters));
    found
}
