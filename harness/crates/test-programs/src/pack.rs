//! Packs that are built without running their programs, beside those that runs leave.

use std::fs;
use std::path::{Path, PathBuf};

use jsc_module_cache::pack::{misresolved, validate_standalone};
use jsc_module_cache::store::read_file;
use serde_json::Value;

use crate::{Engine, jsc_harness_for, text};

/// Builds the pack of every function of a program; why there is none, if so.
pub fn build(engine: &Engine, entry: &Path, cache: &Path) -> Result<(), String> {
    // The largest graph takes a debug build on a busy machine more than a minute.
    let output = jsc_harness_for(300)
        .args(["cache", "build", "--pack", "--format=json", "--engine"])
        .args([&engine.name, "--cache-dir"])
        .args([cache, entry])
        .output()
        .unwrap();
    assert_eq!(text(&output.stderr), "");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    match told["obstacles"][0]["reason"].as_str() {
        None => Ok(()),
        Some(why) => Err(why.to_owned()),
    }
}

/// What a pack that was built says otherwise than the one that a run has left, or the standard otherwise than either: the
/// first difference. The engine has resolved the names of the second; each may know of names that the other does not.
pub fn difference(built: &Path, ran: &Path) -> Option<String> {
    let wrong = [built, ran].into_iter().find_map(|file| {
        let pack = read_file(file).and_then(validate_standalone).unwrap();
        misresolved(&pack)
    });
    if wrong.is_some() {
        return wrong;
    }
    let [built, ran] = [built, ran].map(inspected);
    let modules = |pack: &Value| pack["modules"].as_array().unwrap().clone();
    let (built, ran) = (modules(&built), modules(&ran));
    if built.len() != ran.len() {
        return Some(format!("{} modules, not {}", built.len(), ran.len()));
    }
    built.iter().zip(&ran).find_map(|(built, ran)| {
        let key = &ran["key"];
        for fact in ["key", "kind", "source_hash", "edges"] {
            if built[fact] != ran[fact] {
                return Some(format!("{key}, {fact}: {} and {}", built[fact], ran[fact]));
            }
        }
        let known = built["resolutions"].as_array().unwrap();
        let mut resolved = ran["resolutions"].as_array().unwrap().iter();
        resolved.find_map(|it| {
            let other = known.iter().find(|other| other["name"] == it["name"])?;
            (other != it).then(|| format!("{key}: {other} and {it}"))
        })
    })
}

/// The only pack of a cache, if there is one.
pub fn only(cache: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(cache).ok()?;
    let mut files = files.map(|it| it.unwrap().path());
    files.find(|it| it.extension().is_some_and(|it| it == "jscg"))
}

fn inspected(pack: &Path) -> Value {
    // The largest graph takes a debug build on a busy machine more than a minute.
    let output = jsc_harness_for(300)
        .args(["cache", "inspect", "--format=json"])
        .arg(pack)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
