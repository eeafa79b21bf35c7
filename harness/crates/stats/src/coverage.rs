//! Do the intervals cover as often as they say? Thousands of made-up experiments, by noise of several shapes.

use super::{Confidence, Random, SignedRank, median, ratio};

const EXPERIMENTS: u32 = 4000;
const BLOCKS: usize = 16;

/// Four standard errors of a proportion of 95 % in that many experiments. The seed is fixed, so nothing fails by chance.
const MARGIN: f64 = 0.014;

/// Noise of one process, as a logarithm.
type Noise = fn(&mut Random) -> f64;

const SHAPES: [(&str, Noise); 4] = [
    ("normal", |random| 0.04 * normal(random)),
    ("skewed, as times are", |random| {
        (0.3 * normal(random)).exp() / 10.0
    }),
    ("two modes", |random| {
        0.01 * normal(random) + if random.below(3) == 0 { 0.2 } else { 0.0 }
    }),
    ("outliers", |random| {
        0.02 * normal(random) + if random.below(25) == 0 { 1.0 } else { 0.0 }
    }),
];

fn uniform(random: &mut Random) -> f64 {
    (random.below(1 << 53) as f64 + 0.5) / (1u64 << 53) as f64
}

fn normal(random: &mut Random) -> f64 {
    (-2.0 * uniform(random).ln()).sqrt() * (std::f64::consts::TAU * uniform(random)).cos()
}

/// Times of both sides in every block; the machine drifts from block to block, and both feel it.
fn experiment(random: &mut Random, noise: Noise, truth: f64) -> (Vec<f64>, Vec<f64>) {
    let mut drift = 0.0;
    (0..BLOCKS)
        .map(|_| {
            drift = 0.9 * drift + 0.05 * normal(random);
            let mut time = |factor: f64| factor * (drift + noise(random)).exp();
            (time(truth), time(1.0))
        })
        .unzip()
}

#[test]
fn ratios_are_covered_whatever_the_noise_and_the_drift() {
    for (name, noise) in SHAPES {
        let mut random = Random::new(11, name);
        let (mut covered, mut stated) = (0, 0.0);
        for _ in 0..EXPERIMENTS {
            let (slow, fast) = experiment(&mut random, noise, 1.3);
            let interval = ratio(&slow, &fast, Confidence::P95)
                .unwrap()
                .interval
                .unwrap();
            covered += u32::from(interval.contains(1.3));
            stated = interval.coverage;
        }
        let share = f64::from(covered) / f64::from(EXPERIMENTS);
        assert!((share - stated).abs() < MARGIN, "{name}: {share} {stated}");
    }
}

#[test]
fn a_test_of_equals_is_wrong_as_often_as_it_says() {
    for (name, noise) in SHAPES {
        let mut random = Random::new(12, name);
        let alarms = (0..EXPERIMENTS)
            .filter(|_| {
                let (a, b) = experiment(&mut random, noise, 1.0);
                let differences = super::log_ratios(&a, &b).unwrap();
                SignedRank::test(&differences, 0.0).unwrap().p_above <= 0.05
            })
            .count();
        let share = alarms as f64 / f64::from(EXPERIMENTS);
        assert!(share < 0.05 + MARGIN, "{name}: {share}");
        assert!(share > 0.05 - 2.0 * MARGIN, "{name}: {share}");
    }
}

#[test]
fn medians_are_covered_whatever_the_noise() {
    for (name, noise) in SHAPES {
        let mut random = Random::new(13, name);
        let mut many: Vec<f64> = (0..100_001).map(|_| noise(&mut random)).collect();
        many.sort_by(f64::total_cmp);
        let truth = many[50_000];
        let (mut covered, mut stated) = (0, 0.0);
        for _ in 0..EXPERIMENTS {
            let samples: Vec<f64> = (0..BLOCKS).map(|_| noise(&mut random)).collect();
            let interval = median(&samples, Confidence::P95).unwrap().interval.unwrap();
            covered += u32::from(interval.contains(truth));
            stated = interval.coverage;
        }
        let share = f64::from(covered) / f64::from(EXPERIMENTS);
        assert!((share - stated).abs() < MARGIN, "{name}: {share} {stated}");
    }
}
