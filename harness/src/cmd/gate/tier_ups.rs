//! What tiers up on the new engine, by every path: a process of its own, whose settings of JSC are others.

use std::env;
use std::process::{Command, Stdio};

use gate::PathDifference;
use gate::replay::place;
use measure::Plan;
use sample::LoadPath;
use verify::TierReport;

use super::GateArgs;
use crate::Error;

/// Where another function tiers up than on the parse path, for the workloads and paths that are timed.
pub fn compare(arguments: &GateArgs, plan: &Plan) -> Result<Vec<PathDifference>, Error> {
    let failed = |reason: String| Error::Worker { reason };
    let mut command = Command::new(env::current_exe().map_err(|it| failed(it.to_string()))?);
    command.args(["verify", "--tier-ups", "--format", "json"]);
    command.args(["--engine", &plan.engines[place::NEW].name]);
    let cached = plan.paths.iter().filter(|it| **it != LoadPath::Parse);
    let cached: Vec<&str> = cached.map(|it| it.name()).collect();
    if cached.is_empty() {
        return Ok(Vec::new());
    }
    command.args(["--path", &cached.join(",")]);
    command.args(arguments.config.words());
    if arguments.entries.is_empty() {
        let names = plan.workloads.iter();
        let names: Vec<String> = names.map(|it| regex::escape(&it.definition.name)).collect();
        command.args(["--workloads", &format!("^({})$", names.join("|"))]);
    } else {
        command
            .args(&arguments.entries)
            .args(arguments.host.words());
    }
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|it| failed(it.to_string()))?;
    let report: TierReport = serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        failed(format!("verify --tier-ups: {}", said.trim_end()))
    })?;
    let findings = report.cases.into_iter().flat_map(|case| {
        let workload = case.workload;
        case.findings.into_iter().map(move |it| PathDifference {
            workload: workload.clone(),
            path: it.path.name().to_owned(),
            what: vec![it.what],
        })
    });
    Ok(findings.collect())
}
