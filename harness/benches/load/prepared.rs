//! A program, and the cache that holds all of its modules.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use harness::cache::store::{Access, Loading};
use harness::cache::{Identity, SourceHash, Store, VerifiedEntry};
use harness::engine::{Engine, Outcome, Realm, Statistics, run_to_completion};
use harness::graph::resolve::ModuleKey;
use harness::load::{
    CacheMode, CacheOptions, DrivenGraph, EntryWriter, FileHost, LoadPath, RunCache, walk_closure,
};
use workloads::WorkloadDef;

/// Every load path.
pub const PATHS: [LoadPath; 4] = [
    LoadPath::Parse,
    LoadPath::Bytecode,
    LoadPath::Full,
    LoadPath::Graph,
];

/// A program that is ready to be loaded by every path.
pub struct Prepared {
    /// The workload's name.
    pub name: String,
    /// The program's entry.
    pub entry: ModuleKey,
    /// What its entries were made by.
    pub identity: Identity,
    /// Every entry, and the source that it was made of.
    pub entries: Vec<(VerifiedEntry, Vec<u8>)>,
    cache: CacheOptions,
}

impl Prepared {
    /// A program that runs the workload with its console output thrown away (printing is not loading), and its cache.
    /// It is loaded once by every path.
    pub fn new(
        engine: &Engine,
        directory: &Path,
        definition: &WorkloadDef,
    ) -> Result<Self, Box<dyn Error>> {
        let name = &definition.name;
        let workload = workloads::materialise(definition, &directory.join(name))?;
        let entry = ModuleKey::from_entry(&workload.entry)?;
        fs::write(directory.join("silence.mjs"), "console.log = () => {};\n")?;
        let program = directory.join(format!("{name}.mjs"));
        fs::write(
            &program,
            format!("import './silence.mjs';\nimport '{}';\n", entry.as_str()),
        )?;
        let entry = ModuleKey::from_entry(&program)?;

        let cache = CacheOptions {
            directory: directory.join(format!("{name}.cache")),
            mode: CacheMode::ReadOnly,
            loading: Loading::Auto,
            validate: false,
            payload: harness::cache::pack::Payload::Executed,
            check: harness::load::Check::Content,
            read_ahead: true,
            alter: None,
            stale: None,
            poison_sources: false,
        };
        let identity = engine.identity().for_cache();
        let store = Store::open(&cache.directory, Access::ReadWrite, cache.loading);
        let mut writer = EntryWriter::new(engine, identity);
        let mut entries = Vec::new();
        let obstacles = walk_closure(&entry, &mut |key, source| {
            let entry = writer.write(key, source)?;
            store.save(&entry).map_err(|miss| miss.to_string())?;
            let record = entry.record();
            entries.push((entry, source.to_vec()));
            Ok(record)
        });
        assert_eq!(obstacles, [], "{name}: everything has an entry");
        let prepared = Self {
            name: name.clone(),
            entry,
            identity,
            entries,
            cache,
        };
        prepared.pack(engine);
        for path in PATHS {
            prepared.load(engine, path);
        }
        Ok(prepared)
    }

    /// Makes the pack of what the program executes.
    fn pack(&self, engine: &Engine) {
        let options = CacheOptions {
            mode: CacheMode::Auto,
            ..self.cache.clone()
        };
        let mut graph = DrivenGraph::open(engine, &self.entry, &options);
        let mut realm = graph.realm();
        assert!(graph.load(&mut realm), "{}", self.name);
        run_to_completion(&mut realm, |_| ());
        let (report, no_pack) = graph.finish(&mut realm);
        assert_eq!((report.written, no_pack), (1, None), "{}", self.name);
    }

    /// Bytes of all sources.
    pub fn source_bytes(&self) -> u64 {
        let lengths = self.entries.iter().map(|(_, source)| source.len() as u64);
        lengths.sum()
    }

    /// Bytes of all entries.
    pub fn entry_bytes(&self) -> u64 {
        let lengths = self
            .entries
            .iter()
            .map(|(entry, _)| entry.as_bytes().len() as u64);
        lengths.sum()
    }

    /// The hash of every source, in the order of the entries.
    pub fn source_hashes(&self) -> Vec<SourceHash> {
        self.entries
            .iter()
            .map(|(_, source)| SourceHash::of(source))
            .collect()
    }

    /// One load in a fresh VM, which must have gone the way that it is timed for: how long it took from the entry's key
    /// to the end of its evaluation, and what the engine counted. Making the VM and taking it down are not part of it.
    pub fn load(&self, engine: &Engine, path: LoadPath) -> (Duration, Statistics) {
        if path == LoadPath::Graph {
            return self.load_graph(engine);
        }
        let mut host = FileHost::new(&self.entry);
        let started = Instant::now();
        let report = (path != LoadPath::Parse).then(|| {
            let cache = RunCache::new(&self.cache, self.identity, path == LoadPath::Full);
            let report = cache.report();
            host.set_cache(cache);
            report
        });
        let opening = started.elapsed();
        let mut realm = Realm::new(engine, Box::new(host));
        let mut loaded = Duration::ZERO;
        let started = Instant::now();
        realm.load(self.entry.as_str());
        let outcome = run_to_completion(&mut realm, |_| loaded = started.elapsed());

        let name = &self.name;
        let statistics = realm.statistics();
        assert_eq!(outcome, Outcome::Completed, "{name}");
        assert_eq!(statistics.analyses == 0, path == LoadPath::Full, "{name}");
        if let Some(report) = report {
            assert_eq!(report.borrow().hits, statistics.modules, "{name}");
            assert_eq!(statistics.module_code, 0, "{name}");
        }
        (opening + loaded, statistics)
    }

    /// The same by the graph path. The sources are checked on this thread, before anything is built; a run checks them on
    /// all cores meanwhile.
    fn load_graph(&self, engine: &Engine) -> (Duration, Statistics) {
        let started = Instant::now();
        let mut graph = DrivenGraph::open(engine, &self.entry, &self.cache);
        let opening = started.elapsed();
        let mut realm = graph.realm();
        let mut loaded = Duration::ZERO;
        let started = Instant::now();
        let taken = graph.load(&mut realm);
        let outcome = run_to_completion(&mut realm, |_| loaded = started.elapsed());

        let name = &self.name;
        let statistics = realm.statistics();
        assert_eq!((taken, outcome), (true, Outcome::Completed), "{name}");
        assert_eq!(
            (statistics.analyses, statistics.module_code),
            (0, 0),
            "{name}"
        );
        let (report, _) = graph.finish(&mut realm);
        assert_eq!(report.hits, statistics.modules, "{name}");
        (opening + loaded, statistics)
    }
}
