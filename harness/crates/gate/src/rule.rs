//! What the differences of one cell say at one look.

use serde::{Deserialize, Serialize};

use super::evidence::Values;
use super::rules::Rules;

/// What is said of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Surely worse by more than the lower margin.
    Regress,
    /// Neither: more blocks are needed.
    Inconclusive,
    /// Surely not worse by the upper margin.
    Pass,
}

/// The probabilities that decide on a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Of differences this large or larger if the cell is worse by the lower margin: small when it is worse by more.
    pub p_worse: f64,
    /// Of differences this small or smaller if the cell is worse by the upper margin: small when it is worse by less.
    pub p_not_worse: f64,
}

impl Look {
    /// Looks at the values of a cell; nothing when there are none.
    pub fn at(values: &Values, rules: &Rules) -> Option<Self> {
        let [p_worse, _] = values.test(rules.margin_low.ln_1p())?;
        let [_, p_not_worse] = values.test(rules.margin_high.ln_1p())?;
        Some(Self {
            p_worse,
            p_not_worse,
        })
    }

    /// What that means in a family of so many cells.
    pub fn decision(&self, rules: &Rules, cells: usize) -> Decision {
        if self.p_worse <= rules.false_alarm_share(cells) {
            Decision::Regress
        } else if self.p_not_worse <= rules.false_pass_share() {
            Decision::Pass
        } else {
            Decision::Inconclusive
        }
    }
}

/// What the values of a cell say at one look, in a family of so many cells.
pub fn decide(values: &Values, rules: &Rules, cells: usize) -> Decision {
    Look::at(values, rules).map_or(Decision::Inconclusive, |look| look.decision(rules, cells))
}

/// Whether a cell got better, as surely as a regression has to be. For information.
pub fn improved(values: &Values, rules: &Rules, cells: usize) -> bool {
    let test = values.test(0.0);
    test.is_some_and(|[_, p_below]| p_below <= rules.false_alarm_share(cells))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decide(differences: &[f64], rules: &Rules, cells: usize) -> Decision {
        super::decide(&Values::Differences(differences.to_vec()), rules, cells)
    }

    fn improved(differences: &[f64], rules: &Rules, cells: usize) -> bool {
        super::improved(&Values::Differences(differences.to_vec()), rules, cells)
    }

    fn around(centre: f64, spread: f64, count: u32) -> Vec<f64> {
        (0..count)
            .map(|index| {
                centre.ln() + spread * (f64::from(index) / f64::from(count - 1) * 2.0 - 1.0)
            })
            .collect()
    }

    #[test]
    fn three_answers() {
        let rules = Rules::default();
        let decide = |differences: &[f64]| decide(differences, &rules, 40);
        assert_eq!(decide(&around(1.05, 0.01, 16)), Decision::Regress);
        assert_eq!(decide(&around(1.0, 0.01, 16)), Decision::Pass);
        assert_eq!(decide(&around(0.9, 0.01, 16)), Decision::Pass);
        // Too much noise for either.
        assert_eq!(decide(&around(1.0, 0.3, 16)), Decision::Inconclusive);
        assert_eq!(decide(&around(1.05, 0.3, 16)), Decision::Inconclusive);
        // The same noise, and enough blocks.
        assert_eq!(decide(&around(1.1, 0.1, 192)), Decision::Regress);
        assert_eq!(decide(&[]), Decision::Inconclusive);
    }

    #[test]
    fn a_small_shift_that_is_sure_is_a_regression_unless_the_lower_margin_allows_it() {
        let differences = around(1.008, 0.005, 32);
        let strict = Rules::default();
        let relaxed = Rules {
            margin_low: 0.01,
            margin_high: 0.05,
            ..Rules::default()
        };
        assert_eq!(decide(&differences, &strict, 40), Decision::Regress);
        assert_eq!(decide(&differences, &relaxed, 40), Decision::Pass);
    }

    #[test]
    fn more_cells_ask_for_more_evidence() {
        let differences = around(1.05, 0.01, 16);
        assert_eq!(
            decide(&differences, &Rules::default(), 100),
            Decision::Regress
        );
        // 16 signs alike cannot be less probable than 2^-16.
        assert_eq!(
            decide(&differences, &Rules::default(), 200),
            Decision::Inconclusive
        );
    }

    #[test]
    fn what_got_faster_is_noted() {
        let rules = Rules::default();
        assert!(improved(&around(0.9, 0.01, 16), &rules, 40));
        assert!(!improved(&around(1.0, 0.01, 16), &rules, 40));
        assert!(!improved(&[], &rules, 40));
    }

    /// Counts around a centre, which vary by a third of a percent.
    fn counts(centre: f64, count: usize) -> Vec<f64> {
        let wave = |at: usize| 0.003 * (at as f64 * 2.4).sin();
        (0..count)
            .map(|at| (centre * (1.0 + wave(at))).ln())
            .collect()
    }

    #[test]
    fn a_percent_more_instructions_is_a_regression_after_ten_counts_and_none_passes_after_four() {
        let rules = Rules::counted();
        let decide = |new: f64, count: usize| {
            let values = Values::Counts([counts(200.0, count), counts(new, count)]);
            super::decide(&values, &rules, 12)
        };
        assert_eq!(decide(200.0, 4), Decision::Pass);
        assert_eq!(decide(202.0, 4), Decision::Inconclusive);
        assert_eq!(decide(202.0, 10), Decision::Regress);
        assert_eq!(decide(198.0, 4), Decision::Pass);
        // Half of the lower margin is nothing.
        assert_eq!(decide(200.2, 10), Decision::Pass);
    }

    proptest! {
        #[test]
        fn what_regresses_one_way_never_regresses_the_other_way(
            differences in prop::collection::vec(-0.1f64..0.15, 1..80),
        ) {
            let rules = Rules::default();
            let swapped: Vec<f64> = differences.iter().map(|it| -it).collect();
            if decide(&differences, &rules, 10) == Decision::Regress {
                prop_assert!(improved(&swapped, &rules, 10));
                prop_assert_eq!(decide(&swapped, &rules, 10), Decision::Pass);
            }
        }
    }
}
