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
    let mut never: Vec<(String, String)> = [subject.unparsable, subject.unlinkable]
        .concat()
        .iter()
        .map(|module| ((*module).to_owned(), "absent".to_owned()))
        .collect();
    never.sort();
    let mut proof = Proof {
        engine,
        subject,
        parsed: parse(engine, subject.entry).run(),
        never,
        wrong: Vec::new(),
    };
    proof.entries();
    for from in ["sources", "entries"] {
        for payload in ["executed", "all"] {
            proof.packs(from, payload);
        }
    }
    proof.built();
    proof.wrong
}

/// The proof of one program on one engine.
struct Proof<'a> {
    engine: &'a Engine,
    subject: &'a Subject<'a>,
    parsed: Loaded,
    /// Modules that have no entry, and why they miss.
    never: Vec<(String, String)>,
    wrong: Vec<String>,
}

impl<'a> Proof<'a> {
    /// By entries: the run that writes them, and each path that reads them.
    fn entries(&mut self) {
        let cache = Cache::new();
        let modules = self.parsed.stats.modules;
        self.equal("parse", "analyses", self.parsed.stats.analyze, modules);

        let first = self.load("full", "auto", &cache).run();
        self.shown("first", &first);
        self.equal("first", "hits", first.stats.hits, 0);
        let reasons = vec![("absent", modules as usize)];
        self.equal("first", "misses", first.stats.reasons(), reasons);
        let parses = self.parsed.stats.parses();
        self.equal("first", "parses", first.stats.parses(), parses);
        let written = cache.snapshot();
        // The directory itself is one.
        let entries = written.len() as u64 - 1;
        self.equal("first", "entries", entries, modules - self.uncached());

        let full = self.load("full", "read-only", &cache);
        // That poisoned sources do not show is the stronger proof; a program that shows its text is run without.
        let mut mapped = full.clone().argument("--map");
        if !self.subject.shows_text {
            mapped = mapped.argument("--poison-sources");
        }
        let cached = self.cached();
        self.read("full, mapped and poisoned", mapped, Some(cached));
        let validated = full.argument("--no-map").argument("--validate");
        self.read("full, not mapped and validated", validated, None);
        let bytecode = self.load("bytecode", "read-only", &cache);
        let [_, code, functions] = cached;
        self.read("bytecode", bytecode, Some([modules, code, functions]));
        let without_pack = self.load("graph", "read-only", &cache);
        self.read("graph without a pack", without_pack, Some(cached));
        self.equal("all", "cache", cache.snapshot(), written);
    }

    /// By packs that a run makes, from its sources or from entries.
    fn packs(&mut self, from: &str, payload: &str) {
        let packs = Cache::new();
        if from == "entries" {
            self.load("full", "auto", &packs).run();
        }
        let first = self.load("graph", "auto", &packs);
        let first = first.argument("--payload").argument(payload).run();
        let run = &format!("first graph from {from}, {payload}");
        self.shown(run, &first);
        match from {
            "sources" => {
                let parses = self.parsed.stats.parses();
                self.equal(run, "parses", first.stats.parses(), parses);
            }
            _ => self.equal(run, "parses", self.subject.counted(&first), self.cached()),
        }
        if packs.packs() == 0 {
            // Part of the static closure does not parse or does not link. Entries serve the rest.
            let has_pack = self.parsed.shown.code == Some(0) && self.uncached() == 0;
            let missing = has_pack && !self.subject.shares_file;
            self.check(run, missing.then(|| "no pack was written".to_owned()));
        }
        // How the sources are checked has nothing to do with what a pack was made from.
        let checks = match from {
            "sources" => &["content", "stat", "unsealed"][..],
            _ => &["content"],
        };
        for check in checks {
            let graph = self.load("graph", "read-only", &packs);
            let graph = graph.argument("--payload").argument(payload);
            let graph = graph.argument("--check").argument(check);
            let run = &format!("graph from {from}, {payload}, {check}");
            self.read(run, graph, Some(self.cached()));
        }
    }

    /// By the pack of every function, made without running anything.
    fn built(&mut self) {
        let built = Cache::new();
        if let Err(why) = pack::build(self.engine, self.subject.entry, &built.path()) {
            let is_good = self.parsed.shown.code == Some(0) && self.uncached() == 0;
            let has_one = is_good && !self.subject.shares_file;
            return self.check("pack that is built", has_one.then_some(why));
        }
        let loaded = self.load("graph", "read-only", &built).run();
        let run = "graph from a pack that was built";
        self.shown(run, &loaded);
        let modules = self.parsed.stats.modules;
        self.equal(run, "modules", loaded.stats.modules, modules);
        // What is imported later is not in it.
        let [analyses, ..] = self.subject.counted(&loaded);
        let missed = loaded.stats.misses.len() as u64;
        self.equal(run, "analyses", analyses, missed);
        let ran = Cache::new();
        self.load("graph", "auto", &ran).run();
        let both = pack::only(&built.path()).zip(pack::only(&ran.path()));
        let differs = both.map(|(built, ran)| pack::difference(&built, &ran));
        let none = || Some("a run makes no pack".to_owned());
        self.check(run, differs.unwrap_or_else(none));
    }

    fn load(&self, path: &str, mode: &str, cache: &Cache) -> Load<'a> {
        let load = Load::new(self.engine, self.subject.entry).path(path);
        load.cache(mode, &cache.path())
    }

    /// A run with everything in the cache that can be, and what it must parse all the same.
    fn read(&mut self, run: &str, load: Load<'_>, parses: Option<[u64; 3]>) {
        let loaded = load.run();
        let modules = self.parsed.stats.modules;
        self.shown(run, &loaded);
        self.equal(run, "modules", loaded.stats.modules, modules);
        self.equal(
            run,
            "misses",
            loaded.stats.misses.clone(),
            self.never.clone(),
        );
        self.equal(run, "hits", loaded.stats.hits, modules - self.uncached());
        if let Some(parses) = parses {
            self.equal(run, "parses", self.subject.counted(&loaded), parses);
        }
    }

    fn shown(&mut self, run: &str, loaded: &Loaded) {
        self.check(run, difference("shown", &loaded.shown, &self.parsed.shown));
    }

    fn equal<T: PartialEq + std::fmt::Debug>(
        &mut self,
        run: &str,
        what: &str,
        found: T,
        wanted: T,
    ) {
        self.check(run, difference(what, &found, &wanted));
    }

    fn check(&mut self, run: &str, found: Option<String>) {
        let (name, version) = (self.subject.name, &self.engine.version);
        let told = found.map(|it| format!("{name} on {version}, {run}, {it}"));
        self.wrong.extend(told);
    }

    fn uncached(&self) -> u64 {
        self.never.len() as u64
    }

    /// What is parsed with everything in the cache that can be. JSC makes a module's code before it finds that an
    /// import leads nowhere.
    fn cached(&self) -> [u64; 3] {
        [self.uncached(), self.subject.unlinkable.len() as u64, 0]
    }
}
