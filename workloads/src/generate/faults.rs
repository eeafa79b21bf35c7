//! Graphs that fail: in parsing, linking, loading or evaluation, at the far end of a chain.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// The module throws while it is evaluated.
    Throw,
    /// The module throws a value that is not an error.
    ThrowValue,
    /// The module awaits a promise that is rejected.
    Reject,
    /// The module imports a name that its target does not export.
    Link,
    /// The module does not parse.
    Parse,
    /// The module has an early error: it parses, but declares a name twice.
    Early,
    /// The module imports a file that does not exist.
    Missing,
}

/// What a failing graph is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Faults {
    fault: Fault,
    modules: usize,
    bytes: usize,
}

impl Faults {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        let last = self.modules.max(2) - 1;
        for index in 0..=last {
            let mut text = format!("// Module {index} of {name}; number {last} is at fault.\n");
            if index < last {
                let next = specifier(&module_path(index), &module_path(index + 1));
                text.push_str(&format!("import {{ value as below }} from '{next}';\n"));
            }
            text.push('\n');
            text.push_str(&code::body(&mut Rng::for_module(seed, index), self.bytes));
            if index < last {
                text.push_str(&format!(
                    "\nexport const value = (total({index}) + below) | 0;\n"
                ));
            } else {
                text.push_str(self.fault());
            }
            graph.add(module_path(index), text);
        }
        // Its line must never show: what an entry does comes after all that it imports.
        let mut entry = graph.files()[ENTRY].clone();
        entry.push_str(&format!(
            "console.log('{name}: evaluated, which is wrong', value);\n"
        ));
        graph.add(ENTRY, entry);
        graph
    }

    fn fault(&self) -> &'static str {
        match self.fault {
            Fault::Throw => {
                "\nconsole.log('before');\nexport const value = total(null.length);\nconsole.log('after');\n"
            }
            Fault::ThrowValue => {
                "\nconsole.log('before');\nexport let value;\nthrow 'a plain string';\n"
            }
            Fault::Reject => {
                "\nconsole.log('before');\nexport const value = await Promise.reject(new RangeError('out of range below'));\nconsole.log('after');\n"
            }
            Fault::Link => {
                "\nexport { absentName as value } from '../entry.mjs';\nconsole.log('before');\n"
            }
            Fault::Parse => "\nconsole.log('before');\nexport const value = (1 + ;\n",
            Fault::Early => "\nconsole.log('before');\nexport const value = 1;\nlet value = 2;\n",
            Fault::Missing => {
                "\nexport { value } from './there-is-no-such-file.mjs';\nconsole.log('before');\n"
            }
        }
    }
}
