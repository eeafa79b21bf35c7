//! Top-level await: ladders of modules of which some turn asynchronous and hold up those above them.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a ladder is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Awaits {
    /// Rungs of two modules, each of which imports both of the rung below.
    rungs: usize,
    /// Modules whose number this divides await; 1 for all.
    every: usize,
    bytes: usize,
}

impl Awaits {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        let last = self.rungs * 2;
        for index in 1..=last {
            graph.add(module_path(index), self.module(seed, index, last));
        }
        graph.add("order.mjs", "// The order in which modules finish, kept in a module of its own that never waits.\nexport const order = [];\n");
        let mut entry = String::from("import { order } from './order.mjs';\n");
        for index in 1..=last.min(2) {
            let from = specifier(ENTRY, &module_path(index));
            entry.push_str(&format!(
                "import {{ value as value{index} }} from '{from}';\n"
            ));
        }
        entry.push_str(&format!(
            "
const early = order.length;
const slow = await new Promise((resolve) => setTimeout(resolve, 0, 'timer'));

let digest = 7;
for (const index of order) {{
  digest = (digest * 31 + index) | 0;
}}
console.log('{name}:', early, 'done,', digest, slow, (value1 + value2) | 0);
console.log(order.slice(0, 12).join(' '));
"
        ));
        graph.add(ENTRY, entry);
        graph
    }

    fn module(&self, seed: u64, index: usize, last: usize) -> String {
        let mut rng = Rng::for_module(seed, index);
        let here = module_path(index);
        let mut text = format!(
            "import {{ order }} from '{}';\n",
            specifier(&here, "order.mjs")
        );
        let below: Vec<usize> = ((index - 1) / 2 * 2 + 3..=last).take(2).collect();
        for request in &below {
            let from = specifier(&here, &module_path(*request));
            text.push_str(&format!(
                "import {{ value as value{request} }} from '{from}';\n"
            ));
        }
        text.push('\n');
        text.push_str(&code::body(&mut rng, self.bytes));
        text.push_str(&format!("\nlet sum = total({index});\n"));
        for request in &below {
            text.push_str(&format!("sum = (sum * 17 + value{request}) | 0;\n"));
        }
        if index.is_multiple_of(self.every.max(1)) {
            let wait = rng.pick(WAITS);
            text.push_str(wait);
        }
        text.push_str(&format!(
            "order.push({index});\nexport const value = sum;\n"
        ));
        text
    }
}

/// Ways to wait; how many turns of the job queue each takes is fixed by the standard.
const WAITS: &[&str] = &[
    "sum = await sum;\n",
    "sum = (sum + (await Promise.resolve(3))) | 0;\n",
    "await null;\nawait null;\n",
    "for await (const part of [1, Promise.resolve(2)]) {\n  sum = (sum + part) | 0;\n}\n",
    "await { then: (resolve) => resolve(sum) };\n",
    "try {\n  await Promise.reject(new Error('caught here'));\n} catch (error) {\n  sum = (sum + error.message.length) | 0;\n}\n",
];
