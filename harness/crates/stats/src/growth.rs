//! How a cost grows with size.

use super::{Confidence, Estimate, StatsError, check, hodges_lehmann};

/// A cost as a power of a size.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The exponent over all sizes: 1 is linear, 2 is quadratic.
    pub exponent: Estimate,
    /// The exponent from each size to the next: where it rises with size, the power does not hold, and what comes is
    /// worse than `exponent` says. Where it rises towards 1, a fixed cost was dominant at first.
    pub steps: Vec<Estimate>,
}

/// Fits `cost = a * size^b` and estimates `b`.
///
/// `rounds` holds one list for each round: the cost at every size, in the order of `sizes`, which must ascend. For each
/// round `b` is the least-squares slope of the logarithms; of the slopes of all rounds it is the Hodges–Lehmann estimate.
/// So noise that makes a whole round slower cancels, and the interval covers noise of the measurement. That the power
/// itself may not hold is shown by `steps`.
pub fn growth(
    sizes: &[f64],
    rounds: &[Vec<f64>],
    confidence: Confidence,
) -> Result<Growth, StatsError> {
    let sizes = logarithms(sizes)?;
    if sizes.len() < 2 || sizes.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(StatsError::OneSize);
    }
    let mut costs = Vec::with_capacity(rounds.len());
    for round in rounds {
        if round.len() != sizes.len() {
            return Err(StatsError::Unpaired {
                left: sizes.len(),
                right: round.len(),
            });
        }
        costs.push(logarithms(round)?);
    }
    let estimate = |from: usize, to: usize| {
        let slopes: Vec<f64> = costs
            .iter()
            .map(|costs| slope(&sizes[from..to], &costs[from..to]))
            .collect();
        hodges_lehmann(&slopes, confidence)
    };
    Ok(Growth {
        exponent: estimate(0, sizes.len())?,
        steps: (1..sizes.len())
            .map(|to| estimate(to - 1, to + 1))
            .collect::<Result<_, _>>()?,
    })
}

fn logarithms(values: &[f64]) -> Result<Vec<f64>, StatsError> {
    check(values)?;
    match values.iter().position(|value| *value <= 0.0) {
        Some(index) => Err(StatsError::NotPositive { index }),
        None => Ok(values.iter().map(|value| value.ln()).collect()),
    }
}

/// The least-squares slope of `y` over `x`.
fn slope(x: &[f64], y: &[f64]) -> f64 {
    let count = x.len() as f64;
    let mean_x = x.iter().sum::<f64>() / count;
    let mean_y = y.iter().sum::<f64>() / count;
    let products: f64 = x
        .iter()
        .zip(y)
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let squares: f64 = x.iter().map(|x| (x - mean_x) * (x - mean_x)).sum();
    products / squares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quadratic_cost_has_the_exponent_two() {
        let sizes = [1.0, 10.0, 100.0, 1000.0];
        let rounds: Vec<Vec<f64>> = (1..=6)
            .map(|round| sizes.map(|size| f64::from(round) * size * size).to_vec())
            .collect();
        let growth = growth(&sizes, &rounds, Confidence::P95).unwrap();
        assert!((growth.exponent.value - 2.0).abs() < 1e-12);
        assert_eq!(growth.steps.len(), 3);
        let interval = growth.exponent.interval.unwrap();
        assert!(interval.high - interval.low < 1e-12, "rounds cancel");
    }

    #[test]
    fn a_quadratic_part_that_sets_in_late_shows_in_the_steps() {
        let sizes = [1.0, 10.0, 100.0, 1000.0, 10_000.0];
        let round = sizes.map(|size| 5.0 + size + size * size / 1e4).to_vec();
        let growth = growth(&sizes, &vec![round; 6], Confidence::P95).unwrap();
        let steps: Vec<f64> = growth.steps.iter().map(|step| step.value).collect();
        assert!(growth.exponent.value < 1.0, "the fit hides it");
        assert!(steps[0] < 0.5, "the fixed cost: {steps:?}");
        assert!(steps[3] > 1.2, "the quadratic part: {steps:?}");
    }

    /// The data set Norris of NIST's Statistical Reference Datasets, a straight line; the slope is certified.
    #[test]
    fn the_slope_is_the_certified_one() {
        let data = [
            (0.2, 0.1),
            (337.4, 338.8),
            (118.2, 118.1),
            (884.6, 888.0),
            (10.1, 9.2),
            (226.5, 228.1),
            (666.3, 668.5),
            (996.3, 998.5),
            (448.6, 449.1),
            (777.0, 778.9),
            (558.2, 559.2),
            (0.4, 0.3),
            (0.6, 0.1),
            (775.5, 778.1),
            (666.9, 668.8),
            (338.0, 339.3),
            (447.5, 448.9),
            (11.6, 10.8),
            (556.0, 557.7),
            (228.1, 228.3),
            (995.8, 998.0),
            (887.6, 888.8),
            (120.2, 119.6),
            (0.3, 0.3),
            (0.3, 0.6),
            (556.8, 557.6),
            (339.1, 339.3),
            (887.2, 888.0),
            (999.0, 998.5),
            (779.0, 778.9),
            (11.1, 10.2),
            (118.3, 117.6),
            (229.2, 228.9),
            (669.1, 668.4),
            (448.9, 449.2),
            (0.5, 0.2),
        ];
        let (x, y): (Vec<f64>, Vec<f64>) = data.into_iter().unzip();
        assert!((slope(&x, &y) - 1.002_116_818_020_45).abs() < 1e-13);
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let of = |sizes: &[f64], rounds: &[Vec<f64>]| {
            growth(sizes, rounds, Confidence::P95).unwrap_err()
        };
        assert_eq!(of(&[5.0], &[vec![1.0]]), StatsError::OneSize);
        assert_eq!(of(&[5.0, 5.0], &[vec![1.0, 1.0]]), StatsError::OneSize);
        assert_eq!(of(&[1.0, 2.0], &[]), StatsError::Empty);
        assert_eq!(
            of(&[1.0, 2.0], &[vec![1.0]]),
            StatsError::Unpaired { left: 2, right: 1 }
        );
        assert_eq!(
            of(&[1.0, 2.0], &[vec![1.0, 0.0]]),
            StatsError::NotPositive { index: 1 }
        );
    }

    proptest! {
        #[test]
        fn any_power_is_found_again(exponent in -1.0f64..3.0, factor in 0.01f64..100.0) {
            let sizes = [3.0, 10.0, 30.0, 300.0];
            let round = sizes.map(|size: f64| factor * size.powf(exponent)).to_vec();
            let growth = growth(&sizes, &vec![round; 6], Confidence::P95).unwrap();
            prop_assert!((growth.exponent.value - exponent).abs() < 1e-9);
        }
    }
}
