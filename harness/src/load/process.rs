//! What the kernel says about this process.

use std::fs;

use nix::sys::resource::{UsageWho, getrusage};

/// Memory and page faults since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessFacts {
    /// Peak resident set, in KiB.
    pub max_rss_kb: u64,
    /// Page faults served without I/O.
    pub minor_faults: u64,
    /// Page faults that read a file.
    pub major_faults: u64,
}

impl ProcessFacts {
    /// Asks the kernel; `None` when it refuses.
    pub fn read() -> Option<Self> {
        let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
        Some(Self {
            max_rss_kb: peak_resident_set()?,
            minor_faults: u64::try_from(usage.minor_page_faults()).ok()?,
            major_faults: u64::try_from(usage.major_page_faults()).ok()?,
        })
    }
}

/// `VmHWM` of proc(5): unlike getrusage's `ru_maxrss` it begins anew with exec, so that it never shows the peak of
/// whoever started this process.
fn peak_resident_set() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.split_whitespace().next()?.parse().ok()
}
