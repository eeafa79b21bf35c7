//! An edit costs one module: what a pack serves when other modules of it have changed, and that the next pack has them.

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Cache, broken, case, check_with, graph};
use test_programs::load::Load;
use test_programs::{Engine, Program, Ran, engines, jsc_harness, pack, program};

const MODULES: [&str; 6] = ["main.mjs", "a.mjs", "b.mjs", "c.mjs", "d.mjs", "e.mjs"];

/// Star exports that meet, exports that are handed on and renamed, a cycle, a namespace.
fn subject() -> Program {
    program(
        "import { a, both, c } from './a.mjs'; import * as all from './b.mjs'; import one, { renamed } from './b.mjs';
         console.log('main', a, both, c, one(), renamed, Object.keys(all).join());",
    )
    .file(
        "a.mjs",
        "export * from './c.mjs'; import { e } from './e.mjs'; export const a = 'a'; console.log('a', e());",
    )
    .file(
        "b.mjs",
        "export { c as renamed } from './c.mjs'; export * from './d.mjs'; export * from './e.mjs'; \
         export default () => 'one'; console.log('b');",
    )
    .file("c.mjs", "export const c = 'c', both = 'both'; console.log('c');")
    .file("d.mjs", "export * from './c.mjs'; export const d = 'd', twice = 1; console.log('d');")
    .file(
        "e.mjs",
        "import { a } from './a.mjs'; export const e = () => typeof a, twice = 2; console.log('e');",
    )
}

#[test]
fn every_subset_of_six_modules() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        let (file, pack) = (cache.pack(), fs::read(cache.pack()).unwrap());
        let texts = MODULES.map(|it| fs::read_to_string(program.path(it)).unwrap());
        for subset in 1..1_u32 << MODULES.len() {
            let name = format!("{subset:06b} on {}", engine.version);
            fs::write(&file, &pack).unwrap();
            let mut misses = Vec::new();
            for (place, (module, text)) in MODULES.iter().zip(&texts).enumerate() {
                let is_edited = subset & (1 << place) != 0;
                let edit = if is_edited {
                    format!("console.log('edited'); export const of_{place} = 1;")
                } else {
                    String::new()
                };
                fs::write(program.path(module), format!("{text}{edit}")).unwrap();
                misses.extend(is_edited.then_some((*module, "source")));
            }
            let parsed = Load::new(engine, &entry).path("parse").run();
            for mode in ["read-only", "auto"] {
                let loaded = graph(engine, &entry, mode, &cache).run();
                assert_eq!(loaded.shown, parsed.shown, "{name}, {mode}");
                loaded.stats.assert_pack_served_but(&misses, &name);
            }
            let again = graph(engine, &entry, "read-only", &cache).run();
            assert_eq!(again.shown, parsed.shown, "{name}, afterwards");
            again.stats.assert_pack_served_but(&[], &name);
        }
    }
}

