//! One load on any path, for whoever drives its realm: opened, begun, and closed.
//!
//! ```text
//! Drive::open -> realm -> (whatever the caller does in it) -> prepare -> start -> (the program runs) -> close
//! ```
//!
//! A pack is validated and checked by a second thread while the VM is made. When it turns out to be of no use,
//! [`Drive::prepare`] says so; the caller makes another realm, in which the graph comes from entries.

mod from;
mod leave;
mod take;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Engine, Host, Realm, Statistics};
use jsc_module_cache::pack::VerifiedPack;
use sample::LoadPath;

use crate::cache::RunCache;
use crate::error::Error;
use crate::files::{FetchStatistics, FileHost, Importers};
use crate::gather::{Leavings, first_importers};
use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::pack::{GraphHost, SharedTexts};
use crate::prelude;
use crate::program::Program;
use crate::report::CacheReport;
use from::{Cached, From, PackPlan};
use take::Taken;

/// A load under way.
pub struct Drive<'a> {
    engine: &'a Engine,
    program: &'a Program,
    cache: Option<Cached<'a>>,
    from: From,
    /// On the graph path.
    plan: Option<PackPlan>,
    /// What becomes of entries in the last realm.
    report: Rc<RefCell<CacheReport>>,
    /// What the loader of the last realm finds read.
    leavings: Rc<RefCell<Leavings>>,
    /// The texts of the graph, once it is known.
    texts: Arc<SharedTexts>,
    /// What opening a pack, and waiting for its check, has cost the engine's thread.
    pack_time: Duration,
    fetch: Rc<FetchStatistics>,
    uses_cache: Rc<Cell<bool>>,
    importers: Rc<RefCell<Importers>>,
}
impl<'a> Drive<'a> {
    /// Opens what a load of `program` by `path` is made from. Without a cache, everything is parsed.
    pub fn open(
        engine: &'a Engine,
        program: &'a Program,
        path: LoadPath,
        cache: Option<&'a CacheOptions>,
        interference: &'a Interference,
    ) -> Self {
        let cache = Cached::of(engine, path, cache, interference);
        let started = Instant::now();
        let (from, plan) = match &cache {
            Some(cache) if path == LoadPath::Graph => {
                let (from, plan) = From::pack(cache, program);
                (from, Some(plan))
            }
            Some(cache) if path == LoadPath::Full => (From::entries(cache, program), None),
            _ => (From::default(), None),
        };
        Self {
            from,
            plan,
            pack_time: started.elapsed(),
            ..Self::new(engine, program, cache)
        }
    }

    /// The same for a script, which has no static closure: entries serve what it imports.
    pub fn open_script(
        engine: &'a Engine,
        script: &'a Program,
        path: LoadPath,
        cache: Option<&'a CacheOptions>,
        interference: &'a Interference,
    ) -> Self {
        let cache = Cached::of(engine, path, cache, interference);
        Self::new(engine, script, cache)
    }

    fn new(engine: &'a Engine, program: &'a Program, cache: Option<Cached<'a>>) -> Self {
        Self {
            engine,
            program,
            cache,
            from: From::default(),
            plan: None,
            report: Rc::default(),
            leavings: Rc::default(),
            texts: Arc::default(),
            pack_time: Duration::ZERO,
            fetch: Rc::default(),
            uses_cache: Rc::default(),
            importers: Rc::default(),
        }
    }

