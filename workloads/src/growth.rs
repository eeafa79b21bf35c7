//! Series of generated graphs that differ in size alone, to see how costs grow.

use std::path::Path;

use sample::HostOptions;
use serde::Deserialize;

use crate::definition::{Kind, Origin, WorkloadDef};
use crate::error::Error;
use crate::file;
use crate::generate::Generator;

/// A series of growing graphs.
#[derive(Debug, Clone)]
pub struct GrowthSeries {
    /// Its name: what grows.
    pub name: String,
    /// One sentence: what it shows.
    pub why: String,
    /// Its graphs, from the smallest to the largest. They are in no suite.
    pub steps: Vec<GrowthStep>,
}

/// One graph of a series.
#[derive(Debug, Clone)]
pub struct GrowthStep {
    /// How many there are of what grows.
    pub size: u64,
    /// The graph.
    pub workload: WorkloadDef,
}

/// Reads `growth.toml`.
pub(crate) fn read(path: &Path) -> Result<Vec<GrowthSeries>, Error> {
    let file: File = file::read_toml(path)?;
    Ok(file
        .series
        .into_iter()
        .map(|series| series.resolve(path))
        .collect())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    series: Vec<Series>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    name: String,
    why: String,
    step: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    size: u64,
    seed: u64,
    modules: usize,
    generate: Generator,
}

impl Series {
    fn resolve(self, path: &Path) -> GrowthSeries {
        let Self { name, why, step } = self;
        let mut steps: Vec<GrowthStep> = step
            .into_iter()
            .map(|step| GrowthStep {
                size: step.size,
                workload: WorkloadDef {
                    name: format!("{name}-{}", step.size),
                    kind: Kind::Generated,
                    why: why.clone(),
                    modules: Some(step.modules),
                    expected: None,
                    section: None,
                    deviation: None,
                    host: HostOptions::default(),
                    time_limit: None,
                    suites: Vec::new(),
                    defined_in: path.to_path_buf(),
                    origin: Origin::Generated {
                        generator: step.generate,
                        seed: step.seed,
                    },
                },
            })
            .collect();
        steps.sort_by_key(|step| step.size);
        GrowthSeries { name, why, steps }
    }
}
