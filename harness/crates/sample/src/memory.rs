//! What memory a process holds, as those pay for it who run many.

use std::fs::File;
use std::io::Read;

use serde::{Deserialize, Serialize};

/// The memory of a process at one moment, in KiB (proc(5), `/proc/self/smaps_rollup`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryFacts {
    /// What no other process has mapped: what one more process like this costs.
    pub private_kb: u64,
    /// What is mapped by several processes divided among them: what all processes hold together is the sum of theirs.
    pub proportional_kb: u64,
    /// What belongs to files, such as libraries and packs: the kernel can drop it and read it again.
    pub file_kb: u64,
}

impl MemoryFacts {
    /// Asks the kernel, which looks at every page: it takes a millisecond. `None` when it refuses, or is older than 4.14.
    pub fn read() -> Option<Self> {
        let mut text = String::with_capacity(4096);
        let mut file = File::open("/proc/self/smaps_rollup").ok()?;
        file.read_to_string(&mut text).ok()?;
        Self::of(&text)
    }

    fn of(text: &str) -> Option<Self> {
        let field = |name: &str| -> Option<u64> {
            let mut lines = text.lines();
            let value = lines.find_map(|line| line.strip_prefix(name))?;
            value.split_whitespace().next()?.parse().ok()
        };
        Some(Self {
            private_kb: field("Private_Clean:")? + field("Private_Dirty:")?,
            proportional_kb: field("Pss:")?,
            file_kb: field("Rss:")?.checked_sub(field("Anonymous:")?)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_text_is_read() {
        let text = "55d0-7ffd ---p 00000000 00:00 0    [rollup]\nRss:      900 kB\nPss:      500 kB\nPss_Dirty: 1 kB\n\
                    Shared_Clean:    400 kB\nPrivate_Clean:   100 kB\nPrivate_Dirty:   300 kB\nAnonymous:   350 kB\n";
        let expected = MemoryFacts {
            private_kb: 400,
            proportional_kb: 500,
            file_kb: 550,
        };
        assert_eq!(MemoryFacts::of(text), Some(expected));
        assert_eq!(MemoryFacts::of("Rss: 1 kB\n"), None);
    }

    #[test]
    fn this_process_holds_some() {
        let memory = MemoryFacts::read().unwrap();
        assert!(memory.private_kb > 100 && memory.proportional_kb >= memory.private_kb);
    }
}
