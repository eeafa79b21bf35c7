//! What tests need and an engine lacks, found by asking the engine.

use std::collections::BTreeSet;

use engine::{Engine, FetchRequest, Host, HostError, Realm, Source};

/// How to find out whether the engine has a feature.
enum Probe {
    /// It parses this module.
    Module(&'static str),
    /// This script's value is true.
    Script(&'static str),
    /// It takes something of the host that this program does not give, whatever the engine has.
    Host,
}

/// The features that module tests name and that engines may lack, by their names in Test262's `features.txt`. A feature
/// that is not here is taken to be there: its tests then fail by themselves.
const PROBES: [(&str, Probe); 19] = [
    (
        "arbitrary-module-namespace-names",
        Probe::Module("const a = 1; export { a as 'b c' };"),
    ),
    ("class-fields-private", Probe::Module("class A { #a = 1; }")),
    (
        "class-static-fields-private",
        Probe::Module("class A { static #a = 1; }"),
    ),
    ("dynamic-import", Probe::Module("() => import('./a.js');")),
    (
        "explicit-resource-management",
        Probe::Module("{ using a = null; await using b = null; }"),
    ),
    (
        "export-defer",
        Probe::Module("export defer { a } from './a.js';"),
    ),
    (
        "export-star-as-namespace-from-module",
        Probe::Module("export * as a from './a.js';"),
    ),
    ("hashbang", Probe::Module("#!a\n")),
    (
        "immutable-arraybuffer",
        Probe::Script("'transferToImmutable' in ArrayBuffer.prototype"),
    ),
    (
        "import-attributes",
        Probe::Module("import a from './a.json' with { type: 'json' };"),
    ),
    (
        "import-bytes",
        Probe::Module("import a from './a.bin' with { type: 'bytes' };"),
    ),
    (
        "import-defer",
        Probe::Module("import defer * as a from './a.js';"),
    ),
    (
        "import-text",
        Probe::Module("import a from './a.txt' with { type: 'text' };"),
    ),
    ("import.meta", Probe::Module("import.meta;")),
    (
        "nonextensible-applies-to-private",
        Probe::Script(
            "class A { constructor(o) { return o; } } class B extends A { #b; } \
             try { new B(Object.preventExtensions({})); false } catch { true }",
        ),
    ),
    (
        "promise-with-resolvers",
        Probe::Script("'withResolvers' in Promise"),
    ),
    (
        "ShadowRealm",
        Probe::Script("typeof ShadowRealm == 'function'"),
    ),
    (
        "source-phase-imports",
        Probe::Module("import source a from './a.wasm';"),
    ),
    // The module `<module source>`.
    ("source-phase-imports-module-source", Probe::Host),
];

/// Which of the features `named` the engine lacks.
pub fn missing_features<'a>(
    engine: &Engine,
    named: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<String> {
    named
        .into_iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|feature| {
            PROBES
                .iter()
                .find(|(name, _)| name == feature)
                .is_some_and(|(_, probe)| !has(engine, probe))
        })
        .map(str::to_owned)
        .collect()
}

fn has(engine: &Engine, probe: &Probe) -> bool {
    let mut realm = Realm::new(engine, Box::new(Nothing));
    match probe {
        Probe::Module(source) => realm.generate("file:///probe.js", source).is_ok(),
        Probe::Script(source) => realm.script_is_true(source),
        Probe::Host => false,
    }
}

/// A host without modules: probes load none.
struct Nothing;

impl Nothing {
    fn refuse<T>() -> Result<T, HostError> {
        Err(HostError {
            type_error: false,
            code: "ERR_NO_LOADER",
            message: "a probe loads nothing".to_owned(),
        })
    }
}

impl Host for Nothing {
    fn resolve(&mut self, _specifier: &str, _referrer: &str) -> Result<String, HostError> {
        Self::refuse()
    }

    fn locate(&mut self, _specifier: &str, _referrer: &str) -> Result<String, HostError> {
        Self::refuse()
    }

    fn fetch(&mut self, _request: &FetchRequest<'_>) -> Result<Source, HostError> {
        Self::refuse()
    }

    fn file_name(&self, _key: &str) -> Option<String> {
        None
    }
}
