//! Parts of a list, for machines that share the work.

use std::fmt;
use std::str::FromStr;

/// A part of a list: `2/4` is the second of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Which part this is, from 1.
    pub fn index(self) -> usize {
        self.index
    }

    /// How many parts there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// All parts, in order.
    pub fn all(self) -> impl Iterator<Item = Self> {
        let count = self.count;
        (1..=count).map(move |index| Self { index, count })
    }

    /// This part of the items. All parts together are all items, each once.
    pub fn of<T>(self, items: Vec<T>) -> Vec<T> {
        items
            .into_iter()
            .skip(self.index - 1)
            .step_by(self.count)
            .collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| {
            let (index, count) = (index.parse().ok()?, count.parse().ok()?);
            (1..=count)
                .contains(&index)
                .then_some(Self { index, count })
        });
        numbers.ok_or_else(|| "not INDEX/COUNT with 1 ≤ INDEX ≤ COUNT, e.g. 2/4".to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn shards_are_disjoint_and_complete() {
        let all: Vec<u32> = (0..10).collect();
        let mut seen: Vec<u32> = ["1/3", "2/3", "3/3"]
            .into_iter()
            .flat_map(|shard| shard.parse::<Shard>().unwrap().of(all.clone()))
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, all);
    }

    #[test]
    fn no_shards() {
        for text in ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
