//! Peers: the same entries by other runtimes, and by this program as people start it, as whole processes.

mod installed;
mod kind;
mod recipe;
mod start;
mod ways;

use std::path::Path;
use std::time::Duration;

use record::{KeptPeer, PeerError, PeerRun, PeerTimes, PrintedBy};
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
    expected: Expected,
}

/// What a peer must print, and who says it.
#[derive(Debug, Clone)]
struct Expected {
    text: Vec<u8>,
    by: PrintedBy,
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
    let mut expected: Option<Expected> = None;
    let mut all = Vec::new();
    for (place, peer) in peers.iter().enumerate() {
        let ready = peer
            .kind
            .prepare(engine, program, &directory.join(place.to_string()), limit)
            .and_then(|start| {
                let (printed, _) = start.output(0, limit)?;
                Ok((start, printed))
            });
        all.push(match ready {
            Ok((start, printed)) => {
                let ours = expected.get_or_insert_with(|| Expected {
                    text: printed.clone(),
                    by: PrintedBy::ParsePath,
                });
                let defined = peer.kind.prints().map(|text| Expected {
                    text,
                    by: PrintedBy::Definition,
                });
                verify(
                    place,
                    start,
                    defined.unwrap_or_else(|| ours.clone()),
                    &printed,
                    limit,
                )
            }
            Err(error) => Err((place, error)),
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
    expected: Expected,
    printed: &[u8],
    limit: Duration,
) -> Preparation {
    let mut found = differs(&expected, printed);
    for _ in 1..WARM_UPS {
        if found.is_none() {
            let (printed, _) = start.output(0, limit).map_err(|error| (peer, error))?;
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
        let (times, error) = match self.start.output(pad, limit) {
            Ok((printed, process)) => {
                let times = PeerTimes {
                    start: process.started_ns.saturating_sub(origin_ns),
                    wall: process.wall_ns,
                    user: process.user_ns,
                    system: process.system_ns,
                };
                (Some(times), differs(&self.expected, &printed))
            }
            Err(error) => (None, Some(error)),
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
fn differs(expected: &Expected, found: &[u8]) -> Option<PeerError> {
    if expected.text == found {
        return None;
    }
    let by = expected.by;
    let [expected, found] = [&expected.text, found].map(String::from_utf8_lossy);
    let (mut ours, mut theirs) = (expected.split('\n'), found.split('\n'));
    loop {
        let (expected, found) = (ours.next(), theirs.next());
        if expected != found || expected.is_none() {
            let line = |line: Option<&str>| line.unwrap_or_default().chars().take(200).collect();
            return Some(PeerError::Output {
                expected: line(expected),
                found: line(found),
                by,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs_from(expected: &[u8], found: &[u8], by: PrintedBy) -> Option<String> {
        let expected = Expected {
            text: expected.to_vec(),
            by,
        };
        differs(&expected, found).map(|it| it.to_string())
    }

    #[test]
    fn the_first_line_that_differs_is_told() {
        let differs = |expected: &[u8], found: &[u8]| {
            differs_from(expected, found, PrintedBy::ParsePath).unwrap_or_default()
        };
        assert_eq!(differs(b"a\nb\n", b"a\nb\n"), "");
        assert_eq!(
            differs(b"a\nb\nc\n", b"a\nx\ny\n"),
            "it printed \"x\" where this program prints \"b\""
        );
        assert_eq!(
            differs(b"a\n", b"a\nmore"),
            "it printed \"more\" where this program prints \"\""
        );
        assert_ne!(differs(b"\xff", b"\xfe"), "", "bytes, not characters");
    }

    #[test]
    fn a_line_of_the_definition_is_said_to_be_one() {
        let error = differs_from(b"ready\n", b"go\n", PrintedBy::Definition);
        assert_eq!(
            error.as_deref(),
            Some("it printed \"go\" where its `prints` in jsc-harness.toml has \"ready\"")
        );
    }
}
