//! Who asks whom, and when it is over.

use std::time::Instant;

use crate::decide::{Answer, ends_differ};
use crate::document::{Document, Ends, Found, Size, Step};
use crate::evidence::{Built, Evidence, FactsOfEnds};
use crate::question::Rules;
use crate::search::Next;

/// Hears after each block whether there are enough: true ends measuring.
pub type Enough<'a> = dyn FnMut(&[Vec<f64>]) -> bool + 'a;

/// What a search does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It makes this end ready.
    End(usize),
    /// It asks this revision, and so many more if nothing is skipped.
    Step(usize, u32),
    /// It measures the difference between these two.
    Size(usize, usize),
}

/// Where engines are built and asked. What says nothing of an engine alone (no disk space, no compiler) is an error, and
/// ends the search; it can go on later. What cannot be done with one engine is a reason to skip it: the inner errors, in
/// words.
pub trait Laboratory {
    /// Why a search could not go on.
    type Error;

    /// Makes an engine ready to be asked.
    fn build(&mut self, place: usize) -> Result<Result<Built, String>, Self::Error>;

    /// Asks an engine for its fact.
    fn fact(&mut self, place: usize) -> Result<Result<String, String>, Self::Error>;

    /// Measures engines in the same blocks, one value of each in their order, until there are enough.
    fn measure(
        &mut self,
        places: &[usize],
        enough: &mut Enough<'_>,
    ) -> Result<Result<Vec<Vec<f64>>, String>, Self::Error>;

    /// What differs between two engines whose facts differ, in words.
    fn differences(&mut self, good: usize, bad: usize) -> Result<Vec<String>, Self::Error>;

    /// Keeps the document. What is kept is gone on with after this program was killed.
    fn keep(&mut self, document: &Document) -> Result<(), Self::Error>;

    /// Says what is done next.
    fn now(&mut self, document: &Document, doing: Doing);
}

/// Why a search ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop<E> {
    /// An end cannot be asked.
    End {
        /// Its place.
        place: usize,
        /// Why not.
        why: String,
    },
    /// The laboratory could not go on.
    Laboratory(E),
}

/// Searches from where the document is until there is an answer.
///
/// # Errors
/// An end cannot be asked, or the laboratory cannot go on. What was learned until then is kept.
pub fn run<L: Laboratory>(
    document: &mut Document,
    laboratory: &mut L,
) -> Result<Found, Stop<L::Error>> {
    if document.ends.is_none() {
        document.ends = Some(ends(document, laboratory)?);
        laboratory.keep(document).map_err(Stop::Laboratory)?;
    }
    while document.found() == Found::Unfinished {
        let Next::Ask(place) = document.search().next() else {
            break;
        };
        let more = document.search().steps_left().saturating_sub(1);
        laboratory.now(document, Doing::Step(place, more));
        let step = step(document, laboratory, place).map_err(Stop::Laboratory)?;
        document.steps.push(step);
        laboratory.keep(document).map_err(Stop::Laboratory)?;
    }
    let found = document.found();
    if let (Found::First { .. } | Found::Range { .. }, None) = (&found, &document.size) {
        document.size = size(document, laboratory).map_err(Stop::Laboratory)?;
        laboratory.keep(document).map_err(Stop::Laboratory)?;
    }
    Ok(found)
}

/// Asks both ends: nothing between them is worth a build before they are known to differ.
///
/// # Errors
/// An end cannot be asked, or the laboratory cannot go on.
pub fn ends<L: Laboratory>(
    document: &Document,
    laboratory: &mut L,
) -> Result<Ends, Stop<L::Error>> {
    let last = document.revisions.len() - 1;
    let of_end = |place: usize, why: String| Stop::End { place, why };
    let mut built = Vec::new();
    for place in [0, last] {
        laboratory.now(document, Doing::End(place));
        let end = laboratory.build(place).map_err(Stop::Laboratory)?;
        built.push(end.map_err(|why| of_end(place, why))?);
    }
    let begin = Instant::now();
    let facts = if document.question.ask.metric().is_none() {
        let mut fact = |place| -> Result<String, Stop<L::Error>> {
            let fact = laboratory.fact(place).map_err(Stop::Laboratory)?;
            fact.map_err(|why| of_end(place, why))
        };
        FactsOfEnds::Facts {
            good: fact(0)?,
            bad: fact(last)?,
        }
    } else {
        let rules = &document.question.rules;
        let count = document.revisions.len();
        let mut enough = |blocks: &[Vec<f64>]| {
            let differ = || ends_differ(&FactsOfEnds::Blocks(of_two(blocks)), rules, count);
            is_enough(rules, blocks.len(), differ)
        };
        let blocks = laboratory.measure(&[0, last], &mut enough);
        let blocks = blocks.map_err(Stop::Laboratory)?;
        // Which of them it was is in the words.
        FactsOfEnds::Blocks(of_two(&blocks.map_err(|why| of_end(last, why))?))
    };
    let mut built = built.into_iter();
    let (Some(good), Some(bad)) = (built.next(), built.next()) else {
        return Err(of_end(0, "it was not built".to_owned()));
    };
    Ok(Ends {
        built: [good, bad],
        seconds: begin.elapsed().as_secs(),
        facts,
    })
}

