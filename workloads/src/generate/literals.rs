//! Large literals: arrays, objects, strings, big integers, regular expressions and templates.

use serde::Deserialize;

use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;

/// What a graph of literals is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Literals {
    kind: Kind,
    modules: usize,
    bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Arrays, objects, strings and numbers: tables of data in a module.
    Data,
    /// Regular expressions and templates, tagged ones among them.
    Patterns,
}

impl Literals {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        let mut entry = String::new();
        for index in 1..=self.modules {
            let path = module_path(index);
            entry.push_str(&format!(
                "import {{ digest as digest{index} }} from '{}';\n",
                specifier(ENTRY, &path)
            ));
            let mut rng = Rng::for_module(seed, index);
            let text = match self.kind {
                Kind::Data => data(&mut rng, self.bytes),
                Kind::Patterns => patterns(&mut rng, self.bytes),
            };
            graph.add(path, text);
        }
        entry.push_str("\nlet sum = 0;\n");
        for index in 1..=self.modules {
            entry.push_str(&format!("sum = (sum * 31 + digest{index}()) | 0;\n"));
        }
        entry.push_str(&format!("console.log('{name}:', sum, {});\n", self.modules));
        graph.add(ENTRY, entry);
        graph
    }
}

fn data(rng: &mut Rng, bytes: usize) -> String {
    let mut text = String::from("const rows = [\n");
    let mut id = 0;
    while id < 3 || text.len() + 700 < bytes {
        let (a, b, c) = (rng.below(100_000), rng.below(1000), rng.below(65_536));
        text.push_str(&match rng.below(6) {
            0 => format!("  {{ id: {id}, point: [{a}, -{b}, 0x{c:x}], name: 'row {a}', nested: {{ on: true, off: null }} }},\n"),
            1 => format!("  {{ id: {id}, big: 1{a}{b}{c}{a}n, text: \"caf\\u00e9 {b} \\x41\\u{{1f600}}\", hole: [, {b}, , ] }},\n"),
            2 => format!("  {{ id: {id}, 'quoted key': {a}.25e-3, [`computed ${{{b}}}`]: 1{b}_{:03}, {a}: 0b1011 }},\n", b),
            3 => format!("  {{ id: {id}, words: 'alpha beta {a} gamma {b} delta'.split(' '), __proto__: {{ inherited: {c} }} }},\n"),
            4 => format!("  {{ id: {id}, text: 'Ελληνικά {a} 日本語 {b}', bytes: [{a}, {b}, {c}, 0o{b:o}, 1e21, -0, .5] }},\n"),
            _ => format!("  {{ id: {id}, long: '{}', get lazy() {{ return {a}; }} }},\n", format!("{c:04x}").repeat(12)),
        });
        id += 1;
    }
    text.push_str(
        "];

export const wide = `first line
second line with ${rows.length} rows`;

export function digest() {
  let sum = wide.length;
  for (const row of rows) {
    for (const key of Object.keys(row)) {
      const value = row[key];
      const text = Array.isArray(value) ? value.join() : String(value);
      sum = (sum * 31 + key.length * 7 + text.length) | 0;
    }
  }
  return sum;
}

export { rows };
",
    );
    text
}

fn patterns(rng: &mut Rng, bytes: usize) -> String {
    let mut text = String::from(
        "const sites = new Set();

// A site's strings are one frozen object for as long as the code lives, however often it runs.
function tag(strings, ...values) {
  sites.add(strings);
  return strings.raw.join('|') + values.join('&') + (Object.isFrozen(strings) && strings[0] === undefined ? 'cooked' : '');
}

export const patterns = [
",
    );
    let mut count = 0;
    while count < 3 || text.len() + 900 < bytes {
        let (a, b) = (rng.below(9) + 1, rng.below(90) + 10);
        text.push_str(&match rng.below(7) {
            0 => format!("  /^(?<head>[a-z]{{{a},{b}}})-(\\d+)\\/\\k<head>$/i,\n"),
            1 => format!("  /\\p{{Script=Greek}}+|\\u{{1F600}}|[\\w--{a}]/v,\n"),
            2 => format!("  /(?<=x{b})y(?!z)|(?:a|b){{{a}}}?/dgs,\n"),
            3 => "  /[^\\]\\/]+\\/(?=end)/gimy,\n".to_string(),
            4 => format!("  /\\u0041\\x42\\cJ[\\b]\\0|{b}|π/u,\n"),
            5 => format!("  new RegExp(String.raw`\\d{{{a}}}\\.${{{b}}}`, 'g'),\n"),
            _ => format!("  /a{{{a}}}|[{a}-9]*?|$|^/m,\n"),
        });
        count += 1;
    }
    text.push_str("];\n\nexport const templates = (input) => [\n");
    for index in 0..rng.below(6) + 6 {
        let number = rng.below(1000);
        // The third form holds a carriage return, which a template's value and its raw text both read as a line feed.
        text.push_str(&match index % 4 {
            0 => format!("  tag`line {number}\\n${{input}} and ${{input + {index}}}`,\n"),
            1 => format!("  tag`\\unicode and \\xerxes {number}`,\n"),
            2 => format!("  `${{`inner ${{input}} ${{[1, 2].map((part) => `<${{part}}>`).join('')}}`}} {number}\r\n`,\n"),
            _ => "  tag`same`,\n".to_string(),
        });
    }
    text.push_str(
        "];

export function digest() {
  let sum = 0;
  for (const pattern of patterns) {
    sum = (sum * 31 + pattern.source.length + pattern.flags.length + pattern.lastIndex) | 0;
    sum = (sum + (pattern.exec('abc-12/abc x42y π αβγ')?.[0].length ?? -1)) | 0;
  }
  for (const text of [...templates(1), ...templates(2)]) {
    sum = (sum * 31 + text.length) | 0;
  }
  return (sum * 31 + sites.size) | 0;
}
",
    );
    text
}
