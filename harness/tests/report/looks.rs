//! What a person sees, on a phone and on a desk, by day and by night.

use crate::browser::{Chart, Colors, Seen, look, look_at};
use crate::command::report;
use crate::histories::{real, rich, write};

const PHONE: u32 = 390;
const DESK: u32 = 1280;

/// The parts of a whole report, in order.
const CHARTS: [&str; 8] = [
    "gain", "absolute", "forest", "phases", "samples", "cache", "peers", "growth",
];

fn chart<'a>(seen: &'a Seen, id: &str) -> &'a Chart {
    let of = |chart: &&Chart| chart.id == id;
    seen.charts
        .iter()
        .find(of)
        .unwrap_or_else(|| panic!("{id}"))
}

/// What holds for every report, however it is looked at.
fn fits(seen: &Seen, width: u32) {
    assert_eq!(seen.errors, Vec::<String>::new());
    assert_eq!(seen.fetched, Vec::<String>::new(), "nothing is fetched");
    assert_eq!(seen.width, f64::from(width));
    assert!(
        seen.scroll_width <= seen.width,
        "{} wide",
        seen.scroll_width
    );
    for chart in &seen.charts {
        let Chart { id, .. } = chart;
        assert!(!chart.title.is_empty(), "{id}");
        assert_eq!(chart.outside, Vec::<String>::new(), "{id} at {width}");
        assert_eq!(chart.overlapping, Vec::<String>::new(), "{id} at {width}");
    }
}

fn drawn(chart: &Chart) {
    let Chart { id, .. } = chart;
    assert_eq!(chart.note, None, "{id}");
    assert!(chart.marks > 10, "{id}: {} marks", chart.marks);
    assert!(chart.height > 100.0, "{id}: {} high", chart.height);
    assert!(chart.caption.starts_with("How to read it:"), "{id}");
}

/// The brightness of `rgb(…)`, 0 to 255.
fn brightness(color: &str) -> f64 {
    let numbers: Vec<f64> = color
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    0.3 * numbers[0] + 0.6 * numbers[1] + 0.1 * numbers[2]
}

#[test]
fn every_chart_is_drawn_and_nothing_overflows() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("history"), &rich());
    let file = report(folder.path());
    for (width, colors) in [(PHONE, Colors::Light), (DESK, Colors::Dark)] {
        let seen = look(&file, width, colors);
        fits(&seen, width);
        for id in CHARTS {
            drawn(chart(&seen, id));
        }
        assert_eq!(seen.dark, colors == Colors::Dark);
        let contrast = brightness(&seen.color) - brightness(&seen.background);
        assert!(if seen.dark {
            contrast > 150.0
        } else {
            contrast < -150.0
        });
    }
}

#[test]
fn axes_name_what_they_show_and_environments_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("history"), &rich());
    let seen = look(&report(folder.path()), DESK, Colors::Light);
    let labels = |id: &str| chart(&seen, id).labels.join("\n");
    for (id, label) in [
        ("gain", "↑ gain (time by parse / time by path)"),
        ("absolute", "↑ load time (ms, median)"),
        ("absolute", "E2"),
        ("forest", "geometric mean"),
        ("forest", "babylon-flow-graph"),
        ("phases", "share of the time by parse (%) →"),
        ("samples", "↑ load time (ms)"),
        ("cache", "bytes of cache for each byte of source →"),
        ("peers", "time of the whole process (ms, median) →"),
        ("peers", "bun, compiled"),
        ("growth", "modules in the graph (logarithmic) →"),
    ] {
        assert!(labels(id).contains(label), "{label} in {}", labels(id));
    }
    assert!(chart(&seen, "absolute").caption.contains("9.9.9-next"));
    assert!(
        chart(&seen, "growth")
            .caption
            .contains("slope the exponent")
    );
    let peers = &chart(&seen, "peers").caption;
    assert!(
        peers.contains("d3 by bun, compiled: it printed \"b\" where this program prints \"a\""),
        "{peers}"
    );
    assert!(seen.text.contains("Exponents over all sizes: parse"));
}

#[test]
fn the_table_sorts_and_choices_redraw() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("history"), &rich());
    let seen = look(&report(folder.path()), DESK, Colors::Light);
    let sorted = seen.sorted.unwrap();
    let mut names = sorted.before.clone();
    names.sort();
    assert_ne!(sorted.before, names, "not in order from the start");
    let mut reversed = names.clone();
    reversed.reverse();
    let either = [&names, &reversed];
    assert!(either.contains(&&sorted.once) && either.contains(&&sorted.twice));
    assert_ne!(sorted.once, sorted.twice);
    let choice = seen.after_choice.unwrap();
    assert_eq!(choice.options, 8);
    assert!(choice.redrawn);
}

#[test]
fn one_run_is_a_report_and_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("history"), &[real()]);
    let seen = look(&report(folder.path()), PHONE, Colors::Dark);
    fits(&seen, PHONE);
    drawn(chart(&seen, "samples"));
    let note = chart(&seen, "growth").note.clone().unwrap();
    assert!(
        note.contains("jsc-harness measure --growth --history"),
        "{note}"
    );
}

#[test]
fn no_run_is_a_report_that_tells_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("history"), &[]);
    std::fs::create_dir_all(folder.path().join("history")).unwrap();
    let seen = look(&report(folder.path()), PHONE, Colors::Light);
    fits(&seen, PHONE);
    assert!(
        seen.text
            .contains("There are no results yet. Next: jsc-harness measure --history")
    );
    assert!(seen.charts.is_empty());
}

#[test]
fn names_and_errors_are_text_whatever_is_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = real();
    let name = "</script><script>throw 1</script><img src=x>";
    record.workloads[0].name = name.to_owned();
    write(&folder.path().join("history"), &[record]);
    let seen = look(&report(folder.path()), DESK, Colors::Light);
    assert_eq!(seen.errors, Vec::<String>::new());
    assert_eq!(seen.fetched, Vec::<String>::new());
    assert!(seen.text.contains(name), "{}", seen.text);
}

#[test]
fn suites_are_series_of_their_own_and_an_address_leads_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = rich();
    for (place, record) in history.iter_mut().enumerate() {
        // The newest of all is somebody's trial; what is measured every night comes first.
        let suite = if place < 38 { "bench" } else { "smoke" };
        record.run.command = ["measure", "--suite", suite].map(str::to_owned).into();
    }
    write(&folder.path().join("history"), &history);
    let kept = folder.path().join("profiles/d3");
    std::fs::create_dir_all(&kept).unwrap();
    std::fs::write(kept.join("difference.svg"), "").unwrap();
    let file = report(folder.path());
    let seen = look(&file, DESK, Colors::Light);
    assert_eq!(
        seen.chosen[1..3],
        ["suite bench", "suite bench, geometric mean"]
    );
    assert_eq!(seen.links, ["../profiles/d3/difference.svg"]);
    assert!(seen.errors.is_empty(), "{:?}", seen.errors);
    let seen = look_at(
        &file,
        "#suite=suite+smoke&workload=d3&at=gain",
        PHONE,
        Colors::Dark,
    );
    assert_eq!(seen.chosen[1..3], ["suite smoke", "d3"]);
    // What is not there is left as it would be.
    let seen = look_at(&file, "#suite=gone&at=nowhere", DESK, Colors::Light);
    assert_eq!(seen.chosen[1], "suite bench");
    assert!(seen.errors.is_empty(), "{:?}", seen.errors);
}
