//! What a load leaves behind in the cache.

use engine::Realm;
use sample::{Unwritten, WhyUnwritten};

use super::Drive;
use super::from::{Cached, PackPlan};
use crate::gather::Gathered;
use crate::pack::{PackWriter, why_no_pack};
use crate::report::{CacheReport, NoPack};
use crate::write::{Unwritable, write_missing};

impl Drive<'_> {
    /// Writes entries for what missed.
    pub(super) fn write_missing(
        &self,
        cache: &Cached<'_>,
        realm: &Realm<'_>,
        report: &mut CacheReport,
    ) {
        let unlinkable = realm.unlinkable_modules();
        write_missing(
            self.engine,
            cache.options,
            cache.identity,
            report,
            &unlinkable,
        );
    }

    /// Writes the pack of what was gathered, if that is wanted: then nothing of it needs an entry. If there can be none, an
    /// older one goes on serving what is as it was, and what has none is served by entries.
    pub(super) fn write_pack(
        &self,
        cache: &Cached<'_>,
        realm: &mut Realm<'_>,
        plan: &PackPlan,
        graph: Option<&Gathered>,
        report: &mut CacheReport,
    ) {
        let writes = plan.store.is_writable();
        match &plan.unused {
            Some(why) => report.blame(why),
            None if !writes => return,
            None => {}
        }
        let entry = self.program.entry.as_str();
        let unwritten = match graph {
            Some(graph) if writes => {
                let writer = PackWriter {
                    engine: self.engine,
                    identity: cache.identity,
                    program: self.program,
                    options: cache.options,
                    store: &plan.store,
                };
                let written = writer.write(realm, graph, &self.texts, report);
                if written.is_ok() {
                    report.forget_pending(graph);
                }
                written.err()
            }
            // Nothing is written; whether a pack could be is known all the same.
            Some(_) => why_no_pack(realm, entry),
            None => why_no_pack(realm, entry).or_else(not_whole),
        };
        let unwritten = unwritten.map(|it| Unwritten::new(entry, it.why, it.reason));
        report.no_pack = match &plan.unused {
            Some(unused) if !writes || unwritten.is_some() => Some(NoPack {
                unused: unused.clone(),
                unwritten: unwritten.clone(),
            }),
            _ => None,
        };
        report.unwritten.splice(0..0, unwritten.filter(|_| writes));
    }
}

fn not_whole() -> Option<Unwritable> {
    let why = "the engine did not take the graph whole";
    Some(Unwritable::new(WhyUnwritten::Unsupported, why))
}
