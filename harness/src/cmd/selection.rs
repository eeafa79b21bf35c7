//! Which workloads a command line means, and which part of them.

use std::time::{SystemTime, UNIX_EPOCH};

use regex::Regex;
use workloads::{Catalog, WorkloadDef};

use crate::Error;

/// The workloads of a suite whose names match; or what is wrong with the command line, in words.
pub fn workloads(
    catalog: &Catalog,
    suite: Option<&str>,
    pattern: Option<&Regex>,
) -> Result<Vec<WorkloadDef>, Error> {
    let members = match suite.map(|name| catalog.suite(name)).transpose() {
        Ok(suite) => suite.map(|suite| suite.workloads),
        Err(error @ workloads::Error::UnknownSuite { .. }) => {
            return Err(Error::Usage(error.to_string()));
        }
        Err(error) => return Err(error.into()),
    };
    let chosen = |definition: &&WorkloadDef| {
        members
            .as_ref()
            .is_none_or(|members| members.contains(&definition.name))
            && pattern.is_none_or(|pattern| pattern.is_match(&definition.name))
    };
    let workloads: Vec<WorkloadDef> = catalog.workloads().iter().filter(chosen).cloned().collect();
    if workloads.is_empty() {
        let among = suite.map_or(String::new(), |suite| format!("of suite {suite} "));
        return Err(Error::Usage(format!(
            "no workload {among}matches {}; all of them: jsc-harness list",
            pattern.map(Regex::as_str).unwrap_or_default()
        )));
    }
    Ok(workloads)
}

/// A seed that nobody chose, short enough to be typed.
pub fn new_seed() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as u64 / 1000 % 1_000_000_000)
}
