//! Worker processes: several tests one after the other in each, and a new one when one crashes or hangs.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::num::NonZeroUsize;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::job::{Job, Reply};
use super::observation::Crash;
use super::worker::{self, READY};
use crate::error::Error;

/// How jobs are run.
#[derive(Debug, Clone)]
pub struct Pool {
    pub program: PathBuf,
    /// Processes at a time.
    pub workers: NonZeroUsize,
    /// Jobs that a process runs before a new one takes its place.
    pub jobs_per_process: usize,
    /// What a job may take.
    pub time_limit: Duration,
}

/// What became of a job.
#[derive(Debug)]
pub enum Answer {
    /// It ran.
    Ran(Box<Reply>),
    /// Its process ended before it.
    Crashed(Crash),
    /// It did not end in time; its process was ended.
    TimedOut,
}

/// How much of the end of a worker's standard error is kept.
const LAST_WORDS: usize = 4096;

impl Pool {
    /// Runs every job; the answers are in the order of the jobs. `done` is called after each.
    pub fn run(&self, jobs: &[Job], done: &(dyn Fn() + Sync)) -> Result<Vec<Answer>, Error> {
        let next = AtomicUsize::new(0);
        let answers: Mutex<Vec<Option<Answer>>> = Mutex::new(jobs.iter().map(|_| None).collect());
        let work = || -> Result<(), Error> {
            let mut worker: Option<Worker> = None;
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(job) = jobs.get(index) else {
                    return Ok(());
                };
                let current = match worker.take() {
                    Some(worker) if worker.jobs < self.jobs_per_process => worker,
                    _ => Worker::start(&self.program)?,
                };
                let (answer, rest) = current.run(job, self.time_limit)?;
                worker = rest;
                answers.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(answer);
                done();
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.workers.get().min(jobs.len()))
                .map(|_| {
                    scope.spawn(|| {
                        // Whoever fails leaves the others nothing to do.
                        work().inspect_err(|_| next.store(jobs.len(), Ordering::Relaxed))
                    })
                })
                .collect();
            workers.into_iter().try_for_each(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        })?;
        let answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        // No worker failed, so that every job has its answer.
        Ok(answers.into_iter().flatten().collect())
    }
}

/// A process that runs jobs. It ends when this is dropped.
struct Worker {
    child: Child,
    /// Taken when the process is to end.
    stdin: Option<ChildStdin>,
    replies: Receiver<String>,
    last_words: Option<JoinHandle<String>>,
    jobs: usize,
}

impl Worker {
    fn start(program: &PathBuf) -> Result<Self, Error> {
        let failed = |source| Error::Spawn {
            program: program.clone(),
            source,
        };
        let mut child = Command::new(program)
            .arg("test262-worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            unreachable!("all three are piped")
        };
        let (sender, replies) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut worker = Self {
            child,
            stdin: Some(stdin),
            replies,
            last_words: Some(thread::spawn(move || last_words(stderr))),
            jobs: 0,
        };
        match worker.replies.recv() {
            Ok(line) if line == READY => Ok(worker),
            other => {
                let said = other.unwrap_or_default();
                let (status, last_words) = worker.end();
                Err(Error::Worker {
                    reason: format!("it ended with {status} and said: {said}{last_words}"),
                })
            }
        }
    }

    /// Runs a job; gives the worker back if it can run another.
    fn run(mut self, job: &Job, time_limit: Duration) -> Result<(Answer, Option<Self>), Error> {
        self.jobs += 1;
        let mut line = serde_json::to_vec(job).map_err(|error| Error::Worker {
            reason: format!("no job for it can be written: {error}"),
        })?;
        line.push(b'\n');
        if let Some(stdin) = &mut self.stdin {
            // A worker that is gone shows when it does not reply.
            let _ = stdin.write_all(&line);
        }
        match self.replies.recv_timeout(time_limit) {
            Ok(line) => match serde_json::from_str::<worker::Answer>(&line) {
                Ok(Ok(reply)) => Ok((Answer::Ran(Box::new(reply)), Some(self))),
                Ok(Err(reason)) => Err(Error::Worker { reason }),
                Err(error) => Err(Error::Worker {
                    reason: format!("its reply cannot be read: {error}: {line}"),
                }),
            },
            Err(RecvTimeoutError::Timeout) => {
                let _ = self.child.kill();
                self.end();
                Ok((Answer::TimedOut, None))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let (status, last_words) = self.end();
                Ok((Answer::Crashed(Crash { status, last_words }), None))
            }
        }
    }

    /// Waits for the process to end; how it did, and the last that it wrote to standard error.
    fn end(&mut self) -> (String, String) {
        self.stdin = None;
        let status = match self.child.wait() {
            Ok(status) => status_text(status),
            Err(error) => format!("an unknown status: {error}"),
        };
        let last_words = self.last_words.take().and_then(|it| it.join().ok());
        (status, last_words.unwrap_or_default())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Without standard input it ends by itself.
        self.stdin = None;
        let _ = self.child.wait();
    }
}

fn status_text(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}

fn last_words(mut stderr: impl Read) -> String {
    let mut kept: VecDeque<u8> = VecDeque::new();
    let mut buffer = [0; 4096];
    while let Ok(count) = stderr.read(&mut buffer) {
        if count == 0 {
            break;
        }
        kept.extend(&buffer[..count]);
        kept.drain(..kept.len().saturating_sub(LAST_WORDS));
    }
    let kept: Vec<u8> = kept.into();
    String::from_utf8_lossy(&kept).trim().to_owned()
}
