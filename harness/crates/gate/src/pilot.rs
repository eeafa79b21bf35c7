//! What can be seen at all on this machine now: the old engine against itself, before anything is said of the new one.

use statrs::distribution::{ContinuousCDF, Normal};

use super::evidence::Evidence;
use super::family::{Cell, Family, Quantity, Scope};
use super::rules::Rules;
use sample::LoadPath;
use stats::{Confidence, SignedRank, hodges_lehmann};

/// How many blocks of each workload a pilot has, if there is time.
pub const BLOCKS: u32 = 16;

/// The fewest that say anything of the noise: fewer have no interval at 95 %.
pub const FEWEST_BLOCKS: u32 = 6;

/// The probability with which "the least that is found" is found.
pub const POWER: f64 = 0.95;

/// The probability that the self-test of a sound machine fails.
pub const FALSE_BIAS: f64 = 1e-4;

/// The efficiency of the signed-rank test where the t test is best (J. L. Hodges, E. L. Lehmann: The Efficiency of Some
/// Nonparametric Competitors of the t-Test, Annals of Mathematical Statistics 27, 1956): 3/pi.
const EFFICIENCY: f64 = 3.0 / std::f64::consts::PI;

/// How much the differences of each cell scatter: for each cell of the family the standard deviation of normal
/// differences that would give an interval as wide as the pilot's. Nothing where it has too few blocks.
pub fn noise(family: &Family, pilot: &Evidence) -> Vec<Option<f64>> {
    let of = |cell: &Cell| deviation(&pilot.differences(*cell));
    family.cells().iter().map(of).collect()
}

fn deviation(differences: &[f64]) -> Option<f64> {
    let interval = hodges_lehmann(differences, Confidence::P95)
        .ok()?
        .interval?;
    let z = upper((1.0 - interval.coverage) / 2.0);
    let half = (interval.high - interval.low) / 2.0;
    Some(half / z * (EFFICIENCY * differences.len() as f64).sqrt())
}

/// The least slowdown (a fraction) that is found with [`POWER`] after so many blocks in a family of so many cells, when
/// the cell's differences scatter by `deviation`. Nothing when so few blocks cannot find any.
pub fn least_found(deviation: f64, blocks: u32, rules: &Rules, cells: usize) -> Option<f64> {
    let share = rules.false_alarm_share(cells);
    if 0.5f64.powi(i32::try_from(blocks).unwrap_or(i32::MAX)) > share {
        return None;
    }
    let error = deviation / (EFFICIENCY * f64::from(blocks)).sqrt();
    let shift = rules.margin_low.ln_1p() + (upper(share) + upper(1.0 - POWER)) * error;
    Some(shift.exp_m1())
}

/// How many blocks it takes until a cell that did not change passes with [`POWER`]. May be more than a gate has.
pub fn blocks_to_pass(deviation: f64, rules: &Rules) -> f64 {
    let z = upper(rules.false_pass_share()) + upper(1.0 - POWER);
    ((z * deviation / rules.margin_high.ln_1p()).powi(2) / EFFICIENCY).ceil()
}

/// The value that a standard normal variable exceeds with this probability.
fn upper(tail: f64) -> f64 {
    -Normal::standard().inverse_cdf(tail)
}

/// The two sides of a pilot, which are the same engine, differ: something tells them apart, so nothing that is measured
/// between two engines can be believed.
#[derive(Debug, Clone, PartialEq)]
pub struct Bias {
    /// Where: all loads of a workload, or all loads on a path.
    pub place: Place,
    /// How much longer the second side takes: a fraction.
    pub change: f64,
    /// The probability of such a difference by chance, two-sided.
    pub p: f64,
}

/// Loads that are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// All of a workload, by its place.
    Workload(usize),
    /// All on a path.
    Path(LoadPath),
}

/// Whether the pilot's two sides differ, over all loads of each workload and over all loads on each path. The most
/// probable difference is returned. Taking loads together is sound: within a block, the order of each path's pair is
/// drawn independently of the others'.
pub fn bias(family: &Family, pilot: &Evidence) -> Option<Bias> {
    let workloads = (0..family.workloads()).map(Place::Workload);
    let paths = family.paths().iter().copied().map(Place::Path);
    let places: Vec<Place> = workloads.chain(paths).collect();
    let allowed = FALSE_BIAS / places.len() as f64;
    places
        .into_iter()
        .filter_map(|place| {
            let differences = together(family, pilot, place);
            let p = SignedRank::test(&differences, 0.0).ok()?.p_two_sided();
            let centre = hodges_lehmann(&differences, Confidence::P95).ok()?.value;
            (p <= allowed).then(|| Bias {
                place,
                change: centre.exp_m1(),
                p,
            })
        })
        .min_by(|a, b| a.p.total_cmp(&b.p))
}

