//! How two loads differ.

use super::{Case, whole};
use crate::report::{Finding, FindingKind};
use crate::worker::Workers;
use observation::{Observation, diff};
use sample::Observe;
use sample::WorkerFailure;

/// Differences that a finding tells.
const DIFFERENCES: usize = 8;

impl Case<'_> {
    /// Finds out how two loads differ: both are made again, and the parse path twice, because a program may not show the
    /// same each time.
    pub(super) fn different(
        &mut self,
        task: &str,
        what: String,
        again: impl FnOnce(&Workers<'_>) -> Result<Option<Observation>, WorkerFailure>,
    ) {
        let parse = || {
            self.workers
                .parse_with_true_lines(Observe::Everything)
                .map(whole)
        };
        let (parsed, other) = match (parse(), parse(), again(&self.workers)) {
            (Ok(Some(first)), Ok(Some(second)), _) if first.digest != second.digest => {
                let differences = diff(&first, &second, DIFFERENCES);
                return self.report.findings.push(Finding {
                    kind: FindingKind::Unstable,
                    task: "parse".to_owned(),
                    what: "does not show the same each time".to_owned(),
                    differences,
                });
            }
            (Ok(Some(parsed)), _, Ok(Some(other))) => (parsed, other),
            (_, _, Err(failure)) => {
                return self.find(
                    FindingKind::Different,
                    task,
                    format!("{what}; the second time it {failure}"),
                );
            }
            _ => return self.find(FindingKind::Different, task, what),
        };
        let differences = diff(&parsed, &other, DIFFERENCES);
        let what = match differences.is_empty() {
            true => format!("{what}, but not when it is made again"),
            false => what,
        };
        self.report.findings.push(Finding {
            kind: FindingKind::Different,
            task: task.to_owned(),
            what,
            differences,
        });
    }
}
