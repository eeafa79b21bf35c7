//! What is done with one random graph: loads, and what happens between them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use sample::{CacheMode, LoadPath, Payload};
use workloads::generate::Rng;
use workloads::generate::random::{self, Edit, EditKind};

/// Which numbers decide what is done, and not what is in the graph.
const STEPS: u64 = 2;

/// A graph and what is done with it, one step after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    pub seed: u64,
    pub index: u64,
    /// Which functions its packs hold.
    pub payload: Payload,
    /// Whether a second thread reads ahead.
    pub read_ahead: bool,
    pub steps: Vec<Step>,
    /// The files at first, by path in the graph's folder.
    pub files: BTreeMap<String, String>,
}

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The program is loaded, and must show what it shows when it is parsed.
    Load(Load),
    /// A file is changed.
    Edit(Edit),
    /// A pack is made without running the program.
    Build,
    /// A byte of a cache file is changed, or the file cut; the number decides which.
    Damage(Shelf, u64),
}

/// A load by a cached path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub path: LoadPath,
    pub mode: CacheMode,
    /// Which cache.
    pub cache: Shelf,
    /// Some entries are left out; the number decides which.
    pub without: Option<u64>,
    /// A module of the pack is seen as changed; the number decides which.
    pub stale: Option<u64>,
    /// Each record is built both ways.
    pub validate: bool,
}

/// The caches of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shelf {
    /// Filled by the path `full`.
    Entries,
    /// Filled by the path `graph`.
    Packs,
    /// A pack that was built without running the program.
    Built,
}

impl Scenario {
    /// The graph of this seed and index, and what is done with it on these paths.
    pub fn draw(seed: u64, index: u64, paths: &[LoadPath]) -> Self {
        let mut rng = random::rng(seed, index, STEPS);
        let files = random::graph(seed, index).files().clone();
        let mut steps = Vec::new();
        first_loads(&mut rng, &mut steps);
        let mut edited = files.clone();
        for _ in 0..rng.below(3) {
            edits(&mut rng, &mut steps, &mut edited);
            later_loads(&mut rng, &mut steps);
        }
        steps.retain(|it| match it {
            // What fills the cache stays.
            Step::Load(load) => paths.contains(&load.path) || load.mode == CacheMode::Auto,
            _ => true,
        });
        let all = rng.below(4) == 0;
        Self {
            seed,
            index,
            payload: if all { Payload::All } else { Payload::Executed },
            read_ahead: rng.below(3) > 0,
            steps,
            files,
        }
    }
}

fn first_loads(rng: &mut Rng, steps: &mut Vec<Step>) {
    let once_in = |rng: &mut Rng, of: usize| rng.below(of) == 0;
    steps.push(fills(LoadPath::Full, Shelf::Entries));
    steps.push(reads(LoadPath::Bytecode, Shelf::Entries).step());
    let validate = once_in(rng, 4);
    steps.push(
        Load {
            validate,
            ..reads(LoadPath::Full, Shelf::Entries)
        }
        .step(),
    );
    steps.push(reads(LoadPath::Full, Shelf::Entries).without(rng).step());
    steps.push(reads(LoadPath::Graph, Shelf::Entries).step());
    if once_in(rng, 2) {
        steps.push(reads(LoadPath::Graph, Shelf::Entries).without(rng).step());
    }
    steps.push(fills(LoadPath::Graph, Shelf::Packs));
    steps.push(reads(LoadPath::Graph, Shelf::Packs).step());
    if once_in(rng, 2) {
        let stale = Some(rng.next() >> 16);
        let load = Load {
            stale,
            ..reads(LoadPath::Graph, Shelf::Packs)
        };
        steps.push(load.step());
    }
    if once_in(rng, 3) {
        steps.push(Step::Build);
        steps.push(reads(LoadPath::Graph, Shelf::Built).step());
    }
}

fn edits(rng: &mut Rng, steps: &mut Vec<Step>, files: &mut BTreeMap<String, String>) {
    for _ in 0..=rng.below(2) {
        let edit = Edit::draw(rng, files);
        // Without an entry module there is nothing to load.
        if edit.file == "entry.mjs" && edit.kind == EditKind::Delete {
            continue;
        }
        edit.apply(files);
        steps.push(Step::Edit(edit));
    }
    if rng.below(12) == 0 {
        let shelf = *rng.pick(&[Shelf::Entries, Shelf::Packs]);
        steps.push(Step::Damage(shelf, rng.next() >> 16));
    }
}

