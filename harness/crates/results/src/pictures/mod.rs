//! Pictures of a run for `results/README.md`: SVG, which shows wherever Markdown does. The same run gives the same bytes.

mod gains;
mod growth;

use std::fmt::Display;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::{RGBColor, WHITE};

use record::{PageCache, Purpose, RunRecord};
use sample::LoadPath;

/// The folder of the pictures, in the folder of results.
pub const FOLDER: &str = "pictures";

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The name of its file. The next run of the same kind has a picture of the same name.
    pub name: String,
    /// What it shows, in words.
    pub shows: String,
    /// The file.
    pub svg: String,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[error("a picture of {run} cannot be drawn: {what}")]
pub struct PictureError {
    pub run: String,
    /// What the library said.
    pub what: String,
}

/// The pictures of a run, in the order in which they are shown.
pub fn pictures(record: &RunRecord) -> Result<Vec<Picture>, PictureError> {
    let drawn = match record.run.purpose {
        Purpose::Workloads => gains::pictures(record),
        Purpose::Growth => growth::pictures(record),
    };
    drawn.map_err(|what| PictureError {
        run: record.run.id.clone(),
        what,
    })
}

/// Names what is shown of this kind of run.
fn name(record: &RunRecord, what: &str) -> String {
    let engines: Vec<&str> = record.engines.iter().map(|it| it.label()).collect();
    let page_cache = match record.conditions.page_cache {
        PageCache::Warm => "warm",
        PageCache::Cold => "cold",
    };
    let machine = &record.machine.id;
    format!("{}-{page_cache}-{machine}-{what}.svg", engines.join("-"))
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A picture of this size, made by `draw`. It is white, in the dark, too: a page may not say what it is shown on.
fn draw(
    size: (u32, u32),
    draw: impl FnOnce(&Area<'_>) -> Result<(), String>,
) -> Result<String, String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE).map_err(words)?;
        draw(&area)?;
        area.present().map_err(words)?;
    }
    Ok(svg)
}

fn words(error: impl Display) -> String {
    error.to_string()
}

/// As in the report.
fn color(path: LoadPath) -> RGBColor {
    match path {
        LoadPath::Parse => RGBColor(0x7A, 0x82, 0x8C),
        LoadPath::Bytecode => RGBColor(0xC2, 0x69, 0x0A),
        LoadPath::Full => RGBColor(0x24, 0x59, 0xC9),
        LoadPath::Graph => RGBColor(0x1D, 0x8A, 0x5F),
    }
}

const FONT: (&str, i32) = ("sans-serif", 14);

#[cfg(test)]
mod tests {
    use super::*;
    use record::Series;
    use testing::records as testing;

    fn run() -> RunRecord {
        testing::record(&["first", "second"], 8, |_, round, path| match path {
            LoadPath::Parse => 3_000_000 + u64::from(round),
            LoadPath::Bytecode => 2_000_000 + 100_000 * u64::from(round % 3),
            _ => 1_000_000,
        })
    }

    #[test]
    fn a_run_shows_the_gain_of_each_workload() {
        let drawn = pictures(&run()).unwrap();
        assert_eq!(drawn.len(), 1);
        assert_eq!(drawn[0].name, "9.9.9-warm-0123abcd-gains-9.9.9.svg");
        let svg = &drawn[0].svg;
        for text in ["first", "second", "bytecode", "full"] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text} in {svg}");
        }
        // A point for each workload and cached path, and one for each path in the legend.
        assert_eq!(svg.matches("<circle").count(), 2 * 2 + 2);
        assert_eq!(pictures(&run()).unwrap(), drawn);
    }

    #[test]
    fn growing_graphs_show_a_line_for_each_path() {
        let mut record = run();
        record.run.purpose = Purpose::Growth;
        for (index, workload) in record.workloads.iter_mut().enumerate() {
            workload.series = Some(Series {
                name: "modules".to_owned(),
                size: 10 * (index as u64 + 1),
            });
        }
        let drawn = pictures(&record).unwrap();
        assert_eq!(drawn.len(), 1);
        assert_eq!(
            drawn[0].name,
            "9.9.9-warm-0123abcd-growth-modules-9.9.9.svg"
        );
        assert!(drawn[0].svg.matches("<polyline").count() >= 3);
    }

    #[test]
    fn nothing_measured_nothing_shown() {
        let mut record = run();
        record.blocks.clear();
        assert_eq!(pictures(&record).unwrap(), []);
        record.run.purpose = Purpose::Growth;
        assert_eq!(pictures(&record).unwrap(), []);
    }
}
