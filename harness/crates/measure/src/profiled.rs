//! One counted load of each kind, with its counts by function.

use std::fs;
use std::path::{Path, PathBuf};

use record::{SampleError, Unmeasured};
use sample::{CacheMode, Instructions, LoadPath};
use workers::counting::FILE;

use super::check::check;
use super::error::Error;
use super::plan::Plan;
use super::prepare::{Extras, Preparation, load, prepare};

/// A load whose instructions were counted.
#[derive(Debug)]
pub struct ProfiledLoad {
    /// The engine's place in the plan.
    pub engine: usize,
    /// The load path.
    pub path: LoadPath,
    /// How many, by part of the worker's life.
    pub instructions: Instructions,
    /// What callgrind wrote.
    pub file: PathBuf,
}

/// Prepares the first workload of a plan that counts, and loads it once on every engine by every path; what could not be
/// loaded, too.
pub fn profile(plan: &Plan, scratch: &Path) -> Result<(Vec<ProfiledLoad>, Vec<Unmeasured>), Error> {
    let Preparation {
        prepared,
        mut unmeasured,
        ..
    } = prepare(plan, 0, scratch)?;
    let mut profiled = Vec::new();
    for &(engine, path) in &prepared.kinds {
        let of_engine = &prepared.engines[engine];
        let cache = (&*of_engine.cache, CacheMode::ReadOnly);
        let extras = Extras {
            counted: true,
            ..Extras::default()
        };
        let finished = load(plan, engine, path, &prepared.workload, cache, extras);
        let wrong = match &finished {
            Ok(it) => check(&it.line, &plan.engines[engine], path, &of_engine.expected),
            Err(failure) => Some(SampleError::Worker {
                failure: failure.clone(),
            }),
        };
        let instructions = finished.ok().and_then(|it| it.instructions);
        if let Some(why) = wrong {
            unmeasured.push(Unmeasured {
                workload: 0,
                engine,
                path,
                why,
            });
        } else if let (Some(counting), Some(instructions)) = (&plan.counting, instructions) {
            let file = scratch.join(format!("{engine}-{}.callgrind", path.name()));
            let written = counting.directory.join(FILE);
            fs::rename(&written, &file).map_err(|source| Error::Keep {
                path: written.clone(),
                source,
            })?;
            profiled.push(ProfiledLoad {
                engine,
                path,
                instructions,
                file,
            });
        }
    }
    Ok((profiled, unmeasured))
}
