//! Star exports: names that no module spells out, so that linking has to find them.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    /// One index over all the others.
    Wide,
    /// Each module re-exports the next one whole.
    Chain,
    /// Rows of two; each re-exports both of the row below: one binding by many ways is not ambiguous.
    Diamonds,
    /// One index over modules of which neighbours define a name in common: ambiguous, so absent.
    Conflicts,
    /// A ring: each re-exports the next one whole, the last one the first.
    Cycle,
}

/// What a graph of star exports is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stars {
    shape: Shape,
    /// Modules beside the entry.
    modules: usize,
    /// Names that each module defines itself.
    names: usize,
    #[serde(default)]
    bytes: usize,
}

impl Stars {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        for index in 1..=self.modules {
            graph.add(module_path(index), self.module(seed, index));
        }
        graph.add(ENTRY, self.entry(name));
        graph
    }

    fn entry(&self, name: &str) -> String {
        let hub = specifier(ENTRY, &module_path(1));
        // The last module's first name is the one that takes the longest way.
        let far = export_name(self.modules, 0);
        format!(
            "import * as all from '{hub}';
import {{ {far} as far }} from '{hub}';

let letters = 0;
let sum = 0;
for (const name of Object.keys(all)) {{
  letters += name.length;
  sum = (sum * 31 + all[name](3)) | 0;
}}
console.log('{name}:', Object.keys(all).length + ' names,', letters, sum, far === all.{far});
console.log('shared' in all, 'shared1' in all, 'default' in all);
"
        )
    }

    fn module(&self, seed: u64, index: usize) -> String {
        let here = module_path(index);
        let mut text = String::new();
        for star in self.stars(index) {
            text.push_str(&format!(
                "export * from '{}';\n",
                specifier(&here, &module_path(star))
            ));
        }
        let hub = index == 1 && matches!(self.shape, Shape::Wide | Shape::Conflicts);
        if !hub || self.modules == 1 {
            text.push_str(&self.definitions(seed, index));
        }
        text
    }

    fn stars(&self, index: usize) -> Vec<usize> {
        let last = self.modules;
        match self.shape {
            Shape::Wide | Shape::Conflicts if index == 1 => (2..=last).collect(),
            Shape::Wide | Shape::Conflicts => Vec::new(),
            Shape::Chain => (index + 1..=last).take(1).collect(),
            Shape::Cycle => vec![index % last + 1],
            // Rows are 1, then 2 and 3, then 4 and 5, and so on.
            Shape::Diamonds => {
                let below = if index == 1 { 2 } else { (index / 2 + 1) * 2 };
                (below..=last).take(2).collect()
            }
        }
    }

    fn definitions(&self, seed: u64, index: usize) -> String {
        let mut rng = Rng::for_module(seed, index);
        let mut text = String::new();
        if self.bytes > 0 {
            // A body's own exports would clash across the modules, which is the other shape's subject.
            let body = code::body(&mut rng, self.bytes.saturating_sub(90 * self.names));
            text.push_str(
                &body
                    .replace("export function total", "function total")
                    .replace("export const api", "const api"),
            );
        }
        for name in 0..self.names {
            let (factor, offset) = (rng.below(50) + 1, rng.below(1000));
            let name = export_name(index, name);
            text.push_str(&format!("\nexport function {name}(input) {{\n  return (input * {factor} + {offset}) | 0;\n}}\n"));
        }
        if self.shape == Shape::Conflicts {
            // `shared` comes from everywhere, `sharedN` from two neighbours: each is ambiguous one star further up.
            text.push_str("\nexport const shared = () => 0;\n");
            text.push_str(&format!(
                "export const shared{} = () => {index};\n",
                index / 2
            ));
        }
        text
    }
}

fn export_name(module: usize, name: usize) -> String {
    format!("item{module}x{name}")
}
