//! From tokens to a tree, refusing what Go's `text/template/parse` refuses.
//!
//! Blocks are kept on a stack of our own, so their nesting has no limit. Parentheses recurse, and
//! are limited.

mod pipeline;

use super::ast::{Branch, BranchKind, Forest, ListId, Node, PipeId};
use super::error::{ParseError, ParseFault, Shortened};
use super::lexer::{Keyword, Lexer, Token, TokenKind};
use crate::golang::quote::unquote;

type Parsed<T> = Result<T, ParseFault>;

/// Parses a template and those defined in it.
pub(super) fn parse(name: &str, text: &str) -> Result<Forest, ParseError> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        ahead: Vec::new(),
        line: 1,
        name,
        forest: Forest::default(),
        scopes: vec![Scope::new()],
        open: Vec::new(),
        lists: vec![Vec::new()],
        depth: 0,
    };
    let result = parser.text();
    let line = parser.line;
    match result {
        Ok(()) => Ok(parser.forest),
        Err(fault) => Err(ParseError { name: name.to_owned(), line, fault }),
    }
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    /// Tokens that were given back, the next one last.
    ahead: Vec<Token<'t>>,
    /// The line of the last token that came from the lexer.
    line: usize,
    name: &'t str,
    forest: Forest,
    /// The templates being defined, the innermost last.
    scopes: Vec<Scope<'t>>,
    /// The blocks that wait for their end.
    open: Vec<Open>,
    /// The lists being filled, one for the text and one for each open block.
    lists: Vec<Vec<Node>>,
    depth: usize,
}

/// What is known within one template.
struct Scope<'t> {
    variables: Vec<&'t str>,
    ranges: usize,
    action_line: Option<usize>,
}

impl Scope<'_> {
    fn new() -> Self {
        Self { variables: vec!["$"], ranges: 0, action_line: None }
    }
}

/// A block whose end was not read yet.
enum Open {
    Block { pos: usize, name: String, pipe: PipeId },
    Branch(OpenBranch),
    Define { name: String },
}

struct OpenBranch {
    kind: BranchKind,
    pipe: PipeId,
    /// The list before `{{else}}`, once that was read.
    list: Option<ListId>,
    /// How many variables there were before.
    variables: usize,
    /// Whether it was written `{{else if}}`: it ends with the block it is in.
    chained: bool,
}

