//! One run of the binary.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Engine, Ran, jsc_harness, text};

/// A run that is yet to be made.
#[derive(Clone)]
pub struct Load<'a> {
    engine: &'a Engine,
    entry: PathBuf,
    directory: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

/// What `--stats` says of modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    pub modules: u64,
    pub hits: u64,
    /// Modules and reasons, sorted. A module is called by its path from the entry's directory, if it lies in it.
    pub misses: Vec<(String, String)>,
    /// The one that is told first.
    pub first_miss: Option<(String, String)>,
    pub analyze: u64,
    pub module_code: u64,
    pub function_code: u64,
    /// Modules, hits and misses when the entry's evaluation had ended.
    pub at_load: [u64; 3],
}

/// A run that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    pub shown: Ran,
    pub stats: Stats,
}

/// A program on the parse path.
pub fn parse<'a>(engine: &'a Engine, entry: &Path) -> Load<'a> {
    Load::new(engine, entry).path("parse")
}

impl<'a> Load<'a> {
    /// Runs `entry` on this engine.
    pub fn new(engine: &'a Engine, entry: &Path) -> Self {
        Self {
            engine,
            entry: entry.to_owned(),
            directory: PathBuf::from("/"),
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// By the full path, with this cache in this mode.
    pub fn full(engine: &'a Engine, entry: &Path, mode: &str, cache: &Path) -> Self {
        Self::new(engine, entry).path("full").cache(mode, cache)
    }

    /// By this load path.
    pub fn path(self, path: &str) -> Self {
        self.argument("--path").argument(path)
    }

    /// With this cache, in this mode.
    pub fn cache(self, mode: &str, directory: &Path) -> Self {
        self.argument("--cache")
            .argument(mode)
            .argument("--cache-dir")
            .argument(directory)
    }

    /// With one more argument.
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// With these variables set.
    pub fn environment(mut self, variables: &[(&str, &str)]) -> Self {
        let variables = variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        self.environment.extend(variables);
        self
    }

    /// From this working directory instead of the root.
    pub fn directory(mut self, directory: &Path) -> Self {
        directory.clone_into(&mut self.directory);
        self
    }

    /// Makes the run.
    #[track_caller]
    pub fn run(&self) -> Loaded {
        let stats = tempfile::NamedTempFile::new().unwrap();
        let output = jsc_harness()
            .args(["run", "--engine", &self.engine.name, "--stats"])
            .arg(stats.path())
            .args(&self.arguments)
            .arg("--")
            .arg(&self.entry)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.directory)
            .output()
            .unwrap();
        let shown = Ran {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        };
        let written = fs::read(stats.path()).unwrap();
        let stats = serde_json::from_slice(&written).unwrap_or_else(|error| {
            panic!("no stats of {}: {error}\n{shown:?}", self.entry.display())
        });
        Loaded {
            shown,
            stats: Stats::new(&stats, self.entry.parent().unwrap()),
        }
    }
}

impl Stats {
    fn new(json: &Value, directory: &Path) -> Self {
        let number = |value: &Value| value.as_u64().unwrap();
        let directory = format!("file://{}/", directory.display());
        let misses = json["misses"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut misses: Vec<(String, String)> = misses
            .iter()
            .map(|miss| {
                let module = miss["module"].as_str().unwrap();
                let module = module.strip_prefix(&directory).unwrap_or(module);
                (
                    module.to_owned(),
                    miss["reason"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let first_miss = misses.first().cloned();
        misses.sort();
        Self {
            first_miss,
            modules: number(&json["modules"]),
            hits: json["hits"].as_u64().unwrap_or(0),
            misses,
            analyze: number(&json["parses"]["analyze"]),
            module_code: number(&json["parses"]["module_code"]),
            function_code: number(&json["parses"]["function_code"]),
            at_load: ["modules", "hits", "misses"].map(|it| json["load"][it].as_u64().unwrap_or(0)),
        }
    }

    /// A pack was not used because of `module`: that is said first, and every other module that was loaded has a miss, too.
    #[track_caller]
    pub fn assert_pack_unused(&self, module: &str, reason: &str, name: &str) {
        let first = (module.to_owned(), reason.to_owned());
        assert_eq!(self.first_miss.as_ref(), Some(&first), "{name}");
        let of_others = match reason {
            "source" | "dependencies" => "stale",
            other => other,
        };
        let others: Vec<_> = self.misses.iter().filter(|it| **it != first).collect();
        assert!(
            others.iter().all(|it| it.1 == of_others),
            "{name}: {others:?}"
        );
        // The first may be JSON, or not be loaded any more.
        let missed = others.len() as u64 + 1;
        assert!(
            missed == self.modules || missed == self.modules + 1,
            "{name}: {missed} of {}",
            self.modules
        );
    }

    /// A pack served everything but these modules, which were parsed.
    #[track_caller]
    pub fn assert_pack_served_but(&self, misses: &[(&str, &str)], name: &str) {
        let misses = misses
            .iter()
            .map(|(module, reason)| ((*module).to_owned(), (*reason).to_owned()));
        let mut misses: Vec<_> = misses.collect();
        misses.sort();
        assert_eq!(self.misses, misses, "{name}");
        let missed = misses.len() as u64;
        assert_eq!(
            (self.hits, self.analyze),
            (self.modules - missed, missed),
            "{name}"
        );
    }

    /// Analyses, module code, function code.
    pub fn parses(&self) -> [u64; 3] {
        [self.analyze, self.module_code, self.function_code]
    }

    /// How many modules missed for each reason that there was.
    pub fn reasons(&self) -> Vec<(&str, usize)> {
        let mut reasons: Vec<(&str, usize)> = Vec::new();
        for (_, reason) in &self.misses {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, count)) => *count += 1,
                None => reasons.push((reason, 1)),
            }
        }
        reasons
    }
}
