//! What the kernel says about this process.

use nix::sys::resource::{UsageWho, getrusage};

/// Memory and page faults since the process began (getrusage(2)).
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
            max_rss_kb: u64::try_from(usage.max_rss()).ok()?,
            minor_faults: u64::try_from(usage.minor_page_faults()).ok()?,
            major_faults: u64::try_from(usage.major_page_faults()).ok()?,
        })
    }
}