#[test]
fn edits_of_every_kind() {
    check_with(
        subject,
        &[
            case("renames an export", Some(("c.mjs", "source")), |it, _| {
                edit(it, "c.mjs", "export const c = 'c', other = 'both';");
            }),
            case(
                "renames what nobody imports",
                Some(("d.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "d.mjs",
                        "export * from './c.mjs'; export const dd = 'd', twice = 1;",
                    );
                },
            ),
            case(
                "moves an export behind a star",
                Some(("c.mjs", "source")),
                |it, _| {
                    edit(it, "moved.mjs", "export const both = 'moved';");
                    edit(
                        it,
                        "c.mjs",
                        "export const c = 'c'; export * from './moved.mjs';",
                    );
                },
            ),
            case(
                "moves an export by name",
                Some(("c.mjs", "source")),
                |it, _| {
                    edit(it, "moved.mjs", "export const x = 'moved';");
                    edit(
                        it,
                        "c.mjs",
                        "export const c = 'c'; export { x as both } from './moved.mjs';",
                    );
                },
            ),
            case(
                "hides the star's export",
                Some(("a.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "a.mjs",
                        "export * from './c.mjs'; export const a = 'a', both = 'hides';",
                    );
                },
            ),
            case(
                "uncovers the star's export",
                Some(("d.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "d.mjs",
                        "export * from './c.mjs'; export const d = 'd';",
                    );
                },
            ),
            case(
                "makes a name ambiguous",
                Some(("e.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "e.mjs",
                        "export const e = () => 1, d = 'other', twice = 2; console.log('e');",
                    );
                },
            ),
            case(
                "makes an imported name ambiguous",
                Some(("a.mjs", "source")),
                |it, _| {
                    edit(it, "moved.mjs", "export const both = 'moved';");
                    edit(
                        it,
                        "a.mjs",
                        "export * from './c.mjs'; export * from './moved.mjs'; export const a = 'a';",
                    );
                },
            ),
            case(
                "makes a name of two one",
                Some(("e.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "e.mjs",
                        "export const e = () => 1; export { twice } from './d.mjs';",
                    );
                },
            ),
            case("adds a module", Some(("d.mjs", "source")), |it, _| {
                edit(it, "new.mjs", "import './c.mjs'; export const fresh = 1;");
                edit(
                    it,
                    "d.mjs",
                    "export * from './c.mjs'; export * from './new.mjs'; export const d = 'd';",
                );
            }),
            case("leaves a module out", Some(("b.mjs", "source")), |it, _| {
                edit(
                    it,
                    "b.mjs",
                    "export { c as renamed } from './c.mjs'; export * from './e.mjs'; export default () => 'two';",
                );
            }),
            case(
                "turns the order round",
                Some(("main.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "main.mjs",
                        "import one, { renamed } from './b.mjs'; import { a } from './a.mjs'; console.log(a, one(), renamed);",
                    );
                },
            ),
            case("makes a cycle", Some(("c.mjs", "source")), |it, _| {
                edit(
                    it,
                    "c.mjs",
                    "import './main.mjs'; export const c = 'c', both = 'both'; console.log('c');",
                );
            }),
            case(
                "makes a cycle of stars",
                Some(("c.mjs", "source")),
                |it, _| {
                    edit(
                        it,
                        "c.mjs",
                        "export * from './d.mjs'; export const c = 'c', both = 'both';",
                    );
                },
            ),
            broken("breaks the syntax", ("d.mjs", "source"), |it, _| {
                edit(it, "d.mjs", "export * from './c.mjs'; export const d = ;");
            }),
            case("breaks an import", Some(("e.mjs", "source")), |it, _| {
                edit(
                    it,
                    "e.mjs",
                    "import { gone } from './a.mjs'; export const e = () => gone, twice = 2;",
                );
            }),
            case("throws", Some(("d.mjs", "source")), |it, _| {
                edit(
                    it,
                    "d.mjs",
                    "export * from './c.mjs'; throw new Error('d');",
                );
            }),
            case("awaits", Some(("d.mjs", "source")), |it, _| {
                edit(
                    it,
                    "d.mjs",
                    "export * from './c.mjs'; console.log('before'); await null; console.log('after'); \
                     export const d = 'd', twice = 1;",
                );
            }),
            case("awaits in a cycle", Some(("e.mjs", "source")), |it, _| {
                edit(
                    it,
                    "e.mjs",
                    "import { a } from './a.mjs'; await null; console.log('e'); export const e = () => typeof a, twice = 2;",
                );
            }),
            case("imports later", Some(("e.mjs", "source")), |it, _| {
                edit(
                    it,
                    "e.mjs",
                    "export const e = () => 1, twice = 2; import('./d.mjs').then((it) => console.log(it.d, Object.keys(it)));",
                );
            }),
        ],
    );
}

/// What does not link gets no pack, and the pack that there is serves the rest, also when nobody asks for `--stats`.
#[test]
fn an_edit_that_does_not_link() {
    for engine in engines() {
        for payload in ["executed", "all"] {
            let program = subject();
            let cache = Cache::new();
            let run = || {
                let mut command = jsc_harness();
                command
                    .args(["run", "--engine", &engine.name, "--path=graph"])
                    .args(["--payload", payload, "--cache=auto", "--cache-dir"])
                    .args([cache.path(), program.path("main.mjs")]);
                Ran::of(&mut command)
            };
            assert_eq!(run().code, Some(0));
            let pack = fs::read(cache.pack()).unwrap();
            edit(&program, "c.mjs", "export const c = 'c', other = 'both';");
            let ran = run();
            assert_eq!(ran.code, Some(1), "{}", ran.stderr);
            assert!(ran.stderr.contains("SyntaxError"), "{}", ran.stderr);
            assert!(!ran.stderr.contains("note:"), "{}", ran.stderr);
            assert!(fs::read(cache.pack()).unwrap() == pack, "{payload}");
            assert_eq!(run(), ran, "{payload}");
        }
    }
}

