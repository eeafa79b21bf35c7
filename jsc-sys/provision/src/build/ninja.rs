//! Running ninja and following how far it is.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use crate::store::Lock;
use crate::{Error, Log, Progress, process};

/// What ninja prints before each step: steps finished, steps in all.
const STATUS_FORMAT: &str = "[%f/%t] ";
/// Memory that one compiler may need at its worst; JavaScriptCore's unified sources are large.
const MEMORY_PER_JOB_KB: u64 = 1_500_000;

/// What to build.
pub(super) struct Job<'a> {
    /// The build tree.
    pub(super) tree: &'a Path,
    /// JavaScriptCore's shell, and with it everything else that an engine consists of, or the library.
    pub(super) target: &'a str,
    /// Variables for the compilers.
    pub(super) environment: Vec<(&'static str, OsString)>,
    /// The log of everything that is printed.
    pub(super) output: &'a Path,
}

/// Builds it. `task` is for the progress display, `lock` the lock on the build tree.
pub(super) fn run(job: Job, task: &str, lock: &Lock, log: &mut dyn Log) -> Result<(), Error> {
    let Job {
        tree,
        target,
        environment,
        output,
    } = job;
    let begin = Instant::now();
    let mut file = process::append_log(output)?;
    let start = file.metadata().map_or(0, |data| data.len());
    let stderr = file.try_clone().map_err(Error::io("open", output))?;
    let mut child = Command::new("ninja")
        .arg("-C")
        .arg(tree)
        .arg(format!("-j{}", jobs()))
        .arg(target)
        .envs(environment)
        .env("NINJA_STATUS", STATUS_FORMAT)
        .stdin(lock.share().map_err(Error::io("lock", tree))?)
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .map_err(|_| process::missing("ninja", "build an engine"))?;

    let mut copied = Ok(());
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        // Reading goes on when writing fails (a full disk): otherwise ninja would wait for a reader for ever.
        while lines.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
            copied = copied.and_then(|()| file.write_all(&line));
            if let Some((done, total)) = parse_status(&String::from_utf8_lossy(&line)) {
                log.progress(&Progress {
                    task,
                    done,
                    total,
                    elapsed: begin.elapsed(),
                    log: output,
                });
            }
            line.clear();
        }
    }
    let status = child.wait().map_err(Error::io("wait for ninja in", tree));
    log.progress_done();
    let status = status?;
    copied.map_err(Error::io("write", output))?;
    match status.success() {
        true => {
            log.step(&format!(
                "  compiled in {} minutes",
                crate::log::clock(begin.elapsed())
            ));
            Ok(())
        }
        false => Err(process::failed(task, status, output, start)),
    }
}

/// As many compilers at a time as there are cores, but not more than fit into memory.
fn jobs() -> u64 {
    let cores = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let memory = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_memory_kb(&text));
    memory
        .map_or(cores, |memory| cores.min(memory / MEMORY_PER_JOB_KB))
        .max(1)
}

fn total_memory_kb(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Steps done and steps in all, from a line that ninja printed.
fn parse_status(line: &str) -> Option<(u64, u64)> {
    let (status, _) = line.strip_prefix('[')?.split_once(']')?;
    let (done, total) = status.split_once('/')?;
    Some((done.trim().parse().ok()?, total.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninjas_status_is_understood() {
        assert_eq!(
            parse_status("[12/3456] Building CXX object a.o"),
            Some((12, 3456))
        );
        assert_eq!(parse_status("[1/1] x"), Some((1, 1)));
        for other in [
            "a.cpp:3: [1/2]",
            "[note] x",
            "[1-2] x",
            "[/] x",
            "",
            "ninja: no work to do.",
        ] {
            assert_eq!(parse_status(other), None, "{other:?}");
        }
    }

    #[test]
    fn memory_is_read_from_the_kernels_table() {
        assert_eq!(
            total_memory_kb("MemTotal:       24689420 kB\nMemFree: 1 kB\n"),
            Some(24_689_420)
        );
        assert_eq!(total_memory_kb(""), None);
        assert!(jobs() >= 1);
    }
}
