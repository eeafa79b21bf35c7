//! The graph path for a caller that drives the realm itself, and runs scripts in it before anything is loaded.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::opening::Opening;
use super::record::{Noted, NotingHost, PackWriter};
use super::run::modules_of;
use super::texts::{PackHost, Texts};
use crate::cache::pack::VerifiedPack;
use crate::cache::store::Access;
use crate::cache::{Identity, Miss, Store};
use crate::engine::{Engine, Realm};
use crate::graph::resolve::ModuleKey;
use crate::load::cache::{CacheMode, CacheOptions, CacheReport, ModuleMiss, RunCache};
use crate::load::files::FileHost;
use crate::load::write::write_missing;

/// A load by the graph path: [`DrivenGraph::open`], [`DrivenGraph::realm`], [`DrivenGraph::load`], then whatever the
/// caller does until nothing is left to do, and [`DrivenGraph::finish`].
pub struct DrivenGraph<'a> {
    engine: &'a Engine,
    identity: Identity,
    entry: &'a ModuleKey,
    options: &'a CacheOptions,
    store: Store,
    from: From,
}

/// What the load is made from.
enum From {
    /// A pack; its sources were read for the check, and entries serve what it does not hold.
    Pack {
        pack: Arc<VerifiedPack>,
        texts: Rc<RefCell<Texts>>,
        entries: Rc<RefCell<CacheReport>>,
    },
    /// The sources, which a pack may be made of.
    Sources {
        miss: Miss,
        module: String,
        noted: Rc<RefCell<Noted>>,
    },
}

impl<'a> DrivenGraph<'a> {
    /// Opens the pack of `entry` and checks its sources. Without a usable one, everything is parsed.
    pub fn open(engine: &'a Engine, entry: &'a ModuleKey, options: &'a CacheOptions) -> Self {
        let identity = engine.identity().for_cache();
        let access = match options.mode {
            CacheMode::ReadOnly => Access::ReadOnly,
            CacheMode::Auto | CacheMode::Refresh => Access::ReadWrite,
        };
        let store = Store::open(&options.directory, access, options.loading);
        let from = match usable_pack(&store, entry, options, &identity) {
            Ok((pack, sources)) => From::Pack {
                texts: Rc::new(RefCell::new(Texts::new(Arc::clone(&pack), sources))),
                pack,
                entries: Rc::default(),
            },
            Err(ModuleMiss { module, miss }) => From::Sources {
                miss,
                module,
                noted: Rc::default(),
            },
        };
        Self {
            engine,
            identity,
            entry,
            options,
            store,
            from,
        }
    }

    /// The realm to load in; nothing is loaded yet.
    pub fn realm(&mut self) -> Realm<'a> {
        let mut files = FileHost::new(self.entry);
        match &mut self.from {
            From::Pack { texts, entries, .. } => {
                let cache = RunCache::new(self.options, self.identity, true);
                *entries = cache.report();
                files.set_cache(cache);
                let texts = Rc::clone(texts);
                Realm::new(self.engine, Box::new(PackHost::new(files, texts)))
            }
            From::Sources { noted, .. } => {
                let host = NotingHost {
                    files,
                    noted: Rc::clone(noted),
                    keeps_sources: true,
                };
                let mut realm = Realm::new(self.engine, Box::new(host));
                realm.keep_code();
                realm
            }
        }
    }

    /// Starts to evaluate the entry in the realm that [`DrivenGraph::realm`] gave. False when JSC does not take the pack:
    /// then the realm is of no more use.
    pub fn load(&self, realm: &mut Realm<'_>) -> bool {
        match &self.from {
            From::Pack { pack, .. } => {
                let taken = realm.prepare_graph(Box::new(Arc::clone(pack)));
                if taken {
                    realm.evaluate_graph();
                }
                taken
            }
            From::Sources { .. } => {
                realm.load(self.entry.as_str());
                true
            }
        }
    }

    /// What became of the cache when the program has ended; what was missing is written, if that is wanted. Besides, why
    /// there was no pack, or, when one was to be written, why there is none.
    pub fn finish(self, realm: &mut Realm<'_>) -> (CacheReport, Option<String>) {
        match &self.from {
            From::Pack { pack, entries, .. } => {
                let mut report = entries.take();
                let unlinkable = realm.unlinkable_modules();
                write_missing(
                    self.engine,
                    self.options,
                    self.identity,
                    &mut report,
                    &unlinkable,
                );
                report.hits += modules_of(pack);
                report.bytes += pack.file_length();
                (report, None)
            }
            From::Sources {
                miss,
                module,
                noted,
            } => {
                let mut report = CacheReport {
                    refusal: self.store.refusal().cloned(),
                    misses: noted.borrow().misses(&ModuleMiss::of(module, miss.clone())),
                    ..CacheReport::default()
                };
                if self.options.mode == CacheMode::ReadOnly || report.refusal.is_some() {
                    return (report, Some(format!("{module}: {miss}")));
                }
                let writer = PackWriter {
                    engine: self.engine,
                    identity: self.identity,
                    entry: self.entry.as_str(),
                    options: self.options,
                    store: &self.store,
                };
                let written = writer.write(realm, &noted.borrow(), &mut report);
                (report, written.err())
            }
        }
    }
}
type Read = Vec<(usize, Vec<u8>)>;

fn usable_pack(
    store: &Store,
    entry: &ModuleKey,
    options: &CacheOptions,
    identity: &Identity,
) -> Result<(Arc<VerifiedPack>, Read), ModuleMiss> {
    let checking = Opening::begin(store, entry, identity, options)
        .and_then(Opening::pack)
        .map_err(|miss| ModuleMiss::of(entry.as_str(), miss))?;
    let pack = checking.pack();
    checking.finish().map(|sources| (pack, sources))
}
