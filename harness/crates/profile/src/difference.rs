//! Two profiles side by side, function by function.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::callgrind::CallGraph;
use crate::names::short_name;

/// A function in two profiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub function: String,
    /// Instructions of its own, in the first profile and in the second.
    pub own: [u64; 2],
}

impl Changed {
    /// How many more instructions it has in the second.
    pub fn more(&self) -> i64 {
        let [first, second] = self.own.map(|it| i64::try_from(it).unwrap_or(i64::MAX));
        second - first
    }
}

/// Every function of two profiles by its [`short_name`], those that have become dearer first. Functions of one such name are
/// one: the arguments of templates change from one release to the next.
pub fn difference(first: &CallGraph, second: &CallGraph) -> Vec<Changed> {
    let mut own: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for (side, graph) in [first, second].into_iter().enumerate() {
        for function in &graph.functions {
            own.entry(short_name(&function.name)).or_default()[side] += function.own;
        }
    }
    let mut changed: Vec<Changed> = own
        .into_iter()
        .map(|(function, own)| Changed { function, own })
        .collect();
    changed.sort_by_key(|it| std::cmp::Reverse(it.more()));
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callgrind::Function;

    #[test]
    fn the_dearest_comes_first_and_the_cheapest_last() {
        let graph = |functions: &[(&str, u64)]| CallGraph {
            functions: functions
                .iter()
                .map(|(name, own)| Function {
                    name: (*name).to_owned(),
                    object: "a".to_owned(),
                    own: *own,
                })
                .collect(),
            calls: Vec::new(),
        };
        let changed = difference(
            &graph(&[("same", 5), ("gone", 7), ("more", 1)]),
            &graph(&[("same", 5), ("more", 4), ("more", 2), ("new", 9)]),
        );
        let names: Vec<_> = changed
            .iter()
            .map(|it| (&*it.function, it.more()))
            .collect();
        assert_eq!(names, [("new", 9), ("more", 5), ("same", 0), ("gone", -7)]);
    }
}