fn step<L: Laboratory>(
    document: &Document,
    laboratory: &mut L,
    place: usize,
) -> Result<Step, L::Error> {
    let begin = Instant::now();
    let built = laboratory.build(place)?;
    let evidence = match &built {
        Err(why) => Evidence::None(why.clone()),
        Ok(_) => evidence(document, laboratory, place)?,
    };
    Ok(Step {
        place,
        built: built.ok(),
        seconds: begin.elapsed().as_secs(),
        evidence,
    })
}

/// What a revision answers.
///
/// # Errors
/// The laboratory cannot go on.
pub fn evidence<L: Laboratory>(
    document: &Document,
    laboratory: &mut L,
    place: usize,
) -> Result<Evidence, L::Error> {
    let none = |why: String| Evidence::None(why);
    let facts = document.ends.as_ref().map(|it| &it.facts);
    let Some(ends @ FactsOfEnds::Blocks(_)) = facts else {
        let fact = laboratory.fact(place)?;
        return Ok(fact.map_or_else(none, Evidence::Fact));
    };
    let last = document.revisions.len() - 1;
    let rules = &document.question.rules;
    let mut enough = |blocks: &[Vec<f64>]| {
        let decided = || {
            let evidence = Evidence::Blocks(of_three(blocks));
            let answer = document.judged(ends, document.steps.len(), &evidence);
            !matches!(answer, Answer::Unknown(_))
        };
        is_enough(rules, blocks.len(), decided)
    };
    let blocks = laboratory.measure(&[0, last, place], &mut enough)?;
    Ok(blocks.map_or_else(none, |it| Evidence::Blocks(of_three(&it))))
}

/// The last good revision against the first bad one, once more and alone: what was found of each before was chosen by what
/// it said.
fn size<L: Laboratory>(document: &Document, laboratory: &mut L) -> Result<Option<Size>, L::Error> {
    let Next::Over { good, bad } = document.search().next() else {
        return Ok(None);
    };
    laboratory.now(document, Doing::Size(good, bad));
    let begin = Instant::now();
    let (mut pairs, mut differences) = (Vec::new(), Vec::new());
    if document.question.ask.metric().is_none() {
        differences = laboratory.differences(good, bad)?;
    } else {
        let rules = &document.question.rules;
        let middle = rules.looks.get(rules.looks.len() / 2);
        let wanted = middle.map_or(0, |it| *it as usize);
        match laboratory.measure(&[good, bad], &mut |blocks| blocks.len() >= wanted)? {
            Ok(blocks) => pairs = of_two(&blocks),
            Err(why) => differences.push(why),
        }
    }
    Ok(Some(Size {
        good,
        bad,
        pairs,
        differences,
        seconds: begin.elapsed().as_secs(),
    }))
}

/// Whether so many blocks are enough: at a look that decides, and at the last one.
fn is_enough(rules: &Rules, blocks: usize, decided: impl FnOnce() -> bool) -> bool {
    let is_look = rules.looks.iter().any(|it| *it as usize == blocks);
    blocks >= rules.most() || (is_look && decided())
}

fn of_two(blocks: &[Vec<f64>]) -> Vec<[f64; 2]> {
    let blocks = blocks.iter();
    blocks.filter_map(|it| it[..].try_into().ok()).collect()
}

fn of_three(blocks: &[Vec<f64>]) -> Vec<[f64; 3]> {
    let blocks = blocks.iter();
    blocks.filter_map(|it| it[..].try_into().ok()).collect()
}

#[cfg(test)]
mod tests;
