//! The arguments that say what is decided, and when.

use clap::Args;

use gate::Rules;

/// Margins and looks, of `gate` and `gate calibrate`.
#[derive(Debug, Args)]
pub struct DecisionArgs {
    /// A slowdown of up to this does not count
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    margin_low: f64,
    /// A slowdown of this or more must not pass
    #[arg(long, value_name = "PERCENT", default_value_t = 3.0)]
    margin_high: f64,
    /// The numbers of blocks at which each comparison is tested, ascending. Fewer and later looks find smaller slowdowns,
    /// and take longer
    #[arg(
        long,
        value_name = "BLOCKS",
        value_delimiter = ',',
        default_value = "16,64,256,512"
    )]
    looks: Vec<u32>,
}

impl DecisionArgs {
    /// The rules with these arguments.
    pub fn rules(&self) -> Rules {
        Rules {
            margin_low: self.margin_low / 100.0,
            margin_high: self.margin_high / 100.0,
            looks: self.looks.clone(),
            ..Rules::default()
        }
    }

    /// These arguments in words.
    pub fn words(&self) -> [(&'static str, String); 3] {
        let looks: Vec<String> = self.looks.iter().map(u32::to_string).collect();
        [
            ("--margin-low", self.margin_low.to_string()),
            ("--margin-high", self.margin_high.to_string()),
            ("--looks", looks.join(",")),
        ]
    }
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
