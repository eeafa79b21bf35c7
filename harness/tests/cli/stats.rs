//! `run --stats`: the layout of `cli.md`, and exact counts.

use serde_json::Value;

use test_programs::Ran;
use test_programs::{Engine, Program, engines, program};

/// Every field that applies to the parse path, in order: nothing more, nothing less.
const FIELDS: &[&str] = &[
    "schema",
    "engine.name",
    "engine.version",
    "engine.fingerprint",
    "path",
    "entry",
    "modules",
    "parses.analyze",
    "parses.module_code",
    "parses.function_code",
    "parses.total_engine",
    "source_bytes",
    "load.modules",
    "load.parses.analyze",
    "load.parses.module_code",
    "load.parses.function_code",
    "load.parses.total_engine",
    "phases_ns.fetch",
    "phases_ns.analyze",
    "phases_ns.codegen",
    "phases_ns.link",
    "phases_ns.evaluate",
    "phases_ns.load_total",
    "process.vm_create_ns",
    "process.max_rss_kb",
    "process.minor_faults",
    "process.major_faults",
];

/// Runs the program; how it ended, and what it wrote to the file.
fn stats(program: &Program, engine: &Engine) -> (Ran, Value) {
    let file = program.path("stats.json");
    let ran = program.run_on(engine);
    (
        ran,
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap(),
    )
}

fn with_stats(program: Program) -> Program {
    program.argument("--stats").argument("stats.json")
}

fn fields(value: &Value, prefix: &str) -> Vec<String> {
    let Value::Object(map) = value else {
        return vec![prefix.to_owned()];
    };
    map.iter()
        .flat_map(|(name, value)| match prefix {
            "" => fields(value, name),
            _ => fields(value, &format!("{prefix}.{name}")),
        })
        .collect()
}

#[test]
fn the_layout() {
    let program = with_stats(program("console.log('x');"));
    for engine in engines() {
        let (ran, stats) = stats(&program, engine);
        assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (Some(0), "x\n", ""));
        assert_eq!(fields(&stats, ""), FIELDS);
        assert_eq!(stats["schema"], 2);
        assert_eq!(stats["engine"]["name"], engine.name);
        assert_eq!(stats["engine"]["version"], engine.version);
        assert_eq!(stats["engine"]["fingerprint"], engine.fingerprint);
        assert_eq!(stats["path"], "parse");
        assert_eq!(
            stats["entry"],
            format!("file://{}", program.path("main.mjs").display())
        );
        assert_eq!(stats["source_bytes"], 17);
    }
}

#[test]
fn a_dash_is_standard_error() {
    for engine in engines() {
        let ran = program("console.log('x'); console.error('before');")
            .argument("--stats")
            .argument("-")
            .run_on(engine);
        assert_eq!((ran.code, &*ran.stdout), (Some(0), "x\n"));
        let json = ran.stderr.strip_prefix("before\n").unwrap();
        assert_eq!(fields(&serde_json::from_str(json).unwrap(), ""), FIELDS);
    }
}

/// `[modules, analyze, module_code]`, and `function_code`.
fn counts(program: Program) -> Vec<([u64; 3], u64)> {
    let program = with_stats(program);
    engines()
        .iter()
        .map(|engine| {
            let (_, stats) = stats(&program, engine);
            let number = |value: &Value| value.as_u64().unwrap();
            let parses = &stats["parses"];
            (
                [
                    number(&stats["modules"]),
                    number(&parses["analyze"]),
                    number(&parses["module_code"]),
                ],
                number(&parses["function_code"]),
            )
        })
        .collect()
}

#[test]
fn one_analysis_and_one_generation_a_module() {
    let program = program("import './a.mjs'; import './b.mjs'; await import('./c.mjs');")
        .file("a.mjs", "import './b.mjs'; export const a = 1;")
        .file("b.mjs", "export const b = 2;")
        .file("c.mjs", "export const c = 3;");
    for counts in counts(program) {
        assert_eq!(counts, ([4, 4, 4], 0));
    }
}

#[test]
fn functions_count_when_they_are_called() {
    let program = program("function once() {} function never() {} once(); once();");
    for counts in counts(program) {
        assert_eq!(counts, ([1, 1, 1], 1));
    }
}

#[test]
fn two_modules_with_the_same_text_share_their_code() {
    let program =
        program("import './a.mjs?1'; import './a.mjs?2';").file("a.mjs", "export const a = 1;");
    for ([modules, analyze, module_code], _) in counts(program) {
        assert_eq!((modules, analyze), (3, 3));
        assert!(module_code <= 3, "{module_code}");
    }
}

#[test]
fn json_is_no_module_of_the_program() {
    let program =
        program("import data from './data.json' with { type: 'json' };").file("data.json", "{}");
    for counts in counts(program) {
        assert_eq!(counts, ([1, 1, 1], 0));
    }
}

#[test]
fn a_module_that_does_not_parse_was_analyzed_and_generates_nothing() {
    let program = with_stats(program("import './a.mjs';").file("a.mjs", "let = = 1;"));
    for engine in engines() {
        let (ran, stats) = stats(&program, engine);
        assert_eq!(ran.code, Some(1));
        assert_eq!(stats["parses"]["analyze"], 2);
        assert_eq!(stats["parses"]["module_code"], 0);
    }
}

#[test]
fn a_program_that_throws_has_stats_too() {
    let program = with_stats(program("throw 1;"));
    for engine in engines() {
        let (ran, stats) = stats(&program, engine);
        assert_eq!((ran.code, &*ran.stderr), (Some(1), "Uncaught 1\n"));
        assert_eq!(fields(&stats, ""), FIELDS);
    }
}

#[test]
fn a_file_that_cannot_be_written() {
    for (file, reason) in [
        (
            "missing/stats.json",
            "No such file or directory (os error 2)",
        ),
        (".", "Is a directory (os error 21)"),
    ] {
        program("console.log('x');")
            .argument("--stats")
            .argument(file)
            .ends(
                4,
                "x\n",
                &format!("error: cannot write --stats {file}: {reason}\n"),
            );
    }
}

#[test]
fn lodash_is_counted_exactly() {
    let definition = workloads::find("lodash-es").unwrap();
    let workload =
        workloads::materialise(&definition, "".as_ref()).unwrap_or_else(|error| panic!("{error}"));
    for counts in counts(program("").entry(workload.entry.to_str().unwrap())) {
        let ([modules, analyze, module_code], function_code) = counts;
        assert_eq!(Some(modules as usize), workload.modules);
        assert_eq!(modules, analyze);
        assert!(
            module_code <= modules && module_code > modules / 2,
            "{module_code}"
        );
        assert!(function_code > 0);
    }
}
