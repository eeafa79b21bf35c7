//! Options that have no effect where they are written: each is refused, with what to write instead.

use test_programs::{call, jsc_harness, program, text};

/// A command line, and what is said of it.
type Refused = (&'static str, &'static str);

const RUN: &[Refused] = &[
    // Nothing is cached.
    (
        "run --validate a.mjs",
        "--validate has no effect without a cache; leave it out, or use --path bytecode, full or graph",
    ),
    (
        "run --map a.mjs",
        "--map has no effect without a cache; leave it out, or use --path bytecode, full or graph",
    ),
    (
        "run --no-map a.mjs",
        "--no-map has no effect without a cache; leave it out, or use --path bytecode, full or graph",
    ),
    (
        "run --no-read-ahead a.mjs",
        "--no-read-ahead has no effect without a cache; leave it out, or use --path full or graph",
    ),
    (
        "run --payload executed a.mjs",
        "--payload has no effect without a cache; leave it out, or use --path graph",
    ),
    (
        "run --check content a.mjs",
        "--check has no effect without a cache; leave it out, or use --path graph",
    ),
    // The parse path.
    (
        "run --path parse --cache auto a.mjs",
        "--cache auto has no effect with --path parse, which uses no cache; leave out one of the two",
    ),
    (
        "run --path parse --cache-dir D a.mjs",
        "--cache-dir has no effect with --path parse, which uses no cache; leave it out, or use --path bytecode, full or graph",
    ),
    (
        "run --path parse --validate a.mjs",
        "--validate has no effect with --path parse, which uses no cache; leave it out, or use --path bytecode, full or graph",
    ),
    (
        "run --path parse --experimental-esm-bytecode a.mjs",
        "--experimental-esm-bytecode has no effect with --path parse, which uses no cache; leave it out, or use --path full",
    ),
    // No cache.
    (
        "run --path graph --cache off a.mjs",
        "--path graph has no effect with --cache off: without a cache every path parses; write --path parse, or another --cache",
    ),
    (
        "run --cache off --cache-dir D a.mjs",
        "--cache-dir has no effect with --cache off; leave out one of the two",
    ),
    (
        "run --cache off --experimental-esm-bytecode a.mjs",
        "--experimental-esm-bytecode has no effect with --cache off; leave out one of the two",
    ),
    // Another path.
    (
        "run --path bytecode --experimental-esm-bytecode a.mjs",
        "--experimental-esm-bytecode has no effect with --path bytecode, which is not the path that it asks for; \
         leave it out, or use --path full",
    ),
    (
        "run --path bytecode --no-read-ahead a.mjs",
        "--no-read-ahead has no effect with --path bytecode, which reads nothing ahead; leave it out, or use --path full or graph",
    ),
    (
        "run --path full --payload all a.mjs",
        "--payload has no effect with --path full, which uses no pack; leave it out, or use --path graph",
    ),
    (
        "run --path full --check stat a.mjs",
        "--check has no effect with --path full, which uses no pack; leave it out, or use --path graph",
    ),
    (
        "run --cache-dir D --payload all a.mjs",
        "--payload has no effect with --path full (the default with a cache), which uses no pack; leave it out, or use --path graph",
    ),
    // Nothing is read.
    (
        "run --path full --cache refresh --validate a.mjs",
        "--validate has no effect with --cache refresh, which reads nothing from the cache; \
         leave it out, or write --cache auto or read-only",
    ),
    (
        "run --path graph --cache refresh --check stat a.mjs",
        "--check has no effect with --cache refresh, which reads nothing from the cache; \
         leave it out, or write --cache auto or read-only",
    ),
    (
        "run --cache refresh --map a.mjs",
        "--map has no effect with --cache refresh, which reads nothing from the cache; \
         leave it out, or write --cache auto or read-only",
    ),
    (
        "run --cache refresh --no-map a.mjs",
        "--no-map has no effect with --cache refresh, which reads nothing from the cache; \
         leave it out, or write --cache auto or read-only",
    ),
    (
        "run --cache refresh --no-read-ahead a.mjs",
        "--no-read-ahead has no effect with --cache refresh, which reads nothing from the cache; \
         leave it out, or write --cache auto or read-only",
    ),
];

const WORKER: &[Refused] = &[
    (
        "worker --path parse --cache-dir D a.mjs",
        "--cache-dir has no effect with --path parse, which uses no cache; leave it out, or use --path bytecode, full or graph",
    ),
    (
        "worker --path full --cache-dir D --check stat a.mjs",
        "--check has no effect with --path full, which uses no pack; leave it out, or use --path graph",
    ),
    (
        "worker --path full --cache off --cache-dir D a.mjs",
        "--path full has no effect with --cache off: without a cache every path parses; write --path parse, or another --cache",
    ),
    (
        "worker --path bytecode --cache-dir D --cache refresh --validate a.mjs",
        "--validate has no effect with --cache refresh, which reads nothing from the cache; \
         leave it out, or write --cache auto or read-only",
    ),
];

