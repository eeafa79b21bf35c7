//! A whole run: as many rounds as were asked for, or as fit into the time.

use std::path::Path;
use std::time::{Duration, Instant};

use super::error::Error;
use super::plan::{Amount, Plan};
use super::session::{Reporter, Session};
use record::RunRecord;

/// Measures. What goes wrong with a worker is part of the record; an error here is one of this program or its machine.
pub fn measure(
    plan: &Plan,
    scratch: &Path,
    reporter: &mut dyn Reporter,
) -> Result<RunRecord, Error> {
    let mut session = Session::prepare(plan, scratch, reporter)?;
    let pace = Pace {
        amount: plan.amount,
        prepared_in: session.elapsed(),
        begin: Instant::now(),
    };
    while pace.go_on(session.rounds()) {
        let rounds = f64::from(session.rounds());
        session.round(&|_| true, &mut |reporter, share| {
            let (share, left) = pace.progress(rounds + share);
            reporter.progress(share, left);
        })?;
    }
    Ok(session.record())
}

/// How far a run is, and whether there is time for more.
struct Pace {
    amount: Amount,
    prepared_in: Duration,
    /// When the first round began.
    begin: Instant,
}

impl Pace {
    /// Whether to begin another round after `done` rounds.
    fn go_on(&self, done: u32) -> bool {
        match self.amount {
            Amount::Blocks(count) => done < count,
            Amount::Budget(_) if done == 0 => true,
            Amount::Budget(budget) => {
                let so_far = self.begin.elapsed();
                self.prepared_in + so_far + so_far / done <= budget
            }
        }
    }

    /// The share that is done, and how long the rest will take.
    fn progress(&self, rounds_done: f64) -> (f64, Option<Duration>) {
        let so_far = self.begin.elapsed();
        match self.amount {
            Amount::Blocks(count) => {
                let share = (rounds_done / f64::from(count.max(1))).min(1.0);
                let left = (share > 0.0).then(|| so_far.mul_f64((1.0 - share) / share));
                (share, left)
            }
            Amount::Budget(budget) => {
                let spent = self.prepared_in + so_far;
                let share = (spent.as_secs_f64() / budget.as_secs_f64()).min(1.0);
                (share, Some(budget.saturating_sub(spent)))
            }
        }
    }
}
