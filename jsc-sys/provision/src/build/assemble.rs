//! From a build tree to an engine's folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};

use super::flags::relocate;
use crate::Error;
use crate::store::private_folder;

/// The static libraries, in link order.
pub(crate) const STATIC_LIBRARIES: &[&str] = &["JavaScriptCore", "WTF", "bmalloc"];

/// Folders of headers in the build tree.
const BUILD_HEADERS: &[&str] = &[
    "JavaScriptCore/DerivedSources",
    "JavaScriptCore/Headers",
    "JavaScriptCore/PrivateHeaders",
    "WTF/Headers",
    "bmalloc/Headers",
];
/// Headers of the source tree: all of them, since several needed ones are not among the forwarded headers.
const SOURCE_HEADERS: &str = "Source/JavaScriptCore";

/// Copies libraries, headers and the shell from a build tree and its source's root into an engine's folder.
pub(super) fn copy(tree: &Path, root: &Path, engine: &Path) -> Result<(), Error> {
    let roots = Roots {
        tree: tree.canonicalize().map_err(Error::io("find", tree))?,
        root: root.canonicalize().map_err(Error::io("find", root))?,
        engine: engine.to_path_buf(),
    };
    for name in STATIC_LIBRARIES {
        let library = format!("lib/lib{name}.a");
        copy_file(&roots.tree.join(&library), &engine.join(&library))?;
    }
    let shell = roots.tree.join("bin/jsc");
    if shell.exists() {
        copy_file(&shell, &engine.join("bin/jsc"))?;
    }
    copy_file(
        &roots.tree.join("cmakeconfig.h"),
        &engine.join("include/build/cmakeconfig.h"),
    )?;
    roots.copy_headers(&roots.root.join(SOURCE_HEADERS))?;
    for folder in BUILD_HEADERS {
        roots.copy_headers(&roots.tree.join(folder))?;
    }
    Ok(())
}

struct Roots {
    tree: PathBuf,
    root: PathBuf,
    engine: PathBuf,
}

impl Roots {
    fn copy_headers(&self, folder: &Path) -> Result<(), Error> {
        let mut entries: Vec<_> = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
            entries.push(entry.map_err(Error::io("read", folder))?.path());
        }
        for path in entries {
            let kind = path
                .symlink_metadata()
                .map_err(Error::io("read", &path))?
                .file_type();
            if kind.is_dir() {
                self.copy_headers(&path)?;
            } else if is_header(&path) {
                let Some(place) = self.place(&path) else {
                    continue;
                };
                match kind.is_symlink() {
                    true => self.copy_link(&path, &place)?,
                    false => copy_file(&path, &place)?,
                }
            }
        }
        Ok(())
    }

    /// A forwarded header that is a link stays one when its target is in the engine too: of two copies of one header
    /// `#pragma once` knows nothing. A target that is left behind is copied.
    fn copy_link(&self, link: &Path, place: &Path) -> Result<(), Error> {
        let target = link.canonicalize().map_err(Error::io("follow", link))?;
        let kept = self.is_kept(&target).then(|| self.place(&target)).flatten();
        match kept {
            Some(target) => {
                make_parent(place)?;
                symlink(relative(place, &target), place).map_err(Error::io("create", place))
            }
            None => copy_file(&target, place),
        }
    }

    fn is_kept(&self, path: &Path) -> bool {
        let build = BUILD_HEADERS.iter().map(|folder| self.tree.join(folder));
        is_header(path)
            && build
                .chain([self.root.join(SOURCE_HEADERS)])
                .any(|folder| path.starts_with(folder))
    }

    fn place(&self, path: &Path) -> Option<PathBuf> {
        relocate(path, &self.tree, &self.root).map(|place| self.engine.join(place))
    }
}

fn is_header(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| ["h", "def", "inc"].iter().any(|kind| extension == *kind))
}

fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
    make_parent(to)?;
    fs::copy(from, to)
        .map_err(Error::io("copy", from))
        .map(|_| ())
}

fn make_parent(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(parent) => private_folder(parent).map(|_| ()),
        None => Ok(()),
    }
}

/// The path from a link to its target; both are absolute and below the same engine.
fn relative(link: &Path, target: &Path) -> PathBuf {
    let from: Vec<Component<'_>> = link
        .parent()
        .unwrap_or(Path::new("/"))
        .components()
        .collect();
    let to: Vec<Component<'_>> = target.components().collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| Component::ParentDir);
    up.chain(to[common..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_up_and_down() {
        assert_eq!(
            relative(Path::new("/e/a/b/l.h"), Path::new("/e/a/c/t.h")),
            Path::new("../c/t.h")
        );
        assert_eq!(
            relative(Path::new("/e/l.h"), Path::new("/e/t.h")),
            Path::new("t.h")
        );
    }

    #[test]
    fn forwarded_headers_stay_links_and_others_become_files() {
        let folder = tempfile::tempdir().unwrap();
        let [tree, root, engine] = ["tree", "root", "engine"].map(|name| folder.path().join(name));
        let write = |path: PathBuf, text: &str| {
            make_parent(&path).unwrap();
            fs::write(path, text).unwrap();
        };
        for name in STATIC_LIBRARIES {
            write(tree.join(format!("lib/lib{name}.a")), "lib");
        }
        for name in [
            "bin/jsc",
            "cmakeconfig.h",
            "WTF/Headers/wtf/W.h",
            "bmalloc/Headers/B.h",
            "JavaScriptCore/Headers/H.h",
        ] {
            write(tree.join(name), name);
        }
        write(
            tree.join("JavaScriptCore/DerivedSources/Gen.h"),
            "generated",
        );
        write(
            tree.join("JavaScriptCore/DerivedSources/Gen.cpp"),
            "not a header",
        );
        write(root.join("Source/JavaScriptCore/runtime/VM.h"), "vm");
        write(root.join("Source/WTF/Other.h"), "other");
        let forwarded = tree.join("JavaScriptCore/PrivateHeaders/JavaScriptCore");
        fs::create_dir_all(&forwarded).unwrap();
        symlink(
            root.join("Source/JavaScriptCore/runtime/VM.h"),
            forwarded.join("VM.h"),
        )
        .unwrap();
        symlink(root.join("Source/WTF/Other.h"), forwarded.join("Other.h")).unwrap();

        copy(&tree, &root, &engine).unwrap();
        let headers = engine.join("include/build/JavaScriptCore/PrivateHeaders/JavaScriptCore");
        assert_eq!(
            fs::read_link(headers.join("VM.h")).unwrap(),
            Path::new("../../../../Source/JavaScriptCore/runtime/VM.h")
        );
        assert_eq!(fs::read_to_string(headers.join("VM.h")).unwrap(), "vm");
        assert!(
            headers
                .join("Other.h")
                .symlink_metadata()
                .unwrap()
                .is_file()
        );
        assert!(
            engine
                .join("include/build/JavaScriptCore/DerivedSources/Gen.h")
                .exists()
        );
        assert!(
            !engine
                .join("include/build/JavaScriptCore/DerivedSources/Gen.cpp")
                .exists()
        );
    }
}
