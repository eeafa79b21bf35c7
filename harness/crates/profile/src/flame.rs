//! Flame graphs, each one file that needs no server.

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

/// The flame graph of the second stacks, red where they cost more than the first, blue where less.
///
/// # Errors
/// There is nothing in them.
pub fn flame_graph_of_difference(
    title: &str,
    first: &[(String, u64)],
    second: &[(String, u64)],
) -> Result<Vec<u8>, Error> {
    let [first, second] = [first, second].map(lines);
    let mut both = Vec::new();
    let options = differential::Options::default();
    differential::from_readers(options, first.as_bytes(), second.as_bytes(), &mut both)
        .map_err(wrong)?;
    draw(title, &String::from_utf8_lossy(&both), Options::default())
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
    fn nothing_cannot_be_drawn() {
        assert!(flame_graph("Nothing", &[]).is_err());
    }
}
