//! The same module gives the same bytes, in whatever process and whatever came before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{Cache, Load, nothing_wrong};
use test_programs::{Engine, engines, program, two_engines};

/// The record image and the bytecode of each module. The header names engine and options; these two must not depend on
/// options that change neither.
type Sections = BTreeMap<String, (Vec<u8>, Vec<u8>)>;

fn sections(cache: &Cache) -> Sections {
    let entries = cache.entries();
    let take = |(key, (_, entry)): (String, (_, jsc_module_cache::Entry))| {
        (key, (entry.image().to_vec(), entry.bytecode().to_vec()))
    };
    entries.into_iter().map(take).collect()
}

/// What differs: module, section, lengths, first offset.
fn differences(what: &str, a: &Sections, b: &Sections) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, (image, bytecode)) in a {
        let Some((other_image, other_bytecode)) = b.get(key) else {
            wrong.push(format!("{what}: no entry of {key}"));
            continue;
        };
        for (section, a, b) in [
            ("record", image, other_image),
            ("bytecode", bytecode, other_bytecode),
        ] {
            if a != b {
                let different = |at: &usize| a.get(*at) != b.get(*at);
                let offsets: Vec<usize> = (0..a.len().max(b.len())).filter(different).collect();
                wrong.push(format!(
                    "{what}: {section} of {key}: {} and {} bytes, {} differ, the first at {:?}",
                    a.len(),
                    b.len(),
                    offsets.len(),
                    &offsets[..offsets.len().min(8)]
                ));
            }
        }
    }
    wrong
}

/// Circumstances that have nothing to do with a module. The first changes nothing.
const CIRCUMSTANCES: &[(&str, &[(&str, &str)])] = &[
    ("/", &[]),
    ("/tmp", &[]),
    ("/usr/lib", &[("TZ", "Pacific/Kiritimati")]),
    (
        "/",
        &[
            ("TZ", "America/St_Johns"),
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
        ],
    ),
    ("/", &[("LANG", "C"), ("LC_ALL", "C")]),
    (
        "/proc",
        &[(
            "A",
            "a long variable that moves the stack, and whatever lies on it, by an odd number of bytes",
        )],
    ),
    ("/", &[("MALLOC_PERTURB_", "165")]),
    ("/", &[("Malloc", "1")]),
    ("/", &[("JSC_collectContinuously", "1")]),
    (
        "/",
        &[
            ("JSC_collectContinuously", "1"),
            ("JSC_useGenerationalGC", "0"),
        ],
    ),
    ("/", &[("JSC_slowPathAllocsBetweenGCs", "7")]),
    ("/", &[("JSC_useConcurrentGC", "0")]),
    ("/", &[("JSC_numberOfGCMarkers", "1")]),
    ("/", &[("JSC_scribbleFreeCells", "1")]),
    ("/", &[("JSC_useDFGJIT", "0")]),
    ("/", &[("JSC_useConcurrentJIT", "0")]),
    ("/", &[("JSC_gcMaxHeapSize", "1000000")]),
    ("/", &[("JSC_forceRAMSize", "100000000")]),
    (
        "/",
        &[
            ("JSC_useEagerCodeBlockJettisonTiming", "1"),
            ("JSC_collectContinuously", "1"),
        ],
    ),
    ("/", &[]),
];

fn twenty_times(engine: &Engine, entry: &Path) -> Vec<String> {
    assert_eq!(CIRCUMSTANCES.len(), 20);
    let mut first: Option<(Sections, Vec<Vec<u8>>)> = None;
    let mut wrong = Vec::new();
    for (directory, environment) in CIRCUMSTANCES {
        let cache = Cache::new();
        let run = Load::full(engine, entry, "auto", &cache.path())
            .directory(directory.as_ref())
            .environment(environment)
            .run();
        assert_eq!(run.shown.code, Some(0), "{environment:?} {:?}", run.shown);
        let made = sections(&cache);
        let whole = files(&cache);
        let Some((sections, files)) = &first else {
            first = Some((made, whole));
            continue;
        };
        let what = format!("{} in {directory} with {environment:?}", engine.version);
        wrong.extend(differences(&what, sections, &made));
        assert_eq!(sections.len(), made.len(), "{what}");
        // Without other options, whole files are the same, names and all.
        if environment
            .iter()
            .all(|(name, _)| !name.starts_with("JSC_"))
            && *files != whole
        {
            wrong.push(format!("{what}: files differ"));
        }
    }
    wrong
}

fn files(cache: &Cache) -> Vec<Vec<u8>> {
    let snapshot = cache.snapshot();
    let names = snapshot.keys().filter(|name| *name != ".");
    names
        .map(|name| [name.as_bytes(), &fs::read(cache.path().join(name)).unwrap()].concat())
        .collect()
}

