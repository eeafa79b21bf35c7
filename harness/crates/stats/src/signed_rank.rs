//! Wilcoxon's signed-rank test.

use super::null::{EXACT_UP_TO, Null, normal_at_most};
use super::{StatsError, check};

/// The signed-rank test of paired differences against a shift (F. Wilcoxon: Individual Comparisons by Ranking Methods,
/// Biometrics Bulletin 1, 1945).
///
/// Differences equal to the shift say nothing on the side on which the centre lies: they are left out and counted, as by
/// Wilcoxon. Equal distances share the mean of their ranks, and the distribution is that of all sign patterns of the
/// shared ranks, so that the probabilities stay exact with ties. Above 256 differences they come from the normal
/// distribution with the variance corrected for ties and a continuity correction of one half.
///
/// It needs differences that are symmetric about their centre. With a shift of 0 and a random order within each pair
/// that is so by construction whenever both sides are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// Differences that went in: those not equal to the shift.
    pub samples: usize,
    /// Differences left out because they are equal to the shift.
    pub zeros: usize,
    /// The sum of the ranks of the differences above the shift.
    pub rank_sum: f64,
    /// One-sided probability of a rank sum this large or larger if the centre is the shift: small when the centre is
    /// above it.
    pub p_above: f64,
    /// One-sided probability of a rank sum this small or smaller: small when the centre is below the shift.
    pub p_below: f64,
}

impl SignedRank {
    /// Tests the centre of `differences` against `shift`.
    pub fn test(differences: &[f64], shift: f64) -> Result<Self, StatsError> {
        check(differences)?;
        let mut distances: Vec<(f64, bool)> = differences
            .iter()
            .map(|difference| difference - shift)
            .filter(|difference| *difference != 0.0)
            .map(|difference| (difference.abs(), difference > 0.0))
            .collect();
        distances.sort_by(|left, right| left.0.total_cmp(&right.0));
        let ranks = doubled_ranks(&distances);
        let doubled_sum: usize = ranks
            .iter()
            .zip(&distances)
            .filter(|(_, (_, above))| *above)
            .map(|(rank, _)| rank)
            .sum();
        let (p_above, p_below) = tails(&ranks, doubled_sum);
        Ok(Self {
            samples: ranks.len(),
            zeros: differences.len() - ranks.len(),
            rank_sum: doubled_sum as f64 / 2.0,
            p_above,
            p_below,
        })
    }

    /// The two-sided probability: twice the smaller one, at most 1.
    pub fn p_two_sided(&self) -> f64 {
        (2.0 * self.p_above.min(self.p_below)).min(1.0)
    }
}

/// Ranks of sorted distances, times two; equal distances share the mean of theirs, which may end in a half.
fn doubled_ranks(sorted: &[(f64, bool)]) -> Vec<usize> {
    let mut ranks = Vec::with_capacity(sorted.len());
    for tied in sorted.chunk_by(|left, right| left.0 == right.0) {
        let first = ranks.len() + 1;
        let last = ranks.len() + tied.len();
        ranks.resize(last, first + last);
    }
    ranks
}

/// The probabilities of a sum at least and at most as large, for doubled ranks in ascending order.
fn tails(ranks: &[usize], sum: usize) -> (f64, f64) {
    let count = ranks.len();
    if count > EXACT_UP_TO {
        return normal_tails(ranks, sum);
    }
    let tied = ranks
        .iter()
        .enumerate()
        .any(|(index, rank)| *rank != 2 * (index + 1));
    if tied {
        let null = Null::of_ranks(ranks);
        (null.at_least(sum), null.at_most(sum))
    } else {
        let null = Null::without_ties(count);
        (null.at_least(sum / 2), null.at_most(sum / 2))
    }
}

