//! Estimates with intervals, and exact tests, for samples of times: pure functions, no I/O.
//!
//! | question | function |
//! | --- | --- |
//! | how much longer does one take than the other, when both were measured in each block? | [`ratio`] |
//! | is a paired difference above a margin? | [`SignedRank`] |
//! | where is the middle of some samples? | [`median`] |
//! | does one of two samples that nothing pairs lie above the other by more than a margin? | [`RankSum`] |
//! | what is the ratio over all workloads together? | [`geometric_mean`] |
//! | how often does something happen? | [`proportion`] |
//! | how does a cost grow with size? | [`growth`] |
//! | has the level of a series changed? | [`change_point()`] |
//!
//! No assumption on the shape of the noise goes into any interval but [`SignedRank`]'s: differences that are symmetric
//! about their centre. Order within a block is random, so that holds by construction when there is no difference.
//!
//! An interval is `None` where there are too few samples for one at the confidence that was asked for. Nothing is made up
//! in its place.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod change_point;
#[cfg(test)]
mod coverage;
mod geometric_mean;
mod growth;
mod hodges_lehmann;
mod median;
mod null;
mod proportion;
mod random;
pub mod rank_sum;
mod ratio;
mod signed_rank;

pub use change_point::{BACK, Change, FORE, LEAST_SHIFT, THRESHOLD, change_point, threshold};
pub use geometric_mean::geometric_mean;
pub use growth::{Growth, growth};
pub use hodges_lehmann::hodges_lehmann;
pub use median::median;
pub use null::EXACT_UP_TO;
pub use proportion::{proportion, proportion_at_least, proportion_at_most};
pub use random::Random;
pub use rank_sum::RankSum;
pub use ratio::{log_ratios, ratio};
pub use signed_rank::SignedRank;

use serde::Serialize;

/// How sure an interval has to be: a probability between 0 and 1, both excluded.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// 95 %, what every table of this program shows.
    pub const P95: Self = Self(0.95);

    /// The confidence `level`, or nothing when it is not between 0 and 1.
    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then_some(Self(level))
    }

    /// The probability.
    pub fn level(self) -> f64 {
        self.0
    }

    /// The probability that the interval may miss on each side.
    fn each_tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

/// A closed interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The probability with which such an interval contains the truth. At least the confidence asked for: ranks come in
    /// whole steps.
    pub coverage: f64,
}

impl Interval {
    /// Whether a value lies inside.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Whether two intervals have a value in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// An estimate, its interval and what they rest on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its interval; nothing when there are too few samples.
    pub interval: Option<Interval>,
    /// How many samples went in.
    pub samples: usize,
}

impl Estimate {
    /// The same estimate on another scale. `scale` must be increasing.
    pub fn map(self, scale: impl Fn(f64) -> f64) -> Self {
        Self {
            value: scale(self.value),
            interval: self.interval.map(|interval| Interval {
                low: scale(interval.low),
                high: scale(interval.high),
                coverage: interval.coverage,
            }),
            samples: self.samples,
        }
    }
}

/// Samples that nothing can be said about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatsError {
    /// There are none.
    #[error("there are no samples")]
    Empty,
    /// One is infinite or not a number.
    #[error("sample {index} is not a finite number")]
    NotFinite {
        /// Which one, from 0.
        index: usize,
    },
    /// A logarithm was to be taken of zero or less.
    #[error("sample {index} is not positive")]
    NotPositive {
        /// Which one, from 0.
        index: usize,
    },
    /// Two lists that belong together differ in length.
    #[error("{left} samples are to be paired with {right}")]
    Unpaired {
        /// The length of one.
        left: usize,
        /// The length of the other.
        right: usize,
    },
    /// A power of something cannot be fitted to fewer than two different sizes.
    #[error("growth needs at least two different sizes")]
    OneSize,
    /// More successes than trials, or no trial.
    #[error("{successes} of {trials} is not a proportion")]
    NotAProportion {
        /// How often it happened.
        successes: u64,
        /// Out of how many.
        trials: u64,
    },
}

/// Refuses an empty list and anything that has no place on the number line.
fn check(samples: &[f64]) -> Result<(), StatsError> {
    if samples.is_empty() {
        return Err(StatsError::Empty);
    }
    match samples.iter().position(|sample| !sample.is_finite()) {
        Some(index) => Err(StatsError::NotFinite { index }),
        None => Ok(()),
    }
}

fn sorted(samples: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The middle of a sorted list, which must not be empty; of an even number, the mean of the two in the middle.
fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        f64::midpoint(sorted[half - 1], sorted[half])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_a_probability() {
        for level in [0.0, 1.0, -0.5, 2.0, f64::NAN] {
            assert_eq!(Confidence::new(level), None, "{level}");
        }
        assert_eq!(Confidence::new(0.95), Some(Confidence::P95));
    }

    #[test]
    fn intervals_that_touch_overlap() {
        let interval = |low, high| Interval {
            low,
            high,
            coverage: 0.95,
        };
        assert!(interval(1.0, 2.0).overlaps(&interval(2.0, 3.0)));
        assert!(interval(2.0, 3.0).overlaps(&interval(1.0, 9.0)));
        assert!(!interval(1.0, 2.0).overlaps(&interval(2.1, 3.0)));
    }

    #[test]
    fn what_is_no_number_is_named() {
        assert_eq!(check(&[]), Err(StatsError::Empty));
        assert_eq!(
            check(&[1.0, f64::NAN]),
            Err(StatsError::NotFinite { index: 1 })
        );
    }
}
