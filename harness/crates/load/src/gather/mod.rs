//! Gathering: the static closure of an entry is read before anything of it is built.
//!
//! An entry of the cache says which modules its module requests, so the closure can be followed without an engine, by as
//! many threads as there are: one begins while the VM is made. A module without an entry has to be analyzed for its
//! requests, which the engine's thread does. What is read is what the engine's loader would have asked for; nothing runs
//! before the closure is whole.
//!
//! A closure with something that the loader has to say an error about, or that no graph can hold (WebAssembly, or two
//! modules that the engine does not tell apart), is not gathered to its end. What was read is left to the loader.
//!
//! | file | does |
//! | --- | --- |
//! | `graph` | a graph that was gathered whole |
//! | `packed` | what is as it was of a pack |
//! | `targets` | where the requests of a module lead |

mod graph;
mod packed;
mod targets;

pub use graph::{Gathered, GatheredModule, ReadModule, first_importers};
pub use packed::Packed;

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use engine::{EngineBuild, Realm};
use resolve::{ModuleKey, Resolver, Rules};

use crate::entries::LookUp;
use crate::interference::Interference;
use crate::program::Program;
use crate::source_file::read_source;
use targets::{Obstacle, Target, of_analysis, of_record, targets};

/// What was read of a graph that could not be gathered whole, or that the engine did not take.
pub type Leavings = HashMap<ModuleKey, ReadModule>;

/// A closure that is being gathered.
pub struct Gathering {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    look_up: Arc<LookUp>,
    rules: Arc<Rules>,
    packed: Option<Arc<Packed>>,
    /// See [`crate::Interference::poison_sources`].
    poison_sources: bool,
    state: Mutex<State>,
    /// Something was added to the queue, or all is done.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Whether one file may be two modules, one of them JSON.
    tells_types_apart: bool,
    modules: Vec<Found>,
    javascript: HashMap<ModuleKey, usize>,
    json: HashMap<ModuleKey, usize>,
    /// Modules that nobody has read yet.
    queue: VecDeque<usize>,
    /// Modules that have no entry, and whose requests nobody knows yet.
    unknown: VecDeque<usize>,
    /// How many threads read a module now.
    busy: usize,
    /// How many wait for one.
    waiting: usize,
    /// It cannot be gathered to its end.
    failed: bool,
}

struct Found {
    key: ModuleKey,
    is_json: bool,
    read: Option<ReadModule>,
    packed: Option<usize>,
    requests: Vec<(String, usize)>,
}

/// What a module is made from.
enum From {
    File(ReadModule),
    /// A place in the pack.
    Pack(usize),
}

impl Gathering {
    /// Begins with the entry of `program`, whose file is read at once; another thread goes on from there, if `has_thread`.
    pub fn begin(
        program: &Program,
        look_up: Arc<LookUp>,
        build: &EngineBuild,
        has_thread: bool,
        interference: &Interference,
    ) -> Self {
        let shared = Arc::new(Shared {
            poison_sources: interference.poison_sources,
            ..Shared::new(program, look_up, build)
        });
        shared.read_next(&mut shared.resolver(), false);
        let is_worth_it = has_thread && !shared.lock().queue.is_empty();
        let thread = is_worth_it.then(|| {
            let shared = Arc::clone(&shared);
            let work = move || shared.work(&mut shared.resolver(), true);
            thread::Builder::new().name("gather".to_owned()).spawn(work)
        });
        Self {
            shared,
            // Without a thread, the engine's does it all.
            thread: thread.and_then(Result::ok),
        }
    }

    /// Gathers the closure of a program's entry from what is as it was of a pack, and from entries.
    pub fn from_pack(
        program: &Program,
        packed: Packed,
        look_up: Arc<LookUp>,
        build: &EngineBuild,
    ) -> Self {
        let shared = Arc::new(Shared {
            packed: Some(Arc::new(packed)),
            ..Shared::new(program, look_up, build)
        });
        Self {
            shared,
            thread: None,
        }
    }

