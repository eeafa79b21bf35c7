//! The orchestrator's side: starts a worker, waits for it no longer than it may take, and says what became of it.
//!
//! A worker that crashes, hangs or prints something else than its line is a [`WorkerFailure`], which is data: nothing
//! here fails because of what a worker does.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use serde::de::DeserializeOwned;
use wait4::Wait4;

use sample::{Instructions, ProcessTimes, SCHEMA, Sample, Task, WorkerFailure, monotonic_ns};

use crate::collected::Collected;
use crate::counting::{self, Counter};
use crate::descendants;
use crate::error::Error;
use crate::installed::{InstalledEngine, program_on};

/// Fills a worker's environment up, so that its stack and its allocations do not lie at the same place each time.
pub const PAD_VARIABLE: &str = "HARNESS_PAD";

/// The most that is kept of a worker's standard output.
const MOST_OUTPUT: usize = 1 << 30;

/// What is kept of a worker's standard error: its end.
const STDERR_TAIL: usize = 8 << 10;

/// How a worker is started.
#[derive(Debug, Clone)]
pub struct WorkerCall<'a> {
    /// The engine to run on.
    pub engine: &'a InstalledEngine,
    /// Another program to start in this one's place, for tests of what becomes of workers that go wrong.
    pub program: Option<&'a Path>,
    /// What it is to do.
    pub task: Task,
    /// Length of the variable that fills the environment up, in bytes; none when it is 0.
    pub pad: usize,
    /// How long the worker may take, from its start to its exit.
    pub time_limit: Duration,
    /// How much of what it writes to standard error is kept, in bytes: its end.
    pub keep_stderr: usize,
    /// Counts its instructions; [`counting::FILE`] in this directory has them by function, until the next one is counted.
    pub counted: Option<(&'a Counter, &'a Path)>,
}

/// A worker that printed its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished<T> {
    pub line: T,
    /// The process as it is seen from outside.
    pub process: ProcessTimes,
    /// Its instructions, if they were counted.
    pub instructions: Option<Instructions>,
    /// The end of what it wrote to standard error.
    pub stderr: String,
}

/// How long a worker may take when nobody says otherwise.
pub const TIME_LIMIT: Duration = Duration::from_secs(120);

impl<'a> WorkerCall<'a> {
    /// A worker for this task, in a plain environment.
    pub fn new(engine: &'a InstalledEngine, task: Task) -> Self {
        Self {
            engine,
            program: None,
            task,
            pad: 0,
            time_limit: TIME_LIMIT,
            keep_stderr: STDERR_TAIL,
            counted: None,
        }
    }

    /// Starts it, waits for it, and reads its sample.
    pub fn run(&self) -> Result<Finished<Sample>, WorkerFailure> {
        let finished = self.run_for::<Sample>()?;
        match finished.line.schema {
            SCHEMA => Ok(finished),
            other => Err(WorkerFailure::Garbage {
                what: format!("a sample of schema {other}; this program reads {SCHEMA}"),
                stderr: finished.stderr,
            }),
        }
    }

    /// Starts it, waits for it, and reads its line.
    pub fn run_for<T: DeserializeOwned>(&self) -> Result<Finished<T>, WorkerFailure> {
        let command = self
            .command()
            .map_err(|error| WorkerFailure::not_started(&error))?;
        let Some((counter, directory)) = self.counted else {
            return run(command, self.time_limit, self.keep_stderr);
        };
        let file = directory.join(counting::FILE);
        let limit = self.time_limit * counting::SLOWER;
        let mut finished = run::<T>(counter.around(&command, &file), limit, self.keep_stderr)?;
        let counted = counting::read(&file).map_err(|error| WorkerFailure::Garbage {
            what: error.to_string(),
            stderr: finished.stderr.clone(),
        })?;
        finished.instructions = Some(counted);
        Ok(finished)
    }

    fn command(&self) -> Result<Command, Error> {
        let mut command = program_on(self.engine, self.program)?;
        // Numbers, texts and paths: serializing them cannot fail.
        let task = serde_json::to_string(&self.task).unwrap_or_default();
        command.args(["worker", "--engine", &self.engine.name, "--task", &task]);
        if self.pad > 0 {
            command.env(PAD_VARIABLE, "x".repeat(self.pad));
        }
        Ok(command)
    }
}

/// Runs a program to its end, which must be a good one: what it printed, and its times.
pub fn output(
    command: Command,
    time_limit: Duration,
) -> Result<(Vec<u8>, ProcessTimes), WorkerFailure> {
    let ended = run_to_end(command, time_limit, STDERR_TAIL)?;
    Ok((ended.line, ended.process))
}

