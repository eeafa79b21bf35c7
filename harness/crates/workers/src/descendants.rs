//! The processes that a process has started, and those that they have.

use std::fs;
use std::os::fd::AsFd;
use std::process::Child;

use rustix::fs::fstat;
use rustix::process::{Pid, Signal, kill_process};

/// Ends a process and all that it has started: a shell, or a package manager that runs a program, would leave it behind.
pub fn kill_with(child: &mut Child) {
    // While it is there, its children are known by it.
    let descendants = of(child.id());
    // It may have ended meanwhile, and so may they.
    let _ = child.kill();
    descendants.into_iter().for_each(kill);
}

/// What proc(5) calls a pipe.
pub fn pipe_name(pipe: &impl AsFd) -> Option<String> {
    Some(format!("pipe:[{}]", fstat(pipe).ok()?.st_ino))
}

/// Ends the processes that hold the other end of the pipe with this name, whoever has started them.
pub fn kill_holders(name: &str) {
    let own = std::process::id();
    for pid in processes().filter(|it| *it != own) {
        let files = fs::read_dir(format!("/proc/{pid}/fd"));
        let mut links = files.into_iter().flatten().flatten();
        let is_it =
            |link: fs::DirEntry| fs::read_link(link.path()).is_ok_and(|it| it.as_os_str() == name);
        if links.any(is_it) {
            kill(pid);
        }
    }
}

fn kill(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
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
    processes()
        .filter_map(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name before it is in brackets, and may hold anything.
            let (_, after) = stat.rsplit_once(") ")?;
            Some((pid, after.split(' ').nth(1)?.parse().ok()?))
        })
        .collect()
}

fn processes() -> impl Iterator<Item = u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|it| it.file_name().to_str()?.parse().ok())
}
