//! Reading ahead: sources and entries are read and checked on a second thread before the engine asks for them.
//!
//! Only a cache of module records can do this. An entry says which modules its module requests, so the whole static
//! closure is known long before JSC's loader, which goes from promise to promise, gets there. What is read ahead is what
//! would be read anyway: the same files, the same checks, the same misses. What the loader has not asked for when it has
//! nothing more to do, or when something has failed, is forgotten: the file may be another one when it is asked for.
//!
//! The two threads hardly ever wait for each other, because waking a sleeping thread takes longer than reading a module.
//! The reading thread leaves what it has in an inbox; what is not there in time, the loading thread reads itself. It
//! takes the requests of a module from the last to the first, since the loader comes from the other end.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hint::spin_loop;
use std::mem;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::entries::LookUp;
use crate::gather::ReadModule;
use crate::source_file::read_source;
use jsc_module_cache::VerifiedEntry;
use jsc_module_cache::record::{Attributes, Request};
use resolve::{ModuleKey, Resolver, Rules};

/// So many modules must be known to be coming before a thread is worth its start: tens of microseconds, which is what
/// reading two or three modules takes.
const WORTH_A_THREAD: usize = 8;

/// How long the loading thread waits for a module that the reading thread has in hand: about as long as reading one.
const PATIENCE: Duration = Duration::from_micros(30);

/// The loading thread's side.
pub struct Reader {
    look_up: Arc<LookUp>,
    rules: Arc<Rules>,
    /// What is to be followed when there is a thread.
    waiting: Vec<Follow>,
    /// How many requests these modules have.
    requests: usize,
    thread: Option<Thread>,
    /// There will be none: it could not be started.
    refused: bool,
    /// Whether all that follows is to be forgotten, before anything else is done.
    is_stale: bool,
    received: HashMap<ModuleKey, ReadModule>,
    /// What the specifiers in each referrer mean.
    resolved: HashMap<ModuleKey, HashMap<String, ModuleKey>>,
}

struct Thread {
    shared: Arc<Shared>,
    follow: Option<Sender<Follow>>,
    handle: Option<JoinHandle<()>>,
}

/// The requests of a module that has been read.
struct Follow {
    referrer: ModuleKey,
    requests: Vec<Request>,
    /// The [`Shared::generation`] that it belongs to.
    generation: u64,
}

#[derive(Default)]
struct Shared {
    /// What the loading thread has not collected yet.
    inbox: Mutex<Vec<Item>>,
    /// Whether the inbox holds anything.
    mail: AtomicBool,
    /// Modules that one of the threads has read or is reading.
    taken: Mutex<HashSet<ModuleKey>>,
    /// Goes up when everything is forgotten: what belongs to an earlier one is dropped.
    generation: AtomicU64,
    stop: AtomicBool,
}

/// A request that was followed.
struct Item {
    generation: u64,
    referrer: ModuleKey,
    specifier: String,
    key: ModuleKey,
    /// Nothing if the other thread was first, or the file cannot be read.
    module: Option<ReadModule>,
}

impl Reader {
    /// A reader that finds entries with `look_up`, and modules by these rules.
    pub fn new(look_up: Arc<LookUp>, rules: Arc<Rules>) -> Self {
        Self {
            look_up,
            rules,
            waiting: Vec::new(),
            requests: 0,
            thread: None,
            refused: false,
            is_stale: false,
            received: HashMap::new(),
            resolved: HashMap::new(),
        }
    }

    /// Forgets everything that nobody has asked for.
    pub fn forget(&mut self) {
        self.is_stale = true;
    }

