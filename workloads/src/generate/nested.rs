//! Functions and classes inside each other, each form of them in a module of its own: what an encoder keeps of a
//! function must not hold all that is inside it once more for every way to call it.

use serde::Deserialize;

use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};

/// How deep a graph is nested, and how wide.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nested {
    /// Levels of functions.
    depth: usize,
    /// Functions beside the nested one at each level, in the module that is wide.
    width: usize,
    /// Levels of that module.
    wide_depth: usize,
}

/// One way to nest: what stands before and behind the inner part, and how a program gets inside.
struct Form {
    before: &'static str,
    behind: &'static str,
    inside: &'static str,
}

const FORMS: &[Form] = &[
    Form {
        before: "function () { return ",
        behind: "; }",
        inside: "at()",
    },
    Form {
        before: "() => ",
        behind: "",
        inside: "at()",
    },
    Form {
        before: "function (given) { function inner() { return given; } return inner() ?? ",
        behind: "; }",
        inside: "at()",
    },
    Form {
        before: "class { inner() { return ",
        behind: "; } }",
        inside: "new at().inner()",
    },
    Form {
        before: "class { constructor() { this.inner = ",
        behind: "; } }",
        inside: "new at().inner",
    },
    Form {
        before: "class { inner = ",
        behind: "; }",
        inside: "new at().inner",
    },
    Form {
        before: "function* () { yield ",
        behind: "; }",
        inside: "at().next().value",
    },
];

impl Nested {
    pub(crate) fn generate(&self, name: &str) -> Graph {
        let mut graph = Graph::default();
        let mut parts: Vec<String> = FORMS.iter().map(|form| self.form(form)).collect();
        parts.push(self.wide());
        let mut entry = String::new();
        for (part, text) in parts.into_iter().enumerate() {
            let path = module_path(part + 1);
            let from = specifier(ENTRY, &path);
            entry.push_str(&format!(
                "import {{ outer as outer{part}, inside as inside{part} }} from '{from}';\n"
            ));
            graph.add(path, text);
        }
        let all: Vec<String> = (0..=FORMS.len())
            .map(|part| format!("[outer{part}, inside{part}]"))
            .collect();
        entry.push_str(&format!(
            "
function depth([outer, inside]) {{
  let levels = 0;
  let at = outer;
  for (; typeof at === 'function'; at = inside(at)) {{
    levels += 1;
  }}
  return `${{levels}} ${{at}}`;
}}
console.log('{name}:', [{}].map(depth).join());
",
            all.join(", ")
        ));
        graph.add(ENTRY, entry);
        graph
    }

    fn form(&self, form: &Form) -> String {
        format!(
            "export const outer = {}'core'{};\nexport const inside = (at) => {};\n",
            form.before.repeat(self.depth),
            form.behind.repeat(self.depth),
            form.inside
        )
    }

    /// Each level has other functions, too, so that the bytes are not all in the depth.
    fn wide(&self) -> String {
        let mut text = String::from("export const outer = ");
        for level in 0..self.wide_depth {
            text.push_str("function () {\n");
            for index in 0..self.width {
                text.push_str(&format!(
                    "  const side{index} = function (input) {{ return input * {level} + {index}; }};\n"
                ));
            }
            text.push_str("  return ");
        }
        text.push_str("'core'");
        text.push_str(&";\n}".repeat(self.wide_depth));
        text.push_str(";\nexport const inside = (at) => at();\n");
        text
    }
}
