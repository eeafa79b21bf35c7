//! What `profile` prints.

use ::profile::{CallGraph, Changed, difference};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use sample::Instructions;
use serde::Serialize;

use super::Profiled;
use crate::print;

/// Prints tables: how much there is of each load, and the functions, so many of each kind.
pub fn print(workload: &str, loads: &[Profiled], top: usize) {
    let Some(changed) = changed(loads) else {
        return;
    };
    for table in [parts(workload, loads), functions(&changed, loads, top)] {
        let lines = table.to_string();
        let lines: Vec<&str> = lines.lines().map(str::trim_end).collect();
        print::line(&format!("{}\n", lines.join("\n")));
    }
}

/// Prints everything as JSON.
pub fn print_json(workload: &str, loads: &[Profiled]) {
    let Some(functions) = changed(loads) else {
        return;
    };
    print::json(&Output {
        workload,
        loads,
        functions,
    });
}

#[derive(Serialize)]
struct Output<'a> {
    workload: &'a str,
    loads: &'a [Profiled],
    /// Own instructions of each function, in each load.
    functions: Vec<Changed>,
}

/// Every function of one load, against nothing, or of two; nothing without a load.
fn changed(loads: &[Profiled]) -> Option<Vec<Changed>> {
    let empty = CallGraph::default();
    match loads {
        [] => None,
        [only] => Some(difference(&empty, &only.graph)),
        [first, second, ..] => Some(difference(&first.graph, &second.graph)),
    }
}

/// The dearest functions; of two loads also those that have become cheapest.
fn functions(functions: &[Changed], loads: &[Profiled], top: usize) -> Table {
    let total = loads.iter().map(|it| it.instructions.program()).max();
    let percent = |count: i64| format!("{:.2}", 100.0 * count as f64 / total.unwrap_or(1) as f64);
    let mut table = plain();
    if let [_] = loads {
        table.set_header(["million", "%", "function"]);
        for it in functions.iter().take(top) {
            table.add_row([million(it.own[1]), percent(it.more()), it.function.clone()]);
        }
        return table;
    }
    table.set_header([
        "first, million",
        "second, million",
        "% of the whole",
        "function",
    ]);
    let cheapest = functions.iter().rev().take(top).filter(|it| it.more() < 0);
    let mut cheapest: Vec<&Changed> = cheapest.collect();
    cheapest.reverse();
    let dearest = functions.iter().take(top).filter(|it| it.more() > 0);
    for it in dearest.chain(cheapest) {
        table.add_row([
            million(it.own[0]),
            million(it.own[1]),
            percent(it.more()),
            it.function.clone(),
        ]);
    }
    table
}

/// How many instructions each part of a worker's life took.
fn parts(workload: &str, loads: &[Profiled]) -> Table {
    let mut table = plain();
    table.set_header([
        workload,
        "to the load, million",
        "load, million",
        "rest, million",
        "whole, million",
    ]);
    for it in loads {
        let Instructions { start, load, rest } = it.instructions;
        let mut row = vec![format!("{}, {}", it.path, it.engine)];
        row.extend([start, load, rest, it.instructions.program()].map(million));
        table.add_row(row);
    }
    table
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table
}

fn million(count: u64) -> String {
    format!("{:.2}", count as f64 / 1e6)
}
