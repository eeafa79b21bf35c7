//! The one rule for "served from the cache".
//!
//! JSC parses without a word when it does not like what it is given. So a load counts as one from the cache only when what
//! the engine and the cache counted says so, down to the code of functions.

use std::fmt;

use crate::{LoadPath, ParseStats, Sample, Unwritten, plural};

/// What was counted of one whole program that was loaded on a cached path.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    pub path: LoadPath,
    /// JavaScript modules that were asked for.
    pub modules: u64,
    /// Modules served from the cache.
    pub hits: u64,
    /// Modules that were not, and why in words.
    pub misses: Vec<(&'a str, &'a str)>,
    /// Why the whole cache could not be used, if so.
    pub refusal: Option<&'a str>,
    /// Work of JSC's parser.
    pub parses: ParseStats,
}

/// What a load may do although a cache was there, because nothing could be written for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Excused<'a> {
    /// Modules that have no entry.
    pub unwritten: &'a [Unwritten],
    /// Whether code of functions was left out of what serves, because it is out of proportion: it may be generated.
    /// Entries leave some out; a pack of what was executed has all of that.
    pub left_out: bool,
}

impl<'a> Excused<'a> {
    /// What is excused on a path whose cache holds all that was executed when it was written: of a pack, no code is missing.
    pub fn on(path: LoadPath, unwritten: &'a [Unwritten], left_out: bool) -> Self {
        Self {
            unwritten,
            left_out: left_out && path != LoadPath::Graph,
        }
    }
}

/// Why a load does not count as one from the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotServed {
    /// There was no cache.
    NoCache,
    /// The whole cache could not be used.
    Refused(String),
    /// Modules missed that have an entry.
    Missed {
        /// How many.
        missed: u64,
        /// Of how many.
        modules: u64,
        /// The first of them.
        first: String,
        /// Why it missed.
        reason: String,
    },
    /// Modules are neither a hit nor a miss.
    Uncounted {
        /// Modules asked for.
        modules: u64,
        hits: u64,
        misses: u64,
    },
    /// Another number of modules was parsed into records than had to be.
    Analyzed {
        /// How many were.
        found: u64,
        /// How many had to be.
        expected: u64,
    },
    /// Code of modules was generated that has an entry.
    ModuleCode {
        /// Of how many modules.
        found: u64,
        /// Of how many it may be.
        at_most: u64,
    },
    /// Code of functions was generated that the cache holds.
    FunctionCode {
        /// Of how many functions.
        found: u64,
    },
}

/// Whether a load was served from the cache.
///
/// # Errors
/// The first thing that says that it was not.
pub fn served(counted: &Counted<'_>, excused: &Excused<'_>) -> Result<(), NotServed> {
    if let Some(refusal) = counted.refusal {
        return Err(NotServed::Refused(refusal.to_owned()));
    }
    let excuse = |module: &str| excused.unwritten.iter().find(|it| it.module == module);
    let unexcused = |(module, _): &&(&str, &str)| excuse(module).is_none();
    let mut missed = counted.misses.iter().filter(unexcused);
    if let Some((first, reason)) = missed.next() {
        return Err(NotServed::Missed {
            missed: 1 + missed.count() as u64,
            modules: counted.modules,
            first: (*first).to_owned(),
            reason: (*reason).to_owned(),
        });
    }

    let (modules, hits) = (counted.modules, counted.hits);
    let misses = counted.misses.len() as u64;
    // There can be more misses: a source that JSC cannot hold never becomes a module.
    if hits > modules || hits + misses < modules {
        return Err(NotServed::Uncounted {
            modules,
            hits,
            misses,
        });
    }
    let expected = match counted.path {
        LoadPath::Parse | LoadPath::Bytecode => modules,
        LoadPath::Full | LoadPath::Graph => modules - hits,
    };
    let found = counted.parses.analyze;
    if found != expected {
        return Err(NotServed::Analyzed { found, expected });
    }

    let whys = counted.misses.iter().map(|(module, _)| excuse(module));
    let whys: Vec<_> = whys.map(|it| it.map(|it| it.why)).collect();
    // JSC generates a module's code before it finds that an import leads nowhere. What does not parse has no code.
    let has_code = |why: &&_| **why != Some(crate::WhyUnwritten::Syntax);
    let at_most = whys.iter().filter(has_code).count() as u64;
    let found = counted.parses.module_code;
    if found > at_most {
        return Err(NotServed::ModuleCode { found, at_most });
    }
    let runs = whys
        .iter()
        .any(|why| !why.is_some_and(|it| it.never_runs()));
    let found = counted.parses.function_code;
    if found > 0 && !runs && !excused.left_out {
        return Err(NotServed::FunctionCode { found });
    }
    Ok(())
}

