//! `results scan`: changes in the history.

use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use results::render::{Style, lay_out, two_decimals};
use results::scan::{Scan, Side, Step, scan};
use stats::{BACK, FORE};

/// The end of the help.
pub const AFTER_HELP: &str = "\
A series is the gain of one path on one workload, or the geometric mean over all, from run to run on one machine, as long as
its system, its kernel, JSC's options and the files of the workload stay the same. The engine may change: that is what may
make a step. Engines that were measured side by side are series of their own.

The last 4 to 14 nights of each series are compared with up to 30 nights before them, by ranks. An alarm needs a median that is
more than 1 % lower and a standardized rank sum above 3. With many series that threshold rises, so that all workloads together
raise no more false alarms than one series would, and so do all geometric means. Fewer than 14 nights say nothing.

An alarm says that something changed, not what: `jsc-harness gate` says whether it is the engine.

Exit codes: 0 when there is no alarm, 1 when there is one, 4 when a result cannot be read, 64 usage.";

/// Scans the history; or says what is wrong with the command line.
pub fn run(run: Option<&str>, format: Format) -> Result<ExitStatus, Error> {
    let history = super::history()?;
    let Some(found) = scan(&history, run) else {
        return Err(Error::Usage(format!(
            "--run {}: the history has no run of this name",
            run.unwrap_or_default()
        )));
    };
    match format {
        Format::Json => print::json(&found),
        Format::Table => print::line(&text(&found)),
    }
    Ok(if found.alarms.is_empty() {
        ExitStatus::Success
    } else {
        ExitStatus::Finding
    })
}

fn text(found: &Scan) -> String {
    let mut lines: Vec<String> = found
        .runs
        .iter()
        .map(|it| {
            format!(
                "{}: {} series, {} of them with the {} nights that it takes to say anything (the longest has {})",
                it.run,
                it.series,
                it.long_enough,
                BACK.start() + FORE.start(),
                it.nights
            )
        })
        .collect();
    if found.runs.is_empty() {
        lines.push("the history has no run of workloads".to_owned());
    }
    for (what, steps) in [
        ("gains that became smaller", &found.alarms),
        ("gains that became larger", &found.improvements),
    ] {
        lines.push(format!("{what}: {}", steps.len()));
        if !steps.is_empty() {
            lines.push(table(steps));
        }
    }
    lines.join("\n")
}

fn table(steps: &[Step]) -> String {
    let header = [
        "workload",
        "path",
        "before",
        "since",
        "change",
        "z",
        "nights",
        "last before",
        "first since",
    ];
    let rows = steps
        .iter()
        .map(|step| {
            vec![
                step.workload
                    .clone()
                    .unwrap_or_else(|| "geometric mean".to_owned()),
                step.path.name().to_owned(),
                two_decimals(step.before),
                two_decimals(step.after),
                format!("{:+.1} %", step.percent),
                format!("{:.1}", step.z),
                step.nights.to_string(),
                side(&step.last_before),
                side(&step.first_after),
            ]
        })
        .collect();
    lay_out(header.map(str::to_owned).to_vec(), rows, Style::Plain)
}

fn side(side: &Side) -> String {
    let revision = side.revision.as_deref().unwrap_or("unknown program");
    format!("{}, {} ({revision})", side.run, side.version)
}
