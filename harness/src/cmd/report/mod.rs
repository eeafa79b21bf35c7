//! `report`: the history as one page of charts.

mod links;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::ExitStatus;
use crate::{Error, print};
use record::{History, results_directory};
use results::page::{Libraries, report};

/// The file's name.
const NAME: &str = "index.html";

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ReportArgs {
    /// The folder that the report is written to, as index.html [default: report in the folder of results]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder of result files [default: history in the folder of results]
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
The report is one HTML file that needs neither a server nor a network: open it in a browser, on a phone too. It shows the
gain of every path over time, absolute times by environment, and of the newest run of every condition each workload's
gain, the phases of its loads, every sample, cache sizes, other runtimes, and how costs grow with the size of a graph, as
far as the history has them. It links the flame graphs of `profile --keep` and what `bisect` has found. The folder of results is `results` in the checkout, or what HARNESS_RESULTS names.

The name of the file is printed. A file that is there is replaced.

Exit codes: 0 when the report was written, 4 when a result cannot be read or the report cannot be written.";

/// Runs `report`.
pub fn run(arguments: &ReportArgs) -> Result<ExitStatus, Error> {
    super::use_results_of_project()?;
    let libraries = Libraries::installed()?;
    let records = records(arguments.history.as_deref())?;
    if records.is_empty() {
        let _ = writeln!(
            io::stderr(),
            "warning: there are no results yet; hint: jsc-harness measure --history"
        );
    }
    let folder = match &arguments.out {
        Some(folder) => folder.clone(),
        None => results_directory().join("report"),
    };
    let links = links::links(&results_directory(), &folder);
    let page = report(&records, &links, &libraries);
    print::line(&write(&folder, &page)?.display().to_string());
    Ok(ExitStatus::Success)
}

fn records(history: Option<&Path>) -> Result<Vec<record::RunRecord>, Error> {
    let files = match history {
        // The standard one is made by the first result; one that was named must be there.
        Some(folder) => {
            fs::read_dir(folder).map_err(|source| Error::Read {
                path: folder.to_owned(),
                source,
            })?;
            History::at(folder).files()?
        }
        None => History::standard().files()?,
    };
    let mut records = files
        .iter()
        .map(|file| record::read(file))
        .collect::<Result<Vec<_>, _>>()?;
    records.sort_by(|a, b| (a.run.started, &a.run.id).cmp(&(b.run.started, &b.run.id)));
    Ok(records)
}

fn write(folder: &Path, page: &str) -> Result<PathBuf, Error> {
    let path = folder.join(NAME);
    let wrong = |source| Error::Write {
        flag: "--out",
        path: path.clone(),
        source,
    };
    fs::create_dir_all(folder).map_err(wrong)?;
    record::write_whole(&path, true, &mut |out| out.write_all(page.as_bytes())).map_err(wrong)?;
    Ok(path)
}
