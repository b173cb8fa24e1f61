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
enum Kind {
    Bool,
    Complex,
    Float,
    Int,
    /// Has no order and no equality.
    Other,
    Text,
    Unsigned,
}

impl Kind {
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
    let kinds = (Kind::of(a), Kind::of(b));
    let (Some(a), Some(b)) = (a, b) else { return Err(CallFault::InvalidComparison) };
    if kinds.0 == Kind::Other || kinds.1 == Kind::Other {
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
