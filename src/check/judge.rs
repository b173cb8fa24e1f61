//! Holds the documents of a file to all rules.

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use memchr::memmem;

use super::fault::ManifestFault;
use super::locate::locate;
use super::repair::Repair;
use super::schema::{self, Issue, RepairKind, Source};
use super::skipped::{self, Skipped};
use super::snippet::Snippet;
use crate::consumers::{self, Consumer};
use crate::kinds::{self, Context, value_fault};
use crate::manifest::{self, Comment, Content, Document, Documents, Fault, Format, Node};
use crate::secret::{Namespace, Secret};
use crate::sources::system_words;
use crate::validate::{self, At, Place, Report, RuleInfo, Severity};

/// What a comment or an annotation begins with that silences a rule.
const ALLOW: &str = "mksecret/allow";

/// What files are held to.
#[derive(Clone, Copy)]
pub(crate) struct Policy<'a> {
    pub now: Timestamp,
    /// Rules whose warnings are not wanted.
    pub allowed: &'a [&'static RuleInfo],
    /// The rule of an id that may be allowed.
    pub rule: fn(&str) -> Option<&'static RuleInfo>,
    /// The readers that the Secrets are for.
    pub consumers: &'a [&'static Consumer],
    /// Whether Secrets with values are errors.
    pub require_sealed: bool,
    /// Whether they come from a cluster, and not from a manifest.
    pub is_live: bool,
    pub keeps: Keeps,
    /// Whether a kustomization uses the file as a patch.
    pub is_patch: &'a (dyn Fn() -> bool + Sync),
}

/// Which Secrets of a file are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    Nothing,
    /// Those without an error.
    Good,
    /// Those of which every value could be decoded.
    Complete,
}

/// A Secret of a file.
#[derive(Debug)]
pub(crate) struct ReadSecret {
    pub secret: Secret,
    /// `metadata.finalizers` and `metadata.generateName`.
    pub finalizers: Vec<String>,
    pub generate_name: Option<String>,
}

impl ReadSecret {
    fn new(secret: Secret, node: &Node<'_>) -> Self {
        let metadata = |field| node.get("metadata").and_then(|metadata| metadata.get(field));
        let finalizers = metadata("finalizers").map_or(&[][..], Node::elements);
        let generate_name = metadata("generateName").and_then(Node::text);
        Self {
            secret,
            finalizers: finalizers.iter().filter_map(Node::text).map(str::to_owned).collect(),
            generate_name: generate_name.map(str::to_owned),
        }
    }
}

/// What was found in a file.
#[derive(Debug, Default)]
pub(crate) struct FileReport {
    pub reported: Vec<Reported>,
    pub counts: Counts,
    /// The Secrets that are kept.
    pub secrets: Vec<ReadSecret>,
}

/// How much was looked at.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub files: usize,
    pub secrets: usize,
    pub(super) skipped: BTreeMap<Skipped, usize>,
}

impl FileReport {
    /// How many findings are so severe.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.reported.iter().filter(|reported| reported.severity == severity).count()
    }
}

impl Counts {
    pub(super) fn skip(&mut self, why: Skipped) {
        *self.skipped.entry(why).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.secrets += other.secrets;
        for (why, count) in &other.skipped {
            *self.skipped.entry(*why).or_default() += count;
        }
    }
}

/// A finding, ready to be shown. No value is in it.
#[derive(Debug)]
pub(crate) struct Reported {
    pub rule: &'static RuleInfo,
    pub severity: Severity,
    pub line: u32,
    /// In characters; line and column are counted from 1, and 0 on a cluster.
    pub column: u32,
    /// What is wrong, with the field.
    pub message: String,
    pub hints: Vec<String>,
    /// The namespace and the name of the Secret.
    pub object: Option<(Option<String>, String)>,
    pub snippet: Option<Snippet>,
    /// How it can be put right, where there is one way only.
    pub repair: Option<Repair>,
    /// The first line of the Secret.
    first_line: u32,
}

/// Checks the bytes of a file.
pub(crate) fn check(file: &[u8], policy: &Policy<'_>) -> FileReport {
    let mut report = FileReport::default();
    report.counts.files = 1;
    for document in Documents::new(file) {
        match document {
            Ok(document) => check_document(&document, file, policy, &mut report),
            Err(fault) => report.reported.push(syntax(fault)),
        }
    }
    report
}

