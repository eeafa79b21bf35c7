//! `list`: the workloads and the suites.

use clap::Args;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;
use workloads::Suite;

use super::selection::DefinedArgs;
use super::{ExitStatus, Format};
use crate::{Error, print};

/// Arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ListArgs {
    #[command(flatten)]
    defined: DefinedArgs,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const AFTER_HELP: &str = "\
The workloads are those of the nearest jsc-harness.toml at or above the working directory; without one, the built-in ones.
HARNESS_WORKLOADS names a folder with a jsc-harness.toml that is used instead.

Exit codes:
  0   fine
  4   the definitions cannot be read
  64  usage: no such suite, no workload matches";

/// A workload as it is listed.
#[derive(Debug, Serialize)]
struct Listed {
    name: String,
    kind: String,
    modules: Option<usize>,
    suites: Vec<String>,
    why: String,
    section: Option<String>,
}

#[derive(Debug, Serialize)]
struct List {
    workloads: Vec<Listed>,
    suites: Vec<Suite>,
}

/// Runs `list`.
pub fn run(arguments: &ListArgs) -> Result<ExitStatus, Error> {
    let catalog = arguments.defined.catalog()?;
    let suites = catalog.suites()?;
    let chosen = arguments.defined.workloads(&catalog)?;
    let workloads = chosen
        .into_iter()
        .map(|definition| Listed {
            kind: definition.kind.to_string(),
            modules: definition.modules,
            suites: suites
                .iter()
                .filter(|suite| suite.workloads.contains(&definition.name))
                .map(|suite| suite.name.clone())
                .collect(),
            why: definition.why,
            section: definition.section,
            name: definition.name,
        })
        .collect();
    let list = List { workloads, suites };
    match arguments.format {
        Format::Json => print::json(&list),
        Format::Table => print::line(&table(&list)),
    }
    Ok(ExitStatus::Success)
}

fn table(list: &List) -> String {
    let mut workloads = plain_table(&["workload", "kind", "modules", "suites", "why"]);
    for it in &list.workloads {
        workloads.add_row([
            it.name.clone(),
            it.kind.clone(),
            it.modules.map(|it| it.to_string()).unwrap_or_default(),
            it.suites.join(" "),
            it.why.clone(),
        ]);
    }
    let mut suites = plain_table(&["suite", "workloads", "why"]);
    for it in &list.suites {
        suites.add_row([
            it.name.clone(),
            it.workloads.len().to_string(),
            it.why.clone(),
        ]);
    }
    format!(
        "{}\n\n{}",
        results::render::trimmed(&workloads),
        results::render::trimmed(&suites)
    )
}

fn plain_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header.to_vec());
    table
}
