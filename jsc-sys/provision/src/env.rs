//! The environment: the only place that reads it, and the table that documents it.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::Error;
use crate::target::Machine;

/// Every variable that decides which engine is used and how, with its meaning.
///
/// The table in the README is this one (a test compares them), and a build script asks Cargo to run it again when one
/// of these changes.
pub const VARIABLES: &[(&str, &str)] = &[
    (
        "JSCSYS_ENGINE_DIR",
        "an unpacked engine to use: the folder that holds `engine.json`",
    ),
    ("JSCSYS_ARCHIVE", "one packed engine (`.tar.zst`) to use"),
    (
        "JSCSYS_ARCHIVE_DIR",
        "a folder of packed engines; the one for the version, machine and distribution is used",
    ),
    (
        "JSCSYS_SOURCE",
        "the source to build from: the release tarball, or an unpacked tree (which cannot be verified)",
    ),
    (
        "JSCSYS_OFFLINE",
        "`1`: touch no network (`CARGO_NET_OFFLINE=true` means the same)",
    ),
    (
        "JSCSYS_NO_BUILD",
        "`1`: never start the long build from source",
    ),
    (
        "JSCSYS_CXX",
        "the C++ compiler for engine and bridge; default `clang++-19`",
    ),
    (
        "XDG_CACHE_HOME",
        "where the store lies, in `jsc-harness/`; default `~/.cache`",
    ),
    (
        "CARGO_NET_OFFLINE",
        "`true`: the same as `JSCSYS_OFFLINE=1`",
    ),
];

/// Names a file in which tests write their names that need more engines than there are. `cargo xtask test` sets it for them.
pub const TESTS_LEFT_OUT: &str = "JSCSYS_TESTS_LEFT_OUT";

/// Set for tests that have to find every pinned engine: `cargo xtask test --all-engines` leaves nothing out.
pub const TEST_ALL_ENGINES: &str = "JSCSYS_TEST_ALL_ENGINES";

/// The C++ compiler used when nothing else is asked for.
pub const DEFAULT_CXX: &str = "clang++-19";

/// What a caller wants, free of the process's environment so that tests can make their own.
#[derive(Debug, Clone)]
pub struct Settings {
    /// An unpacked engine, named explicitly (`JSCSYS_ENGINE_DIR`).
    pub engine_dir: Option<PathBuf>,
    /// A packed engine, named explicitly (`JSCSYS_ARCHIVE`).
    pub archive: Option<PathBuf>,
    /// A folder of packed engines, named explicitly (`JSCSYS_ARCHIVE_DIR`).
    pub archive_dir: Option<PathBuf>,
    /// Source to build from, named explicitly (`JSCSYS_SOURCE`).
    pub source: Option<PathBuf>,
    /// No network at all (`JSCSYS_OFFLINE`).
    pub offline: bool,
    /// No build from source (`JSCSYS_NO_BUILD`).
    pub no_build: bool,
    /// The C++ compiler's command (`JSCSYS_CXX`).
    pub cxx: String,
    /// The root of the store.
    pub store: PathBuf,
    /// The machine to provide for; `None` asks the machine itself, when it is first needed.
    pub machine: Option<Machine>,
}

impl Settings {
    /// Settings for a store, with nothing named and everything allowed.
    pub fn new(store: impl Into<PathBuf>) -> Settings {
        Settings {
            engine_dir: None,
            archive: None,
            archive_dir: None,
            source: None,
            offline: false,
            no_build: false,
            cxx: DEFAULT_CXX.to_string(),
            store: store.into(),
            machine: None,
        }
    }

    /// Reads the settings from the process's environment.
    ///
    /// Fails when there is nowhere to put a store (neither `XDG_CACHE_HOME` nor `HOME` is set), and when a variable
    /// holds a relative path.
    pub fn from_env() -> Result<Settings, Error> {
        Settings::from_variables(|name| env::var_os(name))
    }

