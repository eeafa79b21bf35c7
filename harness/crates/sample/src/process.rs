//! What the kernel says about a process, from inside and from outside.

use std::fs::File;
use std::io::Read;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::memory::MemoryFacts;

/// Processor time, memory, page faults and context switches since the process began; every thread counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessFacts {
    /// Processor time in user mode, in nanoseconds; the kernel counts in microseconds.
    pub user_ns: u64,
    /// Processor time in the kernel, in nanoseconds; the kernel counts in microseconds.
    pub system_ns: u64,
    /// Peak resident set, in KiB.
    pub max_rss_kb: u64,
    /// Page faults served without I/O.
    pub minor_faults: u64,
    /// Page faults that read a file.
    pub major_faults: u64,
    /// Times a thread gave the processor up, to wait for something.
    pub voluntary_switches: u64,
    /// Times a thread was put off the processor.
    pub involuntary_switches: u64,
    /// What memory it holds now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<MemoryFacts>,
}

/// A process from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessTimes {
    /// The monotonic clock (`CLOCK_MONOTONIC`, nanoseconds) before it was started.
    pub started_ns: u64,
    /// From before it was started until it was known to have ended, in nanoseconds. Includes all that a worker does
    /// after its program has ended; `ClockSample::ended_ns - started_ns` does not.
    pub wall_ns: u64,
    /// Processor time in user mode, whole process (wait4(2)), in nanoseconds.
    pub user_ns: u64,
    /// Processor time in the kernel, whole process, in nanoseconds.
    pub system_ns: u64,
}

impl ProcessFacts {
    /// Asks the kernel; `None` when it refuses.
    pub fn read() -> Option<Self> {
        let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
        Some(Self {
            user_ns: nanoseconds(usage.user_time())?,
            system_ns: nanoseconds(usage.system_time())?,
            max_rss_kb: peak_resident_set()?,
            minor_faults: u64::try_from(usage.minor_page_faults()).ok()?,
            major_faults: u64::try_from(usage.major_page_faults()).ok()?,
            voluntary_switches: u64::try_from(usage.voluntary_context_switches()).ok()?,
            involuntary_switches: u64::try_from(usage.involuntary_context_switches()).ok()?,
            memory: MemoryFacts::read(),
        })
    }
}

/// The system-wide monotonic clock (`CLOCK_MONOTONIC`) in nanoseconds, which one process can compare with another's reading.
pub fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Time since boot: neither part is negative.
    (now.tv_sec as u64) * 1_000_000_000 + now.tv_nsec as u64
}

fn nanoseconds(time: TimeVal) -> Option<u64> {
    let seconds = u64::try_from(time.tv_sec()).ok()?;
    let microseconds = u64::try_from(time.tv_usec()).ok()?;
    Some(seconds * 1_000_000_000 + microseconds * 1_000)
}

/// `VmHWM` of proc(5): unlike getrusage's `ru_maxrss` it begins anew with exec, so that it never shows the peak of
/// whoever started this process.
fn peak_resident_set() -> Option<u64> {
    // Room for all of it: the kernel makes the text anew for each read.
    let mut status = String::with_capacity(4096);
    let mut file = File::open("/proc/self/status").ok()?;
    file.read_to_string(&mut status).ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.split_whitespace().next()?.parse().ok()
}
