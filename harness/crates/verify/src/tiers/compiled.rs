//! What JSC says it has compiled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A tier that compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Tier {
    Baseline,
    Dfg,
    Ftl,
}

/// How many functions each tier compiled; one that is compiled again counts again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierCounts {
    pub baseline: u64,
    pub dfg: u64,
    pub ftl: u64,
}

/// The functions that were compiled: by name with the hash of the source, and by tier, how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compiled {
    functions: BTreeMap<(String, Tier), u64>,
}

impl Compiled {
    /// Of what an engine has written to standard error.
    pub fn read(text: &str) -> Self {
        let mut functions = BTreeMap::new();
        for compiled in text.lines().filter_map(line) {
            *functions.entry(compiled).or_insert(0) += 1;
        }
        Self { functions }
    }

    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        for (function, times) in other.functions {
            *self.functions.entry(function).or_insert(0) += times;
        }
        self
    }

    /// The same without the functions that the other has compiled, by whatever tier.
    pub fn without(self, other: &Self) -> Self {
        let is_other = |name: &String| {
            let mut others = other.functions.keys();
            others.any(|(other, _)| other == name)
        };
        let functions = self.functions.into_iter();
        Self {
            functions: functions.filter(|((name, _), _)| !is_other(name)).collect(),
        }
    }

    /// How many each tier compiled.
    pub fn counts(&self) -> TierCounts {
        let of = |wanted: Tier| {
            let of_tier = self
                .functions
                .iter()
                .filter(|((_, tier), _)| *tier == wanted);
            of_tier.map(|(_, count)| count).sum()
        };
        TierCounts {
            baseline: of(Tier::Baseline),
            dfg: of(Tier::Dfg),
            ftl: of(Tier::Ftl),
        }
    }

    /// What differs between loads and those of the parse path, in words, with so many functions by name: functions that no
    /// load compiles as often as one of parse does, nor less and more often.
    pub fn difference(loads: &[Self], parsed: &[Self], named: usize) -> Option<String> {
        let all = loads.iter().chain(parsed);
        let mut keys: Vec<_> = all.flat_map(|it| it.functions.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let told = keys.into_iter().filter_map(|key| {
            let (here, there) = (times(loads, key), times(parsed, key));
            let apart = here.1 < there.0 || there.1 < here.0;
            let (name, tier) = key;
            let here = shown(here);
            apart.then(|| format!("{name} by {tier:?} {here} times, on parse {}", shown(there)))
        });
        let told: Vec<String> = told.collect();
        let more = match told.len().saturating_sub(named) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let shown = &told[..told.len().min(named)];
        (!told.is_empty()).then(|| format!("{}{more}", shown.join("; ")))
    }
}

/// How often loads compile a function: the fewest and the most.
fn times(loads: &[Compiled], function: &(String, Tier)) -> (u64, u64) {
    let times = loads
        .iter()
        .map(|it| it.functions.get(function).copied().unwrap_or(0));
    (times.clone().min().unwrap_or(0), times.max().unwrap_or(0))
}

fn shown((least, most): (u64, u64)) -> String {
    match least == most {
        true => least.to_string(),
        false => format!("{least} to {most}"),
    }
}

/// `Optimized NAME#HASH:[…] using TIER with MODE into …`.
fn line(line: &str) -> Option<(String, Tier)> {
    let rest = line.strip_prefix("Optimized ")?;
    let (function, rest) = rest.split_once(":[")?;
    let (_, rest) = rest.rsplit_once("] using ")?;
    let tier = match rest {
        it if it.starts_with("Baseline") => Tier::Baseline,
        it if it.starts_with("DFG") => Tier::Dfg,
        it if it.starts_with("FTL") => Tier::Ftl,
        _ => return None,
    };
    Some((function.to_owned(), tier))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
Optimized work#ArzIsv:[0x7f->0x7e, LLIntFunctionCall, 40 (StrictMode)] using Baseline with Baseline into 1168 bytes in 0.2 ms.
something that the program says
Optimized work#ArzIsv:[0x7f->0x7e, NoneFunctionCall, 40 (StrictMode)] using DFG with DFG into 576 bytes in 0.8 ms.
Optimized work#ArzIsv:[0x7f->0x7e, NoneFunctionCall, 40 (StrictMode)] using FTL with FTLForOSREntry into 704 bytes in 6 ms.
Optimized #AUdivM:[0x7f->0x7f, LLIntModule, 90 (StrictMode)] using Baseline with Baseline into 1488 bytes in 0.05 ms.
";

    #[test]
    fn what_the_engine_says_is_counted() {
        let compiled = Compiled::read(SAID);
        let counts = TierCounts {
            baseline: 2,
            dfg: 1,
            ftl: 1,
        };
        assert_eq!(compiled.counts(), counts);
        let of_loader = Compiled::read(SAID.lines().last().unwrap());
        assert_eq!(compiled.without(&of_loader).counts().baseline, 1);
    }

    #[test]
    fn what_differs_is_named() {
        let parsed = Compiled::read(SAID);
        let parsed = [parsed];
        assert_eq!(Compiled::difference(&parsed, &parsed, 5), None);
        let fewer = SAID.lines().filter(|it| !it.contains("DFG"));
        let cached = Compiled::read(&fewer.collect::<Vec<_>>().join("\n"));
        assert_eq!(
            Compiled::difference(std::slice::from_ref(&cached), &parsed, 5).unwrap(),
            "work#ArzIsv by Dfg 0 times, on parse 1"
        );
        // What parse does not do each time either is no difference.
        let sometimes = [parsed[0].clone(), cached.clone()];
        assert_eq!(Compiled::difference(&[cached], &sometimes, 5), None);
    }
}
