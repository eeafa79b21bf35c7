//! Where the difference goes, by function.

use std::cmp::Reverse;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use ::bisect::Document;
use ::profile::Changed;
use serde::Deserialize;

use super::folder::Folder;
use super::{BisectArgs, say};

/// Functions that are shown.
const SHOWN: usize = 8;

/// The folder of a profile in that of its search, and its table in it.
const FOLDER: &str = "profile";
const TABLE: &str = "functions.json";

#[derive(Deserialize)]
struct Printed {
    loads: Vec<Load>,
    functions: Vec<Changed>,
}

#[derive(Deserialize)]
struct Load {
    engine: String,
}

/// Profiles the last good engine and the first bad one, and keeps flame graphs and a table. A process of its own: settings
/// of JSC under which instructions are counted must not be those under which times were taken.
pub fn profile(document: &Document, arguments: &BisectArgs, folder: &Folder) -> Vec<String> {
    let found = kept(document, &folder.document());
    if !found.is_empty() {
        return found;
    }
    let Some([good, bad]) = pair(document) else {
        return Vec::new();
    };
    let out = folder.path().join(FOLDER);
    let Ok(program) = env::current_exe() else {
        return Vec::new();
    };
    let mut call = Command::new(program);
    call.args(["profile", "--engine", &format!("{good},{bad}"), "--path"])
        .arg(document.question.path.name())
        .args(["--format", "json", "--out"])
        .arg(&out)
        .args(arguments.selection.words())
        .args(arguments.selection.config_words())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let printed = match call.output() {
        Ok(output) if output.status.success() => output.stdout,
        _ => {
            say("there is no profile of the difference; its reason is above");
            return Vec::new();
        }
    };
    if let Err(error) = fs::write(out.join(TABLE), &printed) {
        say(&format!(
            "the table of the profile could not be kept: {error}"
        ));
    }
    lines(&printed, [good, bad])
}

/// The engines that are profiled: the last good one and the first bad one.
fn pair(document: &Document) -> Option<[&str; 2]> {
    let size = document.size.as_ref()?;
    Some([size.good, size.bad].map(|it| document.revisions[it].engine.as_str()))
}

/// The lines of the profile that lies beside a document; none where there is none, or one of other engines.
pub fn kept(document: &Document, file: &Path) -> Vec<String> {
    let table = file.with_file_name(FOLDER).join(TABLE);
    match (fs::read(table), pair(document)) {
        (Ok(table), Some(pair)) => lines(&table, pair),
        _ => Vec::new(),
    }
}

fn lines(printed: &[u8], pair: [&str; 2]) -> Vec<String> {
    let Ok(Printed { loads, functions }) = serde_json::from_slice(printed) else {
        return Vec::new();
    };
    if !loads.iter().map(|it| it.engine.as_str()).eq(pair) {
        return Vec::new();
    }
    let mut worst: Vec<Changed> = functions.into_iter().filter(|it| it.more() != 0).collect();
    worst.sort_by_key(|it| Reverse(it.more().unsigned_abs()));
    // Counts of equal code differ a little, too.
    let least = worst.first().map_or(0, |it| it.more().unsigned_abs()) / 100;
    let shown = worst
        .into_iter()
        .filter(|it| it.more().unsigned_abs() >= least);
    let lines = shown.take(SHOWN).map(|it| {
        let [before, after] = it.own.map(million);
        let more = it.more() as f64 / 1e6;
        format!(
            "{more:+9.2} million ({before:.2} to {after:.2})  {}",
            it.function
        )
    });
    lines.collect()
}

fn million(count: u64) -> f64 {
    count as f64 / 1e6
}
