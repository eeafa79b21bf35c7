//! What a load leaves behind in the cache.

use engine::Realm;
use jsc_module_cache::Store;
use sample::Unwritten;

use super::Drive;
use super::from::Cached;
use crate::gather::Gathered;
use crate::pack::{Noted, PackWriter, why_no_pack};
use crate::report::{CacheReport, ModuleMiss, NoPack};
use crate::write::{Unwritable, write_missing};

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
        let mut report = CacheReport {
            refusal: store.refusal().cloned(),
            misses: noted.misses(why),
            ..CacheReport::default()
        };
        let unwritten = match writes {
            true => {
                let writer = self.writer(cache, store);
                writer.write(realm, noted, &mut report).err()
            }
            // Nothing is written; whether a pack could be is known all the same.
            false => why_no_pack(realm, self.entry.as_str()),
        };
        let unwritten = self.unwritten(unwritten);
        report.no_pack = (!writes || unwritten.is_some()).then(|| NoPack {
            unused: why.clone(),
            unwritten: unwritten.clone(),
        });
        if let Some(unwritten) = unwritten.filter(|_| writes) {
            report.unwritten.insert(0, unwritten);
        }
        report
    }

    /// Writes the pack that has what was made anew in its place. If there can be none, the one that there is goes on serving
    /// what is as it was.
    pub(super) fn write_mixed(
        &self,
        cache: &Cached<'_>,
        realm: &mut Realm<'_>,
        graph: &Gathered,
        store: &Store,
        report: &mut CacheReport,
    ) {
        if !store.is_writable() {
            return;
        }
        let texts = &mut self.texts.borrow_mut();
        let writer = self.writer(cache, store);
        let written = writer.write_again(realm, graph, texts, report);
        report.unwritten.splice(0..0, self.unwritten(written.err()));
    }

    fn writer<'b>(&'b self, cache: &'b Cached<'_>, store: &'b Store) -> PackWriter<'b> {
        PackWriter {
            engine: self.engine,
            identity: cache.identity,
            entry: self.entry.as_str(),
            options: cache.options,
            store,
        }
    }

    /// Why there is no pack, said of the entry.
    fn unwritten(&self, why: Option<Unwritable>) -> Option<Unwritten> {
        why.map(|it| Unwritten::new(self.entry.as_str(), it.why, it.reason))
    }
}
