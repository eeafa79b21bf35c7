//! One scenario in this process.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::Engine;
use jsc_module_cache::store::{Access, Loading};
use jsc_module_cache::{Miss, MissReason, Store};
use load::{Alter, Interference, build_pack, work};
use observation::diff;
use resolve::ModuleKey;
use sample::{
    CacheMode, CacheUse, Check, Excused, LoadPath, Mutant, Observe, OutcomeKind, PackUse, Sample,
    Task, WhyUnwritten,
};

use super::job::GraphReport;
use super::scenario::{Load, Scenario, Shelf, Step};
use crate::error::Error;
use crate::mutant;
use crate::report::{Finding, FindingKind};

/// Differences that a finding tells.
const DIFFERENCES: usize = 8;

/// Where scenarios are played.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub engine: &'a Engine,
    /// Its name in `engine list`.
    pub name: &'a str,
    /// Of the graph and its caches.
    pub directory: &'a Path,
    pub mutant: Option<Mutant>,
}

/// A scenario that is played.
pub struct Stage<'a> {
    pub place: Place<'a>,
    pub scenario: &'a Scenario,
    /// Hears of each load before it begins: the step, and what it is.
    pub began: &'a mut dyn FnMut(usize, &str),
}

/// What is known at a step.
#[derive(Default)]
struct State {
    files: BTreeMap<String, String>,
    /// What parsing these files shows.
    reference: Option<Shown>,
    /// The last load that filled each cache, if nothing has changed since.
    filled: BTreeMap<(Shelf, bool), Sample>,
    /// Whether a file was changed, so that the program may run functions that an older pack does not hold.
    is_edited: bool,
}

/// What a load came to; or why there was none.
type Shown = Result<Box<Sample>, String>;

