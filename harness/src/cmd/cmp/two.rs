//! Two results, in full.

use results::comparison::{Comparison, Row};
use results::render::{Style, estimate, lay_out, three_digits, two_decimals};

/// Both results with their intervals.
pub fn text(comparison: &Comparison, style: Style) -> String {
    let [a, b] = &comparison.runs;
    let mut lines = vec![format!("A: {a}"), format!("B: {b}")];
    lines.extend(
        comparison
            .differences
            .iter()
            .map(|difference| format!("different {difference}")),
    );
    if let Some(reason) = &comparison.incomparable {
        lines.push(format!("put side by side, but not compared: {reason}"));
    }
    for left_out in &comparison.left_out {
        lines.push(format!(
            "not compared: {}: {}",
            left_out.workload, left_out.reason
        ));
    }
    if comparison.rows.is_empty() {
        lines.push("nothing of the two compares".to_owned());
        return lines.join("\n");
    }
    lines.push(String::new());
    lines.push(table(comparison, style));
    let overlap = &comparison.overlap;
    lines.push(format!(
        "\nintervals overlap: {} of {} medians, {} of {} gains",
        overlap.values, overlap.values_of, overlap.gains, overlap.gains_of
    ));
    lines.join("\n")
}

fn table(comparison: &Comparison, style: Style) -> String {
    let header = vec![
        "workload".to_owned(),
        "path".to_owned(),
        format!("A, {}", comparison.unit),
        format!("B, {}", comparison.unit),
        "B/A".to_owned(),
        String::new(),
        "gain A".to_owned(),
        "gain B".to_owned(),
        String::new(),
    ];
    let several = comparison
        .rows
        .iter()
        .any(|row| row.engines != comparison.rows[0].engines);
    let rows = comparison
        .rows
        .iter()
        .map(|row| {
            let name = if several {
                format!("{} on {}", row.workload, row.engines[0])
            } else {
                row.workload.clone()
            };
            let Row { values, gains, .. } = row;
            let ratio = row.ratio.map_or_else(|| "-".to_owned(), two_decimals);
            vec![
                name,
                row.path.name().to_owned(),
                estimate(values[0].as_ref(), three_digits),
                estimate(values[1].as_ref(), three_digits),
                ratio,
                apart(row.values_overlap),
                estimate(gains[0].as_ref(), two_decimals),
                estimate(gains[1].as_ref(), two_decimals),
                apart(row.gains_overlap),
            ]
        })
        .collect();
    lay_out(header, rows, style)
}

fn apart(overlap: Option<bool>) -> String {
    match overlap {
        Some(false) => "apart".to_owned(),
        _ => String::new(),
    }
}
