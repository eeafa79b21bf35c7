//! The history: a folder of result files that is only ever added to.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs, io};

use super::file::{self, RecordError};
use super::run::RunRecord;

/// Names another folder for results than that of the checkout.
const RESULTS_VARIABLE: &str = "HARNESS_RESULTS";

/// What [`use_results`] was told.
static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();

/// From now on results lie in this directory, unless `HARNESS_RESULTS` names another, or one was said before.
pub fn use_results(directory: &Path) {
    let _ = DIRECTORY.set(directory.to_owned());
}

/// Where results lie: what `HARNESS_RESULTS` names, what [`use_results`] was told, or `results` in the checkout.
pub fn results_directory() -> PathBuf {
    named_results()
        .or_else(|| DIRECTORY.get().cloned())
        .unwrap_or_else(|| checkout().join("results"))
}

/// Whether `HARNESS_RESULTS` names where results lie.
pub fn has_named_results() -> bool {
    named_results().is_some()
}

fn named_results() -> Option<PathBuf> {
    let named = env::var_os(RESULTS_VARIABLE).filter(|path| !path.is_empty());
    named.map(PathBuf::from)
}

/// The root of the checkout that this program was built from.
fn checkout() -> &'static Path {
    const CRATE: &str = env!("CARGO_MANIFEST_DIR");
    // harness/crates/record
    Path::new(CRATE)
        .ancestors()
        .nth(3)
        .unwrap_or(Path::new("."))
}

/// A folder of result files.
#[derive(Debug, Clone)]
pub struct History {
    directory: PathBuf,
}

impl History {
    /// The folder `history` of the results.
    pub fn standard() -> Self {
        Self::at(results_directory().join("history"))
    }

    /// Another folder.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
        }
    }

    /// Adds a record as `<id>.json`, and says where it is. Nothing is ever replaced: when a run of that name is there, a
    /// number is appended to this one's.
    pub fn add(&self, record: &RunRecord) -> Result<PathBuf, RecordError> {
        fs::create_dir_all(&self.directory).map_err(|source| RecordError::Write {
            path: self.file_of(record),
            source,
        })?;
        let mut record = record.clone();
        let id = record.run.id.clone();
        for number in 2.. {
            let path = self.file_of(&record);
            match file::write(&record, &path, false) {
                Err(RecordError::Write { source, .. })
                    if source.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(path),
            }
            record.run.id = format!("{id}-{number}");
        }
        unreachable!("there are more numbers than files")
    }

    /// Where a record is, if it was added and no other one had its name.
    pub fn file_of(&self, record: &RunRecord) -> PathBuf {
        self.directory.join(format!("{}.json", record.run.id))
    }

    /// Whether a record can be added: asked for before anything is measured.
    pub fn check_writable(&self) -> Result<(), RecordError> {
        let path = self.directory.join("result.json");
        fs::create_dir_all(&self.directory).map_err(|source| RecordError::Write {
            path: path.clone(),
            source,
        })?;
        file::check_writable(&path)
    }

    /// The files, oldest first: their names begin with the time.
    pub fn files(&self) -> Result<Vec<PathBuf>, RecordError> {
        let wrong = |source| RecordError::Read {
            path: self.directory.clone(),
            source,
        };
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(wrong(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(wrong)?.path();
            if path.extension().is_some_and(|it| it == "json") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}