/// A file or a directory that cannot be read.
pub(crate) fn unreadable(error: &io::Error) -> FileReport {
    let why = system_words(error);
    let issue = Issue::at(0, 0, ManifestFault::Unreadable(why));
    let reported = vec![Reported::of(&issue, "", None, &[], 0)];
    FileReport { reported, ..FileReport::default() }
}

/// What is wrong with a text that cannot be read. Its line is not shown.
fn syntax(fault: Fault) -> Reported {
    let rule = ManifestFault::Syntax(fault.reason);
    Reported::of(&Issue::at(fault.line, fault.column, rule), "", None, &[], 0)
}

fn check_document(
    document: &Document<'_>,
    file: &[u8],
    policy: &Policy<'_>,
    report: &mut FileReport,
) {
    let is_json = document.format == Format::Json;
    let visitor = || Visitor { policy, is_json, file, report: FileReport::default() };
    let mut items = visitor();
    let read = manifest::read(document, &mut |node| items.item(node));
    let tree = match read {
        Ok(tree) => tree,
        // A template of Helm is no YAML before it is rendered.
        Err(_) if memmem::find(document.bytes, b"{{").is_some() => {
            return report.counts.skip(Skipped::Template);
        }
        Err(fault) => return report.reported.push(syntax(fault)),
    };
    let mut root = visitor();
    if skipped::is_sops(&tree.root) {
        return report.counts.skip(Skipped::Sops);
    }
    if is_list(&tree.root) {
        root.report = items.report;
    } else if tree.root.pair("items").is_some() {
        return report.counts.skip(Skipped::OtherKind);
    }
    root.visit(&tree.root, false);
    let FileReport { mut reported, counts, secrets } = root.report;
    allow_by_comments(&tree.comments, document, policy, &mut reported);
    reported.sort_by_key(|reported| (reported.line, reported.column));
    report.reported.append(&mut reported);
    report.counts.add(&counts);
    report.secrets.extend(secrets);
}

/// Whether a manifest is a list of others.
fn is_list(node: &Node<'_>) -> bool {
    let kind = node.get("kind").and_then(Node::text);
    let version = node.get("apiVersion").and_then(Node::text);
    matches!(kind, Some("List" | "SecretList")) && version == Some("v1")
}

struct Visitor<'v> {
    policy: &'v Policy<'v>,
    is_json: bool,
    file: &'v [u8],
    report: FileReport,
}

