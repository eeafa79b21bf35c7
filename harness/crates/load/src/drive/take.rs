//! Taking a graph: built and linked in a realm.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Realm;
use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::{Miss, MissReason};

use super::Drive;
use super::from::From;
use crate::gather::{Gathered, Gathering, Leavings, Packed};
use crate::pack::{Done, Opening, Texts};
use crate::report::{CacheReport, ModuleMiss};

/// What was taken of a pack.
pub enum Taken {
    Whole(Arc<VerifiedPack>),
    /// What is as it was, beside others.
    Mixed(Arc<Gathered>),
}

impl Drive<'_> {
    /// The graph, built and linked; or what was read of it, for the loader.
    pub(super) fn take_gathered(
        &mut self,
        realm: &mut Realm<'_>,
        gathering: Gathering,
    ) -> Result<Arc<Gathered>, Leavings> {
        let Some(mode) = self.cache.as_ref().map(|it| it.options.mode) else {
            return Err(Leavings::new());
        };
        let gathered = self.finish(realm, gathering)?;
        let Ok(graph) = gathered.assemble() else {
            return Err(gathered.leavings());
        };
        let refusal = self.report.borrow().refusal.clone();
        for module in gathered.modules() {
            if let Some(read) = &module.read {
                self.report.borrow_mut().note(&module.key, read, mode);
                let bytes = &self.fetch.bytes;
                bytes.set(bytes.get() + read.source.len() as u64);
            }
        }
        self.texts
            .set(Texts::of_gathered(Arc::clone(&gathered), Vec::new()));
        if realm.prepare_closure(Box::new(graph)) {
            return Ok(gathered);
        }
        // The loader asks for everything once more.
        self.texts.set(Texts::default());
        self.fetch.bytes.set(0);
        *self.report.borrow_mut() = CacheReport {
            refusal,
            ..CacheReport::default()
        };
        Err(gathered.leavings())
    }

    /// What comes in place of a pack that is of no use.
    pub(super) fn without_pack(&mut self, why: ModuleMiss) -> From {
        let (Some(cache), Some(plan)) = (&self.cache, &mut self.plan) else {
            return From::Modules;
        };
        plan.unused = Some(why);
        self.texts.set(Texts::default());
        From::entries(cache, self.program)
    }

    /// The graph of a pack, or of what is as it was of it, built and linked.
    ///
    /// # Errors
    /// Why the pack is of no use, and neither is the realm.
    pub(super) fn take_pack(
        &mut self,
        realm: &mut Realm<'_>,
        opening: Opening,
    ) -> Result<Taken, ModuleMiss> {
        let entry = self.program.entry.as_str();
        let of_entry = |miss| ModuleMiss::of(entry, miss);
        let not_taken = || {
            let why = "JSC did not take the bytecode of a valid pack";
            of_entry(Miss::new(MissReason::Engine, why))
        };
        let started = Instant::now();
        let checking = opening.pack().map_err(of_entry)?;
        let pack = checking.pack();
        self.pack_time += started.elapsed();
        let validates = self.cache.as_ref().is_some_and(|it| it.options.validate);
        if validates {
            // Records can be compared only with the texts that are known to be theirs: those of the pack.
            self.texts
                .set(Texts::of_pack(Arc::clone(&pack), Vec::new()));
        }
        let built = realm.build_pack(Box::new(Arc::clone(&pack)));
        let started = Instant::now();
        let Done {
            changes,
            sources,
            unsealed,
        } = checking.finish().map_err(of_entry)?;
        self.report.borrow_mut().unsealed = unsealed;
        let read: usize = sources.iter().map(|(_, source)| source.len()).sum();
        self.fetch.bytes.set(self.fetch.bytes.get() + read as u64);
        self.pack_time += started.elapsed();
        if !built {
            return Err(not_taken());
        }
        if let Some((first, change)) = changes.first_key_value() {
            let why = ModuleMiss::of(pack.key(*first), change.miss().clone());
            let packed = Packed::new(pack, changes);
            return match self.take_mixed(realm, packed, sources) {
                Some(graph) => Ok(Taken::Mixed(graph)),
                None => Err(why),
            };
        }
        self.texts.set(Texts::of_pack(Arc::clone(&pack), sources));
        match realm.prepare_pack() {
            true => Ok(Taken::Whole(pack)),
            false => Err(not_taken()),
        }
    }

    /// The graph of what is as it was of a pack whose records are built, and of others; `None` when it cannot be gathered.
    fn take_mixed(
        &mut self,
        realm: &mut Realm<'_>,
        packed: Packed,
        sources: Vec<(usize, Vec<u8>)>,
    ) -> Option<Arc<Gathered>> {
        let cache = self.cache.as_ref()?;
        let (look_up, mode) = (cache.entries().look_up, cache.options.mode);
        let gathering = Gathering::from_pack(self.program, packed, look_up, cache.build);
        let gathered = self.finish(realm, gathering).ok()?;
        let graph = gathered.assemble().ok()?;
        self.report.borrow_mut().note_mixed(&gathered, mode);
        self.texts
            .set(Texts::of_gathered(Arc::clone(&gathered), sources));
        if self.plan.as_ref().is_some_and(|it| it.store.is_writable()) {
            realm.keep_code();
        }
        realm.prepare_closure(Box::new(graph)).then_some(gathered)
    }

    /// Gathers to the end. What the engine analyzes for it is counted as that.
    fn finish(
        &mut self,
        realm: &mut Realm<'_>,
        gathering: Gathering,
    ) -> Result<Arc<Gathered>, Leavings> {
        let (started, analyzing) = (Instant::now(), realm.statistics().analyze_ns);
        let gathered = gathering.finish(realm);
        let analyzed = Duration::from_nanos(realm.statistics().analyze_ns - analyzing);
        self.pack_time += started.elapsed().saturating_sub(analyzed);
        gathered.map(Arc::new)
    }
}
