//! The smallest scenario that still shows a finding: fewer steps, fewer files, fewer lines, shorter lines.

use std::path::Path;
use std::time::{Duration, Instant};

use super::job::Graphs;
use super::report::RandomFinding;
use super::run::{RandomPlan, play};
use super::scenario::{Scenario, Step};
use crate::error::Error;
use crate::report::{Finding, FindingKind};
use sample::Payload;
use workers::InstalledEngine;

/// Candidates of one process.
const BATCH: usize = 48;

/// How long one finding is shrunk.
const LONGEST: Duration = Duration::from_secs(90);

/// Makes the finding's scenario as small as it gets. What does not show again stays as it is.
pub fn shrink(
    plan: &RandomPlan,
    engine: &InstalledEngine,
    found: &mut RandomFinding,
    step: usize,
    directory: &Path,
) -> Result<(), Error> {
    let mut shrinker = Shrinker {
        plan,
        engine,
        kind: found.finding.kind,
        directory,
        until: Instant::now() + LONGEST,
        smallest: found.scenario.clone(),
        finding: None,
    };
    let mut cut = found.scenario.clone();
    cut.steps.truncate(step + 1);
    if !shrinker.attempt(vec![cut])? {
        return Ok(());
    }
    loop {
        let before = shrinker.smallest.clone();
        shrinker.fewer(|it| it.steps.len(), without_steps)?;
        shrinker.fewer(|it| it.files.len(), without_files)?;
        shrinker.fewer(lines, without_lines)?;
        shrinker.simpler()?;
        if shrinker.smallest == before || shrinker.is_late() {
            break;
        }
    }
    found.scenario = shrinker.smallest;
    if let Some(finding) = shrinker.finding {
        found.finding = finding;
    }
    Ok(())
}

struct Shrinker<'a> {
    plan: &'a RandomPlan,
    engine: &'a InstalledEngine,
    kind: FindingKind,
    directory: &'a Path,
    until: Instant,
    smallest: Scenario,
    finding: Option<Finding>,
}

impl Shrinker<'_> {
    fn is_late(&self) -> bool {
        Instant::now() > self.until
    }

    /// Whether one of the candidates shows it, too: the first that does is the smallest so far.
    fn attempt(&mut self, candidates: Vec<Scenario>) -> Result<bool, Error> {
        Ok(self.first(candidates)?.is_some())
    }

    fn first(&mut self, mut candidates: Vec<Scenario>) -> Result<Option<usize>, Error> {
        let mut before = 0;
        while !candidates.is_empty() && !self.is_late() {
            let rest = candidates.split_off(candidates.len().min(BATCH));
            let graphs = Graphs::Given(candidates.clone());
            let played = play(self.plan, self.engine, graphs, true, self.directory)?;
            let mut found = played
                .reports
                .into_iter()
                .enumerate()
                .filter_map(|(place, it)| Some((place, it.finding?.1)))
                .last();
            if let Some((place, _, finding)) = played.crash {
                found = Some((usize::try_from(place).unwrap_or(usize::MAX), finding));
            }
            let Some((place, finding)) = found else {
                before += candidates.len();
                candidates = rest;
                continue;
            };
            if finding.kind == self.kind && !candidates[place].files.is_empty() {
                self.smallest = candidates.swap_remove(place);
                self.finding = Some(finding);
                return Ok(Some(before + place));
            }
            // Something else is wrong with this one.
            before += place + 1;
            candidates.drain(..=place);
            candidates.extend(rest);
        }
        Ok(None)
    }

    /// Leaves out pieces of a list, large ones first.
    fn fewer(
        &mut self,
        length: impl Fn(&Scenario) -> usize,
        without: impl Fn(&Scenario, usize, usize) -> Scenario,
    ) -> Result<(), Error> {
        let mut size = length(&self.smallest).div_ceil(2);
        while size > 0 && !self.is_late() {
            let mut start = 0;
            loop {
                let count = length(&self.smallest);
                let starts: Vec<usize> = (start..count).step_by(size).collect();
                let candidates = starts.iter();
                let candidates = candidates.map(|it| without(&self.smallest, *it, *it + size));
                let candidates: Vec<Scenario> = candidates.collect();
                match self.first(candidates)? {
                    Some(place) => start = starts.get(place).copied().unwrap_or(count),
                    None => break,
                }
            }
            size /= 2;
        }
        Ok(())
    }

    /// Statements on lines of their own, and everything else as usual.
    fn simpler(&mut self) -> Result<(), Error> {
        let mut usual = self.smallest.clone();
        usual.payload = Payload::Executed;
        usual.read_ahead = false;
        for step in &mut usual.steps {
            if let Step::Load(load) = step {
                load.validate &= self.kind == FindingKind::Record;
            }
        }
        let mut split = usual.clone();
        for text in split.files.values_mut() {
            *text = text.replace("\r\n", "\n").replace("; ", ";\n");
        }
        let candidates = [split, usual];
        let fresh = candidates.into_iter().filter(|it| *it != self.smallest);
        self.attempt(fresh.collect())?;
        Ok(())
    }
}

fn without_steps(scenario: &Scenario, start: usize, end: usize) -> Scenario {
    let mut smaller = scenario.clone();
    let end = end.min(smaller.steps.len());
    smaller.steps.drain(start..end);
    smaller
}

fn without_files(scenario: &Scenario, start: usize, end: usize) -> Scenario {
    let mut smaller = scenario.clone();
    let mut place = 0;
    smaller.files.retain(|file, _| {
        place += 1;
        file == "entry.mjs" || !(start..end).contains(&(place - 1))
    });
    smaller
}

fn lines(scenario: &Scenario) -> usize {
    let texts = scenario.files.values();
    texts.map(|it| it.split_inclusive('\n').count()).sum()
}

fn without_lines(scenario: &Scenario, start: usize, end: usize) -> Scenario {
    let mut smaller = scenario.clone();
    let mut place = 0;
    for text in smaller.files.values_mut() {
        let kept = text.split_inclusive('\n').filter(|_| {
            place += 1;
            !(start..end).contains(&(place - 1))
        });
        *text = kept.collect();
    }
    smaller
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn pieces_are_left_out_across_files() {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let scenario = Scenario {
            seed: 1,
            index: 2,
            payload: Payload::Executed,
            read_ahead: false,
            steps: vec![Step::Build, Step::Build, Step::Build],
            files: BTreeMap::from([file("a.mjs", "1\n2\n"), file("entry.mjs", "3\r\n4")]),
        };
        assert_eq!(lines(&scenario), 4);
        let smaller = without_lines(&scenario, 1, 3);
        assert_eq!(
            smaller.files,
            BTreeMap::from([file("a.mjs", "1\n"), file("entry.mjs", "4")])
        );
        assert_eq!(
            without_files(&scenario, 0, 2).files,
            BTreeMap::from([file("entry.mjs", "3\r\n4")])
        );
        assert_eq!(without_steps(&scenario, 2, 4).steps.len(), 2);
    }
}
