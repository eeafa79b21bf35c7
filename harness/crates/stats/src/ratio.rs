//! Ratios of what was measured in the same blocks.

use super::{Confidence, Estimate, StatsError, check, hodges_lehmann};

/// How many times as much the first takes as the second, from pairs that were measured in the same block: the
/// Hodges–Lehmann estimate of the logarithms of the ratios, and its interval, taken back.
///
/// Both must be positive. The unit cancels.
pub fn ratio(
    numerators: &[f64],
    denominators: &[f64],
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    let logarithms = log_ratios(numerators, denominators)?;
    Ok(hodges_lehmann(&logarithms, confidence)?.map(f64::exp))
}

/// The natural logarithms of the ratios, pair by pair.
pub fn log_ratios(numerators: &[f64], denominators: &[f64]) -> Result<Vec<f64>, StatsError> {
    if numerators.len() != denominators.len() {
        return Err(StatsError::Unpaired {
            left: numerators.len(),
            right: denominators.len(),
        });
    }
    check(numerators)?;
    check(denominators)?;
    let pairs = numerators.iter().zip(denominators);
    if let Some(index) = pairs.clone().position(|(a, b)| *a <= 0.0 || *b <= 0.0) {
        return Err(StatsError::NotPositive { index });
    }
    Ok(pairs.map(|(a, b)| a.ln() - b.ln()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn drift_that_both_sides_share_cancels() {
        let slow: Vec<f64> = (0..12)
            .map(|block| 30.0 * (1.0 + f64::from(block)))
            .collect();
        let fast: Vec<f64> = slow.iter().map(|time| time / 1.5).collect();
        let estimate = ratio(&slow, &fast, Confidence::P95).unwrap();
        let interval = estimate.interval.unwrap();
        assert!((estimate.value - 1.5).abs() < 1e-12);
        assert!(interval.high - interval.low < 1e-12);
    }

    #[test]
    fn what_cannot_be_a_ratio_is_named() {
        let of = |a: &[f64], b: &[f64]| ratio(a, b, Confidence::P95).unwrap_err();
        assert_eq!(of(&[], &[]), StatsError::Empty);
        assert_eq!(
            of(&[1.0], &[1.0, 2.0]),
            StatsError::Unpaired { left: 1, right: 2 }
        );
        assert_eq!(
            of(&[1.0, 1.0], &[1.0, 0.0]),
            StatsError::NotPositive { index: 1 }
        );
        assert_eq!(
            of(&[f64::INFINITY], &[1.0]),
            StatsError::NotFinite { index: 0 }
        );
    }

    proptest! {
        #[test]
        fn swapped_sides_give_the_reciprocal(
            pairs in prop::collection::vec((0.1f64..10.0, 0.1f64..10.0), 6..30)
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let forth = ratio(&a, &b, Confidence::P95).unwrap();
            let back = ratio(&b, &a, Confidence::P95).unwrap();
            let (forth_interval, back_interval) = (forth.interval.unwrap(), back.interval.unwrap());
            prop_assert!((forth.value * back.value - 1.0).abs() < 1e-9);
            prop_assert!((forth_interval.low * back_interval.high - 1.0).abs() < 1e-9);
        }
    }
}
