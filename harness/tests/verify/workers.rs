//! `worker`: the line, and what does not get into it.

use sample::OutcomeKind;
use sample::{CacheMode, LoadPath};

use crate::support::sample;
use test_programs::{call, engines, program, text};

#[test]
fn what_the_program_prints_is_not_in_the_way() {
    let program = program("console.log('out'); console.error('err'); console.log({ a: 1 });");
    let entry = program.path("main.mjs");
    for engine in engines() {
        let sample = sample(engine, &["--path", "parse", "--observe", "outcome"], &entry);
        let shown = sample.observation.unwrap().whole.unwrap();
        let printed: Vec<(bool, &str)> = shown
            .console
            .iter()
            .map(|it| (it.error, it.text.as_str()))
            .collect();
        assert_eq!(
            printed,
            [(false, "out\n"), (true, "err\n"), (false, "{ a: 1 }\n")]
        );
        assert_eq!(sample.outcome.kind, OutcomeKind::Completed);
    }
}

#[test]
fn every_number_is_there() {
    let program = program("import './a.mjs'; for (let i = 0; i < 1e5; i++);")
        .file("a.mjs", "export const f = () => 1; f();");
    let entry = program.path("main.mjs");
    for engine in engines() {
        let sample = sample(engine, &["--path", "parse", "--workload", "mine"], &entry);
        assert_eq!(sample.workload.as_deref(), Some("mine"));
        assert_eq!(
            (&*sample.engine.name, sample.path),
            (&*engine.name, LoadPath::Parse)
        );
        assert_eq!(sample.entry, format!("file://{}", entry.display()));
        assert_eq!(
            (
                sample.modules,
                sample.parses.analyze,
                sample.parses.function_code
            ),
            (2, 2, 1)
        );
        assert_eq!(sample.observation, None);
        let process = sample.process.unwrap();
        assert!(
            sample.vm_create_ns > 0 && sample.phases_ns.load_total >= sample.phases_ns.evaluate
        );
        assert!(process.max_rss_kb > 1_000 && process.minor_faults > 0);
        assert!(process.user_ns + process.system_ns > 0);
        assert!(sample.clock.read_ns > 0.0 && sample.clock.ended_ns > 0);
        assert_eq!((sample.outcome.exit_code, sample.outcome.error), (0, None));
    }
}

#[test]
fn how_a_program_ends_is_data() {
    for (source, kind, error) in [
        (
            "throw new TypeError('boo');",
            OutcomeKind::Threw,
            Some("TypeError: boo\n    at "),
        ),
        (
            "Promise.reject(1);",
            OutcomeKind::UnhandledRejection,
            Some("1"),
        ),
        ("await new Promise(() => {});", OutcomeKind::Unsettled, None),
        (
            "import './nowhere.mjs';",
            OutcomeKind::Threw,
            Some("Error: cannot find module './nowhere.mjs'"),
        ),
    ] {
        let program = program(source);
        for engine in engines() {
            let outcome = sample(engine, &["--path", "parse"], &program.path("main.mjs")).outcome;
            assert_eq!((outcome.kind, outcome.exit_code), (kind, 1), "{source}");
            let begins = |text: &str| error.is_some_and(|error| text.starts_with(error));
            assert_eq!(
                outcome.error.as_deref().is_some_and(begins),
                error.is_some(),
                "{outcome:?}"
            );
        }
    }
}

#[test]
fn the_cache_is_written_by_one_and_read_by_another() {
    let program = program("import { a } from './a.mjs'; console.log(a());")
        .file("a.mjs", "export const a = () => 1;");
    let entry = program.path("main.mjs");
    let cache = tempfile::tempdir().unwrap();
    for engine in engines() {
        let directory = cache.path().join(&engine.version);
        let load = |path: &str, mode: &str| {
            let directory = directory.to_str().unwrap();
            let arguments = [
                "--path",
                path,
                "--cache",
                mode,
                "--cache-dir",
                directory,
                "--observe",
                "digest",
            ];
            sample(engine, &arguments, &entry)
        };
        let written = load("full", "auto");
        let cache = written.cache.unwrap();
        assert_eq!((cache.hits, cache.written, cache.misses.len()), (0, 2, 2));
        let digest = written.observation.unwrap().digest;
        for (path, analyzed) in [("full", 0), ("bytecode", 2)] {
            let read = load(path, "read-only");
            let cache = read.cache.unwrap();
            assert_eq!(
                (cache.mode, cache.hits, cache.misses.len()),
                (CacheMode::ReadOnly, 2, 0)
            );
            assert!(cache.bytes > 0);
            let parses = [
                read.parses.analyze,
                read.parses.module_code,
                read.parses.function_code,
            ];
            assert_eq!(parses, [analyzed, 0, 0]);
            assert_eq!(read.observation.unwrap().digest, digest);
        }
    }
}

#[test]
fn a_workload_by_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().to_str().unwrap();
    let output = call(&[
        "worker",
        "--path",
        "parse",
        "--workload",
        "empty",
        "--root",
        root,
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(directory.path().join("empty").is_dir());
    assert!(text(&output.stdout).starts_with("{\"schema\":2,\"workload\":\"empty\","));
}

#[test]
fn what_cannot_be_loaded_at_all() {
    for (arguments, code, message) in [
        (
            &["worker", "--path", "parse", "/nowhere.mjs"][..],
            4,
            "error: cannot find entry '/nowhere.mjs'\n",
        ),
        (
            &[
                "worker",
                "--path",
                "parse",
                "--workload",
                "emtpy",
                "--root",
                "/tmp",
            ],
            4,
            "error: there is no workload `emtpy` (did you mean `empty`?); `jsc-harness list` shows them all\n",
        ),
    ] {
        let output = call(arguments);
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(code), message.to_owned())
        );
        assert_eq!(text(&output.stdout), "");
    }
    for arguments in [
        &["worker", "--path", "full", "a.mjs"][..],
        &["worker", "--path", "graph", "a.mjs"],
        &["worker", "--path", "parse"],
        &["worker", "--path", "parse", "--root", "/tmp"],
    ] {
        assert_eq!(call(arguments).status.code(), Some(64), "{arguments:?}");
    }
}
