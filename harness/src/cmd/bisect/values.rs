//! What is measured of several engines in the same blocks.

use std::path::Path;
use std::time::Duration;

use ::bisect::Question;
use measure::{Amount, Counting, Plan, PlannedWorkload, Reporter, Session};
use record::{Block, Metric, PageCache, Purpose, VoidLimits};
use sample::{LoadPath, PackUse};
use workers::counting::Counter;
use workers::{InstalledEngine, TIME_LIMIT};
use workloads::WorkloadDef;

use crate::Error;
use crate::cmd::measure::scratch::Scratch;
use crate::trial::engines::side_by_side;

/// Voids that are no reason to stop, however few valid blocks there are.
const TOLERATED_VOIDS: usize = 16;

/// What is measured.
pub struct Measured<'a> {
    pub question: &'a Question,
    pub metric: Metric,
    pub workload: &'a WorkloadDef,
    pub counter: Option<&'a Counter>,
    /// A program to start in the worker's place, for tests.
    pub worker_program: Option<&'a Path>,
}

impl Measured<'_> {
    /// Blocks with one value of each engine, in their order, until there are enough; or why there are none: a load goes
    /// wrong.
    pub fn blocks(
        &self,
        engines: &[&InstalledEngine],
        enough: &mut ::bisect::Enough<'_>,
    ) -> Result<Result<Vec<Vec<f64>>, String>, Error> {
        let scratch = Scratch::new()?;
        let plan = self.plan(engines, &scratch)?;
        let mut quiet = Quiet;
        let mut session = Session::prepare(&plan, scratch.path(), &mut quiet)?;
        if let Some(it) = session.record().unmeasured.first() {
            return Ok(Err(wrong(&plan.engines[it.engine], &it.why)));
        }
        let path = self.question.path;
        let kinds: Vec<(usize, LoadPath)> = (0..engines.len()).map(|it| (it, path)).collect();
        let mut blocks = Vec::new();
        let mut void = 0;
        let mut round = 0;
        while !enough(&blocks) {
            let block = session.block(0, round, &kinds)?;
            if block.void.is_some() {
                void += 1;
                if void > blocks.len() + TOLERATED_VOIDS {
                    let blocks = blocks.len() + void;
                    return Err(Error::BisectDisturbed { void, blocks });
                }
                continue;
            }
            match self.values(block, engines.len()) {
                Ok(values) => blocks.push(values),
                Err((engine, why)) => return Ok(Err(wrong(&plan.engines[engine], &why))),
            }
            round += 1;
        }
        Ok(Ok(blocks))
    }

    /// The values of a block in the order of the engines; or which of them has none.
    fn values(&self, block: &Block, engines: usize) -> Result<Vec<f64>, (usize, String)> {
        let of = |engine: usize| {
            let load = block.sample(engine, self.question.path);
            let load = load.ok_or((engine, "it was not loaded".to_owned()))?;
            if let Some(error) = &load.error {
                return Err((engine, error.to_string()));
            }
            let measured = load.measured.as_ref();
            let value = measured.and_then(|it| self.metric.of(it));
            value.ok_or((engine, "nothing was measured".to_owned()))
        };
        (0..engines).map(of).collect()
    }

    fn plan(&self, engines: &[&InstalledEngine], scratch: &Scratch) -> Result<Plan, Error> {
        let counter = self.counter.cloned();
        Ok(Plan {
            purpose: Purpose::Workloads,
            command: Vec::new(),
            workloads: vec![PlannedWorkload {
                definition: self.workload.clone(),
                series: None,
            }],
            engines: side_by_side(engines, scratch.path())?,
            peers: Vec::new(),
            paths: vec![self.question.path],
            amount: Amount::Blocks(1),
            seed: self.question.seed,
            page_cache: PageCache::Warm,
            void_above: VoidLimits::default(),
            pack: PackUse::default(),
            time_limit: TIME_LIMIT,
            // What a program shows may differ between the ends; what is asked here is what it costs.
            as_defined: false,
            counting: counter.map(|it| Counting::new(it, scratch.path())),
            worker_program: self.worker_program.map(Path::to_owned),
        })
    }
}

fn wrong(engine: &InstalledEngine, why: &dyn ToString) -> String {
    format!("a load on {} goes wrong: {}", engine.name, why.to_string())
}

/// A search says itself how far it is.
struct Quiet;

impl Reporter for Quiet {
    fn preparing(&mut self, _: &str, _: usize, _: usize) {}

    fn progress(&mut self, _: f64, _: Option<Duration>) {}

    fn note(&mut self, text: &str) {
        super::say(text);
    }
}
