//! The functions of a template: Go's own, and kubectl's `base64decode` and `exists`.

use zeroize::Zeroizing;

use super::buffer::{Buffer, MAX_BYTES};
use super::compare::{self, Order};
use super::error::CallFault;
use super::escape;
use super::printf;
use super::value::{Data, List, Text, Value};
use crate::golang::base64::{self, Padding};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Base64Decode,
    Call,
    Eq,
    Exists,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    UrlQuery,
}

/// What a function wants an argument to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    /// Anything, taken out of its interface; nothing becomes nil.
    Any,
    /// The value just as it is.
    AsIs,
    Text,
}

/// Name, function, how many arguments it takes, whether it takes more.
const TABLE: [(&str, Function, usize, bool); 21] = [
    ("and", Function::And, 1, true),
    ("base64decode", Function::Base64Decode, 1, false),
    ("call", Function::Call, 1, true),
    ("eq", Function::Eq, 1, true),
    ("exists", Function::Exists, 1, true),
    ("ge", Function::Ge, 2, false),
    ("gt", Function::Gt, 2, false),
    ("html", Function::Html, 0, true),
    ("index", Function::Index, 1, true),
    ("js", Function::Js, 0, true),
    ("le", Function::Le, 2, false),
    ("len", Function::Len, 1, false),
    ("lt", Function::Lt, 2, false),
    ("ne", Function::Ne, 2, false),
    ("not", Function::Not, 1, false),
    ("or", Function::Or, 1, true),
    ("print", Function::Print, 0, true),
    ("printf", Function::Printf, 1, true),
    ("println", Function::Println, 0, true),
    ("slice", Function::Slice, 1, true),
    ("urlquery", Function::UrlQuery, 0, true),
];

impl Function {
    /// The function of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    fn row(self) -> Option<&'static (&'static str, Self, usize, bool)> {
        TABLE.iter().find(|row| row.1 == self)
    }

    pub(super) fn name(self) -> &'static str {
        self.row().map_or("", |row| row.0)
    }

    /// How many arguments it takes at least, and whether it takes more.
    pub(super) fn arity(self) -> (usize, bool) {
        self.row().map_or((0, false), |row| (row.2, row.3))
    }

    /// What it wants the argument of this number to be.
    pub(super) fn parameter(self, index: usize) -> Parameter {
        match self {
            Self::Base64Decode => Parameter::Text,
            Self::Printf if index == 0 => Parameter::Text,
            Self::Exists
            | Self::Html
            | Self::Js
            | Self::Print
            | Self::Printf
            | Self::Println
            | Self::UrlQuery => Parameter::Any,
            _ => Parameter::AsIs,
        }
    }

    /// Calls it. The number of arguments and their types have been checked; `callee` is how the
    /// template names what `call` is to call.
    pub(super) fn call<'d>(
        self,
        arguments: Vec<Value<'d>>,
        callee: impl FnOnce() -> String,
    ) -> Result<Value<'d>, CallFault> {
        let order = |wanted: fn(Order) -> bool| match arguments.as_slice() {
            [a, b] => compare::order(a.data(), b.data()).map(|o| boolean(wanted(o))),
            _ => Err(CallFault::MissingComparison),
        };
        let first = || arguments.first().cloned().unwrap_or(Value::Invalid);
        match self {
            Self::Ge => order(|o| o != Order::Less),
            Self::Gt => order(|o| o == Order::Greater),
            Self::Le => order(|o| o != Order::Greater),
            Self::Lt => order(|o| o == Order::Less),
            Self::Eq | Self::Ne => {
                let data = |value: &Value<'d>| value.data().cloned();
                let others: Vec<_> = arguments.iter().skip(1).map(data).collect();
                let equal = compare::equals_any(first().data(), &others)?;
                Ok(boolean(equal == (self == Self::Eq)))
            }
            Self::Not => Ok(boolean(!first().is_true())),
            Self::Len => length(&first()),
            Self::Index => index(first(), &arguments[1.min(arguments.len())..]),
            Self::Slice => slice(&first(), &arguments[1.min(arguments.len())..]),
            Self::Exists => Ok(boolean(exists(first(), &arguments[1.min(arguments.len())..]))),
            Self::Call => match first().data() {
                None => Err(CallFault::CallOfNil),
                Some(data) => {
                    let type_name = data.type_name();
                    Err(CallFault::NotAFunction { callee: callee(), type_name })
                }
            },
            Self::Base64Decode => match first().data() {
                Some(Data::Text(text)) => base64::decode(text.as_bytes(), Padding::Required)
                    .map(|bytes| Value::Plain(Data::text(bytes)))
                    .map_err(CallFault::Base64),
                _ => Err(CallFault::Base64(0)),
            },
            // Evaluated where their arguments are, which they need not all be.
            Self::And | Self::Or => Ok(arguments.into_iter().last().unwrap_or(Value::Invalid)),
            Self::Html => escaped(arguments, escape::html),
            Self::Js => escaped(arguments, escape::js),
            Self::UrlQuery => escaped(arguments, escape::url_query),
            Self::Print => text(|out| printf::print(&data(arguments), out)),
            Self::Println => text(|out| printf::println(&data(arguments), out)),
            Self::Printf => {
                let mut data = data(arguments);
                let first = if data.is_empty() { None } else { data.remove(0) };
                let format = match &first {
                    Some(Data::Text(format)) => format.as_bytes(),
                    _ => b"",
                };
                text(|out| printf::printf(format, &data, out))
            }
        }
    }
}

