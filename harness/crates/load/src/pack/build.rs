//! Making a pack without running its program.
//!
//! Every module of the static closure gets an entry, with the code of all of its functions; what their names lead to is
//! found out on the entries' records (`jsc_module_cache::pack::link`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::{Engine, Realm, VerifiedModule};
use jsc_module_cache::pack::{
    ModuleToLink, PackModule, PackParts, Payload, Root, VerifiedPack, link, write,
};
use jsc_module_cache::record::Record;
use jsc_module_cache::{Miss, MissReason, SourceHash, Store, VerifiedEntry};
use resolve::ModuleKey;
use sample::WhyUnwritten;
use serde::de::IgnoredAny;

use super::parts::{compressed, javascript, json, packages, save, unsupported};
use crate::closure::{Obstacle, walk_for_pack};
use crate::entries::LookUp;
use crate::files::FileHost;
use crate::gather::{Gathered, GatheredModule, Gathering};
use crate::interference::Interference;
use crate::program::Program;
use crate::source_file::read_source;
use crate::write::{EntryWriter, NoHost, Unwritable};

/// A pack that was built without running its program.
#[derive(Debug)]
pub struct BuiltPack {
    pub pack: Arc<VerifiedPack>,
    /// Functions without code, because it is out of proportion to the source.
    pub left_out: u64,
}

/// Builds the pack of every function of the static closure of `program`, with keys relative to `root` if there is one, and
/// writes it. Nothing of the program runs.
///
/// # Errors
/// Why there is no pack.
pub fn build_pack(
    engine: &Engine,
    program: &Program,
    root: Option<&Root>,
    store: &Store,
) -> Result<BuiltPack, Unwritable> {
    let identity = engine.build().identity();
    let mut writer = EntryWriter::new(engine, identity);
    let entries = entries(program, &mut writer).map_err(|it| unwritable(&program.entry, &it))?;
    let pack = pack_of(engine, program, root, entries)?;
    save(store, &pack, &identity)?;
    Ok(BuiltPack {
        pack,
        left_out: writer.left_out(),
    })
}

/// What is in the way of a pack of `program`, as far as that shows without running it. Nothing is written.
pub fn pack_obstacles(engine: &Engine, program: &Program) -> Vec<Obstacle> {
    let mut writer = EntryWriter::new(engine, engine.build().identity());
    let entries = match entries(program, &mut writer) {
        Ok(entries) => entries,
        Err(obstacles) => return obstacles,
    };
    let of_the_graph = |why: Unwritable| Obstacle {
        module: program.entry.as_str().to_owned(),
        what: why.reason,
    };
    let why = pack_of(engine, program, None, entries).err();
    why.map(of_the_graph).into_iter().collect()
}

/// The entry of each module of a closure, by key.
fn entries(
    program: &Program,
    writer: &mut EntryWriter<'_>,
) -> Result<HashMap<String, VerifiedEntry>, Vec<Obstacle>> {
    let mut entries = HashMap::new();
    let obstacles = walk_for_pack(program, &mut |key, source| {
        let made = writer.write(key, source)?;
        let record = made.record();
        entries.insert(key.to_owned(), made);
        Ok(record)
    });
    match obstacles.is_empty() {
        true => Ok(entries),
        false => Err(obstacles),
    }
}

/// The first obstacle as the reason for which there is no pack of `entry`.
fn unwritable(entry: &ModuleKey, obstacles: &[Obstacle]) -> Unwritable {
    let first = obstacles.first().map(|Obstacle { module, what }| {
        // Its key is told once.
        match module == entry.as_str() || what.contains(&**module) {
            true => what.clone(),
            false => format!("{module}: {what}"),
        }
    });
    unsupported(first.unwrap_or_default())
}