const OTHERS: &[Refused] = &[
    (
        "measure -w ^empty$ --path parse,full --payload all",
        "--payload has no effect without the graph path, which alone uses packs; leave it out, or add graph to --path",
    ),
    (
        "measure -w ^empty$ --path bytecode --check none",
        "--check has no effect without the graph path, which alone uses packs; leave it out, or add graph to --path",
    ),
    (
        "verify -w ^empty$ --path parse,full",
        "--path parse has no effect: parse is what the other paths are compared with; write bytecode, full or graph instead",
    ),
    (
        "gate --from 2.52.6 --to 2.52.6 --path full,graph --no-gains",
        "--no-gains has no effect: a gain is the time on parse over that on another path, and --path does not name both",
    ),
    (
        "cache explain a.mjs --path parse",
        "--path parse uses no cache, so there is nothing to explain",
    ),
    (
        "cache explain a.mjs --payload all",
        "--payload has no effect with --path full, which uses no pack; leave it out, or use --path graph",
    ),
    (
        "cache build a.mjs --cache-dir D --pack --file-format v1",
        "--file-format has no effect with --pack: it is the format of entries; leave out one of the two",
    ),
    (
        "cache build a.mjs --cache-dir D --pack --file-format v2 --format json",
        "--file-format has no effect with --pack: it is the format of entries; leave out one of the two",
    ),
];

#[test]
fn each_is_refused_before_anything_is_done() {
    let directory = tempfile::tempdir().unwrap();
    for (line, message) in [RUN, WORKER, OTHERS].concat() {
        let output = jsc_harness()
            .args(line.split(' '))
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(64), format!("error: {message}\n")),
            "{line}"
        );
        assert_eq!(text(&output.stdout), "", "{line}");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

/// What the parser of the command line itself says.
#[test]
fn options_that_exclude_each_other() {
    for (line, first_line) in [
        (
            "run --map --no-map a.mjs",
            "error: the argument '--map' cannot be used with '--no-map'",
        ),
        (
            "worker --task {} a.mjs",
            "error: the argument '--task <JSON>' cannot be used with '[ENTRY]'",
        ),
        (
            "worker --task {}",
            "error: --task: missing field `entry` at line 1 column 2",
        ),
        (
            "cache build a.mjs --cache-dir D --payload all",
            "error: the following required arguments were not provided:",
        ),
        (
            "gate --replay gate.json --budget 3",
            "error: the argument '--replay <FILE>' cannot be used with '--budget <MINUTES>'",
        ),
        (
            "gate --replay gate.json --margin-high 3",
            "error: the argument '--replay <FILE>' cannot be used with '--margin-high <PERCENT>'",
        ),
        (
            "gate --replay gate.json --timed bench",
            "error: the argument '--replay <FILE>' cannot be used with '--timed <SUITE>'",
        ),
        (
            "gate --replay gate.json --no-gains",
            "error: the argument '--replay <FILE>' cannot be used with '--no-gains'",
        ),
        (
            "gate calibrate --bank a.json --timed bench",
            "error: the argument '--bank <FILE>' cannot be used with '--timed <SUITE>'",
        ),
        (
            "measure --growth --suite all",
            "error: the argument '--growth' cannot be used with '--suite <SUITE>'",
        ),
    ] {
        let output = call(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(64), "{line}");
        let stderr = text(&output.stderr);
        assert_eq!(stderr.lines().next(), Some(first_line), "{line}");
    }
}

/// What has an effect, or says no more than what holds anyway, is not refused.
#[test]
fn whatever_has_an_effect_is_taken() {
    let program = program("console.log(1);");
    let directory = tempfile::tempdir().unwrap();
    for line in [
        "--cache off",
        "--path parse --cache off",
        "--cache-dir D --experimental-esm-bytecode",
        "--cache-dir D --experimental-esm-bytecode --path full --cache read-only",
        "--cache-dir D --path full --cache refresh",
        "--cache-dir D --path bytecode --validate --no-map",
        "--cache-dir D --path full --validate --map --no-read-ahead",
        "--cache-dir D --path full --cache read-only --no-read-ahead --no-map",
        "--cache-dir D --path graph --cache refresh --payload all",
        "--cache-dir D --path graph --payload all --check none --validate --no-read-ahead",
        "--cache-dir D --path graph --payload all --check stat --cache read-only",
    ] {
        let output = jsc_harness()
            .arg("run")
            .args(line.split(' '))
            .arg(program.path("main.mjs"))
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stdout)),
            (Some(0), "1\n".to_owned()),
            "{line}: {}",
            text(&output.stderr)
        );
    }
}
