//! Which entries there are: to say why a module has none.

use std::collections::HashMap;

use crate::Miss;
use crate::miss::miss;

use super::EntryName;

/// The names in a store, by the module that they are for.
#[derive(Debug)]
pub(super) struct Index(HashMap<u64, Vec<EntryName>>);

impl Index {
    /// Sorts names by module.
    pub fn new(names: Vec<EntryName>) -> Self {
        let mut by_key: HashMap<u64, Vec<EntryName>> = HashMap::new();
        for name in names {
            by_key.entry(name.key).or_default().push(name);
        }
        Self(by_key)
    }

    /// Why there is no file `wanted`: what differs in the one that is nearest to it.
    pub fn why_absent(&self, wanted: &EntryName) -> Miss {
        let of_module = self.0.get(&wanted.key).map_or(&[][..], Vec::as_slice);
        // An entry of the same source by another engine says more than one of another source.
        let nearest = of_module.iter().max_by_key(|it| {
            (
                it.source == wanted.source,
                it.engine == wanted.engine,
                it.options == wanted.options,
            )
        });
        match nearest {
            None => miss!(Absent, "no entry for this module"),
            Some(it) if it.source != wanted.source => {
                miss!(Source, "the entry of this module is for another source")
            }
            Some(it) if it.engine != wanted.engine => {
                miss!(
                    Engine,
                    "the entry of this module was made by another engine"
                )
            }
            Some(it) if it.options != wanted.options => {
                miss!(
                    Options,
                    "the entry of this module was made with other options"
                )
            }
            Some(_) => miss!(Absent, "the entry of this module is gone"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MissReason;

    const WANTED: EntryName = EntryName {
        key: 1,
        source: 2,
        engine: 3,
        options: 4,
    };

    fn reason(names: &[EntryName]) -> MissReason {
        Index::new(names.to_vec()).why_absent(&WANTED).reason
    }

    #[test]
    fn the_nearest_entry_gives_the_reason() {
        let other_module = EntryName { key: 9, ..WANTED };
        let other_source = EntryName {
            source: 9,
            ..WANTED
        };
        let other_engine = EntryName {
            engine: 9,
            ..WANTED
        };
        let other_options = EntryName {
            options: 9,
            ..WANTED
        };
        let other_engine_and_options = EntryName {
            options: 9,
            ..other_engine
        };
        assert_eq!(reason(&[]), MissReason::Absent);
        assert_eq!(reason(&[other_module]), MissReason::Absent);
        assert_eq!(reason(&[other_source]), MissReason::Source);
        assert_eq!(reason(&[other_engine]), MissReason::Engine);
        assert_eq!(reason(&[other_options]), MissReason::Options);
        assert_eq!(reason(&[other_engine_and_options]), MissReason::Engine);
        assert_eq!(reason(&[other_source, other_engine]), MissReason::Engine);
        assert_eq!(reason(&[other_engine, other_options]), MissReason::Options);
        assert_eq!(reason(&[WANTED]), MissReason::Absent);
    }
}
