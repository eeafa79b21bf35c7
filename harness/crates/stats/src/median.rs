//! The median, with an interval made of two of the samples.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::{Confidence, Estimate, Interval, StatsError, check, middle, sorted};

/// The median and the narrowest interval between two samples, equally far from both ends, that covers it with the
/// confidence asked for. Samples must be independent of each other; the shape of their distribution is free.
///
/// How many samples lie below the median is binomial with probability 1/2 (W. R. Thompson: On Confidence Ranges for the
/// Median, Annals of Mathematical Statistics 7, 1936; Hahn, Meeker: Statistical Intervals, 5.2). At 95 %, six samples are
/// the fewest that have an interval.
pub fn median(samples: &[f64], confidence: Confidence) -> Result<Estimate, StatsError> {
    check(samples)?;
    let sorted = sorted(samples);
    let interval =
        samples_left_out(sorted.len(), confidence).map(|(left_out, coverage)| Interval {
            low: sorted[left_out],
            high: sorted[sorted.len() - 1 - left_out],
            coverage,
        });
    Ok(Estimate {
        value: middle(&sorted),
        interval,
        samples: samples.len(),
    })
}

/// How many samples lie outside the interval on each side, and the probability that it covers the median.
fn samples_left_out(count: usize, confidence: Confidence) -> Option<(usize, f64)> {
    let below = Binomial::new(0.5, count as u64).ok()?;
    let allowed = confidence.each_tail();
    (0..count / 2)
        .map(|left_out| (left_out, below.cdf(left_out as u64)))
        .take_while(|(_, tail)| *tail <= allowed)
        .last()
        .map(|(left_out, tail)| (left_out, 1.0 - 2.0 * tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Which samples (from 1) and with what coverage: K. R. Nair: Table of Confidence Interval for the Median in Samples
    /// from Any Continuous Population, Sankhya 4, 1940.
    #[test]
    fn the_ranks_are_the_published_ones() {
        let published = [
            (6, 1, 0.9688),
            (9, 2, 0.9609),
            (10, 2, 0.9785),
            (15, 4, 0.9648),
            (20, 6, 0.9586),
            (25, 8, 0.9567),
            (30, 10, 0.9572),
            (50, 18, 0.9672),
        ];
        for (count, rank, coverage) in published {
            let (left_out, found) = samples_left_out(count, Confidence::P95).unwrap();
            assert_eq!(left_out + 1, rank, "{count}");
            assert!((found - coverage).abs() < 1e-4, "{count}: {found}");
        }
        assert_eq!(samples_left_out(5, Confidence::P95), None);
    }

    /// The chance that the interval misses, by walking all ways in which samples can fall below or above the median.
    #[test]
    fn the_coverage_is_that_of_all_patterns() {
        for count in 6..=16usize {
            let (left_out, coverage) = samples_left_out(count, Confidence::P95).unwrap();
            let covered = (0..1u32 << count)
                .filter(|pattern| {
                    let below = pattern.count_ones() as usize;
                    below > left_out && count - below > left_out
                })
                .count();
            let expected = covered as f64 / f64::from(1u32 << count);
            assert!((coverage - expected).abs() < 1e-12, "{count}");
        }
    }

    #[test]
    fn even_and_odd() {
        let of = |samples: &[f64]| median(samples, Confidence::P95).unwrap();
        assert_eq!(of(&[3.0, 1.0, 2.0]).value, 2.0);
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]).value, 2.5);
        let six = of(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
        let interval = six.interval.unwrap();
        assert_eq!((six.value, interval.low, interval.high), (3.5, 1.0, 6.0));
        assert_eq!(of(&[1.0]).interval, None);
    }

    proptest! {
        #[test]
        fn the_median_lies_in_its_interval(samples in prop::collection::vec(0.0f64..1e9, 6..60)) {
            let estimate = median(&samples, Confidence::P95).unwrap();
            let interval = estimate.interval.unwrap();
            prop_assert!(interval.contains(estimate.value));
            prop_assert!(interval.coverage >= 0.95);
        }
    }
}
