//! Taking a graph: built and linked in a realm.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Realm;
use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::{Miss, MissReason};

use super::Drive;
use crate::gather::{Gathered, Gathering, Leavings};
use crate::pack::{Opening, Texts};
use crate::report::{CacheReport, ModuleMiss};

impl Drive<'_> {
    /// The graph, built and linked; or what was read of it, for the loader.
    pub(super) fn take_gathered(
        &mut self,
        realm: &mut Realm<'_>,
        gathering: Gathering,
    ) -> Result<Arc<Gathered>, Leavings> {
        let Some(cache) = &self.cache else {
            return Err(Leavings::new());
        };
        let (started, analyzing) = (Instant::now(), realm.statistics().analyze_ns);
        let gathered = gathering.finish(realm);
        let analyzed = realm.statistics().analyze_ns - analyzing;
        self.pack_time += started
            .elapsed()
            .saturating_sub(Duration::from_nanos(analyzed));
        let gathered = Arc::new(gathered?);
        let Ok(graph) = gathered.assemble() else {
            return Err(gathered.leavings());
        };
        let refusal = self.report.borrow().refusal.clone();
        for module in gathered.modules() {
            if let Some(read) = &module.read {
                self.report
                    .borrow_mut()
                    .note(&module.key, read, cache.options.mode);
                let bytes = &self.fetch.bytes;
                bytes.set(bytes.get() + read.source.len() as u64);
            }
        }
        *self.texts.borrow_mut() = Texts::of_gathered(Arc::clone(&gathered));
        if realm.prepare_closure(Box::new(Arc::new(graph))) {
            return Ok(gathered);
        }
        // The loader asks for everything once more.
        *self.texts.borrow_mut() = Texts::default();
        self.fetch.bytes.set(0);
        *self.report.borrow_mut() = CacheReport {
            refusal,
            ..CacheReport::default()
        };
        Err(gathered.leavings())
    }

    /// The pack, built and linked; or why it is of no use.
    pub(super) fn take_pack(
        &mut self,
        realm: &mut Realm<'_>,
        opening: Opening,
    ) -> Result<Arc<VerifiedPack>, ModuleMiss> {
        let entry = self.entry.as_str();
        let of_entry = |miss| ModuleMiss::of(entry, miss);
        let started = Instant::now();
        let checking = opening.pack().map_err(of_entry)?;
        let pack = checking.pack();
        let mut waited = started.elapsed();
        let validates = self.cache.as_ref().is_some_and(|it| it.options.validate);

        let mut checking = Some(checking);
        let mut finish = |checking: &mut Option<crate::pack::Checking>| match checking.take() {
            Some(checking) => {
                let waiting = Instant::now();
                let sources = checking.finish()?;
                let read: usize = sources.iter().map(|(_, source)| source.len()).sum();
                self.fetch.bytes.set(self.fetch.bytes.get() + read as u64);
                *self.texts.borrow_mut() = Texts::of_pack(Arc::clone(&pack), sources);
                waited += waiting.elapsed();
                Ok(())
            }
            None => Ok(()),
        };
        // Records can be compared only with sources that are known to be theirs.
        if validates {
            finish(&mut checking)?;
        }
        let taken = realm.prepare_closure(Box::new(Arc::clone(&pack)));
        finish(&mut checking)?;
        self.pack_time += waited;
        if !taken {
            let why = "JSC did not take the bytecode of a valid pack";
            return Err(of_entry(Miss::new(MissReason::Engine, why)));
        }
        Ok(pack)
    }
}
