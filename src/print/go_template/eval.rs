//! Evaluates pipelines: commands, their arguments, fields and variables.
//!
//! The recursion here is as deep as parentheses are nested, which the parser limits.

use super::ast::{At, Command, Forest, Pipe, PipeId, Word, WordKind, Written};
use super::error::ExecFault;
use super::functions::{Function, Parameter};
use super::literal::Number;
use super::value::{Data, Text, Value};

pub(super) type Evaluated<T> = Result<T, ExecFault>;

/// Evaluates the pipelines of a template and keeps its variables.
pub(super) struct Evaluator<'d> {
    pub(super) forest: &'d Forest,
    allow_missing_keys: bool,
    /// The variables of all templates under way, and where those of the current one begin.
    variables: Vec<(&'d str, Value<'d>)>,
    base: usize,
    /// What was come to last: where an error is.
    pub(super) at: Option<At<'d>>,
}

impl<'d> Evaluator<'d> {
    /// Starts with `$` as the only variable.
    pub(super) fn new(forest: &'d Forest, allow_missing_keys: bool, root: Value<'d>) -> Self {
        Self { forest, allow_missing_keys, variables: vec![("$", root)], base: 0, at: None }
    }

    /// How many variables there are.
    pub(super) fn mark(&self) -> usize {
        self.variables.len()
    }

    /// Drops the variables beyond the mark.
    pub(super) fn forget(&mut self, mark: usize) {
        // `$` itself stays.
        self.variables.truncate(mark.max(self.base + 1));
    }

    /// Starts a template with variables of its own; what `end_template` wants back.
    pub(super) fn begin_template(&mut self, dot: Value<'d>) -> usize {
        let base = std::mem::replace(&mut self.base, self.variables.len());
        self.variables.push(("$", dot));
        base
    }

    /// Goes back to the variables of the caller.
    pub(super) fn end_template(&mut self, base: usize, mark: usize) {
        self.variables.truncate(mark);
        self.base = base;
    }

    /// Gives the variables of a loop their values for a round.
    pub(super) fn set_loop_variables(
        &mut self,
        pipe: &'d Pipe,
        index: Value<'d>,
        element: Value<'d>,
    ) -> Evaluated<()> {
        let values = match pipe.variables.len() {
            0 => return Ok(()),
            1 => vec![element],
            _ => vec![index, element],
        };
        if pipe.assigns {
            let pairs = pipe.variables.iter().zip(values);
            return pairs.into_iter().try_for_each(|(name, value)| self.set(name, value));
        }
        // Declared ones are the last there are.
        let first = self.variables.len().saturating_sub(values.len());
        for (variable, value) in self.variables[first..].iter_mut().zip(values) {
            variable.1 = value;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: Value<'d>) -> Evaluated<()> {
        let found = self.variables[self.base..].iter_mut().rfind(|(known, _)| *known == name);
        match found {
            Some(variable) => {
                variable.1 = value;
                Ok(())
            }
            None => Err(ExecFault::UndefinedVariable(name.to_owned())),
        }
    }

    fn variable(&self, name: &str) -> Evaluated<Value<'d>> {
        let found = self.variables[self.base..].iter().rfind(|(known, _)| *known == name);
        match found {
            Some((_, value)) => Ok(value.clone()),
            None => Err(ExecFault::UndefinedVariable(name.to_owned())),
        }
    }

