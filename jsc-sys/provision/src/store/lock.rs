//! Locks between processes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::{self, Stdio};

use crate::{Error, Log};

/// A lock, held until it is dropped or the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock named `what` in a folder, waiting for as long as another process has it.
    pub(super) fn take(folder: &Path, what: &str, log: &mut dyn Log) -> Result<Lock, Error> {
        let path = folder.join(format!("{what}.lock"));
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = open.map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                log.step(&format!(
                    "waiting for {}, which works on {what}",
                    holder(&mut file)
                ));
                file.lock().map_err(Error::io("lock", &path))?;
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        // The holder's number only helps whoever waits; the lock itself is the kernel's.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", process::id()));
        Ok(Lock { file })
    }

    /// The lock as a standard input for a child process, which then holds it too.
    ///
    /// When this process is killed, a child may go on for a while; nobody else may begin before it has ended.
    pub(crate) fn share(&self) -> io::Result<Stdio> {
        self.file.try_clone().map(Stdio::from)
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let known = file
        .rewind()
        .and_then(|()| file.take(20).read_to_string(&mut text))
        .is_ok();
    match text.trim().parse::<u32>() {
        Ok(id) if known => format!("process {id}"),
        _ => "another process".to_string(),
    }
}