    /// The module, if it was read ahead; otherwise the caller has to read it.
    pub fn take(&mut self, key: &ModuleKey) -> Option<ReadModule> {
        self.start_anew_if_stale();
        let shared = Arc::clone(&self.thread.as_ref()?.shared);
        self.collect(&shared);
        if let Some(module) = self.received.remove(key) {
            return Some(module);
        }
        if lock(&shared.taken).insert(key.clone()) {
            return None;
        }
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            spin_loop();
            self.collect(&shared);
            if let Some(module) = self.received.remove(key) {
                return Some(module);
            }
        }
        None
    }

    /// What `specifier` means in `referrer`, if the reading thread has come by it.
    pub fn resolved(&mut self, specifier: &str, referrer: &ModuleKey) -> Option<ModuleKey> {
        self.start_anew_if_stale();
        let shared = Arc::clone(&self.thread.as_ref()?.shared);
        self.collect(&shared);
        self.resolved.get(referrer)?.get(specifier).cloned()
    }

    /// Reads on from a module that the caller had to read itself.
    pub fn follow(&mut self, referrer: &ModuleKey, entry: &VerifiedEntry) {
        if self.refused {
            return;
        }
        self.start_anew_if_stale();
        let requests = entry.requests();
        if requests.is_empty() {
            return;
        }
        self.requests += requests.len();
        self.waiting.push(Follow {
            referrer: referrer.clone(),
            requests,
            generation: self.generation(),
        });
        if self.thread.is_none() && self.requests >= WORTH_A_THREAD {
            self.thread = Thread::start(&self.look_up, &self.rules);
            self.refused = self.thread.is_none();
        }
        if let Some(follow) = self.thread.as_ref().and_then(|it| it.follow.as_ref()) {
            for module in self.waiting.drain(..) {
                // A thread that is gone reads nothing, and the caller reads everything itself.
                let _ = follow.send(module);
            }
        }
    }

    fn generation(&self) -> u64 {
        let shared = self.thread.as_ref().map(|it| &it.shared);
        shared.map_or(0, |it| it.generation.load(Ordering::Relaxed))
    }

    // Not when it is told to forget: most programs load nothing more, and dropping takes time.
    fn start_anew_if_stale(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        self.waiting.clear();
        self.requests = 0;
        self.received.clear();
        self.resolved.clear();
        if let Some(thread) = &self.thread {
            thread.shared.generation.fetch_add(1, Ordering::Relaxed);
            lock(&thread.shared.taken).clear();
        }
    }

    fn collect(&mut self, shared: &Shared) {
        if !shared.mail.load(Ordering::Acquire) {
            return;
        }
        let items = {
            let mut inbox = lock(&shared.inbox);
            shared.mail.store(false, Ordering::Relaxed);
            mem::take(&mut *inbox)
        };
        let generation = self.generation();
        for item in items.into_iter().filter(|it| it.generation == generation) {
            if let Some(module) = item.module {
                self.received.insert(item.key.clone(), module);
            }
            self.resolved
                .entry(item.referrer)
                .or_default()
                .insert(item.specifier, item.key);
        }
    }
}

impl Thread {
    fn start(look_up: &Arc<LookUp>, rules: &Arc<Rules>) -> Option<Self> {
        let shared = Arc::new(Shared::default());
        let (follow, follows) = channel();
        let work = Work {
            shared: Arc::clone(&shared),
            look_up: Arc::clone(look_up),
            resolver: Resolver::by(rules),
            rules: Arc::clone(rules),
            generation: 0,
        };
        let handle = thread::Builder::new()
            .name("read-ahead".to_owned())
            .spawn(move || work.run(&follows))
            .ok()?;
        Some(Self {
            shared,
            follow: Some(follow),
            handle: Some(handle),
        })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.follow = None;
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

/// What the reading thread does.
struct Work {
    shared: Arc<Shared>,
    look_up: Arc<LookUp>,
    rules: Arc<Rules>,
    resolver: Resolver,
    /// The generation of what the resolver knows.
    generation: u64,
}

impl Work {
    fn run(mut self, follows: &Receiver<Follow>) {
        // On Linux this is the thread's own. With JSC's compiler threads there may be more to do than processors, and
        // this is what can wait.
        let _ = rustix::process::nice(10);
        while let Ok(first) = follows.recv() {
            // Breadth-first, as the loader goes.
            let mut queue = VecDeque::from([first]);
            while let Some(module) = queue.pop_front() {
                for request in module.requests.into_iter().rev() {
                    if self.shared.stop.load(Ordering::Relaxed) {
                        return;
                    }
                    if self.shared.generation.load(Ordering::Relaxed) != module.generation {
                        break;
                    }
                    queue.extend(self.read(module.generation, &module.referrer, &request));
                }
                queue.extend(follows.try_iter());
            }
        }
    }

    /// Resolves a request and reads its module, if nobody has yet; returns what is to be followed then. What leads
    /// nowhere or cannot be read is left to the loading thread, which knows what to say.
    fn read(&mut self, generation: u64, referrer: &ModuleKey, request: &Request) -> Option<Follow> {
        let specifier = request.specifier.to_utf8()?;
        if self.generation != generation {
            // What it knows is as old as what was forgotten.
            self.resolver = Resolver::by(&self.rules);
            self.generation = generation;
        }
        let key = self.resolver.resolve(&specifier, referrer).ok()?;
        let module =
            if is_javascript(request, key.path()) && lock(&self.shared.taken).insert(key.clone()) {
                read_source(key.path())
                    .ok()
                    .map(|source| ReadModule::of(&*self.look_up, &key, source, true))
            } else {
                None
            };
        let follow = module
            .as_ref()
            .and_then(|it| it.entry.as_ref().ok())
            .map(|entry| Follow {
                referrer: key.clone(),
                requests: entry.requests(),
                generation,
            });
        lock(&self.shared.inbox).push(Item {
            generation,
            referrer: referrer.clone(),
            specifier,
            key,
            module,
        });
        self.shared.mail.store(true, Ordering::Release);
        follow
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_javascript(request: &Request, path: &Path) -> bool {
    !matches!(
        request.attributes,
        Attributes::Json | Attributes::WebAssembly
    ) && path
        .extension()
        .is_none_or(|it| it != "json" && it != "wasm")
}
