//! Help pages.

use super::known_flags::{COLOR, HELP, VERSION, flags_of};
use super::layout::Layout;
use super::tools::{TOOLS, Tool, Verb};
use crate::flags::{self, Flag, Section, Shown};
use crate::types::{SecretType, TYPES};

/// What `help` does; it is no row of a table.
pub(crate) const HELP_ABOUT: &str = "Print help about mksecret, a type or a command";
/// Command lines that show how the tool is used.
pub(crate) const TOP_EXAMPLES: &str = "\
# Print a Secret
mksecret generic db --from-literal=user=app \\
  --dry-run=client -o yaml

# kubectl's own form works, too
mksecret create secret tls web --cert=tls.crt \\
  --key=tls.key --dry-run=client -o yaml";
pub(crate) const TOP_ABOUT: &str = "Create Kubernetes Secrets, as manifests or on clusters";
pub(crate) const TOP_DETAILS: &str = "\
mksecret is a drop-in replacement for kubectl create secret: the same flags print the same bytes. It
rejects locally what the API server would reject, and never shows a value in a message.";

/// A help page that was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    topic: Topic,
    long: bool,
}

#[derive(Clone, Copy)]
enum Topic {
    Top,
    Type(&'static SecretType),
    Tool(&'static Tool),
}

impl Page {
    pub(super) const fn top(long: bool) -> Self {
        Self { topic: Topic::Top, long }
    }

    pub(super) const fn of_type(row: &'static SecretType, long: bool) -> Self {
        Self { topic: Topic::Type(row), long }
    }

    pub(super) const fn of_tool(row: &'static Tool, long: bool) -> Self {
        Self { topic: Topic::Tool(row), long }
    }

    /// The page for a terminal with so many columns.
    pub(crate) fn text(&self, columns: usize) -> String {
        let mut layout = Layout::new(columns);
        match self.topic {
            Topic::Top => self.write_top(&mut layout),
            Topic::Type(row) => self.write_type(row, &mut layout),
            Topic::Tool(row) => self.write_tool(row, &mut layout),
        }
        layout.finish()
    }

    fn write_top(&self, layout: &mut Layout) {
        let row = |name: &str, about: &str| (format!("  {name:<21}"), about.to_owned());
        layout.prose(0, TOP_ABOUT);
        if self.long {
            layout.prose(0, TOP_DETAILS);
        }
        layout.hanging("Usage:", "mksecret TYPE [NAME] [flags]");
        examples(layout, TOP_EXAMPLES, usize::MAX);
        layout.heading("Types");
        layout.table(&TYPES.iter().map(|each| row(each.name, each.about)).collect::<Vec<_>>());
        layout.heading("Commands");
        let tools = TOOLS.iter().map(|each| row(each.name, each.about));
        layout.table(&tools.chain([row("help", HELP_ABOUT)]).collect::<Vec<_>>());
        layout.heading("Flags");
        layout.table(&rows([COLOR.any(), VERSION.any(), HELP.any()].iter()));
        if self.long {
            environment(layout);
        }
        layout.prose(0, "Flags of a type: mksecret TYPE --help. Flags of all: mksecret options.");
    }

    fn write_type(&self, row: &SecretType, layout: &mut Layout) {
        layout.prose(0, row.about);
        layout.hanging("Usage:", &format!("mksecret {} {} [flags]", row.name, row.words()));
        examples(layout, row.examples, if self.long { usize::MAX } else { 2 });
        let flags = flags_of(row);
        if !self.long {
            layout.heading("Contents");
            layout.table(&rows_of_families(&flags));
            layout.heading("Common flags");
            layout.table(&rows(
                flags.iter().filter(|flag| {
                    flag.shown == Shown::Always && flag.section != Section::Contents
                }),
            ));
            return layout.prose(0, &format!("All flags: mksecret {} --help", row.name));
        }
        layout.heading("Details");
        layout.prose(2, row.details);
        sections(layout, &flags);
        environment(layout);
        layout.prose(0, "Flags of every command: mksecret options");
    }

    fn write_tool(&self, row: &Tool, layout: &mut Layout) {
        layout.prose(0, row.about);
        layout.hanging("Usage:", format!("mksecret {} {}", row.name, row.words).trim_end());
        examples(layout, row.examples, usize::MAX);
        if self.long {
            layout.heading("Details");
            layout.prose(2, row.details);
        }
        let mut flags = row.all_flags();
        // The list of options is the list of all.
        if !self.long && !matches!(row.verb, Verb::Options) {
            flags.retain(|flag| flag.shown == Shown::Always);
        }
        sections(layout, &flags);
    }
}

/// The first so many examples.
fn examples(layout: &mut Layout, text: &str, count: usize) {
    layout.heading("Examples");
    let chosen: Vec<_> = text.split("\n\n").take(count).collect();
    layout.verbatim(&chosen.join("\n\n"));
}

fn environment(layout: &mut Layout) {
    layout.heading("Environment");
    layout.table(&[
        row("MKSECRET_QUIET=1", "Do not warn about values on the command line"),
        row("CI", "Same as MKSECRET_QUIET=1, set by CI systems"),
        row("KUBECONFIG", "Use these kubeconfigs, separated by colons"),
        row("NO_COLOR", "Do not color messages"),
        row("COLUMNS", "Set the width of help"),
    ]);
}

fn row(name: &str, about: &str) -> (String, String) {
    (format!("  {name}"), about.to_owned())
}

/// All flags that are shown, by section.
fn sections(layout: &mut Layout, flags: &[Flag]) {
    for section in Section::ALL.into_iter().filter(|section| *section != Section::Global) {
        let shown = |flag: &&Flag| flag.section == section && flag.shown != Shown::Never;
        let rows = rows(flags.iter().filter(shown));
        if !rows.is_empty() {
            layout.heading(section.heading());
            layout.table(&rows);
        }
    }
}

/// The rows of a table of flags.
fn rows<'a>(flags: impl Iterator<Item = &'a Flag> + Clone) -> Vec<(String, String)> {
    let letters = flags.clone().any(|flag| flag.letter.is_some());
    let rows = flags.map(|flag| {
        let letter = match flag.letter {
            Some(letter) => format!("-{letter}, "),
            None if letters => "    ".to_owned(),
            None => String::new(),
        };
        let value = match (flag.is_switch(), flag.is_bare()) {
            (true, _) => String::new(),
            (_, true) => format!("[={}]", flag.value),
            _ => format!("={}", flag.value),
        };
        (format!("  {letter}--{}{value}", flag.name), flag.help.to_owned())
    });
    rows.collect()
}

/// A type's own flags, with the ways to give a credential in one row.
fn rows_of_families(flags: &[Flag]) -> Vec<(String, String)> {
    let is_way = |flag: &Flag, way: &str| {
        flag.name.strip_suffix(way).is_some_and(|base| flags::is_credential(flags, base))
    };
    let [first_way, other_ways @ ..] = flags::WAYS;
    let own = flags.iter().filter(|flag| {
        flag.section == Section::Contents
            && flag.shown != Shown::Never
            && !other_ways.iter().any(|way| is_way(flag, way))
    });
    let mut rows = rows(own.clone());
    for (row, flag) in rows.iter_mut().zip(own) {
        if is_way(flag, first_way) {
            let what = flag.help.trim_end_matches(" from a file");
            row.1 = format!("{what} (or {})", other_ways.join(", "));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::known_flags::top_flags;

    /// The page without its examples, whose lines are never filled.
    fn without_examples(text: &str) -> String {
        let (before, rest) = text.split_once("\nExamples:\n").unwrap();
        let behind = rest.lines().skip_while(|line| line.is_empty() || line.starts_with(' '));
        [before, "", &behind.collect::<Vec<_>>().join("\n")].join("\n")
    }

    fn pages() -> Vec<Page> {
        let topics = TYPES.iter().map(Topic::Type).chain(TOOLS.iter().map(Topic::Tool));
        let both = |topic| [Page { topic, long: false }, Page { topic, long: true }];
        topics.chain([Topic::Top]).flat_map(both).collect()
    }

    #[test]
    fn no_line_is_too_long_or_a_single_word() {
        let indent = |line: &str| line.len() - line.trim_start().len();
        for page in pages() {
            for columns in [60, 80, 100, 120] {
                let text = page.text(columns);
                for line in text.lines() {
                    assert!(line.chars().count() <= columns, "{line:?} at {columns}:\n{text}");
                    assert!(!line.ends_with(' '), "{line:?} at {columns}:\n{text}");
                }
                let filled = without_examples(&text);
                let lines: Vec<_> = filled.lines().collect();
                for (before, line) in lines.iter().zip(&lines[1..]) {
                    let goes_on = indent(line) >= 10
                        || indent(line) == indent(before) && !before.trim().is_empty();
                    let is_variable =
                        line.trim().chars().all(|c| c.is_ascii_uppercase() || c == '_');
                    let is_name =
                        line.starts_with("  -") || line.starts_with("      --") || is_variable;
                    let words = line.split_whitespace().count();
                    assert!(words != 1 || !goes_on || is_name, "{line:?} at {columns}:\n{text}");
                }
            }
        }
    }

    #[test]
    fn examples_are_short_lines() {
        let types = TYPES.iter().map(|row| row.examples);
        for text in types.chain(TOOLS.iter().map(|row| row.examples)).chain([TOP_EXAMPLES]) {
            for line in text.lines() {
                assert!(line.chars().count() <= 56, "{line}");
            }
        }
    }

    #[test]
    fn a_flags_help_is_short() {
        let mut all: Vec<_> = TYPES.iter().flat_map(flags_of).collect();
        all.extend(top_flags());
        for flag in all {
            let about = flag.help.split(" [").next().unwrap_or_default();
            assert!(about.chars().count() <= 60, "--{}: {about}", flag.name);
            assert!(flag.help.starts_with(char::is_uppercase), "--{}: {about}", flag.name);
            assert!(!about.ends_with('.'), "--{}: {about}", flag.name);
            // Standard input can be read once, and most people drop one newline or all.
            let is_repeatable =
                flag.is_list && !["from-stdin", "trim-newline"].contains(&flag.name);
            assert_eq!(flag.help.contains("[repeatable]"), is_repeatable, "--{}", flag.name);
        }
    }

    #[test]
    fn short_help_fits_a_screen() {
        for page in pages().into_iter().filter(|page| !page.long) {
            let help = page.text(80);
            let is_options = matches!(page.topic, Topic::Tool(row) if row.name == "options");
            assert!(is_options || help.lines().count() <= 40, "{}:\n{help}", help.lines().count());
        }
    }

    #[test]
    fn short_help_shows_all_flags_of_the_type_and_the_common_ones() {
        for row in TYPES {
            let help = Page::of_type(row, false).text(80);
            for flag in ["namespace", "context", "output", "dry-run", "apply"] {
                assert!(help.contains(&format!("--{flag}")), "--{flag}:\n{help}");
            }
            assert_eq!(help.matches("  # ").count(), 2, "{help}");
        }
    }
}
