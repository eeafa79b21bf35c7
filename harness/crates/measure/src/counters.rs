//! What the kernel counts of the whole machine, to tell a block that was disturbed.

use std::fs;
use std::time::Instant;

use record::{PageCache, Void, VoidLimits};

/// Counters of the whole machine at one moment.
///
/// Only what the machine did *to* the loads counts, never how long they took. Involuntary context switches and waiting for
/// a processor are recorded and void nothing: JSC's own threads cause both, and on a busy machine they would void every
/// block. There the random order within a block keeps the comparison right, and the interval grows.
#[derive(Debug, Clone, Copy)]
pub struct Counters {
    at: Instant,
    stat: Option<Stat>,
    memory_stall_us: u64,
    io_stall_us: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    steal: u64,
    all: u64,
}

impl Counters {
    /// Now.
    pub fn read() -> Self {
        Self {
            at: Instant::now(),
            stat: parse_stat(&text("/proc/stat")),
            memory_stall_us: parse_full_stall(&text("/proc/pressure/memory")).unwrap_or(0),
            io_stall_us: parse_full_stall(&text("/proc/pressure/io")).unwrap_or(0),
        }
    }

    /// Why what ran since then is void above these limits, if it is.
    pub fn void_since(
        &self,
        begin: &Self,
        page_cache: PageCache,
        limits: &VoidLimits,
    ) -> Option<Void> {
        let micros = self.at.duration_since(begin.at).as_micros() as f64;
        if let (Some(now), Some(then)) = (self.stat, begin.stat)
            && let Some(void) = stolen(&then, &now, limits.steal_percent)
        {
            return Some(void);
        }
        let stall = |resource: &str, us: u64| {
            let percent = 100.0 * us as f64 / micros.max(1.0);
            (percent > limits.stall_percent).then(|| Void::Stall {
                resource: resource.to_owned(),
                percent,
            })
        };
        stall(
            "memory",
            self.memory_stall_us.saturating_sub(begin.memory_stall_us),
        )
        .or_else(|| {
            // With a cold page cache, waiting for the disk is what is measured.
            (page_cache == PageCache::Warm)
                .then(|| stall("io", self.io_stall_us.saturating_sub(begin.io_stall_us)))
                .flatten()
        })
    }
}

fn stolen(then: &Stat, now: &Stat, limit: f64) -> Option<Void> {
    // A hypervisor may correct its counters downwards.
    let steal = now.steal.saturating_sub(then.steal);
    let all = now.all.saturating_sub(then.all);
    // One tick may be the rounding of next to nothing.
    let percent = 100.0 * steal as f64 / (all as f64).max(1.0);
    (steal > 1 && percent > limit).then_some(Void::Steal { percent })
}

/// The first line of `/proc/stat` (proc(5)): user, nice, system, idle, iowait, irq, softirq, steal, in ticks. What follows
/// is part of user and nice.
fn parse_stat(text: &str) -> Option<Stat> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line
        .split_whitespace()
        .take(8)
        .map(|word| word.parse().ok())
        .collect::<Option<_>>()?;
    (ticks.len() == 8).then(|| Stat {
        steal: ticks[7],
        all: ticks.iter().sum(),
    })
}

/// Microseconds in which every process waited (pressure stall information).
fn parse_full_stall(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with("full "))?;
    let total = line
        .split_whitespace()
        .find_map(|word| word.strip_prefix("total="))?;
    total.parse().ok()
}

fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const USUAL: VoidLimits = VoidLimits {
        steal_percent: 2.0,
        stall_percent: 5.0,
    };

    fn counters(at: Instant, steal: u64, all: u64, memory: u64, io: u64) -> Counters {
        Counters {
            at,
            stat: Some(Stat { steal, all }),
            memory_stall_us: memory,
            io_stall_us: io,
        }
    }

    #[test]
    fn the_kernel_is_read() {
        let stat = "cpu  10 20 30 400 5 0 6 7 100 0\ncpu0 1 2 3\n";
        assert_eq!(parse_stat(stat), Some(Stat { steal: 7, all: 478 }));
        assert_eq!(parse_stat("cpu  1 2 3\n"), None);
        let io = "some avg10=0.00 avg60=0.00 avg300=0.00 total=97\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=35\n";
        assert_eq!(parse_full_stall(io), Some(35));
        assert_eq!(parse_full_stall(""), None);
        let now = Counters::read();
        assert_eq!(now.void_since(&now, PageCache::Warm, &USUAL), None);
    }

    #[test]
    fn stolen_time_voids() {
        let begin = Instant::now();
        let end = begin + Duration::from_secs(1);
        let then = counters(begin, 0, 0, 0, 0);
        let void =
            |steal| counters(end, steal, 200, 0, 0).void_since(&then, PageCache::Warm, &USUAL);
        assert_eq!(void(1), None);
        assert_eq!(void(4), None, "2 % exactly");
        assert_eq!(void(5), Some(Void::Steal { percent: 2.5 }));
        // In a short block a single tick is a large share, and may be rounding.
        let short = counters(end, 1, 6, 0, 0);
        assert_eq!(short.void_since(&then, PageCache::Warm, &USUAL), None);
        // A counter that went back.
        let more = counters(begin, 9, 300, 0, 0);
        assert_eq!(then.void_since(&more, PageCache::Warm, &USUAL), None);
    }

    #[test]
    fn a_stall_voids_but_for_the_disk_in_the_cold() {
        let begin = Instant::now();
        let end = begin + Duration::from_secs(1);
        let then = counters(begin, 0, 0, 0, 0);
        let stalled = |resource: &str, percent| {
            Some(Void::Stall {
                resource: resource.to_owned(),
                percent,
            })
        };
        let disk = counters(end, 0, 200, 0, 60_000);
        assert_eq!(
            disk.void_since(&then, PageCache::Warm, &USUAL),
            stalled("io", 6.0)
        );
        assert_eq!(disk.void_since(&then, PageCache::Cold, &USUAL), None);
        let memory = counters(end, 0, 200, 100_000, 0);
        assert_eq!(
            memory.void_since(&then, PageCache::Cold, &USUAL),
            stalled("memory", 10.0)
        );
        let little = counters(end, 0, 200, 50_000, 50_000);
        assert_eq!(little.void_since(&then, PageCache::Warm, &USUAL), None);
    }

    #[test]
    fn limits_can_be_chosen() {
        assert_eq!(VoidLimits::default(), USUAL);
        let begin = Instant::now();
        let then = counters(begin, 0, 0, 0, 0);
        let end = begin + Duration::from_secs(1);
        let disturbed = counters(end, 100, 200, 900_000, 0);
        let never = VoidLimits {
            steal_percent: 100.0,
            stall_percent: 100.0,
        };
        assert_eq!(disturbed.void_since(&then, PageCache::Warm, &never), None);
        let half = VoidLimits {
            steal_percent: 49.0,
            ..never
        };
        assert_eq!(
            disturbed.void_since(&then, PageCache::Warm, &half),
            Some(Void::Steal { percent: 50.0 })
        );
    }
}
