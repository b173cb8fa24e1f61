//! Manual pages: `mksecret(1)`, and one for each subcommand.
//!
//! NAME, DESCRIPTION and OPTIONS are `clap_mangen`'s, made of the definition that help is made of;
//! the rest are sections that a definition has no place for.

use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::command::command;
use super::notes::{self, Row};
use crate::cli::{TOOLS, TOP_EXAMPLES};
use crate::types::TYPES;

/// When the pages were last looked through; a page without a date is none by `mandoc -T lint`.
const DATE: &str = "2026-11-24";
const MANUAL: &str = "mksecret manual";
const SOURCE: &str = concat!("mksecret ", env!("CARGO_PKG_VERSION"));

/// The pages with their names in `man/`. Writing to memory does not fail, so neither does this.
pub fn pages() -> io::Result<Vec<(String, String)>> {
    let top = command();
    let mut pages = vec![("mksecret.1".to_owned(), page(top.clone(), &Subject::top(&top))?)];
    for each in top.get_subcommands() {
        let name = format!("mksecret-{}", each.get_name());
        let subject = Subject::of(each.get_name());
        pages.push((format!("{name}.1"), page(each.clone().name(name), &subject)?));
    }
    Ok(pages)
}

/// What a definition does not say.
struct Subject {
    /// The forms of the command line.
    synopsis: Vec<String>,
    /// The subcommands with their first lines.
    commands: Vec<(String, String)>,
    examples: &'static str,
    notes: notes::Notes,
    see_also: Vec<String>,
}

impl Subject {
    fn top(top: &Command) -> Self {
        let name = |each: &Command| format!("mksecret-{}", each.get_name());
        Self {
            synopsis: ["TYPE [NAME] [flags]", "create secret TYPE [NAME] [flags]", "help [TYPE]"]
                .map(str::to_owned)
                .into(),
            commands: top.get_subcommands().map(|each| (name(each), about(each))).collect(),
            examples: TOP_EXAMPLES,
            notes: notes::of("mksecret"),
            see_also: top.get_subcommands().map(name).collect(),
        }
    }

    fn of(name: &str) -> Self {
        let types = TYPES.iter().map(|row| (row.name, row.words() + " [flags]", row.examples));
        let tools = TOOLS.iter().map(|row| (row.name, row.words.to_owned(), row.examples));
        let (words, examples) = types
            .chain(tools)
            .find(|row| row.0 == name)
            .map(|(_, words, examples)| (words, examples))
            .unwrap_or_default();
        Self {
            synopsis: vec![format!("{name} {words}")],
            commands: Vec::new(),
            examples,
            notes: notes::of(name),
            see_also: vec!["mksecret".to_owned()],
        }
    }
}

fn page(command: Command, subject: &Subject) -> io::Result<String> {
    let name = command.get_name().to_owned();
    let man = Man::new(command);
    let mut out = Vec::new();
    let title = name.to_uppercase();
    section(&mut out, |roff| _ = roff.control("TH", [&*title, "1", DATE, SOURCE, MANUAL]))?;
    man.render_name_section(&mut out)?;
    section(&mut out, |roff| synopsis(roff, &subject.synopsis))?;
    man.render_description_section(&mut out)?;
    section(&mut out, |roff| list(roff, "COMMANDS", &commands(subject)))?;
    section(&mut out, |roff| _ = roff.control("SH", ["OPTIONS"]))?;
    man.render_options_section(&mut out)?;
    section(&mut out, |roff| examples(roff, subject.examples))?;
    section(&mut out, |roff| {
        list(roff, "EXIT STATUS", &rows(notes::EXIT_STATUS));
        list(roff, "ENVIRONMENT", &rows(subject.notes.environment));
        list(roff, "FILES", &rows(subject.notes.files));
        see_also(roff, subject.see_also.iter().map(String::as_str), subject.notes.see_also);
    })?;
    Ok(tidy(&String::from_utf8_lossy(&out)))
}

fn section(out: &mut Vec<u8>, write: impl FnOnce(&mut Roff)) -> io::Result<()> {
    let mut roff = Roff::new();
    write(&mut roff);
    roff.to_writer(out)
}

