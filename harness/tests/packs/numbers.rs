//! Every number of a pack, changed and signed again: what the checks behind the checksum are for.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::{
    Attributes, Bounds, Dependencies, Engine, Format, Identity, Length, Options, Schema, String,
    Target, Truncated,
};
use jsc_module_cache::pack::layout::{CHECKED_FROM, HEADER_SIZE, PackSection, SECTIONS};
use jsc_module_cache::pack::{validate, validate_standalone};

use crate::support::{Cache, bytes, graph, sample, sign, subject};
use test_programs::engines;
use test_programs::load::Load;

const TABLE: Range<usize> = HEADER_SIZE..HEADER_SIZE + SECTIONS * size_of::<PackSection>();

/// A place whose number is changed, and to what.
pub type Change = (usize, u32);

/// All changes of the numbers at these places, and the pack with each.
pub fn changes(pack: &[u8], places: Range<usize>) -> impl Iterator<Item = (Change, Vec<u8>)> {
    let end = places.end;
    places
        .step_by(4)
        .take_while(move |at| at + 4 <= end)
        .flat_map(move |at| {
            let number = u32::from_le_bytes(pack[at..at + 4].try_into().unwrap());
            let others = [0, number.wrapping_add(1), number.wrapping_sub(1), u32::MAX];
            let others = others.into_iter().filter(move |it| *it != number);
            others.map(move |other| {
                let mut changed = pack.to_vec();
                changed[at..at + 4].copy_from_slice(&other.to_le_bytes());
                sign(&mut changed);
                ((at, other), changed)
            })
        })
}

/// Where the sections are, by their names.
pub fn sections(pack: &[u8]) -> BTreeMap<&'static str, Range<usize>> {
    let pack = validate_standalone(bytes(pack)).unwrap();
    let sections = pack.sections();
    sections
        .map(|(name, at, length)| (name, at as usize..(at + length) as usize))
        .collect()
}

/// How many bytes at the end of a graph image are characters and padding.
fn characters(image: &[u8]) -> usize {
    let counts: Vec<usize> = image[..16]
        .chunks(4)
        .map(|it| u32::from_le_bytes(it.try_into().unwrap()) as usize)
        .collect();
    let [strings, modules, edges, resolutions] = counts[..] else {
        unreachable!("four numbers")
    };
    image.len() - (32 + 8 * strings + 16 * modules + 4 * edges + 12 * resolutions)
}

/// No number makes the reader panic, or read outside; each gives one of these reasons, or a pack that is still valid.
#[test]
fn every_number_is_checked() {
    for engine in engines() {
        let pack = sample(engine);
        let whole = validate_standalone(bytes(&pack)).unwrap();
        let (identity, entry) = (whole.identity(), whole.entry_key().to_owned());
        let sections = sections(&pack);
        let reasons = |places: Range<usize>| {
            let mut found: BTreeMap<Option<MissReason>, Vec<Change>> = BTreeMap::new();
            for (change, changed) in changes(&pack, places) {
                let read = validate(bytes(&changed), &identity, &entry);
                found
                    .entry(read.err().map(|it| it.reason))
                    .or_default()
                    .push(change);
            }
            found
        };
        let only = |places: Range<usize>, allowed: &[Option<MissReason>], name: &str| {
            let found = reasons(places);
            for (reason, changes) in &found {
                assert!(
                    allowed.contains(reason),
                    "{name} on {}: {reason:?} by {:?}",
                    engine.version,
                    &changes[..changes.len().min(5)]
                );
            }
            found.values().map(Vec::len).sum::<usize>()
        };
        let header = [
            Some(Format),
            Some(Truncated),
            Some(Length),
            Some(Target),
            Some(Engine),
            Some(Options),
            Some(Schema),
            // `all` instead of `executed`.
            None,
        ];
        let file_length_and_before = only(8..24, &header, "header");
        let behind_checksum = only(CHECKED_FROM..TABLE.start, &header, "header");
        assert!(file_length_and_before > 10 && behind_checksum > 40);
        // Every section has one place only; one that is a little longer takes what is not its own, or not zero.
        assert!(only(TABLE, &[Some(Bounds), Some(Schema)], "section table") > 40);
        let graph = [
            None,
            Some(Bounds),
            Some(Schema),
            Some(String),
            Some(Identity),
            Some(Dependencies),
            Some(Attributes),
        ];
        assert!(only(sections["graph"].clone(), &graph, "graph") > 200);
        only(
            sections["exports"].clone(),
            &[Some(Bounds), Some(Schema)],
            "exports",
        );
        assert!(only(sections["modules"].clone(), &graph, "modules") > 200);
        assert!(only(sections["records"].clone(), &graph, "records") > 200);
        // What is compressed is looked at when a text is asked for, and must have its hash then.
        let texts = [None, Some(Bounds)];
        assert!(only(sections["texts"].clone(), &texts, "texts") > 40);
    }
}