    /// The value of a pipeline; its variables are set.
    pub(super) fn pipeline(&mut self, dot: &Value<'d>, id: PipeId) -> Evaluated<Value<'d>> {
        let Some(pipe) = self.forest.pipe(id) else { return Ok(Value::Invalid) };
        self.at = Some(At::Pipe(pipe));
        let mut last = None;
        for command in &pipe.commands {
            last = Some(self.command(dot, command, last)?.unboxed());
        }
        let value = last.unwrap_or(Value::Invalid);
        for name in &pipe.variables {
            if pipe.assigns {
                self.set(name, value.clone())?;
            } else {
                self.variables.push((name, value.clone()));
            }
        }
        Ok(value)
    }

    /// A command; `last` is what the command before it gave.
    fn command(
        &mut self,
        dot: &Value<'d>,
        command: &'d Command,
        last: Option<Value<'d>>,
    ) -> Evaluated<Value<'d>> {
        let Some((first, arguments)) = command.words.split_first() else {
            return Ok(Value::Invalid);
        };
        let has_arguments = !arguments.is_empty() || last.is_some();
        match &first.kind {
            WordKind::Pipe(id) => {
                self.no_arguments(first, has_arguments)?;
                return self.pipeline(dot, *id);
            }
            WordKind::Function(name) => {
                self.at = Some(At::Word(first));
                return self.call(dot, name, arguments, last, At::Command(command));
            }
            _ => self.at = Some(At::Word(first)),
        }
        match &first.kind {
            WordKind::Chain(..) | WordKind::Field(_) => self.fields(dot, first, has_arguments),
            WordKind::Variable { fields, .. } if !fields.is_empty() => {
                self.fields(dot, first, has_arguments)
            }
            WordKind::Variable { name, .. } => {
                let value = self.variable(name)?;
                self.no_arguments(first, has_arguments)?;
                Ok(value)
            }
            kind => {
                self.no_arguments(first, has_arguments)?;
                match kind {
                    WordKind::Dot => Ok(dot.clone()),
                    WordKind::Nil => Err(ExecFault::NilCommand),
                    _ => Self::constant(first),
                }
            }
        }
    }

    fn no_arguments(&self, word: &'d Word, has_arguments: bool) -> Evaluated<()> {
        if has_arguments { Err(ExecFault::NotAFunction(self.written(word))) } else { Ok(()) }
    }

    fn written(&self, word: &'d Word) -> String {
        Written(self.forest, At::Word(word)).to_string()
    }

    /// A constant: the syntax of a number says which type it has.
    fn constant(word: &'d Word) -> Evaluated<Value<'d>> {
        Ok(Value::Plain(match &word.kind {
            WordKind::Bool(value) => Data::Bool(*value),
            WordKind::Number { value: Number::Complex(re, im), .. } => Data::Complex(*re, *im),
            WordKind::Number { value: Number::Float(value), .. } => Data::Float(*value),
            WordKind::Number { value: Number::Int(value), .. } => Data::Int(*value),
            WordKind::Number { value: Number::TooLarge, text } => {
                return Err(ExecFault::Overflow(text.clone()));
            }
            WordKind::Text { bytes, .. } => Data::Text(Text::Borrowed(bytes)),
            _ => return Ok(Value::Invalid),
        }))
    }

    /// The fields of dot, a variable, a parenthesis or a function's result.
    fn fields(
        &mut self,
        dot: &Value<'d>,
        word: &'d Word,
        has_arguments: bool,
    ) -> Evaluated<Value<'d>> {
        self.at = Some(At::Word(word));
        let (mut value, fields) = match &word.kind {
            WordKind::Chain(base, fields) => (self.argument(dot, Parameter::AsIs, base)?, fields),
            WordKind::Field(fields) => (dot.clone(), fields),
            WordKind::Variable { name, fields } => (self.variable(name)?, fields),
            _ => return Ok(Value::Invalid),
        };
        for (i, name) in fields.iter().enumerate() {
            let is_last = i + 1 == fields.len();
            value = self.field(&value, name, has_arguments && is_last)?;
        }
        Ok(value)
    }

