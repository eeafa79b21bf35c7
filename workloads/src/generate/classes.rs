//! Classes with all that a class can hold: private names above all, whose identity lies in the compiled code.

use serde::Deserialize;

use super::graph::{ENTRY, Graph};
use super::path::{module_path, specifier};
use super::rng::Rng;
use super::template::fill;

/// What a graph of classes is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Classes {
    modules: usize,
    /// Classes a module; each extends the one before, the first one that of another module.
    classes: usize,
}

impl Classes {
    pub(crate) fn generate(&self, name: &str, seed: u64) -> Graph {
        let mut graph = Graph::default();
        for index in 1..=self.modules {
            graph.add(module_path(index), self.module(seed, index));
        }
        let first = specifier(ENTRY, &module_path(1));
        let last = specifier(ENTRY, &module_path(self.modules));
        graph.add(
            ENTRY,
            format!(
                "import {{ Last as Near }} from '{first}';
import {{ Last as Far }} from '{last}';

const near = new Near(3);
const far = new Far(5);
let refused = '';
try {{
  Near.peek(Object.create(Near.prototype));
}} catch (error) {{
  refused = error.name;
}}
console.log('{name}:', near.weigh(), far.weigh(), Near.holds(near), Near.holds({{}}), Near.holds(far), refused);
console.log(Near.name, Near.chain(), Object.getOwnPropertyNames(Near.prototype).join(','), near.toString());
"
            ),
        );
        graph
    }

    fn module(&self, seed: u64, index: usize) -> String {
        let mut rng = Rng::for_module(seed, index);
        let mut text = String::new();
        let mut base = String::from("Object");
        if index < self.modules {
            let next = specifier(&module_path(index), &module_path(index + 1));
            text.push_str(&format!("import {{ Last as Imported }} from '{next}';\n\n"));
            base = String::from("Imported");
        }
        for class in 0..self.classes.max(1) {
            let name = format!("Level{index}x{class}");
            let numbers = [rng.below(90) + 1, rng.below(90) + 1, rng.below(90) + 1]
                .map(|number| number.to_string());
            let root = if base == "Object" { "true" } else { "false" };
            text.push_str(&fill(
                CLASS,
                &[
                    ("name", &name),
                    ("base", &base),
                    ("root", root),
                    ("a", &numbers[0]),
                    ("b", &numbers[1]),
                    ("c", &numbers[2]),
                ],
            ));
            base = name;
        }
        text.push_str(&format!("export {{ {base} as Last }};\n"));
        text
    }
}

const CLASS: &str = "\
class @name extends @base {
  static #registry = new Set();
  static #next = @a;
  static order = [];
  #weight = @b;
  #label;
  plain = this.#weight + 1;
  ['computed' + @c] = () => this.#weight;

  static {
    this.order.push('@name');
    this.#next += this.order.length;
  }

  constructor(weight) {
    super(weight);
    this.#weight = (this.#weight + weight) | 0;
    this.#label = `@name#${@name.#next++}`;
    @name.#registry.add(this);
  }

  static holds(value) {
    return #weight in value;
  }

  static peek(value) {
    return value.#weight;
  }

  static chain() {
    return @root ? 1 : super.chain() + 1;
  }

  get #doubled() {
    return this.#weight * 2;
  }

  set #doubled(value) {
    this.#weight = value >> 1;
  }

  #mix(other) {
    return (other * 31 + this.#doubled) | 0;
  }

  weigh() {
    this.#doubled += 2;
    const below = @root ? @c : super.weigh();
    return this.#mix(below) + @name.#registry.size;
  }

  static async *#pages() {
    yield* @name.#registry;
  }

  toString() {
    return this.#label;
  }
}

";
