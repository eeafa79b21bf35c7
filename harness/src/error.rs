//! Why a command could not run (exit code 4), or was asked wrongly (exit code 64).

use std::io;
use std::path::PathBuf;

use gate::DocumentError;
use gate::calibrate::BankError;
use gate::replay::ReplayError;
use jsc_module_cache::Miss;
use record::RecordError;
use record::merge::MergeError;
use results::page::LibrariesError;
use results::pictures::PictureError;
use sample::WorkerFailure;

/// Why a command could not run, or was asked wrongly. Errors of a loaded program are not here: they are an outcome.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// An engine cannot be run on.
    #[error(transparent)]
    Workers(#[from] workers::Error),
    /// The engines in the store could not be read.
    #[error(transparent)]
    Provision(#[from] jsc_provision::Error),
    /// A program could not be loaded at all.
    #[error(transparent)]
    Load(#[from] load::Error),
    /// The workloads or suites cannot be had.
    #[error(transparent)]
    Workloads(#[from] workloads::Error),
    /// Measuring could not go on.
    #[error(transparent)]
    Measure(#[from] measure::Error),
    /// A verification could not go on.
    #[error(transparent)]
    Verify(#[from] verify::Error),
    /// The tests of Test262 could not be run.
    #[error(transparent)]
    Test262(#[from] test262::Error),
    /// Instructions cannot be counted.
    #[error(transparent)]
    Counting(#[from] workers::counting::CountingError),
    /// A profile cannot be read or drawn.
    #[error(transparent)]
    Profile(#[from] profile::Error),
    /// A file that a flag names cannot be written.
    #[error("cannot write {flag} {}: {source}", .path.display())]
    Write {
        flag: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// Standard output took less than there was to print.
    #[error("cannot write to standard output: {source}")]
    Output {
        /// What the system said first.
        source: &'static io::Error,
    },
    /// An engine that the project pins cannot be removed.
    #[error("{version} is built in: engines.toml pins it")]
    BuiltIn { version: String },
    /// A bridge made now could not be found by this program.
    #[error(
        "the bridge's sources in {} are not those that this program was built with\nhint: build the program again: \
         cargo build --release",
        .folder.display()
    )]
    BridgeSources { folder: PathBuf },
    /// Times of an engine with assertions are those of the assertions too.
    #[error(
        "the engine {engine} has JSC's assertions compiled in, and its times are those of the assertions too\nhint: \
         --allow-assertions gates it all the same"
    )]
    Assertions {
        /// The engine's name.
        engine: String,
    },
    /// A folder of the store cannot be removed.
    #[error("cannot remove {}: {source}", .path.display())]
    Remove { path: PathBuf, source: io::Error },
    /// This program could not be started again with settings of JSC.
    #[error("cannot run this program again: {source}")]
    Settings { source: io::Error },
    /// What a host is to give cannot be had.
    #[error("{flag}: {why}")]
    Host { flag: &'static str, why: String },
    /// A file that is needed cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A temporary directory cannot be made.
    #[error("cannot make a temporary directory in {}: {source}", .parent.display())]
    TemporaryDirectory {
        /// Where it was to be.
        parent: PathBuf,
        source: io::Error,
    },
    /// What a worker reads or writes is not what it has to be.
    #[error("a worker process failed: {reason}")]
    Worker { reason: String },
    /// A cache file that a command names cannot be read.
    #[error("cannot read cache file {}: {miss}", .path.display())]
    CacheFile { path: PathBuf, miss: Miss },
    /// A store that a command names cannot be used.
    #[error("cannot use cache directory {}: {miss}", .directory.display())]
    CacheDirectory {
        /// The store's directory.
        directory: PathBuf,
        miss: Miss,
    },
    /// The old engine differs from itself: something else than the engine tells the two sides of a pair apart.
    #[error(
        "the old engine differs from itself by {percent:+.1} % ({loads}): too noisy to compare engines (samples: {}); hint: retry on an idle machine",
        .pilot.display()
    )]
    GateBias {
        /// Which loads.
        loads: String,
        /// By how much.
        percent: f64,
        /// The file with the samples.
        pilot: PathBuf,
    },
    /// A worker of a gate failed where nothing is measured.
    #[error("a worker on {workload} {failure}")]
    GateWorker {
        workload: String,
        /// What became of the worker.
        failure: WorkerFailure,
    },
    /// A file has no blocks to simulate gates with.
    #[error("cannot simulate gates from {file}: {source}")]
    Bank {
        file: String,
        /// Why.
        source: BankError,
    },
    /// A cell that is to be made slower is not there.
    #[error("--inject: no workload {workload} is timed on this path")]
    GateInjection { workload: String },
    /// What a gate measured is not what its rules ask for.
    #[error("the gate contradicts itself: {0}")]
    GateReplay(#[from] ReplayError),
    /// The document of a gate cannot be judged again.
    #[error(transparent)]
    GateDocument(#[from] DocumentError),
    /// The document of a gate says something else than its samples.
    #[error("{} claims `{said}`, but its samples give `{found}` or other reasons; it was edited, or written by another version", .path.display())]
    OtherVerdict {
        path: PathBuf,
        /// The verdict that it says.
        said: &'static str,
        /// The verdict that follows from its samples.
        found: &'static str,
    },
    /// The document of a search cannot be answered again.
    #[error(transparent)]
    Bisect(#[from] bisect::DocumentError),
    /// An end of a search cannot be asked.
    #[error(
        "{revision} is an end of the search and cannot be asked: {why}\nhint: choose another end near it"
    )]
    BisectEnd {
        revision: String,
        /// Why not.
        why: String,
    },
    /// A step of a search whose ends are alike.
    #[error("the ends do not differ in what was asked, so that no revision belongs to either")]
    BisectAlike,
    /// No revision of a search makes another engine.
    #[error(
        "nothing from {good} to {bad} changes what an engine is made of (Source/JavaScriptCore, WTF, bmalloc, and what builds \
         them), so there is nothing to find"
    )]
    BisectNothing { good: String, bad: String },
    /// An engine is not the one that was asked before.
    #[error(
        "{engine} is another build than the one that was asked for {}\nhint: give another --out, or remove this one and begin \
         again", .document.display()
    )]
    BisectOtherBuild { engine: String, document: PathBuf },
    /// Times mean nothing now.
    #[error(
        "{void} of {blocks} blocks are void: this machine is too disturbed to take times\nhint: go on later with the same command"
    )]
    BisectDisturbed {
        /// Void blocks.
        void: usize,
        /// All blocks.
        blocks: usize,
    },
    /// A folder has another search.
    #[error("{}: another search is kept here; give another --out, or remove the folder", .folder.display())]
    BisectOther { folder: PathBuf },
    /// Two programs at one search.
    #[error("{}: another program is at this search", .folder.display())]
    BisectBusy { folder: PathBuf },
    /// Results are not shards of one run.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// A picture of results cannot be drawn.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The libraries of the report's page cannot be had.
    #[error(transparent)]
    Libraries(#[from] LibrariesError),
    /// A result file cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
}