fn later_loads(rng: &mut Rng, steps: &mut Vec<Step>) {
    for _ in 0..2 {
        let load = match rng.below(6) {
            0 | 1 => reads(LoadPath::Graph, Shelf::Packs),
            2 => reads(LoadPath::Graph, Shelf::Built),
            3 => reads(LoadPath::Graph, Shelf::Entries),
            4 => reads(LoadPath::Full, Shelf::Entries),
            _ => reads(LoadPath::Bytecode, Shelf::Entries),
        };
        steps.push(load.step());
    }
    let (path, shelf) = match rng.below(3) {
        0 => (LoadPath::Full, Shelf::Entries),
        1 => (LoadPath::Graph, Shelf::Entries),
        _ => (LoadPath::Graph, Shelf::Packs),
    };
    steps.push(fills(path, shelf));
    steps.push(reads(path, shelf).step());
}

fn fills(path: LoadPath, cache: Shelf) -> Step {
    Load {
        mode: CacheMode::Auto,
        ..reads(path, cache)
    }
    .step()
}

fn reads(path: LoadPath, cache: Shelf) -> Load {
    Load {
        path,
        mode: CacheMode::ReadOnly,
        cache,
        without: None,
        stale: None,
        validate: false,
    }
}

impl Load {
    fn step(self) -> Step {
        Step::Load(self)
    }

    fn without(self, rng: &mut Rng) -> Self {
        Self {
            without: Some(rng.next() >> 16),
            ..self
        }
    }
}

impl Shelf {
    /// Its directory among those of a graph.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Packs => "packs",
            Self::Built => "built",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(load) => write!(out, "{load}"),
            Self::Edit(Edit { file, kind }) => match kind {
                EditKind::Append(line) => write!(out, "append to {file}: {line}"),
                EditKind::Prepend(line) => write!(out, "put at the beginning of {file}: {line}"),
                EditKind::DropLine(number) => write!(out, "drop line {number} (wraps) of {file}"),
                EditKind::Replace(from, to) => write!(out, "in {file} replace {from:?} by {to:?}"),
                EditKind::CopyOf(other) => write!(out, "copy {other} to {file}"),
                EditKind::Delete => write!(out, "delete {file}"),
                EditKind::Touch => write!(out, "write {file} anew, unchanged"),
            },
            Self::Build => write!(out, "build a pack without running the program"),
            Self::Damage(shelf, number) => write!(out, "damage {} ({number})", shelf.name()),
        }
    }
}

impl fmt::Display for Load {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, mode) = (self.path.name(), self.mode.name());
        write!(out, "load by {path}, {mode}, from {}", self.cache.name())?;
        if let Some(without) = self.without {
            write!(out, ", entries left out ({without})")?;
        }
        if let Some(stale) = self.stale {
            write!(out, ", one module stale ({stale})")?;
        }
        match self.validate {
            true => write!(out, ", validated"),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: &[LoadPath] = &[LoadPath::Bytecode, LoadPath::Full, LoadPath::Graph];

    #[test]
    fn the_same_for_the_same_seed_and_index() {
        assert_eq!(Scenario::draw(1, 2, PATHS), Scenario::draw(1, 2, PATHS));
        assert_ne!(Scenario::draw(1, 2, PATHS), Scenario::draw(1, 3, PATHS));
    }

    /// The seventh of the reports that `workloads` has tests of: damaged bytecode, read by every path.
    #[test]
    fn damaged_files_bun_31961() {
        for path in PATHS {
            let read = (0..500).any(|index| {
                let steps = Scenario::draw(1, index, PATHS).steps;
                let damaged = steps.iter().position(|it| matches!(it, Step::Damage(..)));
                damaged.is_some_and(|at| {
                    let mut later = steps[at..].iter();
                    later.any(|it| matches!(it, Step::Load(load) if load.path == *path))
                })
            });
            assert!(read, "{path:?}");
        }
    }

    #[test]
    fn paths_that_are_not_wanted_only_fill() {
        for index in 0..50 {
            for step in Scenario::draw(1, index, &[LoadPath::Full]).steps {
                if let Step::Load(load) = step {
                    assert!(load.path == LoadPath::Full || load.mode == CacheMode::Auto);
                }
            }
        }
    }
}