fn boolean<'d>(value: bool) -> Value<'d> {
    Value::Plain(Data::Bool(value))
}

fn data(values: Vec<Value<'_>>) -> Vec<Option<Data<'_>>> {
    values.into_iter().map(Value::into_data).collect()
}

fn text<'d>(write: impl FnOnce(&mut Buffer)) -> Result<Value<'d>, CallFault> {
    let mut out = Buffer::default();
    write(&mut out);
    let bytes: Zeroizing<Vec<u8>> = out.finish().ok_or(CallFault::TooLarge(MAX_BYTES))?;
    Ok(Value::Plain(Data::text(bytes)))
}

/// The values as text, escaped. Nothing and nil are shown as they are in a template's output.
fn escaped(values: Vec<Value<'_>>, escape: fn(&[u8], &mut Buffer)) -> Result<Value<'_>, CallFault> {
    let shown: Vec<_> = data(values)
        .into_iter()
        .map(|data| data.or(Some(Data::Text(Text::Borrowed(super::NO_VALUE)))))
        .collect();
    let mut plain = Buffer::default();
    printf::print(&shown, &mut plain);
    let plain = plain.finish().ok_or(CallFault::TooLarge(MAX_BYTES))?;
    text(|out| escape(&plain, out))
}

fn length<'d>(value: &Value<'d>) -> Result<Value<'d>, CallFault> {
    let length = match value {
        Value::Invalid => return Err(CallFault::LenOfNil),
        Value::Nil => return Err(CallFault::LenOfNilPointer),
        Value::Plain(data) | Value::Boxed(data) => match data {
            Data::Text(text) => text.as_bytes().len(),
            Data::List(list) => list.len(),
            Data::Map(fields) => fields.len(),
            other => return Err(CallFault::LenOf(other.type_name())),
        },
    };
    Ok(int(length))
}

