//! Names that are not plain ASCII identifiers: string export names, Unicode identifiers, escapes, and names that
//! mean something elsewhere in the language.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a graph of unusual names is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    kind: Kind,
    modules: usize,
    bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Export names written as strings.
    Strings,
    /// Identifiers beyond ASCII, some written with escapes.
    Unicode,
}

impl Names {
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
            "import * as all from '{first}';

// Code units, so that the line itself stays ASCII and no terminal can change it.
const spell = (name) => [...name].map((letter) => letter.codePointAt(0).toString(16)).join('.');
const names = Object.keys(all);
let sum = 0;
for (const name of names) {{
  sum = (sum * 31 + name.length + all[name]) | 0;
}}
console.log('{name}:', names.length, sum);
console.log(names.map(spell).join(' '));
"
        )
    }

    fn module(&self, seed: u64, index: usize) -> String {
        let mut rng = Rng::for_module(seed, index);
        let mut text = String::new();
        let next =
            (index < self.modules).then(|| specifier(&module_path(index), &module_path(index + 1)));
        let body = code::body(&mut rng, self.bytes);
        text.push_str(
            &body
                .replace("export function total", "function total")
                .replace("export const api", "const api"),
        );
        text.push('\n');
        match self.kind {
            Kind::Strings => strings(&mut text, &mut rng, index, next.as_deref()),
            Kind::Unicode => unicode(&mut text, &mut rng, index, next.as_deref()),
        }
        text
    }
}

const STRINGS: &[&str] = &[
    "",
    " ",
    "two words",
    "a-b",
    "1",
    "01",
    "default",
    "__proto__",
    "constructor",
    "\\u{1F600}",
    "\\n",
    "caf\\u00e9",
    "await",
    "let",
    "*",
    "*namespace*",
    "\\0",
    "a\\u0301",
];

fn strings(text: &mut String, rng: &mut Rng, index: usize, next: Option<&str>) {
    // Each module gives every name a number of its own, so that the names' values tell through which list they came.
    for (slot, name) in STRINGS.iter().enumerate() {
        text.push_str(&format!(
            "let local{slot} = total({});\nexport {{ local{slot} as \"{name}\" }};\n",
            rng.below(100) + index
        ));
    }
    if let Some(next) = next {
        text.push_str(&format!(
            "import {{ \"two words\" as twoWords, \"\" as nothing }} from '{next}';\n"
        ));
        text.push_str(&format!(
            "export {{ \"a-b\" as \"a-b of {}\", \"__proto__\" as \"proto {}\" }} from '{next}';\n",
            index + 1,
            index + 1
        ));
        text.push_str("local0 = (local0 + twoWords + nothing) | 0;\n");
    }
}

const LETTERS: &[&str] = &[
    "π", "été", "变量", "имя", "𝒳", "ᢆ", "ª", "$", "_", "ñandú", "ℼ", "א",
];

fn unicode(text: &mut String, rng: &mut Rng, index: usize, next: Option<&str>) {
    for name in LETTERS {
        text.push_str(&format!(
            "export let {name}{index} = total({});\n",
            rng.below(100)
        ));
    }
    text.push_str(&format!("export let \\u{{70}}lain{index} = π{index} ^ 1;\nexport const lon\\u0067{index} = été{index};\n"));
    if let Some(next) = next {
        text.push_str(&format!("import {{ 变量{0} as 下一个, \\u{{70}}lain{0} as ordinary }} from '{next}';\nexport * from '{next}';\n", index + 1));
        text.push_str(&format!(
            "变量{index} = (变量{index} + 下一个 + ordinary) | 0;\n"
        ));
    }
}
