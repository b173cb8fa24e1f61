//! Go's rules for comparing values: nearly no type with another one.

use super::error::CallFault;
use super::value::Data;

/// How two values stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Greater,
    Less,
}

/// What Go counts as one kind of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BasicKind {
    Bool,
    Complex,
    Float,
    Int,
    /// Has no order and no equality.
    Other,
    Text,
    Unsigned,
}

impl BasicKind {
    fn of(data: Option<&Data<'_>>) -> Self {
        match data {
            Some(Data::Bool(_)) => Self::Bool,
            Some(Data::Complex(..)) => Self::Complex,
            Some(Data::Float(_)) => Self::Float,
            Some(Data::Int(_) | Data::Int64(_)) => Self::Int,
            Some(Data::Text(_)) => Self::Text,
            Some(Data::Byte(_)) => Self::Unsigned,
            Some(Data::List(_) | Data::Map(_)) | None => Self::Other,
        }
    }
}

/// `eq`: whether the value equals one of the others.
pub(super) fn equals_any(
    value: Option<&Data<'_>>,
    others: &[Option<Data<'_>>],
) -> Result<bool, CallFault> {
    if others.is_empty() {
        return Err(CallFault::MissingComparison);
    }
    for other in others {
        if equals(value, other.as_ref())? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[allow(clippy::float_cmp, reason = "Go compares floating-point numbers exactly")]
fn equals(a: Option<&Data<'_>>, b: Option<&Data<'_>>) -> Result<bool, CallFault> {
    let (Some(a), Some(b)) = (a, b) else {
        return Ok(a.is_none() && b.is_none());
    };
    match (a, b) {
        (Data::Bool(a), Data::Bool(b)) => Ok(a == b),
        (Data::Complex(a, b), Data::Complex(c, d)) => Ok(a == c && b == d),
        (Data::Float(a), Data::Float(b)) => Ok(a == b),
        (Data::Text(a), Data::Text(b)) => Ok(a.as_bytes() == b.as_bytes()),
        (Data::List(_), Data::List(_)) | (Data::Map(_), Data::Map(_)) => {
            Err(CallFault::NotComparable(b.type_name()))
        }
        (Data::List(_), Data::Map(_)) | (Data::Map(_), Data::List(_)) => {
            Err(CallFault::NotComparableTypes(a.type_name(), b.type_name()))
        }
        _ => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => Ok(a == b),
            _ => Err(CallFault::Incompatible(a.type_name(), b.type_name())),
        },
    }
}

/// `lt` and its kin: which value is the smaller one.
pub(super) fn order(a: Option<&Data<'_>>, b: Option<&Data<'_>>) -> Result<Order, CallFault> {
    let kinds = (BasicKind::of(a), BasicKind::of(b));
    let (Some(a), Some(b)) = (a, b) else { return Err(CallFault::InvalidComparison) };
    if kinds.0 == BasicKind::Other || kinds.1 == BasicKind::Other {
        return Err(CallFault::InvalidComparison);
    }
    let ordering = match (a, b) {
        (Data::Float(a), Data::Float(b)) => a.partial_cmp(b),
        (Data::Text(a), Data::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
        _ => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ if kinds.0 == kinds.1 => return Err(CallFault::InvalidComparison),
            _ => return Err(CallFault::Incompatible(a.type_name(), b.type_name())),
        },
    };
    Ok(match ordering {
        Some(std::cmp::Ordering::Less) => Order::Less,
        Some(std::cmp::Ordering::Equal) => Order::Equal,
        Some(std::cmp::Ordering::Greater) | None => Order::Greater,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::go_template::value::Text;

    fn text(text: &str) -> Data<'_> {
        Data::Text(Text::Borrowed(text.as_bytes()))
    }

    #[test]
    fn equality_knows_only_its_own_kind() {
        use CallFault::Incompatible;
        let cases = [
            (Some(text("a")), Some(text("a")), Ok(true)),
            (Some(text("a")), Some(text("b")), Ok(false)),
            (Some(Data::Int(3)), Some(Data::Int64(3)), Ok(true)),
            (Some(Data::Byte(97)), Some(Data::Int(97)), Ok(true)),
            (Some(Data::Int(-1)), Some(Data::Byte(255)), Ok(false)),
            (Some(Data::Float(3.0)), Some(Data::Int(3)), Err(Incompatible("float64", "int"))),
            (Some(text("3")), Some(Data::Int(3)), Err(Incompatible("string", "int"))),
            (Some(text("a")), None, Ok(false)),
            (None, None, Ok(true)),
        ];
        for (a, b, expected) in cases {
            let shown = format!("{expected:?}");
            assert_eq!(equals_any(a.as_ref(), &[b]), expected, "{shown}");
        }
        assert_eq!(equals_any(None, &[]), Err(CallFault::MissingComparison));
    }

    #[test]
    fn order_is_there_for_numbers_and_texts() {
        use CallFault::{Incompatible, InvalidComparison};
        let cases = [
            (Some(Data::Int(1)), Some(Data::Int64(2)), Ok(Order::Less)),
            (Some(Data::Byte(2)), Some(Data::Int(-1)), Ok(Order::Greater)),
            (Some(Data::Float(1.5)), Some(Data::Float(1.5)), Ok(Order::Equal)),
            (Some(text("b")), Some(text("a")), Ok(Order::Greater)),
            (Some(Data::Bool(true)), Some(Data::Bool(false)), Err(InvalidComparison)),
            (Some(Data::Complex(1.0, 0.0)), Some(Data::Complex(1.0, 0.0)), Err(InvalidComparison)),
            (Some(text("a")), Some(Data::Int(1)), Err(Incompatible("string", "int"))),
            (None, Some(Data::Int(1)), Err(InvalidComparison)),
            (Some(Data::Int(1)), None, Err(InvalidComparison)),
        ];
        for (a, b, expected) in cases {
            let shown = format!("{expected:?}");
            assert_eq!(order(a.as_ref(), b.as_ref()), expected, "{shown}");
        }
    }
}
