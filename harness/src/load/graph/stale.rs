//! Whether a pack is stale, for whoever only wants to know.

use std::sync::Arc;

use super::check::{Check, Checker};
use crate::cache::Miss;
use crate::cache::pack::VerifiedPack;

/// The module that makes a pack stale now, and what is wrong with it; of several, that of the first one found.
pub fn stale_module(pack: VerifiedPack) -> Option<(String, Miss)> {
    let pack = Arc::new(pack);
    let checker = Checker::new(Arc::clone(&pack), Check::Content);
    checker.work();
    let (module, miss) = checker.finish().stale?;
    Some((pack.key(module).to_owned(), miss))
}
