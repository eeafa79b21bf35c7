//! What a pack is put together of, whoever has found it out.

use engine::SourceFacts;
use jsc_module_cache::pack::{
    FileStatus, PackModule, PackParts, Payload, Root, VerifiedPack, encode_texts, write,
};
use jsc_module_cache::store::Saved;
use jsc_module_cache::{Identity, SourceHash, Store};
use resolve::{ModuleKey, Resolver};
use sample::WhyUnwritten;

use super::status::settled_status;
use crate::source_file::read_source;
use crate::write::Unwritable;

/// Everything that a pack is made of.
pub struct Parts<'a, Requests> {
    pub identity: &'a Identity,
    pub payload: Payload,
    /// Key of the entry module.
    pub entry: &'a str,
    /// The directory that keys are to be relative to, if any.
    pub root: Option<&'a Root>,
    /// The graph image.
    pub graph: &'a [u8],
    /// Its modules, in its order.
    pub modules: &'a [PackModule],
    /// Each request: referrer, specifier and what it means.
    pub requests: Requests,
    /// The modules' sources, in their order; none of JSON.
    pub texts: Vec<Vec<u8>>,
}

/// The pack of these parts.
///
/// # Errors
/// What is wrong with them.
pub fn put_together<'a>(
    parts: Parts<'a, impl Iterator<Item = (&'a ModuleKey, &'a str, &'a ModuleKey)>>,
) -> Result<VerifiedPack, Unwritable> {
    let mut resolver = Resolver::new();
    for (referrer, specifier, _) in parts.requests {
        resolver.note(specifier, referrer);
    }
    let texts = encode_texts(parts.texts.iter().map(|it| &**it));
    let texts = texts.map_err(|error| unsupported(format!("cannot compress sources: {error}")))?;
    let pack = PackParts {
        identity: parts.identity,
        payload: parts.payload,
        entry_key: parts.entry,
        root: parts.root,
        graph: parts.graph,
        modules: parts.modules,
        packages: &resolver.known().to_json(),
        texts: &texts,
    };
    write(&pack).map_err(unsupported)
}

/// Writes a pack; whether there is a file of it now.
///
/// # Errors
/// The store could not.
pub fn save(store: &Store, pack: &VerifiedPack, identity: &Identity) -> Result<bool, Unwritable> {
    let saved = store.save_pack(pack, identity);
    saved
        .map(|it| matches!(it, Saved::Written { .. }))
        .map_err(|miss| Unwritable::new(WhyUnwritten::Store, miss))
}

/// A JavaScript module with this source: facts about its text, its record image and its bytecode.
pub fn javascript(
    key: &ModuleKey,
    source: &[u8],
    (facts, image, bytecode): (SourceFacts, &[u8], &[u8]),
) -> PackModule {
    PackModule {
        source_hash: SourceHash::of(source),
        source_length: source.len() as u64,
        status: settled_status(key.path(), source),
        source_units: facts.units,
        source_text_hash: facts.text_hash,
        source_is_8bit: facts.is_latin1,
        image: image.to_vec(),
        bytecode: bytecode.to_vec(),
    }
}

/// Nothing of a JSON module is in the pack: its file is read at each load. It is noted all the same, so that the pack is
/// stale when it has changed, as with any other module.
pub fn json(key: &str) -> Result<PackModule, Unwritable> {
    let path = ModuleKey::from_url(key).map_err(unsupported)?;
    let bytes = read_source(path.path()).map_err(|error| {
        Unwritable::new(
            WhyUnwritten::NotLoaded,
            format!("cannot read {key}: {error}"),
        )
    })?;
    Ok(PackModule {
        source_hash: SourceHash::of(&bytes),
        source_length: bytes.len() as u64,
        status: FileStatus::default(),
        source_units: 0,
        source_text_hash: 0,
        source_is_8bit: false,
        image: Vec::new(),
        bytecode: Vec::new(),
    })
}

/// A pack cannot hold it, or not so much of it.
pub fn unsupported(what: impl ToString) -> Unwritable {
    Unwritable::new(WhyUnwritten::Unsupported, what)
}
