//! The one error type of this crate: why a command could not run (exit code 4) or was asked wrongly.

use std::io;
use std::path::PathBuf;

use crate::cache::Miss;
use crate::gate::DocumentError;
use crate::gate::calibrate::BankError;
use crate::gate::replay::ReplayError;
use crate::graph::resolve::ResolveError;
use crate::measure::WorkerFailure;
use crate::record::RecordError;
use crate::record::merge::MergeError;

/// Why something could not be done. Errors of a loaded program are not here: they are an outcome.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The shared library that the loader found is not the one this program was built for.
    #[error(
        "{} speaks bridge ABI {found}, this program needs {expected}; make it anew: cargo xtask setup",
        .library.display()
    )]
    BridgeAbi {
        /// The library.
        library: PathBuf,
        /// Its ABI.
        found: u32,
        /// Ours.
        expected: u32,
    },
    /// No installed engine has the name or version that was asked for.
    #[error("no engine `{wanted}`; installed: {}; another pinned version: cargo xtask engine build VERSION", list(.installed))]
    NoSuchEngine {
        /// What was asked for.
        wanted: String,
        /// The names that would have been found.
        installed: Vec<String>,
    },
    /// The process was started anew for an engine, and another one was loaded.
    #[error("asked for engine {wanted}, but {} was loaded; is LD_PRELOAD set?", .loaded.display())]
    WrongEngineLoaded {
        /// The engine's name.
        wanted: String,
        /// The library that is there.
        loaded: PathBuf,
    },
    /// The library is not the file that was built: its build-id differs from the record beside it.
    #[error("{} has build-id {found}, its record says {recorded}; remove its folder and run: cargo xtask setup", .library.display())]
    BuildId {
        /// The library.
        library: PathBuf,
        /// The build-id of the loaded image.
        found: String,
        /// The build-id in `bridge.json`.
        recorded: String,
    },
    /// The engines in the store could not be read.
    #[error(transparent)]
    Provision(#[from] jsc_provision::Error),
    /// The entry of a run cannot be loaded at all.
    #[error("{0}")]
    Entry(ResolveError),
    /// The workloads or suites cannot be had.
    #[error(transparent)]
    Workloads(#[from] workloads::Error),
    /// The bridge's observation cannot be read: bridge and program do not fit.
    #[error("{0}; make the bridge anew: cargo xtask setup")]
    Observation(#[from] crate::observe::Malformed),
    /// This program could not start itself.
    #[error("cannot run {}: {source}", .program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An engine's process said something else than its identity.
    #[error("engine {engine} could not be asked for its identity: {reason}")]
    EngineIdentity {
        /// The engine's name.
        engine: String,
        /// What happened.
        reason: String,
    },
    /// A file that a flag names cannot be written.
    #[error("cannot write {flag} {}: {source}", .path.display())]
    Write {
        /// The flag.
        flag: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard output took less than there was to print.
    #[error("cannot write to standard output: {source}")]
    Output {
        /// What the system said first.
        source: &'static io::Error,
    },
    /// A file that is needed cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A temporary directory cannot be made.
    #[error("cannot make a temporary directory in {}: {source}", .parent.display())]
    TemporaryDirectory {
        /// Where it was to be.
        parent: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A worker process did not do its part.
    #[error("a worker process failed: {reason}")]
    Worker {
        /// What happened.
        reason: String,
    },
    /// A directory is no Test262 checkout.
    #[error(
        "{} is no Test262 checkout: it lacks {missing}; get one: git clone --depth 1 https://github.com/tc39/test262",
        .directory.display()
    )]
    NotTest262 {
        /// The directory.
        directory: PathBuf,
        /// What a checkout has and it has not.
        missing: String,
    },
    /// A test does not say how it is to be run.
    #[error("cannot run {}: {reason}", .test.display())]
    Test262Metadata {
        /// The test.
        test: PathBuf,
        /// What is wrong with its metadata.
        reason: String,
    },
    /// No test is left to run.
    #[error("no module test of {} is selected; the filter is a regular expression over paths below test/, say import/import-attributes", .directory.display())]
    NoTest262Tests {
        /// The checkout.
        directory: PathBuf,
    },
    /// A cache file that a command names cannot be read.
    #[error("cannot read cache file {}: {miss}", .path.display())]
    CacheFile {
        /// The file.
        path: PathBuf,
        /// Why.
        miss: Miss,
    },
    /// A store that a command names cannot be used.
    #[error("cannot use cache directory {}: {miss}", .directory.display())]
    CacheDirectory {
        /// The store's directory.
        directory: PathBuf,
        /// Why.
        miss: Miss,
    },
    /// The files of a workload cannot be dropped from memory.
    #[error("cannot drop the files of {} from memory: {source}", .path.display())]
    Evict {
        /// The workload's entry.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Peers were asked for, and this machine has none.
    #[error(
        "there is no bun, node or deno to measure beside; install them: cargo xtask setup --peers"
    )]
    NoPeers,
    /// The old engine differs from itself: something else than the engine tells the two sides of a pair apart.
    #[error(
        "the old engine differs from itself by {percent:+.1} % ({loads}): this machine cannot compare engines now; what was measured is in {}; try again, on a machine that does nothing else",
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
        /// The workload.
        workload: String,
        /// What became of the worker.
        failure: WorkerFailure,
    },
    /// A file has no blocks to simulate gates with.
    #[error("{file} cannot be simulated with: {source}")]
    Bank {
        /// The file.
        file: String,
        /// Why.
        source: BankError,
    },
    /// A cell that is to be made slower is not there.
    #[error("--inject: no workload {workload} is timed by this path")]
    GateInjection {
        /// The workload.
        workload: String,
    },
    /// What a gate measured is not what its rules ask for.
    #[error("the gate contradicts itself: {0}")]
    GateReplay(#[from] ReplayError),
    /// The document of a gate cannot be judged again.
    #[error(transparent)]
    GateDocument(#[from] DocumentError),
    /// The document of a gate says something else than its samples.
    #[error("{} says `{said}`, its samples say `{found}`, or say it for other reasons: the file was changed, or another version of this program wrote it", .path.display())]
    OtherVerdict {
        /// The file.
        path: PathBuf,
        /// The verdict that it says.
        said: &'static str,
        /// The verdict that follows from its samples.
        found: &'static str,
    },
    /// Results are no shards of one run.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// A picture of results cannot be drawn.
    #[error(transparent)]
    Picture(#[from] crate::record::pictures::PictureError),
    /// A result file cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
