//! What a process writes, read while it runs.

use std::io::Read;
use std::mem;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long what was written before the end may take to be read.
const LEAST: Duration = Duration::from_millis(500);

/// What a process has written so far. A thread reads, so that the process never waits.
pub struct Collected {
    kept: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Collected {
    /// Reads on, until nobody can write any more; `bound` cuts what has been read to what is kept.
    pub fn begin(
        from: Option<impl Read + Send + 'static>,
        bound: impl Fn(&mut Vec<u8>) + Send + 'static,
    ) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (end, ended) = channel();
        if let Some(mut from) = from {
            let kept = Arc::clone(&kept);
            thread::spawn(move || {
                let mut piece = vec![0; 64 << 10];
                while let Ok(read) = from.read(&mut piece) {
                    if read == 0 {
                        break;
                    }
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.extend_from_slice(&piece[..read]);
                    bound(&mut kept);
                }
                // Nobody may be waiting any more.
                let _ = end.send(());
            });
        }
        Self { kept, ended }
    }

    /// What has been written, and whether that is all; waits for the end no longer than this, but always long enough to
    /// read what was written.
    pub fn end_within(self, limit: Duration) -> (Vec<u8>, bool) {
        let ended = match self.ended.recv_timeout(limit.max(LEAST)) {
            Ok(()) => true,
            // There was nothing to read from.
            Err(error) => error == RecvTimeoutError::Disconnected,
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        (mem::take(&mut kept), ended)
    }
}