impl<'t> Parser<'t> {
    fn next(&mut self) -> Token<'t> {
        self.ahead.pop().unwrap_or_else(|| {
            let token = self.lexer.next();
            self.line = token.line;
            token
        })
    }

    fn give_back(&mut self, token: Token<'t>) {
        self.ahead.push(token);
    }

    fn peek(&mut self) -> Token<'t> {
        let token = self.next();
        self.give_back(token);
        token
    }

    fn next_word(&mut self) -> Token<'t> {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token<'t> {
        let token = self.next_word();
        self.give_back(token);
        token
    }

    fn expect(&mut self, kind: TokenKind, context: &'static str) -> Parsed<Token<'t>> {
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(token, context)) }
    }

    fn unexpected(&mut self, token: Token<'t>, context: &'static str) -> ParseFault {
        let found = match token.kind {
            TokenKind::Error => {
                let fault = self.lexer.fault.clone().unwrap_or(ParseFault::UnexpectedEnd);
                return match self.scope().action_line {
                    Some(line) if line != token.line => {
                        let name = self.name.to_owned();
                        ParseFault::Within { fault: Box::new(fault), name, line }
                    }
                    _ => fault,
                };
            }
            TokenKind::End => "EOF".to_owned(),
            TokenKind::Keyword(_) => format!("<{}>", token.text),
            _ => Shortened(token.text).to_string(),
        };
        ParseFault::Unexpected { found, context }
    }

    fn scope(&mut self) -> &mut Scope<'t> {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::new());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn push(&mut self, node: Node) {
        if let Some(list) = self.lists.last_mut() {
            list.push(node);
        }
    }

    fn close_list(&mut self) -> ListId {
        self.forest.lists.push(self.lists.pop().unwrap_or_default());
        ListId(self.forest.lists.len() - 1)
    }

    fn text(&mut self) -> Parsed<()> {
        loop {
            let token = self.next_word();
            match token.kind {
                TokenKind::End if self.open.is_empty() => break,
                TokenKind::End => return Err(ParseFault::UnexpectedEnd),
                TokenKind::Text => self.push(Node::Text(token.text.to_owned())),
                TokenKind::LeftDelim => self.action(token)?,
                _ => return Err(self.unexpected(token, "input")),
            }
        }
        let body = self.close_list();
        self.define(self.name.to_owned(), body)
    }

    /// An action; its `{{` is past.
    fn action(&mut self, delim: Token<'t>) -> Parsed<()> {
        let token = self.next_word();
        if token.kind == TokenKind::Keyword(Keyword::Define) && self.open.is_empty() {
            return self.begin_define();
        }
        self.scope().action_line = Some(delim.line);
        match token.kind {
            // The action that begins a block stays the current one until the first one in it.
            TokenKind::Keyword(Keyword::Block) => return self.begin_block(),
            TokenKind::Keyword(Keyword::Break) => self.jump(Node::Break, "break", "{{break}}"),
            TokenKind::Keyword(Keyword::Continue) => {
                self.jump(Node::Continue, "continue", "{{continue}}")
            }
            TokenKind::Keyword(Keyword::Else) => self.otherwise(),
            TokenKind::Keyword(Keyword::End) => self.end(),
            TokenKind::Keyword(Keyword::If) => return self.begin_branch(BranchKind::If, false),
            TokenKind::Keyword(Keyword::Range) => {
                return self.begin_branch(BranchKind::Range, false);
            }
            TokenKind::Keyword(Keyword::Template) => self.template(),
            TokenKind::Keyword(Keyword::With) => return self.begin_branch(BranchKind::With, false),
            _ => {
                self.give_back(token);
                let pipe = self.pipeline("command", TokenKind::RightDelim)?;
                self.push(Node::Action(pipe));
                Ok(())
            }
        }?;
        self.scope().action_line = None;
        Ok(())
    }

    fn jump(&mut self, node: Node, word: &'static str, context: &'static str) -> Parsed<()> {
        self.expect(TokenKind::RightDelim, context)?;
        if self.scope().ranges == 0 {
            return Err(ParseFault::OutsideRange(word));
        }
        self.push(node);
        Ok(())
    }

    fn begin_define(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        self.scopes.push(Scope::new());
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        self.open.push(Open::Define { name });
        self.lists.push(Vec::new());
        Ok(())
    }

    fn begin_block(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "block clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        self.open.push(Open::Block { pos: token.pos, name, pipe });
        self.scopes.push(Scope::new());
        self.lists.push(Vec::new());
        Ok(())
    }

    fn template(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "template clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let after = self.next_word();
        let mut pipe = None;
        if after.kind != TokenKind::RightDelim {
            self.give_back(after);
            pipe = Some(self.pipeline(CONTEXT, TokenKind::RightDelim)?);
        }
        self.push(Node::Template { pos: token.pos, name, pipe });
        Ok(())
    }

    fn template_name(&mut self, token: Token<'t>, context: &'static str) -> Parsed<String> {
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(token, context));
        }
        let name = unquote(token.text).ok_or(ParseFault::InvalidSyntax)?;
        // Names are only compared with each other, and shown.
        Ok(String::from_utf8(name)
            .unwrap_or_else(|e| e.as_bytes().iter().map(|b| char::from(*b)).collect()))
    }

    fn begin_branch(&mut self, kind: BranchKind, chained: bool) -> Parsed<()> {
        let variables = self.scope().variables.len();
        let context = match kind {
            BranchKind::If => "if",
            BranchKind::Range => "range",
            BranchKind::With => "with",
        };
        let pipe = self.pipeline(context, TokenKind::RightDelim)?;
        if kind == BranchKind::Range {
            self.scope().ranges += 1;
        }
        self.open.push(Open::Branch(OpenBranch { kind, pipe, list: None, variables, chained }));
        self.lists.push(Vec::new());
        Ok(())
    }

    fn otherwise(&mut self) -> Parsed<()> {
        let next = self.peek_word();
        let chain = match next.kind {
            TokenKind::Keyword(Keyword::If) => Some(BranchKind::If),
            TokenKind::Keyword(Keyword::With) => Some(BranchKind::With),
            _ => {
                self.expect(TokenKind::RightDelim, "else")?;
                None
            }
        };
        let list = match self.open.last() {
            None => return Err(ParseFault::UnexpectedControl("{{else}}")),
            Some(Open::Branch(branch)) if branch.list.is_some() => {
                return Err(ParseFault::ExpectedEnd);
            }
            Some(Open::Branch(_)) => self.close_list(),
            Some(open) => {
                let context = open.context();
                return Err(ParseFault::Unexpected { found: "{{else}}".to_owned(), context });
            }
        };
        self.lists.push(Vec::new());
        let Some(Open::Branch(branch)) = self.open.last_mut() else { return Ok(()) };
        branch.list = Some(list);
        let kind = branch.kind;
        if kind == BranchKind::Range {
            self.scope().ranges -= 1;
        }
        self.scope().action_line = None;
        match chain {
            Some(chain) if chain == kind => {
                self.next_word();
                self.begin_branch(kind, true)
            }
            // The word is left over and cannot stand in a text.
            Some(_) => {
                let token = self.next_word();
                Err(self.unexpected(token, "input"))
            }
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Parsed<()> {
        self.expect(TokenKind::RightDelim, "end")?;
        loop {
            let Some(open) = self.open.pop() else {
                return Err(ParseFault::UnexpectedControl("{{end}}"));
            };
            let list = self.close_list();
            match open {
                Open::Branch(branch) => {
                    let (list, else_list) = match branch.list {
                        Some(first) => (first, Some(list)),
                        None => (list, None),
                    };
                    let scope = self.scope();
                    scope.variables.truncate(branch.variables);
                    if branch.kind == BranchKind::Range && else_list.is_none() {
                        scope.ranges -= 1;
                    }
                    let (kind, pipe) = (branch.kind, branch.pipe);
                    self.push(Node::Branch(Branch { kind, pipe, list, else_list }));
                    if !branch.chained {
                        return Ok(());
                    }
                }
                Open::Block { pos, name, pipe } => {
                    self.scopes.pop();
                    self.define(name.clone(), list)?;
                    self.push(Node::Template { pos, name, pipe: Some(pipe) });
                    return Ok(());
                }
                Open::Define { name } => {
                    self.scopes.pop();
                    return self.define(name, list);
                }
            }
        }
    }

    /// Adds a template; one of the same name may be replaced only where it is empty.
    fn define(&mut self, name: String, body: ListId) -> Parsed<()> {
        let known = self.forest.templates.get(&name).copied();
        if known.is_some_and(|known| !self.is_empty(known)) {
            return if self.is_empty(body) {
                Ok(())
            } else {
                Err(ParseFault::MultipleDefinition(name))
            };
        }
        self.forest.templates.insert(name, body);
        Ok(())
    }

    fn is_empty(&self, list: ListId) -> bool {
        let mut nodes = self.forest.list(list).iter();
        nodes.all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
    }
}

impl Open {
    fn context(&self) -> &'static str {
        match self {
            Self::Block { .. } => "block clause",
            Self::Branch(_) => "input",
            Self::Define { .. } => "define clause",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in short: what a list holds, and the lists within it.
    fn shown(forest: &Forest, list: ListId) -> String {
        let node = |node: &Node| match node {
            Node::Action(_) => "a".to_owned(),
            Node::Branch(branch) => {
                let kind = match branch.kind {
                    BranchKind::If => "if",
                    BranchKind::Range => "range",
                    BranchKind::With => "with",
                };
                let otherwise = branch
                    .else_list
                    .map(|list| shown(forest, list))
                    .map(|list| format!(" else {list}"))
                    .unwrap_or_default();
                format!("{kind}{}{otherwise}", shown(forest, branch.list))
            }
            Node::Break => "break".to_owned(),
            Node::Continue => "continue".to_owned(),
            Node::Template { name, .. } => format!("template {name}"),
            Node::Text(text) => format!("{text:?}"),
        };
        format!("[{}]", forest.list(list).iter().map(node).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn blocks_become_a_tree() {
        let cases = [
            ("x{{.}}y", r#"["x" a "y"]"#),
            ("{{if 1}}a{{else}}b{{end}}", r#"[if["a"] else ["b"]]"#),
            ("{{if 1}}{{else if 2}}b{{else}}c{{end}}d", r#"[if[] else [if["b"] else ["c"]] "d"]"#),
            ("{{with 1}}{{else with 2}}{{end}}", "[with[] else [with[]]]"),
            (
                "{{range .}}{{if .}}{{break}}{{end}}{{continue}}{{end}}",
                "[range[if[break] continue]]",
            ),
            ("{{block \"b\" .}}x{{end}}", "[template b]"),
            ("{{define \"d\"}}x{{end}}{{template \"d\"}}", "[template d]"),
        ];
        for (text, expected) in cases {
            let forest = parse("main", text).unwrap();
            let (_, body) = forest.template("main").unwrap();
            assert_eq!(shown(&forest, body), expected, "{text}");
        }
    }

    #[test]
    fn a_template_replaces_only_an_empty_one() {
        let cases = [
            ("{{define \"a\"}} {{end}}{{define \"a\"}}x{{end}}", r#"["x"]"#),
            ("{{define \"a\"}}x{{end}}{{define \"a\"}}\n{{end}}", r#"["x"]"#),
        ];
        for (text, expected) in cases {
            let forest = parse("main", text).unwrap();
            let (_, body) = forest.template("a").unwrap();
            assert_eq!(shown(&forest, body), expected, "{text}");
        }
    }
}
