//! Instructions of one process, counted.

use serde::{Deserialize, Serialize};

/// Instructions that a worker executed in user mode, all threads, by part of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructions {
    /// From its start until the load began: the dynamic loader, the VM, and what other threads read ahead meanwhile.
    pub start: u64,
    /// From the start of the load to the end of the entry's evaluation.
    pub load: u64,
    /// From there to the end of the program.
    pub rest: u64,
}

impl Instructions {
    /// Of the process to the end of its program.
    pub fn program(&self) -> u64 {
        self.start + self.load + self.rest
    }
}