fn run<T: DeserializeOwned>(
    command: Command,
    time_limit: Duration,
    keep_stderr: usize,
) -> Result<Finished<T>, WorkerFailure> {
    let ended = run_to_end(command, time_limit, keep_stderr)?;
    Ok(Finished {
        line: read_line(&ended.line, &ended.stderr)?,
        process: ended.process,
        instructions: None,
        stderr: ended.stderr,
    })
}

fn run_to_end(
    mut command: Command,
    time_limit: Duration,
    keep_stderr: usize,
) -> Result<Finished<Vec<u8>>, WorkerFailure> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let started_ns = monotonic_ns();
    let started = Instant::now();
    let mut child = command
        .spawn()
        .map_err(|error| WorkerFailure::not_started(&error))?;
    let pipes = [
        child.stdout.as_ref().and_then(descendants::pipe_name),
        child.stderr.as_ref().and_then(descendants::pipe_name),
    ];
    let stdout = Collected::begin(child.stdout.take(), |bytes| bytes.truncate(MOST_OUTPUT));
    let stderr = Collected::begin(child.stderr.take(), move |bytes| {
        bytes.drain(..bytes.len().saturating_sub(keep_stderr));
    });
    let in_time = wait_at_most(&child, started, time_limit);
    if !matches!(in_time, Ok(true)) {
        // It may have ended meanwhile, which is as good.
        descendants::kill_with(&mut child);
    }
    let waited = child.wait4();
    let wall = started.elapsed();
    // What the process has started may still hold its output open, but for no longer than the process may take.
    let left = || time_limit.saturating_sub(started.elapsed());
    let (stdout, out_ended) = stdout.end_within(left());
    let (stderr, err_ended) = stderr.end_within(left());
    let stderr = String::from_utf8_lossy(&stderr).into_owned();
    let in_time = in_time.map_err(|error| WorkerFailure::not_started(&error))?;
    let limit_ms = u64::try_from(time_limit.as_millis()).unwrap_or(u64::MAX);
    if !(out_ended && err_ended) {
        pipes
            .iter()
            .flatten()
            .for_each(|it| descendants::kill_holders(it));
    }
    if !in_time {
        return Err(WorkerFailure::TimedOut { limit_ms, stderr });
    }
    if !(out_ended && err_ended) {
        return Err(WorkerFailure::HeldOpen { limit_ms, stderr });
    }
    let used = waited.map_err(|error| WorkerFailure::not_started(&error))?;
    ended_well(used.status, &stderr)?;
    Ok(Finished {
        line: stdout,
        process: ProcessTimes {
            started_ns,
            wall_ns: nanoseconds(wall),
            user_ns: nanoseconds(used.rusage.utime),
            system_ns: nanoseconds(used.rusage.stime),
        },
        instructions: None,
        stderr,
    })
}

fn ended_well(status: ExitStatus, stderr: &str) -> Result<(), WorkerFailure> {
    let stderr = || stderr.to_owned();
    if let Some(signal) = status.signal() {
        return Err(WorkerFailure::Crashed {
            signal,
            stderr: stderr(),
        });
    }
    match status.code() {
        Some(0) => Ok(()),
        code => Err(WorkerFailure::Exited {
            code: code.unwrap_or(-1),
            stderr: stderr(),
        }),
    }
}

fn read_line<T: DeserializeOwned>(stdout: &[u8], stderr: &str) -> Result<T, WorkerFailure> {
    let garbage = |what: String| WorkerFailure::Garbage {
        what,
        stderr: stderr.to_owned(),
    };
    let line = stdout
        .strip_suffix(b"\n")
        .ok_or_else(|| garbage(format!("no whole line: {}", beginning(stdout))))?;
    serde_json::from_slice(line).map_err(|error| garbage(format!("{error}: {}", beginning(line))))
}

/// True when the child has ended in time.
fn wait_at_most(child: &Child, started: Instant, limit: Duration) -> io::Result<bool> {
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::other("a process without an id"))?;
    // Readable when the process has ended.
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    loop {
        let left = limit.saturating_sub(started.elapsed());
        // poll(2) takes no limit of a thousand years.
        let slice = left.min(Duration::from_secs(60 * 60));
        let until =
            Timespec::try_from(slice).map_err(|_| io::Error::other("the limit is too long"))?;
        match poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&until)) {
            Ok(0) if slice < left => {}
            Ok(0) => return Ok(false),
            Ok(_) => return Ok(true),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The first characters of what was printed, on one line.
fn beginning(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    if text.is_empty() {
        "nothing was printed".to_owned()
    } else {
        format!("{text:?}")
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
