//! Which revision is asked next.

use std::collections::BTreeSet;

use crate::decide::Answer;

/// A search among revisions in a row, of which the first is good and the last is bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The last that is known to be good.
    good: usize,
    /// The first that is known to be bad.
    bad: usize,
    /// Those of which nobody knows.
    unknown: BTreeSet<usize>,
}

/// How a search goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// This revision is asked.
    Ask(usize),
    /// The first bad one is among those after `good`, up to `bad`. It is `bad` if there is none between them.
    Over {
        /// The last that is known to be good.
        good: usize,
        /// The first that is known to be bad.
        bad: usize,
    },
}

impl Search {
    /// Among so many revisions, two at least.
    pub fn new(revisions: usize) -> Self {
        Self {
            good: 0,
            bad: revisions.max(2) - 1,
            unknown: BTreeSet::new(),
        }
    }

    /// What a revision answered.
    pub fn hear(&mut self, place: usize, answer: &Answer) {
        match answer {
            Answer::Good => self.good = self.good.max(place),
            Answer::Bad => self.bad = self.bad.min(place),
            Answer::Unknown(_) => {
                self.unknown.insert(place);
            }
        }
    }

    /// The one to ask next: in the middle of what is left. What does not build often has neighbours that do not build
    /// either, so that each one that is skipped moves the next question further away.
    pub fn next(&self) -> Next {
        let left = self.good + 1..self.bad;
        let skipped = left.clone().filter(|it| self.unknown.contains(it)).count();
        let wanted = self.good as f64 + fraction(skipped) * (self.bad - self.good) as f64;
        let nearest = left.filter(|it| !self.unknown.contains(it)).min_by(|a, b| {
            let far = |it: &usize| (*it as f64 - wanted).abs();
            far(a).total_cmp(&far(b))
        });
        match nearest {
            Some(place) => Next::Ask(place),
            None => Next::Over {
                good: self.good,
                bad: self.bad,
            },
        }
    }

    /// How many steps are left if nothing is skipped.
    pub fn steps_left(&self) -> u32 {
        let left = self.bad - self.good;
        left.next_power_of_two().trailing_zeros()
    }
}

/// 1/2, 1/4, 3/4, 1/8, 5/8, …: the sequence of J. G. van der Corput, Verteilungsfunktionen, 1935.
fn fraction(place: usize) -> f64 {
    let (mut left, mut share, mut sum) = (place + 1, 0.5, 0.0);
    while left > 0 {
        if left % 2 == 1 {
            sum += share;
        }
        left /= 2;
        share /= 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn search(revisions: usize, first_bad: usize, broken: &BTreeSet<usize>) -> (Search, usize) {
        let mut search = Search::new(revisions);
        let mut asked = 0;
        while let Next::Ask(place) = search.next() {
            let answer = match () {
                () if broken.contains(&place) => Answer::Unknown("broken".to_owned()),
                () if place < first_bad => Answer::Good,
                () => Answer::Bad,
            };
            search.hear(place, &answer);
            asked += 1;
        }
        (search, asked)
    }

    #[test]
    fn questions_are_spread_over_what_is_left() {
        let found: Vec<f64> = (0..7).map(fraction).collect();
        assert_eq!(found, [0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875]);
    }

    #[test]
    fn two_neighbours_need_no_question() {
        assert_eq!(Search::new(2).next(), Next::Over { good: 0, bad: 1 });
    }

    #[test]
    fn a_long_stretch_that_does_not_build_is_left_soon() {
        let broken: BTreeSet<usize> = (400..600).collect();
        let (search, asked) = search(1000, 700, &broken);
        assert_eq!(
            search.next(),
            Next::Over {
                good: 699,
                bad: 700
            }
        );
        assert!(asked <= 12, "{asked}");
    }

    proptest! {
        #[test]
        fn the_first_bad_one_is_found_in_as_few_steps_as_halving_needs(
            revisions in 2usize..300, at in 0.0f64..1.0,
        ) {
            let first_bad = 1 + (at * (revisions - 1) as f64) as usize;
            let (search, asked) = search(revisions, first_bad, &BTreeSet::new());
            prop_assert_eq!(search.next(), Next::Over { good: first_bad - 1, bad: first_bad });
            prop_assert!(asked as u32 <= Search::new(revisions).steps_left());
        }

        #[test]
        fn the_answer_holds_the_first_bad_one_whatever_is_broken(
            revisions in 2usize..80, at in 0.0f64..1.0, broken in prop::collection::btree_set(1usize..79, 0..60),
        ) {
            let first_bad = 1 + (at * (revisions - 1) as f64) as usize;
            let ends_are_fine = |it: &usize| *it < revisions - 1;
            let broken: BTreeSet<usize> = broken.into_iter().filter(ends_are_fine).collect();
            let (search, _) = search(revisions, first_bad, &broken);
            let Next::Over { good, bad } = search.next() else { panic!("not over") };
            prop_assert!(good < first_bad && first_bad <= bad);
            // Everything between them is broken, and nothing else is in doubt.
            prop_assert!((good + 1..bad).all(|it| broken.contains(&it)));
        }
    }
}
