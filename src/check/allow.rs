//! Comments and annotations that silence rules.

use super::fault::ManifestFault;
use super::reported::Reported;
use super::schema::Issue;
use crate::manifest::{Comment, Document};
use crate::validate::{RuleInfo, Severity};

/// What a comment or an annotation begins with that silences a rule.
pub(super) const ALLOW: &str = "mksecret/allow";

/// Gives the rule of an id that may be allowed.
pub(crate) type AllowableRule = fn(&str) -> Option<&'static RuleInfo>;

/// Adds the rules of a list of ids, and gives back those that cannot be allowed.
pub(super) fn add_allowed<'i>(
    ids: &'i str,
    rule: AllowableRule,
    allowed: &mut Vec<&'static RuleInfo>,
) -> impl Iterator<Item = String> + use<'i> {
    let words = || ids.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
    allowed.extend(words().filter_map(rule));
    words().filter(move |word| rule(word).is_none()).map(str::to_owned)
}

/// Leaves out what comments allow: on their own line; alone on a line, what the next line is about,
/// which is the whole Secret if it begins there.
pub(super) fn allow_by_comments(
    comments: &[Comment<'_>],
    document: &Document<'_>,
    rule: AllowableRule,
    reported: &mut Vec<Reported>,
) {
    for comment in comments {
        let Some((_, ids)) = comment.text.split_once(ALLOW) else { continue };
        let Some(ids) = ids.trim_start().strip_prefix(':') else { continue };
        let mut allowed = Vec::new();
        let unknown: Vec<_> = add_allowed(ids, rule, &mut allowed).collect();
        let line = line_of(comment.line, document);
        reported.retain(|reported| {
            let is_meant = reported.line == line || reported.first_line == line;
            !(is_meant && reported.severity != Severity::Error && allowed.contains(&reported.rule))
        });
        reported.extend(unknown.into_iter().map(|id| {
            let fault = ManifestFault::UnknownAllow { id };
            Reported::of(&Issue::at(comment.line, 1, fault), "", None, &[], 0)
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
