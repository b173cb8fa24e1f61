//! Why a document cannot be read.

use granit_parser::ErrorKind;

use crate::golang::json;

/// Why a document cannot be read. It holds nothing of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct Fault {
    pub(crate) line: u32,
    /// The column in characters, from 1.
    pub(crate) column: u32,
    pub(crate) reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reason {
    /// An alias without its anchor, or an anchor that contains itself.
    #[error("an alias has no anchor before it")]
    Alias,
    /// More of the document is made by aliases than go-yaml accepts.
    #[error("aliases make it too large")]
    Aliases,
    /// The tag `!!binary` at something else.
    #[error("a value tagged !!binary is not valid base64")]
    Base64,
    #[error("a bracket is missing or does not match")]
    Bracket,
    #[error("it contains a control character, which YAML does not allow")]
    Control,
    #[error("it is nested too deeply")]
    Depth,
    #[error("a quoted string has an invalid escape sequence")]
    Escape,
    /// Lines that do not line up, or a colon too many.
    #[error("the indentation is inconsistent, or a ':' is out of place")]
    Indentation,
    #[error("a key is not followed by ': '")]
    Key,
    /// A list, a map, a null or a large integer as a key.
    #[error("a key is not a string, a number or a boolean")]
    KeyType,
    #[error("'<<' needs a mapping or a list of mappings")]
    Merge,
    #[error("it is not valid UTF-8")]
    NotUtf8,
    #[error("not valid JSON: {0}")]
    Json(json::Kind),
    /// A quote that is not closed, or text after it.
    #[error("a quote is not closed, or text follows the closing quote")]
    Quote,
    /// Something after `---`, with its length in bytes.
    #[error("only a comment may follow --- ({len} bytes, not shown)")]
    Separator { len: usize },
    #[error("a value that begins with this character needs quotes")]
    Start,
    #[error("a tab is used for indentation")]
    Tab,
    #[error("a tag or a directive is invalid")]
    Tag,
    #[error("a value does not match its tag")]
    Type,
    #[error("it is UTF-16, not UTF-8")]
    Utf16,
    #[error("it is not valid YAML")]
    Other,
}

impl Reason {
    pub(crate) fn of(kind: &ErrorKind) -> Self {
        use ErrorKind as E;
        match kind {
            E::UnknownAnchor | E::AnchorCountOverflow | E::MissingAnchorOrAliasName => Self::Alias,
            E::UnexpectedEofFlowSequence
            | E::UnexpectedEofFlowMapping
            | E::UnexpectedEofImplicitFlowMapping
            | E::ExpectedFlowMappingSeparator
            | E::ExpectedFlowSequenceSeparator
            | E::MisplacedFlowCollectionEnd
            | E::MismatchedFlowCollectionEnd { .. }
            | E::UnclosedFlowCollection { .. } => Self::Bracket,
            E::RecursionLimitExceeded => Self::Depth,
            E::UnknownQuotedScalarEscape
            | E::InvalidQuotedScalarHexEscape
            | E::InvalidLowSurrogateHexEscape
            | E::InvalidLowSurrogate
            | E::MissingLowSurrogate
            | E::UnpairedLowSurrogate
            | E::InvalidUnicodeEscape => Self::Escape,
            E::ExpectedBlockMappingKey
            | E::ExpectedBlockSequenceEntry
            | E::InvalidIndentation
            | E::InvalidBlockScalarIndent
            | E::InvalidFlowScalarIndent
            | E::InvalidQuotedScalarIndent
            | E::BlockEntryInFlowCollection
            | E::BlockSequenceEntryNotAllowed
            | E::MappingKeyNotAllowed
            | E::MappingValueNotAllowed
            | E::InvalidColonPlacement
            | E::InvalidMappingValueWhitespace => Self::Indentation,
            E::SimpleKeyExpected | E::InvalidSimpleKey => Self::Key,
            E::DocumentIndicatorInQuotedScalar
            | E::UnclosedQuotedScalar
            | E::InvalidTrailingSingleQuotedScalar
            | E::InvalidTrailingDoubleQuotedScalar => Self::Quote,
            E::UnexpectedCharacter { .. } | E::PlainScalarStartsWithDashFlowIndicator => {
                Self::Start
            }
            E::TabNotAllowed
            | E::TabInBlockIndentation
            | E::TabAtBlockScalarStart
            | E::TabInIndentation
            | E::TabInPlainScalar
            | E::InvalidBlockEntryWhitespace => Self::Tab,
            E::UndeclaredTagHandle
            | E::ExpectedTagBang
            | E::ExpectedTagDirectiveBang
            | E::InvalidGlobalTagCharacter
            | E::InvalidTagTerminator
            | E::InvalidTagEscape
            | E::MissingTagUri
            | E::UnclosedVerbatimTag
            | E::UnsupportedYamlMajorVersion => Self::Tag,
            _ => Self::Other,
        }
    }
}
