//! Holds the documents of a file to all rules.

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use memchr::memmem;

use super::allow::{ALLOW, AllowableRule, add_allowed, allow_by_comments};
use super::fault::ManifestFault;
use super::locate::locate;
use super::repair::Repair;
use super::reported::Reported;
use super::schema::{self, Issue, RepairKind, Source};
use super::skipped::{self, Skipped};
use super::subject::Subject;
use super::{sealed, sops};
use crate::consumers::{self, Consumer};
use crate::kinds::{self, Context, value_fault};
use crate::manifest::{self, Content, Document, Documents, Fault, Format, Node};
use crate::secret::Secret;
use crate::sources::system_words;
use crate::validate::{self, Place, Report, RuleInfo, Severity};

/// What files are held to.
#[derive(Clone, Copy)]
pub(crate) struct Policy<'a> {
    pub now: Timestamp,
    /// Rules whose warnings are not wanted.
    pub allowed: &'a [&'static RuleInfo],
    /// The rule of an id that may be allowed.
    pub rule: AllowableRule,
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
    /// Those in which no error was found.
    Good,
    /// Those of which every value could be decoded.
    Complete,
}

/// A Secret of a file.
#[derive(Debug)]
pub(crate) struct ReadSecret {
    pub secret: Secret,
    /// `metadata.finalizers`, which the model of a Secret does not have, nor `generateName`.
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
        // Its elements were judged without knowing that SOPS has encrypted them.
        let whole = is_list(&tree.root).then(|| manifest::read(document, &mut Some));
        root.sops(whole.and_then(Result::ok).as_ref().map_or(&tree.root, |tree| &tree.root));
    } else if is_list(&tree.root) {
        root.report = items.report;
        root.visit(&tree.root, false);
    } else if tree.root.pair("items").is_some() {
        return report.counts.skip(Skipped::OtherKind);
    } else {
        root.visit(&tree.root, false);
    }
    let FileReport { mut reported, counts, secrets } = root.report;
    allow_by_comments(&tree.comments, document, policy.rule, &mut reported);
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
            Some("SealedSecret") => return self.sealed_secret(node),
            Some(_) => false,
            None => in_secrets,
        };
        if !is_secret {
            if !matches!(node.content, Content::Null) {
                self.report.counts.skip(Skipped::OtherKind);
            }
        } else if skipped::is_sops(node) {
            self.sops(node);
        } else if skipped::is_template(node) {
            self.report.counts.skip(Skipped::Template);
        } else if (self.policy.is_patch)() || skipped::is_patch(node) {
            self.report.counts.skip(Skipped::Patch);
        } else {
            self.report.counts.secrets += 1;
            self.secret(node, kind.is_none());
        }
    }

    fn sealed_secret(&mut self, node: &Node<'_>) {
        self.report.counts.skip(Skipped::SealedSecret);
        if !(self.policy.is_patch)() && !skipped::is_patch(node) {
            self.tell(&Subject::of_node(node), node, sealed::check(node));
        }
    }

    /// A document, or an element of a list, that SOPS has encrypted.
    fn sops(&mut self, node: &Node<'_>) {
        self.report.counts.skip(Skipped::Sops);
        let sops = node.get("sops");
        let mut issues = sops::check(node);
        if is_list(node) {
            for element in node.get("items").map_or(&[][..], Node::elements) {
                let mut of_element = Vec::new();
                self.values_under_sops(element, sops, &mut of_element);
                self.tell(&Subject::of_node(element), element, of_element);
            }
        } else {
            self.values_under_sops(node, sops, &mut issues);
        }
        self.tell(&Subject::of_node(node), node, issues);
    }

    fn values_under_sops(&self, node: &Node<'_>, sops: Option<&Node<'_>>, issues: &mut Vec<Issue>) {
        if node.get("kind").and_then(Node::text) != Some("Secret") {
            return;
        }
        sops::check_readable(node, sops, issues);
        if let Some(span) = sops::readable(node).filter(|_| self.policy.require_sealed) {
            issues.push(Issue::new(span, ManifestFault::Unsealed));
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
        sops::left_behind(node, &secret, &mut issues);
        let has_values = secret.data.values().any(|value| !value.is_empty()) || !is_complete;
        if self.policy.require_sealed && has_values {
            issues.push(Issue::new(locate(node, Some(&Place::Data)), ManifestFault::Unsealed));
        }
        let is_good = issues.iter().all(|issue| issue.severity != Severity::Error);
        self.tell(&Subject::of_secret(&secret), node, issues);
        let is_kept = match self.policy.keeps {
            Keeps::Nothing => false,
            Keeps::Good => is_good,
            Keeps::Complete => is_complete,
        };
        if is_kept {
            self.report.secrets.push(ReadSecret::new(secret, node));
        }
    }

    fn tell(&mut self, subject: &Subject<'_>, node: &Node<'_>, mut issues: Vec<Issue>) {
        if issues.is_empty() && subject.allow.is_none() {
            return;
        }
        let mut allowed = self.policy.allowed.to_vec();
        if let Some(ids) = subject.allow {
            let place = Place::Annotation(ALLOW.to_owned());
            let span = locate(node, Some(&place));
            let unknown = add_allowed(ids, self.policy.rule, &mut allowed);
            issues.extend(unknown.map(|id| Issue::new(span, ManifestFault::UnknownAllow { id })));
        }
        let is_wanted = |issue: &Issue| {
            issue.severity == Severity::Error || !allowed.contains(&issue.rule.info())
        };
        let Subject { name, namespace, secret, .. } = *subject;
        let first_line = node.span.line;
        let reported = issues
            .iter()
            .filter(|issue| is_wanted(issue))
            .map(|issue| (issue, Reported::of(issue, name, namespace, self.file, first_line)));
        let repaired = reported.map(|(issue, reported)| Reported {
            repair: secret.and_then(|secret| self.repair(issue, secret, node)),
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
