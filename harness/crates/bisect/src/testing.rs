//! A series of engines that answer as they are told.

use sample::LoadPath;

use crate::document::Document;
use crate::drive::{Doing, Enough, Laboratory, run};
use crate::evidence::Built;
use crate::question::{Ask, Question, Revision, Rules};

/// A search among so many revisions.
pub fn document(ask: Ask, revisions: usize) -> Document {
    let question = Question {
        ask,
        workload: "w".to_owned(),
        digest: "d".to_owned(),
        path: LoadPath::Full,
        rules: Rules::of(ask),
        seed: 1,
    };
    let revision = |place: usize| Revision {
        engine: format!("rev-{place}"),
        commit: Some(format!("c{place:02}{}", "0".repeat(37))),
        date: Some(format!("2026-01-{:02}T00:00:00Z", place + 1)),
        title: Some(format!("title {place}")),
    };
    Document::new(question, (0..revisions).map(revision).collect())
}

/// The same, done, with a change at one of them; some do not build.
pub fn searched(ask: Ask, revisions: usize, first_bad: usize, broken: &[usize]) -> Document {
    let mut document = document(ask, revisions);
    run(&mut document, &mut Bench::new(first_bad, broken)).unwrap();
    document
}

/// Builds and asks nothing.
pub struct Bench {
    first_bad: usize,
    broken: Vec<usize>,
    /// What was kept last.
    pub kept: Option<Document>,
    /// Who was built, in order.
    pub built: Vec<usize>,
    /// Of how many more builds this program is killed.
    pub dies_after: Option<usize>,
}

impl Bench {
    pub fn new(first_bad: usize, broken: &[usize]) -> Self {
        Self {
            first_bad,
            broken: broken.to_vec(),
            kept: None,
            built: Vec::new(),
            dies_after: None,
        }
    }

    fn value(&self, place: usize) -> f64 {
        if place < self.first_bad { 100.0 } else { 105.0 }
    }
}

/// This program was killed.
#[derive(Debug, PartialEq, Eq)]
pub struct Killed;

impl Laboratory for Bench {
    type Error = Killed;

    fn build(&mut self, place: usize) -> Result<Result<Built, String>, Killed> {
        if let Some(left) = &mut self.dies_after {
            *left = left.checked_sub(1).ok_or(Killed)?;
        }
        self.built.push(place);
        if self.broken.contains(&place) {
            return Ok(Err("it does not build".to_owned()));
        }
        Ok(Ok(Built {
            fingerprint: format!("f{place}"),
            seconds: Some(200),
        }))
    }

    fn fact(&mut self, place: usize) -> Result<Result<String, String>, Killed> {
        Ok(Ok(format!("value {}", self.value(place))))
    }

    fn measure(
        &mut self,
        places: &[usize],
        enough: &mut Enough<'_>,
    ) -> Result<Result<Vec<Vec<f64>>, String>, Killed> {
        let mut blocks: Vec<Vec<f64>> = Vec::new();
        while !enough(&blocks) {
            blocks.push(places.iter().map(|it| self.value(*it)).collect());
        }
        Ok(Ok(blocks))
    }

    fn differences(&mut self, good: usize, bad: usize) -> Result<Vec<String>, Killed> {
        Ok(vec![format!("{good} differs from {bad}")])
    }

    fn keep(&mut self, document: &Document) -> Result<(), Killed> {
        self.kept = Some(document.clone());
        Ok(())
    }

    fn now(&mut self, _: &Document, _: Doing) {}
}
