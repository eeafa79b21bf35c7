//! `results export`: a result for other tools.

use std::path::Path;

use crate::cmd::ExitStatus;
use crate::{Error, print};

pub use results::export::Format;

/// The end of the help.
pub const AFTER_HELP: &str = "\
  csv          every load as a row, void and wrong ones too: nanoseconds, bytes
  go           every valid load in Go's benchmark format: benchstat -col /path FILE
  bmf          medians with intervals for Bencher: bencher run --adapter json --file FILE
  github       medians for github-action-benchmark, tool customSmallerIsBetter
  openmetrics  medians with intervals for Prometheus, as a file that its node exporter or a gateway serves

Medians are over the valid loads; intervals have 95 %. What was not measured is left out.

Exit codes: 0 when it was printed, 4 when the file cannot be read, 64 usage.";

/// Prints a result in a format.
pub fn run(file: &Path, format: Format) -> Result<ExitStatus, Error> {
    let record = record::read(file)?;
    print::text(&results::export::export(&record, format));
    Ok(ExitStatus::Success)
}
