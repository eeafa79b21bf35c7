//! One block: a workload on every path on every engine, in random order, one worker at a time.

use super::check::check;
use super::cold;
use super::counters::Counters;
use super::error::Error;
use super::load_kind::{ExtraWork, Slowed};
use super::plan::Plan;
use super::prepare::{Extras, Prepared, PreparedEngine, load};
use record::{Block, KeptLoad, Measured, PageCache, SampleError, Void};
use sample::{CacheMode, LoadPath, WorkerFailure};
use stats::Random;

/// Runs blocks.
pub struct Blocks<'a> {
    /// What is measured.
    pub plan: &'a Plan,
    /// The monotonic clock when the run began.
    pub origin_ns: u64,
    /// Decides on orders.
    pub order: Random,
    /// Decides on the size of environments.
    pub pads: Random,
    /// Loads that are made to take longer.
    pub slowed: Option<Slowed>,
}

/// Whose turn it is in a block.
enum Turn {
    /// A load on an engine on a path.
    Load(usize, LoadPath),
    /// One of the workload's prepared peers.
    Peer(usize),
}

impl Blocks<'_> {
    /// Runs a block of these kinds of loads of a workload.
    pub fn run(
        &mut self,
        prepared: &Prepared,
        round: u32,
        kinds: &[(usize, LoadPath)],
    ) -> Result<Block, Error> {
        let peers = (0..prepared.peers.len()).map(Turn::Peer);
        let loads = kinds
            .iter()
            .map(|(engine, path)| Turn::Load(*engine, *path));
        let mut turns: Vec<Turn> = loads.chain(peers).collect();
        self.order.shuffle(&mut turns);
        let begin = Counters::read();
        let mut loads = Vec::with_capacity(kinds.len());
        let mut not_cold = None;
        let mut peers = Vec::new();
        for turn in turns {
            match turn {
                Turn::Load(engine, path) => {
                    let (load, void) = self.load(prepared, engine, path)?;
                    loads.push(load);
                    not_cold = not_cold.or(void);
                }
                Turn::Peer(place) => {
                    let pad = self.pads.below(u64::from(self.plan.pad_below())) as u32;
                    let peer = &prepared.peers[place];
                    peers.push(peer.run(pad, self.origin_ns, self.plan.time_limit));
                }
            }
        }
        let plan = self.plan;
        let void = match plan.counting {
            // Nothing that happens to a machine changes a count.
            Some(_) => None,
            None => not_cold
                .or_else(|| major_faults(&loads, plan))
                .or_else(|| Counters::read().void_since(&begin, plan.page_cache, &plan.void_above)),
        };
        Ok(Block {
            workload: prepared.place,
            round,
            void,
            loads,
            peers,
        })
    }

    fn load(
        &mut self,
        prepared: &Prepared,
        engine: usize,
        path: LoadPath,
    ) -> Result<(KeptLoad, Option<Void>), Error> {
        // Below 2^12.
        let pad = self.pads.below(u64::from(self.plan.pad_below())) as u32;
        let kind = (prepared.place, engine, path);
        let slowed = self
            .slowed
            .filter(|it| (it.kind.workload, it.kind.engine, it.kind.path) == kind);
        let slowed_by = slowed.map_or_else(ExtraWork::default, |it| it.by);
        let cold = self.plan.page_cache == PageCache::Cold;
        if cold {
            cold::evict(&prepared.evict).map_err(|source| Error::Evict {
                path: prepared.workload.entry.clone(),
                source,
            })?;
        }
        let PreparedEngine { cache, expected } = &prepared.engines[engine];
        let read_before = cold::read_by_workers();
        let finished = load(
            self.plan,
            engine,
            path,
            &prepared.workload,
            (cache, CacheMode::ReadOnly),
            Extras {
                pad,
                slowed_by,
                counted: true,
                ..Extras::default()
            },
        );
        let read = cold::read_by_workers() - read_before;
        let mut load = KeptLoad {
            engine,
            path,
            pad,
            measured: None,
            error: None,
        };
        let mut void = None;
        match finished {
            Ok(finished) => {
                let sample = &finished.line;
                void = cold.then(|| cold::not_cold(sample, read)).flatten();
                load.error = check(sample, &self.plan.engines[engine], path, expected);
                load.measured = Some(Measured::new(
                    sample,
                    &finished.process,
                    finished.instructions,
                    self.origin_ns,
                ));
            }
            Err(failure) => load.error = Some(SampleError::Worker { failure }),
        }
        Ok((load, void))
    }
}

/// With a warm page cache nothing is read from a disk.
fn major_faults(loads: &[KeptLoad], plan: &Plan) -> Option<Void> {
    let count: u64 = loads
        .iter()
        .filter_map(|load| load.measured.as_ref()?.times.major_faults)
        .sum();
    // Whoever takes any stall takes this one, too.
    let counts = plan.page_cache == PageCache::Warm && plan.void_above.stall_percent < 100.0;
    (counts && count > 0).then_some(Void::MajorFaults { count })
}

/// Whether a load gave no sample at all.
pub fn failed(load: &KeptLoad) -> Option<&WorkerFailure> {
    match &load.error {
        Some(SampleError::Worker { failure }) => Some(failure),
        _ => None,
    }
}
