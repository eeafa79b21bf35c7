//! Dependency trees: how the shape and the size of a graph bear on a load.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// The shape of a dependency tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    /// Each module imports the next.
    Chain,
    /// Each module imports `imports` modules that nobody else does.
    Tree,
    /// Rows of modules; each imports `imports` of the row below, so that most have several importers.
    Layers,
    /// The entry imports all the others.
    Fan,
    /// Diamonds on top of each other: two ways lead to every bottom.
    Diamonds,
    /// Rings of `imports` modules each; a ring's members import each other in a circle.
    Cycles,
}

/// What a dependency tree is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tree {
    shape: Shape,
    modules: usize,
    #[serde(default = "two")]
    imports: usize,
    bytes: usize,
    /// Next to no code in a module, so that it can be smaller than one declaration.
    #[serde(default)]
    bare: bool,
}

impl Tree {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let edges = self.edges(seed);
        let mut graph = Graph::default();
        for (index, requests) in edges.iter().enumerate() {
            graph.add(module_path(index), self.module(name, seed, index, requests));
        }
        graph
    }

    /// The modules that each module imports; every one can be reached from module 0, the entry.
    fn edges(&self, seed: u64) -> Vec<Vec<usize>> {
        let count = self.modules.max(1);
        let imports = self.imports.max(1);
        let mut edges = vec![Vec::new(); count];
        match self.shape {
            Shape::Chain => {
                for index in 1..count {
                    edges[index - 1].push(index);
                }
            }
            Shape::Tree => {
                for index in 1..count {
                    edges[(index - 1) / imports].push(index);
                }
            }
            Shape::Fan => edges[0].extend(1..count),
            Shape::Layers => layers(&mut edges, imports, seed),
            Shape::Diamonds => diamonds(&mut edges),
            Shape::Cycles => cycles(&mut edges, imports),
        }
        edges
    }

    fn module(&self, name: &str, seed: u64, index: usize, requests: &[usize]) -> String {
        let mut rng = Rng::for_module(seed, index);
        let mut text = format!("// Module {index} of {name}.\n");
        for &request in requests {
            let from = specifier(&module_path(index), &module_path(request));
            let binding = if self.shape == Shape::Cycles {
                "walk"
            } else {
                "value"
            };
            text.push_str(&format!(
                "import {{ {binding} as {binding}{request} }} from '{from}';\n"
            ));
        }
        text.push('\n');
        if self.bare {
            text.push_str(BARE_BODY);
        } else {
            text.push_str(&code::body(
                &mut rng,
                self.bytes.saturating_sub(text.len() + 200),
            ));
        }
        text.push('\n');
        match self.shape {
            Shape::Cycles => text.push_str(&walk(index, requests)),
            _ => text.push_str(&value(index, requests)),
        }
        if module_path(index) == ENTRY {
            let result = if self.shape == Shape::Cycles {
                "walk(16)"
            } else {
                "value"
            };
            text.push_str(&format!(
                "\nconsole.log('{name}:', {} + ' modules,', {result});\n",
                self.modules.max(1)
            ));
        }
        text
    }
}

const BARE_BODY: &str = "export function total(input) {\n  let sum = input | 0;\n  sum = (sum * 31 + 7) | 0;\n  return sum;\n}\n\nexport const api = { total };\n";

fn two() -> usize {
    2
}

fn value(index: usize, requests: &[usize]) -> String {
    let mut text = format!("let sum = total({index});\n");
    for request in requests {
        text.push_str(&format!("sum = (sum * 17 + value{request}) | 0;\n"));
    }
    text.push_str("export const value = sum;\n");
    text
}

// Inside a cycle only function declarations may be used before their module has run, so the sum is asked for late.
fn walk(index: usize, requests: &[usize]) -> String {
    let mut text =
        format!("export function walk(steps) {{\n  let sum = {index};\n  if (steps > 0) {{\n");
    for request in requests {
        text.push_str(&format!(
            "    sum = (sum * 17 + walk{request}(steps - 1)) | 0;\n"
        ));
    }
    text.push_str("  }\n  return sum;\n}\n\nexport const value = total(");
    text.push_str(&format!("{index});\n"));
    text
}

fn layers(edges: &mut [Vec<usize>], imports: usize, seed: u64) {
    let count = edges.len();
    let width = (count - 1).isqrt().max(1);
    edges[0].extend(1..=width.min(count - 1));
    let mut rng = Rng::new(seed);
    let mut top = 1;
    while top + width < count {
        let below = top + width..(top + 2 * width).min(count);
        // Every module has one sure importer; the rest is chance.
        for (offset, index) in below.clone().enumerate() {
            edges[top + offset].push(index);
        }
        for importer in &mut edges[top..top + width] {
            while importer.len() < imports.min(below.len()) {
                let index = below.start + rng.below(below.len());
                if !importer.contains(&index) {
                    importer.push(index);
                }
            }
        }
        top += width;
    }
}

fn diamonds(edges: &mut [Vec<usize>]) {
    let count = edges.len();
    let mut top = 0;
    while top + 1 < count {
        let bottom = top + 3;
        for side in top + 1..bottom.min(count) {
            edges[top].push(side);
            if bottom < count {
                edges[side].push(bottom);
            }
        }
        top = bottom;
    }
}

fn cycles(edges: &mut [Vec<usize>], ring: usize) {
    let count = edges.len();
    let mut first = 0;
    while first < count {
        let last = (first + ring).min(count) - 1;
        for (index, requests) in edges.iter_mut().enumerate().take(last).skip(first) {
            requests.push(index + 1);
        }
        if last > first {
            edges[last].push(first);
        }
        if last + 1 < count {
            edges[first].push(last + 1);
        }
        first = last + 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Shape, Tree};

    #[test]
    fn every_module_is_reached() {
        for shape in [
            Shape::Chain,
            Shape::Tree,
            Shape::Layers,
            Shape::Fan,
            Shape::Diamonds,
            Shape::Cycles,
        ] {
            for modules in [1, 2, 3, 4, 5, 17, 100] {
                let edges = Tree {
                    shape,
                    modules,
                    imports: 3,
                    bytes: 0,
                    bare: false,
                }
                .edges(1);
                let mut seen = BTreeSet::from([0]);
                let mut open = vec![0];
                while let Some(index) = open.pop() {
                    open.extend(
                        edges[index]
                            .iter()
                            .copied()
                            .filter(|&next| seen.insert(next)),
                    );
                }
                assert_eq!(seen.len(), modules, "{shape:?} of {modules}");
            }
        }
    }
}
