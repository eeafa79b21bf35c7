//! What JavaScriptCore's own shell was compiled and linked with: a bridge needs the same.

use std::fs;
use std::path::Path;

use crate::Error;

/// The file whose compilation is the model: a user of JavaScriptCore's internals outside its library, as a bridge is.
const MODEL: &str = "build Source/JavaScriptCore/shell/CMakeFiles/jsc.dir/__/jsc.cpp.o:";
const SHELL: &str = "build bin/jsc:";

/// Where there is no shell: any file of JavaScriptCore itself.
const LIBRARY: &str = "build Source/JavaScriptCore/CMakeFiles/JavaScriptCore.dir/";

/// What a shell is linked with, beyond what every C++ program has; for an engine without a shell.
const SHELL_LIBRARIES: &[&str] = &["-licudata", "-licui18n", "-licuuc", "-ldl", "-latomic"];

/// Flags as `engine.json` lists them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) defines: Vec<String>,
    pub(super) cxx_flags: Vec<String>,
    pub(super) include_dirs: Vec<String>,
    pub(super) system_libs: Vec<String>,
}

/// Reads the flags from a configured build tree.
pub(super) fn read(tree: &Path, root: &Path) -> Result<Flags, Error> {
    let path = tree.join("build.ninja");
    let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    parse(&text, tree, root).ok_or_else(|| Error::BuildTree {
        tree: tree.to_path_buf(),
        problem: "build.ninja says neither how bin/jsc nor how JavaScriptCore itself is made"
            .to_string(),
    })
}

fn parse(ninja: &str, tree: &Path, root: &Path) -> Option<Flags> {
    let compilation = Statement::find(ninja, MODEL).or_else(|| Statement::find(ninja, LIBRARY))?;
    let link = Statement::find(ninja, SHELL);
    let flags = compilation.words("FLAGS")?;

    let defines = compilation
        .words("DEFINES")?
        .into_iter()
        .chain(flags.iter().copied());
    let defines = defines
        .filter_map(|word| word.strip_prefix("-D"))
        .filter(|name| !["BUILDING_jsc", "BUILDING_JavaScriptCore"].contains(name));
    let includes = compilation
        .words("INCLUDES")?
        .into_iter()
        .filter_map(|word| word.strip_prefix("-I"));
    Some(Flags {
        defines: defines.map(str::to_string).collect(),
        cxx_flags: flags
            .into_iter()
            .filter(|flag| matters(flag))
            .map(str::to_string)
            .collect(),
        include_dirs: includes
            .filter_map(|path| relocate(Path::new(path), tree, root))
            .collect(),
        system_libs: system_libraries(
            &link
                .and_then(|link| link.words("LINK_LIBRARIES"))
                .unwrap_or_else(|| SHELL_LIBRARIES.to_vec()),
        ),
    })
}

/// Whether a flag changes what headers mean or which code comes out. Warnings, colours, debug sections and the
/// executable's own kind of position independence do not.
fn matters(flag: &str) -> bool {
    const LEFT_OUT: &[&str] = &[
        "-fPIE",
        "-fPIC",
        "-fasynchronous-unwind-tables",
        "-fdebug-types-section",
    ];
    let kind = ["-f", "-O", "-m", "-std="]
        .iter()
        .any(|start| flag.starts_with(start));
    kind && !LEFT_OUT.contains(&flag) && !flag.contains("color")
}

/// The place in an engine's folder of an include folder of the build.
pub(super) fn relocate(path: &Path, tree: &Path, root: &Path) -> Option<String> {
    let (parent, rest) = match path.strip_prefix(tree) {
        Ok(rest) => ("include/build", rest),
        Err(_) => ("include", path.strip_prefix(root).ok()?),
    };
    let rest = rest.to_str()?;
    Some(if rest.is_empty() {
        parent.to_string()
    } else {
        format!("{parent}/{rest}")
    })
}

/// Libraries that do not come from the build, each once; those that every C++ program has come last.
fn system_libraries(words: &[&str]) -> Vec<String> {
    let mut shared = Vec::new();
    let mut others = Vec::new();
    for word in words {
        let file = Path::new(word)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if let Some(name) = word.strip_prefix("-l") {
            others.push(name);
        } else if let Some(name) = file
            .strip_prefix("lib")
            .and_then(|name| name.strip_suffix(".so"))
        {
            shared.push(name);
        }
    }
    let mut names: Vec<String> = Vec::new();
    for name in shared
        .into_iter()
        .chain(others)
        .chain(["pthread", "stdc++"])
    {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_string());
        }
    }
    names
}

/// The variables of one statement of a ninja file.
struct Statement<'a>(&'a str);

impl<'a> Statement<'a> {
    fn find(ninja: &'a str, start: &str) -> Option<Statement<'a>> {
        let begin = ninja.find(&format!("\n{start}"))? + 1;
        let body = ninja[begin..].split_once('\n')?.1;
        let end = body
            .lines()
            .take_while(|line| line.starts_with(' '))
            .map(|line| line.len() + 1)
            .sum::<usize>();
        Some(Statement(&body[..end.min(body.len())]))
    }

    fn words(&self, variable: &str) -> Option<Vec<&'a str>> {
        let value = |line: &'a str| {
            line.trim_start()
                .strip_prefix(variable)?
                .strip_prefix(" = ")
        };
        Some(self.0.lines().find_map(value)?.split_whitespace().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINJA: &str = "\
rule x
build Source/JavaScriptCore/shell/CMakeFiles/jsc.dir/__/jsc.cpp.o: CXX /s/jsc.cpp || order
  DEFINES = -DBUILDING_WEBKIT=1 -DBUILDING_jsc -DHAVE_CONFIG_H=1
  FLAGS = -fcolor-diagnostics -Wall -fno-rtti -O3 -DNDEBUG -fPIE -march=armv8-a -std=c++2b
  INCLUDES = -I/t/JavaScriptCore/Headers -I/t -I/s/Source/JavaScriptCore -I/elsewhere

build bin/jsc: LINK a.o | lib/libJavaScriptCore.a
  LINK_LIBRARIES = -ldl  lib/libJavaScriptCore.a  /usr/lib/libicuuc.so  lib/libbmalloc.a  -ldl  -latomic
";

    #[test]
    fn flags_are_those_that_matter() {
        let flags = parse(NINJA, Path::new("/t"), Path::new("/s")).unwrap();
        assert_eq!(
            flags.defines,
            ["BUILDING_WEBKIT=1", "HAVE_CONFIG_H=1", "NDEBUG"]
        );
        assert_eq!(
            flags.cxx_flags,
            ["-fno-rtti", "-O3", "-march=armv8-a", "-std=c++2b"]
        );
        assert_eq!(
            flags.include_dirs,
            [
                "include/build/JavaScriptCore/Headers",
                "include/build",
                "include/Source/JavaScriptCore"
            ]
        );
        assert_eq!(
            flags.system_libs,
            ["icuuc", "dl", "atomic", "pthread", "stdc++"]
        );
    }

    #[test]
    fn another_build_file_is_noticed() {
        assert_eq!(parse("rule x\n", Path::new("/t"), Path::new("/s")), None);
    }
}
