//! Measuring for a calibration: blocks for the bank, and real gates in which loads are really made slower.

use std::time::{Duration, Instant};

use super::CalibrateArgs;
use crate::Error;
use crate::trial::measuring::{Measuring, Slowdown};
use crate::trial::progress::Progress;
use gate::calibrate::{Bank, FEWEST_BANKED, Rates};
use gate::judge::family;
use gate::replay::place;
use gate::{Rules, sequential};
use measure::Session;
use record::RunRecord;

/// How long a real gate may measure when nobody says.
const LIVE_BUDGET: Duration = Duration::from_secs(300);

/// Measures the bank, then the real gates. The record holds the bank alone.
pub fn measure<'a>(
    arguments: &CalibrateArgs,
    rules: &Rules,
    session: Session<'a>,
    progress: &'a Progress,
) -> Result<(RunRecord, Vec<Rates>), Error> {
    let mut measuring = Measuring::new(session, progress, place::AGAIN, rules.metric);
    let paths = measuring.record().conditions.paths;
    let end = Instant::now() + progress.left();
    let mut rounds = 0;
    while rounds < FEWEST_BANKED as u32 || Instant::now() < end {
        progress.now(&format!("block {} of every workload", rounds + 1));
        if !measuring.pilot_round(rounds, &paths)? {
            return Ok((measuring.record(), Vec::new()));
        }
        rounds += 1;
    }
    let record = measuring.record();
    if arguments.live == 0 {
        return Ok((record, Vec::new()));
    }
    let bank = Bank::of(&record, rules.metric).map_err(|source| Error::Bank {
        file: "what was measured".to_owned(),
        source,
    })?;
    let mut rates = Vec::new();
    for slowdown in arguments.fractions() {
        rates.push(gates(
            arguments,
            rules,
            (&bank, &record),
            &mut measuring,
            slowdown,
            progress,
        )?);
    }
    Ok((record, rates))
}

fn gates(
    arguments: &CalibrateArgs,
    rules: &Rules,
    (bank, record): (&Bank, &RunRecord),
    measuring: &mut Measuring<'_>,
    slowdown: f64,
    progress: &Progress,
) -> Result<Rates, Error> {
    let family = family(rules, record);
    let mut rates = Rates::empty(bank, slowdown);
    let budget = arguments.budget.unwrap_or(LIVE_BUDGET);
    for gate in 0..arguments.live as usize {
        let cell = gate % rates.cells.len();
        let (workload, path) = (cell / bank.paths.len(), bank.paths[cell % bank.paths.len()]);
        let slower = Slowdown {
            workload: bank.workloads[workload].clone(),
            path,
            by: slowdown,
        };
        if !measuring.inject(&slower, record) {
            return Err(Error::GateInjection {
                workload: slower.workload,
            });
        }
        let begin = Instant::now();
        measuring.until(begin + budget);
        let found = sequential::run(&family, rules, measuring)?;
        rates.count((workload, path), &found);
        rates.blocks += found.evidence.blocks() as u64;
        rates.seconds += begin.elapsed().as_secs_f64();
        progress.line(&format!(
            "{} by {} slower by {:.0} %, real gate {} of {}: {} of them found a regression",
            slower.workload,
            path.name(),
            100.0 * slowdown,
            gate + 1,
            arguments.live,
            rates.regress
        ));
    }
    Ok(rates)
}
