//! Import attributes: JSON modules, attributes on re-exports, one file with and without, and types that are not valid.

use serde::Deserialize;

use super::code;
use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a graph of JSON modules is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attributes {
    /// JSON documents; each has a module that imports it and one that re-exports it.
    documents: usize,
    /// Bytes of a document, about.
    bytes: usize,
}

impl Attributes {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        for document in 0..self.documents {
            let mut rng = Rng::for_module(seed, document);
            graph.add(document_path(document), json(&mut rng, self.bytes));
            graph.add(module_path(2 * document + 1), reader(&mut rng, document));
            graph.add(module_path(2 * document + 2), reexporter(document));
        }
        // An array literal is both a JSON text and a module: with the attribute it has a default export, without none.
        graph.add("data/either.mjs", "[1, 2, 3]\n");
        graph.add("data/broken.json", "{ \"open\": [1, 2 }\n");
        graph.add(
            "faulty/unknown-type.mjs",
            "import value from '../data/either.mjs' with { type: 'sundial' };\n",
        );
        graph.add(
            "faulty/unknown-key.mjs",
            "import value from '../data/either.mjs' with { colour: 'red' };\n",
        );
        graph.add(
            "faulty/twice.mjs",
            "import value from '../data/either.mjs' with { type: 'json', type: 'json' };\n",
        );
        graph.add(
            "faulty/broken.mjs",
            "import value from '../data/broken.json' with { type: 'json' };\n",
        );
        graph.add(
            "faulty/named.mjs",
            "import { open } from '../data/either.mjs' with { type: 'json' };\n",
        );
        graph.add(ENTRY, self.entry(name));
        graph
    }

    fn entry(&self, name: &str) -> String {
        let mut text = String::new();
        for document in 0..self.documents {
            let reader = specifier(ENTRY, &module_path(2 * document + 1));
            let reexporter = specifier(ENTRY, &module_path(2 * document + 2));
            text.push_str(&format!(
                "import {{ sum as sum{document}, data as data{document} }} from '{reader}';\n"
            ));
            text.push_str(&format!(
                "import {{ document{document}, again as again{document} }} from '{reexporter}';\n"
            ));
        }
        text.push_str("\nlet sum = 0;\nlet same = true;\n");
        for document in 0..self.documents {
            text.push_str(&format!(
                "sum = (sum * 31 + sum{document}) | 0;\nsame &&= data{document} === document{document} && data{document} === again{document};\n"
            ));
        }
        text.push_str(&format!(
            "
async function attempt(specifier, options) {{
  try {{
    const namespace = await import(specifier, options);
    return Object.keys(namespace).join() || 'no exports';
  }} catch (error) {{
    return error instanceof Error ? error.name : typeof error;
  }}
}}

console.log('{name}:', sum, same);
console.log('with:', await attempt('./data/either.mjs', {{ with: {{ type: 'json' }} }}));
for (const fault of ['unknown-key', 'twice', 'broken', 'named']) {{
  console.log(`${{fault}}:`, await attempt(`./faulty/${{fault}}.mjs`));
}}
console.log('unknown-type:', (await attempt('./faulty/unknown-type.mjs')) !== 'no exports');
"
        ));
        text
    }
}

fn document_path(document: usize) -> String {
    format!("data/document-{document}.json")
}

fn reader(rng: &mut Rng, document: usize) -> String {
    let from = specifier(&module_path(2 * document + 1), &document_path(document));
    format!(
        "import data from '{from}' with {{ type: 'json' }};

{}
export const sum = data.rows.reduce((sum, row) => (sum * 7 + row.weight + row.tags.length) | 0, total({document}));
export {{ data }};
",
        code::body(rng, 600)
    )
}

fn reexporter(document: usize) -> String {
    let from = specifier(&module_path(2 * document + 2), &document_path(document));
    format!(
        "export {{ default as document{document} }} from '{from}' with {{ type: 'json' }};
import * as whole from '{from}' with {{ type: \"json\", }};

export const again = whole.default;
export const names = Object.keys(whole);
"
    )
}

fn json(rng: &mut Rng, bytes: usize) -> String {
    let mut text = String::from(
        "{\n  \"title\": \"r\\u00e9sum\\u00e9 \\ud83d\\ude00 \\\"quoted\\\"\",\n  \"rows\": [\n",
    );
    let mut id = 0;
    while id == 0 || text.len() + 100 < bytes {
        if id > 0 {
            text.push_str(",\n");
        }
        let (weight, tag) = (rng.below(10_000), rng.below(100));
        text.push_str(&format!(
            "    {{ \"id\": {id}, \"weight\": {weight}, \"ratio\": {}.5e-1, \"tags\": [\"t{tag}\", null, true] }}",
            rng.below(90)
        ));
        id += 1;
    }
    text.push_str("\n  ],\n  \"__proto__\": { \"own\": true }\n}\n");
    text
}
