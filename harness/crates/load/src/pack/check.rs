//! Whether a pack's sources are still those that it was made from.
//!
//! This can take as long as building the records does, so all but small packs are checked on a second thread
//! (`opening`), and by both threads once the records are built. Nothing of the program runs before it has come out
//! well.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::io::Errno;

use jsc_module_cache::pack::{FileStatus, VerifiedPack};
use jsc_module_cache::{Miss, MissReason, SourceHash};
use resolve::{KnownPackages, ModuleKey, Resolver};
use sample::Check;

use crate::source_file::{decoded, read_real_source};

/// A check under way: any number of threads may [`Checker::work`] at it.
pub struct Checker {
    pack: Arc<VerifiedPack>,
    check: Check,
    /// A test's: the module with this key is seen as changed.
    changed: Option<String>,
    known: Arc<KnownPackages>,
    next: AtomicUsize,
    failed: AtomicBool,
    done: Mutex<Done>,
}

/// What a check has come to.
#[derive(Debug, Default)]
pub struct Done {
    /// Why the pack is stale: the module, and what is wrong. Of several, that of the first module.
    pub stale: Option<(usize, Miss)>,
    /// The sources that were read, by the modules' numbers.
    pub sources: Vec<(usize, Vec<u8>)>,
}

impl Checker {
    /// A check of all modules of `pack`.
    pub fn new(pack: Arc<VerifiedPack>, check: Check) -> Self {
        let known = match check {
            Check::None => KnownPackages::default(),
            Check::Content | Check::Stat => KnownPackages::from_json(pack.packages()),
        };
        Self {
            known: Arc::new(known),
            pack,
            check,
            changed: None,
            next: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            done: Mutex::default(),
        }
    }

    /// The same, that sees the source of the module `key` as another than it is.
    pub fn with_changed(mut self, key: Option<String>) -> Self {
        self.changed = key;
        self
    }

    /// The pack that is checked.
    pub fn pack(&self) -> Arc<VerifiedPack> {
        Arc::clone(&self.pack)
    }

    /// Checks modules until none is left or one is stale.
    pub fn work(&self) {
        if self.check == Check::None {
            return;
        }
        let mut resolver = Resolver::with_known(Arc::clone(&self.known));
        let mut sources = Vec::new();
        while !self.failed.load(Ordering::Relaxed) {
            let module = self.next.fetch_add(1, Ordering::Relaxed);
            if module >= self.pack.len() {
                break;
            }
            match self.module(module, &mut resolver) {
                Ok(source) => sources.extend(source.map(|it| (module, it))),
                Err(miss) => {
                    self.failed.store(true, Ordering::Relaxed);
                    let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
                    if done.stale.as_ref().is_none_or(|(first, _)| module < *first) {
                        done.stale = Some((module, miss));
                    }
                }
            }
        }
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.sources.append(&mut sources);
    }

    /// What the check has come to, when all threads have worked.
    pub fn finish(&self) -> Done {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut done)
    }

    /// Checks one module; gives its source if it had to be read.
    fn module(&self, module: usize, resolver: &mut Resolver) -> Result<Option<Vec<u8>>, Miss> {
        let text = self.pack.key(module);
        let key = ModuleKey::from_url(text)
            .map_err(|error| Miss::new(MissReason::Identity, error.to_string()))?;
        let source = self.source(module, key.path())?;
        self.requests(module, &key, resolver)?;
        Ok(source)
    }

    fn source(&self, module: usize, path: &Path) -> Result<Option<Vec<u8>>, Miss> {
        let expected = self.pack.source(module);
        if self.check == Check::Stat
            && !self.is_changed(module)
            && expected.status != FileStatus::default()
            && status_of(path) == Some((expected.length, expected.status))
        {
            return Ok(None);
        }
        let source = read_real_source(path).map_err(|error| {
            if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
                let what = format!("{} has become a symbolic link", path.display());
                return Miss::new(MissReason::Dependencies, what);
            }
            let what = format!("cannot read {}: {error}", path.display());
            Miss::new(MissReason::Source, what)
        })?;
        let source = match self.same_source(module, &source) {
            Ok(()) => source,
            Err(miss) => {
                let text = decoded(&source).ok_or(miss)?;
                self.same_source(module, &text)?;
                text
            }
        };
        Ok(Some(source).filter(|_| !expected.is_json))
    }

    /// Whether a module was made from this source.
    fn same_source(&self, module: usize, source: &[u8]) -> Result<(), Miss> {
        let expected = self.pack.source(module);
        if source.len() as u64 != expected.length {
            return Err(Miss::new(
                MissReason::Source,
                format!(
                    "made from {} bytes of source, now {}",
                    expected.length,
                    source.len()
                ),
            ));
        }
        let hash = match self.is_changed(module) {
            false => SourceHash::of(source),
            true => SourceHash::of(&[source, &b" "[..]].concat()),
        };
        if hash != expected.hash {
            return Err(Miss::new(
                MissReason::Source,
                format!("made from source {}, now {hash}", expected.hash),
            ));
        }
        Ok(())
    }

    /// Whether a test wants the module to be seen as changed.
    fn is_changed(&self, module: usize) -> bool {
        self.changed.as_deref() == Some(self.pack.key(module))
    }

    fn requests(
        &self,
        module: usize,
        key: &ModuleKey,
        resolver: &mut Resolver,
    ) -> Result<(), Miss> {
        let requests = self.pack.requests(module);
        for (request, target) in requests.iter().zip(self.pack.edges(module)) {
            let dependencies = |what: String| Miss::new(MissReason::Dependencies, what);
            let specifier = request
                .specifier
                .to_utf8()
                .ok_or_else(|| dependencies("a specifier with a lone surrogate".to_owned()))?;
            let then = self.pack.key(target);
            // What a module of the pack is, its own check finds out.
            if resolver.plainly_means(&specifier, key, then) {
                continue;
            }
            let now = resolver
                .resolve(&specifier, key)
                .map_err(|error| dependencies(error.to_string()))?;
            if now.as_str() != then {
                return Err(dependencies(format!(
                    "'{specifier}' led to {then}, now to {}",
                    now.as_str()
                )));
            }
        }
        Ok(())
    }
}

/// The module that makes a pack stale now, and what is wrong with it; of several, that of the first one found.
pub fn stale_module(pack: VerifiedPack) -> Option<(String, Miss)> {
    let pack = Arc::new(pack);
    let checker = Checker::new(Arc::clone(&pack), Check::Content);
    checker.work();
    let (module, miss) = checker.finish().stale?;
    Some((pack.key(module).to_owned(), miss))
}

/// Length and status of a file; `None` when it cannot be looked at.
pub fn status_of(path: &Path) -> Option<(u64, FileStatus)> {
    let metadata = fs::symlink_metadata(path).ok()?;
    let nanoseconds =
        |seconds: i64, rest: i64| seconds.checked_mul(1_000_000_000)?.checked_add(rest);
    let status = FileStatus {
        modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec())?,
        changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec())?,
        inode: metadata.ino(),
        device: metadata.dev(),
    };
    Some((metadata.len(), status))
}
