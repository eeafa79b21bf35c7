//! What lies beside a report: flame graphs of `profile --keep`, and what `bisect` has found.

use std::fs;
use std::path::{Path, PathBuf};

use results::page::Link;

/// Folders in that of results, the files in their folders that are linked, and what they are.
const LINKED: [(&str, &str, &str); 3] = [
    (
        "profiles",
        "difference.svg",
        "flame graph of the difference",
    ),
    ("bisects", "report.md", "bisect"),
    (
        "bisects",
        "profile/difference.svg",
        "flame graph of what the bisect has found",
    ),
];

/// The links of a report in `folder`, in order of their names. A folder of profiles with one load only has its flame graph.
pub fn links(results: &Path, folder: &Path) -> Vec<Link> {
    let mut links = Vec::new();
    for (kind, file, what) in LINKED {
        for about in folders(&results.join(kind)) {
            let name = about.file_name().unwrap_or_default().to_string_lossy();
            let mut add = |path: PathBuf, what: &str| {
                if path.is_file() {
                    links.push(Link {
                        title: format!("{name}: {what}"),
                        href: seen_from(folder, results, &path),
                    });
                }
            };
            add(about.join(file), what);
            if kind == "profiles" && !about.join(file).exists() {
                for graph in flame_graphs(&about) {
                    add(graph, "flame graph");
                }
            }
        }
    }
    links
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries
        .map(|it| it.path())
        .filter(|it| it.is_dir())
        .collect();
    folders.sort();
    folders
}

fn flame_graphs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_graph = |it: &PathBuf| it.extension().is_some_and(|it| it == "svg");
    let mut graphs: Vec<PathBuf> = entries.map(|it| it.path()).filter(is_graph).collect();
    graphs.sort();
    graphs
}

/// The address of a file of the results: relative where the report is in their folder, so that both can be moved together.
fn seen_from(folder: &Path, results: &Path, path: &Path) -> String {
    let address = |path: &Path| {
        let text = path.to_string_lossy();
        // What means something else in an address.
        text.replace('%', "%25")
            .replace('#', "%23")
            .replace('?', "%3F")
    };
    match (folder.strip_prefix(results), path.strip_prefix(results)) {
        (Ok(down), Ok(file)) => {
            let up: PathBuf = down.components().map(|_| "..").collect();
            address(&up.join(file))
        }
        _ => address(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_linked_from_where_the_report_is() {
        let results = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let path = results.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        write("profiles/b #1/difference.svg");
        write("profiles/b #1/2.50.6-full.svg");
        write("profiles/a/2.52.6-full.svg");
        write("bisects/x/report.md");
        write("bisects/unfinished/bisect.json");
        let found = links(results.path(), &results.path().join("report"));
        let found: Vec<(&str, &str)> = found.iter().map(|it| (&*it.title, &*it.href)).collect();
        assert_eq!(
            found,
            [
                ("a: flame graph", "../profiles/a/2.52.6-full.svg"),
                (
                    "b #1: flame graph of the difference",
                    "../profiles/b %231/difference.svg"
                ),
                ("x: bisect", "../bisects/x/report.md"),
            ]
        );
        let elsewhere = links(results.path(), Path::new("/elsewhere"));
        assert!(elsewhere[0].href.starts_with('/'), "{elsewhere:?}");
    }
}
