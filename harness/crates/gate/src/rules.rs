//! What is decided and with which errors, chosen before anything is measured.

use serde::{Deserialize, Serialize};

use record::Metric;
use stats::{EXACT_UP_TO, rank_sum};

/// The most blocks that a look may be at: up to there, the test's distribution is exact.
const MOST_BLOCKS: u32 = EXACT_UP_TO as u32;

/// The same of a gate that counts.
const MOST_COUNTS: u32 = rank_sum::MOST as u32;

/// The rules of a gate.
///
/// Two margins make three answers (D. J. Schuirmann: A Comparison of the Two One-Sided Tests Procedure …, Journal of
/// Pharmacokinetics and Biopharmaceutics 15, 1987, for the second). A cell regresses when its ratio is surely above
/// `1 + margin_low`, passes when it is surely below `1 + margin_high`, and otherwise needs more blocks. Passing is a
/// claim of its own, not the absence of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// What is compared: [`Metric::Load`], [`Metric::Rest`] or [`Metric::Instructions`].
    #[serde(default, skip_serializing_if = "is_time")]
    pub metric: Metric,
    /// A slowdown up to this is none; a fraction.
    pub margin_low: f64,
    /// A slowdown of this or more may not pass; a fraction.
    pub margin_high: f64,
    /// The probability that a gate between equal engines finds a regression, over all its cells and looks.
    pub false_alarm: f64,
    /// The probability that a cell passes though it is slower by `margin_high`, over all looks.
    pub false_pass: f64,
    /// After how many blocks the cells are looked at, ascending.
    pub looks: Vec<u32>,
    /// Whether a gain that shrank is a regression.
    pub gains: bool,
    /// Whether the gate ends at the look that finds the first regression.
    pub stop_at_regression: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            metric: Metric::Load,
            margin_low: 0.0,
            margin_high: 0.03,
            false_alarm: 0.01,
            false_pass: 0.05,
            looks: vec![16, 64, 256, 512],
            gains: true,
            stop_at_regression: false,
        }
    }
}

fn is_time(metric: &Metric) -> bool {
    *metric == Metric::Load
}

/// Rules that contradict themselves.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RulesError {
    /// The margins are no interval of slowdowns.
    #[error("the margins must be fractions with 0 <= low < high < 1, not {low} and {high}")]
    Margins {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
    },
    /// An error probability that no test could have, or nobody would want.
    #[error("{name} must be a probability above 0 and at most 0.5, not {value}")]
    Probability {
        /// Which one.
        name: &'static str,
        value: f64,
    },
    /// The looks are no ascending list.
    #[error("the looks must be ascending numbers of blocks from 1 to {most}, not {looks:?}")]
    Looks {
        /// The list.
        looks: Vec<u32>,
        /// The most blocks.
        most: u32,
    },
    /// Nothing decides on it.
    #[error("a gate decides on load, rest or instructions, not on {0:?}")]
    Metric(Metric),
}

impl Rules {
    /// The rules of a gate on the time behind the load, of which no cache gains anything.
    pub fn of_rest() -> Self {
        Self {
            metric: Metric::Rest,
            gains: false,
            ..Self::default()
        }
    }

    /// The rules of a gate that counts instructions. Counts of one program differ by some tenths of a percent at most (they
    /// depend on what threads do first), so that 1 % is much, and a few counts are enough. Four of each engine can pass a
    /// comparison (1/70 is the probability that four lie below four by chance); twenty are needed for a regression.
    pub fn counted() -> Self {
        Self {
            metric: Metric::Instructions,
            margin_low: 0.002,
            margin_high: 0.01,
            looks: vec![4, 10],
            gains: false,
            ..Self::default()
        }
    }

    /// Refuses what contradicts itself.
    pub fn check(&self) -> Result<(), RulesError> {
        let (low, high) = (self.margin_low, self.margin_high);
        if !(0.0 <= low && low < high && high < 1.0) {
            return Err(RulesError::Margins { low, high });
        }
        for (name, value) in [
            ("false_alarm", self.false_alarm),
            ("false_pass", self.false_pass),
        ] {
            if !(value > 0.0 && value <= 0.5) {
                return Err(RulesError::Probability { name, value });
            }
        }
        let ascending = self.looks.is_sorted_by(|a, b| a < b);
        let most = match self.metric {
            Metric::Load | Metric::Rest => MOST_BLOCKS,
            Metric::Instructions => MOST_COUNTS,
            other => return Err(RulesError::Metric(other)),
        };
        let in_range = |look: &u32| (1..=most).contains(look);
        if self.looks.is_empty() || !ascending || !self.looks.iter().all(in_range) {
            return Err(RulesError::Looks {
                looks: self.looks.clone(),
                most,
            });
        }
        Ok(())
    }

    /// The probability of a false alarm that one cell may spend at one look, in a family of `cells`: equal shares
    /// (Bonferroni), which hold however cells and looks depend on each other.
    pub fn false_alarm_share(&self, cells: usize) -> f64 {
        self.false_alarm / (cells.max(1) * self.looks.len()) as f64
    }

    /// The probability of passing wrongly that one cell may spend at one look.
    pub fn false_pass_share(&self) -> f64 {
        self.false_pass / self.looks.len() as f64
    }

    /// The most blocks of one workload.
    pub fn most_blocks(&self) -> u32 {
        self.looks.last().copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_add_up_to_the_whole() {
        let rules = Rules::default();
        assert_eq!(rules.check(), Ok(()));
        let cells = 65.0;
        let looks = rules.looks.len() as f64;
        assert!((rules.false_alarm_share(65) * cells * looks - 0.01).abs() < 1e-15);
        assert!((rules.false_pass_share() * looks - 0.05).abs() < 1e-15);
    }

    #[test]
    fn the_first_look_can_find_a_regression_in_a_family_of_a_hundred() {
        // 16 signs alike have the probability 2^-16.
        assert!(Rules::default().false_alarm_share(100) > 0.5f64.powi(16));
    }

    #[test]
    fn contradictions_are_named() {
        let error = |change: fn(&mut Rules)| {
            let mut rules = Rules::default();
            change(&mut rules);
            rules.check().unwrap_err().to_string()
        };
        assert_eq!(
            error(|rules| rules.margin_low = 0.03),
            "the margins must be fractions with 0 <= low < high < 1, not 0.03 and 0.03"
        );
        assert_eq!(
            error(|rules| rules.margin_high = f64::NAN),
            "the margins must be fractions with 0 <= low < high < 1, not 0 and NaN"
        );
        assert_eq!(
            error(|rules| rules.false_alarm = 0.0),
            "false_alarm must be a probability above 0 and at most 0.5, not 0"
        );
        for looks in [vec![], vec![0, 16], vec![16, 16], vec![32, 16], vec![513]] {
            let rules = Rules {
                looks,
                ..Rules::default()
            };
            assert!(matches!(rules.check(), Err(RulesError::Looks { .. })));
        }
    }
}
