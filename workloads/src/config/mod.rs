//! `jsc-harness.toml`: the workloads of a project, its suites, and how it is measured.

mod workload;

use std::ops::Range;
use std::path::{Path, PathBuf};

use sample::{HostOptions, LoadPath};
use serde::Deserialize;
use toml::Spanned;

use crate::definition::{Kind, Origin, WorkloadDef};
use crate::error::Error;
use crate::peer::{self, PeerDef};
use crate::root::root;
use crate::suite::Suite;
use crate::{fixture, generated, npm};
use workload::WorkloadTable;

/// The name of the file, which is looked for upwards from the working directory.
pub const FILE_NAME: &str = "jsc-harness.toml";

/// The folder beside it where results go, unless it names another.
pub const RESULTS_NAME: &str = "jsc-harness-results";

/// What a `jsc-harness.toml` says besides its workloads and suites. What it does not say is up to each command.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The engines to measure and to verify on.
    pub engines: Vec<String>,
    /// Where results go.
    pub results: Option<PathBuf>,
    /// Whether peers are measured beside ours, without being asked for.
    pub peers: bool,
    /// Peers besides the built-in ones.
    pub own_peers: Vec<PeerDef>,
    /// How a gate decides.
    pub gate: GateSettings,
}

/// The rules of a gate.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GateSettings {
    /// The suite whose workloads are compared in behaviour.
    pub suite: Option<String>,
    /// The suite whose workloads are timed.
    pub timed: Option<String>,
    /// How the graphs are loaded.
    #[serde(default)]
    pub path: Vec<LoadPath>,
    /// Minutes.
    pub budget: Option<f64>,
    /// A slowdown of up to so many percent does not count.
    pub margin_low: Option<f64>,
    /// A slowdown of so many percent must not pass.
    pub margin_high: Option<f64>,
    /// The numbers of blocks at which each comparison is tested.
    pub looks: Option<Vec<u32>>,
    /// Changes of behaviour that are known and allowed: a TOML file.
    pub allow: Option<PathBuf>,
}

/// A configuration that was read.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub workloads: Vec<WorkloadDef>,
    pub suites: Vec<SuiteTable>,
    pub settings: Settings,
    /// The file's text, to find lines in.
    text: String,
    path: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    #[serde(default)]
    engines: Vec<Spanned<String>>,
    results: Option<PathBuf>,
    #[serde(default)]
    peers: bool,
    gate: Option<Spanned<GateSettings>>,
    /// A folder with `entries.toml` and the lock file of its packages.
    packages: Option<Spanned<PathBuf>>,
    /// A folder like it, of programs that must be captured.
    captured: Option<Spanned<PathBuf>>,
    /// A file of generated graphs.
    generated: Option<Spanned<PathBuf>>,
    /// A folder of fixtures.
    fixtures: Option<Spanned<PathBuf>>,
    #[serde(default)]
    workload: Vec<WorkloadTable>,
    #[serde(default)]
    suite: Vec<SuiteTable>,
    #[serde(default)]
    peer: Vec<Spanned<PeerDef>>,
}

/// A named list of workloads, as it is defined.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuiteTable {
    pub name: Spanned<String>,
    why: Option<String>,
    /// Kinds of which every workload belongs to the suite.
    #[serde(default)]
    kinds: Vec<Kind>,
    /// Workloads by name.
    #[serde(default)]
    workloads: Vec<Spanned<String>>,
}

