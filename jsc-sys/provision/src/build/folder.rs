//! A build folder of WebKit that somebody else made: whether an engine can be taken out of it as it is.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::STATIC_LIBRARIES;
use crate::Error;
use crate::target::Machine;

/// What makes a build that can be used, for messages.
const ARGUMENTS: &str = "-DPORT=JSCOnly -DENABLE_STATIC_JSC=ON -DUSE_THIN_ARCHIVES=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON";

/// What an archive of names, not of files, begins with.
const THIN: &[u8] = b"!<thin>\n";

/// A build folder that can be used.
#[derive(Debug)]
pub(crate) struct Build {
    /// The folder of the source that it was made from.
    pub(crate) root: PathBuf,
    /// The C++ compiler that made it.
    pub(crate) compiler: String,
    /// The arguments that matter, as CMake knows them.
    pub(crate) arguments: Vec<String>,
    /// The processor that it was made for, as CMake calls it.
    processor: Option<String>,
    /// The version of the ICU that it was made with.
    icu: Option<String>,
}

impl Build {
    /// Checks that what was built runs on this machine. `folder` is for messages.
    pub(crate) fn check(&self, machine: &Machine, folder: &Path) -> Result<(), Error> {
        let wanted = machine.architecture;
        if let Some(processor) = self.processor.as_ref().filter(|it| *it != wanted.name()) {
            return Err(Error::OtherTarget {
                path: folder.to_path_buf(),
                found: processor.clone(),
                wanted: wanted.name().to_string(),
            });
        }
        match &self.icu {
            Some(icu) => machine.check_icu(
                icu,
                folder,
                "configure another build with this machine's ICU",
            ),
            None => Ok(()),
        }
    }
}

/// Looks at a build folder; changes nothing in it.
pub(crate) fn inspect(folder: &Path) -> Result<Build, Error> {
    let wrong = |problem: String| Error::BuildFolder {
        folder: folder.to_path_buf(),
        problem,
    };
    let cache = fs::read_to_string(folder.join("CMakeCache.txt")).map_err(|_| {
        wrong(
            "it has no CMakeCache.txt, so it is not a folder that CMake has configured".to_string(),
        )
    })?;
    let value = |name: &str| value(&cache, name);
    let root = value("CMAKE_HOME_DIRECTORY")
        .map(PathBuf::from)
        .unwrap_or_default();
    if !root.join("Source/JavaScriptCore").is_dir() {
        return Err(wrong(format!(
            "it was made from {}, which has no Source/JavaScriptCore",
            root.display()
        )));
    }
    match value("PORT") {
        Some("JSCOnly") => {}
        port => {
            let port = port.unwrap_or("unknown");
            return Err(wrong(format!(
                "its port is {port}, not JSCOnly\nhint: configure another build with {ARGUMENTS}"
            )));
        }
    }
    if value("ENABLE_STATIC_JSC") != Some("ON") || folder.join("lib/libJavaScriptCore.so").exists()
    {
        let problem = "it makes a shared JavaScriptCore, which hides what a bridge needs";
        return Err(wrong(format!(
            "{problem}\nhint: configure another build with {ARGUMENTS}"
        )));
    }
    if !folder.join("build.ninja").exists() {
        return Err(wrong(format!(
            "it was not configured for ninja\nhint: configure another build with -G Ninja {ARGUMENTS}"
        )));
    }
    for name in STATIC_LIBRARIES {
        let library = folder.join(format!("lib/lib{name}.a"));
        let mut start = [0; THIN.len()];
        let read = File::open(&library).and_then(|mut file| file.read_exact(&mut start));
        if read.is_err() {
            return Err(wrong(format!(
                "lib/lib{name}.a is missing\nhint: finish the build first: ninja -C {} jsc",
                folder.display()
            )));
        }
        if start == THIN {
            return Err(wrong(format!(
                "lib/lib{name}.a is a thin archive, which only names its objects\nhint: configure another build with {ARGUMENTS}"
            )));
        }
    }
    let kept = [
        "PORT",
        "CMAKE_BUILD_TYPE",
        "ENABLE_STATIC_JSC",
        "CMAKE_POSITION_INDEPENDENT_CODE",
        "CMAKE_CXX_FLAGS",
    ];
    Ok(Build {
        compiler: value("CMAKE_CXX_COMPILER").unwrap_or("c++").to_string(),
        arguments: kept
            .iter()
            .filter_map(|name| {
                Some(format!(
                    "-D{name}={}",
                    value(name).filter(|it| !it.is_empty())?
                ))
            })
            .collect(),
        processor: processor(folder),
        icu: value("ICU_INCLUDE_DIR").and_then(|it| icu_version(Path::new(it))),
        root,
    })
}

/// The value of an entry of CMake's cache, `NAME:TYPE=VALUE`.
fn value<'a>(cache: &'a str, name: &str) -> Option<&'a str> {
    cache.lines().find_map(|line| {
        let (entry, value) = line.split_once('=')?;
        let (found, _) = entry.split_once(':')?;
        (found == name).then_some(value)
    })
}

/// The processor in `CMakeFiles/<version of CMake>/CMakeSystem.cmake`.
fn processor(folder: &Path) -> Option<String> {
    let entries = fs::read_dir(folder.join("CMakeFiles")).ok()?.flatten();
    let text = entries
        .filter_map(|it| fs::read_to_string(it.path().join("CMakeSystem.cmake")).ok())
        .next()?;
    quoted(&text, "set(CMAKE_SYSTEM_PROCESSOR ")
}

/// The version that ICU's headers state.
fn icu_version(include: &Path) -> Option<String> {
    let text = fs::read_to_string(include.join("unicode/uvernum.h")).ok()?;
    quoted(&text, "#define U_ICU_VERSION ")
}

/// What stands in quotes after the beginning of a line.
fn quoted(text: &str, start: &str) -> Option<String> {
    let rest = text.lines().find_map(|line| line.strip_prefix(start))?;
    rest.split('"').nth(1).map(str::to_string)
}