impl Stage<'_> {
    /// Plays it to its end, or to the first thing that is wrong.
    pub fn play(&mut self, observe: Observe) -> Result<GraphReport, Error> {
        let mut report = GraphReport {
            index: self.scenario.index,
            modules: 0,
            outcome: None,
            linked: false,
            loads: 0,
            hits: 0,
            finding: None,
        };
        let mut state = self.begin()?;
        for (number, step) in self.scenario.steps.iter().enumerate() {
            let Step::Load(load) = step else {
                self.change(step, &mut state)?;
                continue;
            };
            if state.reference.is_none() {
                (self.began)(number, super::PARSE);
                let parsed = self.parse(observe);
                if let (Ok(parsed), None) = (&parsed, report.outcome) {
                    report.modules = parsed.modules;
                    report.outcome = Some(parsed.outcome.kind);
                    report.linked = parsed.parses.module_code > 0;
                }
                state.reference = Some(parsed);
                report.loads += 1;
            }
            (self.began)(number, &step.to_string());
            let shown = self.load(*load, &state, observe);
            report.loads += 1;
            report.hits += hits(&shown);
            if let Some(wrong) = self.wrong(*load, &state, &shown, number)? {
                report.finding = Some((number, wrong));
                break;
            }
            keep(*load, &mut state, shown);
        }
        Ok(report)
    }

    /// An empty directory with the files as they are at first.
    fn begin(&self) -> Result<State, Error> {
        let _ = fs::remove_dir_all(self.place.directory);
        let files = self.scenario.files.clone();
        for (file, text) in &files {
            self.write(file, Some(text))?;
        }
        Ok(State {
            files,
            ..State::default()
        })
    }

    fn file(&self, file: &str) -> PathBuf {
        self.place.directory.join("graph").join(file)
    }

    fn shelf(&self, shelf: Shelf) -> PathBuf {
        self.place.directory.join(shelf.name())
    }

    fn write(&self, file: &str, text: Option<&str>) -> Result<(), Error> {
        let path = self.file(file);
        let folder = path.parent().unwrap_or(&path);
        let written = match text {
            Some(text) => fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)),
            None => fs::remove_file(&path).or_else(|error| match path.exists() {
                true => Err(error),
                false => Ok(()),
            }),
        };
        written.map_err(|source| Error::Scratch { path, source })
    }

    fn change(&self, step: &Step, state: &mut State) -> Result<(), Error> {
        match step {
            Step::Load(_) => {}
            Step::Edit(edit) => {
                edit.apply(&mut state.files);
                state.reference = None;
                state.filled.clear();
                state.is_edited = true;
                let text = state.files.get(&edit.file).map(String::as_str);
                self.write(&edit.file, text)?;
            }
            Step::Build => {
                if let Ok(entry) = ModuleKey::from_entry(&self.file("entry.mjs")) {
                    let store =
                        Store::open(&self.shelf(Shelf::Built), Access::ReadWrite, Loading::Auto);
                    // A graph that does not link has none, and is parsed.
                    let _ = build_pack(self.place.engine, &entry.into(), None, &store);
                }
            }
            Step::Damage(shelf, number) => {
                state.filled.clear();
                damage(&self.shelf(*shelf), *number);
            }
        }
        Ok(())
    }

    /// What parsing shows, with true lines, as every load from a cache has.
    fn parse(&self, observe: Observe) -> Shown {
        let mut task = self.task(LoadPath::Parse, observe);
        task.true_lines = true;
        self.work(&task, &Interference::default())
    }

    fn task(&self, path: LoadPath, observe: Observe) -> Task {
        Task::new(path, &self.file("entry.mjs")).observing(observe)
    }

    fn work(&self, task: &Task, interference: &Interference) -> Shown {
        let Place { engine, name, .. } = self.place;
        let sample = work(engine, name, task, interference, true);
        sample.map(Box::new).map_err(|it| it.to_string())
    }

    fn load(&self, load: Load, state: &State, observe: Observe) -> Shown {
        let packs = PackUse {
            payload: self.scenario.payload,
            check: Check::Content,
        };
        let mut cache = CacheUse::new(&self.shelf(load.cache), load.mode).packs(packs);
        if load.cache == Shelf::Built {
            cache.payload = sample::Payload::All;
        }
        cache.validate = load.validate && self.place.mutant.is_none();
        cache.read_ahead = self.scenario.read_ahead;
        let mut interference = Interference::default();
        // What fills a cache is not spoiled: the files would be.
        if load.mode == CacheMode::ReadOnly {
            cache.check = self.place.mutant.map_or(cache.check, mutant::check);
            interference.alter = self.place.mutant.map(mutant::alter);
        }
        if let Some(number) = load.without {
            interference.alter = Some(leaving_out(interference.alter, number));
        }
        if let Some(number) = load.stale {
            let files: Vec<&String> = state.files.keys().collect();
            let chosen = number as usize % files.len().max(1);
            let key = files.get(chosen).map(|it| self.file(it));
            let key = key.and_then(|it| ModuleKey::from_entry(&it).ok());
            interference.stale = key.map(|it| it.as_str().to_owned());
        }
        let task = self.task(load.path, observe).with_cache(cache);
        self.work(&task, &interference)
    }

    /// What is wrong with a load.
    fn wrong(
        &mut self,
        load: Load,
        state: &State,
        shown: &Shown,
        number: usize,
    ) -> Result<Option<Finding>, Error> {
        let Some(reference) = &state.reference else {
            return Ok(None);
        };
        let found = |kind, what| Finding {
            kind,
            task: load.to_string(),
            what,
            differences: Vec::new(),
        };
        let what = match (reference, shown) {
            (Ok(parsed), Ok(sample)) if digest(parsed) == digest(sample) => {
                return Ok(not_as_told(load, state, sample).map(|(kind, what)| found(kind, what)));
            }
            (Err(parsed), Err(loaded)) if parsed == loaded => return Ok(None),
            (Ok(_), Ok(_)) => "shows something else than parse".to_owned(),
            (Ok(_), Err(error)) => format!("could not be loaded: {error}"),
            (Err(error), _) => format!("was loaded, where parse says: {error}"),
        };
        let mut finding = found(FindingKind::Different, what);
        self.explain(&mut finding, number)?;
        Ok(Some(finding))
    }

    /// Plays it again up to a step, and says how the two loads differ.
    fn explain(&mut self, finding: &mut Finding, number: usize) -> Result<(), Error> {
        let mut state = self.begin()?;
        let mut last = None;
        for (number, step) in self.scenario.steps.iter().enumerate().take(number + 1) {
            let Step::Load(load) = step else {
                self.change(step, &mut state)?;
                continue;
            };
            (self.began)(number, &format!("{step}, again"));
            last = Some(self.load(*load, &state, Observe::Everything));
        }
        let whole = |it: &Shown| it.as_ref().ok()?.observation.as_ref()?.whole.clone();
        let parsed = [
            whole(&self.parse(Observe::Everything)),
            whole(&self.parse(Observe::Everything)),
        ];
        let loaded = last.as_ref().and_then(whole);
        let [Some(first), Some(second)] = parsed else {
            return Ok(());
        };
        if first.digest != second.digest {
            finding.kind = FindingKind::Unstable;
            "does not show the same each time it is parsed".clone_into(&mut finding.what);
            finding.differences = diff(&first, &second, DIFFERENCES);
        } else if let Some(loaded) = loaded {
            finding.differences = diff(&first, &loaded, DIFFERENCES);
            if finding.differences.is_empty() {
                finding.what.push_str(", but not when it is made again");
            }
        }
        Ok(())
    }
}