/// The pack of a closure whose modules have these entries, tried out.
fn pack_of(
    engine: &Engine,
    program: &Program,
    root: Option<&Root>,
    entries: HashMap<String, VerifiedEntry>,
) -> Result<Arc<VerifiedPack>, Unwritable> {
    let graph = gather(engine, program, entries)?;
    let records = graph.modules().iter().map(record);
    let records: Vec<Option<Record>> = records.collect::<Result<_, _>>()?;
    let modules = graph.modules().iter().zip(&records);
    let modules = modules.map(|(module, record)| ModuleToLink {
        key: module.key.as_str(),
        record: record.as_ref(),
        edges: module.requests.iter().map(|(_, to)| *to).collect(),
    });
    let image = link(&modules.collect::<Vec<_>>());
    let image = image.map_err(|it| Unwritable::new(WhyUnwritten::NotLinked, it))?;
    let modules = graph.modules().iter().map(packed);
    let modules: Vec<PackModule> = modules.collect::<Result<_, _>>()?;
    let texts = graph.modules().iter().map(|it| it.read.as_ref());
    let texts = texts.map(|it| it.map_or_else(Vec::new, |it| it.source.clone()));
    let pack = write(&PackParts {
        identity: &engine.build().identity(),
        payload: Payload::All,
        entry_key: program.entry.as_str(),
        host: program.host(),
        root,
        graph: &image,
        modules: &modules,
        packages: &packages(program, graph.requests()),
        texts: &compressed(&texts.collect::<Vec<_>>())?,
    });
    let pack = Arc::new(pack.map_err(unsupported)?);
    try_out(engine, program, &pack)?;
    Ok(pack)
}

/// Has the engine build and link it, and run nothing: what is JSON to an import may not be JSON.
fn try_out(engine: &Engine, program: &Program, pack: &Arc<VerifiedPack>) -> Result<(), Unwritable> {
    let mut realm = Realm::new(engine, Box::new(FileHost::new(program)));
    if realm.build_pack(Box::new(Arc::clone(pack))) && realm.prepare_pack() {
        return Ok(());
    }
    let json = (0..pack.len()).filter(|it| pack.source(*it).is_json);
    let mut wrong = json.filter_map(|it| {
        let key = ModuleKey::from_url(pack.key(it)).ok()?;
        let source = read_source(key.path()).ok()?;
        let error = serde_json::from_slice::<IgnoredAny>(&source).err()?;
        Some(format!("{}: {error}", pack.key(it)))
    });
    let wrong = wrong.next();
    Err(unsupported(wrong.unwrap_or_else(|| {
        "the engine does not take the graph".to_owned()
    })))
}

/// The graph of a closure whose modules all have entries.
fn gather(
    engine: &Engine,
    program: &Program,
    entries: HashMap<String, VerifiedEntry>,
) -> Result<Gathered, Unwritable> {
    let entries = Mutex::new(entries);
    // Each is asked for once.
    let look_up: Arc<LookUp> = Arc::new(move |key: &str, source: &[u8]| {
        let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
        match entries.get(key) {
            Some(entry) if entry.source_hash() == SourceHash::of(source) => entries.remove(key),
            _ => None,
        }
        .ok_or_else(|| Miss::new(MissReason::Source, "it has changed"))
    });
    let build = engine.build();
    let gathering = Gathering::begin(program, look_up, build, false, &Interference::default());
    let mut realm = Realm::new(engine, Box::new(NoHost));
    gathering.finish(&mut realm).map_err(|_| {
        let why = match build.tells_types_apart() {
            true => "its files change just now",
            false => {
                "this engine does not tell a JSON module from a script of the same file, which the graph may have; or its files \
                 change just now"
            }
        };
        unsupported(why)
    })
}

fn entry_of(module: &GatheredModule) -> Result<&Arc<VerifiedEntry>, Unwritable> {
    let entry = module.read.as_ref().and_then(|it| it.entry.as_ref().ok());
    entry.ok_or_else(|| {
        let why = format!("{} has changed just now", module.key.as_str());
        Unwritable::new(WhyUnwritten::NotLoaded, why)
    })
}

fn record(module: &GatheredModule) -> Result<Option<Record>, Unwritable> {
    match module.is_json {
        true => Ok(None),
        false => entry_of(module).map(|it| Some(it.record())),
    }
}

fn packed(module: &GatheredModule) -> Result<PackModule, Unwritable> {
    if module.is_json {
        return json(module.key.as_str());
    }
    let entry = entry_of(module)?;
    let source = module.read.as_ref().map_or(&[][..], |it| &it.source);
    let parts = (entry.source_facts(), entry.image(), entry.bytecode());
    Ok(javascript(&module.key, source, parts))
}
