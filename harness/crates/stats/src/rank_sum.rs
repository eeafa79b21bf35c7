//! The rank-sum test of two samples that nothing pairs.

use super::{Confidence, Estimate, Interval, StatsError, check, middle, sorted};

/// The most values of one sample: up to there, all counts are exact.
pub const MOST: usize = 32;

/// The probabilities of the rank-sum test (F. Wilcoxon: Individual Comparisons by Ranking Methods, Biometrics Bulletin 1,
/// 1945; H. B. Mann, D. R. Whitney: On a Test of Whether One of Two Random Variables Is Stochastically Larger Than the
/// Other, Annals of Mathematical Statistics 18, 1947). They are exact if the values of both samples come from one source:
/// then every way to tell them apart is equally probable, whatever the source is like. A tie speaks for neither side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankSum {
    /// Of a second sample that lies so high above the first, or higher, if it lies `shift` above: small when it is more.
    pub p_above: f64,
    /// Of a second sample that lies so low, or lower: small when it is less.
    pub p_below: f64,
}

impl RankSum {
    /// Tests whether the values of `second` are those of `first` moved by `shift`.
    ///
    /// # Errors
    /// A sample is empty, or has a value that is no number.
    ///
    /// # Panics
    /// A sample has more than [`MOST`] values.
    pub fn test(first: &[f64], second: &[f64], shift: f64) -> Result<Self, StatsError> {
        check(first)?;
        check(second)?;
        let wins = |wins: fn(&f64, &f64) -> bool| {
            let moved = second.iter().map(|it| it - shift);
            moved
                .map(|new| first.iter().filter(|old| wins(&new, old)).count())
                .sum::<usize>()
        };
        let null = Null::of(first.len(), second.len());
        Ok(Self {
            p_above: null.at_least(wins(|new, old| new > old)),
            p_below: null.at_least(wins(|new, old| new < old)),
        })
    }
}

/// By how much the second sample lies above the first: the median of all differences between a value of the second and one
/// of the first, with the interval of the shifts that [`RankSum`] does not reject (J. L. Hodges, E. L. Lehmann: Estimates
/// of Location Based on Rank Tests, Annals of Mathematical Statistics 34, 1963).
///
/// # Errors
/// A sample is empty, or has a value that is no number.
///
/// # Panics
/// A sample has more than [`MOST`] values.
pub fn shift(
    first: &[f64],
    second: &[f64],
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    check(first)?;
    check(second)?;
    let differences = second
        .iter()
        .flat_map(|new| first.iter().map(move |old| new - old));
    let differences = sorted(&differences.collect::<Vec<_>>());
    let null = Null::of(first.len(), second.len());
    let last = differences.len() - 1;
    // As many may be left out on each side as are improbable together.
    let improbable = |count: &usize| null.at_most(*count) <= confidence.each_tail();
    let left_out = (0..=last / 2).take_while(improbable).last();
    Ok(Estimate {
        value: middle(&differences),
        interval: left_out.map(|count| Interval {
            low: differences[count],
            high: differences[last - count],
            coverage: 1.0 - 2.0 * null.at_most(count),
        }),
        samples: first.len().min(second.len()),
    })
}

/// How many of the ways to tell two samples apart give each number of wins.
struct Null {
    ways: Vec<u128>,
    all: u128,
}

impl Null {
    /// By the generating function: the product over i up to `second` of (1 - x^(first+i)) / (1 - x^i).
    fn of(first: usize, second: usize) -> Self {
        assert!(first.max(second) <= MOST, "{first} and {second} values");
        let top = first * second;
        let mut ways = vec![0u128; top + 1];
        ways[0] = 1;
        for step in 1..=second {
            let up = first + step;
            for wins in (up..=top).rev() {
                ways[wins] = ways[wins].wrapping_sub(ways[wins - up]);
            }
            for wins in step..=top {
                ways[wins] = ways[wins].wrapping_add(ways[wins - step]);
            }
        }
        let all = ways.iter().sum();
        Self { ways, all }
    }

