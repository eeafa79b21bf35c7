//! A page in a headless browser.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// The browsers that will do, by their commands.
const BROWSERS: [&str; 5] = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

const PROBE: &str = include_str!("probe.js");

/// Which colours a person prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    Light,
    Dark,
}

/// What is to be seen.
#[derive(Debug, Deserialize)]
pub struct Seen {
    pub width: f64,
    pub scroll_width: f64,
    pub dark: bool,
    pub background: String,
    pub color: String,
    pub fetched: Vec<String>,
    pub text: String,
    /// What is chosen for the page and for the first chart.
    pub chosen: Vec<String>,
    /// Where the files beside the report are.
    pub links: Vec<String>,
    pub charts: Vec<Chart>,
    pub sorted: Option<Sorted>,
    pub after_choice: Option<AfterChoice>,
    pub errors: Vec<String>,
}

/// One part of the page.
#[derive(Debug, Deserialize)]
pub struct Chart {
    pub id: String,
    pub title: String,
    pub caption: String,
    pub note: Option<String>,
    pub marks: usize,
    pub labels: Vec<String>,
    pub outside: Vec<String>,
    pub overlapping: Vec<String>,
    pub height: f64,
}

/// A column of the table before and after clicks on its heading.
#[derive(Debug, Deserialize)]
pub struct Sorted {
    pub before: Vec<String>,
    pub once: Vec<String>,
    pub twice: Vec<String>,
}

/// What became of a chart when something else was chosen.
#[derive(Debug, Deserialize)]
pub struct AfterChoice {
    pub options: usize,
    pub redrawn: bool,
}

/// Opens a report in a window so wide, and looks at it.
pub fn look(report: &Path, width: u32, colors: Colors) -> Seen {
    look_at(report, "", width, colors)
}

/// The same, under an address with this at its end.
pub fn look_at(report: &Path, fragment: &str, width: u32, colors: Colors) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("probed.html");
    let html = fs::read_to_string(report).unwrap();
    let probed = html.replacen("</head>", &format!("<script>{PROBE}</script></head>"), 1);
    assert_ne!(html, probed);
    fs::write(&page, probed).unwrap();
    let scheme = match colors {
        Colors::Dark => 0,
        Colors::Light => 1,
    };
    let output = Command::new(browser())
        // A sandbox needs rights that root in a container does not have; the page is our own.
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=5000"])
        .args(["--timeout=60000", "--no-first-run", "--hide-scrollbars"])
        .arg(format!("--window-size={width},900"))
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .arg(format!("file://{}{fragment}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let seen = dom
        .split_once("<pre id=\"probe\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map(|(json, _)| json)
        .unwrap_or_else(|| panic!("the browser showed nothing: {stderr}"));
    let console: Vec<&str> = stderr
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect();
    assert!(console.is_empty(), "{console:?}");
    serde_json::from_str(seen).unwrap_or_else(|error| panic!("{error}: {seen}"))
}

fn browser() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    BROWSERS
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
        .expect(
            "no browser to look at reports with; hint: cargo xtask setup, which installs chromium-headless-shell",
        )
}
