//! Medians with intervals, as JSON for two tools.

use record::{Metric, RunRecord};
use serde_json::{Map, Value, json};

use super::{Series, metrics};

/// Bencher Metric Format: benchmarks by name, in each its measures with value and limits.
pub fn bencher(record: &RunRecord) -> String {
    let mut benchmarks = Map::new();
    let metrics = metrics(record);
    for series in Series::all(record) {
        let mut measures = Map::new();
        for &metric in &metrics {
            let Some(middle) = series.median(metric) else {
                continue;
            };
            let mut value = json!({"value": middle.value});
            if let Some(interval) = middle.interval {
                value["lower_value"] = interval.low.into();
                value["upper_value"] = interval.high.into();
            }
            measures.insert(measure(metric).to_owned(), value);
        }
        if !measures.is_empty() {
            benchmarks.insert(series.name(), Value::Object(measures));
        }
    }
    pretty(&Value::Object(benchmarks))
}

/// `latency` is Bencher's own measure, in nanoseconds.
fn measure(metric: Metric) -> &'static str {
    match metric {
        Metric::Load => "latency",
        Metric::Rest => "rest",
        Metric::Process => "process",
        Metric::Cpu => "cpu",
        Metric::Memory => "max-rss",
        Metric::Private => "private",
        Metric::Proportional => "pss",
        Metric::File => "file",
        Metric::Instructions => "instructions",
    }
}

/// An array for github-action-benchmark. It draws one line for each name, so that the metric is part of it.
pub fn github(record: &RunRecord) -> String {
    let mut entries = Vec::new();
    for metric in metrics(record) {
        for series in Series::all(record) {
            let Some(middle) = series.median(metric) else {
                continue;
            };
            let (unit, scale) = match metric {
                Metric::Memory | Metric::Private | Metric::Proportional | Metric::File => {
                    ("bytes", 1.0)
                }
                Metric::Instructions => ("instructions", 1.0),
                _ => ("ms", 1e-6),
            };
            let mut entry = json!({
                "name": format!("{}: {}", metric.name(), series.name()),
                "unit": unit,
                "value": middle.value * scale,
                "extra": format!("median of {}, {}", middle.samples, record.run.id),
            });
            if let Some(interval) = middle.interval {
                let half = (interval.high - interval.low) / 2.0 * scale;
                entry["range"] = format!("± {half:.4}").into();
            }
            entries.push(entry);
        }
    }
    pretty(&Value::Array(entries))
}

fn pretty(value: &Value) -> String {
    // What was made here can be written.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{text}\n")
}
