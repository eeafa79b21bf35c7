//! One program on every path: it must show the same, and every count must be exact.

use std::path::Path;

use super::{Cache, Load, Loaded, difference, parse};
use test_programs::{Engine, pack};

/// A program, and what is known of it.
pub struct Subject<'a> {
    pub name: &'a str,
    pub entry: &'a Path,
    /// Modules that do not parse, by their path from the entry's directory. They can have no entry.
    pub unparsable: &'a [&'a str],
    /// Modules that parse and do not link. They have none either, so that their errors stay those of the parser.
    pub unlinkable: &'a [&'a str],
    /// Whether the program shows its source text, so that poisoned sources show.
    pub shows_text: bool,
    /// Whether functions are left out of its entries, and compiled when they are called.
    pub leaves_out: bool,
    /// Whether one file is two modules of it, one of them JSON. Where an engine does not tell them apart there is no pack.
    pub shares_file: bool,
}

impl Subject<'_> {
    /// What was parsed, except functions that no entry holds.
    fn counted(&self, loaded: &Loaded) -> [u64; 3] {
        let [analyze, module_code, function_code] = loaded.stats.parses();
        let functions = if self.leaves_out { 0 } else { function_code };
        [analyze, module_code, functions]
    }
}

/// All that is wrong.
pub fn every_path(engine: &Engine, subject: &Subject<'_>) -> Vec<String> {
    let cache = Cache::new();
    let directory = cache.path();
    let entry = subject.entry;
    let mut wrong = Vec::new();
    let mut check = |run: &str, found: Option<String>| {
        let (name, version) = (subject.name, &engine.version);
        wrong.extend(found.map(|it| format!("{name} on {version}, {run}, {it}")));
    };

    let parsed = parse(engine, entry).run();
    let modules = parsed.stats.modules;
    check(
        "parse",
        difference("analyses", &parsed.stats.analyze, &modules),
    );

    let first = Load::full(engine, entry, "auto", &directory).run();
    check("first", difference("shown", &first.shown, &parsed.shown));
    check("first", difference("hits", &first.stats.hits, &0));
    let reasons = vec![("absent", modules as usize)];
    check(
        "first",
        difference("misses", &first.stats.reasons(), &reasons),
    );
    check(
        "first",
        difference("parses", &first.stats.parses(), &parsed.stats.parses()),
    );

    let mut never: Vec<(String, String)> = [subject.unparsable, subject.unlinkable]
        .concat()
        .iter()
        .map(|module| ((*module).to_owned(), "absent".to_owned()))
        .collect();
    never.sort();
    let uncached = never.len() as u64;
    let written = cache.snapshot();
    // The directory itself is one.
    check(
        "first",
        difference(
            "entries",
            &(written.len() as u64 - 1),
            &(modules - uncached),
        ),
    );

    // JSC makes a module's code before it finds that an import leads nowhere.
    let code = subject.unlinkable.len() as u64;
    let mut read = |run: &str, load: Load<'_>, parses: Option<[u64; 3]>| {
        let loaded = load.run();
        check(run, difference("shown", &loaded.shown, &parsed.shown));
        check(run, difference("modules", &loaded.stats.modules, &modules));
        check(run, difference("misses", &loaded.stats.misses, &never));
        check(
            run,
            difference("hits", &loaded.stats.hits, &(modules - uncached)),
        );
        if let Some(parses) = parses {
            let found = subject.counted(&loaded);
            check(run, difference("parses", &found, &parses));
        }
    };
    let full = Load::full(engine, entry, "read-only", &directory);
    let bytecode = Load::new(engine, entry)
        .path("bytecode")
        .cache("read-only", &directory);
    // That poisoned sources do not show is the stronger proof; a program that shows its text is run without.
    let mut mapped = full.clone().argument("--map");
    if !subject.shows_text {
        mapped = mapped.argument("--poison-sources");
    }
    read(
        "full, mapped and poisoned",
        mapped,
        Some([uncached, code, 0]),
    );
    read(
        "full, not mapped and validated",
        full.argument("--no-map").argument("--validate"),
        None,
    );
    read("bytecode", bytecode, Some([modules, code, 0]));
    let without_pack = Load::new(engine, entry).path("graph");
    let without_pack = without_pack.cache("read-only", &directory);
    read(
        "graph without a pack",
        without_pack,
        Some([uncached, code, 0]),
    );
    let nothing = parsed.stats.parses();
    let entries = [uncached, code, 0];
    for (from, parses) in [("sources", nothing), ("entries", entries)] {
        for payload in ["executed", "all"] {
            let packs = Cache::new();
            if from == "entries" {
                Load::full(engine, entry, "auto", &packs.path()).run();
            }
            let graph = |mode| {
                Load::new(engine, entry)
                    .path("graph")
                    .argument("--payload")
                    .argument(payload)
                    .cache(mode, &packs.path())
            };
            let first = graph("auto").run();
            let run = &format!("first graph from {from}, {payload}");
            check(run, difference("shown", &first.shown, &parsed.shown));
            let found = match from {
                "sources" => first.stats.parses(),
                _ => subject.counted(&first),
            };
            check(run, difference("parses", &found, &parses));
            if packs.packs() == 0 {
                // Part of the static closure does not parse or does not link. Entries serve the rest.
                let no_pack = parsed.shown.code == Some(0) && uncached == 0 && !subject.shares_file;
                check(run, no_pack.then(|| "no pack was written".to_owned()));
            }
            // How the sources are checked has nothing to do with what a pack was made from.
            let checks = match from {
                "sources" => &["content", "stat", "unsealed"][..],
                _ => &["content"],
            };
            for mode in checks {
                let loaded = graph("read-only").argument("--check").argument(mode).run();
                let run = &format!("graph from {from}, {payload}, {mode}");
                check(run, difference("shown", &loaded.shown, &parsed.shown));
                check(run, difference("modules", &loaded.stats.modules, &modules));
                check(run, difference("misses", &loaded.stats.misses, &never));
                let found = subject.counted(&loaded);
                check(run, difference("parses", &found, &entries));
            }
        }
    }
    // The pack of every function, made without running anything.
    let built = Cache::new();
    match pack::build(engine, entry, &built.path()) {
        Ok(()) => {
            let loaded = Load::new(engine, entry).path("graph");
            let loaded = loaded.cache("read-only", &built.path()).run();
            let run = "graph from a pack that was built";
            check(run, difference("shown", &loaded.shown, &parsed.shown));
            check(run, difference("modules", &loaded.stats.modules, &modules));
            // What is imported later is not in it.
            let found = subject.counted(&loaded);
            let missed = loaded.stats.misses.len() as u64;
            check(run, difference("analyses", &found[0], &missed));
            let packs = Cache::new();
            let ran = Load::new(engine, entry).path("graph");
            ran.cache("auto", &packs.path()).run();
            let both = pack::only(&built.path()).zip(pack::only(&packs.path()));
            let differs = both.map(|(built, ran)| pack::difference(&built, &ran));
            check(
                run,
                differs.unwrap_or_else(|| Some("a run makes no pack".to_owned())),
            );
        }
        Err(why) => {
            let expected = uncached > 0 || subject.shares_file || parsed.shown.code != Some(0);
            check("pack that is built", (!expected).then_some(why));
        }
    }
    check("all", difference("cache", &cache.snapshot(), &written));
    wrong
}