fn edit(program: &Program, file: &str, text: &str) {
    fs::write(program.path(file), text).unwrap();
}

/// A statement of a module of a random graph; places of modules and names wrap.
#[derive(Debug, Clone)]
enum Statement {
    Export(usize),
    Star(usize),
    Namespace(usize),
    Reads(usize, usize),
    Imports(usize, usize),
    HandsOn(usize, usize, usize),
    Awaits,
}

const NAMES: usize = 5;
const RANDOM_MODULES: usize = 8;

fn statement() -> impl Strategy<Value = Statement> {
    let module = || 0..RANDOM_MODULES;
    prop_oneof![
        12 => (0..NAMES).prop_map(Statement::Export),
        12 => module().prop_map(Statement::Star),
        6 => module().prop_map(Statement::Namespace),
        6 => (module(), 0..NAMES).prop_map(|(to, name)| Statement::Reads(to, name)),
        1 => (module(), 0..NAMES).prop_map(|(to, name)| Statement::Imports(to, name)),
        1 => (module(), 0..NAMES, 0..NAMES).prop_map(|(to, name, own)| Statement::HandsOn(to, name, own)),
        2 => Just(Statement::Awaits),
    ]
}

/// The text of a module. A name that it would export twice, it exports once.
fn text(module: usize, statements: &[Statement], edition: usize) -> String {
    let mut text = format!("console.log('{module}.{edition}');\n");
    let mut own = [false; NAMES];
    for (place, statement) in statements.iter().enumerate() {
        let _ = match statement {
            Statement::Export(name) | Statement::HandsOn(_, _, name)
                if std::mem::replace(&mut own[*name], true) =>
            {
                Ok(())
            }
            Statement::Export(name) => writeln!(text, "export var n{name} = '{module}.{name}';"),
            Statement::Star(to) => writeln!(text, "export * from './m{to}.mjs';"),
            Statement::Namespace(to) => writeln!(
                text,
                "import * as s{place} from './m{to}.mjs'; console.log(Object.keys(s{place}).join());"
            ),
            Statement::Reads(to, name) => writeln!(
                text,
                "import * as s{place} from './m{to}.mjs'; console.log(s{place}.n{name});"
            ),
            Statement::Imports(to, name) => writeln!(
                text,
                "import {{ n{name} as s{place} }} from './m{to}.mjs'; console.log(s{place});"
            ),
            Statement::HandsOn(to, name, own) => {
                writeln!(text, "export {{ n{name} as n{own} }} from './m{to}.mjs';")
            }
            Statement::Awaits => writeln!(text, "await null; console.log('{module} goes on');"),
        };
    }
    text
}

/// What each module says at first, and then one module after the other says anew, several at once.
type History = (Vec<Vec<Statement>>, Vec<Vec<(usize, Vec<Statement>)>>);

fn history() -> impl Strategy<Value = History> {
    let module = || prop::collection::vec(statement(), 1..5);
    let edits = prop::collection::vec((0..RANDOM_MODULES, module()), 1..3);
    (
        prop::collection::vec(module(), RANDOM_MODULES),
        prop::collection::vec(edits, 3),
    )
}

#[test]
fn random_edits_of_random_graphs() {
    for engine in engines() {
        let served = Cell::new(0);
        let config = Config {
            cases: 24,
            failure_persistence: None,
            ..Config::default()
        };
        let mut runner = TestRunner::new_with_rng(
            config,
            proptest::test_runner::TestRng::deterministic_rng(
                proptest::test_runner::RngAlgorithm::ChaCha,
            ),
        );
        runner
            .run(&history(), |history| {
                served.set(served.get() + follow(engine, &history));
                Ok(())
            })
            .unwrap();
        assert!(
            served.get() > 10,
            "{} edits on {}",
            served.get(),
            engine.version
        );
    }
}

