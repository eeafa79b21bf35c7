//! The smallest scenario that still shows a finding: fewer steps, fewer files, fewer lines, shorter lines.

use std::path::Path;
use std::time::{Duration, Instant};

use super::job::{Graphs, Line};
use super::plan::RandomPlan;
use super::process::play;
use super::report::RandomFinding;
use super::scenario::{Scenario, Step};
use crate::error::Error;
use crate::report::{Finding, FindingKind};
use sample::Payload;
use workers::InstalledEngine;

/// Candidates of one process.
const BATCH: usize = 48;

/// How long one finding is shrunk.
const LONGEST: Duration = Duration::from_secs(60);

/// Makes the finding's scenario as small as it gets. What does not show again stays as it is.
pub fn shrink(
    plan: &RandomPlan,
    engine: &InstalledEngine,
    found: &mut RandomFinding,
    step: usize,
    directory: &Path,
) -> Result<(), Error> {
    let mut cut = found.scenario.clone();
    cut.steps.truncate(step + 1);
    let kind = found.finding.kind;
    let smallest = match kind {
        // It ends the process that tries it.
        FindingKind::Crashed | FindingKind::Failed => {
            let mut first = |candidates| in_processes(plan, engine, directory, kind, candidates);
            smallest(cut, kind, &mut first, &mut |_, _| {})?
        }
        _ => {
            let graphs = Graphs::Smaller(cut, kind);
            let played = play(plan, engine, graphs, true, directory)?;
            played.smallest
        }
    };
    if let Some((scenario, finding)) = smallest {
        found.scenario = scenario;
        found.finding = finding;
    }
    Ok(())
}

/// Finds the first of these that shows something of the kind wanted: its place, and what it shows.
type First<'a> = dyn FnMut(Vec<Scenario>) -> Result<Option<(usize, Finding)>, Error> + 'a;

/// The smallest scenario in which `first` still sees it; `smaller` hears of each on the way. Nothing when it is not seen at
/// all.
pub fn smallest(
    scenario: Scenario,
    kind: FindingKind,
    first: &mut First<'_>,
    smaller: &mut dyn FnMut(&Scenario, &Finding),
) -> Result<Option<(Scenario, Finding)>, Error> {
    let mut shrinker = Shrinker {
        kind,
        first,
        smaller,
        until: Instant::now() + LONGEST,
        smallest: scenario.clone(),
        finding: None,
    };
    shrinker.first(vec![scenario])?;
    while shrinker.finding.is_some() && !shrinker.is_late() {
        let before = shrinker.smallest.clone();
        shrinker.fewer(|it| it.steps.len(), without_steps)?;
        shrinker.fewer(|it| it.files.len(), without_mentions)?;
        shrinker.fewer(|it| it.files.len(), without_files)?;
        shrinker.fewer(lines, without_lines)?;
        shrinker.simpler()?;
        if shrinker.smallest == before {
            break;
        }
    }
    let Shrinker {
        smallest, finding, ..
    } = shrinker;
    Ok(finding.map(|finding| (smallest, finding)))
}

/// Tries them in processes, of which it may end each.
fn in_processes(
    plan: &RandomPlan,
    engine: &InstalledEngine,
    directory: &Path,
    kind: FindingKind,
    mut candidates: Vec<Scenario>,
) -> Result<Option<(usize, Finding)>, Error> {
    let mut before = 0;
    while !candidates.is_empty() {
        let batch = candidates.iter().take(BATCH).cloned().collect();
        let played = play(plan, engine, Graphs::Given(batch), true, directory)?;
        let mut tried = played.reports.len();
        let mut found = played.reports.into_iter().next_back();
        let mut found = found.as_mut().and_then(|it| it.finding.take());
        if let Some((_, step, finding)) = played.crash {
            tried += 1;
            found = Some((step, finding));
        }
        if let Some((_, finding)) = found
            && finding.kind == kind
        {
            return Ok(Some((before + tried - 1, finding)));
        }
        // Something else is wrong with the last one.
        let tried = tried.clamp(1, candidates.len());
        before += tried;
        candidates.drain(..tried);
    }
    Ok(None)
}

/// What a worker writes of a scenario that is smaller.
pub fn line(scenario: &Scenario, finding: &Finding) -> Line {
    Line::Smaller(Box::new(scenario.clone()), finding.clone())
}

struct Shrinker<'a> {
    kind: FindingKind,
    first: &'a mut First<'a>,
    smaller: &'a mut dyn FnMut(&Scenario, &Finding),
    until: Instant,
    smallest: Scenario,
    finding: Option<Finding>,
}

impl Shrinker<'_> {
    fn is_late(&self) -> bool {
        Instant::now() > self.until
    }

    /// The first candidate that shows it is the smallest so far.
    fn first(&mut self, mut candidates: Vec<Scenario>) -> Result<Option<usize>, Error> {
        // Trying them moves them, and only one is wanted back.
        let Some((place, finding)) = (self.first)(candidates.clone())? else {
            return Ok(None);
        };
        if place >= candidates.len() {
            return Ok(None);
        }
        self.smallest = candidates.swap_remove(place);
        (self.smaller)(&self.smallest, &finding);
        self.finding = Some(finding);
        Ok(Some(place))
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
                let starts = (start..count).step_by(size);
                let tried = starts.map(|it| (it, without(&self.smallest, it, it + size)));
                // What leaves nothing out, as the entry stays, would be found for ever.
                let fresh = tried.filter(|it| it.1 != self.smallest);
                let (starts, candidates): (Vec<usize>, Vec<Scenario>) = fresh.unzip();
                if candidates.is_empty() || self.is_late() {
                    break;
                }
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
        self.first(fresh.collect())?;
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

/// The same, without the lines that name them.
fn without_mentions(scenario: &Scenario, start: usize, end: usize) -> Scenario {
    let mut smaller = without_files(scenario, start, end);
    let gone = |it: &&String| !smaller.files.contains_key(*it);
    let gone: Vec<&str> = scenario
        .files
        .keys()
        .filter(gone)
        .map(|it| stem(it))
        .collect();
    for text in smaller.files.values_mut() {
        let kept = text
            .split_inclusive('\n')
            .filter(|line| !gone.iter().any(|it| line.contains(&format!("/{it}"))));
        *text = kept.collect();
    }
    smaller
}

/// A file's name without what comes before and behind it.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.').next().unwrap_or(name)
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
