//! The document of a gate: a result file like any other, with a part `gate` that holds the rest of what its verdict
//! depends on, and a part `judgement` that follows from both.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::exact::{AllowList, Exact};
use super::judge::{Recorded, judge};
use super::replay::{ReplayError, place};
use super::rules::{Rules, RulesError};
use super::verdict::Judgement;
use record::read_text;
use record::{RecordError, RunRecord};

/// The number of the layout of the part `gate`.
const SCHEMA: u32 = 1;

/// A gate, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct GateDocument {
    /// The rules and what was compared exactly.
    pub settings: Settings,
    /// What was measured.
    pub record: RunRecord,
    /// What follows from both.
    pub judgement: Judgement,
}

/// What a verdict depends on besides what was measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub rules: Rules,
    /// Behaviour changes that are allowed.
    pub allowed: AllowList,
    /// What was compared exactly.
    pub exact: Exact,
}

/// Why a gate's document cannot be judged again.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not a result file.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It is a result file without the part of a gate, or that part is damaged.
    #[error("{file} is not the document of a gate: {what}")]
    NotAGate {
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// Its rules contradict themselves.
    #[error("{file}: {source}")]
    Rules {
        file: String,
        /// What is wrong with them.
        source: RulesError,
    },
    /// What was measured is not what the rules ask for.
    #[error("{file} was changed or cut: {source}")]
    Changed {
        file: String,
        /// What does not fit.
        source: ReplayError,
    },
}

#[derive(Serialize)]
struct File<'a> {
    gate: Part<&'a Settings>,
    judgement: &'a Judgement,
    #[serde(flatten)]
    record: record::File,
}

#[derive(Serialize, Deserialize)]
struct Part<S> {
    schema: u32,
    #[serde(flatten)]
    settings: S,
}

#[derive(Deserialize)]
struct WithoutRecord {
    gate: Part<Settings>,
    judgement: Judgement,
}

impl GateDocument {
    /// Judges what was measured.
    pub fn new(settings: Settings, record: RunRecord) -> Result<Self, ReplayError> {
        let judgement = judge(&Recorded {
            rules: &settings.rules,
            allowed: &settings.allowed,
            exact: &settings.exact,
            record: &record,
        })?;
        Ok(Self {
            settings,
            record,
            judgement,
        })
    }

    /// Reads a document and judges it again. The second value is what the file says itself.
    pub fn read(path: &Path) -> Result<(Self, Judgement), DocumentError> {
        let file = path.display().to_string();
        let record = record::read(path)?;
        let text = read_text(path).map_err(|source| RecordError::Read {
            path: path.to_owned(),
            source,
        })?;
        let not_a_gate = |what: String| DocumentError::NotAGate {
            file: file.clone(),
            what,
        };
        let WithoutRecord { gate, judgement } =
            serde_json::from_str(&text).map_err(|error| not_a_gate(error.to_string()))?;
        if gate.schema != SCHEMA {
            return Err(not_a_gate(format!(
                "it has schema {}, this program reads {SCHEMA}",
                gate.schema
            )));
        }
        if record.engines.len() <= place::NEW {
            return Err(not_a_gate("it does not have three engines".to_owned()));
        }
        gate.settings
            .rules
            .check()
            .map_err(|source| DocumentError::Rules {
                file: file.clone(),
                source,
            })?;
        let metric = gate.settings.rules.metric;
        if !record.has(metric) {
            return Err(not_a_gate(format!(
                "its rules decide on {}, and it has {}",
                metric.name(),
                record.main_metric().name()
            )));
        }
        let again = Self::new(gate.settings, record)
            .map_err(|source| DocumentError::Changed { file, source })?;
        Ok((again, judgement))
    }

    /// The text of its file. The same document gives the same text.
    pub fn text(&self) -> serde_json::Result<String> {
        let file = File {
            gate: Part {
                schema: SCHEMA,
                settings: &self.settings,
            },
            judgement: &self.judgement,
            record: record::File::of(&self.record)?,
        };
        let mut text = Vec::new();
        record::write_layout(&mut text, &file).map_err(serde_json::Error::io)?;
        String::from_utf8(text).map_err(serde::ser::Error::custom)
    }
}
