//! Making a pack of a graph that was loaded.

use std::sync::Arc;

use engine::{CaptureError, CapturedModule, Engine, ModuleTexts as _, Realm, VerifiedModule};
use jsc_module_cache::pack::{PackModule, PackParts, Payload, VerifiedPack, layout, write};
use jsc_module_cache::{Identity, Store};
use sample::WhyUnwritten;

use super::parts::{compressed, javascript, json, packages, save, unsupported};
use super::texts::SharedTexts;
use crate::gather::Gathered;
use crate::options::CacheOptions;
use crate::program::Program;
use crate::report::CacheReport;
use crate::write::{EntryWriter, Unwritable};

/// Writes the pack that a run leaves behind.
pub struct PackWriter<'a> {
    /// The engine that ran it.
    pub engine: &'a Engine,
    pub identity: Identity,
    /// What it ran.
    pub program: &'a Program,
    /// How the cache is used.
    pub options: &'a CacheOptions,
    /// Where the pack goes.
    pub store: &'a Store,
}

impl PackWriter<'_> {
    /// Writes the pack of a graph that was gathered and loaded in `realm`, which has kept its code. What is from an older
    /// pack, or from an entry, is taken from there.
    ///
    /// # Errors
    /// Why there is no pack.
    pub fn write(
        &self,
        realm: &mut Realm<'_>,
        graph: &Gathered,
        texts: &SharedTexts,
        report: &mut CacheReport,
    ) -> Result<(), Unwritable> {
        let captured = realm
            .capture_closure(self.program.entry.as_str())
            .map_err(not_captured)?;
        let keys = keys(&captured.graph)?;
        if let Some(why) = unlinkable(realm, &keys) {
            return Err(why);
        }
        let payload = match graph.packed() {
            Some(packed) => packed.pack.payload(),
            None => self.options.payload,
        };
        let mut maker = ModuleMaker {
            writer: EntryWriter::new(self.engine, self.identity),
            payload,
            graph,
        };
        let modules = captured.modules.iter().zip(&keys);
        let modules = modules.map(|(captured, (key, is_json))| match is_json {
            true => json(key),
            false => maker.module(captured, key),
        });
        let modules: Vec<PackModule> = modules.collect::<Result<_, _>>()?;
        let texts = keys.iter().map(|(key, is_json)| match is_json {
            true => Ok(Vec::new()),
            false => texts.find(key).ok_or_else(|| Unwritable::not_read(key)),
        });
        let texts: Vec<Vec<u8>> = texts.collect::<Result<_, _>>()?;
        let pack = write(&PackParts {
            identity: &self.identity,
            payload,
            entry_key: self.program.entry.as_str(),
            root: self.options.root.as_ref(),
            host: self.program.host(),
            graph: &captured.graph,
            modules: &modules,
            packages: &packages(self.program, graph.requests()),
            texts: &compressed(&texts)?,
        });
        let pack = pack.map_err(unsupported)?;
        report.written += u64::from(save(self.store, &pack, &self.identity)?);
        Ok(())
    }
}

/// Makes the modules of a pack.
struct ModuleMaker<'a> {
    writer: EntryWriter<'a>,
    payload: Payload,
    graph: &'a Gathered,
}

impl ModuleMaker<'_> {
    fn module(&mut self, captured: &CapturedModule, key: &str) -> Result<PackModule, Unwritable> {
        let module = self.graph.module(key);
        let module = module.ok_or_else(|| Unwritable::not_read(key))?;
        if let (Some(place), Some(packed)) = (module.packed, self.graph.packed()) {
            return packed_module(&packed.pack, place);
        }
        let read = module.read.as_ref();
        let read = read.ok_or_else(|| Unwritable::not_read(key))?;
        let made;
        let (facts, image, bytecode) = match (&read.entry, self.payload) {
            (Ok(entry), Payload::Executed) if !captured.bytecode.is_empty() => {
                (entry.source_facts(), entry.image(), &*captured.bytecode)
            }
            (Ok(entry), _) => (entry.source_facts(), entry.image(), entry.bytecode()),
            (Err(_), _) if captured.image.is_empty() => return Err(not_linked(key)),
            (Err(_), Payload::All) => {
                made = Arc::new(self.writer.write(key, &read.source)?);
                (made.source_facts(), made.image(), made.bytecode())
            }
            (Err(_), Payload::Executed) => (captured.source, &*captured.image, &*captured.bytecode),
        };
        Ok(javascript(
            &module.key,
            &read.source,
            (facts, image, bytecode),
        ))
    }
}

fn packed_module(pack: &VerifiedPack, place: usize) -> Result<PackModule, Unwritable> {
    let source = pack.source(place);
    let record = pack.record(place).map(|it| it.encode());
    let image = record.transpose().map_err(unsupported)?;
    Ok(PackModule {
        source_hash: source.hash,
        source_length: source.length,
        status: source.status,
        source_units: source.units,
        source_text_hash: source.text_hash,
        source_is_8bit: source.is_8bit,
        image: image.unwrap_or_default(),
        bytecode: pack.bytecode(place).to_vec(),
    })
}

/// Why no pack can be made of the static closure of `entry`, which has been loaded in `realm` without keeping its code:
/// what [`PackWriter::write`] would say, as far as that is known without the code.
pub fn why_no_pack(realm: &mut Realm<'_>, entry: &str) -> Option<Unwritable> {
    let captured = match realm.capture_closure(entry) {
        Ok(captured) => captured,
        Err(error) => return Some(not_captured(error)),
    };
    match keys(&captured.graph) {
        Ok(keys) => unlinkable(realm, &keys),
        Err(why) => Some(why),
    }
}

fn unlinkable(realm: &Realm<'_>, keys: &[(String, bool)]) -> Option<Unwritable> {
    let unlinkable = realm.unlinkable_modules();
    let mut keys = keys.iter().map(|(key, _)| key);
    keys.find(|it| unlinkable.contains(it))
        .map(|it| not_linked(it))
}

fn not_captured(error: CaptureError) -> Unwritable {
    let why = match error {
        CaptureError::NotLoaded => WhyUnwritten::NotLoaded,
        CaptureError::Unsupported | CaptureError::Unfamiliar => WhyUnwritten::Unsupported,
    };
    Unwritable::new(why, error)
}

fn not_linked(key: &str) -> Unwritable {
    Unwritable::new(WhyUnwritten::NotLinked, format!("{key} was not linked"))
}

/// Key and kind of each module.
fn keys(graph: &[u8]) -> Result<Vec<(String, bool)>, Unwritable> {
    let keys = jsc_module_cache::pack::keys(graph).map_err(unsupported)?;
    Ok(keys
        .into_iter()
        .map(|(key, kind)| (key, kind == layout::KIND_JSON))
        .collect())
}
