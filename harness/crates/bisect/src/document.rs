//! The document of a search: everything that its answer depends on, and the answer that follows from it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::decide::{Answer, Change, answer, ends_differ};
use crate::evidence::{Built, Evidence, FactsOfEnds};
use crate::question::{Question, Revision, RulesError};
use crate::search::{Next, Search};

/// The number of the layout.
const SCHEMA: u32 = 1;

/// A search, whole or under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What is looked for.
    pub question: Question,
    /// Among what: the good end first, the bad end last.
    pub revisions: Vec<Revision>,
    /// What the ends are like; nothing before they were asked.
    pub ends: Option<Ends>,
    /// Who was asked between them, in order.
    pub steps: Vec<Step>,
    /// The difference between the last good revision and the first bad one.
    pub size: Option<Size>,
}

/// What was learned of the ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    /// The good end and the bad end.
    pub built: [Built; 2],
    /// How long asking both took, in seconds.
    pub seconds: u64,
    /// What they are like.
    pub facts: FactsOfEnds,
}

/// One revision that was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its place in the series.
    pub place: usize,
    /// The engine; nothing when it does not build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<Built>,
    /// How long building and asking it took, in seconds.
    pub seconds: u64,
    /// What it answered.
    pub evidence: Evidence,
}

/// The difference between two revisions, in itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// The place of the first.
    pub good: usize,
    /// The place of the second.
    pub bad: usize,
    /// Values of both, block by block; none of a question about facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<[f64; 2]>,
    /// What differs, in words; nothing of a question about values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// How long measuring it took, in seconds.
    pub seconds: u64,
}

/// What a search has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Found {
    /// It is not over.
    Unfinished,
    /// The ends do not differ in what was asked.
    Alike,
    /// Nothing says that the ends differ, and nothing that they do not.
    Undecided,
    /// The first bad revision.
    First {
        /// Its place.
        bad: usize,
    },
    /// The first bad revision is one of several: those between could not be asked, or belong to neither end.
    Range {
        /// The last that is known to be good.
        good: usize,
        /// The first that is known to be bad.
        bad: usize,
    },
}

/// Why a document cannot be answered again.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is none.
    #[error("{file} is not the document of a bisect: {what}")]
    NotABisect {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// Its rules contradict themselves.
    #[error("{file}: {source}")]
    Rules {
        /// The file.
        file: String,
        /// What is wrong with them.
        source: RulesError,
    },
    /// Its steps are not those that follow from their own answers.
    #[error(
        "{file} was changed or cut: step {number} is not the one that follows from those before it"
    )]
    Changed {
        /// The file.
        file: String,
        /// The step, from 1.
        number: usize,
    },
    /// It claims something else than follows from its evidence.
    #[error(
        "{file} claims another answer than follows from its evidence; it was edited, or written by another version"
    )]
    OtherAnswer {
        /// The file.
        file: String,
    },
}

#[derive(Serialize, Deserialize)]
struct File {
    /// The number of the layout.
    bisect: u32,
    question: Question,
    revisions: Vec<Revision>,
    ends: Option<Ends>,
    steps: Vec<Step>,
    size: Option<Size>,
    found: Found,
}

impl Document {
    /// A search that has not begun. There are two revisions at least.
    pub fn new(question: Question, revisions: Vec<Revision>) -> Self {
        Self {
            question,
            revisions,
            ends: None,
            steps: Vec::new(),
            size: None,
        }
    }

    /// Whether this is the same search as another one, however far both are. Seeds may differ.
    pub fn is_about(&self, other: &Self) -> bool {
        let question = Question {
            seed: self.question.seed,
            ..other.question.clone()
        };
        self.question == question && self.revisions == other.revisions
    }

    /// What is found so far.
    pub fn found(&self) -> Found {
        let Some(ends) = &self.ends else {
            return Found::Unfinished;
        };
        if !ends_differ(&ends.facts, &self.question.rules, self.revisions.len()) {
            return match &ends.facts {
                FactsOfEnds::Facts { .. } => Found::Alike,
                FactsOfEnds::Blocks(_) => Found::Undecided,
            };
        }
        match self.search().next() {
            Next::Over { good, bad } if good + 1 == bad => Found::First { bad },
            Next::Over { good, bad } => Found::Range { good, bad },
            Next::Ask(_) => Found::Unfinished,
        }
    }

    /// The search after all steps so far.
    pub fn search(&self) -> Search {
        let mut search = Search::new(self.revisions.len());
        for (number, step) in self.steps.iter().enumerate() {
            search.hear(step.place, &self.answer_to(number, step));
        }
        search
    }

    /// What the step at `number` (from 0) says.
    pub fn answer(&self, number: usize) -> Option<Answer> {
        let step = self.steps.get(number)?;
        Some(self.answer_to(number, step))
    }

    fn answer_to(&self, number: usize, step: &Step) -> Answer {
        match &self.ends {
            Some(ends) => self.judged(&ends.facts, number, &step.evidence),
            None => Answer::Unknown("the ends were not asked".to_owned()),
        }
    }

    /// What evidence of a revision that is no step of this search says.
    pub fn judge(&self, evidence: &Evidence) -> Answer {
        match &self.ends {
            Some(ends) => self.judged(&ends.facts, self.steps.len(), evidence),
            None => Answer::Unknown("the ends were not asked".to_owned()),
        }
    }

