//! The processes that a process has started, and those that they have.

use std::fs;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};

/// Ends a process and all that it has started: a shell, or a package manager that runs a program, would leave it behind.
pub fn kill_with(child: &mut Child) {
    // While it is there, its children are known by it.
    let descendants = of(child.id());
    // It may have ended meanwhile, and so may they.
    let _ = child.kill();
    for pid in descendants {
        if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The descendants of a process, by proc(5).
fn of(ancestor: u32) -> Vec<u32> {
    let parents = parents();
    let mut found = Vec::new();
    let mut next = vec![ancestor];
    while let Some(parent) = next.pop() {
        let children = parents.iter().filter(|(_, it)| *it == parent);
        for (child, _) in children {
            found.push(*child);
            next.push(*child);
        }
    }
    found
}

/// Every process with its parent.
fn parents() -> Vec<(u32, u32)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbered = processes.filter_map(|it| it.file_name().to_str()?.parse().ok());
    numbered
        .filter_map(|pid: u32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name before it is in brackets, and may hold anything.
            let (_, after) = stat.rsplit_once(") ")?;
            Some((pid, after.split(' ').nth(1)?.parse().ok()?))
        })
        .collect()
}
