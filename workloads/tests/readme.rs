//! The list in the README is made from the definitions.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use workloads::{Catalog, Kind};

const START: &str =
    "<!-- Generated with command: HARNESS_BLESS=1 cargo test -p workloads --test readme -->\n";
const END: &str = "<!-- end of what is generated -->\n";

#[test]
fn the_list_of_workloads_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).expect("the README is there");
    let (before, rest) = text
        .split_once(START)
        .expect("the start of the list is marked");
    let (list, after) = rest.split_once(END).expect("the end of the list is marked");
    let wanted = render();
    if std::env::var_os("HARNESS_BLESS").is_some() {
        fs::write(&path, format!("{before}{START}{wanted}{END}{after}"))
            .expect("the README can be written");
    } else {
        assert!(
            list == wanted,
            "the README's list is out of date; mend it with the command that stands above the list"
        );
    }
}

fn render() -> String {
    let catalog = Catalog::open(None).expect("the definitions are valid");
    let mut text = String::from("\n### Suites\n| suite | workloads | for |\n| --- | --- | --- |\n");
    for suite in catalog.suites().expect("the suites are valid") {
        text.push_str(&format!(
            "| `{}` | {} | {} |\n",
            suite.name,
            suite.workloads.len(),
            suite.why
        ));
    }
    for (kind, title) in [
        (Kind::Npm, "Real packages"),
        (Kind::Captured, "Captured applications"),
        (Kind::Generated, "Generated graphs"),
    ] {
        text.push_str(&format!(
            "\n### {title}\n| workload | modules | why |\n| --- | --- | --- |\n"
        ));
        for workload in catalog
            .workloads()
            .iter()
            .filter(|workload| workload.kind == kind)
        {
            let modules = workload
                .modules
                .map(|modules| modules.to_string())
                .unwrap_or_default();
            text.push_str(&format!(
                "| `{}` | {modules} | {} |\n",
                workload.name, workload.why
            ));
        }
    }
    text.push_str("\n### Fixtures\n| workload | why | ECMA-262 | JavaScriptCore differs |\n| --- | --- | --- | --- |\n");
    for workload in catalog
        .workloads()
        .iter()
        .filter(|workload| workload.kind == Kind::Fixture)
    {
        let deviation = workload.deviation.as_ref();
        let versions = deviation
            .map(|deviation| deviation.versions.join(", "))
            .unwrap_or_default();
        let why = deviation
            .map(|deviation| deviation.why.as_str())
            .unwrap_or_default();
        let versions = if versions.is_empty() {
            versions
        } else {
            format!(" ({versions})")
        };
        let section = workload.section.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "| `{}` | {} | {section} | {why}{versions} |\n",
            workload.name, workload.why
        ));
    }
    text.push('\n');
    text
}
