//! How the time of a load grows with its graph: a line for each path, both axes logarithmic.

use plotters::chart::{ChartBuilder, SeriesLabelPosition};
use plotters::coord::combinators::IntoLogRange;
use plotters::element::Circle;
use plotters::series::LineSeries;
use plotters::style::{BLACK, Color, WHITE};

use super::{FONT, Picture, color, draw, name, words};
use crate::growth::{GrowthSummary, summarize_growth};
use crate::render::three_digits;
use record::Metric;
use record::RunRecord;
use sample::LoadPath;
use stats::Confidence;

/// One picture for each series and engine.
pub fn pictures(record: &RunRecord) -> Result<Vec<Picture>, String> {
    let summaries = summarize_growth(record, &[Metric::Load], Confidence::P95);
    let same =
        |a: &GrowthSummary, b: &GrowthSummary| (&a.series, &a.engine) == (&b.series, &b.engine);
    let mut pictures = Vec::new();
    for group in summaries.chunk_by(same) {
        let lines: Vec<Line> = group.iter().map(Line::of).collect();
        if lines.iter().all(|line| line.points.is_empty()) {
            continue;
        }
        let (series, engine) = (&group[0].series, &group[0].engine);
        let identity = record.engines.iter().find(|it| it.name == *engine);
        let version = identity.map_or(engine.as_str(), |it| it.label());
        let (by, axis) = match series.as_str() {
            "bytes" => ("bytes of source", "bytes of source for each module"),
            _ => ("modules", "modules"),
        };
        pictures.push(Picture {
            name: name(record, &format!("growth-{series}-{version}")),
            shows: format!("Time of a load by number of {by} and path on JavaScriptCore {version}"),
            svg: svg(&lines, axis)?,
        });
    }
    Ok(pictures)
}

struct Line {
    path: LoadPath,
    points: Vec<(f64, f64)>,
}

impl Line {
    fn of(summary: &GrowthSummary) -> Self {
        let steps = summary.steps.iter();
        let points = steps.filter_map(|step| Some((step.size, step.value?.value)));
        Self {
            path: summary.path,
            // What is not above 0 has no logarithm.
            points: points.filter(|it| it.0 > 0.0 && it.1 > 0.0).collect(),
        }
    }
}

fn svg(lines: &[Line], axis: &str) -> Result<String, String> {
    let points = || lines.iter().flat_map(|line| &line.points);
    let range = |of: fn(&(f64, f64)) -> f64| {
        let low = points().map(of).fold(f64::INFINITY, f64::min);
        let high = points().map(of).fold(0.0, f64::max);
        low / 1.2..high * 1.2
    };
    draw((760, 420), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(range(|it| it.0).log_scale(), range(|it| it.1).log_scale())
            .map_err(words)?;
        chart
            .configure_mesh()
            .x_label_formatter(&|size| format!("{size:.0}"))
            .y_label_formatter(&|time| three_digits(*time))
            .x_desc(axis)
            .y_desc("load, ms")
            .label_style(FONT)
            .light_line_style(WHITE)
            .draw()
            .map_err(words)?;
        for line in lines {
            let color = color(line.path);
            chart
                .draw_series(LineSeries::new(
                    line.points.iter().copied(),
                    color.stroke_width(2),
                ))
                .map_err(words)?;
            let points = line.points.iter();
            chart
                .draw_series(points.map(|place| Circle::new(*place, 4, color.filled())))
                .map_err(words)?
                .label(line.path.name())
                .legend(move |place| Circle::new(place, 4, color.filled()));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.2))
            .label_font(FONT)
            .draw()
            .map_err(words)
    })
}
