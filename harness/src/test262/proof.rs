//! The proof that a cached path was one: what the engine and the cache counted must add up.

use std::collections::HashSet;

use super::job::{Note, Work};
use crate::load::LoadPath;

/// What is wrong with a run by a cached path that wrote nothing, given the run before it that wrote the cache.
pub fn breaches(path: LoadPath, run: &Work, writing: &Work) -> Vec<String> {
    let mut breaches = Vec::new();
    if let Some(refusal) = &run.refusal {
        breaches.push(format!("the cache was not used: {refusal}"));
    }
    match (&run.without_pack, &writing.without_pack) {
        (None, _) => {}
        // Everything was parsed, as it had to be.
        (Some(_), Some(_)) => return breaches,
        (Some(why), None) => {
            breaches.push(format!("no usable pack ({why}), though one could be made"));
            return breaches;
        }
    }
    let excused: HashSet<&str> = writing
        .unwritten
        .iter()
        .map(|it| it.module.as_str())
        .collect();
    for Note { module, what } in &run.misses {
        if !excused.contains(module.as_str()) {
            breaches.push(format!(
                "{module} has no usable entry ({what}), though one could be written"
            ));
        }
    }
    for Note { module, what } in &run.different_records {
        breaches.push(format!("the cached record of {module} differs: {what}"));
    }

    let misses = run.misses.len() as u64;
    // There can be more: a source that JSC cannot hold misses, and never becomes a module.
    if run.hits + misses < run.modules {
        breaches.push(format!(
            "{} hits and {misses} misses for {} modules",
            run.hits, run.modules
        ));
    }
    let mut at_most = |count: u64, limit: u64, what: &str| {
        if count > limit {
            breaches.push(format!("{what} parsed {count} times, {limit} had no entry"));
        }
    };
    if path != LoadPath::Bytecode {
        at_most(run.analyses, misses, "modules");
    }
    at_most(run.module_code, misses, "module code");
    // A module without an entry may have any number of functions.
    if misses == 0 {
        at_most(run.function_code, 0, "functions");
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(module: &str, what: &str) -> Note {
        Note {
            module: module.to_owned(),
            what: what.to_owned(),
        }
    }

    fn run() -> Work {
        Work {
            modules: 3,
            hits: 3,
            ..Work::default()
        }
    }

    #[test]
    fn a_complete_hit() {
        assert_eq!(breaches(LoadPath::Full, &run(), &Work::default()), [""; 0]);
        let parsed = Work {
            analyses: 3,
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Bytecode, &parsed, &Work::default()),
            [""; 0]
        );
    }

    #[test]
    fn a_silent_parse() {
        let run = Work {
            analyses: 1,
            module_code: 2,
            function_code: 5,
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Full, &run, &Work::default()),
            [
                "modules parsed 1 times, 0 had no entry",
                "module code parsed 2 times, 0 had no entry",
                "functions parsed 5 times, 0 had no entry"
            ]
        );
        assert_eq!(
            breaches(LoadPath::Bytecode, &run, &Work::default()).len(),
            2
        );
    }

    #[test]
    fn a_miss_is_excused_when_there_was_nothing_to_write() {
        let missed = Work {
            hits: 2,
            analyses: 1,
            module_code: 1,
            function_code: 7,
            misses: vec![note("file:///a.js", "absent")],
            ..run()
        };
        let writing = Work {
            unwritten: vec![note("file:///a.js", "SyntaxError")],
            ..Work::default()
        };
        assert_eq!(breaches(LoadPath::Full, &missed, &writing), [""; 0]);
        assert_eq!(
            breaches(LoadPath::Full, &missed, &Work::default()),
            ["file:///a.js has no usable entry (absent), though one could be written"]
        );
    }

    #[test]
    fn a_parse_is_excused_when_there_could_be_no_pack() {
        let without = |why: &str| Work {
            without_pack: Some(why.to_owned()),
            ..Work::default()
        };
        let parsed = Work {
            hits: 0,
            analyses: 3,
            ..without("absent")
        };
        let linked_nowhere = without("it does not link");
        assert_eq!(breaches(LoadPath::Graph, &parsed, &linked_nowhere), [""; 0]);
        assert_eq!(
            breaches(LoadPath::Graph, &parsed, &Work::default()),
            ["no usable pack (absent), though one could be made"]
        );
        let silent = Work {
            analyses: 1,
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Graph, &silent, &linked_nowhere),
            ["modules parsed 1 times, 0 had no entry"]
        );
    }

    #[test]
    fn what_does_not_add_up() {
        let run = Work {
            hits: 2,
            refusal: Some("untrusted".to_owned()),
            different_records: vec![note("file:///a.js", "record.async")],
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Full, &run, &Work::default()),
            [
                "the cache was not used: untrusted",
                "the cached record of file:///a.js differs: record.async",
                "2 hits and 0 misses for 3 modules"
            ]
        );
    }
}
