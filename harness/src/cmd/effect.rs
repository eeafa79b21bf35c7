//! Options that have no effect in a command line are refused: whoever wrote one believes that it does something.

use std::fmt::Write;

use sample::LoadPath;

use super::cache_arg::CacheArg;

/// What a command line says about paths and the cache.
#[derive(Debug)]
pub struct CacheLine {
    /// How the graph is loaded.
    pub path: LoadPath,
    /// Whether the command line says so itself.
    pub path_is_given: bool,
    /// What may be done with the cache, if the command line says it.
    pub mode: Option<CacheArg>,
    /// The options that are given, of those in [`NEEDS`].
    pub given: Vec<&'static str>,
}

/// The options of these that are given.
pub fn given(options: &[(&'static str, bool)]) -> Vec<&'static str> {
    let given = options.iter().filter(|(_, is_given)| *is_given);
    given.map(|(option, _)| *option).collect()
}

/// Why the first of these options that is given has no effect where instructions are counted.
pub fn where_counting(of_times: &[(&'static str, bool)]) -> Option<String> {
    let option = given(of_times).into_iter().next()?;
    Some(format!(
        "{option} has no effect with --metric instructions, which takes no times; leave it out"
    ))
}

/// What an option needs to have an effect.
struct Need {
    option: &'static str,
    /// The paths on which it has one.
    paths: &'static [LoadPath],
    /// Why it has none on another path that uses a cache.
    why: &'static str,
    /// Whether the cache has to be read for it.
    reads: bool,
}

const CACHED: &[LoadPath] = &[LoadPath::Bytecode, LoadPath::Full, LoadPath::Graph];

const NEEDS: &[Need] = &[
    any_cache("--cache-dir", false),
    any_cache("--map", true),
    any_cache("--no-map", true),
    any_cache("--validate", true),
    any_cache("--poison-sources", true),
    Need {
        option: "--no-read-ahead",
        paths: &[LoadPath::Full, LoadPath::Graph],
        why: "which reads nothing ahead",
        reads: true,
    },
    Need {
        option: "--experimental-esm-bytecode",
        paths: &[LoadPath::Full],
        why: "which is not the path that it asks for",
        reads: false,
    },
    Need {
        option: "--payload",
        paths: &[LoadPath::Graph],
        why: "which uses no pack",
        reads: false,
    },
    Need {
        option: "--root",
        paths: &[LoadPath::Graph],
        why: "which uses no pack",
        reads: false,
    },
    Need {
        option: "--check",
        paths: &[LoadPath::Graph],
        why: "which uses no pack",
        reads: true,
    },
];

/// On whichever path that uses a cache.
const fn any_cache(option: &'static str, reads: bool) -> Need {
    Need {
        option,
        paths: CACHED,
        why: "",
        reads,
    }
}

impl CacheLine {
    /// What has no effect in this command line, in words: the option, why, and what to write instead.
    pub fn without_effect(&self) -> Option<String> {
        let of_mode = self.mode.and_then(|mode| self.mode_without_effect(mode));
        of_mode.or_else(|| {
            let needs = NEEDS.iter().filter(|it| self.given.contains(&it.option));
            needs.into_iter().find_map(|need| self.unmet(need))
        })
    }

    fn mode_without_effect(&self, mode: CacheArg) -> Option<String> {
        let (path, word) = (self.path.name(), mode.name());
        match (self.path, mode) {
            (LoadPath::Parse, CacheArg::Off) => None,
            (LoadPath::Parse, _) => Some(format!(
                "--cache {word} has no effect with --path parse, which uses no cache; leave out one of the two"
            )),
            (_, CacheArg::Off) => Some(format!(
                "--path {path} has no effect with --cache off: without a cache every path parses; \
                 write --path parse, or another --cache"
            )),
            _ => None,
        }
    }

    fn unmet(&self, need: &Need) -> Option<String> {
        let Need { option, paths, .. } = need;
        let mut text = format!("{option} has no effect ");
        if self.path == LoadPath::Parse && self.mode == Some(CacheArg::Off) {
            text += "with --cache off; leave out one of the two";
        } else if !paths.contains(&self.path) {
            text += &self.on_this_path(need);
            let _ = write!(text, "; leave it out, or use --path {}", one_of(paths));
        } else if need.reads && self.mode == Some(CacheArg::Refresh) {
            text += "with --cache refresh, which reads nothing from the cache; \
                     leave it out, or write --cache auto or read-only";
        } else {
            return None;
        }
        Some(text)
    }

    fn on_this_path(&self, need: &Need) -> String {
        match (self.path, self.path_is_given) {
            (LoadPath::Parse, true) => "with --path parse, which uses no cache".to_owned(),
            (LoadPath::Parse, false) => "without a cache".to_owned(),
            (path, true) => format!("with --path {}, {}", path.name(), need.why),
            (path, false) => format!(
                "with --path {} (the default with a cache), {}",
                path.name(),
                need.why
            ),
        }
    }
}

/// `a`, or `a or b`, or `a, b or c`.
fn one_of(paths: &[LoadPath]) -> String {
    let names: Vec<&str> = paths.iter().map(|it| it.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
