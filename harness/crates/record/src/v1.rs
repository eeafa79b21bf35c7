//! Schema 1 of result files.
//!
//! ```text
//! { "schema": 1,
//!   "run", "conditions", "machine", "before", "after",     as in `run.rs` and `machine.rs`
//!   "engines": [...], "workloads": [...],                  named by their place from here on
//!   "unmeasured": [...],                                   workload, engine, path, why
//!   "facts": [...],                                        each different one once
//!   "blocks": [[names], [values]...],                      workload, round, void
//!   "samples": [[names], [values]...] }                    block, engine, path, pad, facts, times..., error
//! ```
//!
//! A run with peers has `peers`, `peers_unmeasured`, and `peer_samples` as a table like the others, named by block and peer.
//!
//! Samples stand in the order in which they ran. One without `facts` is a worker that gave none; its `error` says what
//! became of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::columns::Columns;
use super::kept_load::{Facts, KeptLoad, Measured, SampleError, Times, Void};
use super::machine::{Machine, Moment};
use super::peer::{KeptPeer, PeerRun, PeerUnmeasured};
use super::run::{Block, Conditions, KeptEngine, KeptWorkload, RunInfo, RunRecord, Unmeasured};
use sample::LoadPath;

/// The number of this schema.
pub const SCHEMA: u32 = 1;

/// A whole file.
#[derive(Debug, Serialize, Deserialize)]
pub struct File {
    schema: u32,
    run: RunInfo,
    conditions: Conditions,
    machine: Machine,
    before: Moment,
    after: Moment,
    engines: Vec<KeptEngine>,
    workloads: Vec<KeptWorkload>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unmeasured: Vec<Unmeasured>,
    facts: Vec<Facts>,
    blocks: Columns,
    samples: Columns,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    peers: Vec<KeptPeer>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    peers_unmeasured: Vec<PeerUnmeasured>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    peer_samples: Option<Columns>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PeerRow {
    block: usize,
    #[serde(flatten)]
    run: PeerRun,
}

#[derive(Debug, Serialize, Deserialize)]
struct BlockRow {
    workload: usize,
    round: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    void: Option<Void>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SampleRow {
    block: usize,
    engine: usize,
    path: LoadPath,
    pad: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    facts: Option<usize>,
    #[serde(flatten)]
    times: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<SampleError>,
}

impl File {
    /// The file of a record.
    pub fn of(record: &RunRecord) -> serde_json::Result<Self> {
        let mut facts = Vec::new();
        let mut blocks = Vec::new();
        let mut samples = Vec::new();
        let mut peers = Vec::new();
        for (index, block) in record.blocks.iter().enumerate() {
            blocks.push(BlockRow {
                workload: block.workload,
                round: block.round,
                void: block.void.clone(),
            });
            peers.extend(block.peers.iter().map(|run| PeerRow {
                block: index,
                run: run.clone(),
            }));
            for load in &block.loads {
                samples.push(SampleRow::of(index, load, &mut facts)?);
            }
        }
        Ok(Self {
            schema: SCHEMA,
            run: record.run.clone(),
            conditions: record.conditions.clone(),
            machine: record.machine.clone(),
            before: record.before.clone(),
            after: record.after.clone(),
            engines: record.engines.clone(),
            workloads: record.workloads.clone(),
            unmeasured: record.unmeasured.clone(),
            facts,
            blocks: Columns::of(&blocks)?,
            samples: Columns::of(&samples)?,
            peers: record.peers.clone(),
            peers_unmeasured: record.peers_unmeasured.clone(),
            peer_samples: (!peers.is_empty())
                .then(|| Columns::of(&peers))
                .transpose()?,
        })
    }

