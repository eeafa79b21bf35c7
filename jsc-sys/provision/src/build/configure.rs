//! CMake: its arguments, running it, and what it decided.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::toolchain::Toolchain;
use crate::{Error, Log, process};

/// The arguments, without folders; they go into `engine.json`.
pub(super) fn arguments(toolchain: &Toolchain) -> Vec<String> {
    [
        "-G",
        "Ninja",
        "-DPORT=JSCOnly",
        "-DCMAKE_BUILD_TYPE=Release",
        // JavaScriptCore hides its symbols: only static libraries let a bridge call its internals.
        "-DENABLE_STATIC_JSC=ON",
        "-DUSE_THIN_ARCHIVES=OFF",
        "-DDEVELOPER_MODE=OFF",
        "-DENABLE_API_TESTS=OFF",
        // The archives end up in a shared library.
        "-DCMAKE_POSITION_INDEPENDENT_CODE=ON",
    ]
    .into_iter()
    .map(str::to_string)
    .chain([
        format!("-DCMAKE_C_COMPILER={}", toolchain.cc()),
        format!("-DCMAKE_CXX_COMPILER={}", toolchain.cxx),
        format!("-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld={}", toolchain.linker),
    ])
    .collect()
}

/// CMake code for the source of a fork: folders that no engine is made of, such as tests, may be missing there.
const FORK: &str = "\
# Read after WebKit's own project(): a folder that this source does not have is left out.
macro(add_subdirectory folder)
    get_filename_component(_folder \"${folder}\" ABSOLUTE)
    if (EXISTS \"${_folder}/CMakeLists.txt\")
        _add_subdirectory(${folder} ${ARGN})
    else ()
        message(STATUS \"left out, because it is not in this source: ${_folder}\")
    endif ()
endmacro()
";

/// Configures a build tree, unless it was configured with the same arguments for the same source. `is_fork` allows for what
/// may be missing in a source that is none of the pinned ones.
pub(super) fn run(
    root: &Path,
    tree: &Path,
    arguments: &[String],
    is_fork: bool,
    output: &Path,
    log: &mut dyn Log,
) -> Result<(), Error> {
    let stamp = tree.join("configured");
    let content = format!("{}\n{}\n", root.display(), arguments.join("\n"));
    if fs::read_to_string(&stamp).is_ok_and(|text| text == content) {
        log.step("  going on with the build that was begun before");
        return Ok(());
    }
    if tree.exists() {
        // CMake does not change compilers in a tree that it knows.
        fs::remove_dir_all(tree).map_err(Error::io("remove", tree))?;
    }
    log.step("  configuring");
    let mut command = Command::new("cmake");
    if is_fork {
        fs::create_dir_all(tree).map_err(Error::io("create", tree))?;
        let include = tree.join("fork.cmake");
        fs::write(&include, FORK).map_err(Error::io("write", &include))?;
        command.arg(format!("-DCMAKE_PROJECT_INCLUDE={}", include.display()));
    }
    // Flags of somebody's shell would end up in the engine without a trace in engine.json.
    for variable in ["CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "CC", "CXX"] {
        command.env_remove(variable);
    }
    command
        .args(arguments)
        .arg("-S")
        .arg(root)
        .arg("-B")
        .arg(tree);
    process::run_logged(
        &mut command,
        "configuring the engine",
        "build an engine",
        output,
    )?;
    fs::write(&stamp, content).map_err(Error::io("write", &stamp))
}

/// The build options that CMake settled on.
pub(super) fn features(tree: &Path) -> Result<BTreeMap<String, String>, Error> {
    let path = tree.join("CMakeCache.txt");
    let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    Ok(parse_features(&text))
}

fn parse_features(cache: &str) -> BTreeMap<String, String> {
    cache
        .lines()
        .filter_map(|line| line.split_once(":BOOL="))
        .filter(|(name, _)| name.starts_with("ENABLE_") || name.starts_with("USE_"))
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_the_switches_of_the_cache() {
        let cache = "// why\nENABLE_JIT:BOOL=ON\nENABLE_JIT-ADVANCED:INTERNAL=1\nENABLE_ASSERTS:STRING=AUTO\n\
                     USE_LCMS:BOOL=OFF\nCMAKE_X:BOOL=ON\n";
        let expected = [("ENABLE_JIT", "ON"), ("USE_LCMS", "OFF")];
        assert_eq!(
            parse_features(cache),
            expected.map(|(k, v)| (k.to_string(), v.to_string())).into()
        );
    }
}
