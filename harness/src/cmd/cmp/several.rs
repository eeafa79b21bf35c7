//! More than two results, in one table.

use std::collections::BTreeMap;

use results::comparison::{Comparison, Row};
use results::render::{ABSENT, Style, lay_out_with, three_digits, two_decimals};
use sample::LoadPath;

/// One row of the table: what was loaded, on which engine of the first result.
type Key = (String, String, LoadPath);

/// Medians of every result, and each divided by that of the first.
pub fn text(comparisons: &[Comparison], style: Style) -> String {
    let Some(any) = comparisons.first() else {
        return String::new();
    };
    let mut lines = vec![format!("{}: {}", letter(0), any.runs[0])];
    for (place, it) in comparisons.iter().enumerate() {
        lines.push(format!("{}: {}", letter(place + 1), it.runs[1]));
        lines.extend(it.differences.iter().map(|it| format!("   different {it}")));
        if let Some(reason) = &it.incomparable {
            lines.push(format!("   put side by side, but not compared: {reason}"));
        }
        for left_out in &it.left_out {
            let (workload, reason) = (&left_out.workload, &left_out.reason);
            lines.push(format!("   not compared: {workload}: {reason}"));
        }
    }
    if style == Style::Markdown {
        // Each is a paragraph's line of its own.
        lines = lines.iter().map(|it| format!("- {}", it.trim())).collect();
    }
    if comparisons.iter().all(|it| it.rows.is_empty()) {
        lines.push("nothing of these compares".to_owned());
        return lines.join("\n");
    }
    lines.push(String::new());
    lines.push(table(comparisons, style));
    lines.join("\n")
}

fn table(comparisons: &[Comparison], style: Style) -> String {
    let unit = comparisons[0].unit;
    let mut header = vec!["workload".to_owned(), "path".to_owned()];
    header.push(format!("{}, {unit}", letter(0)));
    for place in 1..=comparisons.len() {
        header.push(format!("{}, {unit}", letter(place)));
        header.push(format!("{}/{}", letter(place), letter(0)));
    }
    let rows = rows(comparisons);
    let several = {
        let mut engines: Vec<&String> = rows.keys().map(|(_, engine, _)| engine).collect();
        engines.dedup();
        engines.len() > 1
    };
    let row = |((workload, engine, path), found): (&Key, &Vec<Option<&Row>>)| {
        let name = match several {
            true => format!("{workload} on {engine}"),
            false => workload.clone(),
        };
        let first = found.iter().flatten().next();
        let mut row = vec![name, path.name().to_owned()];
        row.push(median(first.copied(), 0));
        for it in found {
            row.push(median(*it, 1));
            row.push(it.map_or_else(|| ABSENT.to_owned(), ratio));
        }
        row
    };
    let numbers = 2..header.len();
    lay_out_with(header, rows.iter().map(row).collect(), numbers, style)
}

/// Rows of all comparisons by what they are of.
fn rows(comparisons: &[Comparison]) -> BTreeMap<Key, Vec<Option<&Row>>> {
    let mut rows: BTreeMap<Key, Vec<Option<&Row>>> = BTreeMap::new();
    for (place, comparison) in comparisons.iter().enumerate() {
        for row in &comparison.rows {
            let key = (row.workload.clone(), row.engines[0].clone(), row.path);
            let found = rows
                .entry(key)
                .or_insert_with(|| vec![None; comparisons.len()]);
            found[place] = Some(row);
        }
    }
    rows
}

fn median(row: Option<&Row>, side: usize) -> String {
    let value = row.and_then(|it| it.values[side].as_ref());
    value.map_or_else(|| ABSENT.to_owned(), |it| three_digits(it.value))
}

fn ratio(row: &Row) -> String {
    let overlap = match row.values_overlap {
        Some(true) => " ~",
        _ => "",
    };
    let ratio = row.ratio.map(two_decimals);
    ratio.map_or_else(|| ABSENT.to_owned(), |it| format!("{it}{overlap}"))
}

/// A, B, …, Z, 27, 28, …
fn letter(place: usize) -> String {
    let letter = u8::try_from(place).ok().filter(|it| *it < 26);
    letter.map_or_else(
        || (place + 1).to_string(),
        |it| char::from(b'A' + it).to_string(),
    )
}
