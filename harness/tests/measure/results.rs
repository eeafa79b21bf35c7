//! The folder of results.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::measure;
use test_programs::{jsc_harness, text};

fn results(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = jsc_harness()
        .arg("results")
        .args(arguments)
        .env("HARNESS_RESULTS", folder)
        .output()
        .unwrap();
    (output.status.code(), text(&output.stdout))
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("pictures")).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// The checked-in README is what the checked-in history makes it.
#[test]
fn the_readme_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results");
    let (code, out) = results(&folder, &["readme", "--check"]);
    assert_eq!(code, Some(0), "{out}");
}

#[test]
fn every_result_in_the_history_is_readable_and_called_by_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/history");
    for file in record::History::at(folder).files().unwrap() {
        let record = record::read(&file).unwrap();
        assert_eq!(file.file_stem().unwrap().to_str(), Some(&*record.run.id));
    }
}

#[test]
fn measuring_for_the_history_adds_a_file_and_renews_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        measure(&["-w", "^cycle-tdz$", "--blocks", "6", "--history"])
            .variable("HARNESS_RESULTS", folder.path())
            .run()
    };
    let first = run();
    let record = first.with_code(0);
    let history = folder.path().join("history");
    let file = history.join(format!("{}.json", record.run.id));
    let kept = fs::read(&file).unwrap();
    let readme = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert!(readme.starts_with("<!-- Generated with command: jsc-harness results readme -->\n"));
    assert!(readme.contains("| cycle-tdz |"), "{readme}");
    assert!(readme.contains(&format!("history/{}.json", record.run.id)));
    assert!(
        readme.contains("'^cycle-tdz$'"),
        "fit for a shell: {readme}"
    );

    let pictures: Vec<_> = pictures(folder.path());
    assert_eq!(pictures.len(), 1, "{pictures:?}");
    let name = pictures[0].file_name().unwrap().to_str().unwrap();
    assert!(
        readme.contains(&format!("](pictures/{name})\n")),
        "{readme}"
    );
    let svg = fs::read_to_string(&pictures[0]).unwrap();
    assert!(
        svg.starts_with("<svg ") && svg.contains("cycle-tdz"),
        "{svg}"
    );

    let second = run();
    second.with_code(0);
    assert_eq!(fs::read_dir(&history).unwrap().count(), 2);
    assert_eq!(fs::read(&file).unwrap(), kept);
    let (code, _) = results(folder.path(), &["readme", "--check"]);
    assert_eq!(code, Some(0));

    for file in [&folder.path().join("README.md"), &pictures[0]] {
        fs::write(file, "changed by hand").unwrap();
        let (code, out) = results(folder.path(), &["readme", "--check"]);
        assert_eq!(code, Some(1));
        let wanted = format!(
            "{} is out of date; hint: jsc-harness results readme\n",
            file.display()
        );
        assert_eq!(out, wanted);
        let (code, _) = results(folder.path(), &["readme"]);
        assert_eq!(code, Some(0));
    }
    // Only the newest of a kind is shown.
    let renewed = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert_eq!(renewed.matches("\n## JavaScriptCore").count(), 1);
    assert!(renewed.contains(&second.record.unwrap().run.id));
}

#[test]
fn no_results_yet() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _) = results(folder.path(), &["readme"]);
    assert_eq!(code, Some(0));
    let readme = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert!(
        readme.ends_with("\nThere are no results yet.\n"),
        "{readme}"
    );
}

/// What each format has in it is tested in `results::export`; here, that each is printed whole.
#[test]
fn a_result_is_exported_for_other_tools() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample = folder.join("tests/measure/samples/v1.json");
    let export = |file: &Path, format: &str| {
        let arguments = ["export", file.to_str().unwrap(), "--format", format];
        results(folder, &arguments)
    };
    for (format, part) in [
        ("csv", "run,started,machine,engine,workload,path,round"),
        ("go", "BenchmarkModuleLoad/workload="),
        ("bmf", "\"latency\""),
        ("github", "\"range\""),
        ("openmetrics", "# EOF\n"),
    ] {
        let (code, out) = export(&sample, format);
        assert_eq!(code, Some(0), "{format}");
        assert!(out.contains(part), "{format}: {out}");
    }
    assert_eq!(export(&sample, "xml").0, Some(64));
    assert_eq!(export(Path::new("nothing.json"), "csv").0, Some(4));
}