/// What a load says of the cache, or of records, that is not so.
fn not_as_told(load: Load, state: &State, sample: &Sample) -> Option<(FindingKind, String)> {
    let cache = sample.cache.as_ref()?;
    if let Some(it) = cache.differences.first() {
        return Some((FindingKind::Record, format!("{}: {}", it.module, it.what)));
    }
    if load.mode != CacheMode::ReadOnly || load.without.is_some() || load.stale.is_some() {
        return None;
    }
    let is_pack = load.path == LoadPath::Graph;
    if is_pack && state.is_edited {
        return None;
    }
    let filled = match state.filled.get(&(load.cache, is_pack)) {
        // Entries serve the path `graph` where there is no pack.
        None if is_pack => state.filled.get(&(load.cache, false)),
        filled => filled,
    }?;
    let by = filled.cache.as_ref()?;
    let entry = by.unwritten.iter().find(|it| it.module == filled.entry);
    if let Some(it) = entry
        && is_pack
    {
        let should_be = filled.outcome.kind == OutcomeKind::Completed
            && filled.path == LoadPath::Graph
            && it.why != WhyUnwritten::Unsupported;
        return should_be.then(|| {
            let what = format!("no pack was made: {}", it.reason);
            (FindingKind::NotServed, what)
        });
    }
    let excused = Excused {
        unwritten: &by.unwritten,
        left_out: by.left_out > 0,
    };
    let why = sample.served(&excused).err()?;
    Some((FindingKind::NotServed, why.to_string()))
}

/// Remembers what fills a cache.
fn keep(load: Load, state: &mut State, shown: Shown) {
    let is_pack = load.path == LoadPath::Graph;
    if let (CacheMode::Auto, Ok(sample)) = (load.mode, shown)
        && !(is_pack && state.is_edited)
    {
        state.filled.insert((load.cache, is_pack), *sample);
    }
}

/// Leaves out about half of the entries. The file's name and the number decide, and not where it lies.
fn leaving_out(before: Option<Alter>, number: u64) -> Alter {
    let leaves = Alter::new(move |key, entry| {
        let file = key.rsplit('/').next().unwrap_or(key);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&number.to_le_bytes());
        hasher.update(file.as_bytes());
        match hasher.finalize().as_bytes()[0] % 2 {
            0 => Err(Miss::new(MissReason::Absent, "left out")),
            _ => Ok(entry),
        }
    });
    match before {
        Some(before) => before.and(leaves),
        None => leaves,
    }
}

/// Changes a byte of one of the files, or cuts it. What cannot be done is left.
fn damage(directory: &Path, number: u64) {
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.is_file())
        .collect();
    files.sort();
    let number = number as usize;
    let Some(file) = files.get(number % files.len().max(1)) else {
        return;
    };
    let Ok(mut bytes) = fs::read(file) else {
        return;
    };
    let at = (number / 64) % bytes.len().max(1);
    match bytes.get_mut(at) {
        Some(_) if number.is_multiple_of(5) => bytes.truncate(at),
        Some(byte) => *byte ^= 1 << (number % 8),
        None => {}
    }
    // A new file in its place: the old one may be mapped.
    let _ = fs::remove_file(file);
    let _ = fs::write(file, bytes);
}

fn hits(shown: &Shown) -> u64 {
    let cache = shown.as_ref().ok().and_then(|it| it.cache.as_ref());
    cache.map_or(0, |it| it.hits)
}

fn digest(sample: &Sample) -> &str {
    sample.observation.as_ref().map_or("", |it| &it.digest)
}
