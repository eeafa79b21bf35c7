//! What a graph is made from.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use engine::Engine;
use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::{Identity, Store};
use resolve::ModuleKey;
use sample::LoadPath;

use crate::entries::Entries;
use crate::gather::{Gathered, Gathering};
use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::pack::{Noted, Opening};
use crate::report::ModuleMiss;

/// The cache of a load.
pub struct Cached<'a> {
    pub options: &'a CacheOptions,
    pub interference: &'a Interference,
    pub identity: Identity,
    /// Whether records are taken from entries, and not only bytecode.
    pub records: bool,
}

/// What the graph is made from.
#[derive(Default)]
pub enum From {
    /// The engine's loader asks for one module after the other.
    #[default]
    Modules,
    /// Entries, from which the whole graph is built at once if it can be gathered.
    Gathering {
        gathering: Gathering,
        entries: Entries,
    },
    /// A graph that was gathered. Entries serve what the program imports later.
    Gathered(Arc<Gathered>),
    /// A pack that may still turn out to be of no use. Entries serve what it does not hold.
    Opening { store: Store, opening: Opening },
    /// A graph that was gathered from a pack in which not everything is as it was.
    Mixed { graph: Arc<Gathered>, store: Store },
    /// A pack whose sources are those it was made from.
    Pack(Arc<VerifiedPack>),
    /// The sources, of which a pack may be made.
    Sources {
        store: Store,
        why: ModuleMiss,
        noted: Rc<RefCell<Noted>>,
        writes: bool,
    },
}

impl<'a> Cached<'a> {
    /// The cache of a load by `path`, if it has one.
    pub fn of(
        engine: &Engine,
        path: LoadPath,
        options: Option<&'a CacheOptions>,
        interference: &'a Interference,
    ) -> Option<Self> {
        let options = options.filter(|_| path != LoadPath::Parse)?;
        Some(Self {
            options,
            interference,
            identity: engine.build().identity(),
            records: path != LoadPath::Bytecode,
        })
    }

    /// The entries that may be used.
    pub fn entries(&self) -> Entries {
        Entries::open(self.options, self.identity, self.interference)
    }
}

impl From {
    /// The pack of `entry`, or the sources when there is none.
    pub fn pack(cache: &Cached<'_>, entry: &ModuleKey) -> Self {
        let Cached {
            options,
            interference,
            identity,
            ..
        } = cache;
        let store = Store::open(&options.directory, options.access(), options.loading);
        match Opening::begin(&store, entry, identity, options, interference) {
            Ok(opening) => Self::Opening { store, opening },
            Err(miss) => Self::sources(store, ModuleMiss::of(entry.as_str(), miss)),
        }
    }

    /// The graph of `entry` from entries.
    pub fn entries(cache: &Cached<'_>, entry: &ModuleKey) -> Self {
        let entries = cache.entries();
        let look_up = Arc::clone(&entries.look_up);
        let has_thread = cache.options.read_ahead;
        Self::Gathering {
            gathering: Gathering::begin(entry, look_up, has_thread, cache.interference),
            entries,
        }
    }

    /// The sources, because no pack can be used.
    pub fn sources(store: Store, why: ModuleMiss) -> Self {
        Self::Sources {
            writes: store.is_writable(),
            store,
            why,
            noted: Rc::default(),
        }
    }
}
