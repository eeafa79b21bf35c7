//! Where a series of nights changes its level.

use super::null::{normal_at_most, normal_upper};
use super::{StatsError, check, middle, sorted};

/// The standardized rank sum above which a change of one series is an alarm: one chance in 741 for a night and a window if
/// nothing changed. [`threshold`] raises it when several series are looked at.
pub const THRESHOLD: f64 = 3.0;

/// Shares by which the medians have to differ: less is nobody's concern, however sure it is.
pub const LEAST_SHIFT: f64 = 0.01;

/// The lengths of the windows of newest nights that are tried. Fewer than four cannot be told from bad luck, and what is
/// older than two weeks was an alarm two weeks ago.
pub const FORE: std::ops::RangeInclusive<usize> = 4..=14;

/// So many nights before the window are what it is compared with: at least, because ranks of fewer say little, and at most.
pub const BACK: std::ops::RangeInclusive<usize> = 10..=30;

/// A change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The first night of the new level, as its place in the series; right to a night or two.
    pub at: usize,
    /// The rank sum of the nights from there on, standardized; negative when they are lower.
    pub z: f64,
    /// The median of the nights before.
    pub before: f64,
    /// The median of the nights from there on.
    pub after: f64,
}

impl Change {
    /// By which share the level changed: -0.02 is 2 % less.
    pub fn shift(&self) -> f64 {
        self.after / self.before - 1.0
    }
}

/// The threshold when so many series are looked at in one night: all of them share the chance that one series has at
/// [`THRESHOLD`]. It is 3.6 for ten series and 4.0 for forty.
pub fn threshold(series: usize) -> f64 {
    let tail = normal_at_most(-THRESHOLD);
    normal_upper(tail / series.max(1) as f64)
}

/// Whether the level of a series, oldest night first, has changed within the last nights: the rank scan. Nothing when it
/// has not, or when there are too few nights to say.
///
/// Each window of newest nights is compared with the nights before it by the rank sum test (H. B. Mann, D. R. Whitney: On
/// a Test of Whether One of Two Random Variables is Stochastically Larger than the Other, Annals of Mathematical
/// Statistics 18, 1947), with its normal approximation, corrected for ties. Of all windows that exceed `threshold` and
/// [`LEAST_SHIFT`], the one that does so most clearly is where the change was. Ranks make it indifferent to single bad
/// nights, however bad. Values must be positive.
pub fn change_point(nights: &[f64], threshold: f64) -> Result<Option<Change>, StatsError> {
    check(nights)?;
    if let Some(index) = nights.iter().position(|night| *night <= 0.0) {
        return Err(StatsError::NotPositive { index });
    }
    Ok(FORE
        .filter_map(|length| change_at(nights, nights.len().checked_sub(length)?))
        .filter(|change| change.z.abs() > threshold && change.shift().abs() > LEAST_SHIFT)
        .max_by(|a, b| a.z.abs().total_cmp(&b.z.abs())))
}

/// What the nights from this one on look like beside those before; nothing when there are too few before.
fn change_at(nights: &[f64], at: usize) -> Option<Change> {
    let back = &nights[at.saturating_sub(*BACK.end())..at];
    let fore = &nights[at..];
    if back.len() < *BACK.start() {
        return None;
    }
    Some(Change {
        at,
        z: standardized_rank_sum(back, fore),
        before: middle(&sorted(back)),
        after: middle(&sorted(fore)),
    })
}

