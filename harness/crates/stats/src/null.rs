//! The distribution of the signed-rank statistic when every sign is the toss of a fair coin.

use std::sync::OnceLock;

use statrs::distribution::{ContinuousCDF, Normal};

/// Up to this many differences the distribution is exact. Above, the normal approximation is good to the third digit
/// even in the tails that a family of comparisons needs, and the exact one would take more time than the samples.
pub const EXACT_UP_TO: usize = 512;

/// The cumulative distribution of a sum of ranks, each of which is taken or left with probability 1/2.
///
/// By dynamic programming over the ranks (Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 3rd ed., 3.1,
/// comment 5), in probabilities instead of counts: 2^512 patterns fit no integer, and the sums only ever add what is
/// positive, so that even the smallest tail keeps its digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Null {
    /// At `s`, the probability of a sum of at most `s`.
    at_most: Vec<f64>,
}

impl Null {
    /// The distribution for these ranks. Ranks with halves are given doubled, all of them.
    pub fn of_ranks(ranks: &[usize]) -> Self {
        let total: usize = ranks.iter().sum();
        let mut chance = vec![0.0; total + 1];
        chance[0] = 1.0;
        let mut reached = 0;
        for &rank in ranks {
            reached += rank;
            for sum in (0..=reached).rev() {
                let taken = if sum >= rank { chance[sum - rank] } else { 0.0 };
                chance[sum] = (chance[sum] + taken) / 2.0;
            }
        }
        let mut at_most = chance;
        for sum in 1..at_most.len() {
            at_most[sum] += at_most[sum - 1];
        }
        Self { at_most }
    }

    /// The distribution for the ranks 1 to `count`, at most [`EXACT_UP_TO`]; made once in a process.
    pub fn without_ties(count: usize) -> &'static Self {
        static MADE: [OnceLock<Null>; EXACT_UP_TO + 1] = [const { OnceLock::new() }; _];
        MADE[count].get_or_init(|| Self::of_ranks(&(1..=count).collect::<Vec<_>>()))
    }

    /// The probability of a sum of at most `sum`.
    pub fn at_most(&self, sum: usize) -> f64 {
        self.at_most[sum.min(self.total())].min(1.0)
    }

    /// The probability of a sum of at least `sum`. The distribution is symmetric, so this too is summed from its thin end.
    pub fn at_least(&self, sum: usize) -> f64 {
        match self.total().checked_sub(sum) {
            Some(mirrored) => self.at_most(mirrored),
            None => 0.0,
        }
    }

    /// The largest sum whose lower tail is no more than `tail`; nothing when even the sum 0 is more probable.
    pub fn lower_critical_value(&self, tail: f64) -> Option<usize> {
        self.at_most
            .partition_point(|&at_most| at_most <= tail)
            .checked_sub(1)
    }

    fn total(&self) -> usize {
        self.at_most.len() - 1
    }
}

/// The probability that a standard normal variable is at most `z`.
pub fn normal_at_most(z: f64) -> f64 {
    standard_normal().cdf(z)
}

/// The value that a standard normal variable exceeds with this probability.
pub fn normal_upper(tail: f64) -> f64 {
    -standard_normal().inverse_cdf(tail)
}

fn standard_normal() -> Normal {
    Normal::standard()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every pattern of signs, one by one.
    fn brute_force(ranks: &[usize]) -> Vec<f64> {
        let total: usize = ranks.iter().sum();
        let mut counts = vec![0u32; total + 1];
        for pattern in 0..1u32 << ranks.len() {
            let sum: usize = ranks
                .iter()
                .enumerate()
                .filter(|(bit, _)| pattern >> bit & 1 == 1)
                .map(|(_, rank)| rank)
                .sum();
            counts[sum] += 1;
        }
        let patterns = f64::from(1u32 << ranks.len());
        let mut seen = 0;
        counts
            .iter()
            .map(|count| {
                seen += count;
                f64::from(seen) / patterns
            })
            .collect()
    }

    #[test]
    fn the_distribution_is_that_of_all_sign_patterns() {
        for count in 1..=14 {
            let ranks: Vec<usize> = (1..=count).collect();
            // Powers of two divide exactly: not a digit may differ.
            assert_eq!(Null::of_ranks(&ranks).at_most, brute_force(&ranks));
        }
    }

    proptest! {
        #[test]
        fn ties_too(ranks in prop::collection::vec(1usize..20, 1..12)) {
            prop_assert_eq!(Null::of_ranks(&ranks).at_most, brute_force(&ranks));
        }
    }

    /// Critical values for a two-sided test at 5 %: F. Wilcoxon, S. K. Katti, R. A. Wilcox: Critical Values and
    /// Probability Levels for the Wilcoxon Rank Sum Test and the Wilcoxon Signed Rank Test, 1970, table II.
    #[test]
    fn critical_values_are_the_published_ones() {
        let published = [
            (6, 0),
            (7, 2),
            (8, 3),
            (9, 5),
            (10, 8),
            (11, 10),
            (12, 13),
            (13, 17),
            (14, 21),
            (15, 25),
            (16, 29),
            (17, 34),
            (18, 40),
            (19, 46),
            (20, 52),
            (21, 58),
            (22, 65),
            (23, 73),
            (24, 81),
            (25, 89),
            (30, 137),
            (40, 264),
            (50, 434),
        ];
        for (count, critical) in published {
            assert_eq!(
                Null::without_ties(count).lower_critical_value(0.025),
                Some(critical),
                "{count}"
            );
        }
        assert_eq!(Null::without_ties(5).lower_critical_value(0.025), None);
    }

    #[test]
    fn the_smallest_tail_keeps_its_digits() {
        for count in [64, 192, EXACT_UP_TO] {
            let null = Null::without_ties(count);
            let one_pattern = 0.5f64.powi(count as i32);
            assert_eq!(null.at_most(0), one_pattern);
            // 0; 1; 2; 3 and 1 + 2: five patterns.
            assert_eq!(null.at_most(3), 5.0 * one_pattern);
            assert_eq!(null.at_least(null.total()), one_pattern);
            assert_eq!(null.at_least(null.total() + 1), 0.0);
            assert!((null.at_most(null.total()) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_normal_takes_over_without_a_step() {
        let count = EXACT_UP_TO as f64;
        let mean = count * (count + 1.0) / 4.0;
        let deviation = (count * (count + 1.0) * (2.0 * count + 1.0) / 24.0).sqrt();
        for tail in [0.05, 0.025, 0.001, 1e-4] {
            let exact = Null::without_ties(EXACT_UP_TO)
                .lower_critical_value(tail)
                .unwrap() as f64;
            let approximate = mean - normal_upper(tail) * deviation - 0.5;
            assert!((exact - approximate).abs() / deviation < 0.03, "{tail}");
        }
    }
}
