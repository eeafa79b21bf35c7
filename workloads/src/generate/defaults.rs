//! Every form of default export, told apart by the name and the kind of what it exports.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a graph of default exports is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    /// Modules; they take the forms in turn.
    modules: usize,
    bytes: usize,
}

impl Defaults {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        let mut imports = String::new();
        let mut names = Vec::new();
        for index in 1..=self.modules {
            let mut text = code::body(&mut Rng::for_module(seed, index), self.bytes);
            text.push_str(FORMS[(index - 1) % FORMS.len()]);
            let path = module_path(index);
            imports.push_str(&format!(
                "import value{index} from '{}';\n",
                specifier(ENTRY, &path)
            ));
            names.push(format!("value{index}"));
            graph.add(path, text);
        }
        graph.add("again.mjs", "export default function again() {}\n");
        graph.add(
            ENTRY,
            format!(
                "{imports}
const describe = (value) =>
  typeof value === 'function' ? `${{value.name}}/${{value.length}}/${{'prototype' in value}}` : `${{typeof value}} ${{String(value?.name ?? value)}}`;

const values = [{}];
console.log('{name}:', values.length, 'default exports');
console.log(values.slice(0, {}).map(describe).join('; '));
",
                names.join(", "),
                FORMS.len()
            ),
        );
        graph
    }
}

const FORMS: &[&str] = &[
    "\nexport default function named(left, right) {\n  return left + right;\n}\n",
    "\nexport default function (left) {\n  return total(left);\n}\n",
    "\nexport default function* () {\n  yield total(1);\n}\n",
    "\nexport default async function later() {\n  return total(2);\n}\n",
    "\nexport default async function* () {\n  yield await total(3);\n}\n",
    "\nexport default class Named {\n  constructor(a, b, c) {\n    this.parts = [a, b, c];\n  }\n}\n",
    "\nexport default class {\n  method() {\n    return total(4);\n  }\n}\n",
    "\nexport default class {\n  static name = 'own name';\n}\n",
    "\nexport default (left, ...rest) => left + rest.length;\n",
    "\nexport default (function () {\n  return total(5);\n});\n",
    "\nexport default (class {});\n",
    "\nexport default async () => total(6);\n",
    "\nexport default { name: 'object', total };\n",
    "\nexport default [1, 2, 3];\n",
    "\nexport default 40 + 2;\n",
    "\nexport default `text ${1 + 1}`;\n",
    "\nexport default null;\n",
    "\nconst local = 'through a list';\nexport { local as default };\n",
    "\nlet changing = 'before';\nexport { changing as default };\nchanging = 'after';\n",
    "\nlet copied = 'before';\nexport default copied;\ncopied = 'after';\n",
    "\nexport { api as default };\n",
    "\nexport { default } from '../again.mjs';\n",
];
