//! Packs in a store.

use crate::cache::miss::miss;
use crate::cache::pack::{Payload, VerifiedPack, layout, validate};
use crate::cache::{Digest, Identity, Miss};

use super::load;
use super::name::hex;
use super::save::publish;
use super::{Access, Saved, Store};

/// Ends the name of every pack.
const EXTENSION: &str = ".jscg";

/// The name of a pack: the first 64 bits each of the digests of the entry's key, engine and options, and the payload, as
/// `KEY-ENGINE-OPTIONS-PAYLOAD.jscg`. As with an entry, a name only finds a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackName {
    key: u64,
    /// Prefix of the engine's digest.
    pub engine: u64,
    /// Prefix of the options' digest.
    pub options: u64,
    payload: Payload,
}

impl PackName {
    /// The name of the pack of an entry, made by this engine.
    pub fn new(entry_key: &str, payload: Payload, identity: &Identity) -> Self {
        Self {
            key: Digest::of(entry_key.as_bytes()).prefix(),
            engine: identity.engine.prefix(),
            options: identity.options.prefix(),
            payload,
        }
    }

    /// Reads a file name; `None` for any other file.
    pub fn parse(file_name: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(file_name)
            .ok()?
            .strip_suffix(EXTENSION)?;
        let mut parts = text.split('-');
        let mut number = || parts.next().and_then(hex);
        let (key, engine, options) = (number()?, number()?, number()?);
        let payload = [Payload::All, Payload::Executed]
            .into_iter()
            .find(|it| text.ends_with(it.name()))?;
        let name = Self {
            key,
            engine,
            options,
            payload,
        };
        (name.to_string().as_bytes() == file_name).then_some(name)
    }
}

impl std::fmt::Display for PackName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{:016x}-{:016x}-{:016x}-{}{EXTENSION}",
            self.key,
            self.engine,
            self.options,
            self.payload.name()
        )
    }
}

impl Store {
    /// The pack of an entry, made by this engine, or why there is none. Its sources are not looked at.
    pub fn load_pack(
        &self,
        entry_key: &str,
        payload: Payload,
        identity: &Identity,
    ) -> Result<VerifiedPack, Miss> {
        let name = PackName::new(entry_key, payload, identity);
        let text = name.to_string();
        let Some((file, length)) = self.usable()?.open_file(&text)? else {
            return Err(self.why_no_pack(&name));
        };
        if length > layout::MAX_FILE_LENGTH {
            return Err(miss!(
                Length,
                "{text} has {length} bytes, a pack at most {}",
                layout::MAX_FILE_LENGTH
            ));
        }
        let bytes = match self.loading {
            super::Loading::Read => load::read_whole(file, length, &text)?,
            super::Loading::Auto | super::Loading::Map => load::map(&file, length, &text)?,
        };
        validate(bytes, identity, entry_key)
    }

    /// Writes the bytes of a pack, replacing one of the same name. On an error nothing is left behind.
    pub fn save_pack(&self, pack: &VerifiedPack, identity: &Identity) -> Result<Saved, Miss> {
        if self.access == Access::ReadOnly {
            return Ok(Saved::ReadOnly);
        }
        let directory = self.writable()?;
        let entry_key = pack.key(pack.len() - 1);
        let name = PackName::new(entry_key, pack.payload(), identity);
        publish(directory, &name.to_string(), pack.as_bytes())
            .map_err(|error| miss!(Io, "cannot write {}/{name}: {error}", self.path.display()))?;
        Ok(Saved::Written {
            bytes: pack.file_length(),
        })
    }

    fn why_no_pack(&self, wanted: &PackName) -> Miss {
        let names = self.usable().and_then(|it| it.file_names());
        let packs = names.unwrap_or_default();
        let other = packs
            .iter()
            .filter_map(|it| PackName::parse(it))
            .filter(|it| it.key == wanted.key && it.payload == wanted.payload)
            .max_by_key(|it| it.engine == wanted.engine);
        match other {
            Some(it) if it.engine != wanted.engine => {
                miss!(Engine, "the pack of this entry was made by another engine")
            }
            Some(_) => miss!(
                Options,
                "the pack of this entry was made with other options"
            ),
            None => miss!(Absent, "no pack of this entry"),
        }
    }
}
