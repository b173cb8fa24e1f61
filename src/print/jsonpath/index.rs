//! Indexes and slices of lists.

use super::error::ExecError;
use super::node::{End, Slice};
use super::value::Value;

/// The elements of a list that a slice takes; `None` where it has no length.
pub(super) fn elements(
    value: Value<'_>,
    slice: Slice,
) -> Result<Option<impl Iterator<Item = Value<'_>>>, ExecError> {
    let items = value.as_list().ok_or_else(|| match value {
        Value::Nothing => ExecError::NoValue,
        value => ExecError::NotAList(value.type_name()),
    })?;
    let Some((start, end)) = bounds(slice, items.len())? else {
        return Ok(None);
    };
    let step = slice.step.unwrap_or(1);
    if step <= 0 {
        return Err(ExecError::Step);
    }
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    let items = items.get(start..end).unwrap_or_default();
    Ok(Some(items.iter().step_by(step).map(Value::Document)))
}

/// From where to where in a list of that length; `None` where both are the same, in the list or
/// not.
fn bounds(slice: Slice, length: usize) -> Result<Option<(usize, usize)>, ExecError> {
    let signed = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |index: i64| if index < 0 { index + signed } else { index };
    let start = from_end(slice.start.unwrap_or(0));
    let end = match slice.end {
        // `[-1]`: what comes after the last element is the end, not the first one.
        End::Open | End::AfterStart(0) => signed,
        End::At(end) | End::AfterStart(end) => from_end(end),
    };
    if start == end {
        return Ok(None);
    }
    let within = |index: i64| usize::try_from(index).ok().filter(|index| *index <= length);
    let out_of_bounds = |index| ExecError::OutOfBounds { index, length };
    let first = within(start).filter(|start| *start < length).ok_or(out_of_bounds(start))?;
    let last = within(end).ok_or(out_of_bounds(end.wrapping_sub(1)))?;
    if first > last {
        return Err(ExecError::Backwards { start: first, end: last });
    }
    Ok(Some((first, last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_as_go_counts_them() {
        let out = |index, length| Err(ExecError::OutOfBounds { index, length });
        for (start, end, length, want) in [
            (None, End::Open, 3, Ok(Some((0, 3)))),
            (None, End::Open, 0, Ok(None)),
            (Some(1), End::AfterStart(2), 3, Ok(Some((1, 2)))),
            (Some(-1), End::AfterStart(0), 3, Ok(Some((2, 3)))),
            (Some(-3), End::AfterStart(-2), 3, Ok(Some((0, 1)))),
            (Some(3), End::AfterStart(4), 3, out(3, 3)),
            (Some(-4), End::AfterStart(-3), 3, out(-1, 3)),
            (Some(-1), End::AfterStart(0), 0, out(-1, 0)),
            (Some(9), End::At(9), 3, Ok(None)),
            (Some(1), End::At(-1), 3, Ok(Some((1, 2)))),
            (Some(0), End::At(4), 3, out(3, 3)),
            (Some(0), End::At(-9), 3, out(-7, 3)),
            (Some(2), End::At(1), 3, Err(ExecError::Backwards { start: 2, end: 1 })),
            (Some(i64::MAX), End::AfterStart(i64::MIN), 3, out(i64::MAX, 3)),
            (Some(i64::MIN), End::AfterStart(i64::MIN + 1), 3, out(i64::MIN + 3, 3)),
            (None, End::At(i64::MIN), 3, out(i64::MIN + 2, 3)),
        ] {
            assert_eq!(bounds(Slice { start, end, step: None }, length), want, "{start:?} {end:?}");
        }
    }
}
