//! Code at the edges of what encoders count with small numbers: deep nesting, long lists, many of everything.

use serde::Deserialize;

use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};

/// How much of everything a graph of limits has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// Levels of nested functions, blocks and literals.
    depth: usize,
    /// Functions, variables, cases, parameters and exports.
    width: usize,
}

impl Limits {
    pub(crate) fn generate(&self, name: &str) -> Graph {
        let parts = [
            self.nested_functions(),
            self.nested_literals(),
            self.many_functions(),
            self.many_cases(),
            self.many_variables(),
            self.long_expression(),
        ];
        let mut graph = Graph::default();
        let mut entry = String::new();
        for (part, text) in parts.into_iter().enumerate() {
            let path = module_path(part + 1);
            let from = specifier(ENTRY, &path);
            entry.push_str(&format!(
                "import {{ result as result{part} }} from '{from}';\n"
            ));
            graph.add(path, text);
        }
        entry.push_str(&format!(
            "\nconsole.log('{name}:', result0, result1, result2, result3, result4, result5);\n"
        ));
        graph.add(ENTRY, entry);
        graph
    }

    /// Each function closes over the variables of all those around it.
    fn nested_functions(&self) -> String {
        let mut text = String::from("export const result = (() => {\n  let sum = 0;\n");
        for level in 0..self.depth {
            text.push_str(&format!(
                "const level{level} = (input{level}) => {{\n  let own{level} = input{level} + 1;\n"
            ));
        }
        for level in 0..self.depth {
            text.push_str(&format!("  sum += own{level};\n"));
        }
        for level in (0..self.depth).rev() {
            text.push_str(&format!("}};\nlevel{level}({level});\n"));
        }
        text.push_str("return sum;\n})();\n");
        text
    }

    fn nested_literals(&self) -> String {
        format!(
            "const nested = {}'core'{};
let depth = 0;
for (let at = nested; Array.isArray(at); at = at[0].next) {{
  depth += 1;
}}
export const result = depth;
",
            "[{ next: ".repeat(self.depth),
            " }]".repeat(self.depth)
        )
    }

    fn many_functions(&self) -> String {
        let mut text = String::new();
        for index in 0..self.width {
            text.push_str(&format!(
                "export function part{index}(input) {{\n  return (input + {index}) | 0;\n}}\n"
            ));
        }
        text.push_str("let sum = 0;\n");
        for index in (0..self.width).step_by(50) {
            text.push_str(&format!("sum = part{index}(sum);\n"));
        }
        text.push_str("export const result = sum;\n");
        text
    }

    fn many_cases(&self) -> String {
        let mut text = String::from("function choose(input) {\n  switch (input) {\n");
        for index in 0..self.width {
            text.push_str(&format!("    case {index}:\n      return {};\n", index * 3));
            text.push_str(&format!(
                "    case 'name {index}':\n      return 'text {index}';\n"
            ));
        }
        text.push_str("    default:\n      return -1;\n  }\n}\n");
        let last = self.width.saturating_sub(1);
        text.push_str(&format!(
            "export const result = [choose({last}), choose('name {last}'), choose(null)].join('/');\n"
        ));
        text
    }

    fn many_variables(&self) -> String {
        let names: Vec<String> = (0..self.width).map(|index| format!("v{index}")).collect();
        let list = names.join(", ");
        format!(
            "function gather({list}) {{
  const kept = () => [{list}];
  return kept().length + v0;
}}
const {{ {list} }} = Object.fromEntries(Array.from({{ length: {} }}, (_, index) => [`v${{index}}`, index + 1]));
export const result = gather({list});
",
            self.width
        )
    }

    fn long_expression(&self) -> String {
        let terms: Vec<String> = (0..self.width * 2)
            .map(|index| format!("f({index})"))
            .collect();
        format!(
            "const f = (input) => input & 3;\nexport const result = {} + {}1{};\n",
            terms.join(" + "),
            "(".repeat(self.depth),
            ")".repeat(self.depth)
        )
    }
}
