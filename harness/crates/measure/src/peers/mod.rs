//! Peers: the same entries by other runtimes, and by this program as people start it, as whole processes.

mod installed;
mod kind;
mod recipe;
mod start;
mod ways;

use std::path::Path;
use std::time::Duration;

use sample::{ProcessTimes, WorkerFailure};
use workers::output;

use record::{KeptPeer, PeerError, PeerRun, PeerTimes};
use workers::InstalledEngine;

pub use installed::find;
use kind::Kind;
pub use kind::Program;
use start::Start;

/// A peer of a run.
#[derive(Debug, Clone)]
pub struct Peer {
    /// How it is named in the record.
    pub identity: KeptPeer,
    kind: Kind,
}

/// A peer that is ready to run an entry.
#[derive(Debug)]
pub struct PreparedPeer {
    /// Its place in the plan.
    pub peer: usize,
    start: Start,
    expected: Vec<u8>,
}

/// A peer, or why it cannot be measured.
pub type Preparation = Result<PreparedPeer, (usize, PeerError)>;

/// Discarded processes of each peer on each entry. Caches are written by the first.
const WARM_UPS: u32 = 2;

/// Prepares every peer for an entry: what it compiles is compiled, its cache written, and its output compared with what
/// the first of them prints, which is this program on the parse path. Files go to `directory`.
pub fn prepare(
    peers: &[Peer],
    engine: &InstalledEngine,
    program: Program<'_>,
    directory: &Path,
    limit: Duration,
) -> Vec<Preparation> {
    let mut expected: Option<Vec<u8>> = None;
    let mut all = Vec::new();
    for (place, peer) in peers.iter().enumerate() {
        let ready = peer
            .kind
            .prepare(engine, program, &directory.join(place.to_string()), limit)
            .and_then(|start| {
                let (printed, _) = output(start.command(0), limit)?;
                Ok((start, printed))
            });
        all.push(match ready {
            Ok((start, printed)) => {
                let ours = expected.get_or_insert_with(|| printed.clone());
                let expected = peer.kind.prints().unwrap_or_else(|| ours.clone());
                verify(place, start, expected, &printed, limit)
            }
            Err(failure) => Err((place, PeerError::Process { failure })),
        });
        if expected.is_none() {
            // There is nothing to compare with.
            break;
        }
    }
    all
}

fn verify(
    peer: usize,
    start: Start,
    expected: Vec<u8>,
    printed: &[u8],
    limit: Duration,
) -> Preparation {
    let mut found = differs(&expected, printed);
    for _ in 1..WARM_UPS {
        if found.is_none() {
            let (printed, _) = output(start.command(0), limit)
                .map_err(|failure| (peer, PeerError::Process { failure }))?;
            found = differs(&expected, &printed);
        }
    }
    match found {
        Some(error) => Err((peer, error)),
        None => Ok(PreparedPeer {
            peer,
            start,
            expected,
        }),
    }
}

impl PreparedPeer {
    /// Runs the entry once.
    pub fn run(&self, pad: u32, origin_ns: u64, limit: Duration) -> PeerRun {
        let ended: Result<(Vec<u8>, ProcessTimes), WorkerFailure> =
            output(self.start.command(pad), limit);
        let (times, error) = match ended {
            Ok((printed, process)) => {
                let times = PeerTimes {
                    start: process.started_ns.saturating_sub(origin_ns),
                    wall: process.wall_ns,
                    user: process.user_ns,
                    system: process.system_ns,
                };
                (Some(times), differs(&self.expected, &printed))
            }
            Err(failure) => (None, Some(PeerError::Process { failure })),
        };
        PeerRun {
            peer: self.peer,
            pad,
            times,
            error,
        }
    }
}

/// The first line that differs.
fn differs(expected: &[u8], found: &[u8]) -> Option<PeerError> {
    if expected == found {
        return None;
    }
    let [expected, found] = [expected, found].map(String::from_utf8_lossy);
    let (mut ours, mut theirs) = (expected.split('\n'), found.split('\n'));
    loop {
        let (expected, found) = (ours.next(), theirs.next());
        if expected != found || expected.is_none() {
            let line = |line: Option<&str>| line.unwrap_or_default().chars().take(200).collect();
            return Some(PeerError::Output {
                expected: line(expected),
                found: line(found),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(differs(b"a\nb\n", b"a\nb\n"), None);
        let error = differs(b"a\nb\nc\n", b"a\nx\ny\n").unwrap();
        assert_eq!(
            error.to_string(),
            "it printed \"x\" where this program prints \"b\""
        );
        let error = differs(b"a\n", b"a\nmore").unwrap();
        assert_eq!(
            error.to_string(),
            "it printed \"more\" where this program prints \"\""
        );
        assert!(differs(b"\xff", b"\xfe").is_some(), "bytes, not characters");
    }
}