    /// Takes part until the closure is whole, and analyzes in `realm` what has no entry.
    ///
    /// # Errors
    /// What was read of a closure that cannot be gathered.
    pub fn finish(mut self, realm: &mut Realm<'_>) -> Result<Gathered, Leavings> {
        let mut resolver = self.shared.resolver();
        self.shared.work(&mut resolver, false);
        while let Some((module, key, text)) = self.shared.next_unknown() {
            match realm.analyze(key.as_str(), &text) {
                Some(requests) => {
                    let requests = requests.iter().map(of_analysis);
                    let targets = targets(&mut resolver, &key, requests);
                    self.shared.follow(module, targets);
                }
                None => self.shared.fail(),
            }
            self.shared.work(&mut resolver, false);
        }
        if let Some(thread) = self.thread.take() {
            // What a thread had in hand when it failed was not read.
            if thread.join().is_err() {
                self.shared.fail();
            }
        }
        let state = std::mem::take(&mut *self.shared.lock());
        state.whole(self.shared.packed.clone())
    }
}

impl Drop for Gathering {
    fn drop(&mut self) {
        self.shared.fail();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A thread that panics while it reads must not be waited for.
struct Reading<'a>(&'a Shared);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.end_of_reading(|state| state.failed = true);
    }
}

impl Shared {
    /// A closure of which nothing but the entry's key is known.
    fn new(program: &Program, look_up: Arc<LookUp>, build: &EngineBuild) -> Self {
        let mut state = State {
            tells_types_apart: build.tells_types_apart(),
            ..State::default()
        };
        state.add(&program.entry, false);
        Self {
            look_up,
            rules: Arc::clone(&program.rules),
            packed: None,
            poison_sources: false,
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn resolver(&self) -> Resolver {
        Resolver::by(&self.rules)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads modules until none is left that anybody knows of.
    fn work(&self, resolver: &mut Resolver, ahead: bool) {
        while self.read_next(resolver, ahead) {}
    }

    /// Reads the next module; false when there is none and nobody is reading one that could request another.
    fn read_next(&self, resolver: &mut Resolver, ahead: bool) -> bool {
        let (module, key) = {
            let mut state = self.lock();
            loop {
                if state.failed {
                    return false;
                }
                if let Some(module) = state.queue.pop_front() {
                    state.busy += 1;
                    break (module, state.modules[module].key.clone());
                }
                if state.busy == 0 {
                    return false;
                }
                state.waiting += 1;
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.waiting -= 1;
            }
        };
        let reading = Reading(self);
        let read = self.read(&key, resolver, ahead);
        std::mem::forget(reading);
        self.end_of_reading(|state| match read {
            Ok((from, targets)) => {
                match from {
                    From::File(read) => state.modules[module].read = Some(read),
                    From::Pack(place) => state.modules[module].packed = Some(place),
                }
                match targets {
                    Some(targets) => state.follow(module, targets),
                    None => state.unknown.push_back(module),
                }
            }
            Err(Obstacle) => state.failed = true,
        });
        true
    }

    fn end_of_reading(&self, note: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        state.busy -= 1;
        note(&mut state);
        let is_awaited = state.waiting > 0;
        drop(state);
        // Even when nobody listens, this is a system call.
        if is_awaited {
            self.changed.notify_all();
        }
    }

    /// A module, and where its requests lead if that is known.
    fn read(
        &self,
        key: &ModuleKey,
        resolver: &mut Resolver,
        ahead: bool,
    ) -> Result<(From, Option<Vec<Target>>), Obstacle> {
        if let Some(packed) = &self.packed
            && let Some(place) = packed.place(key, false)
        {
            let targets = packed.targets(place, key, resolver)?;
            return Ok((From::Pack(place), Some(targets)));
        }
        if has_extension(key.path(), "json") {
            return Err(Obstacle);
        }
        let source = read_source(key.path()).map_err(|_| Obstacle)?;
        if source.starts_with(b"\0asm") {
            return Err(Obstacle);
        }
        let mut read = ReadModule::of(&*self.look_up, key, source, ahead);
        let Ok(entry) = &read.entry else {
            return Ok((From::File(read), None));
        };
        let targets = targets(resolver, key, entry.requests().iter().map(of_record))?;
        if self.poison_sources {
            read.source.fill(b'\\');
        }
        Ok((From::File(read), Some(targets)))
    }

    /// The next module that has to be analyzed.
    fn next_unknown(&self) -> Option<(usize, ModuleKey, String)> {
        let mut state = self.lock();
        if state.failed {
            return None;
        }
        let module = state.unknown.pop_front()?;
        let found = &state.modules[module];
        let source = found.read.as_ref().map_or(&[][..], |it| &it.source);
        // One without an entry is UTF-8: what was not, has been replaced by its text.
        match String::from_utf8(source.to_vec()) {
            Ok(text) => Some((module, found.key.clone(), text)),
            Err(_) => {
                state.failed = true;
                None
            }
        }
    }

    fn follow(&self, module: usize, targets: Result<Vec<Target>, Obstacle>) {
        let mut state = self.lock();
        match targets {
            Ok(targets) => state.follow(module, targets),
            Err(Obstacle) => state.failed = true,
        }
    }

    fn fail(&self) {
        self.lock().failed = true;
        self.changed.notify_all();
    }
}

impl State {
    /// The place of a module, which is read if it is new.
    fn add(&mut self, key: &ModuleKey, is_json: bool) -> usize {
        let (known, others) = match is_json {
            true => (&mut self.json, &self.javascript),
            false => (&mut self.javascript, &self.json),
        };
        self.failed |= !self.tells_types_apart && others.contains_key(key);
        if let Some(place) = known.get(key) {
            return *place;
        }
        let place = self.modules.len();
        known.insert(key.clone(), place);
        self.modules.push(Found {
            key: key.clone(),
            is_json,
            read: None,
            packed: None,
            requests: Vec::new(),
        });
        if !is_json {
            self.queue.push_back(place);
        }
        place
    }

    fn follow(&mut self, module: usize, targets: Vec<Target>) {
        let requests = targets.into_iter().map(|target| {
            let place = self.add(&target.key, target.is_json);
            (target.specifier, place)
        });
        let requests: Vec<_> = requests.collect();
        self.modules[module].requests = requests;
    }

    fn whole(self, packed: Option<Arc<Packed>>) -> Result<Gathered, Leavings> {
        if self.failed {
            let read = self.modules.into_iter();
            return Err(read.filter_map(|it| Some((it.key, it.read?))).collect());
        }
        Ok(self.in_order_of_evaluation(packed))
    }

    /// A walk from the entry, depth first, requests in order, each module after those it requests.
    fn in_order_of_evaluation(self, packed: Option<Arc<Packed>>) -> Gathered {
        let mut order = Vec::with_capacity(self.modules.len());
        let mut places = vec![usize::MAX; self.modules.len()];
        let mut seen = vec![false; self.modules.len()];
        let mut stack = vec![(0, 0)];
        seen[0] = true;
        while let Some((module, next)) = stack.last_mut() {
            match self.modules[*module].requests.get(*next) {
                Some((_, target)) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[*target], true) {
                        stack.push((*target, 0));
                    }
                }
                None => {
                    places[*module] = order.len();
                    order.push(*module);
                    stack.pop();
                }
            }
        }
        let mut found: Vec<Option<Found>> = self.modules.into_iter().map(Some).collect();
        let modules = order.into_iter().filter_map(|module| found[module].take());
        let modules = modules.map(|it| {
            let requests = it.requests.into_iter();
            let place = || packed.as_ref()?.place(&it.key, true);
            GatheredModule {
                packed: if it.is_json { place() } else { it.packed },
                key: it.key,
                is_json: it.is_json,
                read: it.read,
                requests: requests.map(|(text, to)| (text, places[to])).collect(),
            }
        });
        let modules = modules.collect();
        let javascript = self.javascript.into_iter();
        Gathered {
            modules,
            places: javascript.map(|(key, at)| (key, places[at])).collect(),
            packed,
        }
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it == extension)
}