    /// The machine these settings provide for.
    pub fn machine(&self) -> Result<Machine, Error> {
        match &self.machine {
            Some(machine) => Ok(machine.clone()),
            None => Machine::detect(),
        }
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Settings, Error> {
        // A variable set to nothing is how many shells and CI files say "unset".
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let path = |name: &str| set(name).map(PathBuf::from);
        let named = |variable: &'static str| match path(variable) {
            // A build script runs in its package's folder, not where the person stands who set the variable.
            Some(path) if path.is_relative() => Err(Error::RelativePath { variable, path }),
            path => Ok(path),
        };
        let switch = |name: &str| {
            set(name).is_some_and(|value| {
                let value = value.to_string_lossy().to_ascii_lowercase();
                !matches!(value.as_str(), "0" | "false" | "no" | "off")
            })
        };

        let cache = path("XDG_CACHE_HOME")
            // The XDG specification says that a relative path is to be ignored.
            .filter(|path| path.is_absolute())
            .or_else(|| path("HOME").map(|home| home.join(".cache")))
            .ok_or(Error::NoStore)?;
        Ok(Settings {
            engine_dir: named("JSCSYS_ENGINE_DIR")?,
            archive: named("JSCSYS_ARCHIVE")?,
            archive_dir: named("JSCSYS_ARCHIVE_DIR")?,
            source: named("JSCSYS_SOURCE")?,
            offline: switch("JSCSYS_OFFLINE") || switch("CARGO_NET_OFFLINE"),
            no_build: switch("JSCSYS_NO_BUILD"),
            cxx: set("JSCSYS_CXX").map_or(DEFAULT_CXX.to_string(), |cxx| {
                cxx.to_string_lossy().into_owned()
            }),
            store: cache.join("jsc-harness"),
            machine: None,
        })
    }
}

/// The folders in which commands are looked for, in order (`PATH`).
pub(crate) fn command_folders() -> Vec<PathBuf> {
    env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<Settings, Error> {
        Settings::from_variables(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_store_follows_xdg_then_home() {
        let xdg = from(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]).unwrap();
        assert_eq!(xdg.store, PathBuf::from("/c/jsc-harness"));
        let home = from(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]).unwrap();
        assert_eq!(home.store, PathBuf::from("/h/.cache/jsc-harness"));
        let error = from(&[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is nowhere to keep engines: neither XDG_CACHE_HOME (an absolute path) nor HOME is set"
        );
    }

    #[test]
    fn switches_know_off_from_on() {
        for (value, on) in [
            ("1", true),
            ("true", true),
            ("yes", true),
            ("0", false),
            ("false", false),
            ("", false),
        ] {
            let settings = from(&[
                ("HOME", "/h"),
                ("JSCSYS_OFFLINE", value),
                ("JSCSYS_NO_BUILD", value),
            ])
            .unwrap();
            assert_eq!((settings.offline, settings.no_build), (on, on), "{value:?}");
        }
        assert!(
            from(&[("HOME", "/h"), ("CARGO_NET_OFFLINE", "true")])
                .unwrap()
                .offline
        );
    }

    #[test]
    fn a_relative_path_is_refused() {
        let error = from(&[("HOME", "/h"), ("JSCSYS_ARCHIVE_DIR", "../engines")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "JSCSYS_ARCHIVE_DIR holds a relative path, ../engines: build scripts and commands run in different folders, \
             so it has to be absolute"
        );
    }

    #[test]
    fn the_readmes_table_is_this_one() {
        let table: String = VARIABLES
            .iter()
            .map(|(name, meaning)| format!("| `{name}` | {meaning} |\n"))
            .collect();
        let readme = include_str!("../../README.md");
        assert!(
            readme.contains(&table),
            "the table in jsc-sys/README.md should be:\n{table}"
        );
    }

    #[test]
    fn an_empty_variable_is_unset() {
        let settings = from(&[("HOME", "/h"), ("JSCSYS_ARCHIVE", ""), ("JSCSYS_CXX", "")]).unwrap();
        assert_eq!(settings.archive, None);
        assert_eq!(settings.cxx, DEFAULT_CXX);
    }
}
