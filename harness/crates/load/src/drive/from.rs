//! What a graph is made from.

use std::sync::Arc;

use engine::{Engine, EngineBuild};
use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::{Identity, Store};
use sample::LoadPath;

use crate::entries::Entries;
use crate::gather::{Gathered, Gathering};
use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::pack::Opening;
use crate::program::Program;
use crate::report::ModuleMiss;

/// The cache of a load.
pub struct Cached<'a> {
    pub options: &'a CacheOptions,
    pub interference: &'a Interference,
    pub build: &'a EngineBuild,
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
    /// A graph that was gathered, of a pack, of entries and of what was analyzed.
    Gathered(Arc<Gathered>),
    /// A pack that may still turn out to be of no use.
    Opening(Opening),
    /// A pack whose sources are those it was made from.
    Pack(Arc<VerifiedPack>),
}

/// The pack of a load on the graph path.
pub struct PackPlan {
    pub store: Store,
    /// Why the one that there is, or is not, cannot be used, if so.
    pub unused: Option<ModuleMiss>,
}

impl PackPlan {
    /// Whether the pack is made of what the load comes to.
    pub fn makes_pack(&self) -> bool {
        self.unused.is_some() && self.store.is_writable()
    }
}

impl<'a> Cached<'a> {
    /// The cache of a load by `path`, if it has one.
    pub fn of(
        engine: &'a Engine,
        path: LoadPath,
        options: Option<&'a CacheOptions>,
        interference: &'a Interference,
    ) -> Option<Self> {
        let options = options.filter(|_| path != LoadPath::Parse)?;
        Some(Self {
            options,
            interference,
            build: engine.build(),
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
    /// The graph of `program` from its pack, or from entries when there is none.
    pub fn pack(cache: &Cached<'_>, program: &Program) -> (Self, PackPlan) {
        let Cached {
            options,
            interference,
            identity,
            ..
        } = cache;
        let store = Store::open(&options.directory, options.access(), options.loading);
        let (from, unused) = match Opening::begin(&store, program, identity, options, interference)
        {
            Ok(opening) => (Self::Opening(opening), None),
            Err(miss) => {
                let unused = ModuleMiss::of(program.entry.as_str(), miss);
                (Self::entries(cache, program), Some(unused))
            }
        };
        (from, PackPlan { store, unused })
    }

    /// The graph of `program` from entries.
    pub fn entries(cache: &Cached<'_>, program: &Program) -> Self {
        let entries = cache.entries();
        let look_up = Arc::clone(&entries.look_up);
        let has_thread = cache.options.read_ahead;
        let Cached {
            build,
            interference,
            ..
        } = cache;
        Self::Gathering {
            gathering: Gathering::begin(program, look_up, build, has_thread, interference),
            entries,
        }
    }
}
