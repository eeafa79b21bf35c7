//! Paths of this machine out of everything that is observed, so that observations can be compared across directories.

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::Url;

/// The directories that a graph lies in, and what stands for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots {
    /// Text and what stands for it, the longest first.
    names: Vec<(String, String)>,
}

/// Stands for the directory that holds every module which is in no package.
const ROOT: &str = "«root»";

/// Stands for a directory with packages (the one above `node_modules`) that is not below the root.
const PACKAGES: &str = "«packages»";

impl Roots {
    /// The roots of the modules with these keys.
    pub fn new<'a>(keys: impl Iterator<Item = &'a str>) -> Self {
        let mut root: Option<String> = None;
        let mut packages = BTreeSet::new();
        for key in keys {
            let Some(path) = key.strip_prefix("file://") else {
                continue;
            };
            let path = path.split(['?', '#']).next().unwrap_or_default();
            if let Some(at) = path.find("/node_modules/") {
                packages.insert(path[..at].to_owned());
                continue;
            }
            let directory = &path[..path.rfind('/').unwrap_or_default()];
            root = Some(match root {
                Some(root) => common(&root, directory).to_owned(),
                None => directory.to_owned(),
            });
        }
        let mut names = Vec::new();
        if let Some(root) = &root {
            name(&mut names, root, ROOT.to_owned());
        }
        for (index, directory) in packages.iter().enumerate() {
            let label = match index {
                0 => PACKAGES.to_owned(),
                index => format!("{PACKAGES}{}", index + 1),
            };
            name(&mut names, directory, label);
        }
        // Of two that nest, the inner one.
        names.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Self { names }
    }

    /// The text with each root replaced.
    pub fn relative<'a>(&self, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
        let mut text = text.into();
        for (directory, label) in &self.names {
            if let Some(replaced) = replace(&text, directory, label) {
                text = Cow::Owned(replaced);
            }
        }
        text
    }

    /// What a module is called: the path from the root, if it lies below it.
    pub fn module(&self, key: &str) -> String {
        let key = self.relative(key).into_owned();
        let below = |label: &str| {
            key.strip_prefix("file://")?
                .strip_prefix(label)?
                .strip_prefix('/')
        };
        match below(ROOT) {
            Some(path) => path.to_owned(),
            None => match key.strip_prefix("file://") {
                Some(path) if path.starts_with('«') => path.to_owned(),
                _ => key,
            },
        }
    }
}

/// Adds a directory in both its spellings: as in a URL and as in a path.
fn name(names: &mut Vec<(String, String)>, directory: &str, label: String) {
    // The root of the file system is in every path; it says nothing of the machine.
    if directory.is_empty() {
        return;
    }
    let decoded = Url::parse(&format!("file://{directory}"))
        .ok()
        .and_then(|url| url.to_file_path().ok())
        .and_then(|path| path.to_str().map(str::to_owned));
    if let Some(decoded) = decoded.filter(|it| it != directory) {
        names.push((decoded, label.clone()));
    }
    names.push((directory.to_owned(), label));
}

/// The longest path of whole directories that both begin with.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let mut end = 0;
    let mut parts = b.split('/');
    for part in a.split_inclusive('/') {
        let Some(other) = parts.next() else { break };
        if part.trim_end_matches('/') != other {
            break;
        }
        end += part.len();
    }
    a[..end].trim_end_matches('/')
}

fn replace(text: &str, directory: &str, label: &str) -> Option<String> {
    let is_name =
        |byte: u8| byte.is_ascii_alphanumeric() || b"._-%".contains(&byte) || byte >= 0x80;
    let mut replaced: Option<String> = None;
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find(directory).map(|at| from + at) {
        let end = at + directory.len();
        let bytes = text.as_bytes();
        // Only whole names: not `/tmp/ab` for `/tmp/a`, nor `/x/tmp/a`.
        let whole = bytes.get(end).is_none_or(|&next| !is_name(next))
            && !at
                .checked_sub(1)
                .is_some_and(|before| is_name(bytes[before]));
        if whole {
            let out = replaced.get_or_insert_with(String::new);
            out.push_str(&text[done..at]);
            out.push_str(label);
            done = end;
        }
        from = end;
    }
    let mut replaced = replaced?;
    replaced.push_str(&text[done..]);
    Some(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_of_all_modules_becomes_the_root() {
        let keys = ["file:///tmp/a/main.mjs", "file:///tmp/a/lib/x.mjs?v=1"];
        let roots = Roots::new(keys.into_iter());
        assert_eq!(
            roots.relative("file:///tmp/a/lib/x.mjs:1:2 in /tmp/a, not /tmp/ab or /x/tmp/a"),
            "file://«root»/lib/x.mjs:1:2 in «root», not /tmp/ab or /x/tmp/a"
        );
        assert_eq!(roots.module("file:///tmp/a/lib/x.mjs?v=1"), "lib/x.mjs?v=1");
        assert_eq!(roots.module("file:///etc/x.mjs"), "file:///etc/x.mjs");
    }

    #[test]
    fn packages_elsewhere_have_a_root_of_their_own() {
        let keys = [
            "file:///w/entries/main.mjs",
            "file:///m/npm/node_modules/three/three.js",
            "file:///w/digest.mjs",
        ];
        let roots = Roots::new(keys.into_iter());
        assert_eq!(roots.module(keys[0]), "entries/main.mjs");
        assert_eq!(
            roots.module(keys[1]),
            "«packages»/node_modules/three/three.js"
        );
    }

    #[test]
    fn packages_below_the_root_are_below_the_root() {
        let keys = ["file:///w/main.mjs", "file:///w/node_modules/x/x.js"];
        let roots = Roots::new(keys.into_iter());
        assert_eq!(roots.module(keys[1]), "node_modules/x/x.js");
    }

    #[test]
    fn a_name_that_a_url_escapes_is_found_as_path_and_as_url() {
        let roots = Roots::new(["file:///tmp/a%20b/main.mjs"].into_iter());
        assert_eq!(
            roots.relative("/tmp/a b/x and file:///tmp/a%20b/x"),
            "«root»/x and file://«root»/x"
        );
    }

    #[test]
    fn the_root_of_the_file_system_is_left_alone() {
        let roots = Roots::new(["file:///main.mjs", "file:///etc/x.mjs"].into_iter());
        assert_eq!(roots.relative("file:///etc/x.mjs /"), "file:///etc/x.mjs /");
    }
}
