//! A parsed template.
//!
//! Lists and pipelines lie in tables and are named by their number, so that however deep a
//! template is nested, neither dropping nor walking it needs a deep stack.

use std::collections::BTreeMap;
use std::fmt;

use super::literal::Number;
use crate::golang::quote::quote;

/// A list of nodes by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListId(pub(super) usize);

/// A pipeline by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PipeId(pub(super) usize);

/// All templates of one text.
#[derive(Debug, Default)]
pub(super) struct Forest {
    pub(super) lists: Vec<Vec<Node>>,
    pub(super) pipes: Vec<Pipe>,
    /// Names and bodies of the templates; the main one is among them.
    pub(super) templates: BTreeMap<String, ListId>,
}

impl Forest {
    /// The nodes of a list.
    pub(super) fn list(&self, id: ListId) -> &[Node] {
        self.lists.get(id.0).map_or(&[], Vec::as_slice)
    }

    pub(super) fn pipe(&self, id: PipeId) -> Option<&Pipe> {
        self.pipes.get(id.0)
    }

    /// The template of this name.
    pub(super) fn template(&self, name: &str) -> Option<(&str, ListId)> {
        self.templates.get_key_value(name).map(|(name, body)| (name.as_str(), *body))
    }
}

/// A part of a template's body.
#[derive(Debug)]
pub(super) enum Node {
    Action(PipeId),
    Branch(Branch),
    Break,
    Continue,
    Template { pos: usize, name: String, pipe: Option<PipeId> },
    Text(String),
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) kind: BranchKind,
    pub(super) pipe: PipeId,
    pub(super) list: ListId,
    pub(super) else_list: Option<ListId>,
}

/// What a branch does with its pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BranchKind {
    If,
    Range,
    With,
}

/// Commands, each fed with what the one before it gives.
#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) pos: usize,
    /// Whether the variables are set (`=`) and not declared (`:=`).
    pub(super) assigns: bool,
    pub(super) variables: Vec<String>,
    pub(super) commands: Vec<Command>,
}

/// A word and its arguments.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) pos: usize,
    pub(super) words: Vec<Word>,
}

#[derive(Debug)]
pub(super) struct Word {
    pub(super) pos: usize,
    pub(super) kind: WordKind,
}

#[derive(Debug)]
pub(super) enum WordKind {
    Bool(bool),
    /// Fields of a parenthesis or a function's result.
    Chain(Box<Word>, Vec<String>),
    Dot,
    Field(Vec<String>),
    Function(String),
    Nil,
    Number {
        text: String,
        value: Number,
    },
    Pipe(PipeId),
    /// Text, and as it is quoted in the template.
    Text {
        quoted: String,
        bytes: Vec<u8>,
    },
    Variable {
        name: String,
        fields: Vec<String>,
    },
}

/// What an error is about.
#[derive(Clone, Copy)]
pub(super) enum At<'t> {
    Command(&'t Command),
    Pipe(&'t Pipe),
    Template(&'t Node),
    Word(&'t Word),
}

impl At<'_> {
    /// Where it starts, in bytes.
    pub(super) fn pos(self) -> usize {
        match self {
            Self::Command(command) => command.pos,
            Self::Pipe(pipe) => pipe.pos,
            Self::Template(Node::Template { pos, .. }) => *pos,
            Self::Template(_) => 0,
            Self::Word(word) => word.pos,
        }
    }
}

/// A part of a template as Go writes it from its tree.
pub(super) struct Written<'t>(pub(super) &'t Forest, pub(super) At<'t>);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(forest, at) = self;
        match at {
            At::Command(command) => write_command(f, forest, command),
            At::Pipe(pipe) => write_pipe(f, forest, pipe),
            At::Template(Node::Template { name, pipe, .. }) => {
                write!(f, "{{{{template {}", quote(name))?;
                if let Some(pipe) = pipe.and_then(|id| forest.pipe(id)) {
                    f.write_str(" ")?;
                    write_pipe(f, forest, pipe)?;
                }
                f.write_str("}}")
            }
            At::Template(_) => Ok(()),
            At::Word(word) => write_word(f, forest, word),
        }
    }
}

fn write_pipe(f: &mut fmt::Formatter<'_>, forest: &Forest, pipe: &Pipe) -> fmt::Result {
    if !pipe.variables.is_empty() {
        write!(f, "{} {} ", pipe.variables.join(", "), if pipe.assigns { "=" } else { ":=" })?;
    }
    for (i, command) in pipe.commands.iter().enumerate() {
        if i > 0 {
            f.write_str(" | ")?;
        }
        write_command(f, forest, command)?;
    }
    Ok(())
}

fn write_command(f: &mut fmt::Formatter<'_>, forest: &Forest, command: &Command) -> fmt::Result {
    for (i, word) in command.words.iter().enumerate() {
        if i > 0 {
            f.write_str(" ")?;
        }
        write_operand(f, forest, word)?;
    }
    Ok(())
}

/// A word among others: a pipeline stands in parentheses there.
fn write_operand(f: &mut fmt::Formatter<'_>, forest: &Forest, word: &Word) -> fmt::Result {
    if !matches!(word.kind, WordKind::Pipe(_)) {
        return write_word(f, forest, word);
    }
    f.write_str("(")?;
    write_word(f, forest, word)?;
    f.write_str(")")
}

fn write_word(f: &mut fmt::Formatter<'_>, forest: &Forest, word: &Word) -> fmt::Result {
    let fields = match &word.kind {
        WordKind::Bool(value) => return write!(f, "{value}"),
        WordKind::Dot => return f.write_str("."),
        WordKind::Function(name) => return f.write_str(name),
        WordKind::Nil => return f.write_str("nil"),
        WordKind::Number { text, .. } => return f.write_str(text),
        WordKind::Pipe(id) => {
            return forest.pipe(*id).map_or(Ok(()), |pipe| write_pipe(f, forest, pipe));
        }
        WordKind::Text { quoted, .. } => return f.write_str(quoted),
        WordKind::Chain(word, fields) => {
            write_operand(f, forest, word)?;
            fields
        }
        WordKind::Field(fields) => fields,
        WordKind::Variable { name, fields } => {
            f.write_str(name)?;
            fields
        }
    };
    fields.iter().try_for_each(|field| write!(f, ".{field}"))
}
