//! Flame graphs, each one file that needs no server.

use std::collections::HashMap;

use inferno::differential;
use inferno::flamegraph::{self, Options};

use crate::error::Error;

/// A flame graph of stacks, as SVG.
///
/// # Errors
/// There is nothing in them.
pub fn flame_graph(title: &str, stacks: &[(String, u64)]) -> Result<Vec<u8>, Error> {
    draw(title, &lines(stacks), Options::default())
}

/// The flame graph of the second stacks, red where a function costs more than in the first ones, blue where less. Functions
/// are compared as a whole: how their cost is divided among their callers is a guess, and differs for no reason.
///
/// # Errors
/// There is nothing in them.
pub fn flame_graph_of_difference(
    title: &str,
    first: &[(String, u64)],
    second: &[(String, u64)],
) -> Result<Vec<u8>, Error> {
    let before = lines(&as_divided_in(second, first));
    let second = lines(second);
    let mut both = Vec::new();
    let options = differential::Options::default();
    differential::from_readers(options, before.as_bytes(), second.as_bytes(), &mut both)
        .map_err(wrong)?;
    draw(title, &String::from_utf8_lossy(&both), Options::default())
}

/// What the functions of `costs` cost, divided among callers as in `stacks`.
fn as_divided_in(stacks: &[(String, u64)], costs: &[(String, u64)]) -> Vec<(String, u64)> {
    let function = |stack: &str| -> String { stack.rsplit(';').next().unwrap_or(stack).to_owned() };
    let by_function = |stacks: &[(String, u64)]| {
        let mut sums: HashMap<String, u64> = HashMap::new();
        for (stack, cost) in stacks {
            *sums.entry(function(stack)).or_default() += cost;
        }
        sums
    };
    let (divided, wanted) = (by_function(stacks), by_function(costs));
    let of = |(stack, cost): &(String, u64)| {
        let name = function(stack);
        let whole = wanted.get(&name).copied().unwrap_or_default() as f64;
        let share = *cost as f64 / divided.get(&name).copied().unwrap_or(1).max(1) as f64;
        (stack.clone(), (whole * share).round() as u64)
    };
    stacks.iter().map(of).collect()
}

fn draw(title: &str, lines: &str, mut options: Options<'_>) -> Result<Vec<u8>, Error> {
    title.clone_into(&mut options.title);
    "instructions".clone_into(&mut options.count_name);
    let mut drawn = Vec::new();
    flamegraph::from_lines(&mut options, lines.lines(), &mut drawn).map_err(wrong)?;
    Ok(drawn)
}

fn lines(stacks: &[(String, u64)]) -> String {
    let lines = stacks
        .iter()
        .map(|(stack, cost)| format!("{stack} {cost}\n"));
    lines.collect()
}

fn wrong(error: impl ToString) -> Error {
    Error::Draw {
        what: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stacks(costs: [u64; 2]) -> Vec<(String, u64)> {
        let names = ["main;load", "main;load;JSC::parse<T>(int)"].map(str::to_owned);
        names.into_iter().zip(costs).collect()
    }

    #[test]
    fn names_and_costs_are_in_the_picture() {
        let drawn = String::from_utf8(flame_graph("A load", &stacks([10, 30])).unwrap()).unwrap();
        for part in [
            "<svg",
            "A load",
            "JSC::parse&lt;T&gt;(int)",
            "30 instructions",
        ] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
    }

    #[test]
    fn a_difference_has_both() {
        let [first, second] = [[10, 30], [10, 60]].map(stacks);
        let drawn = flame_graph_of_difference("A, B", &first, &second).unwrap();
        let drawn = String::from_utf8(drawn).unwrap();
        assert!(drawn.contains("60 instructions"), "{drawn}");
    }

    #[test]
    fn a_function_that_costs_the_same_is_the_same_whoever_calls_it() {
        let own = |stacks: &[(&str, u64)]| -> Vec<(String, u64)> {
            let stacks = stacks.iter();
            stacks
                .map(|(name, cost)| ((*name).to_owned(), *cost))
                .collect()
        };
        let first = own(&[("main;a;f", 10), ("main;b;f", 30), ("main;gone", 5)]);
        let second = own(&[("main;c;f", 20), ("main;d;f", 20), ("main;new", 7)]);
        assert_eq!(
            as_divided_in(&second, &first),
            own(&[("main;c;f", 20), ("main;d;f", 20), ("main;new", 0)])
        );
    }

    #[test]
    fn nothing_cannot_be_drawn() {
        assert!(flame_graph("Nothing", &[]).is_err());
    }
}
