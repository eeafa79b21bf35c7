//! The processes of one cell: the same workload on the same engine in different ways.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::mixed::MixedSample;
use super::mutant::Mutant;
use super::stale::StaleSample;
use crate::installed::InstalledEngine;
use crate::load::{CacheMode, LoadPath};
use crate::measure::WorkerFailure;
use crate::measure::sample::Sample;
use crate::measure::spawn::{Finished, WorkerCall};
use clap::ValueEnum;

/// What all processes of a cell have in common.
#[derive(Debug, Clone, Copy)]
pub struct Workers<'a> {
    pub engine: &'a InstalledEngine,
    pub entry: &'a Path,
    pub cache: &'a Path,
    pub time_limit: Duration,
    pub mutant: Option<Mutant>,
}

/// How much a worker tells of what it observes: see `worker --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    Digest,
    Outcome,
    Full,
}

impl Tell {
    fn argument(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Outcome => "outcome",
            Self::Full => "full",
        }
    }
}

type Ran<T> = Result<Finished<T>, WorkerFailure>;

impl Workers<'_> {
    /// Parses.
    pub fn parse(&self, tell: Tell) -> Ran<Sample> {
        self.call(LoadPath::Parse, tell).run()
    }

    /// Parses, with true lines.
    pub fn parse_with_true_lines(&self, tell: Tell) -> Ran<Sample> {
        let call = self.call(LoadPath::Parse, tell);
        call.flag("--true-lines").run()
    }

    /// Writes the entries of everything.
    pub fn write(&self) -> Ran<Sample> {
        self.call(LoadPath::Full, Tell::Digest)
            .cache(CacheMode::Auto, self.cache)
            .run()
    }

    /// Makes a pack of everything that the entry imports.
    pub fn pack(&self) -> Ran<Sample> {
        self.call(LoadPath::Graph, Tell::Digest)
            .cache(CacheMode::Auto, self.cache)
            .run()
    }

    /// Loads by a path.
    pub fn read(&self, path: LoadPath, tell: Tell) -> Ran<Sample> {
        self.reading(path, tell).run()
    }

    /// Loads by a path and compares each record with the parser's.
    pub fn validate(&self, path: LoadPath) -> Ran<Sample> {
        self.reading(path, Tell::Digest).flag("--validate").run()
    }

    /// Loads with subsets of the entries, or with one of them.
    pub fn mixed(
        &self,
        path: LoadPath,
        count: u64,
        seed: u64,
        only: Option<u64>,
    ) -> Ran<MixedSample> {
        let tell = if only.is_some() {
            Tell::Full
        } else {
            Tell::Digest
        };
        let mut call = self
            .reading(path, tell)
            .argument("--mixed", text(count))
            .argument("--seed", text(seed));
        if let Some(only) = only {
            call = call.argument("--subset", text(only));
        }
        // Many loads, and some of them parse.
        call.time_limit = self.time_limit * 4;
        call.run_for()
    }

    /// Loads from the pack with each of `count` modules seen as changed, or with one of them.
    pub fn stale(&self, count: u64, seed: u64, only: Option<&str>) -> Ran<StaleSample> {
        let tell = match only {
            Some(_) => Tell::Full,
            None => Tell::Digest,
        };
        let mut call = self
            .reading(LoadPath::Graph, tell)
            .argument("--stale", text(count))
            .argument("--seed", text(seed));
        if let Some(only) = only {
            call = call.argument("--stale-module", only);
        }
        // Several loads, and all of them parse.
        call.time_limit = self.time_limit * 4;
        call.run_for()
    }

    fn reading(&self, path: LoadPath, tell: Tell) -> WorkerCall<'_> {
        let call = self.call(path, tell).cache(CacheMode::ReadOnly, self.cache);
        let mutant = self.mutant.and_then(|it| it.to_possible_value());
        match mutant {
            Some(mutant) => call.argument("--mutant", mutant.get_name()),
            None => call,
        }
    }

    fn call(&self, path: LoadPath, tell: Tell) -> WorkerCall<'_> {
        let mut call = WorkerCall::new(self.engine, path, self.entry.as_os_str())
            .argument("--observe", tell.argument());
        call.time_limit = self.time_limit;
        call
    }
}

fn text(number: u64) -> OsString {
    number.to_string().into()
}