/// What the reader lets pass of facts about sources is found stale, or changes nothing that the program shows.
#[test]
fn facts_about_sources_that_are_valid_and_wrong() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        let pack = fs::read(cache.pack()).unwrap();
        let whole = validate_standalone(bytes(&pack)).unwrap();
        let (identity, key) = (whole.identity(), whole.entry_key().to_owned());
        let parsed = Load::new(engine, &entry).path("parse").run();
        // The first module's line of the table has all kinds of numbers.
        let modules = sections(&pack)["modules"].clone();
        let line = modules.len() / whole.len();
        for (change, changed) in changes(&pack, modules.start..modules.start + line) {
            if validate(bytes(&changed), &identity, &key).is_err() {
                continue;
            }
            fs::write(cache.pack(), &changed).unwrap();
            let loaded = graph(engine, &entry, "read-only", &cache).run();
            assert_eq!(loaded.shown, parsed.shown, "{change:?}");
        }
    }
}

/// A hash of zeros or of ones is a hash like any other.
#[test]
fn no_hash_means_unchecked() {
    for engine in engines() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        let pack = fs::read(cache.pack()).unwrap();
        let at = sections(&pack)["modules"].start;
        for byte in [0, 0xff] {
            let mut changed = pack.clone();
            changed[at..at + 16].fill(byte);
            sign(&mut changed);
            fs::write(cache.pack(), changed).unwrap();
            let loaded = graph(engine, &entry, "read-only", &cache).run();
            let (module, reason) = loaded.stats.first_miss.clone().unwrap();
            assert_eq!(reason, "source");
            let stats = &loaded.stats;
            stats.assert_pack_served_but(&[(&module, "source")], "a hash of one byte");
        }
    }
}

/// Graphs and records that keep every rule and are not what was captured may show anything, but crash nothing. Each engine
/// is given a third of them. The characters of names are left as they are: another name for a variable in all records that
/// have it is one that only the bytecode knows to be wrong, and the checksum is what keeps such a file out.
#[test]
fn what_the_reader_lets_pass_crashes_nothing() {
    for (turn, engine) in engines().iter().enumerate() {
        let program = subject();
        let entry = program.path("main.mjs");
        let cache = Cache::new();
        graph(engine, &entry, "auto", &cache).run();
        let pack = fs::read(cache.pack()).unwrap();
        let whole = validate_standalone(bytes(&pack)).unwrap();
        let (identity, key) = (whole.identity(), whole.entry_key().to_owned());
        let sections = sections(&pack);
        let graph_image = sections["graph"].clone();
        let numbers = graph_image.start..graph_image.end - characters(&pack[graph_image]);
        let valid = [numbers, sections["records"].clone()]
            .into_iter()
            .flat_map(|places| changes(&pack, places))
            .filter(|(_, changed)| validate(bytes(changed), &identity, &key).is_ok());
        let mut loads = 0;
        for (change, changed) in valid.skip(turn).step_by(3) {
            fs::write(cache.pack(), &changed).unwrap();
            let loaded = graph(engine, &entry, "read-only", &cache).run();
            assert!(
                matches!(loaded.shown.code, Some(0 | 1)),
                "{change:?} on {}: {:?}",
                engine.version,
                loaded.shown
            );
            loads += 1;
        }
        assert!(loads > 20, "{loads}");
    }
}
