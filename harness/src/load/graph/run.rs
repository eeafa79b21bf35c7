//! A run by the graph path.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::opening::Opening;
use super::record::{Noted, NotingHost, PackWriter};
use super::texts::{PackHost, Texts};
use crate::cache::pack::VerifiedPack;
use crate::cache::store::Access;
use crate::cache::{Identity, Miss, MissReason, Store};
use crate::engine::{Engine, Realm};
use crate::graph::resolve::ModuleKey;
use crate::load::cache::{CacheMode, CacheOptions, CacheReport, ModuleMiss, RunCache};
use crate::load::files::FileHost;
use crate::load::run::{Loaded, RunOptions, begin, finish, spin};
use crate::load::write::write_missing;

/// Runs the program of `entry` by the graph path.
pub fn run_graph<'engine>(
    engine: &'engine Engine,
    entry: &ModuleKey,
    options: &RunOptions<'_>,
    cache: &CacheOptions,
) -> Loaded<'engine> {
    let identity = engine.identity().for_cache();
    let access = match cache.mode {
        CacheMode::ReadOnly => Access::ReadOnly,
        CacheMode::Auto | CacheMode::Refresh => Access::ReadWrite,
    };
    let started = Instant::now();
    let store = Store::open(&cache.directory, access, cache.loading);
    let pack = Opening::begin(&store, entry, &identity, cache);
    let opening = started.elapsed();
    let miss = match pack {
        Ok(pack) => match from_pack(engine, entry, options, cache, identity, pack, opening) {
            Ok(run) => return run,
            Err(miss) => miss,
        },
        Err(miss) => ModuleMiss::of(entry.as_str(), miss),
    };
    by_parsing(engine, entry, options, cache, &store, miss, opening)
}

/// Runs from a pack, or says why it cannot be used, and of which module that is true.
fn from_pack<'engine>(
    engine: &'engine Engine,
    entry: &ModuleKey,
    options: &RunOptions<'_>,
    cache: &CacheOptions,
    identity: Identity,
    ahead: Opening,
    opening: Duration,
) -> Result<Loaded<'engine>, ModuleMiss> {
    let mut files = FileHost::new(entry);
    let (fetch, importers) = (files.statistics(), files.importers());
    // For what the program imports later and the pack does not hold.
    let entries = RunCache::new(cache, identity, true);
    let report = entries.report();
    files.set_cache(entries);
    let texts = Rc::new(RefCell::new(Texts::default()));
    let host = PackHost::new(files, Rc::clone(&texts));

    let started = Instant::now();
    let mut realm = Realm::new(engine, Box::new(host));
    let vm_create = started.elapsed();
    begin(&mut realm, options);

    let started = Instant::now();
    let of_entry = |miss| ModuleMiss::of(entry.as_str(), miss);
    let ahead = ahead.pack().map_err(of_entry)?;
    let pack = ahead.pack();
    let validation = started.elapsed();
    let taken = realm.prepare_graph(Box::new(Arc::clone(&pack)));
    let waiting = Instant::now();
    let sources = ahead.finish()?;
    let pack_time = opening + validation + waiting.elapsed();
    if !taken {
        let why = "JSC did not take the bytecode of a valid pack";
        return Err(of_entry(Miss::new(MissReason::Engine, why)));
    }
    // Here, where no other thread can make up for it.
    spin(options.spin);
    let read: usize = sources.iter().map(|(_, source)| source.len()).sum();
    fetch.bytes.set(fetch.bytes.get() + read as u64);
    *texts.borrow_mut() = Texts::new(Arc::clone(&pack), sources);
    realm.evaluate_graph();
    let packed = modules_of(&pack);
    let mut ended = finish(&mut realm, started, options.stats, || {
        let report = report.borrow();
        (packed + report.hits, report.misses.len() as u64)
    });
    ended.load_total += opening;

    let mut report = report.take();
    write_missing(
        engine,
        cache,
        identity,
        &mut report,
        &realm.unlinkable_modules(),
    );
    report.hits += packed;
    report.bytes += pack.file_length();
    Ok(Loaded {
        ended,
        realm,
        vm_create,
        fetch_time: pack_time + fetch.time.get() + fetch.resolve_time.get(),
        source_bytes: fetch.bytes.get(),
        importers,
        packed: (0..pack.len()).map(|it| pack.key(it).to_owned()).collect(),
        cache: Some(report),
    })
}

/// How many JavaScript modules a pack holds.
pub(super) fn modules_of(pack: &VerifiedPack) -> u64 {
    let modules = (0..pack.len()).filter(|it| !pack.source(*it).is_json);
    modules.count() as u64
}

/// Parses everything, as the parse path does, and makes a pack of it afterwards.
fn by_parsing<'engine>(
    engine: &'engine Engine,
    entry: &ModuleKey,
    options: &RunOptions<'_>,
    cache: &CacheOptions,
    store: &Store,
    miss: ModuleMiss,
    opening: Duration,
) -> Loaded<'engine> {
    let files = FileHost::new(entry);
    let (fetch, importers) = (files.statistics(), files.importers());
    let noted = Rc::<RefCell<Noted>>::default();
    let writes = cache.mode != CacheMode::ReadOnly && store.refusal().is_none();
    let started = Instant::now();
    let host = NotingHost {
        files,
        noted: Rc::clone(&noted),
        keeps_sources: writes,
    };
    let mut realm = Realm::new(engine, Box::new(host));
    if writes {
        realm.keep_code();
    }
    let vm_create = started.elapsed();
    begin(&mut realm, options);
    let started = Instant::now();
    spin(options.spin);
    realm.load(entry.as_str());
    let mut ended = finish(&mut realm, started, options.stats, || {
        (0, noted.borrow().len())
    });
    ended.load_total += opening;

    let noted = noted.borrow();
    let mut report = CacheReport {
        refusal: store.refusal().cloned(),
        misses: noted.misses(&miss),
        ..CacheReport::default()
    };
    if writes {
        let writer = PackWriter {
            engine,
            identity: engine.identity().for_cache(),
            entry: entry.as_str(),
            options: cache,
            store,
        };
        if let Err(reason) = writer.write(&mut realm, &noted, &mut report) {
            let unwritten = (entry.as_str().to_owned(), reason);
            report.unwritten.insert(0, unwritten);
        }
    }
    Loaded {
        ended,
        realm,
        vm_create,
        fetch_time: opening + fetch.time.get() + fetch.resolve_time.get(),
        source_bytes: fetch.bytes.get(),
        importers,
        packed: Vec::new(),
        cache: Some(report),
    }
}
