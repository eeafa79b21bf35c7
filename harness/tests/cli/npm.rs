//! Real packages: every entry runs, and prints the same on every engine.

use std::process::Output;

use workloads::{Kind, Workload};

use test_programs::{engines, jsc_harness, text};

fn run(workload: &Workload, engine: &str) -> Output {
    jsc_harness()
        .args(["run", "--engine", engine])
        .arg(&workload.entry)
        .output()
        .unwrap()
}

/// The observations of one entry on all engines.
fn same_on_every_engine(name: &str) {
    let definition = workloads::find(name).unwrap();
    // The error says what to run when the packages are not installed.
    let workload =
        workloads::materialise(&definition, "".as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let printed: Vec<String> = engines()
        .iter()
        .map(|engine| {
            let output = run(&workload, &engine.name);
            assert_eq!(text(&output.stderr), "", "{name} on {}", engine.version);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{name} on {}",
                engine.version
            );
            text(&output.stdout)
        })
        .collect();
    assert!(!printed[0].trim().is_empty(), "{name} prints nothing");
    assert!(
        printed.windows(2).all(|pair| pair[0] == pair[1]),
        "{name}: {printed:#?}"
    );
}

/// One test an entry, so that they run side by side.
macro_rules! entries {
    ($($test:ident: $name:literal,)*) => {
        $(#[test] fn $test() { same_on_every_engine($name); })*

        #[test]
        fn no_entry_is_forgotten() {
            let mut listed: Vec<String> = workloads::list()
                .unwrap()
                .into_iter()
                .filter(|it| it.kind == Kind::Npm)
                .map(|it| it.name)
                .collect();
            let mut tested = vec![$($name),*];
            listed.sort();
            tested.sort();
            assert_eq!(listed, tested);
        }
    };
}

entries! {
    babylon: "babylon",
    babylon_flow_graph: "babylon-flow-graph",
    d3: "d3",
    date_fns: "date-fns",
    date_fns_import: "date-fns-import",
    date_fns_locale: "date-fns-locale",
    lodash_es: "lodash-es",
    lodash_es_import: "lodash-es-import",
    micromark: "micromark",
    three_bundle: "three-bundle",
    three_bundle_import: "three-bundle-import",
    three_src: "three-src",
    three_src_import: "three-src-import",
    three_webgpu: "three-webgpu",
    d3_hot: "d3-hot",
    date_fns_hot: "date-fns-hot",
    micromark_hot: "micromark-hot",
    three_hot: "three-hot",
}