    /// The record again. The text of an error says what in the file contradicts itself.
    pub fn into_record(self) -> Result<RunRecord, String> {
        let rows = |what: &str, error: serde_json::Error| format!("{what}: {error}");
        for (index, it) in self.unmeasured.iter().enumerate() {
            within("workload", it.workload, self.workloads.len())
                .and_then(|()| within("engine", it.engine, self.engines.len()))
                .map_err(|what| format!("unmeasured {index}: {what}"))?;
        }
        let mut blocks = Vec::new();
        let block_rows = self
            .blocks
            .items::<BlockRow>()
            .map_err(|error| rows("blocks", error))?;
        for (index, row) in block_rows.into_iter().enumerate() {
            within("workload", row.workload, self.workloads.len())
                .map_err(|what| format!("block {index}: {what}"))?;
            blocks.push(Block {
                workload: row.workload,
                round: row.round,
                void: row.void,
                loads: Vec::new(),
                peers: Vec::new(),
            });
        }
        let sample_rows = self
            .samples
            .items::<SampleRow>()
            .map_err(|error| rows("samples", error))?;
        for (index, row) in sample_rows.into_iter().enumerate() {
            let block = row.block;
            let load = row
                .into_load(&self.engines, &self.facts, blocks.len())
                .map_err(|what| format!("sample {index}: {what}"))?;
            blocks[block].loads.push(load);
        }
        for (index, it) in self.peers_unmeasured.iter().enumerate() {
            within("workload", it.workload, self.workloads.len())
                .and_then(|()| within("peer", it.peer, self.peers.len()))
                .map_err(|what| format!("peers_unmeasured {index}: {what}"))?;
        }
        let peer_rows = match self.peer_samples {
            Some(table) => table
                .items::<PeerRow>()
                .map_err(|error| rows("peer_samples", error))?,
            None => Vec::new(),
        };
        for (index, PeerRow { block, run }) in peer_rows.into_iter().enumerate() {
            within("block", block, blocks.len())
                .and_then(|()| within("peer", run.peer, self.peers.len()))
                .map_err(|what| format!("peer sample {index}: {what}"))?;
            blocks[block].peers.push(run);
        }
        Ok(RunRecord {
            run: self.run,
            conditions: self.conditions,
            machine: self.machine,
            before: self.before,
            after: self.after,
            engines: self.engines,
            workloads: self.workloads,
            unmeasured: self.unmeasured,
            peers: self.peers,
            peers_unmeasured: self.peers_unmeasured,
            blocks,
        })
    }
}

impl SampleRow {
    fn of(block: usize, load: &KeptLoad, facts: &mut Vec<Facts>) -> serde_json::Result<Self> {
        let mut row = Self {
            block,
            engine: load.engine,
            path: load.path,
            pad: load.pad,
            facts: None,
            times: Map::new(),
            error: load.error.clone(),
        };
        if let Some(measured) = &load.measured {
            row.facts = Some(place(facts, &measured.facts));
            if let Value::Object(times) = serde_json::to_value(&measured.times)? {
                row.times = times;
            }
        }
        Ok(row)
    }

    fn into_load(
        self,
        engines: &[KeptEngine],
        facts: &[Facts],
        blocks: usize,
    ) -> Result<KeptLoad, String> {
        within("block", self.block, blocks)?;
        within("engine", self.engine, engines.len())?;
        let measured = match self.facts {
            Some(place) => {
                within("facts", place, facts.len())?;
                let times: Times = serde_json::from_value(Value::Object(self.times))
                    .map_err(|error| error.to_string())?;
                Some(Measured {
                    times,
                    facts: facts[place].clone(),
                })
            }
            None if self.error.is_none() => {
                return Err("it has neither facts nor an error".to_owned());
            }
            None => None,
        };
        Ok(KeptLoad {
            engine: self.engine,
            path: self.path,
            pad: self.pad,
            measured,
            error: self.error,
        })
    }
}

fn place(facts: &mut Vec<Facts>, wanted: &Facts) -> usize {
    facts
        .iter()
        .position(|facts| facts == wanted)
        .unwrap_or_else(|| {
            facts.push(wanted.clone());
            facts.len() - 1
        })
}

fn within(what: &str, place: usize, count: usize) -> Result<(), String> {
    if place < count {
        Ok(())
    } else {
        Err(format!("{what} {place} of {count}"))
    }
}
