//! Whether a load was one from the cache.

use std::collections::BTreeSet;

use crate::load::{LoadPath, NOT_LINKED, ParseStats};
use crate::measure::sample::{Sample, Unwritten};

/// Why a load cannot count as one from the cache: JSC parses without a word when it does not like what it is given, so
/// what counts is what it did.
///
/// With `left_out`, code of functions may be generated when it is first used.
pub fn not_served(
    path: LoadPath,
    sample: &Sample,
    without_entry: &[Unwritten],
    left_out: bool,
) -> Option<String> {
    let Some(cache) = &sample.cache else {
        return Some("there was no cache".to_owned());
    };
    if let Some(refusal) = &cache.refusal {
        return Some(format!("the cache cannot be used: {refusal}"));
    }
    let without: BTreeSet<&str> = without_entry.iter().map(|it| it.module.as_str()).collect();
    if let Some(miss) = cache
        .misses
        .iter()
        .find(|it| !without.contains(&*it.module))
    {
        return Some(format!("{} was not served: {}", miss.module, miss.reason));
    }
    let missed = cache.misses.len() as u64;
    if cache.hits + missed != sample.modules {
        return Some(format!(
            "{} modules, but {} hits and {missed} misses",
            sample.modules, cache.hits
        ));
    }
    let analyzed = match path {
        LoadPath::Bytecode => sample.modules,
        _ => missed,
    };
    if sample.parses.analyze != analyzed {
        let found = sample.parses.analyze;
        return Some(format!(
            "{found} modules were analyzed instead of {analyzed}"
        ));
    }
    // JSC makes a module's code before it finds that an import leads nowhere. What does not even parse has no code.
    let unlinkable = without_entry.iter().filter(|it| it.reason == NOT_LINKED);
    let wanted = (unlinkable.count() as u64, 0);
    let functions = match left_out {
        true => 0,
        false => sample.parses.function_code,
    };
    let found = (sample.parses.module_code, functions);
    (found != wanted).then(|| {
        format!(
            "code of {} modules and {} functions was generated instead of {} and 0",
            found.0, found.1, wanted.0
        )
    })
}

/// A module that cannot run has no entry, so that it fails as it does when it is parsed. Every other one must have one.
pub fn can_have_no_entry(module: &Unwritten) -> bool {
    module.reason == NOT_LINKED || module.reason.starts_with("SyntaxError: ")
}

pub fn parses_differ(parsed: &ParseStats, written: &ParseStats) -> Option<String> {
    let counts = |it: &ParseStats| [it.analyze, it.module_code, it.function_code];
    (counts(parsed) != counts(written)).then(|| {
        format!(
            "{:?} parses of modules, module code and functions, {:?} by the parse path",
            counts(written),
            counts(parsed)
        )
    })
}
