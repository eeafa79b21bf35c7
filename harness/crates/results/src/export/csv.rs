//! Every load as a row.

use record::{Block, KeptLoad, Metric, RunRecord};

use super::base;

/// A row for each load, in the order in which they ran. Times are nanoseconds, memory bytes.
pub fn text(record: &RunRecord) -> String {
    let mut header = vec![
        "run", "started", "machine", "engine", "workload", "path", "round", "void", "error",
    ];
    let metrics = super::metrics(record);
    header.extend(metrics.iter().map(|it| column(*it)));
    header.extend(["modules", "parses", "cache_hits", "cache_bytes"]);
    let mut text = line(header.into_iter().map(str::to_owned));
    for block in &record.blocks {
        for load in &block.loads {
            text += &line(row(record, block, load, &metrics).into_iter());
        }
    }
    text
}

fn column(metric: Metric) -> &'static str {
    match metric {
        Metric::Load => "load_ns",
        Metric::Rest => "rest_ns",
        Metric::Process => "process_ns",
        Metric::Cpu => "cpu_ns",
        Metric::Memory => "max_rss_bytes",
        Metric::Private => "private_bytes",
        Metric::Proportional => "pss_bytes",
        Metric::File => "file_bytes",
        Metric::Instructions => "instructions",
    }
}

fn row(record: &RunRecord, block: &Block, load: &KeptLoad, metrics: &[Metric]) -> Vec<String> {
    let engine = &record.engines[load.engine];
    let void = block.void.as_ref().map_or("", |it| it.name());
    let mut row = vec![
        record.run.id.clone(),
        record.run.started.to_string(),
        record.machine.id.clone(),
        engine.label().to_owned(),
        record.workloads[block.workload].name.clone(),
        load.path.name().to_owned(),
        block.round.to_string(),
        void.to_owned(),
        load.error
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    ];
    let measured = load.measured.as_ref();
    row.extend(metrics.iter().map(|metric| {
        let value = measured.and_then(|it| metric.of(it));
        value.map_or_else(String::new, |it| format!("{:.0}", base(*metric, it)))
    }));
    let facts = measured.map(|it| &it.facts);
    let cache = facts.and_then(|it| it.cache.as_ref());
    let of = |value: Option<u64>| value.map_or_else(String::new, |it| it.to_string());
    row.extend([
        of(facts.map(|it| it.modules)),
        of(facts.map(record::Facts::parses)),
        of(cache.map(|it| it.hits)),
        of(cache.map(|it| it.bytes)),
    ]);
    row
}

/// A line by RFC 4180. What a spreadsheet would take for a formula is none: a name that begins like one gets a quotation
/// mark before it.
fn line(fields: impl Iterator<Item = String>) -> String {
    let quoted = |field: String| {
        let field = match field.starts_with(['=', '+', '-', '@', '\t']) {
            true => format!("'{field}"),
            false => field,
        };
        match field.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", field.replace('"', "\"\"")),
            false => field,
        }
    };
    let fields: Vec<String> = fields.map(quoted).collect();
    format!("{}\r\n", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn fields_are_quoted_where_they_have_to_be() {
        let fields = ["a", "b,c", "say \"x\"", "two\nlines", "=1+1", ""];
        assert_eq!(
            line(fields.into_iter().map(str::to_owned)),
            "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",'=1+1,\r\n"
        );
    }
}
