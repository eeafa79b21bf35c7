use serde_json::Value;
use testing::records::{eventful, made_up};

use super::*;

#[test]
fn every_load_is_a_row_of_the_csv() {
    let record = eventful();
    let text = export(&record, Format::Csv);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "run,started,machine,engine,workload,path,round,void,error,load_ns,rest_ns,process_ns,cpu_ns,max_rss_bytes,modules,\
         parses,cache_hits,cache_bytes"
    );
    let loads: usize = record.blocks.iter().map(|it| it.loads.len()).sum();
    assert_eq!(lines.len(), 1 + loads);
    let void = lines
        .iter()
        .filter(|it| it.contains(",major-faults,"))
        .count();
    assert!(void > 0, "{text}");
    // A load without a sample has its error, and no numbers.
    assert!(lines.iter().any(|it| it.contains("crashed")), "{text}");
}

#[test]
fn benchstat_gets_every_valid_load_by_workload_path_and_engine() {
    let record = made_up();
    let text = export(&record, Format::Go);
    assert!(text.starts_with("goos: linux\ngoarch: "), "{text}");
    assert!(text.contains("\nUnit ns/op better=lower\n"));
    let lines: Vec<&str> = text
        .lines()
        .filter(|it| it.starts_with("Benchmark"))
        .collect();
    let valid: usize = record
        .loads()
        .filter(|(_, it)| it.measured.is_some())
        .count();
    assert_eq!(lines.len(), valid);
    let first: Vec<&str> = lines[0].split(' ').collect();
    assert!(
        first[0].starts_with("BenchmarkModuleLoad/workload=alpha/path=parse/engine="),
        "{first:?}"
    );
    assert_eq!((first[1], first[3]), ("1", "ns/op"));
    assert!(first[2].parse::<u64>().unwrap() > 1_000_000);
}

#[test]
fn medians_have_their_limits_in_both_kinds_of_json() {
    let record = made_up();
    let bencher: Value = serde_json::from_str(&export(&record, Format::Bmf)).unwrap();
    let (name, measures) = bencher.as_object().unwrap().iter().next().unwrap();
    assert!(name.starts_with("alpha/parse/"), "{name}");
    let latency = &measures["latency"];
    let [low, value, high] = ["lower_value", "value", "upper_value"].map(|it| latency[it].as_f64());
    assert!(
        low <= value && value <= high && value > Some(1e6),
        "{latency}"
    );
    let github: Value = serde_json::from_str(&export(&record, Format::Github)).unwrap();
    let entry = &github[0];
    assert!(
        entry["name"]
            .as_str()
            .unwrap()
            .starts_with("load: alpha/parse/")
    );
    assert_eq!(entry["unit"], "ms");
    assert!((entry["value"].as_f64().unwrap() * 1e6 - value.unwrap()).abs() < 1.0);
    assert!(entry["range"].as_str().unwrap().starts_with("± "));
}

#[test]
fn families_are_whole_and_in_base_units() {
    let text = export(&made_up(), Format::Openmetrics);
    assert!(text.ends_with("# EOF\n"));
    let load = "# TYPE jsc_module_load_seconds gauge\n# UNIT jsc_module_load_seconds seconds\n# HELP jsc_module_load_seconds ";
    assert!(text.contains(load), "{text}");
    let sample = text
        .lines()
        .find(|it| it.starts_with("jsc_module_load_seconds{workload=\"alpha\",path=\"parse\""))
        .unwrap();
    let value: f64 = sample.split(' ').nth(1).unwrap().parse().unwrap();
    assert!((0.001..1.0).contains(&value), "{sample}");
    // A family stands in one piece.
    let mut families: Vec<&str> = text
        .lines()
        .filter_map(|it| it.strip_prefix("# TYPE "))
        .collect();
    let count = families.len();
    families.dedup();
    assert_eq!(families.len(), count);
}
