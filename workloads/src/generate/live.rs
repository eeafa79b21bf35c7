//! Live bindings in cycles, and what happens to who reads one too early.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What rings of live bindings are made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Live {
    /// Modules in the ring.
    modules: usize,
    bytes: usize,
}

impl Live {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        let count = self.modules.max(2);
        for index in 1..=count {
            graph.add(module_path(index), self.module(seed, index, count));
        }
        graph.add("log.mjs", "export const log = [];\n");
        let first = specifier(ENTRY, &module_path(1));
        graph.add(
            ENTRY,
            format!(
                "import {{ log }} from './log.mjs';
import * as ring from '{first}';

const before = ring.count;
ring.spread(3);
const after = ring.count;
console.log('{name}:', before, after, ring.total(1));
console.log(log.join(' '));
"
            ),
        );
        graph
    }

    fn module(&self, seed: u64, index: usize, count: usize) -> String {
        let here = module_path(index);
        let next = specifier(&here, &module_path(index % count + 1));
        let log = specifier(&here, "log.mjs");
        let mut text = format!(
            "import {{ log }} from '{log}';
import {{ count as nextCount, fixed as nextFixed, early as nextEarly, spread as nextSpread, Marker as NextMarker }} from '{next}';

"
        );
        text.push_str(&code::body(&mut Rng::for_module(seed, index), self.bytes));
        // A let, a const and a class are in their dead zone until their module has run; a var and a function are not.
        text.push_str(&format!(
            "
function probe(read) {{
  try {{
    return typeof read();
  }} catch (error) {{
    return error.name;
  }}
}}

log.push([{index}, probe(() => nextCount), probe(() => nextFixed), probe(() => NextMarker), probe(() => nextEarly), probe(() => nextSpread)].join(':'));

export let count = {index};
export const fixed = count * 2;
export class Marker {{
  static index = {index};
}}
export var early = 'set';

export function spread(steps) {{
  count += steps;
  if (steps > 0) {{
    nextSpread(steps - 1);
    count += nextCount;
  }}
}}
"
        ));
        text
    }
}
