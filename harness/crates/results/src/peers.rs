//! Other runtimes, beside this program.

use record::{OWN_FULL, RunRecord};
use serde::Serialize;
use stats::{Confidence, Estimate, median, ratio};

/// One peer on one workload.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeerSummary {
    pub workload: String,
    /// The peer's name.
    pub peer: String,
    /// Median wall time of the whole process in milliseconds.
    pub value: Option<Estimate>,
    /// How many times as long as this program on the full path it takes, from processes of the same block.
    pub against_full: Option<Estimate>,
    /// Why there is no value, or the first thing that went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Every peer on every workload.
pub fn summarize_peers(record: &RunRecord, confidence: Confidence) -> Vec<PeerSummary> {
    let own = record.peers.iter().position(|peer| peer.name == OWN_FULL);
    let mut all = Vec::new();
    for (place, workload) in record.workloads.iter().enumerate() {
        for (peer, identity) in record.peers.iter().enumerate() {
            let (theirs, ours) = pairs(record, place, peer, own);
            all.push(PeerSummary {
                workload: workload.name.clone(),
                peer: identity.name.clone(),
                value: median(&times(record, place, peer), confidence).ok(),
                against_full: (Some(peer) != own)
                    .then(|| ratio(&theirs, &ours, confidence).ok())
                    .flatten(),
                error: first_error(record, place, peer),
            });
        }
    }
    all
}

fn times(record: &RunRecord, workload: usize, peer: usize) -> Vec<f64> {
    let blocks = record.valid_blocks(workload);
    blocks.filter_map(|block| block.peer(peer)).collect()
}

fn pairs(
    record: &RunRecord,
    workload: usize,
    peer: usize,
    own: Option<usize>,
) -> (Vec<f64>, Vec<f64>) {
    record
        .valid_blocks(workload)
        .filter_map(|block| Some((block.peer(peer)?, block.peer(own?)?)))
        .unzip()
}

fn first_error(record: &RunRecord, workload: usize, peer: usize) -> Option<String> {
    let unmeasured = record.peers_unmeasured.iter();
    let before = unmeasured
        .filter(|it| (it.workload, it.peer) == (workload, peer))
        .map(|it| it.why.to_string());
    let blocks = record.blocks.iter().filter(|it| it.workload == workload);
    let during = blocks
        .flat_map(|block| &block.peers)
        .filter(|run| run.peer == peer)
        .filter_map(|run| Some(run.error.as_ref()?.to_string()));
    before.chain(during).next()
}
