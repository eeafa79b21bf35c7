//! What is as it was of a pack.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::record::Request;
use resolve::{ModuleKey, Resolver};

use super::targets::{Obstacle, Target, of_record, targets};
use crate::pack::Change;

/// A pack of which not everything is as it was.
#[derive(Debug)]
pub struct Packed {
    pub pack: Arc<VerifiedPack>,
    pub changes: BTreeMap<usize, Change>,
    /// The places of its modules, by key and whether they are JSON.
    places: HashMap<(String, bool), usize>,
}

impl Packed {
    /// This pack, with these changes.
    pub fn new(pack: Arc<VerifiedPack>, changes: BTreeMap<usize, Change>) -> Self {
        let places =
            (0..pack.len()).map(|it| ((pack.key(it).to_owned(), pack.source(it).is_json), it));
        Self {
            places: places.collect(),
            pack,
            changes,
        }
    }

    /// The place of a module whose source is as it was.
    pub(super) fn place(&self, key: &ModuleKey, is_json: bool) -> Option<usize> {
        let place = *self.places.get(&(key.as_str().to_owned(), is_json))?;
        let is_changed = matches!(self.changes.get(&place), Some(Change::Source(_)));
        (!is_changed).then_some(place)
    }

    /// What is not as it was of a JavaScript module.
    pub fn change(&self, key: &ModuleKey) -> Option<&Change> {
        let place = self.places.get(&(key.as_str().to_owned(), false))?;
        self.changes.get(place)
    }

    /// Where the requests of a module lead.
    pub(super) fn targets(
        &self,
        place: usize,
        key: &ModuleKey,
        resolver: &mut Resolver,
    ) -> Result<Vec<Target>, Obstacle> {
        let requests = self.pack.requests(place);
        if self.changes.contains_key(&place) {
            return targets(resolver, key, requests.iter().map(of_record));
        }
        let target = |(request, target): (&Request, usize)| {
            Ok(Target {
                specifier: request.specifier.to_utf8().ok_or(Obstacle)?,
                key: ModuleKey::from_url(self.pack.key(target)).map_err(|_| Obstacle)?,
                is_json: self.pack.source(target).is_json,
            })
        };
        let edges = self.pack.edges(place);
        requests.iter().zip(edges).map(target).collect()
    }

    /// The modules whose exported names may lead elsewhere than the pack says: those that changed, and those that
    /// export names from one of these.
    pub(super) fn changed_names(&self) -> Vec<bool> {
        let mut importers = vec![Vec::new(); self.pack.len()];
        for place in 0..self.pack.len() {
            for target in self.pack.exports_from(place) {
                importers[target].push(place);
            }
        }
        let mut is_changed = vec![false; self.pack.len()];
        let mut queue: Vec<usize> = self.changes.keys().copied().collect();
        while let Some(place) = queue.pop() {
            if !std::mem::replace(&mut is_changed[place], true) {
                queue.extend(&importers[place]);
            }
        }
        is_changed
    }
}
