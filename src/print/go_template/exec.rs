//! Executes a template: text, branches, loops and templates within templates.
//!
//! What is under way lies on a stack of our own, so that a template that calls itself reaches
//! Go's limit and not the end of the thread's stack.

use std::collections::btree_map;

use super::NO_VALUE;
use super::Template;
use super::ast::{At, Branch, BranchKind, ListId, Node, Pipe, Written};
use super::buffer::{Buffer, MAX_BYTES};
use super::error::{ExecError, ExecFault};
use super::eval::{Evaluated, Evaluator};
use super::printf;
use super::value::{Data, List, Text, Value};
use crate::print::document::Document;

/// How many templates may be under way within each other.
const MAX_DEPTH: usize = 100_000;

/// Executes a template on a document.
pub(super) fn execute(
    template: &Template,
    document: &Document,
    out: &mut Vec<u8>,
) -> Result<(), ExecError> {
    let Some((name, body)) = template.forest.template(&template.name) else { return Ok(()) };
    let root = Value::root(document);
    let evaluator = Evaluator::new(&template.forest, template.allow_missing_keys, root.clone());
    let mut machine =
        Machine { evaluator, executing: name, frames: Vec::new(), depth: 0, start: out.len(), out };
    machine.enter(body, root, FrameKind::Block { mark: 0 });
    machine.run().map_err(|fault| machine.error(template, fault))
}

struct Machine<'d, 'o> {
    evaluator: Evaluator<'d>,
    /// The name of the template under way.
    executing: &'d str,
    frames: Vec<Frame<'d>>,
    depth: usize,
    out: &'o mut Vec<u8>,
    /// How long `out` was at the beginning.
    start: usize,
}

/// A list of nodes under way.
struct Frame<'d> {
    nodes: &'d [Node],
    next: usize,
    dot: Value<'d>,
    kind: FrameKind<'d>,
}

/// Why a list is under way, and what is to be done at its end.
enum FrameKind<'d> {
    /// The body of a branch or the text: variables beyond the mark end with it.
    Block {
        mark: usize,
    },
    Range(Range<'d>),
    /// Another template: back to the caller's name and variables.
    Template {
        executing: &'d str,
        base: usize,
        mark: usize,
    },
}

struct Range<'d> {
    pipe: &'d Pipe,
    elements: Elements<'d>,
    /// The variables before the loop, and those of it.
    outer: usize,
    inner: usize,
}

/// What a loop has still to go through.
enum Elements<'d> {
    List { list: List<'d>, next: usize },
    Map(btree_map::Iter<'d, String, Document>),
    Numbers { next: i64, end: i64, number: fn(i64) -> Data<'d> },
}

impl<'d> Iterator for Elements<'d> {
    type Item = (Value<'d>, Value<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::List { list, next } => {
                let index = *next;
                if index >= list.len() {
                    return None;
                }
                *next += 1;
                let number = i64::try_from(index).unwrap_or(i64::MAX);
                Some((Value::Plain(Data::Int(number)), list.get(index)))
            }
            Self::Map(fields) => {
                let (key, value) = fields.next()?;
                let key = Value::Plain(Data::Text(Text::Borrowed(key.as_bytes())));
                Some((key, Value::boxed(value)))
            }
            Self::Numbers { next, end, number } => {
                if next >= end {
                    return None;
                }
                let element = number(*next);
                *next += 1;
                Some((Value::Invalid, Value::Plain(element)))
            }
        }
    }
}

impl<'d> Elements<'d> {
    /// The elements of a value; `None` for one without, an empty one or nothing at all.
    fn of(value: Value<'d>, variables: usize) -> Evaluated<Option<Self>> {
        let Some(data) = value.into_data() else { return Ok(None) };
        let type_name = data.type_name();
        let numbers = |end: i64, number: fn(i64) -> Data<'d>| {
            if variables > 1 {
                return Err(ExecFault::RangeVariables(type_name));
            }
            Ok((end > 0).then_some(Self::Numbers { next: 0, end, number }))
        };
        match data {
            Data::Int(end) => numbers(end, Data::Int),
            Data::Int64(end) => numbers(end, Data::Int64),
            Data::Byte(end) => {
                numbers(i64::from(end), |n| Data::Byte(u8::try_from(n).unwrap_or(u8::MAX)))
            }
            Data::List(list) => Ok((list.len() > 0).then_some(Self::List { list, next: 0 })),
            Data::Map(fields) => Ok((!fields.is_empty()).then(|| Self::Map(fields.iter()))),
            _ => Err(ExecFault::RangeOver(type_name)),
        }
    }
}

