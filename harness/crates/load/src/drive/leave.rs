//! What a load leaves behind in the cache.

use engine::Realm;
use jsc_module_cache::Store;
use sample::Unwritten;

use super::Drive;
use super::from::Cached;
use crate::gather::Gathered;
use crate::pack::{Noted, PackWriter, why_no_pack};
use crate::report::{CacheReport, ModuleMiss, NoPack};
use crate::write::write_missing;

impl Drive<'_> {
    /// The report on entries; what missed is written.
    pub(super) fn with_missing_written(
        &self,
        cache: &Cached<'_>,
        realm: &Realm<'_>,
    ) -> CacheReport {
        let mut report = self.report.take();
        let unlinkable = realm.unlinkable_modules();
        write_missing(
            self.engine,
            cache.options,
            cache.identity,
            &mut report,
            &unlinkable,
        );
        report
    }

    /// The report on a run that has parsed everything; a pack is made of it, if that is wanted.
    pub(super) fn with_pack_written(
        &self,
        cache: &Cached<'_>,
        realm: &mut Realm<'_>,
        store: &Store,
        why: &ModuleMiss,
        noted: &Noted,
        writes: bool,
    ) -> CacheReport {
        let entry = self.entry.as_str();
        let mut report = CacheReport {
            refusal: store.refusal().cloned(),
            misses: noted.misses(why),
            ..CacheReport::default()
        };
        let unwritten = if writes {
            let writer = PackWriter {
                engine: self.engine,
                identity: cache.identity,
                entry,
                options: cache.options,
                store,
            };
            let written = writer.write(realm, noted, &mut report);
            written
                .err()
                .map(|it| Unwritten::new(entry, it.why, it.reason))
        } else {
            // Nothing is written; whether a pack could be is known all the same.
            why_no_pack(realm, entry).map(|it| Unwritten::new(entry, it.why, it.reason))
        };
        report.no_pack = (!writes || unwritten.is_some()).then(|| NoPack {
            unused: why.clone(),
            unwritten: unwritten.clone(),
        });
        if let Some(unwritten) = unwritten.filter(|_| writes) {
            report.unwritten.insert(0, unwritten);
        }
        report
    }

    /// Writes the pack that has what was made anew in its place.
    pub(super) fn write_mixed(
        &self,
        cache: &Cached<'_>,
        realm: &mut Realm<'_>,
        graph: &Gathered,
        store: &Store,
        why: &ModuleMiss,
        report: &mut CacheReport,
    ) {
        let entry = self.entry.as_str();
        let unwritten = if store.is_writable() {
            let writer = PackWriter {
                engine: self.engine,
                identity: cache.identity,
                entry,
                options: cache.options,
                store,
            };
            let written = writer.write_again(realm, graph, &mut self.texts.borrow_mut(), report);
            written
                .err()
                .map(|it| Unwritten::new(entry, it.why, it.reason))
        } else {
            None
        };
        // The pack that there is goes on serving what is as it was.
        if let Some(unwritten) = unwritten {
            report.no_pack = Some(NoPack {
                unused: why.clone(),
                unwritten: Some(unwritten.clone()),
            });
            report.unwritten.insert(0, unwritten);
        }
    }
}
