//! The centre of paired differences.

use super::null::{EXACT_UP_TO, Null, normal_at_most, normal_upper};
use super::{Confidence, Estimate, Interval, StatsError, check};

/// The Hodges–Lehmann estimate of the centre: the median of all means of two (Walsh averages), with the interval that
/// belongs to the signed-rank test: the shifts that the test does not reject.
///
/// J. L. Hodges, E. L. Lehmann: Estimates of Location Based on Rank Tests, Annals of Mathematical Statistics 34, 1963;
/// J. W. Tukey: The Simplest Signed-Rank Tests, 1949. The ends are themselves Walsh averages. With ties and zeros the
/// closed interval covers with at least its stated probability (G. E. Noether: Wilcoxon Confidence Intervals for Location
/// Parameters in the Discrete Case, JASA 62, 1967), so nothing is left out here. Above 256 differences the rank comes
/// from the normal distribution.
///
/// At 95 %, six differences are the fewest that have an interval.
pub fn hodges_lehmann(differences: &[f64], confidence: Confidence) -> Result<Estimate, StatsError> {
    check(differences)?;
    let mut averages = walsh_averages(differences);
    let interval = rank_from_end(differences.len(), confidence).map(|(rank, coverage)| {
        let last = averages.len() - 1;
        Interval {
            low: nth(&mut averages, rank),
            high: nth(&mut averages, last - rank),
            coverage,
        }
    });
    let half = averages.len() / 2;
    let upper = nth(&mut averages, half);
    let value = if averages.len() % 2 == 1 {
        upper
    } else {
        f64::midpoint(nth(&mut averages, half - 1), upper)
    };
    Ok(Estimate {
        value,
        interval,
        samples: differences.len(),
    })
}

/// The means of all pairs, each value with itself included.
fn walsh_averages(values: &[f64]) -> Vec<f64> {
    let mut averages = Vec::with_capacity(values.len() * (values.len() + 1) / 2);
    for (index, left) in values.iter().enumerate() {
        averages.extend(
            values[index..]
                .iter()
                .map(|right| f64::midpoint(*left, *right)),
        );
    }
    averages
}

fn nth(values: &mut [f64], index: usize) -> f64 {
    *values.select_nth_unstable_by(index, f64::total_cmp).1
}

/// How many Walsh averages to leave out on each side, and the probability that the interval then covers the centre.
fn rank_from_end(count: usize, confidence: Confidence) -> Option<(usize, f64)> {
    let tail = confidence.each_tail();
    if count <= EXACT_UP_TO {
        let null = Null::without_ties(count);
        let rank = null.lower_critical_value(tail)?;
        return Some((rank, 1.0 - 2.0 * null.at_most(rank)));
    }
    let count = count as f64;
    let mean = count * (count + 1.0) / 4.0;
    let deviation = (count * (count + 1.0) * (2.0 * count + 1.0) / 24.0).sqrt();
    let rank = (mean - normal_upper(tail) * deviation - 0.5).floor();
    let coverage = 1.0 - 2.0 * normal_at_most((rank + 0.5 - mean) / deviation);
    (rank >= 0.0).then_some((rank as usize, coverage))
}

#[cfg(test)]
mod tests {
    use super::super::SignedRank;
    use super::*;
    use proptest::prelude::*;

    /// The same data as in the test of the signed-rank test; Hollander and Wolfe, examples 3.3 and 3.4: the estimate is
    /// 0.46, the interval from 0.01 to 0.786 has 96.1 %.
    #[test]
    fn the_example_of_hollander_and_wolfe() {
        let differences = [
            0.952, -0.147, 1.022, 0.430, 0.620, 0.590, 0.490, -0.080, 0.010,
        ];
        let estimate = hodges_lehmann(&differences, Confidence::P95).unwrap();
        let interval = estimate.interval.unwrap();
        assert!((estimate.value - 0.46).abs() < 1e-9, "{}", estimate.value);
        assert!((interval.low - 0.01).abs() < 1e-9, "{interval:?}");
        assert!((interval.high - 0.786).abs() < 1e-9, "{interval:?}");
        assert!((interval.coverage - 0.961).abs() < 5e-4, "{interval:?}");
    }

    #[test]
    fn five_are_too_few_for_95_percent_and_six_are_not() {
        let five = hodges_lehmann(&[1.0, 2.0, 3.0, 4.0, 5.0], Confidence::P95).unwrap();
        assert_eq!((five.value, five.interval), (3.0, None));
        let six = hodges_lehmann(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], Confidence::P95).unwrap();
        let interval = six.interval.unwrap();
        assert_eq!((six.value, interval.low, interval.high), (3.5, 1.0, 6.0));
        assert_eq!(interval.coverage, 1.0 - 2.0 / 64.0);
    }

    #[test]
    fn the_normal_takes_over_without_a_step() {
        let (exact, _) = rank_from_end(EXACT_UP_TO, Confidence::P95).unwrap();
        let (approximate, coverage) = rank_from_end(EXACT_UP_TO + 1, Confidence::P95).unwrap();
        let step = approximate - exact;
        assert!((200..260).contains(&step), "{exact} {approximate}");
        assert!((0.95..0.951).contains(&coverage));
    }

    proptest! {
        /// The interval is the test turned round: the shifts inside are those that the test keeps.
        #[test]
        fn the_interval_holds_what_the_test_keeps(
            differences in prop::collection::vec(-1.0f64..1.0, 6..40),
            shift in -1.2f64..1.2,
        ) {
            let estimate = hodges_lehmann(&differences, Confidence::P95).unwrap();
            let interval = estimate.interval.unwrap();
            let test = SignedRank::test(&differences, shift).unwrap();
            prop_assert_eq!(interval.contains(shift), test.p_two_sided() > 0.05);
            prop_assert!(interval.contains(estimate.value));
        }

        #[test]
        fn it_moves_with_the_data(
            differences in prop::collection::vec(-8i32..8, 6..20),
            by in -4i32..4,
        ) {
            // Whole numbers and their halves: no rounding.
            let moved: Vec<f64> = differences.iter().map(|it| f64::from(it + by)).collect();
            let differences: Vec<f64> = differences.into_iter().map(f64::from).collect();
            let moved = hodges_lehmann(&moved, Confidence::P95).unwrap();
            let expected = hodges_lehmann(&differences, Confidence::P95)
                .unwrap()
                .map(|value| value + f64::from(by));
            prop_assert_eq!(moved, expected);
        }

        #[test]
        fn order_does_not_matter(mut differences in prop::collection::vec(-1.0f64..1.0, 1..30)) {
            let estimate = hodges_lehmann(&differences, Confidence::P95).unwrap();
            differences.reverse();
            prop_assert_eq!(estimate, hodges_lehmann(&differences, Confidence::P95).unwrap());
        }
    }
}
