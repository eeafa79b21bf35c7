//! `results merge`: one result made of those of all shards.

use std::path::{Path, PathBuf};

use crate::cmd::ExitStatus;
use crate::{Error, print};
use record::merge;

/// The end of the help.
pub const AFTER_HELP: &str = "\
Each shard is measured by `measure --shard INDEX/COUNT --seed SEED --out FILE`, with the same other arguments. What makes
numbers compare must be the same: engines, conditions with the seed, program, and the kind of machine with its system. The
parts must be all there are, each once. Otherwise nothing is written, and the difference and the file that has it are named.

The result is that of a run over all workloads, in their order: it begins with the first shard and ends with the last. With
--budget, shards may have different numbers of blocks; the result says the smallest, and has all of them.

`verify` and `test262` keep no result: there, the exit code of every shard is the answer.

Exit codes: 0 when the file was written, 4 when the results are not shards of one run or a file cannot be read or written,
64 usage.";

/// Merges; or says what is wrong with the command line.
pub fn run(out: &Path, shards: &[PathBuf]) -> Result<ExitStatus, Error> {
    if out.exists() {
        return Err(Error::Usage(format!(
            "{}: this file exists; remove it or give another name",
            out.display()
        )));
    }
    let mut records = Vec::new();
    for shard in shards {
        records.push((shard.clone(), record::read(shard)?));
    }
    record::write(&merge::merge(records)?, out, false)?;
    print::line(&out.display().to_string());
    Ok(ExitStatus::Success)
}
