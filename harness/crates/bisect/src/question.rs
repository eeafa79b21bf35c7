//! What is looked for, and among what.

use serde::{Deserialize, Serialize};

use record::Metric;
use sample::LoadPath;
use stats::EXACT_UP_TO;

/// What every engine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// What the program shows.
    Behaviour,
    /// Whether the engine uses the cache that it wrote, and what it parses all the same.
    Cache,
    /// How many instructions a worker executes to the end of its program.
    Instructions,
    /// How long a load takes.
    Time,
}

impl Ask {
    /// All of them; the exact ones first.
    pub const ALL: [Self; 4] = [Self::Behaviour, Self::Cache, Self::Instructions, Self::Time];

    /// Its word on a command line and in a document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Cache => "cache",
            Self::Instructions => "instructions",
            Self::Time => "time",
        }
    }

    /// What is measured for it; nothing where one answer is enough.
    pub fn metric(self) -> Option<Metric> {
        match self {
            Self::Behaviour | Self::Cache => None,
            Self::Instructions => Some(Metric::Instructions),
            Self::Time => Some(Metric::Load),
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What every engine is asked.
    pub ask: Ask,
    /// The workload's name.
    pub workload: String,
    /// Digest of the workload's definition and content.
    pub digest: String,
    /// How it is loaded.
    pub path: LoadPath,
    /// How values are decided on.
    pub rules: Rules,
    /// Seed of every random choice.
    pub seed: u64,
}

/// How it is decided to which end a value belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The probability that a value is given to the wrong end, over all steps and looks.
    pub error: f64,
    /// After how many blocks a value is looked at, ascending. Undecided after the last one, a revision is skipped.
    pub looks: Vec<u32>,
}

/// Rules that contradict themselves.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RulesError {
    /// The looks are no ascending list.
    #[error("the looks must be ascending numbers of blocks from 1 to {EXACT_UP_TO}, not {looks:?}")]
    Looks {
        /// The list.
        looks: Vec<u32>,
    },
    /// An error that no test could have, or nobody would want.
    #[error("the error must be a probability above 0 and at most 0.5, not {error}")]
    Probability {
        /// What it is.
        error: f64,
    },
}

impl Rules {
    /// The rules for what is asked. Ten counts that all lie nearer to one end are probable by chance in 1 of 1,024 cases;
    /// times need more.
    pub fn of(ask: Ask) -> Self {
        Self {
            error: 0.05,
            looks: match ask {
                Ask::Instructions => vec![10, 20],
                _ => vec![16, 64, 256],
            },
        }
    }

    /// Refuses what contradicts itself.
    ///
    /// # Errors
    /// The looks are no ascending list of possible numbers, or the error is no probability.
    pub fn check(&self) -> Result<(), RulesError> {
        let in_range = |look: &u32| (1..=EXACT_UP_TO as u32).contains(look);
        let ascending = self.looks.is_sorted_by(|a, b| a < b);
        if self.looks.is_empty() || !ascending || !self.looks.iter().all(in_range) {
            return Err(RulesError::Looks {
                looks: self.looks.clone(),
            });
        }
        match self.error > 0.0 && self.error <= 0.5 {
            true => Ok(()),
            false => Err(RulesError::Probability { error: self.error }),
        }
    }

    /// The most blocks of one step.
    pub fn most(&self) -> usize {
        self.looks.last().map_or(0, |it| *it as usize)
    }
}

/// One engine of the series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The engine's name, whether it is built or not.
    pub engine: String,
    /// The commit that it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// When it was committed (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The first line of its message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Revision {
    /// How a reader finds it: the commit with its title, or the engine's name.
    pub fn words(&self) -> String {
        let Some(commit) = &self.commit else {
            return self.engine.clone();
        };
        // A commit's message may hold anything; a terminal and a table must not.
        let title = self.title.as_deref().unwrap_or_default();
        let title: String = title.chars().filter(|it| !it.is_control()).collect();
        let title = title.replace('|', "/");
        format!("{} {title}", self.short(commit)).trim().to_owned()
    }

    fn short<'a>(&self, commit: &'a str) -> &'a str {
        commit.get(..12).unwrap_or(commit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_every_question_are_sound() {
        for ask in Ask::ALL {
            assert_eq!(Rules::of(ask).check(), Ok(()));
        }
        for looks in [
            vec![],
            vec![0],
            vec![10, 10],
            vec![20, 10],
            vec![EXACT_UP_TO as u32 + 1],
        ] {
            let rules = Rules { error: 0.05, looks };
            assert!(matches!(rules.check(), Err(RulesError::Looks { .. })));
        }
        for error in [0.0, -1.0, 0.6, f64::NAN] {
            let rules = Rules {
                error,
                ..Rules::of(Ask::Time)
            };
            assert!(matches!(rules.check(), Err(RulesError::Probability { .. })));
        }
    }
}
