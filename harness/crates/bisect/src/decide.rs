//! To which end an engine belongs.

use stats::{Confidence, Estimate, SignedRank, hodges_lehmann};

use crate::evidence::{Evidence, FactsOfEnds};
use crate::question::Rules;

/// To which end an engine belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To the good one.
    Good,
    /// To the bad one.
    Bad,
    /// Nobody knows, and why. It is skipped.
    Unknown(String),
}

/// By how much a value changes from one engine to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The ratio of the second to the first, with its interval at 95 %.
    pub ratio: Estimate,
}

impl Change {
    /// The change in pairs of values; nothing of no pair.
    pub fn of(pairs: &[[f64; 2]]) -> Option<Self> {
        let ratio = hodges_lehmann(&logarithms(pairs), Confidence::P95).ok()?;
        Some(Self {
            ratio: ratio.map(f64::exp),
        })
    }
}

/// The share of the error of one look at the `number`-th decision (from 1, the ends' own) among `revisions`. The decisions
/// that a search of this length needs share one half of it; those that skipped revisions make necessary share the other.
fn share(rules: &Rules, number: usize, revisions: usize) -> f64 {
    let steps = revisions.max(2).next_power_of_two().trailing_zeros() as usize;
    let planned = steps + 1;
    let half = rules.error / 2.0;
    let of_step = match number.checked_sub(planned) {
        None | Some(0) => half / planned as f64,
        // The sum of 1/(k(k+1)) over all k is 1.
        Some(more) => half / (more * (more + 1)) as f64,
    };
    of_step / rules.looks.len().max(1) as f64
}

/// Whether the ends differ. With values it is asked at a look.
pub fn ends_differ(facts: &FactsOfEnds, rules: &Rules, revisions: usize) -> bool {
    match facts {
        FactsOfEnds::Facts { good, bad } => good != bad,
        FactsOfEnds::Blocks(pairs) => {
            let share = share(rules, 1, revisions) / 2.0;
            test(&logarithms(pairs)).is_some_and(|it| it.p_above.min(it.p_below) <= share)
        }
    }
}

/// Which end the `number`-th evidence points to (from 1: the first revision between the ends).
pub fn answer(
    ends: &FactsOfEnds,
    evidence: &Evidence,
    rules: &Rules,
    number: usize,
    revisions: usize,
) -> Answer {
    match (ends, evidence) {
        (_, Evidence::None(why)) => Answer::Unknown(why.clone()),
        (FactsOfEnds::Facts { good, .. }, Evidence::Fact(fact)) if fact == good => Answer::Good,
        (FactsOfEnds::Facts { bad, .. }, Evidence::Fact(fact)) if fact == bad => Answer::Bad,
        (FactsOfEnds::Facts { .. }, Evidence::Fact(fact)) => {
            Answer::Unknown(format!("it is like neither end: {fact}"))
        }
        (FactsOfEnds::Blocks(pairs), Evidence::Blocks(blocks)) => {
            nearer(pairs, blocks, share(rules, number + 1, revisions))
        }
        (FactsOfEnds::Facts { .. }, Evidence::Blocks(_))
        | (FactsOfEnds::Blocks(_), Evidence::Fact(_)) => {
            Answer::Unknown("something else was asked of it than of the ends".to_owned())
        }
    }
}

/// Which end values are nearer to, on a scale of ratios. If an engine is the good one under another name, its value lies
/// half of the ends' difference below the middle between them in every block, and noise alone decides on which side of the
/// middle more of the blocks are.
fn nearer(ends: &[[f64; 2]], blocks: &[[f64; 3]], share: f64) -> Answer {
    let is_up = Change::of(ends).is_none_or(|it| it.ratio.value >= 1.0);
    let from_middle = |[good, bad, this]: &[f64; 3]| {
        let above = this.ln() - f64::midpoint(good.ln(), bad.ln());
        if is_up { above } else { -above }
    };
    let from_middle: Vec<f64> = blocks.iter().map(from_middle).collect();
    match test(&from_middle) {
        Some(it) if it.p_above <= share => Answer::Bad,
        Some(it) if it.p_below <= share => Answer::Good,
        _ => Answer::Unknown(format!(
            "{} blocks do not say to which end it belongs",
            blocks.len()
        )),
    }
}

fn test(differences: &[f64]) -> Option<SignedRank> {
    SignedRank::test(differences, 0.0).ok()
}

