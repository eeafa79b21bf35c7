//! Two VMs of one process that live off the same entries at the same time.

use engine::{Engine, Outcome, Realm, run_to_completion};
use jsc_module_cache::store::Loading;
use load::{CacheOptions, Entries, FileHost, Interference, Program, RunCache};
use resolve::ModuleKey;
use sample::CacheMode;

use crate::support::{Cache, Load};
use test_programs::{engines, program};

#[test]
fn they_do_not_mind_each_other() {
    let engine = Engine::new().unwrap();
    let name = installed_name(&engine);
    let program = program(
        "import * as all from './part.mjs';
         if (all.tag !== Symbol.for('part') || all.make()['some name'] !== 'some text') throw new Error(Object.keys(all));
         if (/b+/.exec('abbc')[0] !== 'bb' || `${all.default.name}` !== 'Part') throw new Error('values');
         const { late } = await import('./late.mjs');
         if (late() !== 'late') throw new Error('late');",
    )
    .file(
        "part.mjs",
        "export const tag = Symbol.for('part'); export const make = () => ({ 'some name': 'some text' }); export default class Part {}",
    )
    .file("late.mjs", "export const late = () => late.name;");
    let entry = program.path("main.mjs");
    let cache = Cache::new();
    let engine_of_run = engines().iter().find(|it| it.name == name).unwrap();
    Load::full(engine_of_run, &entry, "auto", &cache.path()).run();

    for loading in [Loading::Read, Loading::Map] {
        let options = CacheOptions {
            loading,
            ..CacheOptions::new(cache.path(), CacheMode::ReadOnly)
        };
        let interference = Interference {
            poison_sources: true,
            ..Interference::default()
        };
        let program = Program::from(ModuleKey::from_entry(&entry).unwrap());
        let key = &program.entry;
        let realm = || {
            let entries = Entries::open(&options, engine.build().identity(), &interference);
            let entries = RunCache::new(entries, &program.rules, &options, true, &interference);
            let mut host = FileHost::new(&program);
            host.set_cache(entries);
            Realm::new(&engine, Box::new(host))
        };
        let (mut first, mut second) = (realm(), realm());
        // The second starts before the first has run, and outlives it.
        first.load(key.as_str());
        second.load(key.as_str());
        for realm in [&mut first, &mut second] {
            let outcome = run_to_completion(realm, |_| {});
            assert_eq!(outcome, Outcome::Completed);
            let statistics = realm.statistics();
            assert_eq!((statistics.modules, statistics.rebuilt), (3, 3));
            assert_eq!(
                [
                    statistics.analyses,
                    statistics.module_code,
                    statistics.function_code
                ],
                [0; 3]
            );
        }
        drop(first);
        assert_eq!(second.statistics().decoded, 3);
        drop(second);
        let mut third = realm();
        third.load(key.as_str());
        assert_eq!(run_to_completion(&mut third, |_| {}), Outcome::Completed);
        assert_eq!(third.statistics().analyses, 0);
    }
}

/// The name of the engine that this test program is linked to.
fn installed_name(engine: &Engine) -> String {
    let fingerprint = engine.build().fingerprint.clone();
    let found = engines().iter().find(|it| it.fingerprint == fingerprint);
    found.unwrap().name.clone()
}
