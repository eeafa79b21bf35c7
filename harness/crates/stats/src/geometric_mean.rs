//! One ratio for several workloads.

use super::{Confidence, Estimate, StatsError, check, hodges_lehmann};

/// The geometric mean of the ratios of several workloads, each as heavy as the others: for every round over all
/// workloads the mean of their logarithmic ratios, and of these means the Hodges–Lehmann estimate, taken back.
///
/// `rounds` holds one list for each round: the natural logarithm of every workload's ratio in that round (see
/// [`super::log_ratios`]), in the same order each time. Only whole rounds count.
///
/// The interval says how far noise of the measurement moves the mean of *these* workloads. It says nothing about other
/// workloads: they were chosen, not drawn. The geometric mean is the one that does not depend on which side is the
/// reference (P. J. Fleming, J. J. Wallace: How Not to Lie with Statistics, CACM 29, 1986).
pub fn geometric_mean(rounds: &[Vec<f64>], confidence: Confidence) -> Result<Estimate, StatsError> {
    let workloads = rounds.first().map_or(0, Vec::len);
    let mut means = Vec::with_capacity(rounds.len());
    for round in rounds {
        if round.len() != workloads {
            return Err(StatsError::Unpaired {
                left: workloads,
                right: round.len(),
            });
        }
        check(round)?;
        means.push(round.iter().sum::<f64>() / workloads as f64);
    }
    Ok(hodges_lehmann(&means, confidence)?.map(f64::exp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_two_and_one_of_a_half_are_one_together() {
        let round = vec![2f64.ln(), 0.5f64.ln()];
        let mean = geometric_mean(&vec![round; 6], Confidence::P95).unwrap();
        assert!((mean.value - 1.0).abs() < 1e-12);
        assert_eq!(mean.samples, 6);
        assert!(mean.interval.is_some());
    }

    #[test]
    fn noise_of_single_workloads_averages_out() {
        // Workload A is up when B is down: each alone varies, their mean does not.
        let rounds: Vec<Vec<f64>> = (0..8)
            .map(|round| {
                let noise = 0.01 * f64::from(round);
                vec![1.2f64.ln() + noise, 1.2f64.ln() - noise]
            })
            .collect();
        let interval = geometric_mean(&rounds, Confidence::P95)
            .unwrap()
            .interval
            .unwrap();
        assert!(interval.high - interval.low < 1e-12);
    }

    #[test]
    fn a_round_with_a_workload_missing_is_refused() {
        let rounds = [vec![0.1, 0.2], vec![0.1]];
        assert_eq!(
            geometric_mean(&rounds, Confidence::P95),
            Err(StatsError::Unpaired { left: 2, right: 1 })
        );
        assert_eq!(geometric_mean(&[], Confidence::P95), Err(StatsError::Empty));
    }
}
