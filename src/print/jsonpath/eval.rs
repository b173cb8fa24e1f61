//! Walks a template over a document.
//!
//! A step is walked node by node: each node takes the list of values that the node before it left
//! and leaves another list. `range` and `end` are nodes too, so a loop is not a tree: a step that
//! contains `range` leaves the values to loop over, and the steps after it are run once for each of
//! them, up to the step that contains `end`. `Walker::run` keeps a `Block` for each loop under
//! way on a stack of its own.
//!
//! The order of the steps, the counters of `range` and `end` and what a failing node leaves behind
//! are those of k8s.io/client-go/util/jsonpath, because templates can see them: a filter without
//! operator asks only whether something was left, even by a failure.

use super::error::ExecError;
use super::index::elements;
use super::node::{Filter, Node, Slice};
use super::value::Value;
use crate::print::document::Document;

/// How many values a template may touch. kubectl has no limit and takes all memory there is; a
/// Secret of the largest size comes to a few thousand.
pub(super) const MAX_VALUES: usize = 1 << 24;

/// The values of each step, in the order in which they are printed. No more than `limit` are
/// touched on the way.
pub(super) fn evaluate<'a>(
    steps: &'a [Node],
    document: &'a Document,
    allow_missing_keys: bool,
    limit: usize,
) -> Result<Vec<Vec<Value<'a>>>, ExecError> {
    let state = Walker { allow_missing_keys, begun: 0, inside: 0, ended: 0, left: limit };
    state.run(steps, document)
}

/// A node that failed, and whether kubectl's function returned values beside the error.
struct FailedNode {
    error: ExecError,
    leaves_values: bool,
}

impl From<ExecError> for FailedNode {
    fn from(error: ExecError) -> Self {
        Self { error, leaves_values: false }
    }
}

struct Walker {
    allow_missing_keys: bool,
    /// `range` seen, its loop not begun.
    begun: usize,
    /// Loops around the current step.
    inside: usize,
    /// `end` seen, its block not left.
    ended: usize,
    /// Values that may still be touched.
    left: usize,
}

/// The steps of a template or of a range's body, walked with one value.
struct Block<'a> {
    value: Value<'a>,
    at: usize,
    /// The range at that step, while its body runs.
    range: Option<Range<'a>>,
    /// Whether the results are thrown away: in a range over nothing.
    silent: bool,
}

struct Range<'a> {
    values: std::vec::IntoIter<Value<'a>>,
    /// Whether there are no values: the body still runs once, so that its `end` is found.
    over_nothing: bool,
}

