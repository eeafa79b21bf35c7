//! Medians with intervals in the text format of OpenMetrics 1.0.

use record::{Metric, RunRecord};

use super::{Series, metrics};

/// One family for each metric, in base units: seconds, bytes.
pub fn text(record: &RunRecord) -> String {
    let mut text = String::new();
    for metric in metrics(record) {
        let all = Series::all(record);
        let medians = all
            .iter()
            .filter_map(|series| Some((series, series.median(metric)?)));
        let mut lines = String::new();
        for (series, middle) in medians {
            let values = [
                ("median", Some(middle.value)),
                ("low", middle.interval.map(|it| it.low)),
                ("high", middle.interval.map(|it| it.high)),
            ];
            for (bound, value) in values {
                if let Some(value) = value {
                    lines += &sample(series, metric, bound, value);
                }
            }
        }
        if !lines.is_empty() {
            let (name, unit) = family(metric);
            text += &format!("# TYPE {name} gauge\n");
            if !unit.is_empty() {
                text += &format!("# UNIT {name} {unit}\n");
            }
            text += &format!(
                "# HELP {name} {}; median and its interval at 95 %\n",
                metric.meaning()
            );
            text += &lines;
        }
    }
    text + "# EOF\n"
}

/// The family of a metric and its unit, which its name ends with.
fn family(metric: Metric) -> (&'static str, &'static str) {
    match metric {
        Metric::Load => ("jsc_module_load_seconds", "seconds"),
        Metric::Rest => ("jsc_module_rest_seconds", "seconds"),
        Metric::Process => ("jsc_module_process_seconds", "seconds"),
        Metric::Cpu => ("jsc_module_cpu_seconds", "seconds"),
        Metric::Memory => ("jsc_module_max_rss_bytes", "bytes"),
        Metric::Private => ("jsc_module_private_bytes", "bytes"),
        Metric::Proportional => ("jsc_module_pss_bytes", "bytes"),
        Metric::File => ("jsc_module_file_bytes", "bytes"),
        Metric::Instructions => ("jsc_module_instructions", ""),
    }
}

fn sample(series: &Series<'_>, metric: Metric, bound: &str, value: f64) -> String {
    let (name, unit) = family(metric);
    let value = match unit {
        "seconds" => value / 1e9,
        _ => value,
    };
    let run = &series.record.run;
    let labels = [
        ("workload", series.workload()),
        ("path", series.path.name()),
        ("engine", series.engine()),
        ("machine", &series.record.machine.id),
        ("bound", bound),
    ];
    let labels: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
        .collect();
    format!(
        "{name}{{{}}} {value} {}\n",
        labels.join(","),
        run.started.as_second()
    )
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
