//! What came out: the layout of the JSON, and of what the table is made from.

use sample::WhyUnwritten;
use serde::Serialize;

use super::job::Mode;

/// Version of the JSON layout.
pub const SCHEMA: u32 = 1;

/// The result of a run of the suite.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Version of this layout.
    pub schema: u32,
    pub engine: EngineName,
    /// The checkout.
    pub test262: CheckoutName,
    /// Number of tests; a script test may run in two modes.
    pub test_count: usize,
    /// What the runs took together, in seconds of wall time.
    pub seconds: f64,
    /// Features that selected tests need and the engine lacks.
    pub missing_features: Vec<MissingFeature>,
    /// Totals of each way of running the tests, the reference first.
    pub columns: Vec<Column>,
    /// Modules that the cache cannot hold, and why: what cached paths may parse.
    pub without_entry: Vec<WithoutEntry>,
    /// Module tests for which no pack can be made, and why: what the graph path may parse.
    pub without_pack: Vec<WithoutPack>,
    /// Each test in each mode.
    pub tests: Vec<TestReport>,
    /// Where another way than the reference gave another result.
    pub differences: Vec<Difference>,
    /// Where a cached path parsed silently, or a cached record was wrong.
    pub breaches: Vec<Breach>,
}

/// Which engine.
#[derive(Debug, Serialize)]
pub struct EngineName {
    /// Its name in `engine list`.
    pub name: String,
    pub fingerprint: String,
}

/// Which tests.
#[derive(Debug, Serialize)]
pub struct CheckoutName {
    /// The checkout's directory.
    pub directory: String,
    /// Its commit, if Git knows.
    pub commit: Option<String>,
}

/// A feature that the engine lacks.
#[derive(Debug, Serialize)]
pub struct MissingFeature {
    pub name: String,
    /// How many selected tests need it.
    pub tests: usize,
}

/// Totals of one way of running the tests.
#[derive(Debug, Serialize)]
pub struct Column {
    /// The path, and how else it was run.
    pub name: String,
    /// Tests that passed.
    pub pass: usize,
    /// Tests that failed.
    pub fail: usize,
    /// Tests that need a feature that the engine lacks. They are run and compared all the same.
    pub unsupported: usize,
    /// Of all of these, tests whose process ended early.
    pub crashed: usize,
    /// Of all of these, tests that did not end in time.
    pub timed_out: usize,
    /// JavaScript modules loaded.
    pub modules: u64,
    /// Modules served from the cache.
    pub hits: u64,
    /// Modules that were not served from it.
    pub misses: u64,
    /// Tests of which every module was served from it. When nothing was written, nothing was parsed for these, or the
    /// report has a breach.
    pub complete_hits: usize,
    /// Modules that were parsed into a record.
    pub analyses: u64,
    /// Times a module's top-level code was parsed and generated.
    pub module_code: u64,
    /// Times a function's code was parsed and generated.
    pub function_code: u64,
}

/// A module for which no entry can be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WithoutEntry {
    pub why: WhyUnwritten,
    /// The same in words.
    pub reason: String,
    /// Its key.
    pub module: String,
}

/// A module test for which no pack can be made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WithoutPack {
    pub reason: String,
    /// Its path below `test/`.
    pub test: String,
}

/// A test in one mode.
#[derive(Debug, Serialize)]
pub struct TestReport {
    /// Its path below `test/`.
    pub test: String,
    pub mode: Mode,
    /// Features that it needs and the engine lacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_features: Vec<String>,
    /// One for each column, in their order.
    pub results: Vec<Result>,
}

/// A test's result on one path.
#[derive(Debug, Serialize)]
pub struct Result {
    /// The column's name.
    pub column: String,
    /// The verdict.
    pub status: Status,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Whether a test passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It did.
    Pass,
    /// It did not.
    Fail,
    /// It needs a feature that the engine lacks.
    Unsupported,
}

/// A test that gave two results.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// Its path below `test/`.
    pub test: String,
    pub mode: Mode,
    /// The column that differs from the first.
    pub column: String,
    /// Every difference in words.
    pub differences: Vec<String>,
}

/// A run on a cached path that was not what it should have been.
#[derive(Debug, Serialize)]
pub struct Breach {
    /// The test's path below `test/`.
    pub test: String,
    pub mode: Mode,
    pub column: String,
    /// What was wrong.
    pub what: Vec<String>,
}
