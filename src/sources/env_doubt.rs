//! Values in env files that are probably not read as they are meant.

use super::dotenv::Assignment;

/// A value that is another one for shells and for other readers of env files. kubectl takes a line
/// as it is, dotenv does not expand references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnvDoubt {
    /// A blank that is part of it begins or ends it.
    Blanks,
    /// A CR that is part of it and not of a CRLF.
    CarriageReturn,
    /// A `#` that follows a blank and is part of it.
    Comment,
    /// A `#` ends it without a blank before it.
    Cut,
    /// A quote that is escaped, whose backslash is part of it.
    EscapedQuote,
    /// It is on a line after its name.
    NextLine,
    /// It seems to go on in the next line.
    Open(Opening),
    /// It is a `=` and nothing else: the rest of a base64 text that was wrapped.
    Padding,
    /// It begins with a quote, which is part of it.
    Quotes,
    /// It has a `${…}`, which is not expanded.
    Reference,
}

/// What a value begins and does not end in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A backslash at the end of the line.
    Backslash,
    Block,
    Json,
    Quote,
}

impl EnvDoubt {
    /// The doubt about a value that kubectl takes as it is.
    pub(super) fn of_literal(untrimmed: &str) -> Option<Self> {
        let has_comment = || {
            let mut marks = untrimmed.match_indices('#');
            marks.any(|(at, _)| untrimmed[..at].ends_with(char::is_whitespace))
        };
        Self::of(untrimmed).or_else(|| {
            if untrimmed.contains('\r') {
                Some(Self::CarriageReturn)
            } else if has_comment() {
                Some(Self::Comment)
            } else {
                (untrimmed.trim() != untrimmed).then_some(Self::Blanks)
            }
        })
    }

    /// The doubts about a value that dotenv reads.
    pub(super) fn of_assignment(found: &Assignment<'_>) -> Vec<Self> {
        // Which quotes stay is known better than from the text.
        let is_of_quotes =
            |doubt: &Self| matches!(doubt, Self::Quotes | Self::Open(Opening::Quote));
        let literal = if found.is_quoted() { None } else { Self::of(found.raw()) };
        let open = literal.filter(|doubt| !is_of_quotes(doubt));
        let rules = [
            (found.keeps_quote(), Self::Quotes),
            (found.is_cut(), Self::Cut),
            (found.escapes_quote(), Self::EscapedQuote),
            (found.is_on_next_line(), Self::NextLine),
            (found.has_reference(), Self::Reference),
        ];
        let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
        open.into_iter().chain(broken.map(|(_, doubt)| doubt)).collect()
    }

    fn of(value: &str) -> Option<Self> {
        let value = value.trim();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let inner = quote.map_or(value, |quote| &value[quote.len_utf8()..]);
        let begins = |opening| value.starts_with(opening) || inner.starts_with(opening);
        let opening = if begins("-----BEGIN ") && !value.contains("-----END ") {
            Some(Opening::Block)
        } else if (begins("{") || begins("[")) && !inner.contains(['}', ']']) {
            Some(Opening::Json)
        } else if quote.is_some_and(|quote| !inner.contains(quote)) {
            Some(Opening::Quote)
        } else if value.ends_with('\\') {
            Some(Opening::Backslash)
        } else {
            None
        };
        match (opening, quote) {
            (Some(opening), _) => Some(Self::Open(opening)),
            (None, Some(_)) => Some(Self::Quotes),
            (None, None) => (value == "=").then_some(Self::Padding),
        }
    }
}
