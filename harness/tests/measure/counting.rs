//! `measure --metric instructions`.

use std::path::Path;
use std::process::Command;

use record::{Metric, RunRecord};
use sample::LoadPath;

use test_programs::{Ran, binary, engines, jsc_harness_for};

/// Runs `measure` and keeps its result in `out`.
fn measure(arguments: &[&str], out: &Path) -> Ran {
    Ran::of(
        jsc_harness_for(600)
            .args(["measure", "-w", "^chain-100$"])
            .args(arguments)
            .arg("--out")
            .arg(out),
    )
}

fn counted(record: &RunRecord, engine: usize, path: LoadPath) -> Vec<f64> {
    record.values(0, engine, path, Metric::Instructions)
}

/// Nothing else takes the same number of instructions twice, whatever the machine does besides.
#[test]
fn counts_repeat_and_a_cached_path_takes_fewer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("counted.json");
    let names: Vec<&str> = engines().iter().map(|it| &*it.name).collect();
    let options = ["--metric", "instructions", "--blocks", "2"];
    let paths = ["--path", "parse,full,graph", "--engine", &names.join(",")];
    let Ran {
        code,
        stdout,
        stderr,
    } = measure(&[options, paths].concat(), &file);
    assert_eq!(code, Some(0), "{stderr}");
    for said in [
        "instructions of the process to the end of its program",
        "instructions counted by valgrind-",
        "JSC_useJIT=0",
        "parse, million",
    ] {
        assert!(stdout.contains(said), "{said} in {stdout}");
    }
    let record = record::read(&file).unwrap();
    assert_eq!(record.metrics(), [Metric::Instructions]);
    for engine in 0..names.len() {
        let mut before = f64::INFINITY;
        for path in [LoadPath::Parse, LoadPath::Full, LoadPath::Graph] {
            let values = counted(&record, engine, path);
            assert_eq!(values.len(), 2, "{path:?} in {stderr}");
            assert!((values[0] / values[1] - 1.0).abs() < 0.01, "{values:?}");
            assert!(values[0] < before, "{path:?}: {values:?} against {before}");
            before = values[0];
            // A time that was taken of a simulated processor is no time.
            assert!(record.values(0, engine, path, Metric::Load).is_empty());
        }
    }

    let timed = folder.path().join("timed.json");
    let Ran { code, stderr, .. } = measure(&["--blocks", "1", "--path", "parse"], &timed);
    assert!(matches!(code, Some(0 | 2)), "{stderr}");
    let both = |other: &Path| Ran::of(jsc_harness_for(60).arg("cmp").args([&file, other])).stdout;
    assert!(both(&file).contains("million"), "{}", both(&file));
    let said = both(&timed);
    assert!(
        said.contains("of one instructions were counted, of the other times were taken"),
        "{said}"
    );
}

#[test]
fn what_takes_times_has_no_effect() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.json");
    for option in ["--peers", "--cold", "--steal-limit=50"] {
        let Ran { code, stderr, .. } = measure(&["--metric", "instructions", option], &out);
        assert_eq!(code, Some(64), "{stderr}");
        assert!(
            stderr.contains("has no effect with --metric instructions"),
            "{stderr}"
        );
    }
}

#[test]
fn without_valgrind_the_next_step_is_said() {
    let mut command = Command::new(binary());
    let ran = Ran::of(
        command
            .args(["measure", "--metric", "instructions"])
            .env("PATH", "/nowhere"),
    );
    assert_eq!(ran.code, Some(4));
    assert_eq!(
        ran.stderr,
        "error: counting instructions needs valgrind, which is not there; hint: apt-get install valgrind\n"
    );
}
