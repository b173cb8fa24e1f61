//! A template's text as tokens, cut where Go's `text/template/parse` cuts it.

use super::error::ParseFault;
use crate::golang::chars::is_word;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Assign,
    Bool,
    /// A printable ASCII character that means nothing.
    Char,
    CharConstant,
    Complex,
    Declare,
    End,
    /// The lexer's complaint waits in `Lexer::fault`.
    Error,
    Field,
    Identifier,
    Keyword(Keyword),
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
}

/// Words that are no functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Dot,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// A piece of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    /// Where it starts, in bytes.
    pub(super) pos: usize,
    pub(super) text: &'t str,
    /// The line it starts on, from 1.
    pub(super) line: usize,
}

/// Cuts a template into tokens, one at a time: what a word means depends on where it stands.
pub(super) struct Lexer<'t> {
    input: &'t str,
    pos: usize,
    start: usize,
    /// The line of `start`; lines are counted up to `counted`.
    line: usize,
    counted: usize,
    inside: bool,
    parens: usize,
    /// What is wrong, once an `Error` token was given.
    pub(super) fault: Option<ParseFault>,
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";

impl<'t> Lexer<'t> {
    /// Starts at the beginning of the text.
    pub(super) fn new(input: &'t str) -> Self {
        Self { input, pos: 0, start: 0, line: 1, counted: 0, inside: false, parens: 0, fault: None }
    }

