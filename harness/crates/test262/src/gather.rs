//! Making the report: a verdict for each test and path, and the comparison of the paths.

use std::collections::BTreeSet;
use std::time::Duration;

use super::checkout::Checkout;
use super::compare::differences;
use super::job::Work;
use super::judge::judge;
use super::observation::Outcome;
use super::pool::Answer;
use super::proof::breaches;
use super::report::{
    Breach, CheckoutName, Column, Difference, EngineName, MissingFeature, Report, Result, SCHEMA,
    Status, TestReport, WithoutEntry, WithoutPack,
};
use super::round::{Cache, Isolation, Missing, Round, Settings};
use super::selection::{Case, Selection};
use sample::LoadPath;
use workers::Loaded;

/// Everything that a report is made of.
pub struct Facts<'a> {
    pub loaded: &'a Loaded,
    pub checkout: &'a Checkout,
    pub selection: &'a Selection,
    pub cases: &'a [Case<'a>],
    pub missing: &'a Missing,
    /// The reference first.
    pub rounds: &'a [Round],
    pub settings: &'a Settings,
    pub time: Duration,
}

/// Makes the report.
pub fn report(facts: Facts<'_>) -> Report {
    let names: Vec<String> = facts
        .rounds
        .iter()
        .map(|it| name(it, facts.settings))
        .collect();
    let mut report = Report {
        schema: SCHEMA,
        engine: EngineName {
            name: facts.loaded.name.clone(),
            fingerprint: facts.loaded.engine.build().fingerprint.clone(),
        },
        test262: CheckoutName {
            directory: facts.checkout.root().display().to_string(),
            commit: facts.checkout.commit(),
        },
        test_count: facts.selection.tests.len(),
        seconds: facts.time.as_secs_f64(),
        missing_features: missing_features(&facts),
        columns: names.iter().cloned().map(Column::new).collect(),
        without_entry: without_entry(facts.rounds),
        without_pack: without_pack(&facts),
        tests: Vec::new(),
        differences: Vec::new(),
        breaches: Vec::new(),
    };
    for (index, case) in facts.cases.iter().enumerate() {
        report.add_case(&facts, index, case, &names);
    }
    report
}

impl Report {
    fn add_case(&mut self, facts: &Facts<'_>, index: usize, case: &Case<'_>, names: &[String]) {
        let missing: Vec<String> = case
            .test
            .metadata
            .features()
            .iter()
            .filter(|it| facts.missing.contains(*it))
            .cloned()
            .collect();
        let outcomes: Vec<(Outcome, Work)> = facts
            .rounds
            .iter()
            .map(|round| outcome(&round.answers[index]))
            .collect();
        let mut results = Vec::new();
        for (position, (outcome, work)) in outcomes.iter().enumerate() {
            let (status, reason) = match judge(&case.test.metadata, outcome) {
                _ if !missing.is_empty() => (
                    Status::Unsupported,
                    Some(format!("the engine lacks {}", missing.join(", "))),
                ),
                Ok(()) => (Status::Pass, None),
                Err(reason) => (Status::Fail, Some(reason)),
            };
            self.columns[position].add(status, outcome, work);
            let column = names[position].clone();
            let found = differences(&outcomes[0].0, outcome);
            if !found.is_empty() {
                self.differences.push(Difference {
                    test: case.test.name.clone(),
                    mode: case.mode,
                    column: column.clone(),
                    differences: found,
                });
            }
            let what = proof(facts.rounds, &outcomes, position);
            if !what.is_empty() {
                self.breaches.push(Breach {
                    test: case.test.name.clone(),
                    mode: case.mode,
                    column: column.clone(),
                    what,
                });
            }
            results.push(Result {
                column,
                status,
                reason,
            });
        }
        self.tests.push(TestReport {
            test: case.test.name.clone(),
            mode: case.mode,
            missing_features: missing,
            results,
        });
    }
}

impl Column {
    fn new(name: String) -> Self {
        Self {
            name,
            pass: 0,
            fail: 0,
            unsupported: 0,
            crashed: 0,
            timed_out: 0,
            modules: 0,
            hits: 0,
            misses: 0,
            complete_hits: 0,
            analyses: 0,
            module_code: 0,
            function_code: 0,
        }
    }

