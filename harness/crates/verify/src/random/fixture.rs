//! A finding as a folder: the smallest graph, what was done with it, and how to see it again.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::plan::RandomPlan;
use super::report::RandomFinding;
use crate::error::Error;
use sample::LoadPath;
use workers::InstalledEngine;

/// Writes the folder; where it is.
pub fn write(
    plan: &RandomPlan,
    engine: &InstalledEngine,
    found: &RandomFinding,
) -> Result<PathBuf, Error> {
    let name = match plan.engines.len() {
        1 => format!("{}-{}", plan.seed, found.index),
        _ => format!("{}-{}-{}", plan.seed, found.index, engine.version),
    };
    let folder = plan.fixtures.join(name);
    for (file, text) in &found.scenario.files {
        put(&folder.join("graph").join(file), text.as_bytes())?;
    }
    put(&folder.join("README.md"), readme(plan, found).as_bytes())?;
    // Texts and numbers: serializing them cannot fail.
    let scenario = serde_json::to_vec_pretty(&found.scenario).unwrap_or_default();
    put(&folder.join("scenario.json"), &scenario)?;
    Ok(folder)
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(path, bytes));
    written.map_err(|source| Error::Fixture {
        path: path.to_owned(),
        source,
    })
}

fn readme(plan: &RandomPlan, found: &RandomFinding) -> String {
    let mut command = format!(
        "jsc-harness verify --random 1 --seed {} --first {} --engine {}",
        plan.seed, found.index, found.version
    );
    let all = [LoadPath::Bytecode, LoadPath::Full, LoadPath::Graph];
    if plan.paths != all {
        let names: Vec<&str> = plan.paths.iter().map(|it| it.name()).collect();
        let _ = write!(command, " --path {}", names.join(","));
    }
    if let Some(mutant) = plan.mutant {
        let _ = write!(command, " --mutant {}", mutant.name());
    }
    let finding = &found.finding;
    let mut text = format!(
        "# Graph {} of seed {} on {}: {}\n\nAgain, before it was shrunk: `{command}`\n\n{}: {}\n",
        found.index,
        plan.seed,
        found.version,
        finding.kind.name(),
        finding.task,
        finding.what
    );
    for difference in &finding.differences {
        let _ = write!(text, "\n- {difference}");
    }
    text.push_str("\n\nThe files in `graph`, and then:\n\n");
    for (number, step) in found.scenario.steps.iter().enumerate() {
        let _ = writeln!(text, "{}. {step}", number + 1);
    }
    text
}