    /// The probability of at least so many wins.
    fn at_least(&self, wins: usize) -> f64 {
        self.share(self.ways[wins.min(self.ways.len())..].iter().sum())
    }

    /// The probability of at most so many wins.
    fn at_most(&self, wins: usize) -> f64 {
        self.share(self.ways[..=wins.min(self.ways.len() - 1)].iter().sum())
    }

    fn share(&self, ways: u128) -> f64 {
        ways as f64 / self.all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How many wins each way to draw the second sample from `1..=count` gives, one by one.
    fn brute_force(first: usize, second: usize) -> Vec<u128> {
        let mut ways = vec![0; first * second + 1];
        for chosen in 0u32..1 << (first + second) {
            if chosen.count_ones() as usize != second {
                continue;
            }
            let of = |is: u32| (0..first + second).filter(move |at| chosen >> at & 1 == is);
            let wins = of(1).map(|new| of(0).filter(|old| *old < new).count());
            ways[wins.sum::<usize>()] += 1;
        }
        ways
    }

    #[test]
    fn every_way_is_counted() {
        for (first, second) in [(1, 1), (2, 3), (4, 4), (5, 3), (6, 6)] {
            assert_eq!(Null::of(first, second).ways, brute_force(first, second));
        }
        let null = Null::of(MOST, MOST);
        assert_eq!(null.all, 1_832_624_140_942_590_534);
    }

    #[test]
    fn samples_that_are_apart_are_as_improbable_as_they_can_be() {
        let low: Vec<f64> = (0..4).map(f64::from).collect();
        let high: Vec<f64> = (10..14).map(f64::from).collect();
        let test = RankSum::test(&low, &high, 0.0).unwrap();
        assert!((test.p_above - 1.0 / 70.0).abs() < 1e-12);
        assert_eq!(test.p_below, 1.0);
        // Moved by so much they cannot be told apart.
        assert!(RankSum::test(&low, &high, 10.0).unwrap().p_above > 0.3);
        let same = RankSum::test(&low, &low, 0.0).unwrap();
        assert!(same.p_above > 0.5 && same.p_below > 0.5);
    }

    #[test]
    fn ties_speak_for_neither() {
        let test = RankSum::test(&[7.0; 10], &[7.0; 10], 0.0).unwrap();
        assert_eq!((test.p_above, test.p_below), (1.0, 1.0));
    }

    #[test]
    fn the_shift_and_its_interval() {
        let first: Vec<f64> = (0..8).map(f64::from).collect();
        let second: Vec<f64> = first.iter().map(|it| it + 3.0).collect();
        let estimate = shift(&first, &second, Confidence::P95).unwrap();
        assert_eq!(estimate.value, 3.0);
        let interval = estimate.interval.unwrap();
        assert!(
            interval.contains(3.0) && interval.coverage >= 0.95,
            "{interval:?}"
        );
        assert!(
            shift(&first[..2], &second[..2], Confidence::P95)
                .unwrap()
                .interval
                .is_none()
        );
        assert!(shift(&[], &second, Confidence::P95).is_err());
    }

    proptest! {
        #[test]
        fn what_the_interval_leaves_out_the_test_rejects(
            first in prop::collection::vec(-1.0f64..1.0, 4..10),
            second in prop::collection::vec(-1.0f64..1.0, 4..10),
        ) {
            let interval = shift(&first, &second, Confidence::P95).unwrap().interval;
            if let Some(interval) = interval {
                let below = RankSum::test(&first, &second, interval.low - 1e-9).unwrap();
                let above = RankSum::test(&first, &second, interval.high + 1e-9).unwrap();
                prop_assert!(below.p_above <= 0.025);
                prop_assert!(above.p_below <= 0.025);
            }
        }
    }
}