    /// What evidence says at the step with this number, from 0. What could not be asked decides nothing, and spends
    /// nothing.
    pub(crate) fn judged(&self, ends: &FactsOfEnds, number: usize, evidence: &Evidence) -> Answer {
        let before = self.steps.iter().take(number);
        let decided = before.filter(|it| !matches!(it.evidence, Evidence::None(_)));
        let number = decided.count() + 1;
        let rules = &self.question.rules;
        answer(ends, evidence, rules, number, self.revisions.len())
    }

    /// By how much the value changes where it changes; of a question about values.
    pub fn change(&self) -> Option<Change> {
        Change::of(&self.size.as_ref()?.pairs)
    }

    /// How many engines were built, and in how many seconds all was done.
    pub fn costs(&self) -> (usize, u64) {
        let ends = self.ends.iter().flat_map(|it| &it.built);
        let steps = self.steps.iter().filter_map(|it| it.built.as_ref());
        let of_builds = |it: &Built| it.seconds;
        let builds: Vec<u64> = ends.chain(steps).filter_map(of_builds).collect();
        let of_ends = self.ends.iter().map(|it| {
            let builds = it.built.iter().filter_map(of_builds).sum::<u64>();
            builds + it.seconds
        });
        let of_steps = self.steps.iter().map(|it| it.seconds);
        let of_size = self.size.iter().map(|it| it.seconds);
        let not_built = self.steps.iter().filter(|it| it.built.is_none()).count();
        (
            builds.len() + not_built,
            of_ends.chain(of_steps).chain(of_size).sum(),
        )
    }

    /// The text of its file. The same document gives the same text.
    ///
    /// # Errors
    /// A value is no number.
    pub fn text(&self) -> serde_json::Result<String> {
        let file = File {
            bisect: SCHEMA,
            question: self.question.clone(),
            revisions: self.revisions.clone(),
            ends: self.ends.clone(),
            steps: self.steps.clone(),
            size: self.size.clone(),
            found: self.found(),
        };
        let mut text = Vec::new();
        record::write_layout(&mut text, &file).map_err(serde_json::Error::io)?;
        String::from_utf8(text).map_err(serde::ser::Error::custom)
    }

    /// Reads a document, and checks that its steps and its answer follow from its evidence. `file` is for messages.
    ///
    /// # Errors
    /// It is none, or it contradicts itself.
    pub fn read(text: &str, file: &str) -> Result<Self, DocumentError> {
        let not_a_bisect = |what: String| DocumentError::NotABisect {
            file: file.to_owned(),
            what,
        };
        let read: File =
            serde_json::from_str(text).map_err(|error| not_a_bisect(error.to_string()))?;
        if read.bisect != SCHEMA {
            return Err(not_a_bisect(format!(
                "it has schema {}, this program reads {SCHEMA}",
                read.bisect
            )));
        }
        if read.revisions.len() < 2 {
            return Err(not_a_bisect("it has less than two revisions".to_owned()));
        }
        let names: BTreeSet<&str> = read.revisions.iter().map(|it| &*it.engine).collect();
        if names.len() < read.revisions.len() {
            return Err(not_a_bisect("it has a revision twice".to_owned()));
        }
        let of_rules = |source| DocumentError::Rules {
            file: file.to_owned(),
            source,
        };
        read.question.rules.check().map_err(of_rules)?;
        let document = Self {
            question: read.question,
            revisions: read.revisions,
            ends: read.ends,
            steps: read.steps,
            size: read.size,
        };
        document.check_blocks(file)?;
        document.check_steps(file)?;
        match document.found() == read.found {
            true => Ok(document),
            false => Err(DocumentError::OtherAnswer {
                file: file.to_owned(),
            }),
        }
    }

    /// More blocks than there can be would take for ever to judge.
    fn check_blocks(&self, file: &str) -> Result<(), DocumentError> {
        let of_ends = self.ends.iter().map(|it| match &it.facts {
            FactsOfEnds::Blocks(blocks) => blocks.len(),
            FactsOfEnds::Facts { .. } => 0,
        });
        let of_steps = self.steps.iter().map(|it| match &it.evidence {
            Evidence::Blocks(blocks) => blocks.len(),
            Evidence::Fact(_) | Evidence::None(_) => 0,
        });
        let of_size = self.size.iter().map(|it| it.pairs.len());
        let most = self.question.rules.most();
        match of_ends.chain(of_steps).chain(of_size).find(|it| *it > most) {
            None => Ok(()),
            Some(count) => Err(DocumentError::NotABisect {
                file: file.to_owned(),
                what: format!("it has {count} blocks where its rules allow {most}"),
            }),
        }
    }

    fn check_steps(&self, file: &str) -> Result<(), DocumentError> {
        let mut search = Search::new(self.revisions.len());
        for (number, step) in self.steps.iter().enumerate() {
            if search.next() != Next::Ask(step.place) {
                return Err(DocumentError::Changed {
                    file: file.to_owned(),
                    number: number + 1,
                });
            }
            search.hear(step.place, &self.answer_to(number, step));
        }
        let size_is_of = |it: &Size| {
            search.next()
                == Next::Over {
                    good: it.good,
                    bad: it.bad,
                }
        };
        match self.size.as_ref().is_none_or(size_is_of) {
            true => Ok(()),
            false => Err(DocumentError::NotABisect {
                file: file.to_owned(),
                what: "its size is not that of the two revisions that were found".to_owned(),
            }),
        }
    }
}
