//! Chance that can be repeated.

use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

/// A source of chance for schedules and resampling: the same seed and purpose give the same sequence on every machine.
///
/// It is ChaCha with 8 rounds (D. J. Bernstein: ChaCha, a Variant of Salsa20, 2008), keyed by a BLAKE3 derivation of
/// seed and purpose, so that no two purposes of one run share their chance. A test holds the first values: a library that
/// changes them is noticed, and no result depends on it, because results record the order that was used.
#[derive(Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// The sequence of `seed` for `purpose`.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mut key = blake3::Hasher::new_derive_key("jsc-harness random 1");
        key.update(&seed.to_le_bytes());
        key.update(purpose.as_bytes());
        Self(ChaCha8Rng::from_seed(*key.finalize().as_bytes()))
    }

    /// Puts a list into an order, all orders being equally probable.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        list.shuffle(&mut self.0);
    }

    /// A number below `limit`, all being equally probable; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 {
            return 0;
        }
        self.0.random_range(0..limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_fixed() {
        let mut random = Random::new(1, "schedule");
        let numbers: Vec<u64> = (0..4).map(|_| random.below(1000)).collect();
        let mut order: Vec<u32> = (0..8).collect();
        random.shuffle(&mut order);
        assert_eq!(numbers, [883, 936, 779, 368]);
        assert_eq!(order, [2, 1, 6, 5, 3, 4, 0, 7]);
    }

    #[test]
    fn seeds_and_purposes_differ() {
        let first = |seed, purpose| Random::new(seed, purpose).below(u64::MAX);
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
        assert_eq!(first(7, "a"), first(7, "a"));
    }

    #[test]
    fn every_order_comes_up_about_equally_often() {
        let mut random = Random::new(3, "test");
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut order = [0, 1, 2];
            random.shuffle(&mut order);
            *counts.entry(order).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        // 1000 each, standard deviation 29; the seed is fixed, so this never fails by chance.
        assert!(counts.values().all(|count| (880..1120).contains(count)));
    }
}
