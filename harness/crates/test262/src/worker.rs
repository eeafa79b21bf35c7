//! The worker's side: a job on each line of standard input, its reply on a line of what was standard output.

use std::fs::File;
use std::io::{self, BufRead, Write};

use rustix::process::{Signal, set_parent_process_death_signal};
use rustix::stdio::{dup2_stdout, stderr, stdout};

use super::execute::Executor;
use super::job::{Job, Reply};
use engine::Engine;

/// What a worker says when it is ready for its first job.
pub const READY: &str = "ready";

/// An answer to a job, or why it could not be tried.
pub type Answer = Result<Reply, String>;

/// Runs jobs until there are no more. Not for people: the pool starts it.
pub fn serve(engine: &Engine) -> io::Result<()> {
    // A test that hangs must not outlive the program that would have ended it.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // Tests may print: that goes to standard error, so that nothing but replies is on the pipe.
    let mut replies = File::from(rustix::io::fcntl_dupfd_cloexec(stdout(), 3)?);
    dup2_stdout(stderr())?;

    writeln!(replies, "{READY}")?;
    let mut executor = Executor::new(engine);
    for line in io::stdin().lock().lines() {
        let answer: Answer = serde_json::from_str::<Job>(&line?)
            .map_err(|error| format!("not a job: {error}"))
            .and_then(|job| executor.run(&job));
        let mut line = serde_json::to_vec(&answer)?;
        line.push(b'\n');
        replies.write_all(&line)?;
    }
    Ok(())
}
