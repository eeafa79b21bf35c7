//! Which modules of a graph are served from the cache when some hit and some miss.

use std::collections::BTreeSet;

/// A graph of up to so many modules is loaded with every subset of its entries.
pub const ALL_SUBSETS_OF: usize = 6;

/// Subsets of a graph's modules, each with an index. The same modules, count and seed give the same subsets.
#[derive(Debug, Clone)]
pub struct Subsets {
    modules: Vec<String>,
    count: u64,
    seed: u64,
}

impl Subsets {
    /// Every subset of few modules, `count` random ones of many. `entry` is one of the modules.
    pub fn new(mut modules: Vec<String>, entry: &str, count: u64, seed: u64) -> Self {
        // The entry first: its hit or miss decides what all others are seen through.
        modules.sort_by_key(|module| (module != entry, module.clone()));
        let count = if modules.len() <= ALL_SUBSETS_OF {
            1 << modules.len()
        } else {
            count
        };
        Self {
            modules,
            count,
            seed,
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The modules that miss in the subset `index`.
    pub fn missing(&self, index: u64) -> BTreeSet<&str> {
        let misses = |place: usize| match self.modules.len() {
            0..=ALL_SUBSETS_OF => index >> place & 1 == 1,
            _ => self.misses_at_random(index, place),
        };
        self.modules
            .iter()
            .enumerate()
            .filter(|(place, _)| misses(*place))
            .map(|(_, module)| module.as_str())
            .collect()
    }

    /// The first two subsets tell the entry from all others; of the rest, half miss now and then, half hit now and then,
    /// at a rate of each subset's own.
    fn misses_at_random(&self, index: u64, place: usize) -> bool {
        match index {
            0 => place == 0,
            1 => place != 0,
            _ => {
                // From one in two down to one of all modules.
                let exponent =
                    1.0 + unit(self.seed, index, u64::MAX) * (self.modules.len() as f64).log2();
                let rare = unit(self.seed, index, place as u64) < (-exponent).exp2();
                rare == index.is_multiple_of(2)
            }
        }
    }
}

/// `count` of the numbers below `of`, or all of them, in order. The same seed gives the same ones.
pub fn draw(of: usize, count: u64, seed: u64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..of).collect();
    all.sort_by(|a, b| {
        let at = |it: usize| unit(seed, it as u64, u64::MAX - 1);
        at(*a).total_cmp(&at(*b))
    });
    all.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    all.sort_unstable();
    all
}

/// A number from 0 up to 1 that depends on these three and on nothing else.
fn unit(seed: u64, index: u64, place: u64) -> f64 {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&index.to_le_bytes());
    bytes[16..].copy_from_slice(&place.to_le_bytes());
    let hash = blake3::hash(&bytes);
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    (u64::from_le_bytes(first) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(count: usize) -> Vec<String> {
        (0..count).map(|index| format!("m{index}")).collect()
    }

    #[test]
    fn few_modules_have_every_subset_once() {
        let subsets = Subsets::new(modules(4), "m2", 32, 1);
        let all: BTreeSet<_> = (0..subsets.count()).map(|it| subsets.missing(it)).collect();
        assert_eq!(all.len(), 16);
    }

    #[test]
    fn many_modules_have_few_and_many_misses() {
        let subsets = Subsets::new(modules(100), "m7", 32, 1);
        let sizes: Vec<usize> = (0..subsets.count())
            .map(|it| subsets.missing(it).len())
            .collect();
        assert_eq!(sizes.len(), 32);
        assert_eq!(subsets.missing(0), BTreeSet::from(["m7"]));
        assert_eq!(sizes[1], 99);
        assert!(sizes.iter().any(|&size| size < 10) && sizes.iter().any(|&size| size > 90));
        assert!(
            sizes.iter().any(|size| (20..80).contains(size)),
            "{sizes:?}"
        );
    }

    #[test]
    fn the_seed_decides() {
        let missing = |seed| {
            let subsets = Subsets::new(modules(50), "m0", 8, seed);
            (2..8)
                .map(|it| subsets.missing(it).len())
                .collect::<Vec<_>>()
        };
        assert_eq!(missing(1), missing(1));
        assert_ne!(missing(1), missing(2));
    }

    #[test]
    fn drawn_numbers_are_different_ones() {
        assert_eq!(draw(3, 4, 1), [0, 1, 2]);
        let drawn = |seed| draw(1_000, 4, seed);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert_eq!(BTreeSet::from_iter(drawn(1)).len(), 4);
    }

    #[test]
    fn no_module_has_one_subset() {
        let subsets = Subsets::new(Vec::new(), "m0", 32, 1);
        assert_eq!((subsets.count(), subsets.missing(0).len()), (1, 0));
    }
}
