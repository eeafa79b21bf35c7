//! A user with engines of their own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use jsc_provision::Bridge;
use serde_json::Value;
use tempfile::TempDir;
use test_programs::{Engine, Ran, default_engine, jsc_harness_for};

/// A user with a configuration and a store of their own; the default engine is installed.
pub struct User {
    home: TempDir,
}

impl User {
    pub fn new() -> Self {
        let user = Self {
            home: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(user.path("work")).unwrap();
        user.install(default_engine());
        user
    }

    /// Installs an engine that this machine has.
    pub fn install(&self, engine: &Engine) {
        let bridge = &engine.directory;
        let bridges = self.store().join("bridges");
        fs::create_dir_all(&bridges).unwrap();
        let place = bridges.join(bridge.file_name().unwrap());
        if !place.exists() {
            symlink(bridge, place).unwrap();
        }
    }

    /// Installs an engine that this machine has under another name, as one that was made of something else. Nothing is
    /// copied: a library has 70 MB.
    pub fn rename(&self, engine: &Engine, name: &str, provenance: &Value) {
        let text = fs::read_to_string(engine.directory.join("bridge.json")).unwrap();
        let mut record: Value = serde_json::from_str(&text).unwrap();
        let key = record["key"].as_str().unwrap()[..32].to_owned();
        record["engine"]["name"] = name.into();
        record["engine"]["provenance"] = provenance.clone();
        let place = self.store().join(format!("bridges/{name}-{key}"));
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("bridge.json"), record.to_string()).unwrap();
        let library = "libjsc_bridge.so";
        symlink(engine.directory.join(library), place.join(library)).unwrap();
    }

    /// Where all that is theirs lies, as messages show it.
    pub fn home(&self) -> String {
        self.home.path().display().to_string()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn store(&self) -> PathBuf {
        self.path("cache/jsc-harness")
    }

    /// Compiling a bridge takes a minute.
    pub fn jsc_harness(&self) -> Command {
        let mut command = jsc_harness_for(600);
        command
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .current_dir(self.path("work"));
        command
    }

    pub fn call(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.jsc_harness().args(arguments))
    }

    /// What was printed, with this user's folder replaced.
    pub fn error(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let ran = self.call(arguments);
        (ran.code, ran.stderr.replace(&self.home(), "HOME"))
    }

    pub fn listed(&self, name: &str) -> Value {
        let ran = self.call(&["engine", "list", "--format", "json"]);
        let listed: Value = serde_json::from_str(&ran.stdout).unwrap();
        let found = listed
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["name"] == name);
        found.unwrap_or(&Value::Null).clone()
    }
}

/// The folder of the default engine, with its libraries and headers.
pub fn unpacked() -> PathBuf {
    folder_of(default_engine())
}

/// The same of an engine.
pub fn folder_of(engine: &Engine) -> PathBuf {
    Bridge::read(&engine.directory).unwrap().engine.directory
}
