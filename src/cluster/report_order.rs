//! The order in which reports are told: as asked for a handful of targets, as they come for many.

use std::collections::{BTreeMap, HashMap};

use super::report::Report;

/// Up to so many targets are reported in the order asked. The reports of more would fill the memory
/// while the first is waited for.
const IN_ORDER_MAX: usize = 100;

/// The number of a context, and of a target in it.
pub(super) type Position = (usize, usize);

/// Reports that wait for those before them.
pub(super) struct ReportOrder {
    next: Position,
    /// How many targets a context has, of those that are not passed yet.
    sizes: HashMap<usize, usize>,
    waiting: BTreeMap<Position, Report>,
    /// How many targets each context has as long as nothing else is known.
    expected: usize,
    pub(super) done: usize,
    pub(super) total: usize,
}

impl ReportOrder {
    pub(super) fn new(contexts: usize, expected: usize) -> Self {
        let (sizes, waiting) = (HashMap::new(), BTreeMap::new());
        let total = contexts.saturating_mul(expected);
        Self { next: (0, 0), sizes, waiting, expected, done: 0, total }
    }

    fn is_in_order(&self) -> bool {
        self.total <= IN_ORDER_MAX
    }

    /// A context is now known to have so many targets.
    pub(super) fn resize(&mut self, context: usize, targets: usize) {
        self.total = self.total - self.expected + targets;
        if self.is_in_order() {
            self.sizes.insert(context, targets);
        }
    }

    pub(super) fn add(&mut self, position: Position, report: Report) {
        self.done += 1;
        self.waiting.insert(position, report);
    }

    /// The next report that is due.
    pub(super) fn pop(&mut self) -> Option<Report> {
        if !self.is_in_order() {
            return self.waiting.pop_first().map(|(_, report)| report);
        }
        loop {
            if let Some(report) = self.waiting.remove(&self.next) {
                self.next.1 += 1;
                return Some(report);
            }
            let (context, told) = self.next;
            if self.sizes.get(&context) != Some(&told) {
                return None;
            }
            self.sizes.remove(&context);
            self.next = (context + 1, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::error::ClusterError;
    use crate::cluster::report::Target;

    fn report(number: usize) -> Report {
        Report {
            order: number,
            target: Target { context: None, namespace: None },
            route: None,
            warnings: Vec::new(),
            notes: Vec::new(),
            result: Err(ClusterError::Moving),
        }
    }

    /// The numbers of the reports that are told after each of these positions has its report.
    fn told(
        mut order: ReportOrder,
        sizes: &[(usize, usize)],
        came: &[Position],
    ) -> Vec<Vec<usize>> {
        for (context, targets) in sizes {
            order.resize(*context, *targets);
        }
        let told = came.iter().enumerate().map(|(number, position)| {
            order.add(*position, report(number));
            std::iter::from_fn(|| order.pop()).map(|report| report.order).collect()
        });
        told.collect()
    }

    /// The sizes of contexts, the positions of reports as they come, and what is told after each.
    type Row<'a> = (&'a [(usize, usize)], &'a [Position], &'a [&'a [usize]]);

    #[test]
    fn a_few_are_told_in_the_order_asked() {
        let two = [(0, 2), (1, 1)];
        let rows: [Row<'_>; 4] = [
            (&two, &[(0, 0), (0, 1), (1, 0)], &[&[0], &[1], &[2]]),
            (&two, &[(1, 0), (0, 1), (0, 0)], &[&[], &[], &[2, 1, 0]]),
            // As long as it is not known how many the first context has, the second one waits.
            (&two[1..], &[(0, 0), (1, 0)], &[&[0], &[]]),
            (&[(0, 0), (1, 1)], &[(1, 0)], &[&[0]]),
        ];
        for (sizes, came, wanted) in rows {
            assert_eq!(told(ReportOrder::new(2, 1), sizes, came), wanted, "{sizes:?} {came:?}");
        }
    }

    #[test]
    fn many_are_told_as_they_come() {
        let came = [(1, 0), (0, 99), (0, 0)];
        let wanted = [[0], [1], [2]];
        assert_eq!(told(ReportOrder::new(101, 1), &[], &came), wanted);
        assert_eq!(told(ReportOrder::new(2, 1), &[(0, 100), (1, 1)], &came), wanted);
    }

    #[test]
    fn what_waits_is_told_once_there_are_many() {
        let mut order = ReportOrder::new(2, 1);
        order.add((1, 0), report(0));
        assert!(order.pop().is_none());
        order.resize(0, 100);
        assert_eq!(order.pop().map(|report| report.order), Some(0));
        assert_eq!((order.done, order.total), (1, 101));
    }
}
