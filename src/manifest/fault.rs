//! Why a document cannot be read. Nothing in it is from the document.

use granit_parser::ErrorKind;

use super::Place;
use crate::golang::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub place: Place,
    pub kind: FaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FaultKind {
    /// kubectl refuses aliases that make most of a document (`allowedAliasRatio` of go-yaml).
    #[error("aliases make the document too large")]
    Aliases,
    #[error("the file is not text: it contains a zero byte")]
    Binary,
    #[error("YAML does not allow the control character U+{0:04X}")]
    Control(u32),
    #[error("it nests more than {} levels", super::node::DEPTH_MAX)]
    Depth,
    #[error("not valid JSON: {0}")]
    Json(json::Kind),
    /// A key that is a list, a mapping or nothing.
    #[error("a key must be text")]
    Key,
    #[error("not UTF-8 text")]
    NotUtf8,
    #[error("text follows the document separator")]
    Separator,
    #[error("the file is UTF-16 text, which kubectl does not read")]
    Utf16,
    #[error("not valid YAML: {0}")]
    Yaml(YamlReason),
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
