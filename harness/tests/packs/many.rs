//! Packs of many modules, which are validated and checked on a thread of their own.

use std::fmt::Write;
use std::fs;

use crate::support::{Cache, broken, case, check_with, edit, graph, replace};
use test_programs::{Program, engines, program};

const MODULES: usize = 40;

fn subject() -> Program {
    let mut main = String::new();
    for module in 0..MODULES {
        writeln!(main, "import {{ f{module} }} from './m{module}.mjs';").unwrap();
        writeln!(main, "console.log(f{module}());").unwrap();
    }
    (0..MODULES).fold(program(&main), |program, module| {
        let text = format!("export function f{module}() {{ return 'of {module}'; }}\n");
        program.file(&format!("m{module}.mjs"), &text)
    })
}

#[test]
fn its_pack_is_worth_a_thread() {
    for engine in engines() {
        let program = subject();
        let cache = Cache::new();
        graph(engine, &program.path("main.mjs"), "auto", &cache).run();
        let length = fs::metadata(cache.pack()).unwrap().len();
        assert!(length > 32 << 10, "{length}");
    }
}

#[test]
fn what_is_wrong_is_found_there() {
    check_with(
        subject,
        &[
            case("nothing", None, |_, _| {}),
            case("half of it", Some(("main.mjs", "truncated")), |_, cache| {
                edit(&cache.pack(), |it| it.truncate(it.len() / 2));
            }),
            case(
                "a flipped bit",
                Some(("main.mjs", "checksum")),
                |_, cache| {
                    edit(&cache.pack(), |it| {
                        let end = it.len() - 1;
                        it[end] ^= 1;
                    });
                },
            ),
            case(
                "the first module",
                Some(("m0.mjs", "source")),
                |program, _| replace(&program.path("m0.mjs"), "of 0", "of x"),
            ),
            broken("the last modules", ("m38.mjs", "source"), |program, _| {
                replace(&program.path("m38.mjs"), "of 38", "of xy");
                fs::remove_file(program.path("m39.mjs")).unwrap();
            }),
        ],
    );
}
