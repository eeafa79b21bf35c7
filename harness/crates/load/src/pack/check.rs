//! Whether a pack's sources are still those that it was made from.
//!
//! This can take as long as building the records does, so all but small packs are checked on a second thread
//! (`opening`), and by both threads once the records are built. Nothing of the program runs before it has come out
//! well.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustix::fs::StatVfsMountFlags;
use rustix::io::Errno;

use jsc_module_cache::pack::{FileStatus, VerifiedPack};
use jsc_module_cache::{Miss, MissReason, SourceHash};
use resolve::{KnownPackages, ModuleKey, Resolver, Rules};
use sample::Check;

use crate::program::Program;
use crate::source_file::{decoded, read_real_source};

/// A check under way: any number of threads may [`Checker::work`] at it.
pub struct Checker {
    pack: Arc<VerifiedPack>,
    check: Check,
    /// For [`Check::None`]: a directory that somebody can write to, if there is one.
    unsealed: OnceLock<Option<PathBuf>>,
    /// A test's: the module with this key is seen as changed.
    changed: Option<String>,
    rules: Arc<Rules>,
    known: OnceLock<Arc<KnownPackages>>,
    next: AtomicUsize,
    done: Mutex<Done>,
}

/// What a check has come to.
#[derive(Debug, Default)]
pub struct Done {
    /// What is not as it was, by the modules' numbers.
    pub changes: BTreeMap<usize, Change>,
    /// The sources that were read and are as they were, by the modules' numbers.
    pub sources: Vec<(usize, Vec<u8>)>,
    /// A directory for the sake of which [`Check::None`] was not followed.
    pub unsealed: Option<PathBuf>,
}

/// What is not as it was of a module.
#[derive(Debug)]
pub enum Change {
    /// Its source.
    Source(Miss),
    /// Where its requests lead.
    Requests(Miss),
}

impl Change {
    /// It as the reason of a miss.
    pub fn miss(&self) -> &Miss {
        match self {
            Self::Source(miss) | Self::Requests(miss) => miss,
        }
    }
}

impl Checker {
    /// A check of all modules of `pack`.
    pub fn new(pack: Arc<VerifiedPack>, check: Check) -> Self {
        Self {
            pack,
            check,
            unsealed: OnceLock::new(),
            known: OnceLock::new(),
            changed: None,
            rules: Arc::default(),
            next: AtomicUsize::new(0),
            done: Mutex::default(),
        }
    }

    /// The same, by other rules of resolution than Node's.
    pub fn by(mut self, rules: &Arc<Rules>) -> Self {
        self.rules = Arc::clone(rules);
        self
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

    /// Checks modules until none is left.
    pub fn work(&self) {
        let check = match self.check {
            Check::None if self.unsealed().is_some() => Check::Stat,
            Check::None | Check::Unsealed => return,
            check => check,
        };
        let known = || Arc::new(KnownPackages::from_json(self.pack.packages()));
        let mut resolver =
            Resolver::by(&self.rules).with_known(Arc::clone(self.known.get_or_init(known)));
        let (mut sources, mut changes) = (Vec::new(), BTreeMap::new());
        loop {
            let module = self.next.fetch_add(1, Ordering::Relaxed);
            if module >= self.pack.len() {
                break;
            }
            let (source, change) = self.module(module, check, &mut resolver);
            sources.extend(source.map(|it| (module, it)));
            changes.extend(change.map(|it| (module, it)));
        }
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.sources.append(&mut sources);
        done.changes.append(&mut changes);
    }

    /// What the check has come to, when all threads have worked.
    pub fn finish(&self) -> Done {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        Done {
            unsealed: self.unsealed.get().cloned().flatten(),
            ..std::mem::take(&mut *done)
        }
    }

    /// The first directory of the sources that somebody can write to.
    fn unsealed(&self) -> Option<&Path> {
        let first = || {
            let mut seen = HashSet::new();
            let keys = (0..self.pack.len()).map(|it| self.pack.key(it));
            // One of each directory.
            let mut keys = keys.filter(|it| seen.insert(it.rsplit_once('/').map(|it| it.0)));
            keys.find_map(|key| {
                let key = ModuleKey::from_url(key).ok()?;
                let directory = key.path().parent()?;
                is_writable(directory).then(|| directory.to_owned())
            })
        };
        self.unsealed.get_or_init(first).as_deref()
    }

    /// Checks one module; gives its source if it had to be read and is as it was, and what is not.
    fn module(
        &self,
        module: usize,
        check: Check,
        resolver: &mut Resolver,
    ) -> (Option<Vec<u8>>, Option<Change>) {
        let key = match ModuleKey::from_url(self.pack.key(module)) {
            Ok(key) => key,
            Err(error) => {
                let miss = Miss::new(MissReason::Identity, error.to_string());
                return (None, Some(Change::Source(miss)));
            }
        };
        match self.source(module, check, key.path()) {
            Ok(source) => {
                let requests = self.requests(module, &key, resolver);
                (source, requests.err().map(Change::Requests))
            }
            Err(miss) => (None, Some(Change::Source(miss))),
        }
    }

    fn source(&self, module: usize, check: Check, path: &Path) -> Result<Option<Vec<u8>>, Miss> {
        let expected = self.pack.source(module);
        if check == Check::Stat
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

/// The module that makes a pack of `program` stale now, and what is wrong with it; of several, that of the first one found.
pub fn stale_module(pack: VerifiedPack, program: &Program) -> Option<(String, Miss)> {
    let pack = Arc::new(pack);
    let checker = Checker::new(Arc::clone(&pack), Check::Content).by(&program.rules);
    checker.work();
    let changes = checker.finish().changes;
    let (module, change) = changes.first_key_value()?;
    Some((pack.key(*module).to_owned(), change.miss().clone()))
}

/// Whether anybody, its owner included, may write to a directory; or nobody knows.
fn is_writable(directory: &Path) -> bool {
    let mode = fs::metadata(directory).map(|it| it.permissions().mode());
    let is_read_only = || {
        let flags = rustix::fs::statvfs(directory).map(|it| it.f_flag);
        flags.is_ok_and(|it| it.contains(StatVfsMountFlags::RDONLY))
    };
    mode.map_or(true, |it| it & 0o222 != 0) && !is_read_only()
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
