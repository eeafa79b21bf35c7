//! Packs in a store.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::miss::miss;
use crate::pack::{Pack, Payload, VerifiedPack, layout, validate, validate_standalone};
use crate::{Digest, EntryBytes, Identity, Miss, MissReason};

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

    /// The name that belongs to a pack.
    pub fn of(pack: &Pack) -> Self {
        Self::new(pack.entry_key(), pack.payload(), &pack.identity())
    }

    /// The name of the file at `path`, when it is one of a store's packs.
    pub fn of_path(path: &Path) -> Option<Self> {
        Self::parse(path.file_name()?.as_bytes())
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

/// The bytes found under a pack's name, not looked at yet.
pub struct OpenedPack {
    bytes: EntryBytes,
    identity: Identity,
    entry_key: String,
}

impl OpenedPack {
    /// Number of its bytes.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The pack, if it is a whole and valid one that the engine can use. Its sources are not looked at.
    pub fn validate(self) -> Result<VerifiedPack, Miss> {
        validate(self.bytes, &self.identity, &self.entry_key)
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
        self.open_pack(entry_key, payload, identity)?.validate()
    }

    /// The same, but not validated yet.
    pub fn open_pack(
        &self,
        entry_key: &str,
        payload: Payload,
        identity: &Identity,
    ) -> Result<OpenedPack, Miss> {
        let name = PackName::new(entry_key, payload, identity);
        match self.pack_bytes(&name)? {
            Some(bytes) => Ok(OpenedPack {
                bytes,
                identity: *identity,
                entry_key: entry_key.to_owned(),
            }),
            None => Err(self.why_no_pack(&name)),
        }
    }

    /// The pack that serves a run with this payload, not validated yet: where there is none of what was executed, one
    /// of every function serves as well.
    pub fn open_pack_for(
        &self,
        entry_key: &str,
        payload: Payload,
        identity: &Identity,
    ) -> Result<OpenedPack, Miss> {
        let opened = self.open_pack(entry_key, payload, identity);
        match (opened, payload) {
            (Err(miss), Payload::Executed) if miss.reason == MissReason::Absent => {
                let other = self.open_pack(entry_key, Payload::All, identity);
                other.map_err(|other| match other.reason {
                    MissReason::Absent => miss,
                    _ => other,
                })
            }
            (opened, _) => opened,
        }
    }

    /// A pack by its name, whatever it is of: for tools.
    pub fn load_pack_standalone(&self, name: &PackName) -> Result<Pack, Miss> {
        match self.pack_bytes(name)? {
            Some(bytes) => validate_standalone(bytes),
            None => Err(miss!(Absent, "no pack {name}")),
        }
    }

    /// The names of all packs, sorted; none for a directory that cannot be used.
    ///
    /// Errors: `io` when the directory cannot be listed.
    pub fn pack_names(&self) -> Result<Vec<PackName>, Miss> {
        let files = self.usable()?.file_names()?;
        let mut names: Vec<_> = files.iter().filter_map(|it| PackName::parse(it)).collect();
        names.sort_unstable_by_key(ToString::to_string);
        Ok(names)
    }

    fn pack_bytes(&self, name: &PackName) -> Result<Option<EntryBytes>, Miss> {
        let text = name.to_string();
        let Some((file, length)) = self.usable()?.open_file(&text)? else {
            return Ok(None);
        };
        if length > layout::MAX_FILE_LENGTH {
            return Err(miss!(
                Length,
                "{text} has {length} bytes, a pack at most {}",
                layout::MAX_FILE_LENGTH
            ));
        }
        match self.loading {
            super::Loading::Read => load::read_whole(file, length, &text),
            super::Loading::Auto | super::Loading::Map => load::map(&file, length, &text),
        }
        .map(Some)
    }

    /// Writes the bytes of a pack, replacing one of the same name. On an error nothing is left behind.
    pub fn save_pack(&self, pack: &VerifiedPack, identity: &Identity) -> Result<Saved, Miss> {
        if self.access == Access::ReadOnly {
            return Ok(Saved::ReadOnly);
        }
        let directory = self.swept()?;
        let entry_key = pack.stored_key(pack.len() - 1);
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
