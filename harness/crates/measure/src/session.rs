//! A run that is under way: everything prepared, blocks run round by round, everything kept.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::block::{Blocks, failed};
use super::counting::Counting;
use super::error::Error;
use super::load_kind::{LoadKind, Slowed};
use super::plan::Plan;
use super::prepare::{Preparation, Prepared, WARM_UPS, prepare};
use super::{cold, peers, warm};
use record::{
    Block, Conditions, KeptEngine, KeptProvenance, KeptWorkload, Machine, Moment, PageCache,
    PeerUnmeasured, Program, RunInfo, RunRecord, Unmeasured,
};
use sample::{LoadPath, monotonic_ns};
use stats::Random;
use workers::InstalledEngine;

/// How often a block is done again when it is void. A machine that is disturbed each time is not the place to measure on.
const REPEATS: u32 = 2;

/// After this many failures of a worker in a row nothing more is loaded by that path: a worker that hangs each time would
/// otherwise take the rest of the night.
const GIVE_UP_AFTER: u32 = 3;

/// Hears how far a run is.
pub trait Reporter {
    /// A workload is about to be prepared, after `done` of `total`.
    fn preparing(&mut self, workload: &str, done: usize, total: usize);
    /// The share of the measuring that is done, and how long the rest will take, if that is known.
    fn progress(&mut self, share: f64, left: Option<Duration>);
    /// Something that a person should know.
    fn note(&mut self, text: &str);
}

/// A run that is under way. What goes wrong with a worker is part of its record; errors are those of this program or its
/// machine.
pub struct Session<'a> {
    plan: &'a Plan,
    reporter: &'a mut dyn Reporter,
    started: Timestamp,
    clock: Instant,
    before: Moment,
    blocks: Blocks<'a>,
    workloads: Vec<Prepared>,
    failures: BTreeMap<LoadKind, u32>,
    rounds: u32,
    identities: Vec<KeptWorkload>,
    unmeasured: Vec<Unmeasured>,
    peers_unmeasured: Vec<PeerUnmeasured>,
    done: Vec<Block>,
}

impl<'a> Session<'a> {
    /// Writes files, generates caches, verifies every path and warms everything up.
    ///
    /// `scratch` is a directory for generated files and caches. It should lie on the disk that a cold page cache is to be
    /// measured on.
    pub fn prepare(
        plan: &'a Plan,
        scratch: &Path,
        reporter: &'a mut dyn Reporter,
    ) -> Result<Self, Error> {
        let (started, clock) = (Timestamp::now(), Instant::now());
        if plan.page_cache == PageCache::Warm {
            warm::read_programs(plan);
        }
        let total = plan.workloads.len();
        let mut workloads = Vec::with_capacity(total);
        let mut identities = Vec::with_capacity(total);
        let mut unmeasured = Vec::new();
        let mut peers_unmeasured = Vec::new();
        for (place, planned) in plan.workloads.iter().enumerate() {
            reporter.preparing(&planned.definition.name, place, total);
            let Preparation {
                mut prepared,
                identity,
                unmeasured: failed,
            } = prepare(plan, place, scratch)?;
            // A program that does not do what it must is measured by nobody.
            if !prepared.kinds.is_empty()
                && let (Some(engine), Some(of_first)) =
                    (plan.engines.first(), prepared.engines.first())
            {
                let program = peers::Program {
                    workload: &prepared.workload,
                    cache: &of_first.cache,
                };
                let directory = scratch.join(format!("peers/{place:04}"));
                let limit = prepared.workload.time_limit_or(plan.time_limit);
                for peer in peers::prepare(&plan.peers, engine, program, &directory, limit) {
                    match peer {
                        Ok(peer) => prepared.peers.push(peer),
                        Err((peer, why)) => peers_unmeasured.push(PeerUnmeasured {
                            workload: place,
                            peer,
                            why,
                        }),
                    }
                }
            }
            workloads.push(prepared);
            identities.push(identity);
            unmeasured.extend(failed);
        }
        if plan.page_cache == PageCache::Cold {
            cold::write_out();
        }
        let blocks = Blocks {
            plan,
            origin_ns: monotonic_ns(),
            order: Random::new(plan.seed, "order"),
            pads: Random::new(plan.seed, "pad"),
            slowed: None,
        };
        Ok(Self {
            plan,
            reporter,
            started,
            clock,
            before: Moment::now(),
            blocks,
            workloads,
            failures: BTreeMap::new(),
            rounds: 0,
            identities,
            unmeasured,
            peers_unmeasured,
            done: Vec::new(),
        })
    }

