//! Environments. Absolute times only compare within one.

use serde::Serialize;

use record::RunRecord;

/// What absolute times depend on, besides the workload and this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// Its number, from 1, in order of first runs.
    pub number: usize,
    /// When its first run began (UTC).
    pub since: String,
    /// See [`condition`].
    pub condition: String,
    /// The engine's release.
    pub engine: String,
    /// The engine's fingerprint.
    pub fingerprint: String,
    /// The machine, in words.
    pub machine: String,
    /// The rest of its surroundings, in words.
    pub system: String,
}

/// All environments that a history has been through.
#[derive(Debug, Default)]
pub struct Environments(Vec<Environment>);

impl Environments {
    /// The number of the environment in which an engine of a run was measured.
    pub fn number(&mut self, record: &RunRecord, engine: usize) -> usize {
        let engine = &record.engines[engine];
        let environment = Environment {
            number: self.0.len() + 1,
            since: record.run.started.to_string(),
            condition: condition(record),
            engine: engine.label().to_owned(),
            fingerprint: engine.fingerprint.clone(),
            machine: record.machine.description(),
            system: surroundings(record),
        };
        let same = |known: &&Environment| {
            (&known.condition, &known.fingerprint, &known.system)
                == (
                    &environment.condition,
                    &environment.fingerprint,
                    &environment.system,
                )
        };
        if let Some(known) = self.0.iter().find(same) {
            return known.number;
        }
        self.0.push(environment);
        self.0.len()
    }

    /// All of them, in order of number.
    pub fn all(self) -> Vec<Environment> {
        self.0
    }
}

/// What tells runs apart that are never drawn as one series: the machine, the page cache, and whether the program was
/// built with optimizations.
pub fn condition(record: &RunRecord) -> String {
    let machine = &record.machine;
    let build = if record.run.program.optimized {
        ""
    } else {
        ", built without optimizations"
    };
    format!(
        "{}, machine {} ({}, {} cores){build}",
        record.conditions.words(),
        machine.id,
        machine.cpu,
        machine.cores
    )
}

/// What else of the machine times depend on, in words: the system, its kernel and settings, and the options of JSC that
/// variables set. The engine is not part of it.
pub fn surroundings(record: &RunRecord) -> String {
    let machine = &record.machine;
    let mut parts = vec![machine.system.clone(), format!("Linux {}", machine.kernel)];
    let mut add = |what: &str, value: &Option<String>| {
        if let Some(value) = value {
            parts.push(format!("{what} {value}"));
        }
    };
    add("governor", &machine.governor);
    add("huge pages", &machine.huge_pages);
    let variables = machine.jsc_variables.iter();
    parts.extend(variables.map(|(name, value)| format!("{name}={value}")));
    parts.join(", ")
}
