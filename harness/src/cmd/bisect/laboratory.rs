//! Builds engines and asks them.

use std::collections::BTreeMap;
use std::path::Path;

use ::bisect::{Built, Document, Doing, Enough, Laboratory, Question};
use workers::InstalledEngine;
use workers::counting::Counter;
use workloads::{Workload, WorkloadDef};

use super::facts::Subject;
use super::folder::Folder;
use super::series::Series;
use super::values::Measured;
use super::{BisectArgs, say};
use crate::Error;
use crate::cmd::measure::scratch::Scratch;
use crate::trial::engines::check_assertions;

/// This machine.
pub struct Bench<'a> {
    series: &'a Series,
    definition: &'a WorkloadDef,
    workload: Workload,
    question: Question,
    scratch: &'a Path,
    counter: Option<Counter>,
    worker_program: Option<&'a Path>,
    folder: Option<&'a Folder>,
    /// Engines that are ready.
    ready: BTreeMap<usize, InstalledEngine>,
    /// Fingerprints of those that were asked before.
    known: BTreeMap<usize, String>,
}

impl<'a> Bench<'a> {
    /// To go on with a document.
    pub fn new(
        series: &'a Series,
        definition: &'a WorkloadDef,
        document: &Document,
        scratch: &'a Scratch,
        arguments: &'a BisectArgs,
    ) -> Result<Self, Error> {
        let last = document.revisions.len() - 1;
        let ends = document.ends.iter().flat_map(|it| &it.built);
        let ends = [0, last].into_iter().zip(ends);
        let steps = document.steps.iter();
        let steps = steps.filter_map(|it| Some((it.place, it.built.as_ref()?)));
        let known: BTreeMap<usize, String> = ends
            .chain(steps)
            .map(|(place, built)| (place, built.fingerprint.clone()))
            .collect();
        Ok(Self {
            series,
            definition,
            workload: workloads::materialise(definition, &scratch.path().join("workloads"))?,
            question: document.question.clone(),
            scratch: scratch.path(),
            counter: None,
            worker_program: arguments.worker_program.as_deref(),
            folder: None,
            ready: BTreeMap::new(),
            known,
        })
    }

    /// The same, which counts instructions.
    pub fn counting(mut self, counter: Option<Counter>) -> Self {
        self.counter = counter;
        self
    }

    /// The same, which keeps documents. Engines that are installed and were asked before are still the same builds: those of
    /// revisions are known by their commits.
    pub fn keeping(mut self, folder: &'a Folder) -> Result<Self, Error> {
        self.folder = Some(folder);
        if self.series.is_installed() {
            let known: Vec<usize> = self.known.keys().copied().collect();
            for place in known {
                let _ = self.build(place)?;
            }
        }
        Ok(self)
    }

    /// An engine that is ready, or made so: after a search was interrupted, those that were asked before may be needed
    /// again.
    fn engine(&mut self, place: usize) -> Result<Result<InstalledEngine, String>, Error> {
        if !self.ready.contains_key(&place)
            && let Err(why) = self.build(place)?
        {
            return Ok(Err(why));
        }
        let engine = self.ready.get(&place).cloned();
        Ok(engine.ok_or_else(|| "it is not ready".to_owned()))
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            ask: self.question.ask,
            path: self.question.path,
            workload: &self.workload,
            scratch: self.scratch,
            worker_program: self.worker_program,
        }
    }
}

impl Laboratory for Bench<'_> {
    type Error = Error;

    fn build(&mut self, place: usize) -> Result<Result<Built, String>, Error> {
        let (engine, built) = match self.series.build(place)? {
            Ok(ready) => ready,
            Err(why) => return Ok(Err(why)),
        };
        if self.question.ask.metric().is_some() {
            check_assertions(&engine, false)?;
        }
        if let (Some(known), Some(folder)) = (self.known.get(&place), self.folder)
            && *known != built.fingerprint
        {
            return Err(Error::BisectOtherBuild {
                engine: engine.name,
                document: folder.document(),
            });
        }
        self.ready.insert(place, engine);
        Ok(Ok(built))
    }

    fn fact(&mut self, place: usize) -> Result<Result<String, String>, Error> {
        Ok(match self.engine(place)? {
            Ok(engine) => self.subject().fact(&engine),
            Err(why) => Err(why),
        })
    }

    fn measure(
        &mut self,
        places: &[usize],
        enough: &mut Enough<'_>,
    ) -> Result<Result<Vec<Vec<f64>>, String>, Error> {
        let mut engines = Vec::new();
        for place in places {
            match self.engine(*place)? {
                Ok(engine) => engines.push(engine),
                Err(why) => return Ok(Err(why)),
            }
        }
        let Some(metric) = self.question.ask.metric() else {
            return Ok(Err("nothing is to be measured".to_owned()));
        };
        let measured = Measured {
            question: &self.question,
            metric,
            workload: self.definition,
            counter: self.counter.as_ref(),
            worker_program: self.worker_program,
        };
        let engines: Vec<&InstalledEngine> = engines.iter().collect();
        measured.blocks(&engines, enough)
    }

    fn differences(&mut self, good: usize, bad: usize) -> Result<Vec<String>, Error> {
        match (self.engine(good)?, self.engine(bad)?) {
            (Ok(good), Ok(bad)) => Ok(self.subject().differences(&good, &bad)),
            (Err(why), _) | (_, Err(why)) => Ok(vec![why]),
        }
    }

    fn keep(&mut self, document: &Document) -> Result<(), Error> {
        self.folder.map_or(Ok(()), |folder| folder.write(document))
    }

    fn now(&mut self, document: &Document, doing: Doing) {
        let words = |place: usize| match document.revisions.get(place) {
            Some(revision) => revision.words(),
            None => "one more".to_owned(),
        };
        say(&match doing {
            Doing::End(0) => format!("the good end: {}", words(0)),
            Doing::End(place) => format!("the bad end: {}", words(place)),
            Doing::Step(place, 0) => words(place),
            Doing::Step(place, more) => format!(
                "{}; about {} after it",
                words(place),
                sample::plural(u64::from(more), "step", "steps")
            ),
            Doing::Size(good, bad) => {
                format!("the difference from {} to {}", words(good), words(bad))
            }
        });
    }
}
