//! Ending with the process that started this one.

use std::env;

use rustix::process::{Signal, getppid, set_parent_process_death_signal};

/// Set by a caller that wants this program to end when it ends itself, however that happens: the caller's process number.
const DIES_WITH: &str = "HARNESS_DIES_WITH";

/// When the process that started this one has asked for it, the kernel kills this one as soon as that one is gone. Programs
/// that this one starts find the variable, too, and see that it is not meant for them. True when it is gone already.
#[must_use]
pub fn died_with_caller() -> bool {
    let caller = env::var(DIES_WITH).ok().and_then(|it| it.parse().ok());
    let parent = || getppid().map(|it| it.as_raw_nonzero().get());
    if caller.is_none() || parent() != caller {
        return false;
    }
    // A kernel that cannot do this leaves things as they are without the variable.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    parent() != caller
}
