//! One result made of those of all shards of a run.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::run::{Block, RunInfo, RunRecord};
use sample::Shard;

/// The flag that names a part.
const FLAG: &str = "--shard";

/// Why results cannot be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// There are none.
    #[error("there is nothing to merge")]
    Nothing,
    /// One is not that of a shard.
    #[error("{} is not the result of a shard: it was measured without {FLAG} INDEX/COUNT", .file.display())]
    NotAShard { file: PathBuf },
    /// What must be the same is not.
    #[error("{} is not of the same run as {}: {what} is {found} in the former and {expected} in the latter", .file.display(), .first.display())]
    Different {
        file: PathBuf,
        /// The one that it is compared with.
        first: PathBuf,
        /// What differs.
        what: String,
        /// What the file says.
        found: String,
        /// What the other one says.
        expected: String,
    },
    /// A part is there twice.
    #[error("{} is shard {shard}, and so is {}", .file.display(), .other.display())]
    Twice {
        file: PathBuf,
        /// The other one.
        other: PathBuf,
        shard: Shard,
    },
    /// A part is not there.
    #[error("shard {0} is missing")]
    Missing(Shard),
    /// Two parts have a workload in common.
    #[error("{} has {workload}, and so has {}: their lists of workloads were not the same", .file.display(), .other.display())]
    SameWorkload {
        file: PathBuf,
        /// The other one.
        other: PathBuf,
        workload: String,
    },
}

/// Joins the results of all shards of a run, with the files that they are from. Numbers of one result compare with each
/// other, so all that they depend on must be the same.
pub fn merge(shards: Vec<(PathBuf, RunRecord)>) -> Result<RunRecord, MergeError> {
    let shards = in_order(shards)?;
    same(&shards)?;
    disjoint(&shards)?;
    let records: Vec<&RunRecord> = shards.iter().map(|(_, record)| record).collect();
    join(&records).ok_or(MergeError::Nothing)
}

/// All shards, the first one first.
fn in_order(shards: Vec<(PathBuf, RunRecord)>) -> Result<Vec<(PathBuf, RunRecord)>, MergeError> {
    let mut placed: Vec<(Shard, (PathBuf, RunRecord))> = Vec::new();
    for (file, record) in shards {
        let Some(shard) = shard_of(&record) else {
            return Err(MergeError::NotAShard { file });
        };
        if let Some((_, (other, _))) = placed.iter().find(|(known, _)| *known == shard) {
            return Err(MergeError::Twice {
                file,
                other: other.clone(),
                shard,
            });
        }
        if let Some((first, (other, _))) = placed.first()
            && first.count() != shard.count()
        {
            return Err(MergeError::Different {
                file,
                first: other.clone(),
                what: "the number of shards".to_owned(),
                found: shard.count().to_string(),
                expected: first.count().to_string(),
            });
        }
        placed.push((shard, (file, record)));
    }
    placed.sort_by_key(|(shard, _)| shard.index());
    let Some((first, _)) = placed.first() else {
        return Err(MergeError::Nothing);
    };
    let missing = first
        .all()
        .find(|wanted| !placed.iter().any(|(shard, _)| shard == wanted));
    match missing {
        Some(shard) => Err(MergeError::Missing(shard)),
        None => Ok(placed.into_iter().map(|(_, it)| it).collect()),
    }
}

fn shard_of(record: &RunRecord) -> Option<Shard> {
    let words = &record.run.command;
    let place = words.iter().position(|word| word == FLAG)?;
    words.get(place + 1)?.parse().ok()
}

/// The command that measures all shards.
fn command(record: &RunRecord) -> Vec<String> {
    let mut words = record.run.command.clone();
    if let Some(place) = words.iter().position(|word| word == FLAG) {
        words.drain(place..(place + 2).min(words.len()));
    }
    words
}

fn same(shards: &[(PathBuf, RunRecord)]) -> Result<(), MergeError> {
    let Some(((first, record), others)) = shards.split_first() else {
        return Ok(());
    };
    let expected = fixed(record);
    for (file, record) in others {
        if let Some((what, expected, found)) = difference("", &expected, &fixed(record)) {
            return Err(MergeError::Different {
                file: file.clone(),
                first: first.clone(),
                what,
                found,
                expected,
            });
        }
    }
    Ok(())
}

/// All that numbers depend on.
fn fixed(record: &RunRecord) -> Value {
    let mut fixed = json!({
        "program": record.run.program,
        "engines": record.engines,
        "conditions": record.conditions,
        "machine": record.machine,
        "peers": record.peers,
        "purpose": record.run.purpose,
        "command": command(record).join(" "),
    });
    if let Some(conditions) = fixed["conditions"].as_object_mut() {
        // With a budget, each shard has as many as there was time for.
        conditions.remove("rounds");
    }
    fixed
}

