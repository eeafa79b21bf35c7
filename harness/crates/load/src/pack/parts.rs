//! What a pack is put together of, whoever has found it out.

use engine::SourceFacts;
use jsc_module_cache::pack::{FileStatus, PackModule, VerifiedPack, encode_texts};
use jsc_module_cache::store::Saved;
use jsc_module_cache::{Identity, SourceHash, Store};
use resolve::ModuleKey;
use sample::WhyUnwritten;

use super::status::settled_status;
use crate::program::Program;
use crate::source_file::read_source;
use crate::write::Unwritable;

/// What is known of the packages that these requests lead through: referrer, specifier and what it means of each.
pub fn packages<'a>(
    program: &Program,
    requests: impl Iterator<Item = (&'a ModuleKey, &'a str, &'a ModuleKey)>,
) -> Vec<u8> {
    let mut resolver = program.resolver();
    for (referrer, specifier, _) in requests {
        resolver.note(specifier, referrer);
    }
    resolver.known().to_json()
}

/// The sources of a pack's modules, in their order; those of JSON are empty.
///
/// # Errors
/// They cannot be compressed.
pub fn compressed(sources: &[Vec<u8>]) -> Result<Vec<u8>, Unwritable> {
    let texts = encode_texts(sources.iter().map(|it| &**it));
    texts.map_err(|error| unsupported(format!("cannot compress sources: {error}")))
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
