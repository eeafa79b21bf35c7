//! The bridge's seam (`jsc-sys/bridge/loader/loader.h`): which of its files may say the names that differ between engines.

use super::Source;

/// Where the bridge is.
const BRIDGE: &str = "jsc-sys/bridge/";

/// Names of JSC's module loader: only the folder of the loader and the list of JSC's headers have them.
const LOADER: &[&str] = &[
    "JSModuleLoader",
    "parseModule",
    "moduleDeclarationInstantiation",
    "linkAndEvaluateModule",
    "loadAndEvaluateModule",
    "Registry",
];

/// Names that some engines lack: only `compat.h` and the list of JSC's headers have them.
const DIFFERENT: &[&str] = &[
    "JSInternalPromise",
    "jsDynamicCast",
    "jsCast",
    "DECLARE_CATCH_SCOPE",
    "ScriptFetchParameters",
    "WTFMove",
    "LChar",
];

/// A version of the engine, which no file may ask for.
const VERSION: &str = "JSB_ENGINE_VERSION";

/// The header that includes JSC's, and the one that refuses engines before.
const HEADERS: [&str; 2] = ["prefix.h", "supported.h"];

/// What a file of the bridge says and must not. Comments may.
pub fn check(source: &Source) -> Vec<String> {
    let Some(file) = source.path.strip_prefix(BRIDGE) else {
        return Vec::new();
    };
    if HEADERS.contains(&file) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut forbid = |words: &[&str], why: &str| {
        for word in words.iter().filter(|word| says(&source.text, word)) {
            found.push(format!("{}: `{word}`: {why}", source.path));
        }
    };
    forbid(
        &[VERSION],
        "an engine is asked what it can do, not which it is",
    );
    if !file.starts_with("loader/") {
        forbid(LOADER, "it belongs behind the seam, in loader/");
    }
    if file != "compat.h" {
        forbid(
            DIFFERENT,
            "not every engine has it: give it a word in compat.h",
        );
    }
    found
}

/// Whether the code has this name as a whole word.
fn says(text: &str, name: &str) -> bool {
    let code = text.lines().map(|line| match line.find("//") {
        Some(comment) => &line[..comment],
        None => line,
    });
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let mut found = code.flat_map(|line| line.match_indices(name).map(move |(at, _)| (line, at)));
    found.any(|(line, at)| {
        !is_part(line[..at].chars().next_back()) && !is_part(line[at + name.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, text: &str) -> Vec<String> {
        check(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn names_of_the_loader_belong_behind_the_seam() {
        let code = "auto* loader = jsCast<JSModuleLoader*>(value); // parseModule\n";
        assert_eq!(
            said("jsc-sys/bridge/realm.cpp", code),
            [
                "jsc-sys/bridge/realm.cpp: `JSModuleLoader`: it belongs behind the seam, in loader/",
                "jsc-sys/bridge/realm.cpp: `jsCast`: not every engine has it: give it a word in compat.h",
            ]
        );
        assert_eq!(
            said("jsc-sys/bridge/loader/javascript/find.cpp", code).len(),
            1
        );
        assert_eq!(said("jsc-sys/bridge/prefix.h", code), [""; 0]);
        assert_eq!(said("jsc-sys/src/lib.rs", code), [""; 0]);
    }

    #[test]
    fn longer_names_are_others() {
        let code = "JSModuleLoaderStructure x; makeRegistryKey();\n";
        assert_eq!(said("jsc-sys/bridge/host.cpp", code), [""; 0]);
    }

    #[test]
    fn no_file_asks_for_a_version() {
        let code = "#if JSB_ENGINE_VERSION >= 25200\n";
        assert_eq!(said("jsc-sys/bridge/compat.h", code).len(), 1);
    }
}