/// Graphs of stars and of names that are handed on: most do not link. A pack that is built shows what parsing shows.
#[test]
fn random_names_that_are_handed_on() {
    let module = || 0..RANDOM_MODULES;
    let statement = prop_oneof![
        4 => (0..NAMES).prop_map(Statement::Export),
        8 => module().prop_map(Statement::Star),
        6 => module().prop_map(Statement::Namespace),
        3 => (module(), 0..2_usize, 0..2_usize).prop_map(|(to, name, own)| Statement::HandsOn(to, name, own)),
    ];
    let graphs = prop::collection::vec(prop::collection::vec(statement, 1..4), RANDOM_MODULES);
    let config = Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = proptest::test_runner::TestRng::deterministic_rng(
        proptest::test_runner::RngAlgorithm::ChaCha,
    );
    let built = Cell::new(0);
    let mut runner = TestRunner::new_with_rng(config, rng);
    runner
        .run(&graphs, |modules| {
            let mut program = program("import './m0.mjs';");
            for (module, statements) in modules.iter().enumerate() {
                program = program.file(&format!("m{module}.mjs"), text(module, statements, 0));
            }
            let entry = program.path("main.mjs");
            for engine in engines() {
                let cache = Cache::new();
                let parsed = Load::new(engine, &entry).path("parse").run();
                match pack::build(engine, &entry, &cache.path()) {
                    Ok(()) => {
                        let loaded = graph(engine, &entry, "read-only", &cache).run();
                        assert_eq!(loaded.shown, parsed.shown, "{}", engine.version);
                        built.set(built.get() + 1);
                    }
                    Err(why) => assert_ne!(parsed.shown.code, Some(0), "{why}"),
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(built.get() > 20, "{}", built.get());
}

/// How many edits met a pack.
fn follow(engine: &Engine, (modules, edits): &History) -> u32 {
    let mut served = 0;
    let imports: String = (0..RANDOM_MODULES)
        .map(|it| format!("import './m{it}.mjs';"))
        .collect();
    let mut program = program(&imports);
    for (module, statements) in modules.iter().enumerate() {
        program = program.file(&format!("m{module}.mjs"), text(module, statements, 0));
    }
    let entry = program.path("main.mjs");
    let cache = Cache::new();
    let mut packed = graph(engine, &entry, "auto", &cache).run().shown.code == Some(0);
    for (turn, edits) in edits.iter().enumerate() {
        let mut changed: Vec<String> = Vec::new();
        for (module, statements) in edits {
            let file = format!("m{module}.mjs");
            fs::write(program.path(&file), text(*module, statements, turn + 1)).unwrap();
            changed.push(file);
        }
        let parsed = Load::new(engine, &entry).path("parse").run();
        let is_good = parsed.shown.code == Some(0);
        for mode in ["read-only", "auto"] {
            let loaded = graph(engine, &entry, mode, &cache).run();
            assert_eq!(loaded.shown, parsed.shown, "{mode}");
            if packed && is_good {
                let misses = loaded.stats.misses.iter();
                let others: Vec<_> = misses.filter(|it| !changed.contains(&it.0)).collect();
                assert!(others.is_empty(), "{others:?}");
                assert_eq!(loaded.stats.analyze, loaded.stats.misses.len() as u64);
            }
        }
        served += u32::from(packed && is_good);
        let built = Cache::new();
        let without_running = pack::build(engine, &entry, &built.path());
        // Whatever runs well links.
        assert!(without_running.is_ok() || !is_good, "{without_running:?}");
        if without_running.is_ok() {
            let loaded = graph(engine, &entry, "read-only", &built).run();
            assert_eq!(loaded.shown, parsed.shown, "built");
            assert_eq!(loaded.stats.parses(), [0; 3], "built");
        }
        if is_good {
            assert_eq!(pack::difference(&built.pack(), &cache.pack()), None);
        }
        if is_good {
            let again = graph(engine, &entry, "read-only", &cache).run();
            assert_eq!(again.shown, parsed.shown, "afterwards");
            again.stats.assert_pack_served_but(&[], "afterwards");
        }
        packed = is_good;
    }
    served
}
