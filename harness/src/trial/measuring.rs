//! The part of a gate that starts workers.

use std::time::{Duration, Instant};

use super::progress::Progress;
use crate::Error;
use gate::judge::{family, pilot_evidence};
use gate::pilot::{BLOCKS, FEWEST_BLOCKS};
use gate::replay::{answer, place};
use gate::sequential::{Answer, Request, Source};
use gate::{Evidence, Family, Rules};
use measure::{ExtraWork, Session, Slowed};
use record::{Metric, RunRecord};
use sample::LoadPath;
use stats::{Confidence, median};

/// The part of the budget that the pilot may take.
const PILOT_SHARE: f64 = 0.2;

/// How often the pilot repeats a block that is void.
const PILOT_REPEATS: u32 = 2;

/// One cell of the new engine made slower, for tests of the gate itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Slowdown {
    /// The workload's name.
    pub workload: String,
    pub path: LoadPath,
    /// By how much: a fraction.
    pub by: f64,
}

/// Reads `WORKLOAD:PATH:PERCENT`.
pub fn slowdown(text: &str) -> Result<Slowdown, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let [workload, path, percent] = parts[..] else {
        return Err("WORKLOAD:PATH:PERCENT is needed".to_owned());
    };
    let path = LoadPath::ALL.into_iter().find(|it| it.name() == path);
    let path = path.ok_or("PATH is parse, bytecode, full or graph")?;
    let percent: f64 = percent
        .parse()
        .map_err(|_| format!("{percent} is not a number"))?;
    Ok(Slowdown {
        workload: workload.to_owned(),
        path,
        by: percent / 100.0,
    })
}

/// What a round of the empty loop of [`ExtraWork`] takes in a program with optimizations, about.
const INSTRUCTIONS_A_ROUND: f64 = 4.0;

/// A session whose blocks a gate asks for.
pub struct Measuring<'a> {
    session: Session<'a>,
    progress: &'a Progress,
    /// The place of the engine that is compared with the first.
    other: usize,
    /// What is compared.
    metric: Metric,
    /// When there is no time for another block.
    deadline: Instant,
    /// How long the last block of each workload took.
    last: Vec<Duration>,
}

impl<'a> Measuring<'a> {
    /// With workloads that are ready, to compare the engine at this place with the first, until the budget is used up.
    pub fn new(session: Session<'a>, progress: &'a Progress, other: usize, metric: Metric) -> Self {
        Self {
            metric,
            last: vec![Duration::ZERO; session.workloads().len()],
            deadline: Instant::now() + progress.left(),
            session,
            progress,
            other,
        }
    }

    /// From now on there is time until then.
    pub fn until(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// Everything so far.
    pub fn record(&self) -> RunRecord {
        let mut record = self.session.record();
        let rounds = record.blocks.iter().map(|block| block.round + 1);
        record.conditions.rounds = rounds.max().unwrap_or(0);
        record
    }

    /// Measures the old engine against itself: as many rounds as a pilot has, or as its share of the budget allows.
    /// Returns what it says, how many rounds there were, and how long one took. Ends early when a load goes wrong.
    pub fn pilot(&mut self, rules: &Rules) -> Result<Pilot, Error> {
        let record = self.record();
        let family = family(rules, &record);
        let begin = Instant::now();
        let share = self.progress.left().mul_f64(PILOT_SHARE);
        let mut rounds = 0;
        while rounds < BLOCKS {
            if rounds >= FEWEST_BLOCKS && begin.elapsed() / rounds * (rounds + 1) > share {
                break;
            }
            self.progress.now(&format!(
                "the old engine against itself, block {} of {BLOCKS}",
                rounds + 1
            ));
            if !self.pilot_round(rounds, &record.conditions.paths)? {
                break;
            }
            rounds += 1;
        }
        let record = self.record();
        Ok(Pilot {
            evidence: pilot_evidence(&family, rules, &record),
            family,
            record,
            rounds,
            round_takes: begin.elapsed() / rounds.max(1),
        })
    }

    /// One block of every workload with the old engine against itself. False when a load went wrong.
    pub fn pilot_round(&mut self, round: u32, paths: &[LoadPath]) -> Result<bool, Error> {
        for workload in 0..self.last.len() {
            for _ in 0..=PILOT_REPEATS {
                let request = Request {
                    workload,
                    round,
                    paths: paths.to_vec(),
                };
                match self.measure(&request, place::AGAIN)? {
                    Answer::Block(_) => break,
                    Answer::Wrong => return Ok(false),
                    Answer::Void | Answer::OutOfTime => {}
                }
            }
        }
        Ok(true)
    }

    /// Makes loads slower from now on, by a share of what they took in the pilot. False when there are none of that kind.
    pub fn inject(&mut self, slowdown: &Slowdown, pilot: &RunRecord) -> bool {
        let mut workloads = pilot.workloads.iter();
        let Some(workload) = workloads.position(|it| it.name == slowdown.workload) else {
            return false;
        };
        let metric = pilot.main_metric();
        let values = pilot.values(workload, place::OLD, slowdown.path, metric);
        let Ok(typical) = median(&values, Confidence::P95) else {
            return false;
        };
        let more = typical.value * slowdown.by;
        self.session.slow(Slowed {
            kind: measure::LoadKind {
                workload,
                engine: self.other,
                path: slowdown.path,
            },
            by: match metric {
                Metric::Instructions => ExtraWork {
                    rounds: (more * 1e6 / INSTRUCTIONS_A_ROUND) as u64,
                    ..ExtraWork::default()
                },
                _ => ExtraWork {
                    time: Duration::from_secs_f64(more / 1e3),
                    ..ExtraWork::default()
                },
            },
        });
        true
    }

    fn measure(&mut self, request: &Request, other: usize) -> Result<Answer, Error> {
        let begin = Instant::now();
        let cells: Vec<(usize, LoadPath)> = [place::OLD, other]
            .into_iter()
            .flat_map(|engine| request.paths.iter().map(move |path| (engine, *path)))
            .collect();
        let block = self
            .session
            .block(request.workload, request.round, &cells)?;
        let answer = answer(block, other, self.metric);
        self.last[request.workload] = begin.elapsed();
        Ok(answer)
    }
}

/// What the old engine against itself said.
pub struct Pilot {
    /// The cells.
    pub family: Family,
    /// Its differences.
    pub evidence: Evidence,
    /// All that was measured.
    pub record: RunRecord,
    /// Blocks of each workload.
    pub rounds: u32,
    /// How long one block of every workload takes.
    pub round_takes: Duration,
}

impl Source for Measuring<'_> {
    type Error = Error;

    fn block(&mut self, request: &Request) -> Result<Answer, Error> {
        if Instant::now() + self.last[request.workload] >= self.deadline {
            return Ok(Answer::OutOfTime);
        }
        self.progress.now(&format!(
            "block {} of workload {} of {}",
            request.round + 1,
            request.workload + 1,
            self.last.len()
        ));
        self.measure(request, self.other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slowdowns_are_read() {
        let found = slowdown("lodash-es:full:5").unwrap();
        assert_eq!(
            (found.workload.as_str(), found.path),
            ("lodash-es", LoadPath::Full)
        );
        assert!((found.by - 0.05).abs() < 1e-12);
        assert!(slowdown("lodash-es:full").is_err());
        assert!(slowdown("lodash-es:fast:5").is_err());
        assert!(slowdown("lodash-es:full:much").is_err());
    }
}
