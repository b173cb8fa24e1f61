//! What a template's nodes are walked over: parts of the document, and what the template itself
//! writes.

use std::cmp::Ordering;

use super::error::ExecError;
use crate::print::document::Document;

/// A value, borrowed from the document or the template.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// `true` or `false`, written in the template.
    Bool(bool),
    /// A byte of a text that `.*` took apart: a number, for Go.
    Byte(u8),
    /// A part of the document.
    Document(&'a Document),
    /// A number with a fraction, written in the template.
    Float(f64),
    /// A whole number, written in the template. Go does not compare it with the document's
    /// numbers, which are all of the other kind.
    Int(i64),
    /// Nothing at all, not even `null`: what the body of a range over nothing is walked with,
    /// and what `null` becomes in the body of a range.
    Nothing,
    /// Text, written in the template.
    Text(&'a [u8]),
}

/// What Go's template package compares: values of one of these kinds with one another.
enum Comparable<'a> {
    Bool(bool),
    Float(f64),
    Int(i64),
    Text(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The value as a range hands it to its body.
    pub(super) fn of_range(self) -> Result<Self, ExecError> {
        match self {
            Self::Nothing => Err(ExecError::NoValue),
            Self::Document(Document::Null) => Ok(Self::Nothing),
            value => Ok(value),
        }
    }

    /// Whether this is the document's `null`, which most nodes pass by.
    pub(super) fn is_null(self) -> bool {
        matches!(self, Self::Document(Document::Null))
    }

    /// The list, if it is one.
    pub(super) fn as_list(self) -> Option<&'a [Document]> {
        if let Self::Document(Document::List(items)) = self { Some(items) } else { None }
    }

    /// The field of that name, if this is a map that has it.
    pub(super) fn field(self, name: &str) -> Option<Self> {
        match self {
            Self::Document(Document::Map(fields)) => fields.get(name).map(Self::Document),
            _ => None,
        }
    }

    /// The bytes, if it is text.
    pub(super) fn as_text(self) -> Option<&'a [u8]> {
        match self {
            Self::Document(Document::Text(text)) => Some(text.as_bytes()),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What `.*` finds in it: the elements of a list, the values of a map, the bytes of a text.
    pub(super) fn children(self) -> Box<dyn DoubleEndedIterator<Item = Self> + 'a> {
        match self {
            Self::Document(Document::List(items)) => Box::new(items.iter().map(Self::Document)),
            Self::Document(Document::Map(fields)) => Box::new(fields.values().map(Self::Document)),
            value => {
                let bytes = value.as_text().unwrap_or_default();
                Box::new(bytes.iter().map(|&byte| Self::Byte(byte)))
            }
        }
    }

    /// Go's name of the type, for messages. kubectl's own put the value there at times.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Bool(_) | Self::Document(Document::Bool(_)) => "bool",
            Self::Byte(_) => "uint8",
            Self::Document(Document::List(_)) => "[]interface {}",
            Self::Document(Document::Map(_)) => "map[string]interface {}",
            Self::Document(Document::Null) => "null",
            Self::Float(_) | Self::Document(Document::Number(_)) => "float64",
            Self::Int(_) => "int",
            Self::Nothing => "nothing",
            Self::Text(_) | Self::Document(Document::Text(_)) => "string",
        }
    }

    fn comparable(self) -> Result<Comparable<'a>, ExecError> {
        match self {
            Self::Bool(value) => Ok(Comparable::Bool(value)),
            Self::Byte(value) => Ok(Comparable::Int(value.into())),
            Self::Document(Document::Bool(value)) => Ok(Comparable::Bool(*value)),
            Self::Document(Document::Number(value)) => Ok(Comparable::Float(*value)),
            Self::Float(value) => Ok(Comparable::Float(value)),
            Self::Int(value) => Ok(Comparable::Int(value)),
            Self::Nothing => Err(ExecError::NoValue),
            _ => self.as_text().map(Comparable::Text).ok_or(ExecError::NotComparable),
        }
    }

    /// Whether `self operator other` holds.
    pub(super) fn compare(self, operator: &str, other: Self) -> Result<bool, ExecError> {
        let (left, right) = (self.comparable(), other.comparable());
        let holds: fn(Ordering) -> bool = match operator {
            "==" => Ordering::is_eq,
            "!=" => Ordering::is_ne,
            "<" => Ordering::is_lt,
            "<=" => Ordering::is_le,
            ">" => Ordering::is_gt,
            ">=" => Ordering::is_ge,
            _ => return Err(ExecError::UnrecognizedOperator(operator.to_owned())),
        };
        let ordering = match (left?, right?) {
            (Comparable::Bool(_), Comparable::Bool(_)) if !matches!(operator, "==" | "!=") => {
                return Err(ExecError::NotComparable);
            }
            (Comparable::Bool(left), Comparable::Bool(right)) => left.cmp(&right),
            // Neither JSON nor a template can write NaN.
            (Comparable::Float(left), Comparable::Float(right)) => {
                left.partial_cmp(&right).ok_or(ExecError::NotComparable)?
            }
            (Comparable::Int(left), Comparable::Int(right)) => left.cmp(&right),
            (Comparable::Text(left), Comparable::Text(right)) => left.cmp(right),
            _ => return Err(ExecError::DifferentKinds),
        };
        Ok(holds(ordering))
    }
}
