//! Lines behind arrow functions that end in a token of several lines: on every cached path they are the true ones.

use std::fs;

use crate::support::{Cache, Load};
use test_programs::{Program, engines, program};

/// Prints the lines on which it makes errors: behind such a function, in a function behind it, in one behind
/// another one that is called only when `called.json` says so, and in a class.
fn subject() -> Program {
    program(
        "const text = () => `one
two
three`;
console.log(new Error().line);
const at = () => new Error().line;
function late() {
    const inner = value => `${value}
    `;
    return new Error().line;
}
const both = (a, b) => `${a}
${b}`;
class Shape { static line() { return new Error().line; } }
console.log(at(), Shape.line());
const { default: called } = await import('./called.json', { with: { type: 'json' } });
console.log(called ? late() : 0);
",
    )
    .file("called.json", "false")
}

#[test]
fn every_line_is_the_true_one() {
    for engine in engines() {
        for (path, options) in [
            ("bytecode", &[][..]),
            ("full", &[]),
            ("full", &["--no-read-ahead"]),
            ("graph", &["--payload=executed"]),
            ("graph", &["--payload=all"]),
            ("graph", &["--check=unsealed"]),
        ] {
            let program = subject();
            let cache = Cache::new();
            let load = |mode: &str| {
                let load = Load::new(engine, &program.path("main.mjs"));
                let load = load.path(path).cache(mode, &cache.path());
                options
                    .iter()
                    .fold(load, |load, it| load.argument(*it))
                    .run()
            };
            for mode in ["auto", "read-only"] {
                let printed = load(mode).shown.stdout;
                assert_eq!(printed, "4\n5 13\n0\n", "{path} {options:?} {mode}");
            }
            // Now `late` is compiled, from the entry, or, where a pack does not have it, from its text.
            fs::write(program.path("called.json"), "true").unwrap();
            let printed = load("read-only").shown.stdout;
            assert_eq!(printed, "4\n5 13\n9\n", "{path} {options:?}");
        }
    }
}
