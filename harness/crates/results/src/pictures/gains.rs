//! How many times as much the parse path takes: a row for each workload, a point with its interval for each path.

use plotters::chart::{ChartBuilder, SeriesLabelPosition};
use plotters::coord::combinators::IntoLogRange;
use plotters::element::{Circle, PathElement};
use plotters::style::{BLACK, Color, WHITE};

use super::{FONT, Picture, color, draw, name, words};
use crate::summary::{EngineSummary, summarize};
use record::RunRecord;
use sample::LoadPath;
use stats::{Confidence, Estimate};

/// One picture for each engine that has gains.
pub fn pictures(record: &RunRecord) -> Result<Vec<Picture>, String> {
    let summary = summarize(record, record.main_metric(), Confidence::P95);
    let mut pictures = Vec::new();
    for (engine, identity) in summary.engines.iter().zip(&record.engines) {
        let rows = rows(engine);
        if rows.iter().all(|row| row.gains.is_empty()) {
            continue;
        }
        pictures.push(Picture {
            name: name(record, &format!("gains-{}", identity.label())),
            shows: format!(
                "Gain of each workload by path on JavaScriptCore {}, with 95 % intervals",
                identity.label()
            ),
            svg: svg(&rows)?,
        });
    }
    Ok(pictures)
}

struct Row<'a> {
    workload: &'a str,
    gains: Vec<(LoadPath, Estimate)>,
}

fn rows(engine: &EngineSummary) -> Vec<Row<'_>> {
    // From bottom to top.
    let workloads = engine.workloads.iter().rev();
    workloads
        .map(|it| Row {
            workload: &it.workload,
            gains: it
                .paths
                .iter()
                .filter(|path| path.path != LoadPath::Parse)
                .filter_map(|path| Some((path.path, path.gain?)))
                .collect(),
        })
        .collect()
}

fn svg(rows: &[Row<'_>]) -> Result<String, String> {
    let estimates = || rows.iter().flat_map(|row| &row.gains).map(|(_, gain)| gain);
    let from = estimates().map(low).fold(1.0, f64::min) / 1.05;
    let to = estimates().map(high).fold(1.0, f64::max) * 1.05;
    let mut paths: Vec<LoadPath> = rows
        .iter()
        .flat_map(|row| &row.gains)
        .map(|it| it.0)
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let height = 90 + 34 * rows.len() as u32;
    draw((760, height), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(150)
            .build_cartesian_2d((from..to).log_scale(), -0.6..rows.len() as f64 - 0.4)
            .map_err(words)?;
        // A label at every whole number: its row.
        let label = |place: &f64| match place.fract().abs() < 0.01 && *place > -0.1 {
            true => rows
                .get(place.round() as usize)
                .map_or("", |row| row.workload)
                .to_owned(),
            false => String::new(),
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .y_labels(2 * rows.len() + 2)
            .y_label_formatter(&label)
            .x_label_formatter(&|gain| x_label(*gain, to / from))
            .x_desc("parse / path: how many times as much the parse path takes")
            .label_style(FONT)
            .light_line_style(WHITE)
            .draw()
            .map_err(words)?;
        let one = [(1.0, -0.6), (1.0, rows.len() as f64 - 0.4)];
        chart
            .draw_series([PathElement::new(one, BLACK.mix(0.6))])
            .map_err(words)?;
        for (index, path) in paths.iter().enumerate() {
            let color = color(*path);
            let offset = 0.22 * ((paths.len() - 1) as f64 / 2.0 - index as f64);
            let of_path = || {
                let rows = rows.iter().enumerate();
                rows.flat_map(move |(place, row)| {
                    let gains = row.gains.iter().filter(move |it| it.0 == *path);
                    gains.map(move |(_, gain)| (place as f64 + offset, *gain))
                })
            };
            chart
                .draw_series(of_path().map(|(place, gain)| {
                    let ends = [(low(&gain), place), (high(&gain), place)];
                    PathElement::new(ends, color.stroke_width(2))
                }))
                .map_err(words)?;
            let points =
                of_path().map(|(place, gain)| Circle::new((gain.value, place), 4, color.filled()));
            chart
                .draw_series(points)
                .map_err(words)?
                .label(path.name())
                .legend(move |place| Circle::new(place, 4, color.filled()));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.2))
            .label_font(FONT)
            .draw()
            .map_err(words)
    })
}

/// Where there are many, only 1, 2 and 5 in each power of ten have room.
fn x_label(gain: f64, range: f64) -> String {
    let digit = gain / 10_f64.powf(gain.log10().floor());
    let has_room = [1.0, 2.0, 5.0].iter().any(|it| (it - digit).abs() < 0.01);
    match range > 6.0 && !has_room {
        true => String::new(),
        false => format!("{}", (gain * 100.0).round() / 100.0),
    }
}

fn low(gain: &Estimate) -> f64 {
    gain.interval.map_or(gain.value, |it| it.low)
}

fn high(gain: &Estimate) -> f64 {
    gain.interval.map_or(gain.value, |it| it.high)
}