/// The first thing in which two values differ: what, and both sides.
fn difference(what: &str, a: &Value, b: &Value) -> Option<(String, String, String)> {
    if let (Value::Object(first), Value::Object(second)) = (a, b) {
        let keys = first.keys().chain(second.keys());
        let mut keys = keys.filter(|key| first.get(*key) != second.get(*key));
        let key = keys.next()?;
        let whole = match what {
            "" => key.clone(),
            what => format!("{what}.{key}"),
        };
        let side = |object: &serde_json::Map<String, Value>| {
            object.get(key).cloned().unwrap_or(Value::Null)
        };
        return difference(&whole, &side(first), &side(second));
    }
    if let (Value::Array(first), Value::Array(second)) = (a, b)
        && first.len() == second.len()
    {
        let place = first.iter().zip(second).position(|(a, b)| a != b)?;
        return difference(&format!("{what}[{place}]"), &first[place], &second[place]);
    }
    (a != b).then(|| (what.to_owned(), a.to_string(), b.to_string()))
}

fn disjoint(shards: &[(PathBuf, RunRecord)]) -> Result<(), MergeError> {
    let mut seen: Vec<(&str, &Path)> = Vec::new();
    for (file, record) in shards {
        for workload in &record.workloads {
            if let Some((_, other)) = seen.iter().find(|(name, _)| *name == workload.name) {
                return Err(MergeError::SameWorkload {
                    file: file.clone(),
                    other: other.to_path_buf(),
                    workload: workload.name.clone(),
                });
            }
            seen.push((&workload.name, file));
        }
    }
    Ok(())
}

/// The shards as one run, if there are any.
fn join(shards: &[&RunRecord]) -> Option<RunRecord> {
    let first = shards.iter().min_by_key(|it| it.run.started)?;
    let last = shards.iter().max_by_key(|it| it.run.ended)?;
    let mut whole = RunRecord {
        run: RunInfo {
            id: RunInfo::id_of(first.run.started, &first.engines, &first.machine),
            ended: last.run.ended,
            command: command(first),
            ..first.run.clone()
        },
        conditions: first.conditions.clone(),
        machine: first.machine.clone(),
        before: first.before.clone(),
        after: last.after.clone(),
        engines: first.engines.clone(),
        workloads: Vec::new(),
        unmeasured: Vec::new(),
        peers: first.peers.clone(),
        peers_unmeasured: Vec::new(),
        blocks: Vec::new(),
    };
    whole.conditions.rounds = shards
        .iter()
        .map(|it| it.conditions.rounds)
        .min()
        .unwrap_or(0);
    let places = places(shards);
    let mut blocks: Vec<(u64, Block)> = Vec::new();
    for (shard, places) in shards.iter().zip(&places) {
        let later = shard.run.started.duration_since(first.run.started);
        let later = u64::try_from(later.as_nanos()).unwrap_or(0);
        let mut begun = later;
        for block in &shard.blocks {
            let block = moved(block, places, later);
            begun = start(&block).unwrap_or(begun).max(begun);
            blocks.push((begun, block));
        }
        whole.unmeasured.extend(shard.unmeasured.iter().map(|it| {
            let mut it = it.clone();
            it.workload = places[it.workload];
            it
        }));
        let peers = shard.peers_unmeasured.iter();
        whole.peers_unmeasured.extend(peers.map(|it| {
            let mut it = it.clone();
            it.workload = places[it.workload];
            it
        }));
    }
    // Blocks of one shard that began at one time stay in their order.
    blocks.sort_by_key(|(begun, _)| *begun);
    whole.blocks = blocks.into_iter().map(|(_, block)| block).collect();
    let mut workloads: Vec<_> = shards
        .iter()
        .zip(&places)
        .flat_map(|(shard, places)| places.iter().copied().zip(shard.workloads.iter().cloned()))
        .collect();
    workloads.sort_by_key(|(place, _)| *place);
    whole.workloads = workloads.into_iter().map(|(_, it)| it).collect();
    Some(whole)
}

/// For each shard the places of its workloads in the whole list: shards take turns.
fn places(shards: &[&RunRecord]) -> Vec<Vec<usize>> {
    let mut places = vec![Vec::new(); shards.len()];
    let longest = shards.iter().map(|it| it.workloads.len()).max();
    let mut next = 0;
    for turn in 0..longest.unwrap_or(0) {
        for (shard, places) in shards.iter().zip(&mut places) {
            if turn < shard.workloads.len() {
                places.push(next);
                next += 1;
            }
        }
    }
    places
}

/// A block of a shard that began so many nanoseconds after the first one, in the whole.
fn moved(block: &Block, places: &[usize], later: u64) -> Block {
    let mut block = block.clone();
    block.workload = places[block.workload];
    for measured in block.loads.iter_mut().filter_map(|it| it.measured.as_mut()) {
        measured.times.start += later;
    }
    for times in block.peers.iter_mut().filter_map(|it| it.times.as_mut()) {
        times.start += later;
    }
    block
}

fn start(block: &Block) -> Option<u64> {
    let runs = block.loads.iter().filter_map(|it| it.measured.as_ref());
    let peers = block.peers.iter().filter_map(|it| it.times.as_ref());
    runs.map(|it| it.times.start)
        .chain(peers.map(|it| it.start))
        .min()
}
