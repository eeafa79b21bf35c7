//! How the workers of a plan are started.

use sample::{Sample, WorkerFailure};
use workers::{Finished, WorkerCall};

use super::plan::Plan;

/// The variable that fills a worker's environment up is shorter than this, in bytes. A page is what it takes to move the
/// stack through all its places in a page (T. Mytkowicz et al.: Producing Wrong Data Without Doing Anything Obviously
/// Wrong!, ASPLOS 2009: the size of the environment alone changes times).
const PAD_BELOW: u32 = 4096;

impl Plan {
    /// Lengths of environments are below this. Where instructions are counted they are all the same: places in memory do
    /// not change a count.
    pub fn pad_below(&self) -> u32 {
        match self.counting {
            Some(_) => 1,
            None => PAD_BELOW,
        }
    }

    /// Runs a worker, and counts its instructions if that is asked for.
    pub fn run<'a>(
        &'a self,
        mut call: WorkerCall<'a>,
        is_counted: bool,
    ) -> Result<Finished<Sample>, WorkerFailure> {
        let Some(counting) = &self.counting else {
            return call.run();
        };
        if is_counted {
            call.counted = Some((&counting.counter, &counting.directory));
        }
        call.run()
    }
}
