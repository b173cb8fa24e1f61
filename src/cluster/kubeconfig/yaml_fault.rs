//! Why a text is not YAML.

use granit_parser::ErrorKind;

/// Why a text is not YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct YamlFault {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    pub reason: YamlReason,
}

/// What is wrong with a text that should be YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum YamlReason {
    /// An alias without its anchor, or an anchor that contains itself.
    #[error("an alias has no anchor before it")]
    Alias,
    #[error("a bracket is missing or does not match")]
    Bracket,
    /// Nested too deeply, or too large once aliases are resolved.
    #[error("it is nested too deeply or too large")]
    Depth,
    #[error("a quoted string has an invalid escape sequence")]
    Escape,
    /// Lines that do not line up, or a colon too many.
    #[error("the indentation is inconsistent, or a ':' is out of place")]
    Indentation,
    #[error("a key is not followed by ': '")]
    Key,
    #[error("'<<' needs a mapping or a list of mappings")]
    Merge,
    /// A quote that is not closed, or text after it.
    #[error("a quote is not closed, or text follows the closing quote")]
    Quote,
    #[error("a value that begins with this character needs quotes")]
    Start,
    #[error("a tab is used for indentation")]
    Tab,
    #[error("a tag or a directive is invalid")]
    Tag,
    #[error("it is not valid YAML")]
    Other,
}

impl YamlReason {
    pub(super) fn of(kind: &ErrorKind) -> Self {
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
