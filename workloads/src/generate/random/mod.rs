//! Random graphs: what nobody thought of. The same files for the same seed and index, on every machine.
//!
//! A [`Plan`] decides first which modules there are, what they export and where their names lead, so that most graphs link;
//! then each module is written. What fails is meant to, mostly.

mod code;
mod edit;
mod exports;
mod fault;
mod faults;
mod imports;
mod later;
mod names;
mod plan;
mod resolve;
mod write;
mod writer;

pub use edit::{Edit, EditKind};

use super::graph::Graph;
use super::rng::Rng;
use plan::Plan;

/// The graph of this seed and index. Its entry is `entry.mjs`.
pub fn graph(seed: u64, index: u64) -> Graph {
    let mut rng = rng(seed, index, 1);
    let plan = Plan::draw(&mut rng);
    let mut graph = Graph::default();
    for (place, module) in plan.modules.iter().enumerate() {
        // A twin has the text of another.
        let text = write::module(&plan, module.twin.unwrap_or(place), rng.clone());
        graph.add(module.path.clone(), text);
    }
    graph
}

/// Numbers of their own for one use of a seed and an index.
pub fn rng(seed: u64, index: u64, purpose: u64) -> Rng {
    let mut mixed = Rng::new(seed);
    let mut state = mixed.next() ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    state = Rng::new(state).next() ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Rng::new(state)
}

#[cfg(test)]
mod tests;
