//! How often something happens, from how often it has happened.

use statrs::distribution::{Beta, ContinuousCDF};

use super::{Confidence, Estimate, Interval, StatsError};

/// A proportion with its exact interval (C. J. Clopper, E. S. Pearson: The Use of Confidence or Fiducial Limits
/// Illustrated in the Case of the Binomial, Biometrika 26, 1934). It covers with at least the confidence asked for,
/// whatever the proportion.
pub fn proportion(
    successes: u64,
    trials: u64,
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    let (low, high) = limits(successes, trials, confidence.each_tail())?;
    Ok(Estimate {
        value: successes as f64 / trials as f64,
        interval: Some(Interval {
            low,
            high,
            coverage: confidence.level(),
        }),
        samples: usize::try_from(trials).unwrap_or(usize::MAX),
    })
}

/// The proportion is at most this, with the confidence asked for: the one-sided bound.
pub fn proportion_at_most(
    successes: u64,
    trials: u64,
    confidence: Confidence,
) -> Result<f64, StatsError> {
    Ok(limits(successes, trials, 1.0 - confidence.level())?.1)
}

/// The proportion is at least this, with the confidence asked for: the one-sided bound.
pub fn proportion_at_least(
    successes: u64,
    trials: u64,
    confidence: Confidence,
) -> Result<f64, StatsError> {
    Ok(limits(successes, trials, 1.0 - confidence.level())?.0)
}

/// The limits beyond each of which lies the probability `tail`, as quantiles of beta distributions.
fn limits(successes: u64, trials: u64, tail: f64) -> Result<(f64, f64), StatsError> {
    let wrong = StatsError::NotAProportion { successes, trials };
    if trials == 0 {
        return Err(wrong);
    }
    let failures = trials.checked_sub(successes).ok_or(wrong)?;
    let quantile = |successes: u64, failures: u64, at: f64| {
        Beta::new(successes as f64, failures as f64)
            .map(|beta| beta.inverse_cdf(at))
            .map_err(|_| wrong)
    };
    let low = match successes {
        0 => 0.0,
        _ => quantile(successes, failures + 1, tail)?,
    };
    let high = match failures {
        0 => 1.0,
        _ => quantile(successes + 1, failures, 1.0 - tail)?,
    };
    Ok((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 95 % limits for ten trials: Geigy Scientific Tables, 7th ed., 1970, exact confidence limits of a binomial
    /// proportion.
    #[test]
    fn the_limits_are_the_published_ones() {
        let published = [
            (0, 0.0, 0.3085),
            (1, 0.0025, 0.4450),
            (2, 0.0252, 0.5561),
            (3, 0.0667, 0.6525),
            (4, 0.1216, 0.7376),
            (5, 0.1871, 0.8129),
            (10, 0.6915, 1.0),
        ];
        for (successes, low, high) in published {
            let interval = proportion(successes, 10, Confidence::P95)
                .unwrap()
                .interval
                .unwrap();
            assert!((interval.low - low).abs() < 5e-5, "{successes}");
            assert!((interval.high - high).abs() < 5e-5, "{successes}");
        }
    }

    #[test]
    fn nothing_in_n_trials_has_a_closed_form() {
        for trials in [1, 200, 300, 10_000] {
            let bound = proportion_at_most(0, trials, Confidence::P95).unwrap();
            let expected = 1.0 - 0.05f64.powf(1.0 / trials as f64);
            assert!((bound / expected - 1.0).abs() < 1e-7, "{trials}");
            assert_eq!(proportion_at_least(0, trials, Confidence::P95), Ok(0.0));
        }
    }

    #[test]
    fn what_is_no_proportion_is_refused() {
        for (successes, trials) in [(0, 0), (3, 2)] {
            assert_eq!(
                proportion(successes, trials, Confidence::P95),
                Err(StatsError::NotAProportion { successes, trials })
            );
        }
    }

    /// The probability of at most `successes` of `trials` at proportion `p`, term by term.
    fn at_most(successes: u64, trials: u64, p: f64) -> f64 {
        // In logarithms: the first term alone may be smaller than any number.
        let mut term = (1.0 - p).ln() * trials as f64;
        let mut sum = term.exp();
        for k in 0..successes {
            term += ((trials - k) as f64 / (k + 1) as f64 * p / (1.0 - p)).ln();
            sum += term.exp();
        }
        sum
    }

    proptest! {
        /// By definition: at the upper limit, what was seen or less has exactly the probability of one tail; at the
        /// lower limit, what was seen or more.
        #[test]
        fn the_limits_solve_their_equations(trials in 1u64..400, share in 0.0f64..1.0) {
            let successes = (share * trials as f64) as u64;
            let interval = proportion(successes, trials, Confidence::P95).unwrap().interval.unwrap();
            if successes < trials {
                prop_assert!((at_most(successes, trials, interval.high) - 0.025).abs() < 1e-7);
            }
            if successes > 0 {
                let or_more = 1.0 - at_most(successes - 1, trials, interval.low);
                prop_assert!((or_more - 0.025).abs() < 1e-7);
            }
        }
    }
}
