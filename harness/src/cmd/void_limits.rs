//! The arguments that say how disturbed a machine may be.

use clap::Args;

use record::VoidLimits;

/// Above what a block is void, of `measure`, `gate` and `gate calibrate`.
#[derive(Debug, Clone, Args)]
pub struct VoidLimitArgs {
    /// A block is void, and done again, if the hypervisor took more of the processors' time than this; 100: never
    #[arg(long, value_name = "PERCENT", default_value_t = VoidLimits::default().steal_percent, value_parser = percent)]
    steal_limit: f64,
    /// A block is void, and done again, if every process waited for memory or a disk for more of its time than this, or if
    /// a load with a warm page cache had to wait for one at all (a major page fault); 100: never
    #[arg(long, value_name = "PERCENT", default_value_t = VoidLimits::default().stall_percent, value_parser = percent)]
    stall_limit: f64,
}

impl VoidLimitArgs {
    /// The limits.
    pub fn limits(&self) -> VoidLimits {
        VoidLimits {
            steal_percent: self.steal_limit,
            stall_percent: self.stall_limit,
        }
    }

    /// Those of these arguments that differ from the usual, as they are written.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let usual = VoidLimits::default();
        let mut words = Vec::new();
        if self.steal_limit != usual.steal_percent {
            words.push(("--steal-limit", self.steal_limit.to_string()));
        }
        if self.stall_limit != usual.stall_percent {
            words.push(("--stall-limit", self.stall_limit.to_string()));
        }
        words
    }
}

fn percent(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number| (0.0..=100.0).contains(number))
        .ok_or_else(|| "a percentage from 0 to 100 is needed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, Command, FromArgMatches};

    fn parsed(arguments: &[&str]) -> VoidLimitArgs {
        let command = VoidLimitArgs::augment_args(Command::new("measure"));
        let all = [&["measure"], arguments].concat();
        VoidLimitArgs::from_arg_matches(&command.get_matches_from(all)).unwrap()
    }

    #[test]
    fn what_is_asked_for_is_said_and_nothing_else() {
        let usual = parsed(&[]);
        assert_eq!(usual.limits(), VoidLimits::default());
        assert_eq!(usual.words(), []);
        let other = parsed(&["--steal-limit", "10"]);
        assert_eq!(other.limits().steal_percent, 10.0);
        assert_eq!(other.words(), [("--steal-limit", "10".to_owned())]);
    }

    #[test]
    fn only_percentages() {
        for text in ["-1", "101", "NaN", "much"] {
            assert!(percent(text).is_err(), "{text}");
        }
        assert_eq!(percent("100"), Ok(100.0));
    }
}
