//! A program, and the cache that holds all of its modules.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use engine::{Engine, Outcome, Statistics, run_to_completion};
use jsc_module_cache::store::Access;
use jsc_module_cache::{Identity, SourceHash, Store, VerifiedEntry};
use load::{
    CacheOptions, Drive, EntryWriter, Interference, Program, Unwritable, parses, walk_closure,
};
use resolve::ModuleKey;
use sample::{CacheMode, Counted, Excused, LoadPath, WhyUnwritten, served};
use workloads::WorkloadDef;

/// Every load path.
pub const PATHS: [LoadPath; 4] = LoadPath::ALL;

/// A program that is ready to be loaded on every path.
pub struct Prepared {
    /// The workload's name.
    pub name: String,
    /// What is loaded.
    pub program: Program,
    /// What its entries were made by.
    pub identity: Identity,
    /// Every entry, and the source that it was made of.
    pub entries: Vec<(VerifiedEntry, Vec<u8>)>,
    /// Whether code of functions is in none of them, because it is out of proportion: it is generated when first used.
    left_out: bool,
    cache: CacheOptions,
}

impl Prepared {
    /// A program that runs the workload with its console output thrown away (printing is not loading), and its cache.
    /// It is loaded once on every path.
    pub fn new(
        engine: &Engine,
        directory: &Path,
        definition: &WorkloadDef,
    ) -> Result<Self, Box<dyn Error>> {
        // An entry is called as its path is.
        let name = &definition.name.replace('/', "-");
        let workload = workloads::materialise(definition, &directory.join(name))?;
        let entry = ModuleKey::from_entry(&workload.entry)?;
        fs::write(directory.join("silence.mjs"), "console.log = () => {};\n")?;
        let program = directory.join(format!("{name}.mjs"));
        fs::write(
            &program,
            format!("import './silence.mjs';\nimport '{}';\n", entry.as_str()),
        )?;
        let program = Program::open(&program, &definition.host)?;

        let cache = CacheOptions::new(directory.join(format!("{name}.cache")), CacheMode::ReadOnly);
        let identity = engine.build().identity();
        let store = Store::open(&cache.directory, Access::ReadWrite, cache.loading);
        let mut writer = EntryWriter::new(engine, identity);
        let mut entries = Vec::new();
        let obstacles = walk_closure(&program, &mut |key, source| {
            let entry = writer.write(key, source)?;
            store
                .save(&entry)
                .map_err(|miss| Unwritable::new(WhyUnwritten::Store, miss))?;
            let record = entry.record();
            entries.push((entry, source.to_vec()));
            Ok(record)
        });
        assert_eq!(obstacles, [], "{name}: everything has an entry");
        let prepared = Self {
            name: name.clone(),
            program,
            identity,
            entries,
            left_out: writer.left_out() > 0,
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
            // Not from entries: of them it would have both ways to call a function.
            mode: CacheMode::Refresh,
            ..self.cache.clone()
        };
        let interference = Interference::default();
        let cache = Some(&options);
        let mut drive = Drive::open(engine, &self.program, LoadPath::Graph, cache, &interference);
        let mut realm = drive.realm();
        assert!(drive.prepare(&mut realm), "{}", self.name);
        drive.start(&mut realm);
        run_to_completion(&mut realm, |_| ());
        let report = drive.close(&mut realm).unwrap_or_default();
        assert_eq!(report.written, 1, "{}", self.name);
        assert!(report.no_pack.is_none(), "{}", self.name);
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
        let interference = Interference::default();
        let started = Instant::now();
        let cache = Some(&self.cache);
        let mut drive = Drive::open(engine, &self.program, path, cache, &interference);
        let opening = started.elapsed();
        let mut realm = drive.realm();
        let mut loaded = Duration::ZERO;
        let started = Instant::now();
        assert!(drive.prepare(&mut realm), "{}", self.name);
        drive.start(&mut realm);
        let outcome = run_to_completion(&mut realm, |_| loaded = started.elapsed());

        let name = &self.name;
        let statistics = realm.statistics();
        assert_eq!(outcome, Outcome::Completed, "{name}");
        if path != LoadPath::Parse {
            let (hits, misses) = drive.served();
            assert_eq!(misses, 0, "{name}");
            let counted = Counted {
                path,
                modules: statistics.modules,
                hits,
                misses: Vec::new(),
                refusal: None,
                parses: parses(&statistics),
            };
            let excused = Excused::on(path, &[], self.left_out);
            assert_eq!(served(&counted, &excused), Ok(()), "{name}");
        }
        (opening + loaded, statistics)
    }
}