    fn add(&mut self, status: Status, outcome: &Outcome, work: &Work) {
        *match status {
            Status::Pass => &mut self.pass,
            Status::Fail => &mut self.fail,
            Status::Unsupported => &mut self.unsupported,
        } += 1;
        self.crashed += usize::from(matches!(outcome, Outcome::Crashed(_)));
        self.timed_out += usize::from(*outcome == Outcome::TimedOut);
        self.modules += work.modules;
        self.hits += work.hits;
        self.misses += work.misses.len() as u64;
        self.complete_hits += usize::from(work.hits > 0 && work.misses.is_empty());
        self.analyses += work.parses.analyze;
        self.module_code += work.parses.module_code;
        self.function_code += work.parses.function_code;
    }
}

/// What is wrong with the run in column `position` as a run on a cached path.
fn proof(rounds: &[Round], outcomes: &[(Outcome, Work)], position: usize) -> Vec<String> {
    let round = &rounds[position];
    let (outcome, work) = &outcomes[position];
    // A run that did not end counts as what it is; there is nothing to add up.
    if round.cache != Cache::Read || !matches!(outcome, Outcome::Ran(_)) {
        return Vec::new();
    }
    let written_by = |path: LoadPath| {
        let same = |it: &Round| {
            it.cache == Cache::Write && it.path == path && it.own_process == round.own_process
        };
        let writing = rounds.iter().position(same);
        writing.map_or_else(Work::default, |it| outcomes[it].1.clone())
    };
    let writing = written_by(match round.path {
        LoadPath::Graph => LoadPath::Graph,
        _ => LoadPath::Full,
    });
    breaches(round.path, work, &writing)
}

fn outcome(answer: &Answer) -> (Outcome, Work) {
    match answer {
        Answer::Ran(reply) => (Outcome::Ran(reply.observation.clone()), reply.work.clone()),
        Answer::Crashed(crash) => (Outcome::Crashed(crash.clone()), Work::default()),
        Answer::TimedOut => (Outcome::TimedOut, Work::default()),
    }
}

fn name(round: &Round, settings: &Settings) -> String {
    let mut name = round.path.name().to_owned();
    if round.cache == Cache::Write {
        name.push_str(", writing");
    }
    if round.own_process && settings.isolation == Isolation::Both {
        name.push_str(", own process");
    }
    name
}

fn without_entry(rounds: &[Round]) -> Vec<WithoutEntry> {
    // A round that writes packs says of entries why they have no pack.
    let entries = rounds.iter().filter(|it| it.path != LoadPath::Graph);
    let modules: BTreeSet<WithoutEntry> = entries
        .flat_map(|round| &round.answers)
        .filter_map(|answer| match answer {
            Answer::Ran(reply) => Some(&reply.work.unwritten),
            _ => None,
        })
        .flatten()
        .map(|note| WithoutEntry {
            why: note.why,
            reason: note.reason.clone(),
            module: note.module.clone(),
        })
        .collect();
    modules.into_iter().collect()
}

/// Tests for which no pack can be made.
fn without_pack(facts: &Facts<'_>) -> Vec<WithoutPack> {
    let writing = facts
        .rounds
        .iter()
        .filter(|it| it.path == LoadPath::Graph && it.cache == Cache::Write);
    let tests: BTreeSet<WithoutPack> = writing
        .flat_map(|round| round.answers.iter().zip(facts.cases))
        .filter_map(|(answer, case)| match answer {
            Answer::Ran(reply) => Some((reply.work.without_pack.clone()?, case)),
            _ => None,
        })
        .map(|(reason, case)| WithoutPack {
            reason,
            test: case.test.name.clone(),
        })
        .collect();
    tests.into_iter().collect()
}

fn missing_features(facts: &Facts<'_>) -> Vec<MissingFeature> {
    let needs = |name: &String| {
        let tests = facts.selection.tests.iter();
        tests
            .filter(|test| test.metadata.features().contains(name))
            .count()
    };
    facts
        .missing
        .iter()
        .map(|name| MissingFeature {
            name: name.clone(),
            tests: needs(name),
        })
        .collect()
}