impl Config {
    /// Reads the file `path`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::io("read", path, source))?;
        let file: File = toml::from_str(&text).map_err(|error| Error::toml(path, &error))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut config = Self {
            workloads: Vec::new(),
            suites: file.suite,
            settings: Settings {
                engines: Vec::new(),
                results: file.results.map(|it| folder.join(it)),
                peers: file.peers,
                own_peers: Vec::new(),
                gate: GateSettings::default(),
            },
            text,
            path: path.to_owned(),
        };
        let there = |given: &Option<Spanned<PathBuf>>| -> Result<Option<PathBuf>, Error> {
            let Some(given) = given else { return Ok(None) };
            let path = folder.join(given.get_ref());
            match path.exists() {
                true => Ok(Some(path)),
                false => Err(config.wrong(
                    given.span(),
                    format!("`{}` does not exist", given.get_ref().display()),
                )),
            }
        };
        let (packages, generated) = (there(&file.packages)?, there(&file.generated)?);
        let (captured, fixtures) = (there(&file.captured)?, there(&file.fixtures)?);
        config.settings.gate = config.gate(file.gate, &folder)?;
        for engine in &file.engines {
            if engine.get_ref().trim().is_empty() {
                return Err(config.wrong(engine.span(), "an engine has no name".to_owned()));
            }
            config.settings.engines.push(engine.get_ref().clone());
        }
        if let Some(captured) = file.captured.as_ref().filter(|_| !is_in(path, &root())) {
            let what = "`captured` is for the programs that this repository's set-up captures; jsc-harness capture writes a \
                        jsc-harness.toml for yours";
            return Err(config.wrong(captured.span(), what.to_owned()));
        }
        let mut workloads: Vec<WorkloadDef> = Vec::new();
        let mut lines = Vec::new();
        for table in file.workload {
            let at = table.at();
            let workload = config.workload(table, &folder)?;
            if let Some(first) = workloads.iter().position(|it| it.name == workload.name) {
                let what = format!(
                    "the workload `{}` is defined twice, first in line {}; give one another name",
                    workload.name, lines[first]
                );
                return Err(config.wrong(at, what));
            }
            lines.push(config.line(&at));
            workloads.push(workload);
        }
        if let Some(folder) = packages {
            workloads.extend(npm::entries(&folder, Kind::Npm)?);
        }
        if let Some(folder) = captured {
            workloads.extend(npm::entries(&folder, Kind::Captured)?);
        }
        if let Some(file) = generated {
            workloads.extend(generated::read(&file)?);
        }
        if let Some(folder) = fixtures {
            workloads.extend(fixture::read_all(&folder)?);
        }
        config.workloads = workloads;
        for peer in file.peer {
            if let Some(mistake) = peer::mistake(&peer, &config.settings.own_peers) {
                return Err(config.wrong(peer.span(), mistake));
            }
            let peer = peer::in_folder(peer.into_inner(), &folder);
            config.settings.own_peers.push(peer);
        }
        Ok(config)
    }

    /// Its suites, in order of name, against the workloads that it has.
    pub fn suites(&self) -> Result<Vec<Suite>, Error> {
        let mut suites: Vec<Suite> = Vec::new();
        for table in &self.suites {
            if suites.iter().any(|it| it.name == *table.name.get_ref()) {
                let what = format!("the suite `{}` is defined twice", table.name.get_ref());
                return Err(self.wrong(table.name.span(), what));
            }
            let has = |name: &str| self.workloads.iter().any(|it| it.name == name);
            if let Some(name) = table.workloads.iter().find(|it| !has(it.get_ref())) {
                let what = format!(
                    "the suite `{}` names the workload `{}`, which does not exist",
                    table.name.get_ref(),
                    name.get_ref()
                );
                return Err(self.wrong(name.span(), what));
            }
            let is_member = |it: &WorkloadDef| {
                table.kinds.contains(&it.kind)
                    || table
                        .workloads
                        .iter()
                        .any(|name| *name.get_ref() == it.name)
                    || it.suites.contains(table.name.get_ref())
            };
            let members = self.workloads.iter().filter(|it| is_member(it));
            suites.push(Suite {
                name: table.name.get_ref().clone(),
                why: table.why.clone().unwrap_or_default(),
                workloads: members.map(|it| it.name.clone()).collect(),
            });
        }
        // A suite that only its workloads name need not be defined.
        for workload in &self.workloads {
            for name in &workload.suites {
                if self.suites.iter().any(|it| it.name.get_ref() == name) {
                    continue;
                }
                match suites.iter_mut().find(|it| it.name == *name) {
                    Some(suite) if suite.workloads.contains(&workload.name) => {}
                    Some(suite) => suite.workloads.push(workload.name.clone()),
                    None => suites.push(Suite {
                        name: name.clone(),
                        why: String::new(),
                        workloads: vec![workload.name.clone()],
                    }),
                }
            }
        }
        suites.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(suites)
    }

    fn gate(
        &self,
        given: Option<Spanned<GateSettings>>,
        folder: &Path,
    ) -> Result<GateSettings, Error> {
        let Some(given) = given else {
            return Ok(GateSettings::default());
        };
        let at = given.span();
        let gate = given.into_inner();
        for (key, value) in [("budget", gate.budget), ("margin-high", gate.margin_high)] {
            if value.is_some_and(|it| !(it.is_finite() && it > 0.0)) {
                return Err(self.wrong(at, format!("`{key}` of [gate] is a number above 0")));
            }
        }
        match gate.allow.map(|it| folder.join(it)) {
            Some(allow) if !allow.is_file() => {
                let what = format!("`allow` of [gate]: {} is not a file", allow.display());
                Err(self.wrong(at, what))
            }
            allow => Ok(GateSettings { allow, ..gate }),
        }
    }

    fn wrong(&self, at: Range<usize>, what: String) -> Error {
        Error::definition(&self.path, format!("line {}: {what}", self.line(&at)))
    }

    fn line(&self, at: &Range<usize>) -> usize {
        let before = &self.text[..at.start.min(self.text.len())];
        before.matches('\n').count() + 1
    }
}

impl WorkloadDef {
    /// A program of whoever uses this.
    pub fn program(name: String, entry: PathBuf, host: HostOptions, defined_in: &Path) -> Self {
        Self {
            name,
            kind: Kind::Program,
            why: String::new(),
            modules: None,
            expected: None,
            section: None,
            deviation: None,
            host,
            time_limit: None,
            suites: Vec::new(),
            defined_in: defined_in.to_owned(),
            origin: Origin::Program(entry),
        }
    }
}

/// The nearest `jsc-harness.toml` at or above `directory`; also one that cannot be read, which is not what somebody wanted.
pub fn find_upwards(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|it| it.join(FILE_NAME))
        .find(|it| it.symlink_metadata().is_ok())
}

/// Whether this is the file of definitions in the folder `root`.
pub fn is_in(file: &Path, root: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(file).is_some_and(|it| Some(it) == real(&root.join(FILE_NAME)))
}