fn together(family: &Family, pilot: &Evidence, place: Place) -> Vec<f64> {
    let of = |workload: usize, path: LoadPath| {
        pilot.differences(Cell {
            scope: Scope::Workload(workload),
            quantity: Quantity::Time(path),
        })
    };
    match place {
        Place::Workload(workload) => family
            .paths()
            .iter()
            .flat_map(|&path| of(workload, path))
            .collect(),
        Place::Path(path) => (0..family.workloads())
            .flat_map(|workload| of(workload, path))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{Side, TimedLoad, ValidBlock};
    use super::*;
    use LoadPath::{Full, Parse};
    use stats::Random;

    fn pilot(
        blocks: u32,
        noise: f64,
        slower: impl Fn(usize, LoadPath) -> f64,
    ) -> (Family, Evidence) {
        let family = Family::new(4, &[Parse, Full], true);
        let mut random = Random::new(9, "pilot");
        let mut evidence = Evidence::new(&family);
        for _ in 0..blocks {
            for workload in 0..4 {
                let mut loads = Vec::new();
                for path in [Parse, Full] {
                    for side in Side::BOTH {
                        let normal = normal(&mut random);
                        let slower = if side == Side::New {
                            slower(workload, path)
                        } else {
                            1.0
                        };
                        let ns = 1e7 * slower * (noise * normal).exp();
                        loads.push(TimedLoad {
                            side,
                            path,
                            value: ns,
                        });
                    }
                }
                evidence.add(&ValidBlock { workload, loads });
            }
        }
        (family, evidence)
    }

    fn normal(random: &mut Random) -> f64 {
        let mut uniform = || (random.below(1 << 53) as f64 + 0.5) / (1u64 << 53) as f64;
        (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
    }

    #[test]
    fn the_deviation_is_found_again() {
        // The difference of two: sqrt(2) times as much.
        let (family, evidence) = pilot(192, 0.03, |_, _| 1.0);
        for (cell, noise) in family.cells().iter().zip(noise(&family, &evidence)) {
            let mut expected = 0.03 * 2f64.sqrt();
            if matches!(cell.quantity, Quantity::Gain(_)) {
                expected *= 2f64.sqrt();
            }
            if cell.scope == Scope::All {
                expected /= 2.0;
            }
            let ratio = noise.unwrap() / expected;
            assert!((0.8..1.25).contains(&ratio), "{cell:?}: {ratio}");
        }
        let (family, evidence) = pilot(FEWEST_BLOCKS - 1, 0.03, |_, _| 1.0);
        assert!(noise(&family, &evidence).iter().all(Option::is_none));
    }

    #[test]
    fn what_is_found_grows_with_noise_and_shrinks_with_blocks() {
        let rules = Rules::default();
        let found = |deviation, blocks| least_found(deviation, blocks, &rules, 40);
        // (3.836 + 1.645) * 0.05 / sqrt(0.955 * 192)
        assert!((found(0.05, 192).unwrap() - 0.0204).abs() < 2e-4);
        assert!(found(0.05, 192) < found(0.05, 64));
        assert!(found(0.05, 64) < found(0.08, 64));
        // 2^-12 is more than the share of a cell and a look.
        assert_eq!(found(0.001, 12), None);
        // (2.241 + 1.645) * 0.05 / ln(1.03), squared, over 0.955
        assert_eq!(blocks_to_pass(0.05, &rules), 46.0);
    }

    #[test]
    fn a_sound_machine_has_no_bias_and_a_crooked_one_is_named() {
        let (family, evidence) = pilot(BLOCKS, 0.05, |_, _| 1.0);
        assert_eq!(bias(&family, &evidence), None);
        let crooked = |workload, _| if workload == 2 { 1.2 } else { 1.0 };
        let (family, evidence) = pilot(BLOCKS, 0.05, crooked);
        let found = bias(&family, &evidence).unwrap();
        assert_eq!(found.place, Place::Workload(2));
        assert!((found.change - 0.2).abs() < 0.05, "{found:?}");
        let crooked = |_, path| if path == Full { 1.06 } else { 1.0 };
        let (family, evidence) = pilot(BLOCKS, 0.05, crooked);
        assert_eq!(bias(&family, &evidence).unwrap().place, Place::Path(Full));
    }
}