/// How far the rank sum of `second` among both is above what it is when both are alike, in standard deviations.
fn standardized_rank_sum(first: &[f64], second: &[f64]) -> f64 {
    let (n, m) = (first.len() as f64, second.len() as f64);
    let mut all: Vec<(f64, bool)> = first.iter().map(|value| (*value, false)).collect();
    all.extend(second.iter().map(|value| (*value, true)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut ties, mut below) = (0.0, 0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as f64;
        let rank = below + (size + 1.0) / 2.0;
        rank_sum += rank * group.iter().filter(|(_, second)| *second).count() as f64;
        ties += size.powi(3) - size;
        below += size;
    }
    let total = n + m;
    let expected = m * (total + 1.0) / 2.0;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 0.0;
    }
    (rank_sum - expected) / variance.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    /// Nights about a level of 2, with a relative standard deviation, every thirtieth an outlier by up to a quarter.
    struct Nights {
        random: Random,
        deviation: f64,
        outliers: bool,
    }

    impl Nights {
        fn new(seed: u64, deviation: f64) -> Self {
            Self {
                random: Random::new(seed, "change point test"),
                deviation,
                outliers: true,
            }
        }

        fn uniform(&mut self) -> f64 {
            (self.random.below(1 << 40) as f64 + 0.5) / (1u64 << 40) as f64
        }

        fn next(&mut self, level: f64) -> f64 {
            let noise = normal_upper(self.uniform()) * self.deviation;
            let outlier = self.outliers && self.random.below(30) == 0;
            let disturbed = if outlier {
                0.75 + 0.5 * self.uniform()
            } else {
                1.0
            };
            level * (1.0 + noise) * disturbed
        }

        fn series(&mut self, quiet: usize, then: usize, step: f64) -> Vec<f64> {
            let mut nights: Vec<f64> = (0..quiet).map(|_| self.next(2.0)).collect();
            nights.extend((0..then).map(|_| self.next(2.0 * (1.0 + step))));
            nights
        }
    }

    fn found(nights: &[f64]) -> Option<Change> {
        change_point(nights, THRESHOLD).unwrap()
    }

    /// Every way in which the values of `second` can lie among all of them, counted.
    fn moments(n: usize, m: usize) -> (f64, f64) {
        let total = n + m;
        let sums: Vec<f64> = (0..1u32 << total)
            .filter(|pattern| pattern.count_ones() as usize == m)
            .map(|pattern| {
                (0..total)
                    .filter(|bit| pattern >> bit & 1 == 1)
                    .map(|bit| bit as f64 + 1.0)
                    .sum()
            })
            .collect();
        let mean = sums.iter().sum::<f64>() / sums.len() as f64;
        let squares: f64 = sums.iter().map(|sum| (sum - mean).powi(2)).sum();
        (mean, squares / sums.len() as f64)
    }

    #[test]
    fn the_rank_sum_is_standardized_by_the_moments_of_all_orders() {
        for (n, m) in [(3, 2), (5, 4), (7, 5)] {
            let (mean, variance) = moments(n, m);
            let first: Vec<f64> = (1..=n).map(|it| it as f64).collect();
            let second: Vec<f64> = (n + 1..=n + m).map(|it| it as f64).collect();
            let highest: f64 = second.iter().sum();
            let expected = (highest - mean) / variance.sqrt();
            let z = standardized_rank_sum(&first, &second);
            assert!((z - expected).abs() < 1e-9, "{n} {m}: {z} {expected}");
            assert!((standardized_rank_sum(&second, &first) + z).abs() < 1e-9);
        }
    }

    /// Two samples with ties. U is 3.5; the variance is 4·4/12·(9 − (2·6 + 24)/56), counted by hand.
    #[test]
    fn ties_share_their_ranks() {
        let z = standardized_rank_sum(&[1.0, 2.0, 2.0, 3.0], &[2.0, 3.0, 4.0, 4.0]);
        let variance = 16.0 / 12.0 * (9.0 - (24.0 + 6.0 + 6.0) / 56.0);
        // Ranks: 1; 3, 3, 3; 5.5, 5.5; 7.5, 7.5. The second has 3 + 5.5 + 7.5 + 7.5.
        let expected = (23.5 - 18.0) / f64::sqrt(variance);
        assert!((z - expected).abs() < 1e-12, "{z} {expected}");
        assert_eq!(standardized_rank_sum(&[1.0; 4], &[1.0; 5]), 0.0);
    }

    #[test]
    fn a_step_is_found_where_it_is() {
        for (step, seed) in [(0.03, 1), (-0.03, 2), (0.2, 3), (-0.05, 4)] {
            let mut nights = Nights::new(seed, 0.003);
            nights.outliers = false;
            let series = nights.series(40, 7, step);
            let change = found(&series).unwrap();
            // A last night before the step that was bad by chance may be taken for part of it.
            assert!(change.at.abs_diff(40) <= 1, "{step}: {change:?}");
            assert_eq!(change.z > 0.0, step > 0.0);
            assert!((change.shift() - step).abs() < 0.005, "{step}: {change:?}");
        }
    }

    #[test]
    fn a_step_that_is_sure_but_small_is_no_alarm() {
        let quiet = (0..40).map(|night| 2.0 + f64::from((night + 2) % 5) * 1e-4);
        let series: Vec<f64> = quiet
            .clone()
            .chain(quiet.take(8).map(|it| it * 1.008))
            .collect();
        assert_eq!(found(&series), None);
        let larger: Vec<f64> = series[..40]
            .iter()
            .copied()
            .chain(series[40..].iter().map(|it| it * 1.008))
            .collect();
        assert_eq!(found(&larger).unwrap().at, 40);
    }

    #[test]
    fn bad_nights_are_no_step() {
        let mut nights = Nights::new(5, 0.005);
        nights.outliers = false;
        let mut series = nights.series(60, 0, 0.0);
        // Three of the newest nights, and some before.
        for night in [12, 31, 32, 57, 58, 59] {
            series[night] *= 0.5;
        }
        assert_eq!(found(&series), None);
    }

    #[test]
    fn old_steps_are_over() {
        let mut nights = Nights::new(6, 0.004);
        assert!(found(&nights.series(40, 10, 0.05)).is_some());
        let mut nights = Nights::new(6, 0.004);
        assert_eq!(found(&nights.series(40, 60, 0.05)), None);
    }

    #[test]
    fn short_series_say_nothing() {
        let series: Vec<f64> = (0..15)
            .map(|it| f64::from(it) / 1e3 + if it < 10 { 1.0 } else { 2.0 })
            .collect();
        for length in 1..15 {
            assert_eq!(found(&series[..length]), None, "{length}");
            assert_eq!(found(&series[15 - length..]), None, "{length}");
        }
        assert_eq!(found(&series).unwrap().at, 10);
    }

    #[test]
    fn what_is_no_level_is_refused() {
        assert_eq!(change_point(&[], 3.0), Err(StatsError::Empty));
        assert_eq!(
            change_point(&[1.0, 0.0], 3.0),
            Err(StatsError::NotPositive { index: 1 })
        );
        assert_eq!(
            change_point(&[1.0, f64::INFINITY], 3.0),
            Err(StatsError::NotFinite { index: 1 })
        );
    }

    #[test]
    fn more_series_need_a_higher_threshold() {
        assert!((threshold(1) - THRESHOLD).abs() < 1e-9);
        assert!((threshold(10) - 3.64).abs() < 0.01, "{}", threshold(10));
        assert!((threshold(40) - 3.99).abs() < 0.01, "{}", threshold(40));
        assert_eq!(threshold(0), threshold(1));
    }

    /// The share of histories in which some series raises an alarm within thirty nights though nothing changed.
    fn false_alarms(histories: u64, series: usize, deviation: f64) -> f64 {
        let threshold = threshold(series);
        let alarmed = (0..histories)
            .filter(|history| {
                (0..series as u64).any(|number| {
                    let mut nights = Nights::new(history * 1000 + number, deviation);
                    let quiet = nights.series(70, 0, 0.0);
                    (40..70).any(|tonight| {
                        change_point(&quiet[..=tonight], threshold)
                            .unwrap()
                            .is_some()
                    })
                })
            })
            .count();
        alarmed as f64 / histories as f64
    }

    /// The seeds are fixed, so these never fail by chance.
    #[test]
    fn quiet_series_rarely_alarm() {
        for deviation in [0.01, 0.02] {
            let share = false_alarms(100, 1, deviation);
            assert!(share <= 0.10, "{deviation}: {share}");
        }
    }

    #[test]
    fn many_quiet_series_together_do_not_alarm_more_often_than_one() {
        let share = false_alarms(12, 36, 0.01);
        assert!(share <= 0.10, "{share}");
    }

    /// How many of a hundred histories with a step raise an alarm within so many nights, at the place of the step.
    fn detected(step: f64, deviation: f64, series: usize, within: usize) -> usize {
        (0..100)
            .filter(|seed| {
                let mut nights = Nights::new(5000 + seed, deviation);
                let all = nights.series(45, within, step);
                (0..within).any(|tonight| {
                    let known = &all[..=45 + tonight];
                    let change = change_point(known, threshold(series)).unwrap();
                    change.is_some_and(|change| change.at.abs_diff(45) <= 2)
                })
            })
            .count()
    }

    #[test]
    fn three_percent_are_found_within_days() {
        let checks = [(0.01, 1, 5, 80), (0.01, 1, 10, 95), (0.01, 36, 12, 90)];
        for (deviation, series, within, least) in checks {
            let found = detected(-0.03, deviation, series, within);
            assert!(found >= least, "{series} {within}: {found}");
        }
    }
}
