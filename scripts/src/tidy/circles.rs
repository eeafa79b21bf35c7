//! Files of one crate that use each other, directly or in a round. Each can then be read, and tested, only with all others.
//!
//! A module and those that it declares are one room, so what these two say of each other is not counted; nor is what a
//! module only hands on.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::modules::{Module, Modules, Path, defining, read};

/// The circles of every crate.
pub fn check(sources: &[Source]) -> Vec<String> {
    let mut crates: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources.iter().filter(|it| it.is_rust()) {
        if let Some((root, _)) = source.path.split_once("/src/") {
            crates.entry(root).or_default().push(source);
        }
    }
    let found = crates
        .into_iter()
        .flat_map(|(root, files)| of_crate(root, &files));
    found.collect()
}

fn of_crate(root: &str, files: &[&Source]) -> Vec<String> {
    let mut modules = Modules::new();
    let mut for_tests: BTreeSet<Path> = BTreeSet::new();
    for source in files {
        let path = module_of(root, &source.path);
        match read(&source.path, &source.text, &path) {
            Ok((module, tests)) => {
                let inside = |name| [&path[..], &[name]].concat();
                for_tests.extend(tests.into_iter().map(inside));
                modules.insert(path, module);
            }
            Err(error) => return vec![format!("{}: {error}", source.path)],
        }
    }
    let is_for_tests = |path: &Path| (0..=path.len()).any(|it| for_tests.contains(&path[..it]));
    modules.retain(|path, _| !is_for_tests(path));
    let edges = modules.iter().map(|(path, module)| {
        let used = module.uses.iter().map(|it| defining(&modules, it));
        let others = used.filter(|it| !it.starts_with(path) && !path.starts_with(it));
        (path.clone(), others.collect::<BTreeSet<Path>>())
    });
    let edges: BTreeMap<Path, BTreeSet<Path>> = edges.collect();
    rounds(&edges)
        .into_iter()
        .map(|round| in_words(&modules, &round))
        .collect()
}

/// `a/src/b/mod.rs` and `a/src/b.rs` are the module `b`.
fn module_of(root: &str, path: &str) -> Path {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let inside = inside.strip_prefix("/src/").unwrap_or(inside);
    let names = inside.trim_end_matches(".rs").split('/');
    let mut names: Path = names.map(str::to_owned).collect();
    let is_root = |name: &str| matches!(name, "mod" | "lib");
    names.pop_if(|name| is_root(name));
    names
}

fn in_words(modules: &Modules, round: &[Path]) -> String {
    let file = |path: &Path| modules.get(path).map_or("?", |it: &Module| &*it.file);
    let files: Vec<&str> = round.iter().map(file).collect();
    format!("files in a circle: {}", files.join(" -> "))
}

/// Groups of which each member reaches all others, the shortest round of each.
fn rounds(edges: &BTreeMap<Path, BTreeSet<Path>>) -> Vec<Vec<Path>> {
    let mut seen: BTreeSet<&Path> = BTreeSet::new();
    let mut found = Vec::new();
    for start in edges.keys() {
        if seen.contains(start) {
            continue;
        }
        if let Some(round) = shortest_round(edges, start) {
            let members = edges.keys().filter(|it| round.contains(it));
            seen.extend(members);
            found.push(round);
        }
    }
    found
}

/// The shortest way from a module back to itself, by breadth.
fn shortest_round(edges: &BTreeMap<Path, BTreeSet<Path>>, start: &Path) -> Option<Vec<Path>> {
    let mut ways = std::collections::VecDeque::from([vec![start.clone()]]);
    let mut reached: BTreeSet<Path> = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        for next in edges.get(last).into_iter().flatten() {
            let longer = [&way[..], std::slice::from_ref(next)].concat();
            if next == start {
                return Some(longer);
            }
            if reached.insert(next.clone()) {
                ways.push_back(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let source = |(path, text): &(&str, &str)| Source {
            path: format!("c/src/{path}"),
            text: (*text).to_owned(),
        };
        check(&files.iter().map(source).collect::<Vec<_>>())
    }

    #[test]
    fn arrows_that_run_down_are_no_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A; use b::B;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b/mod.rs", "mod d; pub use d::B;"),
            ("b/d.rs", "pub struct B;"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn a_circle_is_found_through_what_is_handed_on() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "fn f() -> crate::A { todo!() } pub struct B;"),
        ];
        assert_eq!(
            found(&files),
            ["files in a circle: c/src/a.rs -> c/src/b.rs -> c/src/a.rs"]
        );
    }

    #[test]
    fn a_module_and_its_child_are_one_room() {
        let files = [
            ("lib.rs", "mod a; mod d;"),
            ("a/mod.rs", "mod b; use self::b::B; pub struct A(B);"),
            ("a/b.rs", "use super::A; use crate::d::D; pub struct B(A);"),
            ("d.rs", "pub struct D;"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn what_only_tests_use_does_not_count() {
        let files = [
            ("lib.rs", "mod a; #[cfg(test)] mod tests;"),
            (
                "a.rs",
                "pub struct A; #[cfg(test)] mod tests { use crate::tests::T; }",
            ),
            ("tests.rs", "use crate::a::A; pub struct T;"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }
}
