//! The report: one HTML file with everything that a history of results shows, charts included.
//!
//! The numbers are computed here, by the same code as the tables of `measure` and `cmp`; the page only draws them. It
//! asks for nothing over a network: the libraries that draw the charts and sort the table are part of the file.

mod html;
mod libraries;
mod newest;
mod suite;
mod timeline;

use serde::Serialize;
use serde_json::json;

use crate::environment::{Environment, Environments};
use newest::Newest;
use record::RunRecord;
use timeline::Timeline;

pub use libraries::{Libraries, LibrariesError};

/// A file beside the report that it links: a flame graph, a bisect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is about.
    pub title: String,
    /// Where it is, as seen from the report.
    pub href: String,
}

/// The report of a history, oldest run first, with what it links.
pub fn report(history: &[RunRecord], links: &[Link], libraries: &Libraries) -> String {
    html::page(&json!(Data::of(history, links)).to_string(), libraries)
}

/// Everything that the page draws.
#[derive(Debug, Serialize)]
struct Data<'a> {
    /// How many runs the history has.
    runs: usize,
    /// Environments, in order of their first run.
    environments: Vec<Environment>,
    /// Medians and gains over time.
    timeline: Timeline<'a>,
    /// The newest run of every condition and suite, the newest first.
    newest: Vec<Newest<'a>>,
    /// Files beside the report.
    links: &'a [Link],
}

impl<'a> Data<'a> {
    fn of(history: &'a [RunRecord], links: &'a [Link]) -> Self {
        let mut environments = Environments::default();
        let timeline = timeline::timeline(history, &mut environments);
        Self {
            runs: history.len(),
            newest: newest::newest(history),
            links,
            timeline,
            environments: environments.all(),
        }
    }
}