impl Visitor<'_> {
    /// An element of a list: what says itself what it is can be checked before the list's end.
    fn item<'a>(&mut self, node: Node<'a>) -> Option<Node<'a>> {
        if node.get("kind").is_none() {
            return Some(node);
        }
        self.visit(&node, false);
        None
    }

    /// A document or an element of a list. `in_secrets` tells whether it is one of a `SecretList`,
    /// whose elements need no kind.
    fn visit(&mut self, node: &Node<'_>, in_secrets: bool) {
        if is_list(node) {
            let of_secrets = node.get("kind").and_then(Node::text) == Some("SecretList");
            for element in node.get("items").map_or(&[][..], Node::elements) {
                self.visit(element, of_secrets);
            }
            return;
        }
        let kind = node.get("kind").and_then(Node::text);
        let version = node.get("apiVersion").and_then(Node::text).unwrap_or_default();
        let is_secret = match kind {
            Some("Secret") => !version.contains('/'),
            Some("SealedSecret") => return self.report.counts.skip(Skipped::SealedSecret),
            Some(_) => false,
            None => in_secrets,
        };
        if !is_secret {
            if !matches!(node.content, Content::Null) {
                self.report.counts.skip(Skipped::OtherKind);
            }
        } else if skipped::is_sops(node) {
            self.report.counts.skip(Skipped::Sops);
        } else if skipped::is_template(node) {
            self.report.counts.skip(Skipped::Template);
        } else if (self.policy.is_patch)() || skipped::is_patch(node) {
            self.report.counts.skip(Skipped::Patch);
        } else {
            self.report.counts.secrets += 1;
            self.secret(node, kind.is_none());
        }
    }

    /// `is_implied` tells whether only its list says that it is a Secret.
    fn secret(&mut self, node: &Node<'_>, is_implied: bool) {
        let mut issues = Vec::new();
        let source = Source { is_json: self.is_json, is_implied, is_live: self.policy.is_live };
        let secret = schema::decode(node, source, &mut issues);
        // What could not be decoded is not in the Secret, and rules on contents would miss it.
        let is_complete = issues.is_empty()
            || ["data", "stringData"].into_iter().all(|field| {
                if node.get(field).is_some_and(|data| !data.is_map_or_null()) {
                    return false;
                }
                let keys = node.get(field).map_or(&[][..], Node::pairs).iter();
                keys.map(|pair| &*pair.key).all(|key| validate::value(&secret, key).is_some())
            });
        let is_undecoded = |place: Option<&Place>| match place {
            Some(Place::Key(key)) => has_key(node, key) && validate::value(&secret, key).is_none(),
            _ => false,
        };
        let now = || self.policy.now;
        let context = Context { now: &now, allow_empty: false, is_built: false };
        let by_readers = if is_complete {
            consumers::content(&secret, self.policy.consumers)
        } else {
            Report::default()
        };
        // That it has no name has been found.
        let has_name = !secret.name.as_str().is_empty();
        let rejected = kinds::api_server(&secret)
            .into_iter()
            .filter(|finding| has_name || finding.place != Some(Place::Name));
        let contents = kinds::content(&secret, &context);
        let regretted = consumers::without_explained(contents, &by_readers)
            .into_iter()
            .chain(by_readers)
            .filter(|finding| is_complete || finding.place != Some(Place::Data));
        for finding in rejected.chain(regretted) {
            let place = finding.place.as_ref();
            if !is_undecoded(place) {
                issues.push(Issue::of(locate(node, place), finding));
            }
        }
        let has_values = secret.data.values().any(|value| !value.is_empty()) || !is_complete;
        if self.policy.require_sealed && has_values {
            issues.push(Issue::new(locate(node, Some(&Place::Data)), ManifestFault::Unsealed));
        }
        let is_good = issues.iter().all(|issue| issue.severity != Severity::Error);
        if !issues.is_empty() || secret.metadata.annotations.contains_key(ALLOW) {
            self.tell(&secret, node, issues);
        }
        let is_kept = match self.policy.keeps {
            Keeps::Nothing => false,
            Keeps::Good => is_good,
            Keeps::Complete => is_complete,
        };
        if is_kept {
            self.report.secrets.push(ReadSecret::new(secret, node));
        }
    }

    fn tell(&mut self, secret: &Secret, node: &Node<'_>, mut issues: Vec<Issue>) {
        let mut allowed = self.policy.allowed.to_vec();
        if let Some(ids) = secret.metadata.annotations.get(ALLOW) {
            let place = Place::Annotation(ALLOW.to_owned());
            let span = locate(node, Some(&place));
            let unknown = add_allowed(ids, self.policy, &mut allowed);
            issues.extend(unknown.map(|id| Issue::new(span, ManifestFault::UnknownAllow { id })));
        }
        let is_wanted = |issue: &Issue| {
            issue.severity != Severity::Warning || !allowed.contains(&issue.rule.info())
        };
        let namespace = secret.namespace.as_ref().map(Namespace::as_str);
        let first_line = node.span.line;
        let name = secret.name.as_str();
        let reported = issues
            .iter()
            .filter(|issue| is_wanted(issue))
            .map(|issue| (issue, Reported::of(issue, name, namespace, self.file, first_line)));
        let repaired = reported.map(|(issue, reported)| Reported {
            repair: self.repair(issue, secret, node),
            ..reported
        });
        let repaired: Vec<_> = repaired.collect();
        self.report.reported.extend(repaired);
    }

    /// How an issue can be put right, where there is one way only.
    fn repair(&self, issue: &Issue, secret: &Secret, node: &Node<'_>) -> Option<Repair> {
        match issue.repair {
            Some(RepairKind::Pad) => return Repair::pad(self.file, issue.span),
            Some(RepairKind::Quote) => return Repair::quote(self.file, issue.span),
            None => {}
        }
        let Some(Place::Key(key)) = &issue.field else { return None };
        let rule = issue.rule.info();
        let is_of_ssh = kinds::SSH_RULES_OF_LINES.contains(&rule);
        if !is_of_ssh && *rule != value_fault::BOM && *rule != kinds::CARRIAGE_RETURNS {
            return None;
        }
        let value = validate::value(secret, key)?;
        // The value is that of stringData where both have the key.
        if node.get("stringData").is_some_and(|data| data.pair(key).is_some()) {
            return None;
        }
        let pair = node.get("data")?.pair(key).filter(|pair| !pair.is_merged)?;
        // What is wrong with an SSH key may be anything; carriage returns are one of them.
        let has_carriage_return = value.as_bytes().contains(&b'\r');
        if *rule == kinds::SSH_KEY && !has_carriage_return {
            return None;
        }
        Repair::pem(self.file, &pair.value, value, is_of_ssh)
    }
}

