//! Dropping entries that no run will use again.

use std::ffi::CString;
use std::time::SystemTime;

use serde::Serialize;

use crate::cache::miss::miss;
use crate::cache::{Entry, Identity, Miss, MissReason, SourceHash};

use super::save::sweep;
use super::{EntryName, Store};

/// What is worth keeping.
#[derive(Debug, Clone, Copy, Default)]
pub struct GcPolicy<'a> {
    /// The engines in use; entries of others go. `None` keeps entries of every engine.
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
    /// Entries that stay.
    pub kept: Tally,
    /// Entries of engines, options or targets that are not in use.
    pub other_engine: Tally,
    /// Entries of modules that are gone.
    pub gone: Tally,
    /// Entries of modules that have another source now.
    pub stale: Tally,
    /// Files that are no valid entries.
    pub invalid: Tally,
    /// Files that a process which died had not finished.
    pub temporary: Tally,
    /// Entries that could not be read or removed, and why.
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
    /// Removes entries that `policy` does not keep or whose module is not the one they were made for, and old temporary
    /// files. `state_of` says what became of a module, by its key. Readers that have an entry open keep it.
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
            self.collect(&name, policy, &mut state_of, &mut report);
        }
        Ok(report)
    }

    fn collect(
        &self,
        name: &EntryName,
        policy: &GcPolicy<'_>,
        state_of: &mut impl FnMut(&str) -> ModuleState,
        report: &mut GcReport,
    ) {
        let entry = self.load_standalone(name);
        let bytes = match &entry {
            Ok(entry) => entry.as_bytes().len() as u64,
            Err(_) => self.size_of(name),
        };
        let tally = match &entry {
            Ok(entry) if !is_live(entry, policy) => &mut report.other_engine,
            Ok(entry) => match state_of(entry.module_key()) {
                ModuleState::Gone => &mut report.gone,
                ModuleState::Source(source) if source != entry.source_hash() => &mut report.stale,
                ModuleState::Source(_) | ModuleState::Unknown => return report.kept.add(bytes),
            },
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

    fn remove(&self, name: &EntryName) -> Result<(), Miss> {
        self.writable()?.remove(&c_name(name)?)
    }

    fn size_of(&self, name: &EntryName) -> u64 {
        let status = self
            .usable()
            .and_then(|directory| Ok(directory.status(&c_name(name)?)));
        status.ok().flatten().map_or(0, |it| it.st_size as u64)
    }
}

fn c_name(name: &EntryName) -> Result<CString, Miss> {
    CString::new(name.to_string()).map_err(|error| miss!(Io, "{name}: {error}"))
}

fn is_live(entry: &Entry, policy: &GcPolicy<'_>) -> bool {
    policy
        .live
        .is_none_or(|live| live.contains(&entry.identity()))
}