fn normal_tails(ranks: &[usize], sum: usize) -> (f64, f64) {
    // The variance of a sum of ranks, each with probability 1/2, is a quarter of the sum of their squares. For shared
    // ranks this is n(n+1)(2n+1)/24 less (t^3 - t)/48 for each group of t (Hollander, Wolfe, Chicken, 3.1, (3.13)).
    let ranks = ranks.iter().map(|&rank| rank as f64 / 2.0);
    let mean = ranks.clone().sum::<f64>() / 2.0;
    let deviation = (ranks.map(|rank| rank * rank).sum::<f64>() / 4.0).sqrt();
    let sum = sum as f64 / 2.0;
    (
        normal_at_most((mean - sum + 0.5) / deviation),
        normal_at_most((sum - mean + 0.5) / deviation),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The probabilities by walking all sign patterns of the distances.
    fn brute_force(differences: &[f64], shift: f64) -> (f64, f64) {
        let kept: Vec<f64> = differences
            .iter()
            .map(|difference| difference - shift)
            .filter(|difference| *difference != 0.0)
            .collect();
        let rank = |value: f64| {
            let below = kept
                .iter()
                .filter(|other| other.abs() < value.abs())
                .count();
            let equal = kept
                .iter()
                .filter(|other| other.abs() == value.abs())
                .count();
            below as f64 + (equal + 1) as f64 / 2.0
        };
        let ranks: Vec<f64> = kept.iter().map(|value| rank(*value)).collect();
        let sum_of = |taken: &dyn Fn(usize) -> bool| -> f64 {
            (0..ranks.len())
                .filter(|index| taken(*index))
                .map(|index| ranks[index])
                .sum()
        };
        let seen = sum_of(&|index| kept[index] > 0.0);
        let patterns = 1u32 << ranks.len();
        let (mut above, mut below) = (0, 0);
        for pattern in 0..patterns {
            let sum = sum_of(&|index| pattern >> index & 1 == 1);
            above += u32::from(sum >= seen);
            below += u32::from(sum <= seen);
        }
        let patterns = f64::from(patterns);
        (f64::from(above) / patterns, f64::from(below) / patterns)
    }

    proptest! {
        #[test]
        fn it_is_the_test_over_all_sign_patterns(
            // Small whole numbers: plenty of ties and zeros.
            differences in prop::collection::vec(-6i32..=6, 1..=12),
            shift in -2i32..=2,
        ) {
            let differences: Vec<f64> = differences.into_iter().map(f64::from).collect();
            let shift = f64::from(shift);
            let test = SignedRank::test(&differences, shift).unwrap();
            prop_assert_eq!((test.p_above, test.p_below), brute_force(&differences, shift));
        }

        #[test]
        fn swapping_the_sides_swaps_the_tails(differences in prop::collection::vec(-1e3f64..1e3, 1..40)) {
            let swapped: Vec<f64> = differences.iter().map(|difference| -difference).collect();
            let test = SignedRank::test(&differences, 0.0).unwrap();
            let mirrored = SignedRank::test(&swapped, 0.0).unwrap();
            prop_assert_eq!(test.p_above, mirrored.p_below);
            prop_assert_eq!(test.p_below, mirrored.p_above);
        }
    }

    /// Depression scale of nine patients before and after therapy: M. Hollander, D. A. Wolfe: Nonparametric Statistical
    /// Methods, 1973, example 3.1. The rank sum is 40; of 512 sign patterns 10 are as extreme.
    #[test]
    #[expect(clippy::approx_constant, reason = "a patient, not pi")]
    fn the_example_of_hollander_and_wolfe() {
        let before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
        let after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
        let differences: Vec<f64> = before.iter().zip(after).map(|(x, y)| x - y).collect();
        let test = SignedRank::test(&differences, 0.0).unwrap();
        assert_eq!((test.samples, test.rank_sum), (9, 40.0));
        assert_eq!(test.p_above, 10.0 / 512.0);
        assert_eq!(test.p_two_sided(), 20.0 / 512.0);
    }

    #[test]
    fn zeros_are_left_out_and_counted() {
        let test = SignedRank::test(&[0.0, 0.0, 1.0, 2.0, 3.0], 0.0).unwrap();
        assert_eq!((test.samples, test.zeros), (3, 2));
        assert_eq!(test.p_above, 1.0 / 8.0);
        let nothing = SignedRank::test(&[0.5, 0.5], 0.5).unwrap();
        assert_eq!((nothing.samples, nothing.p_above), (0, 1.0));
    }

    #[test]
    fn the_normal_distribution_is_close_where_it_takes_over() {
        let ranks: Vec<usize> = (1..=EXACT_UP_TO + 1).map(|rank| 2 * rank).collect();
        let exact = Null::of_ranks(&ranks);
        let total: usize = ranks.iter().sum();
        for (percent, accuracy) in [(50, 0.001), (54, 0.005), (57, 0.05)] {
            let sum = total * percent / 200 * 2;
            let (above, _) = normal_tails(&ranks, sum);
            let error = above / exact.at_least(sum) - 1.0;
            assert!(error.abs() < accuracy, "{percent} %: {error}");
        }
    }

    #[test]
    fn ties_narrow_the_normal_distribution() {
        let mut differences = vec![1.0; EXACT_UP_TO];
        differences.extend([-1.0; EXACT_UP_TO / 2]);
        let count = differences.len() as f64;
        // All tied: the test is the sign test, and its normal form is known.
        let rank = (count + 1.0) / 2.0;
        let z =
            (EXACT_UP_TO as f64 * rank - count * rank / 2.0 - 0.5) / (count.sqrt() * rank / 2.0);
        let test = SignedRank::test(&differences, 0.0).unwrap();
        assert!((test.p_above / normal_at_most(-z) - 1.0).abs() < 1e-9);
    }
}
