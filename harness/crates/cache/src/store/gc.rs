//! Dropping entries and packs that no run will use again.

use std::ffi::CString;
use std::time::SystemTime;

use serde::Serialize;

use crate::miss::miss;
use crate::{Identity, Miss, MissReason, SourceHash};

use super::save::sweep;
use super::{PackName, Store};

/// What is worth keeping.
#[derive(Debug, Clone, Copy, Default)]
pub struct GcPolicy<'a> {
    /// The engines in use; what others made goes. `None` keeps what every engine made.
    pub live: Option<&'a [Identity]>,
}

/// What became of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleState {
    /// Its source has this hash now.
    Source(SourceHash),
    /// There is no such module any more.
    Gone,
    /// Nobody can tell: the entry is kept.
    Unknown,
}

/// What a collection did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GcReport {
    /// Entries and packs that stay.
    pub kept: Tally,
    /// Those of engines, options or targets that are not in use.
    pub other_engine: Tally,
    /// Those of modules that are gone.
    pub gone: Tally,
    /// Entries of modules that have another source now, and packs with such a module.
    pub stale: Tally,
    /// Files that are no valid entries or packs.
    pub invalid: Tally,
    /// Files that a process which died had not finished.
    pub temporary: Tally,
    /// Files that could not be read or removed, and why.
    pub failed: Vec<String>,
}

/// A number of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Tally {
    fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

impl Store {
    /// Removes entries and packs that `policy` does not keep or whose modules are not those they were made for, and old
    /// temporary files. `state_of` says what became of a module, by its key. Readers that have an entry open keep it.
    ///
    /// Errors: the store cannot be used or is read-only, or its directory cannot be listed. What goes wrong with a
    /// single file is in the report.
    pub fn gc(
        &self,
        policy: &GcPolicy<'_>,
        mut state_of: impl FnMut(&str) -> ModuleState,
    ) -> Result<GcReport, Miss> {
        let directory = self.writable()?;
        let mut report = GcReport::default();
        let (files, bytes) = sweep(directory, SystemTime::now())?;
        report.temporary = Tally { files, bytes };
        for name in self.names()? {
            let fate = self.load_standalone(&name).map(|entry| {
                let module = [(entry.module_key(), entry.source_hash())];
                fate(&entry.identity(), module, policy, &mut state_of)
            });
            self.collect(&name.to_string(), fate, &mut report);
        }
        for name in self.pack_names()? {
            let fate = self.load_pack_standalone(&name).map(|pack| {
                // The entry first: without it, the pack is of no use.
                let modules = (0..pack.len()).rev();
                let modules = modules.map(|it| (pack.key(it), pack.source(it).hash));
                fate(&pack.identity(), modules, policy, &mut state_of)
            });
            self.collect(&name.to_string(), fate, &mut report);
        }
        Ok(report)
    }

    fn collect(&self, name: &str, fate: Result<Fate, Miss>, report: &mut GcReport) {
        let bytes = self.size_of(name);
        let tally = match &fate {
            Ok(Fate::Keep) => return report.kept.add(bytes),
            Ok(Fate::OtherEngine) => &mut report.other_engine,
            Ok(Fate::Gone) => &mut report.gone,
            Ok(Fate::Stale) => &mut report.stale,
            // Another process was faster.
            Err(miss) if miss.reason == MissReason::Absent => return,
            // Not ours to judge: it may be fine tomorrow, or not be our file.
            Err(miss) if matches!(miss.reason, MissReason::Io | MissReason::Untrusted) => {
                report.failed.push(miss.to_string());
                return;
            }
            Err(_) => &mut report.invalid,
        };
        match self.remove(name) {
            Ok(()) => tally.add(bytes),
            Err(miss) => report.failed.push(miss.to_string()),
        }
    }

    /// Removes a pack. Readers that have it open keep it.
    ///
    /// Errors: the store cannot be used or is read-only, or the file cannot be removed.
    pub fn remove_pack(&self, name: &PackName) -> Result<(), Miss> {
        self.remove(&name.to_string())
    }

    fn remove(&self, name: &str) -> Result<(), Miss> {
        self.writable()?.remove(&c_name(name)?)
    }

    fn size_of(&self, name: &str) -> u64 {
        let status = self
            .usable()
            .and_then(|directory| Ok(directory.status(&c_name(name)?)));
        status.ok().flatten().map_or(0, |it| it.st_size as u64)
    }
}

fn c_name(name: &str) -> Result<CString, Miss> {
    CString::new(name).map_err(|error| miss!(Io, "{name}: {error}"))
}

/// What is to become of a valid file.
enum Fate {
    Keep,
    OtherEngine,
    Gone,
    Stale,
}

/// The fate of a file that was made by an engine from these modules, the first of which it is named after. A pack of which
/// another module is gone is stale.
fn fate<'a>(
    engine: &Identity,
    modules: impl IntoIterator<Item = (&'a str, SourceHash)>,
    policy: &GcPolicy<'_>,
    state_of: &mut impl FnMut(&str) -> ModuleState,
) -> Fate {
    if policy.live.is_some_and(|live| !live.contains(engine)) {
        return Fate::OtherEngine;
    }
    for (place, (key, source)) in modules.into_iter().enumerate() {
        match state_of(key) {
            ModuleState::Gone if place == 0 => return Fate::Gone,
            ModuleState::Gone => return Fate::Stale,
            ModuleState::Source(now) if now != source => return Fate::Stale,
            ModuleState::Source(_) | ModuleState::Unknown => {}
        }
    }
    Fate::Keep
}
