//! Every valid load in Go's benchmark format.

use record::{Metric, RunRecord};

use super::{Series, base, metrics, plain};

/// One line for each valid load, so that whoever reads it sees how they vary. `benchstat -col /path` puts paths side by
/// side.
pub fn text(record: &RunRecord) -> String {
    let machine = &record.machine;
    let architecture = match &*machine.architecture {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let mut text = format!(
        "goos: linux\ngoarch: {architecture}\npkg: jsc-harness\ncpu: {}\nrun: {}\n",
        machine.cpu, record.run.id
    );
    let metrics = metrics(record);
    for &metric in &metrics {
        text += &format!("Unit {} better=lower\n", unit(metric));
    }
    for series in Series::all(record) {
        let name = format!(
            "BenchmarkModuleLoad/workload={}/path={}/engine={}",
            word(series.workload()),
            series.path.name(),
            word(series.engine())
        );
        for block in record.valid_blocks(series.workload) {
            let load = block.sample(series.engine, series.path);
            let Some(measured) = load.and_then(|it| it.measured.as_ref()) else {
                continue;
            };
            let values = metrics.iter().filter_map(|&metric| {
                let value = base(metric, metric.of(measured)?).round();
                Some(format!("{} {}", plain(value), unit(metric)))
            });
            let values: Vec<String> = values.collect();
            text += &format!("{name} 1 {}\n", values.join(" "));
        }
    }
    text
}

/// A unit that begins with `ns` is a time to benchstat.
fn unit(metric: Metric) -> &'static str {
    match metric {
        Metric::Load => "ns/op",
        Metric::Rest => "rest-ns/op",
        Metric::Process => "process-ns/op",
        Metric::Cpu => "cpu-ns/op",
        Metric::Memory => "max-rss-bytes",
        Metric::Private => "private-bytes",
        Metric::Proportional => "pss-bytes",
        Metric::File => "file-bytes",
        Metric::Instructions => "instructions",
    }
}

/// A part of a name has no space, and a slash would begin another part.
fn word(text: &str) -> String {
    let plain = |it: char| match it.is_whitespace() || it == '/' || it.is_control() {
        true => '_',
        false => it,
    };
    text.chars().map(plain).collect()
}