    fn field(&self, value: &Value<'d>, name: &str, has_arguments: bool) -> Evaluated<Value<'d>> {
        let named = || name.to_owned();
        match value {
            Value::Invalid if self.allow_missing_keys => Ok(Value::Invalid),
            Value::Invalid => Err(ExecFault::NilData(named())),
            Value::Nil => Err(ExecFault::NilPointer(named())),
            Value::Plain(Data::Map(_)) | Value::Boxed(Data::Map(_)) if has_arguments => {
                Err(ExecFault::NotAMethod(named()))
            }
            Value::Plain(Data::Map(fields)) | Value::Boxed(Data::Map(fields)) => {
                match fields.get(name) {
                    Some(value) => Ok(Value::boxed(value)),
                    None if self.allow_missing_keys => Ok(Value::Invalid),
                    None => Err(ExecFault::NoEntry(named())),
                }
            }
            other => {
                let type_name = other.type_name().unwrap_or_default();
                Err(ExecFault::CannotEvaluateField { field: named(), type_name })
            }
        }
    }

    /// Calls a function. `at` is where it failed, if it fails.
    fn call(
        &mut self,
        dot: &Value<'d>,
        name: &str,
        words: &'d [Word],
        last: Option<Value<'d>>,
        at: At<'d>,
    ) -> Evaluated<Value<'d>> {
        let Some(function) = Function::named(name) else { return Ok(Value::Invalid) };
        let name = function.name();
        let count = words.len() + usize::from(last.is_some());
        let (want, variadic) = function.arity();
        if count < want || (count > want && !variadic) {
            let got = if variadic { words.len() } else { count };
            return Err(ExecFault::WrongCount { function: name, want, variadic, got });
        }
        let mut arguments = Vec::with_capacity(count);
        for (i, word) in words.iter().enumerate() {
            let value = self.argument(dot, function.parameter(i), word)?;
            // `and` and `or` stop as soon as they know.
            let settled = match function {
                Function::And => !value.is_true(),
                Function::Or => value.is_true(),
                _ => false,
            };
            arguments.push(value);
            if settled {
                return Ok(arguments.pop().unwrap_or(Value::Invalid));
            }
        }
        if let Some(last) = last {
            arguments.push(validated(last, function.parameter(words.len()))?);
        }
        let (forest, first) = (self.forest, words.first());
        let type_name = arguments.first().and_then(Value::type_name);
        let callee = || match first {
            Some(word) => Written(forest, At::Word(word)).to_string(),
            // Go shows a text itself here.
            None => format!("<{} Value>", type_name.unwrap_or("invalid")),
        };
        function.call(arguments, callee).map_err(|fault| {
            self.at = Some(at);
            ExecFault::Call { function: name, fault }
        })
    }

    /// An argument, made what the function wants.
    fn argument(
        &mut self,
        dot: &Value<'d>,
        wanted: Parameter,
        word: &'d Word,
    ) -> Evaluated<Value<'d>> {
        self.at = Some(At::Word(word));
        let value = match &word.kind {
            WordKind::Dot => dot.clone(),
            WordKind::Nil => {
                return match wanted {
                    Parameter::Any => Ok(Value::Nil),
                    Parameter::AsIs => Ok(Value::Invalid),
                    Parameter::Text => Err(ExecFault::CannotAssignNil),
                };
            }
            WordKind::Chain(..) | WordKind::Field(_) => self.fields(dot, word, false)?,
            WordKind::Variable { fields, .. } if !fields.is_empty() => {
                self.fields(dot, word, false)?
            }
            WordKind::Variable { name, .. } => self.variable(name)?,
            WordKind::Pipe(id) => self.pipeline(dot, *id)?,
            WordKind::Function(name) => self.call(dot, name, &[], None, At::Word(word))?,
            WordKind::Bool(_) | WordKind::Number { .. } if wanted == Parameter::Text => {
                return Err(ExecFault::ExpectedString(self.written(word)));
            }
            WordKind::Bool(_) | WordKind::Number { .. } | WordKind::Text { .. } => {
                return Self::constant(word);
            }
        };
        validated(value, wanted)
    }
}

/// The value as the function wants it.
fn validated(value: Value<'_>, wanted: Parameter) -> Evaluated<Value<'_>> {
    match (wanted, value) {
        (Parameter::Any, Value::Invalid) => Ok(Value::Nil),
        (Parameter::Any | Parameter::AsIs, value) => Ok(value),
        (Parameter::Text, Value::Invalid) => Err(ExecFault::InvalidValue),
        (Parameter::Text, Value::Nil) => Err(ExecFault::WrongType("interface {}")),
        (Parameter::Text, Value::Plain(data) | Value::Boxed(data)) => match data {
            Data::Text(text) => Ok(Value::Plain(Data::Text(text))),
            other => Err(ExecFault::WrongType(other.type_name())),
        },
    }
}