impl Sample {
    /// Whether this load was served from the cache; see [`served`].
    ///
    /// # Errors
    /// The first thing that says that it was not.
    pub fn served(&self, excused: &Excused<'_>) -> Result<(), NotServed> {
        let cache = self.cache.as_ref().ok_or(NotServed::NoCache)?;
        let misses = cache.misses.iter();
        let counted = Counted {
            path: self.path,
            modules: self.modules,
            hits: cache.hits,
            misses: misses.map(|it| (&*it.module, it.reason.as_str())).collect(),
            refusal: cache.refusal.as_deref(),
            parses: self.parses,
        };
        served(&counted, excused)
    }
}

impl fmt::Display for NotServed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCache => out.write_str("there was no cache"),
            Self::Refused(refusal) => write!(out, "the cache cannot be used: {refusal}"),
            Self::Missed {
                missed,
                modules,
                first,
                reason,
            } => write!(
                out,
                "{missed} of {modules} modules missed; the first: {first} ({reason})"
            ),
            Self::Uncounted {
                modules,
                hits,
                misses,
            } => write!(
                out,
                "{modules} modules, but {hits} hits and {misses} misses"
            ),
            Self::Analyzed { found, expected } => {
                let modules = plural(*found, "module was", "modules were");
                write!(out, "{modules} analyzed instead of {expected}")
            }
            Self::ModuleCode { found, at_most } => write!(
                out,
                "code of {} was generated, at most {at_most} have none in the cache",
                plural(*found, "module", "modules")
            ),
            Self::FunctionCode { found } => {
                let functions = plural(*found, "function", "functions");
                write!(out, "code of {functions} was generated")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WhyUnwritten;

    fn parses(analyze: u64, module_code: u64, function_code: u64) -> ParseStats {
        ParseStats {
            analyze,
            module_code,
            function_code,
            total_engine: analyze + module_code + function_code + 19,
        }
    }

    /// Three modules, of which `misses` missed.
    fn counted<'a>(path: LoadPath, misses: &[&'a str], parses: ParseStats) -> Counted<'a> {
        Counted {
            path,
            modules: 3,
            hits: 3 - misses.len() as u64,
            misses: misses.iter().map(|it| (*it, "absent")).collect(),
            refusal: None,
            parses,
        }
    }

    fn said(counted: &Counted<'_>, excused: &Excused<'_>) -> String {
        served(counted, excused).map_or_else(|it| it.to_string(), |()| "served".to_owned())
    }

    /// Every row: path, what missed, parses, what a missing entry is excused by, whether code was left out, and the answer.
    #[test]
    fn the_rule() {
        use LoadPath::{Bytecode, Full, Graph};
        use WhyUnwritten::{Enough, NotLinked, Syntax, Unsupported};
        type Row<'a> = (
            LoadPath,
            &'a [&'a str],
            [u64; 3],
            Option<WhyUnwritten>,
            bool,
            &'a str,
        );
        let rows: &[Row<'_>] = &[
            (Full, &[], [0, 0, 0], None, false, "served"),
            (Graph, &[], [0, 0, 0], None, false, "served"),
            (Bytecode, &[], [3, 0, 0], None, false, "served"),
            // A silent parse, of each kind.
            (
                Full,
                &[],
                [1, 0, 0],
                None,
                false,
                "1 module was analyzed instead of 0",
            ),
            (
                Bytecode,
                &[],
                [2, 0, 0],
                None,
                false,
                "2 modules were analyzed instead of 3",
            ),
            (
                Full,
                &[],
                [0, 1, 0],
                None,
                false,
                "code of 1 module was generated, at most 0 have none in the cache",
            ),
            (
                Full,
                &[],
                [0, 0, 5],
                None,
                false,
                "code of 5 functions was generated",
            ),
            (
                Graph,
                &[],
                [0, 0, 1],
                None,
                false,
                "code of 1 function was generated",
            ),
            // Code that no entry holds is generated.
            (Full, &[], [0, 0, 5], None, true, "served"),
            (Bytecode, &[], [3, 0, 5], None, true, "served"),
            (Graph, &[], [0, 0, 5], None, true, "served"),
            // A miss without an excuse, and with each.
            (
                Full,
                &["a"],
                [1, 1, 0],
                None,
                false,
                "1 of 3 modules missed; the first: a (absent)",
            ),
            (Full, &["a"], [1, 0, 0], Some(Syntax), false, "served"),
            (
                Full,
                &["a"],
                [1, 1, 0],
                Some(Syntax),
                false,
                "code of 1 module was generated, at most 0 have none in the cache",
            ),
            (Full, &["a"], [1, 1, 0], Some(NotLinked), false, "served"),
            (
                Full,
                &["a"],
                [1, 1, 2],
                Some(NotLinked),
                false,
                "code of 2 functions was generated",
            ),
            (
                Full,
                &["a"],
                [1, 2, 0],
                Some(NotLinked),
                false,
                "code of 2 modules was generated, at most 1 have none in the cache",
            ),
            (Full, &["a"], [1, 1, 9], Some(Enough), false, "served"),
            (Full, &["a"], [1, 1, 9], Some(Unsupported), false, "served"),
            (
                Full,
                &["a"],
                [2, 1, 0],
                Some(Unsupported),
                false,
                "2 modules were analyzed instead of 1",
            ),
            (
                Full,
                &["a", "b"],
                [2, 1, 0],
                Some(NotLinked),
                false,
                "1 of 3 modules missed; the first: b (absent)",
            ),
        ];
        for (path, misses, [analyze, module, function], why, left_out, answer) in rows {
            let unwritten: Vec<_> = why
                .iter()
                .map(|why| Unwritten::new("a", *why, ""))
                .collect();
            let excused = Excused {
                unwritten: &unwritten,
                left_out: *left_out,
            };
            let counted = counted(*path, misses, parses(*analyze, *module, *function));
            assert_eq!(
                said(&counted, &excused),
                *answer,
                "{path:?} {misses:?} {why:?}"
            );
        }
    }

    #[test]
    fn a_cache_that_is_refused() {
        let mut counted = counted(LoadPath::Full, &[], parses(0, 0, 0));
        counted.refusal = Some("untrusted");
        assert_eq!(
            said(&counted, &Excused::default()),
            "the cache cannot be used: untrusted"
        );
    }

    #[test]
    fn each_module_is_a_hit_or_a_miss() {
        let mut counted = counted(LoadPath::Full, &[], parses(0, 0, 0));
        counted.hits = 2;
        let uncounted = "3 modules, but 2 hits and 0 misses";
        assert_eq!(said(&counted, &Excused::default()), uncounted);
        // A miss that never became a module.
        counted.hits = 3;
        counted.misses = vec![("a", "schema")];
        let unwritten = [Unwritten::new("a", WhyUnwritten::Unsupported, "")];
        let excused = Excused {
            unwritten: &unwritten,
            ..Excused::default()
        };
        assert_eq!(said(&counted, &excused), "served");
    }
}