fn has_key(node: &Node<'_>, key: &str) -> bool {
    let has = |field: &str| node.get(field).is_some_and(|map| map.pair(key).is_some());
    has("data") || has("stringData")
}

/// Adds the rules of a list of ids, and gives back those that cannot be allowed.
fn add_allowed<'i>(
    ids: &'i str,
    policy: &Policy<'_>,
    allowed: &mut Vec<&'static RuleInfo>,
) -> impl Iterator<Item = String> + use<'i> {
    let words = || ids.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
    let rule = policy.rule;
    allowed.extend(words().filter_map(rule));
    words().filter(move |word| rule(word).is_none()).map(str::to_owned)
}

/// Leaves out what comments allow: on their own line; alone on a line, what the next line is about,
/// which is the whole Secret if it begins there.
fn allow_by_comments(
    comments: &[Comment<'_>],
    document: &Document<'_>,
    policy: &Policy<'_>,
    reported: &mut Vec<Reported>,
) {
    for comment in comments {
        let Some((_, ids)) = comment.text.split_once(ALLOW) else { continue };
        let Some(ids) = ids.trim_start().strip_prefix(':') else { continue };
        let mut allowed = Vec::new();
        let unknown: Vec<_> = add_allowed(ids, policy, &mut allowed).collect();
        let line = line_of(comment.line, document);
        reported.retain(|reported| {
            let is_meant = reported.line == line || reported.first_line == line;
            !(is_meant
                && reported.severity == Severity::Warning
                && allowed.contains(&reported.rule))
        });
        reported.extend(unknown.into_iter().map(|id| {
            let rule = ManifestFault::UnknownAllow { id };
            Reported::of(&Issue::at(comment.line, 1, rule), "", None, &[], 0)
        }));
    }
}

/// The line that a comment is about: its own, or the next one with content if it is alone there.
fn line_of(comment: u32, document: &Document<'_>) -> u32 {
    let lines = document.bytes.split(|byte| *byte == b'\n').zip(document.line..);
    let is_content = |line: &[u8]| {
        let line = line.trim_ascii_start();
        !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b"---")
    };
    let mut from_here = lines.skip_while(|(_, line)| *line < comment);
    from_here.find(|(text, _)| is_content(text)).map_or(comment, |(_, line)| line)
}

impl Reported {
    /// Its place in the file of that name: `PATH:LINE:COLUMN`, or the name alone where there are no
    /// lines.
    pub(super) fn place_in(&self, file: &str) -> String {
        match self.line {
            0 => file.to_owned(),
            line => format!("{file}:{line}:{}", self.column),
        }
    }

    /// The message with what to do, on one line.
    pub(super) fn in_one_line(&self) -> String {
        let hints = self.hints.iter().map(|hint| format!("; hint: {hint}"));
        hints.fold(self.message.clone(), |text, hint| text + &hint)
    }

    /// The same on a Secret of a cluster, which has no lines.
    pub(crate) fn without_place(self) -> Self {
        Self { line: 0, column: 0, snippet: None, ..self }
    }

    fn of(
        issue: &Issue,
        name: &str,
        namespace: Option<&str>,
        file: &[u8],
        first_line: u32,
    ) -> Self {
        let place = issue.field.as_ref();
        let at = At { place, origin: None, name, namespace };
        let message = match place {
            Some(place) => format!("{}: {}", place.in_manifest(), issue.rule),
            None => issue.rule.to_string(),
        };
        Self {
            rule: issue.rule.info(),
            severity: issue.severity,
            line: issue.span.line,
            column: issue.span.column,
            message,
            hints: issue.rule.hints_in_manifest(&at),
            object: (!name.is_empty()).then(|| (namespace.map(str::to_owned), name.to_owned())),
            snippet: Snippet::of(file, issue.span),
            repair: None,
            first_line,
        }
    }
}
