//! Namespaces as values: enumerated, passed on, re-exported under names, and reached through several modules.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a namespace-heavy graph is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Namespaces {
    modules: usize,
    names: usize,
    bytes: usize,
}

impl Namespaces {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        for index in 1..=self.modules {
            graph.add(module_path(index), self.module(seed, index));
        }
        graph.add(ENTRY, self.entry(name));
        graph
    }

    fn entry(&self, name: &str) -> String {
        let first = specifier(ENTRY, &module_path(1));
        format!(
            "import * as top from '{first}';

// Walks every namespace that another one exports, each once; the standard fixes the order of the keys.
function walk(namespace, seen = new Map()) {{
  if (seen.has(namespace)) {{
    return seen;
  }}
  const keys = Reflect.ownKeys(namespace).filter((key) => typeof key === 'string');
  seen.set(namespace, keys);
  for (const key of keys) {{
    const value = namespace[key];
    if (value !== null && typeof value === 'object' && value[Symbol.toStringTag] === 'Module') {{
      walk(value, seen);
    }}
  }}
  return seen;
}}

const seen = walk(top);
let digest = 0;
for (const [namespace, keys] of seen) {{
  const copy = {{ ...namespace }};
  digest = (digest * 31 + keys.join().length + Object.keys(copy).length) | 0;
  for (const key of keys) {{
    const {{ writable, enumerable, configurable }} = Object.getOwnPropertyDescriptor(namespace, key);
    digest = (digest * 3 + (writable ? 1 : 0) + (enumerable ? 2 : 0) + (configurable ? 4 : 0)) | 0;
  }}
}}
console.log('{name}:', seen.size, 'namespaces,', digest, top.sum(5), Object.prototype.toString.call(top));
"
        )
    }

    fn module(&self, seed: u64, index: usize) -> String {
        let mut rng = Rng::for_module(seed, index);
        let here = module_path(index);
        let next =
            |offset: usize| specifier(&here, &module_path((index - 1 + offset) % self.modules + 1));
        let (one, two) = (next(1), next(1 + rng.below(self.modules)));
        let mut text =
            format!("import * as next from '{one}';\nexport * as beyond from '{two}';\n");
        text.push_str(&format!(
            "import * as self from './{}';\n\n",
            file_name(&here)
        ));
        text.push_str(&code::body(&mut rng, self.bytes));
        for name in 0..self.names {
            text.push_str(&format!(
                "export let slot{}x{name} = {};\n",
                index,
                rng.below(1000)
            ));
        }
        text.push_str(
            "
export function sum(depth) {
  let sum = 0;
  for (const key of Object.keys(self)) {
    if (typeof self[key] === 'number') {
      sum = (sum + self[key]) | 0;
    }
  }
  return depth > 0 ? (sum * 7 + next.sum(depth - 1)) | 0 : sum;
}

export { next, self };
",
        );
        text
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
