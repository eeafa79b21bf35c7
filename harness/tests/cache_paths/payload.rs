//! Bytecode that is whole, signed, and not what it should be.

use std::fs;

use jsc_module_cache::store::read_file;
use jsc_module_cache::{EntryParts, validate_standalone, write};

use crate::support::{Cache, Load, parse};
use test_programs::{engines, program};

/// Where JSC's `GenericCacheEntry` keeps the kind of code (`CachedCodeBlockTag`): behind a version and a string.
const TAG: usize = 24;

/// A tag that says program or eval code, or nothing at all, is found out before anything of it is decoded.
#[test]
fn another_kind_of_code() {
    let program = program("export const f = () => 1; console.log(f());");
    let entry = program.path("main.mjs");
    for engine in engines() {
        let cache = Cache::new();
        let parsed = parse(engine, &entry).run();
        Load::full(engine, &entry, "auto", &cache.path()).run();
        let file = cache.entry(&entry);
        let good = validate_standalone(read_file(&file).unwrap()).unwrap();
        let module = good.bytecode()[TAG];
        for tag in [0, 1, 2, 3, 4, 255].into_iter().filter(|it| *it != module) {
            let mut bytecode = good.bytecode().to_vec();
            bytecode[TAG] = tag;
            let parts = EntryParts {
                identity: &good.identity(),
                module_key: good.module_key(),
                source_hash: good.source_hash(),
                source_length: good.source_length(),
                source_units: good.source_units(),
                source_text_hash: good.source_text_hash(),
                source_is_8bit: good.source_is_8bit(),
                image: good.image(),
                bytecode: &bytecode,
            };
            fs::write(&file, write(&parts).unwrap().as_bytes()).unwrap();
            let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
            assert_eq!(loaded.shown, parsed.shown, "tag {tag}");
            assert_eq!(loaded.stats.reasons(), [("engine", 1)], "tag {tag}");
            assert_eq!(loaded.stats.analyze, 1, "tag {tag}");
        }
        fs::write(&file, good.as_bytes()).unwrap();
        let loaded = Load::full(engine, &entry, "read-only", &cache.path()).run();
        assert_eq!(loaded.stats.parses(), [0; 3]);
    }
}
