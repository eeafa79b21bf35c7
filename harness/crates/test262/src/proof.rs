//! The proof that a cached path was one: what the engine and the cache counted must add up.

use sample::{Counted, Excused, LoadPath, served};

use super::job::{Note, Work};

/// What is wrong with a run on a cached path that wrote nothing, given the run before it that wrote the cache.
pub fn breaches(path: LoadPath, run: &Work, writing: &Work) -> Vec<String> {
    if let (Some(why), None) = (&run.without_pack, &writing.without_pack) {
        return vec![format!("no usable pack ({why}), though one could be made")];
    }
    let counted = Counted {
        path,
        modules: run.modules,
        hits: run.hits,
        misses: run
            .misses
            .iter()
            .map(|it| (&*it.module, &*it.what))
            .collect(),
        refusal: run.refusal.as_deref(),
        parses: run.parses,
    };
    let excused = Excused {
        unwritten: &writing.unwritten,
        left_out: writing.left_out > 0,
    };
    let not_served = served(&counted, &excused).err();
    let differs =
        |Note { module, what }: &Note| format!("the cached record of {module} differs: {what}");
    let different = run.different_records.iter().map(differs);
    not_served
        .map(|it| it.to_string())
        .into_iter()
        .chain(different)
        .collect()
}

#[cfg(test)]
mod tests {
    use sample::{ParseStats, Unwritten, WhyUnwritten};

    use super::*;

    fn note(module: &str, what: &str) -> Note {
        Note {
            module: module.to_owned(),
            what: what.to_owned(),
        }
    }

    fn parses(analyze: u64, module_code: u64, function_code: u64) -> ParseStats {
        ParseStats {
            analyze,
            module_code,
            function_code,
            total_engine: 0,
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
    }

    #[test]
    fn a_silent_parse() {
        let run = Work {
            parses: parses(0, 0, 5),
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Full, &run, &Work::default()),
            ["code of 5 functions was generated"]
        );
    }

    #[test]
    fn a_miss_is_excused_when_there_was_nothing_to_write() {
        let missed = Work {
            hits: 2,
            parses: parses(1, 0, 0),
            misses: vec![note("file:///a.js", "absent")],
            ..run()
        };
        let writing = Work {
            unwritten: vec![Unwritten::new("file:///a.js", WhyUnwritten::Syntax, "")],
            ..Work::default()
        };
        assert_eq!(breaches(LoadPath::Full, &missed, &writing), [""; 0]);
        assert_eq!(
            breaches(LoadPath::Full, &missed, &Work::default()),
            ["1 of 3 modules missed; the first: file:///a.js (absent)"]
        );
    }

    #[test]
    fn without_a_pack_entries_serve() {
        let without = |why: &str| Work {
            without_pack: Some(why.to_owned()),
            ..Work::default()
        };
        let linked_nowhere = without("it does not link");
        let entries = Work {
            modules: 3,
            hits: 3,
            ..without("absent")
        };
        assert_eq!(
            breaches(LoadPath::Graph, &entries, &linked_nowhere),
            [""; 0]
        );
        assert_eq!(
            breaches(LoadPath::Graph, &entries, &Work::default()),
            ["no usable pack (absent), though one could be made"]
        );
        let parsed = Work {
            modules: 3,
            misses: ["a", "b", "c"].map(|it| note(it, "absent")).to_vec(),
            parses: parses(3, 3, 7),
            ..without("absent")
        };
        assert_eq!(
            breaches(LoadPath::Graph, &parsed, &linked_nowhere),
            ["3 of 3 modules missed; the first: a (absent)"]
        );
        let silent = Work {
            parses: parses(1, 0, 0),
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Graph, &silent, &linked_nowhere),
            ["1 module was analyzed instead of 0"]
        );
    }

    #[test]
    fn a_record_that_differs() {
        let run = Work {
            refusal: Some("untrusted".to_owned()),
            different_records: vec![note("file:///a.js", "record.async")],
            ..run()
        };
        assert_eq!(
            breaches(LoadPath::Full, &run, &Work::default()),
            [
                "the cache cannot be used: untrusted",
                "the cached record of file:///a.js differs: record.async",
            ]
        );
    }
}