    /// How long it has been since preparations began.
    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Whole rounds so far.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// One block of every workload, in random order, of the kinds of loads that are `wanted`; void ones are done again
    /// after the others. `after_each` hears what share of the round is done.
    pub fn round(
        &mut self,
        wanted: &dyn Fn(LoadKind) -> bool,
        after_each: &mut dyn FnMut(&mut dyn Reporter, f64),
    ) -> Result<(), Error> {
        let mut order: Vec<usize> = (0..self.workloads.len()).collect();
        self.blocks.order.shuffle(&mut order);
        let total = order.len();
        let mut queue: VecDeque<(usize, u32)> = order.into_iter().map(|place| (place, 0)).collect();
        let mut done = 0;
        while let Some((workload, repeat)) = queue.pop_front() {
            let kinds = self.kinds_left(workload, wanted);
            let mut again = false;
            if !kinds.is_empty() {
                let prepared = &self.workloads[workload];
                let block = self.blocks.run(prepared, self.rounds, &kinds)?;
                self.count_failures(&block);
                again = block.void.is_some() && repeat < REPEATS;
                self.done.push(block);
            }
            if again {
                queue.push_back((workload, repeat + 1));
            } else {
                done += 1;
            }
            after_each(self.reporter, f64::from(done) / total as f64);
        }
        self.rounds += 1;
        Ok(())
    }

    /// One block of a workload, of these engines and paths, under a number that the caller keeps count of.
    pub fn block(
        &mut self,
        workload: usize,
        round: u32,
        kinds: &[(usize, LoadPath)],
    ) -> Result<&Block, Error> {
        let block = self.blocks.run(&self.workloads[workload], round, kinds)?;
        let place = self.done.len();
        self.done.push(block);
        Ok(&self.done[place])
    }

    /// The workloads, in the order of the plan.
    pub fn workloads(&self) -> &[Prepared] {
        &self.workloads
    }

    /// Makes these loads take longer from now on.
    pub fn slow(&mut self, slowed: Slowed) {
        self.blocks.slowed = Some(slowed);
    }

    /// Everything so far.
    pub fn record(&self) -> RunRecord {
        let machine = Machine::read();
        let engines: Vec<KeptEngine> = self.plan.engines.iter().map(kept).collect();
        RunRecord {
            run: RunInfo {
                id: RunInfo::id_of(self.started, &engines, &machine),
                started: whole_seconds(self.started),
                ended: whole_seconds(Timestamp::now()),
                purpose: self.plan.purpose,
                command: self.plan.command.clone(),
                program: Program::this(),
            },
            conditions: Conditions {
                page_cache: self.plan.page_cache,
                seed: self.plan.seed,
                paths: self.plan.paths.clone(),
                rounds: self.rounds,
                warm_ups: WARM_UPS,
                pad_below: self.plan.pad_below(),
                pack: self.plan.pack,
                counted: self.plan.counting.as_ref().map(Counting::kept),
                time_limit_ms: u64::try_from(self.plan.time_limit.as_millis()).unwrap_or(u64::MAX),
                void_above: self.plan.void_above,
            },
            machine,
            before: self.before.clone(),
            after: Moment::now(),
            engines,
            workloads: self.identities.clone(),
            unmeasured: self.unmeasured.clone(),
            peers: self
                .plan
                .peers
                .iter()
                .map(|it| it.identity.clone())
                .collect(),
            peers_unmeasured: self.peers_unmeasured.clone(),
            blocks: self.done.clone(),
        }
    }

    fn kinds_left(
        &self,
        workload: usize,
        wanted: &dyn Fn(LoadKind) -> bool,
    ) -> Vec<(usize, LoadPath)> {
        let kinds = self.workloads[workload].kinds.iter().copied();
        kinds
            .filter(|&(engine, path)| {
                let kind = LoadKind {
                    workload,
                    engine,
                    path,
                };
                wanted(kind) && self.failures.get(&kind).copied() < Some(GIVE_UP_AFTER)
            })
            .collect()
    }

    fn count_failures(&mut self, block: &Block) {
        for load in &block.loads {
            let kind = LoadKind {
                workload: block.workload,
                engine: load.engine,
                path: load.path,
            };
            let count = self.failures.entry(kind).or_insert(0);
            let Some(failure) = failed(load) else {
                *count = 0;
                continue;
            };
            *count += 1;
            if *count == GIVE_UP_AFTER {
                self.reporter.note(&format!(
                    "gave up on {} by {} on {} after {GIVE_UP_AFTER} consecutive failures (last: it {failure})",
                    self.plan.workloads[block.workload].definition.name,
                    load.path.name(),
                    self.plan.engines[load.engine].name,
                ));
            }
        }
    }
}

/// Fractions of a second are noise in a file name and in a diff.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// What is kept of an installed engine: all but where it lies on this machine.
fn kept(engine: &InstalledEngine) -> KeptEngine {
    KeptEngine {
        name: engine.name.clone(),
        version: engine.version.clone(),
        fingerprint: engine.fingerprint.clone(),
        build_id: engine.build_id.clone(),
        features: engine.features.clone(),
        compiler: Some(engine.compiler.clone()),
        cmake_args: engine.cmake_args.clone(),
        assertions: engine.has_assertions(),
        provenance: engine.provenance.clone().map(kept_provenance),
    }
}

fn kept_provenance(provenance: workers::Provenance) -> KeptProvenance {
    KeptProvenance {
        kind: provenance.kind,
        location: provenance.location,
        revision: provenance.revision,
        difference: provenance.difference,
        sha256: provenance.sha256,
        libraries: provenance.libraries,
    }
}
