//! What a bisect may look for after a gate has confirmed an alarm.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::alarms::Installed;

/// A search in a repository.
#[derive(Debug, PartialEq, Eq)]
pub struct Search {
    /// The repository's folder.
    pub repository: String,
    /// The revisions of the engine of before and of the one of today.
    pub revisions: [String; 2],
    /// How the engines were configured beyond this program's own arguments.
    pub cmake: Vec<String>,
    /// The workload and the path that have become slower.
    pub workload: String,
    pub path: String,
}

/// A gate's document, as far as it matters here.
#[derive(Deserialize)]
struct Gate {
    judgement: Judgement,
}

#[derive(Deserialize)]
struct Judgement {
    verdict: String,
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
struct Cell {
    workload: Option<String>,
    quantity: String,
    path: String,
    decision: String,
}

/// The search for what a gate between two engines has found, or why there is none; nothing when it found nothing. Cells come
/// with the worst first.
pub fn search(
    gate: &str,
    old: &Installed,
    new: &Installed,
) -> Result<Option<Result<Search, String>>> {
    let gate: Gate = serde_json::from_str(gate).context("could not read the gate's document")?;
    let found = gate.judgement.verdict == "regress";
    Ok(found.then(|| of_cells(gate.judgement.cells, old, new)))
}

fn of_cells(cells: Vec<Cell>, old: &Installed, new: &Installed) -> Result<Search, String> {
    let (Some(before), Some(after)) = (&old.provenance, &new.provenance) else {
        return Err("the engines are not of one repository (engine add --git)".to_owned());
    };
    let alike =
        |of: &super::alarms::MadeOf| (of.kind.clone(), of.location.clone(), of.cmake.clone());
    let is_git = before.kind == "git" && alike(before) == alike(after);
    let (true, Some(good), Some(bad)) = (is_git, &before.revision, &after.revision) else {
        return Err("the engines are not revisions of one repository, configured alike".to_owned());
    };
    let slower = cells
        .into_iter()
        .find(|it| it.decision == "regress" && it.quantity == "time" && it.workload.is_some());
    let Some(Cell {
        workload: Some(workload),
        path,
        ..
    }) = slower
    else {
        return Err(
            "no single workload became slower: gains shrank, or all workloads together".to_owned(),
        );
    };
    Ok(Search {
        repository: before.location.clone(),
        revisions: [good.clone(), bad.clone()],
        cmake: before.cmake.clone(),
        workload,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::super::alarms::MadeOf;
    use super::*;

    fn engine(location: &str, revision: &str) -> Installed {
        Installed {
            name: revision.to_owned(),
            fingerprint: revision.to_owned(),
            default: false,
            provenance: Some(MadeOf {
                kind: "git".to_owned(),
                location: location.to_owned(),
                revision: Some(revision.to_owned()),
                cmake: Vec::new(),
            }),
        }
    }

    fn gate(cells: &[(&str, &str, &str, &str)]) -> String {
        let cells: Vec<_> = cells
            .iter()
            .map(|(workload, quantity, path, decision)| {
                serde_json::json!({
                    "workload": Some(workload).filter(|it| !it.is_empty()),
                    "quantity": quantity, "path": path, "decision": decision,
                })
            })
            .collect();
        serde_json::json!({"judgement": {"verdict": "regress", "cells": cells}}).to_string()
    }

    #[test]
    fn the_worst_workload_that_became_slower_is_looked_for() {
        let gate = gate(&[
            ("a", "gain", "full", "regress"),
            ("", "time", "full", "regress"),
            ("b", "time", "full", "regress"),
            ("c", "time", "parse", "regress"),
        ]);
        let found = search(&gate, &engine("/w", "r1"), &engine("/w", "r2"))
            .unwrap()
            .unwrap()
            .unwrap();
        assert_eq!((&*found.workload, &*found.path), ("b", "full"));
        assert_eq!(found.revisions, ["r1", "r2"]);
        assert_eq!(found.repository, "/w");
    }

    #[test]
    fn what_cannot_be_looked_for_is_said() {
        let slower = gate(&[("a", "time", "full", "regress")]);
        let why = |gate: &str, old: &Installed, new: &Installed| {
            search(gate, old, new).unwrap().unwrap().unwrap_err()
        };
        let one = engine("/w", "r1");
        assert!(
            why(&slower, &one, &engine("/other", "r2")).contains("revisions of one repository")
        );
        let mut pinned = engine("/w", "r2");
        pinned.provenance = None;
        assert!(why(&slower, &one, &pinned).contains("not of one repository"));
        let passes = gate(&[
            ("a", "time", "full", "pass"),
            ("a", "gain", "full", "regress"),
        ]);
        assert!(
            why(&passes, &one, &engine("/w", "r2")).contains("no single workload became slower")
        );
        let denied = slower.replacen("\"verdict\":\"regress\"", "\"verdict\":\"pass\"", 1);
        assert!(
            search(&denied, &one, &engine("/w", "r2"))
                .unwrap()
                .is_none()
        );
        assert!(search("{}", &one, &engine("/w", "r2")).is_err());
    }
}