    /// The next token; after an error, the end.
    pub(super) fn next(&mut self) -> Token<'t> {
        if self.fault.is_some() {
            self.pos = self.input.len();
            self.ignore();
            return self.token(TokenKind::End);
        }
        let kind = if self.inside { self.inside_action() } else { self.text() };
        match kind {
            Ok(token) => token,
            Err(fault) => {
                self.fault = Some(fault);
                let token = self.token(TokenKind::Error);
                Token { text: "", ..token }
            }
        }
    }

    fn rest(&self) -> &'t str {
        &self.input[self.pos..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    fn accept(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        let found = self.peek().is_some_and(wanted);
        if found {
            self.bump();
        }
        found
    }

    fn accept_run(&mut self, wanted: impl Fn(char) -> bool) {
        while self.accept(&wanted) {}
    }

    /// Forgets what lies between `start` and `pos`.
    fn ignore(&mut self) {
        self.start = self.pos;
    }

    /// The token between `start` and `pos`.
    fn token(&mut self, kind: TokenKind) -> Token<'t> {
        let skipped = &self.input[self.counted..self.start];
        self.line += skipped.matches('\n').count();
        self.counted = self.start;
        let text = &self.input[self.start..self.pos];
        let token = Token { kind, pos: self.start, text, line: self.line };
        self.start = self.pos;
        token
    }

    /// Outside of actions: text up to the next `{{`, or that action's beginning.
    fn text(&mut self) -> Result<Token<'t>, ParseFault> {
        loop {
            let Some(found) = self.rest().find(LEFT) else {
                self.pos = self.input.len();
                let kind = if self.pos > self.start { TokenKind::Text } else { TokenKind::End };
                return Ok(self.token(kind));
            };
            if found > 0 {
                let action = self.pos + found;
                let mut text = &self.input[self.pos..action];
                if trims_left(&self.input[action + LEFT.len()..]) {
                    text = text.trim_end_matches(is_space);
                }
                self.pos += text.len();
                if !text.is_empty() {
                    let token = self.token(TokenKind::Text);
                    self.pos = action;
                    self.ignore();
                    return Ok(token);
                }
                self.pos = action;
                self.ignore();
            }
            self.pos += LEFT.len();
            let marker = if trims_left(self.rest()) { 2 } else { 0 };
            if self.input[self.pos + marker..].starts_with("/*") {
                self.pos += marker;
                self.ignore();
                self.comment()?;
                continue;
            }
            let token = self.token(TokenKind::LeftDelim);
            self.inside = true;
            self.parens = 0;
            self.pos += marker;
            self.ignore();
            return Ok(token);
        }
    }

    fn comment(&mut self) -> Result<(), ParseFault> {
        let body = &self.rest()[2..];
        let end = body.find("*/").ok_or(ParseFault::UnclosedComment)?;
        self.pos += 2 + end + 2;
        let trims = self.right_delim().ok_or(ParseFault::CommentNotClosing)?;
        self.pass_right_delim(trims);
        Ok(())
    }

    /// Whether `}}` stands here, and with a trim marker before it.
    fn right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        match rest.strip_prefix(is_space).and_then(|r| r.strip_prefix('-')) {
            Some(after) if after.starts_with(RIGHT) => Some(true),
            _ => rest.starts_with(RIGHT).then_some(false),
        }
    }

    fn pass_right_delim(&mut self, trims: bool) -> Token<'t> {
        if trims {
            self.pos += 2;
            self.ignore();
        }
        self.pos += RIGHT.len();
        let token = self.token(TokenKind::RightDelim);
        if trims {
            self.accept_run(is_space);
            self.ignore();
        }
        token
    }

    fn inside_action(&mut self) -> Result<Token<'t>, ParseFault> {
        if let Some(trims) = self.right_delim() {
            if self.parens > 0 {
                return Err(ParseFault::UnclosedLeftParen);
            }
            self.inside = false;
            return Ok(self.pass_right_delim(trims));
        }
        let c = self.peek().ok_or(ParseFault::UnclosedAction)?;
        if is_space(c) {
            return Ok(self.space());
        }
        if matches!(c, '+' | '-' | '0'..='9') {
            return self.number();
        }
        if is_word(c) {
            return self.identifier();
        }
        self.bump();
        Ok(match c {
            '=' => self.token(TokenKind::Assign),
            ':' => {
                if !self.accept(|c| c == '=') {
                    return Err(ParseFault::ExpectedDeclare);
                }
                self.token(TokenKind::Declare)
            }
            '|' => self.token(TokenKind::Pipe),
            '"' => self.quoted('"', TokenKind::String, ParseFault::UnterminatedString)?,
            '\'' => self.quoted('\'', TokenKind::CharConstant, ParseFault::UnterminatedChar)?,
            '`' => {
                let end = self.rest().find('`').ok_or(ParseFault::UnterminatedRawString)?;
                self.pos += end + 1;
                self.token(TokenKind::RawString)
            }
            '$' => return self.field_or_variable(TokenKind::Variable),
            '.' if self.peek().is_some_and(|c| !c.is_ascii_digit()) => {
                return self.field_or_variable(TokenKind::Field);
            }
            '.' => {
                self.pos = self.start;
                return self.number();
            }
            '(' => {
                self.parens += 1;
                self.token(TokenKind::LeftParen)
            }
            ')' => {
                self.parens = self.parens.checked_sub(1).ok_or(ParseFault::UnexpectedRightParen)?;
                self.token(TokenKind::RightParen)
            }
            '!'..='~' => self.token(TokenKind::Char),
            c => return Err(ParseFault::UnrecognizedCharacter(c)),
        })
    }

    /// Blanks, but not the one that belongs to a trim marker.
    fn space(&mut self) -> Token<'t> {
        while self.peek().is_some_and(is_space) && self.right_delim().is_none() {
            self.bump();
        }
        self.token(TokenKind::Space)
    }

    fn identifier(&mut self) -> Result<Token<'t>, ParseFault> {
        self.accept_run(is_word);
        self.terminated()?;
        let kind = match &self.input[self.start..self.pos] {
            "block" => TokenKind::Keyword(Keyword::Block),
            "break" => TokenKind::Keyword(Keyword::Break),
            "continue" => TokenKind::Keyword(Keyword::Continue),
            "define" => TokenKind::Keyword(Keyword::Define),
            "else" => TokenKind::Keyword(Keyword::Else),
            "end" => TokenKind::Keyword(Keyword::End),
            "if" => TokenKind::Keyword(Keyword::If),
            "nil" => TokenKind::Keyword(Keyword::Nil),
            "range" => TokenKind::Keyword(Keyword::Range),
            "template" => TokenKind::Keyword(Keyword::Template),
            "with" => TokenKind::Keyword(Keyword::With),
            "true" | "false" => TokenKind::Bool,
            _ => TokenKind::Identifier,
        };
        Ok(self.token(kind))
    }

    /// The `.` or `$` is past.
    fn field_or_variable(&mut self, kind: TokenKind) -> Result<Token<'t>, ParseFault> {
        if self.terminated().is_ok() {
            let alone =
                if kind == TokenKind::Field { TokenKind::Keyword(Keyword::Dot) } else { kind };
            return Ok(self.token(alone));
        }
        self.accept_run(is_word);
        self.terminated()?;
        Ok(self.token(kind))
    }

    /// Words must be followed by something that ends them: `$x+2` is no sum.
    fn terminated(&self) -> Result<(), ParseFault> {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => Ok(()),
            Some(c) if is_space(c) || self.rest().starts_with(RIGHT) => Ok(()),
            Some(c) => Err(ParseFault::BadCharacter(c)),
        }
    }

    /// The first quote is past.
    fn quoted(
        &mut self,
        quote: char,
        kind: TokenKind,
        unterminated: ParseFault,
    ) -> Result<Token<'t>, ParseFault> {
        loop {
            let mut c = self.bump();
            if c == Some(quote) {
                return Ok(self.token(kind));
            }
            if c == Some('\\') {
                c = self.bump();
            }
            if matches!(c, None | Some('\n')) {
                return Err(unterminated);
            }
        }
    }

    fn number(&mut self) -> Result<Token<'t>, ParseFault> {
        let mut kind = TokenKind::Number;
        let mut good = self.scan_number();
        if good && matches!(self.peek(), Some('+' | '-')) {
            kind = TokenKind::Complex;
            good = self.scan_number() && self.input[..self.pos].ends_with('i');
        }
        if !good {
            return Err(ParseFault::BadNumber(self.input[self.start..self.pos].to_owned()));
        }
        Ok(self.token(kind))
    }

    /// Passes what looks like a number; whether it ends like one.
    fn scan_number(&mut self) -> bool {
        let is_sign = |c| matches!(c, '+' | '-');
        let mut radix = 10;
        self.accept(is_sign);
        if self.accept(|c| c == '0') {
            if self.accept(|c| matches!(c, 'x' | 'X')) {
                radix = 16;
            } else if self.accept(|c| matches!(c, 'o' | 'O')) {
                radix = 8;
            } else if self.accept(|c| matches!(c, 'b' | 'B')) {
                radix = 2;
            }
        }
        let is_digit = |c: char| c == '_' || c.is_digit(radix);
        self.accept_run(is_digit);
        if self.accept(|c| c == '.') {
            self.accept_run(is_digit);
        }
        let has_power = match radix {
            10 => self.accept(|c| matches!(c, 'e' | 'E')),
            16 => self.accept(|c| matches!(c, 'p' | 'P')),
            _ => false,
        };
        if has_power {
            self.accept(is_sign);
            self.accept_run(|c| c == '_' || c.is_ascii_digit());
        }
        self.accept(|c| c == 'i');
        // The next character must not be part of a word; it is shown with the number.
        !self.accept(is_word)
    }
}