fn synopsis(roff: &mut Roff, forms: &[String]) {
    roff.control("SH", ["SYNOPSIS"]);
    for (i, form) in forms.iter().enumerate() {
        if i > 0 {
            roff.control("br", []);
        }
        // What a person fills in stands in capitals or brackets.
        let mut inlines = vec![bold("mksecret")];
        for word in form.split_whitespace() {
            inlines.push(roman(" "));
            let filled_in = word.contains(|c: char| c.is_uppercase() || c == '[');
            inlines.push(if filled_in { italic(word) } else { bold(word) });
        }
        roff.text(inlines);
    }
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn commands(subject: &Subject) -> Vec<(Vec<Inline>, String)> {
    let commands = subject.commands.iter();
    commands.map(|(name, about)| (reference(name, "1"), about.clone())).collect()
}

fn rows(rows: &[Row]) -> Vec<(Vec<Inline>, String)> {
    rows.iter().map(|(name, about)| (vec![bold(*name)], (*about).to_owned())).collect()
}

/// Names with what they mean; no section where there are none.
fn list(roff: &mut Roff, heading: &str, rows: &[(Vec<Inline>, String)]) {
    if rows.is_empty() {
        return;
    }
    roff.control("SH", [heading]);
    for (name, about) in rows {
        roff.control("TP", []);
        roff.text(name.clone());
        roff.text([roman(about)]);
    }
}

fn examples(roff: &mut Roff, text: &str) {
    roff.control("SH", ["EXAMPLES"]);
    for (i, example) in text.split("\n\n").enumerate() {
        let (comments, lines): (Vec<_>, Vec<_>) =
            example.lines().partition(|line| line.starts_with('#'));
        if i > 0 {
            roff.control("PP", []);
        }
        for comment in comments {
            roff.text([roman(format!("{}:", comment.trim_start_matches(['#', ' '])))]);
        }
        roff.control("RS", ["4"]);
        roff.control("nf", []);
        for line in lines {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
        roff.control("RE", []);
    }
}

fn see_also<'a>(
    roff: &mut Roff,
    pages: impl Iterator<Item = &'a str>,
    elsewhere: &'static [(&'static str, &'static str)],
) {
    roff.control("SH", ["SEE ALSO"]);
    let all: Vec<_> = pages.map(|page| (page, "1")).chain(elsewhere.iter().copied()).collect();
    for (i, (page, number)) in all.iter().enumerate() {
        let mut inlines = reference(page, number);
        if i + 1 < all.len() {
            inlines.push(roman(","));
        }
        roff.text(inlines);
    }
    roff.control("PP", []);
    roff.text([roman("https://kubernetes.io/docs/concepts/configuration/secret/")]);
}

fn reference(page: &str, number: &str) -> Vec<Inline> {
    vec![bold(page), roman(format!("({number})"))]
}

/// Makes of the parts one page that `mandoc -T lint` has nothing to say about: one title, groups
/// of flags under OPTIONS instead of sections of their own, names of values without the angle
/// brackets, no definition of a string for apostrophes, ASCII alone.
fn tidy(text: &str) -> String {
    const SECTIONS: &[&str] = &[
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "COMMANDS",
        "OPTIONS",
        "EXAMPLES",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "SEE ALSO",
    ];
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with(".ie ") || line.starts_with(".el ") {
            continue;
        }
        let heading = line.strip_prefix(".SH ").map(|heading| heading.trim_matches('"'));
        if let Some(group) = heading.filter(|heading| !SECTIONS.contains(heading)) {
            let mut letters = group.chars();
            out.push_str(".SS \"");
            out.extend(letters.next());
            out.push_str(&letters.as_str().to_lowercase());
            out.push_str("\"\n");
            continue;
        }
        let line = line.replace("\\*(Aq", "\\(aq").replace('…', "...");
        out.push_str(line.replace("\\fI<", "\\fI").replace(">\\fR", "\\fR").trim_end());
        out.push('\n');
    }
    out
}
