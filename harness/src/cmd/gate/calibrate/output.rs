//! A calibration for people and for programs.

use serde::Serialize;

use crate::cmd::Format;
use crate::print;
use gate::Rules;
use gate::calibrate::{Rates, Simulation};
use record::Machine;
use results::render::{Style, lay_out};
use sample::LoadPath;
use stats::{Confidence, proportion_at_least, proportion_at_most};

/// Everything that a calibration says.
pub struct Calibration {
    pub machine: Machine,
    pub engine: String,
    /// Blocks of each workload, of the one that has the fewest.
    pub blocks: usize,
    pub workloads: Vec<String>,
    pub paths: Vec<LoadPath>,
    pub simulation: Simulation,
    pub simulated: Vec<Rates>,
    pub live: Vec<Rates>,
}

#[derive(Serialize)]
struct Output<'a> {
    machine: &'a Machine,
    engine: &'a str,
    blocks: usize,
    workloads: &'a [String],
    paths: &'a [LoadPath],
    rules: &'a Rules,
    seed: u64,
    budget_s: Option<f64>,
    simulated: Vec<Bounded<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    live: Vec<Bounded<'a>>,
}

/// Rates, and their one-sided 95 % bounds.
#[derive(Serialize)]
struct Bounded<'a> {
    #[serde(flatten)]
    rates: &'a Rates,
    regress_at_most: Option<f64>,
    regress_at_least: Option<f64>,
    pass_at_most: Option<f64>,
}

impl<'a> Bounded<'a> {
    fn of(rates: &'a Rates) -> Self {
        let Rates {
            gates,
            regress,
            pass,
            ..
        } = *rates;
        let at_most = |count| proportion_at_most(count, gates, Confidence::P95).ok();
        Self {
            rates,
            regress_at_most: at_most(regress),
            regress_at_least: proportion_at_least(regress, gates, Confidence::P95).ok(),
            pass_at_most: at_most(pass),
        }
    }
}

impl Calibration {
    /// Prints it.
    pub fn print(&self, format: Format) {
        match format {
            Format::Json => print::json(&Output {
                machine: &self.machine,
                engine: &self.engine,
                blocks: self.blocks,
                workloads: &self.workloads,
                paths: &self.paths,
                rules: &self.simulation.rules,
                seed: self.simulation.seed,
                budget_s: self.simulation.budget.map(|it| it.as_secs_f64()),
                simulated: self.simulated.iter().map(Bounded::of).collect(),
                live: self.live.iter().map(Bounded::of).collect(),
            }),
            Format::Table => print::line(&self.text()),
        }
    }

    fn text(&self) -> String {
        let budget = match self.simulation.budget {
            Some(budget) => format!("at most {:.1} minutes each", budget.as_secs_f64() / 60.0),
            None => "without a limit of time".to_owned(),
        };
        let mut parts = vec![format!(
            "JavaScriptCore {} on {}, {} cores, {} GiB: {} blocks of {} workloads by {} paths; seed {}",
            self.engine,
            self.machine.cpu,
            self.machine.cores,
            self.machine.memory_gib,
            self.blocks,
            self.workloads.len(),
            self.paths.len(),
            self.simulation.seed
        )];
        parts.push(format!("Simulated gates, {budget}:"));
        parts.push(table(&self.simulated));
        parts.extend(self.weakest());
        if !self.live.is_empty() {
            parts.push("Real gates, in which loads were really slower:".to_owned());
            parts.push(table(&self.live));
        }
        parts.push(
            "`named`: the cell that was made slower is among those that regress. In brackets: with 95 % confidence at most, \
             or at least, this."
                .to_owned(),
        );
        parts.join("\n\n")
    }

    /// In which cells 3 % and 5 % are found least often.
    fn weakest(&self) -> Option<String> {
        let slower = self.simulated.iter().filter(|it| it.slowdown > 0.0);
        let lines = slower.filter_map(|rates| {
            let share = |regress: u64, gates: u64| regress as f64 / gates.max(1) as f64;
            let cell = rates
                .cells
                .iter()
                .filter(|it| it.gates > 0)
                .min_by(|a, b| share(a.regress, a.gates).total_cmp(&share(b.regress, b.gates)))?;
            Some(format!(
                "found least often at {}: {} by {}, {}",
                percent(rates.slowdown),
                cell.workload,
                cell.path.name(),
                percent(share(cell.regress, cell.gates))
            ))
        });
        let lines: Vec<String> = lines.collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

fn table(rates: &[Rates]) -> String {
    let header = [
        "slower",
        "gates",
        "regress",
        "pass",
        "inconclusive",
        "named",
        "blocks",
        "minutes",
    ];
    let rows = rates.iter().map(|rates| {
        let bounded = Bounded::of(rates);
        let share = |count: u64| percent(count as f64 / rates.gates.max(1) as f64);
        let with = |count: u64, bound: Option<f64>, sign: &str| match bound {
            Some(bound) => format!("{} ({sign} {})", share(count), percent(bound)),
            None => share(count),
        };
        let regress = match rates.slowdown > 0.0 {
            true => with(rates.regress, bounded.regress_at_least, "≥"),
            false => with(rates.regress, bounded.regress_at_most, "≤"),
        };
        let pass = match rates.slowdown > 0.0 {
            true => with(rates.pass, bounded.pass_at_most, "≤"),
            false => share(rates.pass),
        };
        let mean = |sum: f64| sum / rates.gates.max(1) as f64;
        let named = match rates.slowdown > 0.0 {
            true => share(rates.named),
            false => "-".to_owned(),
        };
        vec![
            percent(rates.slowdown),
            rates.gates.to_string(),
            regress,
            pass,
            share(rates.inconclusive),
            named,
            format!("{:.0}", mean(rates.blocks as f64)),
            format!("{:.1}", mean(rates.seconds) / 60.0),
        ]
    });
    lay_out(
        header.map(str::to_owned).to_vec(),
        rows.collect(),
        Style::Plain,
    )
}

fn percent(fraction: f64) -> String {
    format!("{} %", (fraction * 1e4).round() / 100.0)
}
