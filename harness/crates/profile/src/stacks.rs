//! Stacks of a call graph, which has none: each function's cost, divided among its callers by what their calls have cost.
//!
//! That is what gprof does (S. L. Graham, P. B. Kessler, M. K. McKusick: gprof: a Call Graph Execution Profiler, 1982). It
//! takes each call of a function for one like the others. The cost of a function is exact, how it is divided is a guess.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use crate::callgrind::{Call, CallGraph};
use crate::names::short_name;

/// Stacks that cost less than this share of everything are cut: what they have is their function's.
const SMALLEST: f64 = 0.000_2;

/// Deeper stacks are cut.
const DEEPEST: usize = 120;

/// The stacks of a graph, each as `root;caller;function`, with instructions; together they are all that was counted.
pub fn stacks(graph: &CallGraph) -> Vec<(String, u64)> {
    let mut calls: HashMap<usize, Vec<&Call>> = HashMap::new();
    let mut is_called = vec![false; graph.functions.len()];
    for call in graph.calls.iter().filter(|it| it.from != it.to) {
        calls.entry(call.from).or_default().push(call);
        is_called[call.to] = true;
    }
    let total: u64 = graph.functions.iter().map(|it| it.own).sum();
    let mut walk = Walk {
        graph,
        calls,
        smallest: total as f64 * SMALLEST,
        path: Vec::new(),
        found: HashMap::new(),
        counted: vec![0.0; graph.functions.len()],
    };
    let roots = (0..graph.functions.len()).filter(|place| !is_called[*place]);
    for root in roots {
        let cost = walk.whole(root);
        walk.descend(root, cost);
    }
    // What a recursion hides, and what was divided away, stands where its function is called with the fewest callers above.
    let nearest = walk.nearest_callers(&is_called);
    for place in 0..graph.functions.len() {
        let left = graph.functions[place].own as f64 - walk.counted[place];
        if left >= 1.0 {
            let callers = std::iter::successors(Some(place), |it| nearest[*it]);
            walk.path = callers.collect();
            walk.path.reverse();
            walk.keep(left);
        }
    }
    let mut found: Vec<(String, u64)> = walk
        .found
        .into_iter()
        .map(|(path, cost)| (joined(graph, &path), cost.round() as u64))
        .filter(|(_, cost)| *cost > 0)
        .collect();
    found.sort();
    found
}

struct Walk<'a> {
    graph: &'a CallGraph,
    calls: HashMap<usize, Vec<&'a Call>>,
    smallest: f64,
    path: Vec<usize>,
    found: HashMap<Vec<usize>, f64>,
    /// Of each function's own instructions, those that are part of a stack.
    counted: Vec<f64>,
}

impl Walk<'_> {
    /// What a function and all that it calls cost.
    fn whole(&self, place: usize) -> f64 {
        let calls = self.calls.get(&place).into_iter().flatten();
        let called: u64 = calls.map(|it| it.inclusive).sum();
        (self.graph.functions[place].own + called) as f64
    }

    /// Divides `cost` among a function and what it calls.
    fn descend(&mut self, place: usize, cost: f64) {
        self.path.push(place);
        let whole = self.whole(place);
        if whole > 0.0 {
            let share = cost / whole;
            let mut own = self.graph.functions[place].own as f64 * share;
            let calls = self.calls.get(&place).cloned().unwrap_or_default();
            for call in calls {
                let cost = call.inclusive as f64 * share;
                let is_recursion = self.path.contains(&call.to);
                if is_recursion || cost < self.smallest || self.path.len() >= DEEPEST {
                    continue;
                }
                self.descend(call.to, cost);
            }
            // No more than there is: in a recursion the same instructions are part of several calls.
            let left = self.graph.functions[place].own as f64 - self.counted[place];
            own = own.min(left);
            if own > 0.0 {
                self.counted[place] += own;
                self.keep(own);
            }
        }
        self.path.pop();
    }

    /// Of each function the caller by which it is reached from a root over the fewest calls, of several the dearest; nothing
    /// of a root, and of what is only reached through itself.
    fn nearest_callers(&self, is_called: &[bool]) -> Vec<Option<usize>> {
        let mut nearest = vec![None; is_called.len()];
        let mut is_reached: Vec<bool> = is_called.iter().map(|it| !it).collect();
        let mut roots: Vec<usize> = (0..is_called.len()).filter(|it| is_reached[*it]).collect();
        roots.sort_by(|a, b| self.whole(*b).total_cmp(&self.whole(*a)));
        let mut queue = VecDeque::from(roots);
        while let Some(place) = queue.pop_front() {
            let mut calls = self.calls.get(&place).cloned().unwrap_or_default();
            calls.sort_by_key(|it| Reverse(it.inclusive));
            for call in calls {
                if !is_reached[call.to] {
                    is_reached[call.to] = true;
                    nearest[call.to] = Some(place);
                    queue.push_back(call.to);
                }
            }
        }
        nearest
    }

    fn keep(&mut self, cost: f64) {
        *self.found.entry(self.path.clone()).or_default() += cost;
    }
}

/// Names from the root to the function. A semicolon would begin another name.
fn joined(graph: &CallGraph, path: &[usize]) -> String {
    let names = path
        .iter()
        .map(|place| short_name(&graph.functions[*place].name).replace(';', ","));
    names.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callgrind::Function;

    fn graph(own: &[u64], calls: &[(usize, usize, u64)]) -> CallGraph {
        let function = |(place, own): (usize, &u64)| Function {
            name: format!("f{place}"),
            object: "a".to_owned(),
            own: *own,
        };
        let call = |(from, to, inclusive): &(usize, usize, u64)| Call {
            from: *from,
            to: *to,
            count: 1,
            inclusive: *inclusive,
        };
        CallGraph {
            functions: own.iter().enumerate().map(function).collect(),
            calls: calls.iter().map(call).collect(),
        }
    }

    fn found(graph: &CallGraph) -> Vec<(String, u64)> {
        stacks(graph)
    }

    #[test]
    fn a_functions_cost_is_divided_among_its_callers() {
        let graph = graph(
            &[10, 20, 0, 90],
            &[(0, 1, 50), (0, 2, 60), (1, 3, 30), (2, 3, 60)],
        );
        let expected = [
            ("f0", 10),
            ("f0;f1", 20),
            ("f0;f1;f3", 30),
            ("f0;f2;f3", 60),
        ];
        let expected = expected.map(|(stack, cost)| (stack.to_owned(), cost));
        assert_eq!(found(&graph), expected);
    }

    #[test]
    fn what_a_recursion_hides_stands_under_its_nearest_callers() {
        // f1 and f2 call each other, and f3 is called from there alone.
        let graph = graph(
            &[10, 20, 30, 900],
            &[(0, 1, 950), (1, 2, 930), (2, 1, 800), (2, 3, 900)],
        );
        let roots = found(&graph);
        assert!(
            roots.iter().all(|(stack, _)| stack.starts_with("f0")),
            "{roots:?}"
        );
        let total: u64 = roots.iter().map(|(_, cost)| cost).sum();
        assert_eq!(total, 960);
    }

    #[test]
    fn a_recursion_ends_and_nothing_is_lost() {
        let graph = graph(
            &[10, 40, 50],
            &[(0, 1, 90), (1, 2, 80), (2, 1, 60), (1, 1, 5)],
        );
        let total: u64 = found(&graph).iter().map(|(_, cost)| cost).sum();
        assert_eq!(total, 100);
        assert!(
            found(&graph)
                .iter()
                .all(|(stack, _)| stack.matches("f1").count() <= 1)
        );
    }
}
