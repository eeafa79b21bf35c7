//! Names of what was loaded: numbers of other content are no series with these.

use super::run::KeptWorkload;

/// Digits of a digest that tell contents apart in one history.
const DIGITS: usize = 8;

/// Names the content of a workload.
pub fn of_workload(workload: &KeptWorkload) -> String {
    short(&workload.digest)
}

/// Names the content of several workloads together, in this order.
pub fn of_workloads<'a>(workloads: impl Iterator<Item = &'a KeptWorkload>) -> String {
    let mut digest = blake3::Hasher::new();
    for workload in workloads {
        digest.update(workload.name.as_bytes());
        digest.update(workload.digest.as_bytes());
    }
    short(&digest.finalize().to_hex())
}

fn short(digest: &str) -> String {
    digest.chars().take(DIGITS).collect()
}
