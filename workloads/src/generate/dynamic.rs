//! Dynamic imports: parts of a graph that arrive later, twice, at once, under computed names, or not at all.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a mix of dynamic imports is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dynamic {
    /// Modules that the entry imports dynamically, each of which has a static and, every third, a dynamic import.
    groups: usize,
    bytes: usize,
}

impl Dynamic {
    /// Module numbers: group `g` has its head at `2g + 1` and its tail at `2g + 2`.
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        for group in 0..self.groups {
            graph.add(module_path(2 * group + 1), self.head(seed, group));
            graph.add(module_path(2 * group + 2), self.tail(seed, group));
        }
        graph.add(
            "faulty/throws.mjs",
            "console.log('throws');\nthrow new TypeError('on purpose');\n",
        );
        graph.add("faulty/unparsable.mjs", "export default class {\n");
        graph.add(
            "faulty/unlinkable.mjs",
            "import { nothing } from './throws.mjs';\nconsole.log(nothing);\n",
        );
        graph.add(ENTRY, self.entry(name));
        graph
    }

    fn entry(&self, name: &str) -> String {
        let mut text = String::from("const loaders = [\n");
        for group in 0..self.groups {
            text.push_str(&format!(
                "  () => import('{}'),\n",
                specifier(ENTRY, &module_path(2 * group + 1))
            ));
        }
        text.push_str("];\n");
        text.push_str(&format!(
            "
async function attempt(path) {{
  try {{
    await import(path);
    return 'loaded';
  }} catch (error) {{
    return error.name;
  }}
}}

const half = loaders.length >> 1;
let sum = 0;
for (const load of loaders.slice(0, half)) {{
  const {{ value }} = await load();
  sum = (sum * 31 + value) | 0;
}}
const together = await Promise.all(loaders.map((load) => load()));
for (const part of together) {{
  sum = (sum * 31 + (await part.more())) | 0;
}}
const again = await Promise.all(loaders.map((load) => load()));

console.log('{name}:', sum, again.every((part, index) => part === together[index]));
for (const kind of ['throws', 'throws', 'unparsable', 'unlinkable', 'absent']) {{
  const outcome = await attempt(`./faulty/${{kind}}.mjs`);
  console.log(kind, kind === 'absent' ? outcome !== 'loaded' : outcome);
}}
"
        ));
        text
    }

    fn head(&self, seed: u64, group: usize) -> String {
        let here = module_path(2 * group + 1);
        let tail = specifier(&here, &module_path(2 * group + 2));
        let mut text = format!("import {{ value as below }} from '{tail}';\n\n");
        text.push_str(&code::body(
            &mut Rng::for_module(seed, 2 * group + 1),
            self.bytes,
        ));
        text.push_str("\nexport const value = (total(1) + below) | 0;\n\n");
        if group.is_multiple_of(3) && group + 1 < self.groups {
            let next = specifier(&here, &module_path(2 * group + 3));
            text.push_str(&format!(
                "export async function more() {{\n  const next = await import('{next}');\n  return (next.value ^ value) | 0;\n}}\n"
            ));
        } else {
            text.push_str("export const more = async () => total(value & 255);\n");
        }
        text
    }

    fn tail(&self, seed: u64, group: usize) -> String {
        let mut text = code::body(&mut Rng::for_module(seed, 2 * group + 2), self.bytes);
        text.push_str(&format!("\nexport const value = total({group});\n"));
        text
    }
}