impl Walker {
    /// Ranges are kept on a stack of our own, so that no nesting of them is too deep.
    fn run<'a>(
        mut self,
        steps: &'a [Node],
        document: &'a Document,
    ) -> Result<Vec<Vec<Value<'a>>>, ExecError> {
        let value = match document {
            Document::Null => Value::Nothing,
            _ => Value::Document(document),
        };
        let mut blocks = vec![Block { value, at: 0, range: None, silent: false }];
        let mut last_end = None;
        let mut results = Vec::new();
        while let Some(block) = blocks.last_mut() {
            self.touch(1)?;
            if let Some(range) = &mut block.range {
                let next = match range.values.next() {
                    Some(value) => Some((value.of_range()?, block.silent)),
                    None => {
                        std::mem::take(&mut range.over_nothing).then_some((Value::Nothing, true))
                    }
                };
                let at = block.at + 1;
                if let Some((value, silent)) = next {
                    blocks.push(Block { value, at, range: None, silent });
                } else {
                    block.range = None;
                    self.inside -= 1;
                    // On behind the last `end` that was met, if that is not before the range.
                    block.at = last_end.filter(|end| *end >= at).map_or(at, |end| end + 1);
                }
                continue;
            }
            let Some(step) = steps.get(block.at) else {
                blocks.pop();
                continue;
            };
            let values = self.walk(vec![block.value], step).map_err(|fault| fault.error)?;
            if self.ended > 0 && self.ended <= self.inside {
                self.ended -= 1;
                last_end = Some(block.at);
                blocks.pop();
            } else if self.begun > 0 {
                self.begun -= 1;
                self.inside += 1;
                block.range =
                    Some(Range { over_nothing: values.is_empty(), values: values.into_iter() });
            } else {
                if !block.silent {
                    results.push(values);
                }
                block.at += 1;
            }
        }
        Ok(results)
    }

    /// The values that `node` makes of `input`.
    fn walk<'a>(
        &mut self,
        input: Vec<Value<'a>>,
        node: &'a Node,
    ) -> Result<Vec<Value<'a>>, FailedNode> {
        let output = match node {
            Node::Array(slice) => self.array(&input, *slice)?,
            Node::Bool(value) => vec![Value::Bool(*value); input.len()],
            Node::Field(name) => self.field(&input, name)?,
            Node::Filter(filter) => self.filter(&input, filter)?,
            Node::Float(value) => vec![Value::Float(*value); input.len()],
            Node::Identifier(name) => self.identifier(input, name)?,
            Node::Int(value) => vec![Value::Int(*value); input.len()],
            Node::List(nodes) => self.list(input, nodes)?,
            Node::Recursive => self.recursive(input)?,
            Node::Text(text) => vec![Value::Text(text)],
            Node::Union(parts) => self.union(&input, parts)?,
            Node::Wildcard => self.wildcard(&input)?,
        };
        self.touch(output.len())?;
        Ok(output)
    }

    fn list<'a>(
        &mut self,
        input: Vec<Value<'a>>,
        nodes: &'a [Node],
    ) -> Result<Vec<Value<'a>>, FailedNode> {
        nodes.iter().try_fold(input, |values, node| self.walk(values, node))
    }

    fn field<'a>(&self, input: &[Value<'a>], name: &str) -> Result<Vec<Value<'a>>, ExecError> {
        let found: Vec<_> = input.iter().filter_map(|value| value.field(name)).collect();
        if found.is_empty() && !input.is_empty() && !self.allow_missing_keys {
            return Err(ExecError::NotFound(name.to_owned()));
        }
        Ok(found)
    }

    fn identifier<'a>(
        &mut self,
        input: Vec<Value<'a>>,
        name: &str,
    ) -> Result<Vec<Value<'a>>, FailedNode> {
        match name {
            "range" => {
                self.begun += 1;
                Ok(input)
            }
            "end" if self.inside > 0 => {
                self.ended += 1;
                Ok(Vec::new())
            }
            "end" => Err(ExecError::NothingToEnd.into()),
            _ => Err(FailedNode {
                error: ExecError::UnrecognizedIdentifier(name.to_owned()),
                leaves_values: !input.is_empty(),
            }),
        }
    }

    fn union<'a>(
        &mut self,
        input: &[Value<'a>],
        parts: &'a [Vec<Node>],
    ) -> Result<Vec<Value<'a>>, FailedNode> {
        let mut found = Vec::new();
        for part in parts {
            self.touch(input.len())?;
            let values = self.list(input.to_vec(), part);
            let leaves_values = !input.is_empty();
            found.extend(values.map_err(|fault| FailedNode { leaves_values, ..fault })?);
        }
        Ok(found)
    }

    /// Everything below the values that itself holds something: maps, lists and texts that are
    /// not empty. A text counts because Go can walk its bytes.
    fn recursive<'a>(&mut self, mut input: Vec<Value<'a>>) -> Result<Vec<Value<'a>>, ExecError> {
        input.reverse();
        let mut found = Vec::new();
        while let Some(value) = input.pop() {
            self.touch(1)?;
            if value.as_text().is_some_and(|text| !text.is_empty()) {
                found.push(value);
            } else if value.as_text().is_none() {
                let above = input.len();
                input.extend(value.children().rev());
                if input.len() > above {
                    found.push(value);
                }
            }
        }
        Ok(found)
    }

    fn wildcard<'a>(&mut self, input: &[Value<'a>]) -> Result<Vec<Value<'a>>, ExecError> {
        let mut found = Vec::new();
        for value in input {
            let before = found.len();
            found.extend(value.children());
            self.touch(found.len() - before)?;
        }
        Ok(found)
    }

    fn array<'a>(
        &mut self,
        input: &[Value<'a>],
        slice: Slice,
    ) -> Result<Vec<Value<'a>>, FailedNode> {
        let mut found = Vec::new();
        for value in input.iter().filter(|value| !value.is_null()) {
            let items = elements(*value, slice);
            let Some(items) = items.map_err(|error| FailedNode { error, leaves_values: true })?
            else {
                // As in kubectl, a slice of no length ends the walk over the values.
                break;
            };
            let before = found.len();
            found.extend(items);
            self.touch(found.len() - before)?;
        }
        Ok(found)
    }

    fn filter<'a>(
        &mut self,
        input: &[Value<'a>],
        filter: &'a Filter,
    ) -> Result<Vec<Value<'a>>, FailedNode> {
        let mut found = Vec::new();
        for value in input {
            let items = value.as_list().ok_or_else(|| FailedNode {
                error: ExecError::NotFilterable(value.type_name()),
                leaves_values: true,
            })?;
            for item in items {
                self.touch(1)?;
                let item = Value::Document(item);
                let passes = match &filter.comparison {
                    None => self.leaves_values(item, &filter.left)?,
                    Some((operator, right)) => {
                        // Only kubectl's comparison itself returns what has passed so far.
                        let fault = |error, leaves_values| FailedNode { error, leaves_values };
                        let left = self.side(item, &filter.left).map_err(|e| fault(e, true))?;
                        let Some(left) = left else { continue };
                        let right = self.side(item, right).map_err(|e| fault(e, true))?;
                        let Some(right) = right else { continue };
                        left.compare(operator, right).map_err(|e| fault(e, !found.is_empty()))?
                    }
                };
                if passes {
                    found.push(item);
                }
            }
        }
        Ok(found)
    }

    /// Whether a filter without operator lets `item` pass.
    fn leaves_values<'a>(&mut self, item: Value<'a>, nodes: &'a [Node]) -> Result<bool, ExecError> {
        match self.list(vec![item], nodes) {
            Ok(values) => Ok(!values.is_empty()),
            // kubectl crashes, or would not end.
            Err(FailedNode {
                error: error @ (ExecError::NoValue | ExecError::TooManyValues),
                ..
            }) => Err(error),
            Err(fault) => Ok(fault.leaves_values),
        }
    }

    /// The value on one side of an operator, if there is one.
    fn side<'a>(
        &mut self,
        item: Value<'a>,
        nodes: &'a [Node],
    ) -> Result<Option<Value<'a>>, ExecError> {
        match self.list(vec![item], nodes).map_err(|fault| fault.error)?.as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(*value)),
            _ => Err(ExecError::SeveralValues),
        }
    }

    fn touch(&mut self, values: usize) -> Result<(), ExecError> {
        self.left = self.left.checked_sub(values).ok_or(ExecError::TooManyValues)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use zeroize::Zeroizing;

    use super::*;
    use crate::print::jsonpath::parse::parse;

    #[test]
    fn templates_without_measure_come_to_an_end() {
        let union = |key: &str| format!("[{}]", vec![format!("'{key}'"); 100].join(","));
        let text = Document::Text(Zeroizing::new("text".to_owned()));
        let one = Document::Map(BTreeMap::from([("one".to_owned(), text)]));
        let list = Document::List((0..100).map(|_| Document::Null).collect());
        let document =
            Document::Map(BTreeMap::from([("pair".to_owned(), one), ("list".to_owned(), list)]));
        for template in [
            format!("{{{}{}}}", union("pair"), union("one")),
            format!("{{.pair{}.*}}", union("one")).repeat(20),
            format!("{{range {}}}", union("pair")).repeat(90),
            format!("{{{}[*]}}", union("list")),
            format!("{{{}[?(@)]}}", union("list")),
            "{range .list[*]}{end}".repeat(90),
            "{range .nope}{..}{end}".repeat(2_000),
        ] {
            let steps = parse(&template, 0).unwrap();
            let got = evaluate(&steps, &document, true, 5_000).map(|_| ());
            assert_eq!(got, Err(ExecError::TooManyValues), "{template}");
        }
    }

    #[test]
    fn nested_ranges_take_no_stack() {
        let deep = "{range @}".repeat(50_000) + "x" + &"{end}".repeat(50_000);
        let steps = parse(&deep, 0).unwrap();
        assert_eq!(evaluate(&steps, &Document::Bool(true), true, MAX_VALUES).unwrap().len(), 1);
        // Without an `end`, what follows a range runs once more behind it.
        let steps = parse(&("{range @}".repeat(10) + "x"), 0).unwrap();
        assert_eq!(evaluate(&steps, &Document::Bool(true), true, 50_000).unwrap().len(), 1 << 10);
    }
}
