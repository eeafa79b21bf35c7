//! The arguments that say what is decided, and when.

use clap::Args;

use gate::Rules;
use record::Metric;
use workloads::GateSettings;

/// Margins and looks, of `gate` and `gate calibrate`.
#[derive(Debug, Clone, Args)]
pub struct DecisionArgs {
    /// What is compared: load (times of loads), rest (times from there to the program's end), or instructions (see below)
    #[arg(long, value_name = "METRIC", value_parser = compared, default_value = "load")]
    metric: Metric,
    /// A slowdown of up to this does not count [default: 0; of instructions 0.2]
    #[arg(long, value_name = "PERCENT")]
    margin_low: Option<f64>,
    /// A slowdown of this or more must not pass [default: 3; of instructions 1]
    #[arg(long, value_name = "PERCENT")]
    margin_high: Option<f64>,
    /// The numbers of blocks at which each comparison is tested, ascending. Fewer and later looks find smaller slowdowns,
    /// and take longer [default: 16,64,256,512; of instructions 4,10]
    #[arg(long, value_name = "BLOCKS", value_delimiter = ',')]
    looks: Option<Vec<u32>>,
}

impl DecisionArgs {
    /// The rules with these arguments.
    pub fn rules(&self) -> Rules {
        let rules = match self.metric {
            Metric::Instructions => Rules::counted(),
            Metric::Rest => Rules::of_rest(),
            _ => Rules::default(),
        };
        let share =
            |percent: Option<f64>, otherwise: f64| percent.map_or(otherwise, |it| it / 100.0);
        Rules {
            margin_low: share(self.margin_low, rules.margin_low),
            margin_high: share(self.margin_high, rules.margin_high),
            looks: self.looks.clone().unwrap_or(rules.looks),
            ..rules
        }
    }

    /// Whether the time behind the load is compared.
    pub fn is_of_rest(&self) -> bool {
        self.metric == Metric::Rest
    }

    /// Whether instructions are counted.
    pub fn is_counting(&self) -> bool {
        self.metric == Metric::Instructions
    }

    /// The same, where nothing is said as the settings say, which are about loads.
    pub fn settled(&self, settings: &GateSettings) -> Self {
        if self.metric != Metric::Load {
            return self.clone();
        }
        Self {
            metric: self.metric,
            margin_low: self.margin_low.or(settings.margin_low),
            margin_high: self.margin_high.or(settings.margin_high),
            looks: self.looks.clone().or_else(|| settings.looks.clone()),
        }
    }

    /// These arguments in words.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let rules = self.rules();
        let looks: Vec<String> = rules.looks.iter().map(u32::to_string).collect();
        let percent = |share: f64| ((share * 1e6).round() / 1e4).to_string();
        let metric =
            (self.metric != Metric::Load).then(|| ("--metric", self.metric.name().to_owned()));
        let decided = [
            ("--margin-low", percent(rules.margin_low)),
            ("--margin-high", percent(rules.margin_high)),
            ("--looks", looks.join(",")),
        ];
        metric.into_iter().chain(decided).collect()
    }
}

/// The metrics that a gate can decide on.
fn compared(text: &str) -> Result<Metric, String> {
    let metrics = [Metric::Load, Metric::Rest, Metric::Instructions];
    let found = metrics.into_iter().find(|it| it.name() == text);
    found.ok_or_else(|| "a gate decides on load, rest or instructions".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, Command, FromArgMatches};

    #[test]
    fn what_nobody_asks_for_otherwise_is_the_rules_own() {
        let command = DecisionArgs::augment_args(Command::new("gate"));
        let matches = command.get_matches_from(["gate"]);
        let arguments = DecisionArgs::from_arg_matches(&matches).unwrap();
        assert_eq!(arguments.rules(), Rules::default());
    }
}
