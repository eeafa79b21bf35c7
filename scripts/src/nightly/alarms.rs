//! Alarms of a scan, as far as a gate can say something about them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// What `results scan --format json` prints, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Scan {
    pub runs: Vec<Scanned>,
    pub alarms: Vec<Alarm>,
    pub improvements: Vec<Alarm>,
}

/// A run at whose end was looked.
#[derive(Debug, Deserialize)]
pub struct Scanned {
    pub series: usize,
    pub long_enough: usize,
    pub nights: usize,
}

/// A gain that has changed.
#[derive(Debug, Clone, Deserialize)]
pub struct Alarm {
    pub workload: Option<String>,
    pub path: String,
    pub percent: f64,
    pub nights: usize,
    pub last_before: Side,
    pub first_after: Side,
    pub newest: Side,
}

/// With what one night was measured.
#[derive(Debug, Clone, Deserialize)]
pub struct Side {
    pub run: String,
    pub engine: String,
    pub fingerprint: String,
    pub revision: Option<String>,
}

/// One engine of `engine list --format json`.
#[derive(Debug, Deserialize)]
pub struct Installed {
    pub name: String,
    pub fingerprint: String,
    pub default: bool,
    pub provenance: Option<MadeOf>,
}

/// Where an engine of somebody's own comes from.
#[derive(Debug, Deserialize)]
pub struct MadeOf {
    pub kind: String,
    pub location: String,
    pub revision: Option<String>,
    #[serde(default)]
    pub cmake: Vec<String>,
}

/// What can be done about alarms.
#[derive(Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Two engines to compare, on these workloads; all of them when the list is empty.
    Gate {
        old: String,
        new: String,
        workloads: Vec<String>,
    },
    /// Nothing, and why.
    Impossible(String),
}

impl Scan {
    pub fn read(text: &str) -> Result<Scan> {
        serde_json::from_str(text).context("could not read what the scan printed")
    }

    /// The alarms in one sentence.
    pub fn sentence(&self) -> String {
        let larger = match self.improvements.len() {
            0 => String::new(),
            count => format!("; {count} gains became larger"),
        };
        if self.alarms.is_empty() {
            let looked: Vec<String> = self.runs.iter().map(Scanned::words).collect();
            return format!("no gain became smaller{larger} ({})", looked.join(", "));
        }
        let alarms: Vec<String> = self.alarms.iter().map(Alarm::sentence).collect();
        format!("{}{larger}", alarms.join("; "))
    }
}

impl Scanned {
    fn words(&self) -> String {
        format!(
            "{} of {} series have nights enough, the longest has {}",
            self.long_enough, self.series, self.nights
        )
    }
}

impl Alarm {
    fn sentence(&self) -> String {
        format!(
            "the gain of {} on {} changed by {:+.1} % {} nights ago, in {}",
            self.path,
            self.workload.as_deref().unwrap_or("all workloads together"),
            self.percent,
            self.nights,
            self.first_after.run
        )
    }
}

/// The engines in the list that can be run: only those have a fingerprint.
pub fn installed(text: &str) -> Result<Vec<Installed>> {
    let listed: Vec<Value> =
        serde_json::from_str(text).context("could not read the list of engines")?;
    listed
        .into_iter()
        .filter(|it| it.get("fingerprint").is_some())
        .map(|it| serde_json::from_value(it).context("could not read the list of engines"))
        .collect()
}

/// What is to be done about alarms, once for each pair of engines.
pub fn confirmations(alarms: &[Alarm], installed: &[Installed]) -> Vec<Confirmation> {
    let mut pairs: BTreeMap<(&str, &str), Vec<&Alarm>> = BTreeMap::new();
    for alarm in alarms {
        let pair = (&*alarm.last_before.fingerprint, &*alarm.newest.fingerprint);
        pairs.entry(pair).or_default().push(alarm);
    }
    pairs
        .into_values()
        .filter_map(|alarms| confirmation(&alarms, installed))
        .collect()
}

fn confirmation(alarms: &[&Alarm], installed: &[Installed]) -> Option<Confirmation> {
    let first = alarms.first()?;
    let (old, new) = (&first.last_before, &first.newest);
    if old.fingerprint == new.fingerprint {
        return Some(Confirmation::Impossible(format!(
            "{} was measured before the change and after it, so a gate between engines cannot find it; {}",
            old.engine,
            programs(&first.last_before, &first.first_after)
        )));
    }
    let found = |side: &Side| {
        let same = installed
            .iter()
            .filter(|engine| engine.fingerprint == side.fingerprint);
        // One build may be installed under several names; the one that was measured is what the reader knows.
        same.min_by_key(|engine| engine.name != side.engine)
            .map(|engine| engine.name.clone())
    };
    let (Some(old_name), Some(new_name)) = (found(old), found(new)) else {
        let missing = if found(old).is_none() { old } else { new };
        return Some(Confirmation::Impossible(format!(
            "the engine {} with fingerprint {}, which measured {}, is not installed",
            missing.engine, missing.fingerprint, missing.run
        )));
    };
    let all = alarms.iter().any(|alarm| alarm.workload.is_none());
    let mut workloads: Vec<String> = alarms
        .iter()
        .filter_map(|alarm| alarm.workload.clone())
        .filter(|_| !all)
        .collect();
    workloads.sort();
    workloads.dedup();
    Some(Confirmation::Gate {
        old: old_name,
        new: new_name,
        workloads,
    })
}

