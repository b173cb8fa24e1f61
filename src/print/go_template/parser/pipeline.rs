//! Pipelines and what they are made of: declarations, commands, operands and terms.

use super::{Parsed, Parser};
use crate::golang::quote::unquote;
use crate::print::go_template::ast::{At, Command, Pipe, PipeId, Word, WordKind, Written};
use crate::print::go_template::error::ParseFault;
use crate::print::go_template::functions::Function;
use crate::print::go_template::lexer::{Keyword, Token, TokenKind};
use crate::print::go_template::literal::{self, CharFault, LiteralFault};
use crate::print::go_template::room::MAX_DEPTH;

/// How many commands a pipeline may have.
const MAX_COMMANDS: usize = 100_000;

impl Parser<'_> {
    /// Declarations and commands up to `end`, which is taken.
    pub(super) fn pipeline(&mut self, context: &'static str, end: TokenKind) -> Parsed<PipeId> {
        let pos = self.peek_word().pos;
        let mut pipe = Pipe { pos, assigns: false, variables: Vec::new(), commands: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => break,
                TokenKind::Bool
                | TokenKind::CharConstant
                | TokenKind::Complex
                | TokenKind::Field
                | TokenKind::Identifier
                | TokenKind::Keyword(Keyword::Dot | Keyword::Nil)
                | TokenKind::LeftParen
                | TokenKind::Number
                | TokenKind::RawString
                | TokenKind::String
                | TokenKind::Variable => {
                    self.give_back(token);
                    let command = self.command()?;
                    pipe.commands.push(command);
                    if pipe.commands.len() > MAX_COMMANDS {
                        return Err(ParseFault::PipelineTooLong);
                    }
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        if pipe.commands.is_empty() {
            return Err(ParseFault::MissingValue(context));
        }
        for (i, command) in pipe.commands.iter().enumerate().skip(1) {
            if command.words.first().is_some_and(Word::is_constant) {
                return Err(ParseFault::NotExecutable(i + 1));
            }
        }
        self.forest.pipes.push(pipe);
        Ok(PipeId(self.forest.pipes.len() - 1))
    }

    fn declarations(&mut self, pipe: &mut Pipe, context: &'static str) -> Parsed<()> {
        loop {
            let variable = self.next_word();
            if variable.kind != TokenKind::Variable {
                self.give_back(variable);
                return Ok(());
            }
            let after = self.next();
            let next = if after.kind == TokenKind::Space { self.next_word() } else { after };
            let is_comma = next.kind == TokenKind::Char && next.text == ",";
            if !is_comma && !matches!(next.kind, TokenKind::Assign | TokenKind::Declare) {
                // A variable that is only used: all of it goes back.
                self.give_back(next);
                if after.kind == TokenKind::Space {
                    self.give_back(after);
                }
                self.give_back(variable);
                return Ok(());
            }
            pipe.variables.push(variable.text.to_owned());
            self.scope().variables.push(variable.text);
            if !is_comma {
                pipe.assigns = next.kind == TokenKind::Assign;
                return Ok(());
            }
            if context != "range" || pipe.variables.len() > 1 {
                return Err(ParseFault::TooManyDeclarations(context));
            }
            if !matches!(
                self.peek_word().kind,
                TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen
            ) {
                return Err(ParseFault::RangeVariables);
            }
        }
    }

    /// Operands up to a `|`, which is taken, or the end of the pipeline, which is not.
    fn command(&mut self) -> Parsed<Command> {
        let mut command = Command { pos: self.peek_word().pos, words: Vec::new() };
        loop {
            self.peek_word();
            if let Some(word) = self.operand()? {
                command.words.push(word);
            }
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.give_back(token),
                TokenKind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            break;
        }
        if command.words.is_empty() {
            return Err(ParseFault::EmptyCommand);
        }
        Ok(command)
    }

    /// A term and the fields after it.
    fn operand(&mut self) -> Parsed<Option<Word>> {
        let Some(mut word) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(word));
        }
        let mut fields = Vec::new();
        while self.peek().kind == TokenKind::Field {
            fields.push(self.next().text.trim_start_matches('.').to_owned());
        }
        match &mut word.kind {
            WordKind::Field(known) | WordKind::Variable { fields: known, .. } => {
                known.append(&mut fields);
                word.pos = first.pos;
            }
            WordKind::Chain(..) | WordKind::Function(_) | WordKind::Pipe(_) => {
                word = Word { pos: first.pos, kind: WordKind::Chain(Box::new(word), fields) };
            }
            _ => {
                let text = Written(&self.forest, At::Word(&word));
                return Err(ParseFault::UnexpectedDot(text.to_string()));
            }
        }
        Ok(Some(word))
    }

    fn term(&mut self) -> Parsed<Option<Word>> {
        let token = self.next_word();
        let text = token.text;
        let kind = match token.kind {
            TokenKind::Identifier => {
                if Function::named(text).is_none() {
                    return Err(ParseFault::UndefinedFunction(text.to_owned()));
                }
                WordKind::Function(text.to_owned())
            }
            TokenKind::Keyword(Keyword::Dot) => WordKind::Dot,
            TokenKind::Keyword(Keyword::Nil) => WordKind::Nil,
            TokenKind::Variable => {
                if !self.scope().variables.contains(&text) {
                    return Err(ParseFault::UndefinedVariable(text.to_owned()));
                }
                WordKind::Variable { name: text.to_owned(), fields: Vec::new() }
            }
            TokenKind::Field => WordKind::Field(vec![text.trim_start_matches('.').to_owned()]),
            TokenKind::Bool => WordKind::Bool(text == "true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                let value = constant(token)?;
                WordKind::Number { text: text.to_owned(), value }
            }
            TokenKind::LeftParen => {
                if self.depth >= MAX_DEPTH {
                    return Err(ParseFault::TooDeep);
                }
                self.depth += 1;
                let pipe = self.pipeline("parenthesized pipeline", TokenKind::RightParen)?;
                self.depth -= 1;
                WordKind::Pipe(pipe)
            }
            TokenKind::String | TokenKind::RawString => {
                let bytes = unquote(text).ok_or(ParseFault::InvalidSyntax)?;
                WordKind::Text { quoted: text.to_owned(), bytes }
            }
            _ => {
                self.give_back(token);
                return Ok(None);
            }
        };
        // A parenthesis is named by its pipeline, which starts after it.
        let pos = match kind {
            WordKind::Pipe(id) => self.forest.pipe(id).map_or(token.pos, |pipe| pipe.pos),
            _ => token.pos,
        };
        Ok(Some(Word { pos, kind }))
    }
}

impl Word {
    /// Whether it is something that cannot be called and takes no value from a pipeline.
    fn is_constant(&self) -> bool {
        matches!(
            self.kind,
            WordKind::Bool(_)
                | WordKind::Dot
                | WordKind::Nil
                | WordKind::Number { .. }
                | WordKind::Text { .. }
        )
    }
}

fn constant(token: Token<'_>) -> Parsed<literal::Number> {
    let text = token.text;
    match token.kind {
        TokenKind::CharConstant => {
            literal::character(text).map(literal::Number::Int).map_err(|fault| match fault {
                CharFault::Malformed => ParseFault::MalformedChar(text.to_owned()),
                CharFault::Syntax => ParseFault::InvalidSyntax,
            })
        }
        TokenKind::Complex => literal::complex(text).ok_or(ParseFault::InvalidSyntax),
        _ => literal::number(text).map_err(|fault| match fault {
            LiteralFault::Overflow => ParseFault::IntegerOverflow(text.to_owned()),
            LiteralFault::Syntax => ParseFault::IllegalNumber(text.to_owned()),
        }),
    }
}
