//! A run that notes what a pack needs.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use engine::{FetchRequest, Host, HostError, Rejection, Source, SourceKind};
use jsc_module_cache::pack::{FileStatus, VerifiedPack};
use jsc_module_cache::{Miss, MissReason};
use resolve::ModuleKey;

use super::check::status_of;
use crate::files::FileHost;
use crate::report::ModuleMiss;
use crate::write::Unwritable;

/// What a run that parses everything has read of JavaScript.
#[derive(Default)]
pub struct Noted {
    /// The modules' keys, in the order in which the engine asked for them.
    modules: Vec<String>,
    /// Their sources by key, if a pack is to be made of them.
    sources: HashMap<String, NotedSource>,
}

/// A source as it was read.
pub struct NotedSource {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What tells its file apart later.
    pub status: FileStatus,
}

impl Noted {
    /// How many modules there are.
    pub fn len(&self) -> u64 {
        self.modules.len() as u64
    }

    /// The misses of a run that has parsed these modules because no pack could be used for the reason `why`: first the
    /// module that it is true of, then all others.
    pub fn misses(&self, why: &ModuleMiss) -> Vec<ModuleMiss> {
        let stale = Miss::new(
            MissReason::Stale,
            format!("the pack is stale because of {}", why.module),
        );
        let of_others = match why.miss.reason {
            MissReason::Source | MissReason::Dependencies => &stale,
            _ => &why.miss,
        };
        let others = self.modules.iter().filter(|it| **it != why.module);
        let others = others.map(|it| ModuleMiss::of(it, of_others.clone()));
        // The first one is told even if it is JSON, or if nothing imports it any more.
        std::iter::once(why.clone()).chain(others).collect()
    }

    /// The source of a module.
    ///
    /// # Errors
    /// It was not read.
    pub fn source(&self, key: &str) -> Result<&NotedSource, Unwritable> {
        let source = self.sources.get(key);
        source.ok_or_else(|| Unwritable::not_read(key))
    }

    /// Key and source of each module that a pack does not hold, once.
    pub fn outside(&self, pack: &VerifiedPack) -> Vec<(String, Vec<u8>)> {
        let packed = (0..pack.len()).filter(|it| !pack.source(*it).is_json);
        let packed: HashSet<&str> = packed.map(|it| pack.key(it)).collect();
        let mut seen = HashSet::new();
        let outside = self.modules.iter();
        outside
            .filter(|it| !packed.contains(it.as_str()) && seen.insert(it.as_str()))
            .filter_map(|key| Some((key.clone(), self.sources.get(key)?.bytes.clone())))
            .collect()
    }
}

/// Notes every JavaScript source on its way to the engine.
pub struct NotingHost {
    /// Where they come from.
    pub files: FileHost,
    /// What was noted.
    pub noted: Rc<RefCell<Noted>>,
    /// Whether the sources are kept, so that a pack can be made.
    pub keeps_sources: bool,
}

impl Host for NotingHost {
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.files.resolve(specifier, referrer)
    }

    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.files.locate(specifier, referrer)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        let path = ModuleKey::from_url(request.key).ok();
        let path = path.filter(|_| self.keeps_sources);
        let status = || path.as_ref().and_then(|it| status_of(it.path()));
        let before = status();
        let source = self.files.fetch(request)?;
        if source.kind != SourceKind::JavaScript {
            return Ok(source);
        }
        let mut noted = self.noted.borrow_mut();
        noted.modules.push(request.key.to_owned());
        if self.keeps_sources {
            let settled = before.filter(|it| status() == Some(*it));
            let kept = NotedSource {
                bytes: source.bytes.clone(),
                status: settled.map_or(FileStatus::default(), |(_, status)| told_apart(status)),
            };
            noted.sources.insert(request.key.to_owned(), kept);
        }
        Ok(source)
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.files.file_name(key)
    }

    fn idle(&mut self) {
        self.files.idle();
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
        self.files.rejected(key, why);
    }
}

/// File-system clocks are too coarse to tell two quick changes apart. A file that was changed within two seconds, or that
/// has a whole-second time, keeps no status and is always compared by content.
fn told_apart(status: FileStatus) -> FileStatus {
    const SLOWEST_TICK: i64 = 2_000_000_000;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.map_or(0, |it| i64::try_from(it.as_nanos()).unwrap_or(0));
    let fine = status.changed % 1_000_000_000 != 0;
    if fine && status.changed.saturating_add(SLOWEST_TICK) < now {
        status
    } else {
        FileStatus::default()
    }
}
