//! The values that a template works on, as Go's reflection sees them.
//!
//! Two things of Go's show through and are kept: a value taken out of a map or a list is an
//! interface (`interface {}`) until a pipeline unwraps it, and there is a difference between no
//! value at all and a nil interface.

use std::collections::BTreeMap;
use std::rc::Rc;

use zeroize::Zeroizing;

use crate::print::document::Document;

/// A value or the lack of one.
#[derive(Clone)]
pub(super) enum Value<'d> {
    /// No value: a key that is not there.
    Invalid,
    /// An interface that holds nothing: a JSON `null`.
    Nil,
    /// A value of a known type.
    Plain(Data<'d>),
    /// A value inside an interface, as the elements of maps and lists are.
    Boxed(Data<'d>),
}

#[derive(Clone)]
pub(super) enum Data<'d> {
    Bool(bool),
    /// Go's `int`: a number of the template, an index or a length.
    Int(i64),
    /// Go's `int64`: a whole number of the document.
    Int64(i64),
    /// Go's `uint8`: a byte of a text.
    Byte(u8),
    Float(f64),
    Complex(f64, f64),
    Text(Text<'d>),
    List(List<'d>),
    Map(&'d BTreeMap<String, Document>),
}

/// A Go string: bytes that need not be UTF-8.
#[derive(Clone)]
pub(super) enum Text<'d> {
    Borrowed(&'d [u8]),
    Shared(Rc<Zeroizing<Vec<u8>>>),
}

impl Text<'_> {
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// A Go slice: a window on a list, which may be widened up to its capacity.
#[derive(Clone, Copy)]
pub(super) struct List<'d> {
    items: &'d [Document],
    start: usize,
    len: usize,
    capacity: usize,
}

impl<'d> List<'d> {
    fn new(items: &'d [Document]) -> Self {
        // Go's JSON reader appends one by one, which doubles the room.
        let capacity = if items.is_empty() { 0 } else { items.len().next_power_of_two() };
        Self { items, start: 0, len: items.len(), capacity }
    }

    pub(super) fn len(self) -> usize {
        self.len
    }

    /// How far it can be widened.
    pub(super) fn capacity(self) -> usize {
        self.capacity
    }

    /// The element; room that was never filled holds nil.
    pub(super) fn get(self, index: usize) -> Value<'d> {
        self.items.get(self.start.saturating_add(index)).map_or(Value::Nil, Value::boxed)
    }

    /// The window from `from` to `to`, with room up to `capacity`. The caller has checked that
    /// `from <= to <= capacity <= self.capacity`.
    pub(super) fn window(self, from: usize, to: usize, capacity: usize) -> Self {
        Self {
            items: self.items,
            start: self.start.saturating_add(from),
            len: to.saturating_sub(from),
            capacity: capacity.saturating_sub(from),
        }
    }
}

impl<'d> Data<'d> {
    pub(super) fn text(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self::Text(Text::Shared(Rc::new(bytes)))
    }

    /// The value of a part of the document; `None` for `null`.
    pub(super) fn of(document: &'d Document) -> Option<Self> {
        Some(match document {
            Document::Null => return None,
            Document::Bool(value) => Self::Bool(*value),
            Document::Number(value) => Self::number(*value),
            Document::Text(text) => Self::Text(Text::Borrowed(text.as_bytes())),
            Document::List(items) => Self::List(List::new(items)),
            Document::Map(fields) => Self::Map(fields),
        })
    }

    /// kubectl's JSON reader keeps a number that is written without fraction and exponent as an
    /// `int64` where it fits, and Go's writer writes whole numbers so.
    fn number(value: f64) -> Self {
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        // Checked: it is whole and within the range.
        #[allow(clippy::cast_possible_truncation)]
        if value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value) {
            return Self::Int64(value as i64);
        }
        Self::Float(value)
    }

    /// The name of the type in Go.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::Text(_) => "string",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
        }
    }

    /// Whether it is anything but the zero of its type, or empty.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Int64(value) => *value != 0,
            Self::Byte(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Self::Text(text) => !text.as_bytes().is_empty(),
            Self::List(list) => list.len() > 0,
            Self::Map(fields) => !fields.is_empty(),
        }
    }

    /// A whole number of any kind.
    pub(super) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Int64(value) => Some(*value),
            Self::Byte(value) => Some(i64::from(*value)),
            _ => None,
        }
    }
}

impl<'d> Value<'d> {
    /// An element of a map or a list.
    pub(super) fn boxed(document: &'d Document) -> Self {
        Data::of(document).map_or(Self::Nil, Self::Boxed)
    }

    pub(super) fn root(document: &'d Document) -> Self {
        Data::of(document).map_or(Self::Invalid, Self::Plain)
    }

    /// What is inside, an interface or not.
    pub(super) fn data(&self) -> Option<&Data<'d>> {
        match self {
            Self::Plain(data) | Self::Boxed(data) => Some(data),
            Self::Invalid | Self::Nil => None,
        }
    }

    /// The same as `data`, taken out.
    pub(super) fn into_data(self) -> Option<Data<'d>> {
        match self {
            Self::Plain(data) | Self::Boxed(data) => Some(data),
            Self::Invalid | Self::Nil => None,
        }
    }

    /// The value inside an interface, as a pipeline hands it on.
    pub(super) fn unboxed(self) -> Self {
        self.into_data().map_or(Self::Invalid, Self::Plain)
    }

    /// The name of the static type in Go; none without a value.
    pub(super) fn type_name(&self) -> Option<&'static str> {
        match self {
            Self::Invalid => None,
            Self::Nil | Self::Boxed(_) => Some("interface {}"),
            Self::Plain(data) => Some(data.type_name()),
        }
    }

    /// Truth, as `if` sees it.
    pub(super) fn is_true(&self) -> bool {
        self.data().is_some_and(Data::is_true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_type_that_kubectl_reads_them_as() {
        let cases = [
            (3.0, "int64"),
            (-0.0, "int64"),
            (1.5, "float64"),
            (9_223_372_036_854_774_784.0, "int64"),
            (9_223_372_036_854_775_808.0, "float64"),
            (-9_223_372_036_854_775_808.0, "int64"),
            (1e30, "float64"),
        ];
        for (number, expected) in cases {
            assert_eq!(Data::number(number).type_name(), expected, "{number}");
        }
    }

    #[test]
    fn a_window_can_be_widened_to_the_capacity() {
        let items = [Document::Bool(true), Document::Bool(false), Document::Null];
        let list = List::new(&items);
        assert_eq!((list.len(), list.capacity()), (3, 4));
        let window = list.window(1, 4, 4);
        assert_eq!((window.len(), window.capacity()), (3, 3));
        assert!(matches!(window.get(0), Value::Boxed(Data::Bool(false))));
        assert!(matches!(window.get(1), Value::Nil));
        assert!(matches!(window.get(2), Value::Nil));
    }
}
