//! So that workloads verified side by side do not use up the machine's memory.

use std::fs;
use std::sync::{Condvar, Mutex, PoisonError};

/// What a worker takes besides its modules, in MiB.
const EACH_WORKER: u64 = 128;

/// What a worker takes for a thousand modules when it observes them, in MiB.
const EACH_THOUSAND_MODULES: u64 = 256;

/// Memory to be shared, in MiB.
#[derive(Debug)]
pub struct Memory {
    all: u64,
    free: Mutex<u64>,
    returned: Condvar,
}

/// A share of the memory, until it is dropped.
#[derive(Debug)]
pub struct Share<'a> {
    memory: &'a Memory,
    size: u64,
}

impl Memory {
    /// Three quarters of what the system says is available (proc(5), `MemAvailable`).
    pub fn available() -> Self {
        let available = fs::read_to_string("/proc/meminfo")
            .ok()
            .and_then(|text| {
                let line = text
                    .lines()
                    .find_map(|line| line.strip_prefix("MemAvailable:"))?;
                line.split_whitespace().next()?.parse::<u64>().ok()
            })
            .map_or(2048, |kib| kib / 1024);
        Self::of(available / 4 * 3)
    }

    fn of(all: u64) -> Self {
        Self {
            all,
            free: Mutex::new(all),
            returned: Condvar::new(),
        }
    }

    /// Waits until there is enough for a workload of so many modules. What needs more than there is gets everything.
    pub fn take(&self, modules: Option<usize>) -> Share<'_> {
        let modules = modules.unwrap_or(1_000) as u64;
        let size = (EACH_WORKER + modules * EACH_THOUSAND_MODULES / 1_000).min(self.all);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < size {
            free = self
                .returned
                .wait(free)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *free -= size;
        Share { memory: self, size }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self
            .memory
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += self.size;
        self.memory.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_all_gets_all_and_gives_it_back() {
        let memory = Memory::of(200);
        for _ in 0..2 {
            let share = memory.take(Some(10_000));
            assert_eq!(share.size, 200);
            assert_eq!(
                *memory.free.lock().unwrap_or_else(PoisonError::into_inner),
                0
            );
        }
        assert_eq!(memory.take(Some(0)).size, EACH_WORKER);
    }
}