fn logarithms(pairs: &[[f64; 2]]) -> Vec<f64> {
    pairs.iter().map(|[good, bad]| (bad / good).ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Ask;
    use stats::Random;

    fn rules() -> Rules {
        Rules::of(Ask::Instructions)
    }

    #[test]
    fn the_error_is_spent_once_however_long_the_search_takes() {
        let rules = rules();
        for revisions in [2, 3, 16, 17, 500] {
            let looks = rules.looks.len() as f64;
            let spent: f64 = (1..2000)
                .map(|it| looks * share(&rules, it, revisions))
                .sum();
            assert!(spent < rules.error && spent > 0.9 * rules.error, "{spent}");
        }
    }

    #[test]
    fn ten_counts_decide_in_a_search_among_two_thousand() {
        let rules = rules();
        // The probability of ten signs alike is 1/1024.
        assert!(share(&rules, 5, 2_000) > 1.0 / 1024.0);
        // The ends are tested on both sides.
        assert!(share(&rules, 1, 32) / 2.0 > 1.0 / 1024.0);
    }

    #[test]
    fn a_fact_belongs_to_the_end_that_has_it() {
        let ends = FactsOfEnds::Facts {
            good: "a".to_owned(),
            bad: "b".to_owned(),
        };
        let answer = |fact: &str| answer(&ends, &Evidence::Fact(fact.to_owned()), &rules(), 1, 8);
        assert_eq!(answer("a"), Answer::Good);
        assert_eq!(answer("b"), Answer::Bad);
        assert_eq!(
            answer("c"),
            Answer::Unknown("it is like neither end: c".to_owned())
        );
        assert!(ends_differ(&ends, &rules(), 8));
    }

    #[test]
    fn a_value_belongs_to_the_end_that_it_is_nearer_to() {
        let ends = |bad: f64| FactsOfEnds::Blocks(vec![[100.0, bad]; 10]);
        let of = |bad: f64, this: f64| {
            let blocks = Evidence::Blocks(vec![[100.0, bad, this]; 10]);
            answer(&ends(bad), &blocks, &rules(), 1, 8)
        };
        assert_eq!(of(105.0, 104.0), Answer::Bad);
        assert_eq!(of(105.0, 101.0), Answer::Good);
        // What is bad may be less, too.
        assert_eq!(of(95.0, 96.0), Answer::Bad);
        assert_eq!(of(95.0, 99.0), Answer::Good);
        let few = Evidence::Blocks(vec![[100.0, 105.0, 105.0]; 3]);
        assert_eq!(
            answer(&ends(105.0), &few, &rules(), 1, 8),
            Answer::Unknown("3 blocks do not say to which end it belongs".to_owned())
        );
    }

    /// Ten thousand steps of a search whose revision is one of the ends: fewer are given to the other end than one look
    /// may spend.
    #[test]
    fn noise_is_given_to_the_wrong_end_as_seldom_as_promised() {
        let rules = Rules::of(Ask::Time);
        let mut random = Random::new(7, "bisect");
        let mut value = |centre: f64| centre * (1.0 + 0.04 * (random.below(1000) as f64 / 1000.0));
        let (mut wrong, mut right) = (0, 0);
        for _ in 0..10_000 {
            let blocks: Vec<[f64; 3]> = (0..16)
                .map(|_| [value(100.0), value(102.0), value(100.0)])
                .collect();
            let pairs: Vec<[f64; 2]> = blocks.iter().map(|[good, bad, _]| [*good, *bad]).collect();
            match nearer(&pairs, &blocks, share(&rules, 2, 16)) {
                Answer::Bad => wrong += 1,
                Answer::Good => right += 1,
                Answer::Unknown(_) => {}
            }
        }
        assert!(
            f64::from(wrong) < 10_000.0 * share(&rules, 2, 16),
            "{wrong}"
        );
        assert!(right > 1_000, "{right}");
    }

    #[test]
    fn equal_ends_do_not_differ() {
        let mut random = Random::new(3, "ends");
        let mut value = || 100.0 + random.below(1000) as f64 / 100.0;
        let pairs: Vec<[f64; 2]> = (0..64).map(|_| [value(), value()]).collect();
        assert!(!ends_differ(&FactsOfEnds::Blocks(pairs), &rules(), 8));
    }
}