/// Of everything a little.
const RICH: &str = "import { f as renamed, default as d } from './other.mjs'; import * as space from './other.mjs';
import data from './data.json' with { type: 'json' }; export * from './other.mjs'; export { renamed as 'a name', space };
export default class A { #p = 1; static #q = /x/g; static { this.made = [1.5, 2n, , 'é', '变量']; } get p() { return this.#p; } async *m(...rest) { yield* rest; } }
const table = { a: 1, b: { c: [true, null, undefined, -0, NaN, 1e300] }, [`k${1}`]: () => 1, __proto__: null };
function outer(a, b = () => a, { c, ...rest } = {}) { try { return eval('a') + b(); } catch { return arguments.length; } finally { outer.done = true; } }
for (const [key, value] of Object.entries(table)) { switch (key) { case 'a': case 'b': case 'k1': (() => key + value)(); break; default: } }
const tagged = ((strings) => strings.raw)`a${1}\\n${2}`; const big = 123456789012345678901234567890n; label: for (;;) break label;
const async = async () => { for await (const x of [1, 2]) await x; }; await async(); function* gen() { const x = yield; return x; }
console.log(outer(1), renamed(), d, data, import.meta.url.length > 0, tagged, typeof gen, big, A.made, new A().p);";

#[test]
fn twenty_processes() {
    let program = program(RICH).file("data.json", "{}").file(
        "other.mjs",
        "export function f() { return 'f'; } export default 1; export let live = 2; live++;",
    );
    for engine in engines() {
        nothing_wrong(&twenty_times(engine, &program.path("main.mjs")));
    }
}

fn of_workloads(engine: &Engine, names: &[&str]) {
    let directory = tempfile::tempdir().unwrap();
    for name in names {
        let definition = workloads::find(name).unwrap();
        let workload = workloads::materialise(&definition, directory.path()).unwrap();
        nothing_wrong(&twenty_times(engine, &workload.entry));
    }
}

const WORKLOADS: &[&str] = &["classes", "unicode-names"];

#[test]
fn twenty_processes_with_generated_graphs_on_the_newer_engine() {
    of_workloads(&engines()[0], WORKLOADS);
}

#[test]
fn twenty_processes_with_generated_graphs_on_the_older_engine() {
    if let Some([_, older]) = two_engines!() {
        of_workloads(older, WORKLOADS);
    }
}

/// Entries written at the end of a program with hundreds of modules, in another order, on another path, beside entries
/// that were there, or for one part of the graph alone.
#[test]
fn whatever_came_before() {
    let package = |file: &str| {
        workloads::root()
            .join("npm/node_modules/lodash-es")
            .join(file)
    };
    for engine in engines() {
        let whole = Cache::new();
        let entry = workloads::root().join("npm/entries/lodash-es.mjs");
        Load::full(engine, &entry, "auto", &whole.path()).run();
        let all = sections(&whole);
        let mut wrong = Vec::new();
        let mut compare = |what: &str, cache: &Cache, least: usize| {
            let made = sections(cache);
            assert!(made.len() >= least, "{what}: {}", made.len());
            wrong.extend(differences(
                &format!("{what} on {}", engine.version),
                &made,
                &all,
            ));
        };

        for (module, least) in [
            ("add.js", 10),
            ("debounce.js", 10),
            ("template.js", 50),
            ("_root.js", 2),
        ] {
            let cache = Cache::new();
            Load::full(engine, &package(module), "auto", &cache.path()).run();
            compare(module, &cache, least);
        }

        let cache = Cache::new();
        Load::new(engine, &entry)
            .path("bytecode")
            .cache("auto", &cache.path())
            .run();
        compare("the bytecode path", &cache, all.len());
        Load::full(engine, &entry, "refresh", &cache.path()).run();
        compare("refresh", &cache, all.len());

        let half = whole.with(|key| key.len() % 2 == 0);
        Load::full(engine, &entry, "auto", &half.path()).run();
        compare("half of it there", &half, all.len());
        nothing_wrong(&wrong);
    }
}

/// The library in the other order: the importing program does not matter, only the module.
#[test]
fn whatever_the_order() {
    let package = workloads::root().join("npm/node_modules/three/src");
    let modules = [
        "math/Vector3.js",
        "core/BufferGeometry.js",
        "cameras/PerspectiveCamera.js",
        "loaders/ObjectLoader.js",
    ];
    let importing = |modules: &mut dyn Iterator<Item = &&str>| {
        modules
            .map(|it| format!("import '{}';\n", package.join(it).display()))
            .collect::<String>()
    };
    for engine in engines() {
        let [forwards, backwards] = [
            importing(&mut modules.iter()),
            importing(&mut modules.iter().rev()),
        ]
        .map(|text| {
            let program = program(&text);
            let cache = Cache::new();
            let run = Load::full(engine, &program.path("main.mjs"), "auto", &cache.path()).run();
            assert_eq!(run.shown.code, Some(0), "{:?}", run.shown);
            let mut made = sections(&cache);
            made.retain(|key, _| !key.ends_with("/main.mjs"));
            made
        });
        assert!(forwards.len() > 50, "{}", forwards.len());
        nothing_wrong(&differences(&engine.version, &forwards, &backwards));
    }
}