/// Whether the text after `{{` starts with a trim marker.
fn trims_left(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(is_space))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(input: &str) -> String {
        let mut lexer = Lexer::new(input);
        let mut out = Vec::new();
        loop {
            let token = lexer.next();
            match token.kind {
                TokenKind::End => return out.join(" "),
                TokenKind::Error => out.push(format!("!{:?}", lexer.fault)),
                TokenKind::Space => out.push("_".to_owned()),
                kind => out.push(format!("{kind:?}<{}>", token.text)),
            }
        }
    }

    #[test]
    fn text_and_actions() {
        let cases = [
            ("", ""),
            ("plain", "Text<plain>"),
            ("a{{.}}b", "Text<a> LeftDelim<{{> Keyword(Dot)<.> RightDelim<}}> Text<b>"),
            ("a \n{{- 3 -}}\t b", "Text<a> LeftDelim<{{> Number<3> RightDelim<}}> Text<b>"),
            ("{{-3}}", "LeftDelim<{{> Number<-3> RightDelim<}}>"),
            ("{{3  -}} x", "LeftDelim<{{> Number<3> _ RightDelim<}}> Text<x>"),
            ("a{{/* x }} */}}b", "Text<a> Text<b>"),
            ("a {{- /* x */ -}} b", "Text<a> Text<b>"),
            ("a {{- /**/}}", "Text<a>"),
            (
                "a{{-/**/}}",
                "Text<a> LeftDelim<{{> Number<-> Char</> Char<*> Char<*> Char</> RightDelim<}}>",
            ),
            ("{{.a.b}}", "LeftDelim<{{> Field<.a> Field<.b> RightDelim<}}>"),
            ("{{$x:=$}}", "LeftDelim<{{> Variable<$x> Declare<:=> Variable<$> RightDelim<}}>"),
            (
                "{{(1)|f}}",
                "LeftDelim<{{> LeftParen<(> Number<1> RightParen<)> Pipe<|> Identifier<f> RightDelim<}}>",
            ),
            (
                "{{`a\n`'x'\"\\\"\"}}",
                "LeftDelim<{{> RawString<`a\n`> CharConstant<'x'> String<\"\\\"\"> RightDelim<}}>",
            ),
            ("{{1+2i,.5}}", "LeftDelim<{{> Complex<1+2i> Char<,> Number<.5> RightDelim<}}>"),
            (
                "{{true nil end}}",
                "LeftDelim<{{> Bool<true> _ Keyword(Nil)<nil> _ Keyword(End)<end> RightDelim<}}>",
            ),
        ];
        for (input, expected) in cases {
            assert_eq!(shown(input), expected, "{input}");
        }
    }

    #[test]
    fn mistakes() {
        use ParseFault as F;
        let cases = [
            ("{{", F::UnclosedAction),
            ("{{ .a", F::UnclosedAction),
            ("{{/* x", F::UnclosedComment),
            ("{{/* x */ }}", F::CommentNotClosing),
            ("{{\"a\n\"}}", F::UnterminatedString),
            ("{{\"a", F::UnterminatedString),
            ("{{\"a\\", F::UnterminatedString),
            ("{{'a", F::UnterminatedChar),
            ("{{`a", F::UnterminatedRawString),
            ("{{(}}", F::UnclosedLeftParen),
            ("{{)}}", F::UnexpectedRightParen),
            ("{{:}}", F::ExpectedDeclare),
            ("{{.a@}}", F::BadCharacter('@')),
            ("{{a}", F::BadCharacter('}')),
            ("{{\u{1}}}", F::UnrecognizedCharacter('\u{1}')),
            ("{{3k}}", F::BadNumber("3k".to_owned())),
            ("{{0b12}}", F::BadNumber("0b12".to_owned())),
            ("{{1+2}}", F::BadNumber("1+2".to_owned())),
        ];
        for (input, expected) in cases {
            let mut lexer = Lexer::new(input);
            while !matches!(lexer.next().kind, TokenKind::Error | TokenKind::End) {}
            assert_eq!(lexer.fault, Some(expected), "{input}");
            assert_eq!(lexer.next().kind, TokenKind::End, "{input}");
        }
    }

    #[test]
    fn lines_are_those_of_the_tokens_starts() {
        let mut lexer = Lexer::new("a\nb{{\n.x\n}}\nc");
        let mut lines = Vec::new();
        loop {
            let token = lexer.next();
            lines.push(token.line);
            if token.kind == TokenKind::End {
                break;
            }
        }
        assert_eq!(lines, [1, 2, 2, 3, 3, 4, 4, 5]);
    }
}