impl<'d> Machine<'d, '_> {
    fn enter(&mut self, list: ListId, dot: Value<'d>, kind: FrameKind<'d>) {
        let nodes = self.evaluator.forest.list(list);
        self.frames.push(Frame { nodes, next: 0, dot, kind });
    }

    fn run(&mut self) -> Evaluated<()> {
        while let Some(frame) = self.frames.last_mut() {
            if let Some(node) = frame.nodes.get(frame.next) {
                frame.next += 1;
                let dot = frame.dot.clone();
                self.node(node, dot)?;
            } else {
                self.end_of_list()?;
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &'d Node, dot: Value<'d>) -> Evaluated<()> {
        match node {
            Node::Action(id) => {
                let value = self.evaluator.pipeline(&dot, *id)?;
                let declares =
                    self.evaluator.forest.pipe(*id).is_some_and(|pipe| !pipe.variables.is_empty());
                if declares { Ok(()) } else { self.print(value) }
            }
            Node::Branch(branch) if branch.kind == BranchKind::Range => self.range(branch, dot),
            Node::Branch(branch) => self.branch(branch, dot),
            Node::Break => {
                self.leave_to_range();
                if let Some(Frame { kind: FrameKind::Range(range), .. }) = self.frames.pop() {
                    self.evaluator.forget(range.outer);
                }
                Ok(())
            }
            Node::Continue => {
                self.leave_to_range();
                if let Some(frame) = self.frames.last_mut() {
                    frame.next = frame.nodes.len();
                }
                Ok(())
            }
            Node::Template { name, .. } => self.template(node, name, &dot),
            Node::Text(text) => self.write(text.as_bytes()),
        }
    }

    /// `if` and `with`, which are the same but for dot.
    fn branch(&mut self, branch: &'d Branch, dot: Value<'d>) -> Evaluated<()> {
        let mark = self.evaluator.mark();
        let value = self.evaluator.pipeline(&dot, branch.pipe)?;
        let is_true = value.is_true();
        let dot = if is_true && branch.kind == BranchKind::With { value } else { dot };
        match if is_true { Some(branch.list) } else { branch.else_list } {
            Some(list) => self.enter(list, dot, FrameKind::Block { mark }),
            None => self.evaluator.forget(mark),
        }
        Ok(())
    }

    fn range(&mut self, branch: &'d Branch, dot: Value<'d>) -> Evaluated<()> {
        let outer = self.evaluator.mark();
        let value = self.evaluator.pipeline(&dot, branch.pipe)?;
        let inner = self.evaluator.mark();
        let Some(pipe) = self.evaluator.forest.pipe(branch.pipe) else { return Ok(()) };
        match (Elements::of(value, pipe.variables.len())?, branch.else_list) {
            (Some(elements), _) => {
                let range = Range { pipe, elements, outer, inner };
                self.enter(branch.list, dot, FrameKind::Range(range));
                self.end_of_list()
            }
            (None, Some(list)) => {
                self.enter(list, dot, FrameKind::Block { mark: outer });
                Ok(())
            }
            (None, None) => {
                self.evaluator.forget(outer);
                Ok(())
            }
        }
    }

    fn template(&mut self, node: &'d Node, name: &str, dot: &Value<'d>) -> Evaluated<()> {
        self.evaluator.at = Some(At::Template(node));
        let Some((name, body)) = self.evaluator.forest.template(name) else {
            return Err(ExecFault::UndefinedTemplate(name.to_owned()));
        };
        if self.depth == MAX_DEPTH {
            return Err(ExecFault::DepthExceeded(MAX_DEPTH));
        }
        let dot = match node {
            Node::Template { pipe: Some(pipe), .. } => self.evaluator.pipeline(dot, *pipe)?,
            _ => Value::Invalid,
        };
        let mark = self.evaluator.mark();
        let base = self.evaluator.begin_template(dot.clone());
        let executing = std::mem::replace(&mut self.executing, name);
        self.depth += 1;
        self.enter(body, dot, FrameKind::Template { executing, base, mark });
        Ok(())
    }

    /// Drops what is under way within the innermost loop.
    fn leave_to_range(&mut self) {
        while self.frames.last().is_some_and(|frame| !matches!(frame.kind, FrameKind::Range(_))) {
            self.frames.pop();
        }
    }

    /// The last node of the innermost list is done: another round of a loop, or back.
    fn end_of_list(&mut self) -> Evaluated<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        match &mut frame.kind {
            FrameKind::Block { mark } => self.evaluator.forget(*mark),
            FrameKind::Range(range) => {
                self.evaluator.forget(range.inner);
                if let Some((index, element)) = range.elements.next() {
                    frame.dot = element.clone();
                    frame.next = 0;
                    return self.evaluator.set_loop_variables(range.pipe, index, element);
                }
                self.evaluator.forget(range.outer);
            }
            FrameKind::Template { executing, base, mark } => {
                self.executing = executing;
                self.evaluator.end_template(*base, *mark);
                self.depth -= 1;
            }
        }
        self.frames.pop();
        Ok(())
    }

    fn print(&mut self, value: Value<'d>) -> Evaluated<()> {
        match value.into_data() {
            None => self.write(NO_VALUE),
            Some(Data::Text(text)) => self.write(text.as_bytes()),
            Some(data) => {
                let mut shown = Buffer::default();
                printf::print(&[Some(data)], &mut shown);
                self.write(shown.as_bytes())
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Evaluated<()> {
        if (self.out.len() - self.start).saturating_add(bytes.len()) > MAX_BYTES {
            return Err(ExecFault::TooLarge(MAX_BYTES));
        }
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn error(&self, template: &Template, fault: ExecFault) -> ExecError {
        let at = self.evaluator.at;
        let before = template.text.get(..at.map_or(0, At::pos)).unwrap_or_default();
        ExecError {
            name: template.name.clone(),
            line: 1 + before.matches('\n').count(),
            column: before.len() - before.rfind('\n').map_or(0, |newline| newline + 1),
            executing: self.executing.to_owned(),
            node: at.map(|at| Written(&template.forest, at).to_string()).unwrap_or_default(),
            fault: Box::new(fault),
        }
    }
}