    /// A realm to load in; nothing is loaded yet.
    pub fn realm(&mut self) -> Realm<'a> {
        let mut files = FileHost::new(self.program);
        self.fetch = files.statistics();
        self.uses_cache = files.uses_cache();
        self.importers = files.importers();
        let validate = self.cache.as_ref().is_some_and(|it| it.options.validate);
        if let Some(cache) = &self.cache {
            // On every path: for what the program imports later and its graph does not hold.
            let Cached {
                options,
                interference,
                records,
                ..
            } = cache;
            let entries = match &self.from {
                From::Gathering { entries, .. } => entries.clone(),
                _ => cache.entries(),
            };
            let entries = RunCache::new(
                entries,
                &self.program.rules,
                options,
                *records,
                interference,
            );
            self.report = entries.report();
            self.leavings = entries.leavings();
            files.set_cache(entries);
        }
        let host: Box<dyn Host> = match &self.from {
            From::Modules => Box::new(files),
            _ => Box::new(GraphHost::new(files, Arc::clone(&self.texts))),
        };
        let mut realm = Realm::with_validation(self.engine, host, validate);
        if self.plan.as_ref().is_some_and(PackPlan::makes_pack) {
            realm.keep_code();
        }
        realm
    }

    /// Runs the prelude of the program, if it has one, in a realm that [`Drive::realm`] has just given. It is parsed,
    /// whatever is cached; what the engine has counted for it, which is not the program's, comes back.
    ///
    /// # Errors
    /// It cannot be loaded, throws, or never ends.
    pub fn run_prelude(&self, realm: &mut Realm<'_>) -> Result<Statistics, Error> {
        let Some(prelude) = &self.program.prelude else {
            return Ok(Statistics::default());
        };
        self.uses_cache.set(false);
        realm.count_code(false);
        let done = prelude::run(realm, prelude);
        realm.count_code(true);
        self.uses_cache.set(true);
        self.fetch.forget();
        self.importers.borrow_mut().clear();
        done.map(|()| realm.statistics())
    }

    /// Builds the graph's records, and waits for the check of a pack's sources. False when the pack turns out to be of no
    /// use: then this realm is of none either, and the graph of the next one that [`Drive::realm`] gives comes from entries.
    #[must_use]
    pub fn prepare(&mut self, realm: &mut Realm<'_>) -> bool {
        let (from, is_good) = match std::mem::take(&mut self.from) {
            From::Opening(opening) => match self.take_pack(realm, opening) {
                Ok(Taken::Whole(pack)) => (From::Pack(pack), true),
                Ok(Taken::Mixed(graph)) => (From::Gathered(graph), true),
                Err(why) => (self.without_pack(why), false),
            },
            From::Gathering { gathering, .. } => match self.take_gathered(realm, gathering) {
                Ok(graph) => (From::Gathered(graph), true),
                Err(left) => {
                    *self.leavings.borrow_mut() = left;
                    (From::Modules, true)
                }
            },
            from => (from, true),
        };
        self.from = from;
        is_good
    }

    /// Begins the load in the realm that [`Drive::realm`] gave and [`Drive::prepare`] has prepared.
    pub fn start(&self, realm: &mut Realm<'_>) {
        match &self.from {
            From::Pack(_) | From::Gathered(_) => realm.evaluate_closure(),
            _ => realm.load(self.program.entry.as_str()),
        }
    }

    /// Modules that the cache has served so far, and modules that it has not.
    pub fn served(&self) -> (u64, u64) {
        let report = self.report.borrow();
        let packed = match &self.from {
            From::Pack(pack) => modules_of(pack),
            _ => 0,
        };
        (packed + report.hits, report.misses.len() as u64)
    }

    /// What became of the cache when the program has ended, if there was one. What was missing is written, if that is
    /// wanted.
    pub fn close(&self, realm: &mut Realm<'_>) -> Option<CacheReport> {
        let cache = self.cache.as_ref()?;
        let mut report = self.report.take();
        match (&self.from, &self.plan) {
            (From::Pack(pack), _) => {
                report.hits += modules_of(pack);
                report.bytes += pack.file_length();
            }
            (From::Gathered(graph), Some(plan)) => {
                self.write_pack(cache, realm, plan, Some(graph), &mut report);
            }
            (_, Some(plan)) => self.write_pack(cache, realm, plan, None, &mut report),
            (_, None) => {}
        }
        self.write_missing(cache, realm, &mut report);
        Some(report)
    }

    /// What opening a pack, and waiting for its check, has cost the engine's thread so far.
    pub fn pack_time(&self) -> Duration {
        self.pack_time
    }

    /// What fetching sources in the last realm has cost, which goes on counting.
    pub fn fetch(&self) -> &FetchStatistics {
        &self.fetch
    }

    /// Who imports what in the last realm, which goes on filling.
    pub fn importers(&self) -> Rc<RefCell<Importers>> {
        Rc::clone(&self.importers)
    }

    /// The keys of modules that nobody had to resolve.
    pub fn packed(&self) -> Vec<String> {
        match &self.from {
            From::Pack(pack) => (0..pack.len()).map(|it| pack.key(it).to_owned()).collect(),
            From::Gathered(graph) => {
                let modules = graph.modules().iter();
                modules.map(|it| it.key.as_str().to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Who asked for the module `key` first, if anybody did.
    pub fn importer(&self, key: &str) -> Option<String> {
        let asked = self.importers.borrow().get(key).cloned();
        asked.or_else(|| match &self.from {
            From::Gathered(graph) => {
                let mut importers = graph.importers();
                importers.find_map(|(to, by)| (to == key).then(|| by.to_owned()))
            }
            From::Pack(pack) => {
                let importers = first_importers(pack.len(), |module| pack.edges(module));
                let mut importers = importers.into_iter();
                importers
                    .find_map(|(to, by)| (pack.key(to) == key).then(|| pack.key(by).to_owned()))
            }
            _ => None,
        })
    }
}

/// How many JavaScript modules a pack holds.
fn modules_of(pack: &VerifiedPack) -> u64 {
    let modules = (0..pack.len()).filter(|it| !pack.source(*it).is_json);
    modules.count() as u64
}
