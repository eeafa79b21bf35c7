//! What is loaded, and what its host gives it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::{Digest, Miss, MissReason, SourceHash};
use resolve::{ModuleKey, Resolver, Rules};
use sample::HostOptions;

use crate::error::Error;

/// The digest of a host that gives what Node gives.
const NODE: Digest = Digest::from_bytes([0; 16]);

/// A program: its entry, by which rules its specifiers are resolved, and what runs before it.
#[derive(Debug, Clone)]
pub struct Program {
    /// The entry module.
    pub entry: ModuleKey,
    /// How specifiers are resolved.
    pub rules: Arc<Rules>,
    /// A module that runs to its end before the program is loaded, in the same realm.
    pub prelude: Option<ModuleKey>,
    /// What a pack of this program is made with besides the engine: see [`Program::host`].
    host: Digest,
}

impl From<ModuleKey> for Program {
    /// With a host that does as Node does, and gives nothing.
    fn from(entry: ModuleKey) -> Self {
        Self {
            entry,
            rules: Arc::default(),
            prelude: None,
            host: NODE,
        }
    }
}

impl Program {
    /// The program with this entry file and such a host.
    ///
    /// # Errors
    /// The entry, the prelude or the import map cannot be found, or the map is none.
    pub fn open(entry: &Path, host: &HostOptions) -> Result<Self, Error> {
        let entry = ModuleKey::from_entry(entry).map_err(Error::Entry)?;
        if *host == HostOptions::default() {
            return Ok(entry.into());
        }
        let rules = host.rules().map_err(Error::Host)?;
        let prelude = host.prelude.as_deref().map(|it| {
            ModuleKey::from_entry(it).map_err(|error| Error::Prelude {
                path: it.to_owned(),
                error: Box::new(error),
            })
        });
        Ok(Self {
            entry,
            rules: Arc::new(rules),
            prelude: prelude.transpose()?,
            host: digest(host)?,
        })
    }

    /// The digest of everything that the host gives: zero when that is what Node gives. A pack holds where specifiers lead,
    /// so it belongs to the rules that they were resolved by. The bytes of import map and prelude count, not where they lie,
    /// so that a project can be moved; of a prelude, those of its entry file.
    pub fn host(&self) -> Digest {
        self.host
    }

    /// Whether a pack was made with this host.
    ///
    /// # Errors
    /// A miss for the reason `host`: it was not.
    pub fn has_made(&self, pack: &VerifiedPack) -> Result<(), Miss> {
        match pack.host() == self.host {
            true => Ok(()),
            false => Err(Miss::new(
                MissReason::Host,
                "made with other conditions, main fields, extensions, import map or prelude",
            )),
        }
    }

    /// A resolver by these rules, which knows nothing yet.
    pub fn resolver(&self) -> Resolver {
        Resolver::by(&self.rules)
    }
}

fn digest(host: &HostOptions) -> Result<Digest, Error> {
    let read = |path: &Option<PathBuf>| match path {
        Some(path) => std::fs::read(path).map(Some).map_err(|source| Error::Read {
            path: path.clone(),
            source,
        }),
        None => Ok(None),
    };
    let HostOptions {
        conditions,
        main_fields,
        extensions,
        import_map,
        prelude,
    } = host;
    // The order of conditions says nothing.
    let mut conditions = conditions.clone();
    conditions.iter_mut().for_each(|it| it.sort());
    let said = (
        conditions,
        main_fields,
        extensions,
        read(import_map)?,
        read(prelude)?,
    );
    let said = serde_json::to_vec(&said).unwrap_or_default();
    Ok(SourceHash::of(&said).digest())
}
