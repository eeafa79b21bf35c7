//! One night at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{self, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long programs of a night that was killed have to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A lock, held until it is dropped or this process and all programs that it has started have ended in whatever way.
pub struct Lock(File);

impl Lock {
    /// Takes the lock of a folder; an error that says who has it when another night does.
    pub fn take(folder: &Path) -> Result<Lock> {
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("could not open {}", path.display()))?;
        let begin = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => {
                    return Err(error)
                        .with_context(|| format!("could not lock {}", path.display()));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            let holder = holder(&mut file);
            let alive = holder.is_none_or(|id| Path::new(&format!("/proc/{id}")).exists());
            if alive || begin.elapsed() > PATIENCE {
                bail!("{}", refusal(holder, alive, &path));
            }
            thread::sleep(Duration::from_millis(50));
        }
        // The holder's number only helps whoever is refused; the lock itself is the kernel's.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", process::id()));
        Ok(Lock(file))
    }

    /// The lock as standard input of a program, which then holds it too: when this process is killed, nobody else may
    /// begin before that program has ended.
    pub fn share(&self) -> Result<Stdio> {
        let file = self.0.try_clone().context("could not share the lock")?;
        Ok(Stdio::from(file))
    }
}

fn refusal(holder: Option<u32>, alive: bool, path: &Path) -> String {
    let path = path.display();
    match holder {
        Some(id) if alive => format!("process {id} runs a night already ({path} is locked)"),
        Some(id) => format!(
            "a program that process {id} has started for a night is still there, though that process is not ({path} is locked)"
        ),
        None => format!("another process runs a night already ({path} is locked)"),
    }
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the lock can be taken soon. Not always at once: a program that another test starts holds every open file of
    /// this process between its fork and its exec.
    fn is_free(folder: &Path) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if Lock::take(folder).is_ok() {
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }

    #[test]
    fn a_second_night_is_told_who_has_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        let refused = Lock::take(folder.path()).err().unwrap().to_string();
        let expected = format!("process {} runs a night already (", process::id());
        assert!(refused.starts_with(&expected), "{refused}");
        drop(first);
        assert!(is_free(folder.path()));
    }

    #[test]
    fn a_program_that_was_started_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let mut program = process::Command::new("sleep")
            .arg("60")
            .stdin(lock.share().unwrap())
            .spawn()
            .unwrap();
        drop(lock);
        assert!(Lock::take(folder.path()).is_err());
        program.kill().unwrap();
        program.wait().unwrap();
        assert!(is_free(folder.path()));
    }
}