fn int<'d>(number: usize) -> Value<'d> {
    Value::Plain(Data::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// A position within `limit`. The number itself is not part of the fault: it may be a byte of a
/// secret.
fn position(index: Option<&Data<'_>>, limit: usize) -> Result<usize, CallFault> {
    let index = index.ok_or(CallFault::IndexNil)?;
    let signed = index.as_int().ok_or(CallFault::IndexType(index.type_name()))?;
    let within = usize::try_from(signed).ok().filter(|number| *number <= limit);
    within.ok_or(CallFault::OutOfRange)
}

fn index<'d>(item: Value<'d>, indexes: &[Value<'d>]) -> Result<Value<'d>, CallFault> {
    if item.data().is_none() {
        return Err(CallFault::IndexOfNil);
    }
    let mut item = item;
    for index in indexes {
        item = match item.into_data().ok_or(CallFault::IndexOfNilPointer)? {
            Data::Text(text) => {
                let at = position(index.data(), text.as_bytes().len())?;
                let byte = text.as_bytes().get(at).ok_or(CallFault::OutOfRange)?;
                Value::Plain(Data::Byte(*byte))
            }
            Data::List(list) => {
                let at = position(index.data(), list.len())?;
                if at == list.len() {
                    return Err(CallFault::OutOfRange);
                }
                list.get(at)
            }
            Data::Map(fields) => match index.data() {
                None => return Err(CallFault::KeyNil),
                Some(Data::Text(key)) => std::str::from_utf8(key.as_bytes())
                    .ok()
                    .and_then(|key| fields.get(key))
                    .map_or(Value::Nil, Value::boxed),
                Some(other) => return Err(CallFault::KeyType(other.type_name())),
            },
            other => return Err(CallFault::IndexOf(other.type_name())),
        };
    }
    Ok(item)
}

fn slice<'d>(item: &Value<'d>, indexes: &[Value<'d>]) -> Result<Value<'d>, CallFault> {
    let data = item.data().ok_or(CallFault::SliceOfNil)?;
    if indexes.len() > 3 {
        return Err(CallFault::TooManySliceIndexes(indexes.len()));
    }
    let (len, capacity) = match data {
        Data::Text(_) if indexes.len() == 3 => return Err(CallFault::SliceText),
        Data::Text(text) => (text.as_bytes().len(), text.as_bytes().len()),
        Data::List(list) => (list.len(), list.capacity()),
        other => return Err(CallFault::SliceOf(other.type_name())),
    };
    let mut bounds = [0, len, capacity];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = match index {
            // Unlike `index`, Go does not look into an interface here.
            Value::Boxed(_) | Value::Nil => return Err(CallFault::IndexType("interface {}")),
            index => position(index.data(), capacity)?,
        };
    }
    let [from, to, end] = bounds;
    if from > to || to > end {
        return Err(CallFault::InvalidSlice);
    }
    Ok(Value::Plain(match data {
        Data::Text(Text::Borrowed(bytes)) => {
            Data::Text(Text::Borrowed(bytes.get(from..to).unwrap_or_default()))
        }
        Data::Text(text) => {
            let part = text.as_bytes().get(from..to).unwrap_or_default();
            Data::text(Zeroizing::new(part.to_vec()))
        }
        Data::List(list) => Data::List(List::window(*list, from, to, end)),
        other => other.clone(),
    }))
}

/// kubectl's `exists`: whether `index` with the same arguments would find something.
fn exists<'d>(item: Value<'d>, indexes: &[Value<'d>]) -> bool {
    // An untyped nil counts as something until it is looked into.
    if indexes.is_empty() {
        return true;
    }
    let mut item = item;
    for index in indexes {
        let Some(data) = item.into_data() else { return false };
        let index = match (&data, index) {
            // A key that is nil is the zero of its type here.
            (Data::Map(_), Value::Nil) => Value::Plain(Data::Text(Text::Borrowed(b""))),
            _ => index.clone(),
        };
        match self::index(Value::Plain(data), &[index]) {
            Ok(found) => item = found,
            Err(_) => return false,
        }
    }
    item.data().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_every_function_once() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (name, function, count, variadic) in TABLE {
            assert_eq!(Function::named(name), Some(function));
            assert_eq!(function.name(), name);
            assert_eq!(function.arity(), (count, variadic));
        }
        assert_eq!(Function::named("upper"), None);
    }

    #[test]
    fn a_position_is_within_the_limit_and_no_message_names_it() {
        let cases = [
            (Some(Data::Int(2)), Ok(2)),
            (Some(Data::Byte(0)), Ok(0)),
            (Some(Data::Int(3)), Err(CallFault::OutOfRange)),
            (Some(Data::Int(-1)), Err(CallFault::OutOfRange)),
            (Some(Data::Float(1.0)), Err(CallFault::IndexType("float64"))),
            (None, Err(CallFault::IndexNil)),
        ];
        for (index, expected) in cases {
            assert_eq!(position(index.as_ref(), 2), expected);
        }
    }
}