fn programs(before: &Side, after: &Side) -> String {
    let name = |side: &Side| side.revision.clone().unwrap_or("unknown".to_owned());
    let (before, after) = (name(before), name(after));
    if before == after {
        format!("the program is {before} on both sides, too, so it is the machine or chance")
    } else {
        format!("the program changed from {before} to {after}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(workload: Option<&str>, before: &str, newest: &str) -> Alarm {
        let side = |fingerprint: &str, revision: &str| Side {
            run: format!("run of {fingerprint}"),
            engine: format!("jsc-{fingerprint}"),
            fingerprint: fingerprint.to_owned(),
            revision: Some(revision.to_owned()),
        };
        Alarm {
            workload: workload.map(str::to_owned),
            path: "full".to_owned(),
            percent: -4.0,
            nights: 6,
            last_before: side(before, "r1"),
            first_after: side(newest, "r2"),
            newest: side(newest, "r3"),
        }
    }

    fn engines() -> Vec<Installed> {
        let engine = |name: &str, fingerprint: &str| Installed {
            name: name.to_owned(),
            fingerprint: fingerprint.to_owned(),
            default: false,
            provenance: None,
        };
        vec![engine("jsc-1", "f1"), engine("jsc-2", "f2")]
    }

    #[test]
    fn alarms_of_one_pair_of_engines_are_one_gate() {
        let alarms = [
            alarm(Some("b"), "f1", "f2"),
            alarm(Some("a"), "f1", "f2"),
            alarm(Some("a"), "f1", "f2"),
        ];
        let gate = |workloads: &[&str]| Confirmation::Gate {
            old: "jsc-1".to_owned(),
            new: "jsc-2".to_owned(),
            workloads: workloads.iter().map(|it| (*it).to_owned()).collect(),
        };
        assert_eq!(confirmations(&alarms, &engines()), [gate(&["a", "b"])]);
        let everything = [&alarms[..], &[alarm(None, "f1", "f2")]].concat();
        assert_eq!(confirmations(&everything, &engines()), [gate(&[])]);
        assert_eq!(confirmations(&[], &engines()), []);
    }

    #[test]
    fn a_build_under_several_names_is_called_as_it_was_measured() {
        let mut installed = engines();
        for (name, place) in [("a-copy", 0), ("jsc-f1", 1), ("z-copy", 4)] {
            let again = Installed {
                name: name.to_owned(),
                fingerprint: "f1".to_owned(),
                default: false,
                provenance: None,
            };
            installed.insert(place, again);
        }
        let [Confirmation::Gate { old, .. }] =
            &confirmations(&[alarm(None, "f1", "f2")], &installed)[..]
        else {
            panic!("no gate");
        };
        assert_eq!(old, "jsc-f1");
    }

    #[test]
    fn what_cannot_be_confirmed_is_said_with_the_reason() {
        let why = |alarm| match &confirmations(&[alarm], &engines())[..] {
            [Confirmation::Impossible(why)] => why.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            why(alarm(None, "f0", "f2")),
            "the engine jsc-f0 with fingerprint f0, which measured run of f0, is not installed"
        );
        assert_eq!(
            why(alarm(None, "f2", "f2")),
            "jsc-f2 was measured before the change and after it, so a gate between engines cannot find it; the program \
             changed from r1 to r2"
        );
        let mut same = alarm(None, "f2", "f2");
        same.first_after.revision = Some("r1".to_owned());
        assert!(
            why(same)
                .ends_with("the program is r1 on both sides, too, so it is the machine or chance")
        );
    }

    #[test]
    fn sentences() {
        let mut scan = Scan {
            runs: vec![Scanned {
                series: 8,
                long_enough: 6,
                nights: 20,
            }],
            alarms: Vec::new(),
            improvements: vec![alarm(None, "f1", "f2")],
        };
        assert_eq!(
            scan.sentence(),
            "no gain became smaller; 1 gains became larger (6 of 8 series have nights enough, the longest has 20)"
        );
        scan.alarms.push(alarm(Some("a"), "f1", "f2"));
        assert!(scan.sentence().starts_with(
            "the gain of full on a changed by -4.0 % 6 nights ago, in run of f2; 1 gains"
        ));
    }
}
