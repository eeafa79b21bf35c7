//! One thing changes: exactly its reason, the parse path's output for the new state, and a fresh entry.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use jsc_module_cache::format::layout::Header;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::changes::{
    MODULES, damage, damage_and_sign, edit, entry_of_a, record, replace, replace_bytes, section,
    set_time, subject, time_of, word,
};
use crate::support::{Cache, Load, difference, nothing_wrong, parse};
use test_programs::{Engine, Program, engines};

/// A change to a program or to its cache, and what must miss by it.
struct Case {
    name: &'static str,
    change: fn(&Program, &Cache),
    misses: &'static [(&'static str, &'static str)],
    /// Variables that are set from then on.
    environment: &'static [(&'static str, &'static str)],
}

const fn case(
    name: &'static str,
    misses: &'static [(&'static str, &'static str)],
    change: fn(&Program, &Cache),
) -> Case {
    Case {
        name,
        change,
        misses,
        environment: &[],
    }
}

const A_SOURCE: &[(&str, &str)] = &[("a.mjs", "source")];
const A_CHECKSUM: &[(&str, &str)] = &[("a.mjs", "checksum")];
const A_TRUNCATED: &[(&str, &str)] = &[("a.mjs", "truncated")];
const A_UNTRUSTED: &[(&str, &str)] = &[("a.mjs", "untrusted")];
const ALL_OPTIONS: &[(&str, &str)] = &[
    ("a.mjs", "options"),
    ("b.mjs", "options"),
    ("c.mjs", "options"),
    ("main.mjs", "options"),
];

fn check(cases: &[Case]) {
    check_on(cases, |_| engines());
}

/// For what no engine sees: one each, in turn.
fn check_on_either(cases: &[Case]) {
    check_on(cases, |index| {
        let index = index % engines().len();
        &engines()[index..=index]
    });
}

fn check_on(cases: &[Case], engines: impl Fn(usize) -> &'static [Engine]) {
    let mut wrong = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        for engine in engines(index) {
            let name = format!("{} on {}", case.name, engine.version);
            let program = subject();
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            Load::full(engine, &entry, "auto", &cache.path()).run();
            assert_eq!(cache.entries().len(), MODULES.len());
            (case.change)(&program, &cache);

            let environment = case.environment;
            let parsed = parse(engine, &entry).environment(environment).run();
            let missing = case.misses.len() as u64;
            let misses: Vec<(String, String)> = case
                .misses
                .iter()
                .map(|(module, reason)| ((*module).to_owned(), (*reason).to_owned()))
                .collect();
            let mut run = |mode: &str, misses: &[(String, String)]| {
                let count = misses.len() as u64;
                let loaded = Load::full(engine, &entry, mode, &cache.path())
                    .environment(environment)
                    .run();
                let stats = &loaded.stats;
                wrong.extend(difference(
                    &format!("{name}, {mode}, shown"),
                    &loaded.shown,
                    &parsed.shown,
                ));
                wrong.extend(difference(
                    &format!("{name}, {mode}, misses"),
                    &&*stats.misses,
                    &misses,
                ));
                wrong.extend(difference(
                    &format!("{name}, {mode}, hits"),
                    &stats.hits,
                    &(parsed.stats.modules - count),
                ));
                wrong.extend(difference(
                    &format!("{name}, {mode}, parses"),
                    &stats.parses(),
                    &[count; 3],
                ));
            };
            let before = cache.snapshot();
            run("read-only", &misses);
            assert_eq!(cache.snapshot(), before, "{name}");
            run("auto", &misses);
            if missing == 0 {
                assert_eq!(cache.snapshot(), before, "{name}");
            }
            // All is well again.
            run("read-only", &[]);
            let valid = cache.snapshot().len() - 1;
            assert!(valid >= MODULES.len(), "{name}: {valid}");
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn sources() {
    check(&[
        case("nothing", &[], |_, _| {}),
        case(
            "an edit that keeps length and time",
            A_SOURCE,
            |program, _| {
                let path = program.path("a.mjs");
                let time = time_of(&path);
                replace(&path, "a1", "a2");
                set_time(&path, time);
            },
        ),
        case("another time", &[], |program, _| {
            for module in MODULES {
                set_time(
                    &program.path(module),
                    SystemTime::now() + Duration::from_secs(100_000_000),
                );
            }
        }),
        case("a new file with the same bytes", &[], |program, _| {
            let path = program.path("a.mjs");
            let bytes = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes).unwrap();
        }),
        case("a byte order mark", A_SOURCE, |program, _| {
            edit(&program.path("a.mjs"), |bytes| {
                bytes.splice(0..0, *b"\xEF\xBB\xBF");
            });
        }),
        case("other line ends", A_SOURCE, |program, _| {
            replace(&program.path("a.mjs"), "\n", "\r\n")
        }),
        case("a comment", A_SOURCE, |program, _| {
            edit(&program.path("a.mjs"), |it| it.extend(b"//"))
        }),
        case(
            "a dependency, and not its importer",
            &[("c.mjs", "source")],
            |program, _| {
                replace(&program.path("c.mjs"), "function c", "\n  function c");
            },
        ),
        case("the entry", &[("main.mjs", "source")], |program, _| {
            replace(&program.path("main.mjs"), "${a()}", "${a()}${typeof b}");
        }),
        case(
            "what an import asks for",
            &[("b.mjs", "source")],
            |program, _| {
                replace(&program.path("b.mjs"), "./c.mjs", "././c.mjs");
            },
        ),
        case(
            "everything",
            &[
                ("a.mjs", "source"),
                ("b.mjs", "source"),
                ("c.mjs", "source"),
                ("main.mjs", "source"),
            ],
            |program, _| {
                for module in MODULES {
                    edit(&program.path(module), |bytes| bytes.extend(b"\n"));
                }
            },
        ),
    ]);
}

#[test]
fn options() {
    let with = |name, environment| Case {
        environment,
        ..case(name, ALL_OPTIONS, |_, _| {})
    };
    check(&[
        with("no DFG", &[("JSC_useDFGJIT", "0")]),
        with("no JIT at all", &[("JSC_useJIT", "0")]),
        with("a feature", &[("JSC_useSharedArrayBuffer", "1")]),
        Case {
            environment: &[
                ("JSC_numberOfGCMarkers", "1"),
                ("TZ", "Asia/Tokyo"),
                ("LANG", "C"),
                ("HARNESS_X", "1"),
            ],
            ..case(
                "the size of the machine, and what is not an option",
                &[],
                |_, _| {},
            )
        },
    ]);
}

/// JSC then generates other code, which entries do not hold: nothing is taken from the cache, and nothing is written.
#[test]
fn code_for_profilers_and_debuggers() {
    let mut wrong = Vec::new();
    for option in [
        "JSC_useTypeProfiler",
        "JSC_useControlFlowProfiler",
        "JSC_forceDebuggerBytecodeGeneration",
    ] {
        for engine in engines() {
            let program = subject();
            let entry = program.path("main.mjs");
            let cache = Cache::new();
            Load::full(engine, &entry, "auto", &cache.path()).run();
            let before = cache.snapshot();
            let environment = &[(option, "1")];
            let parsed = parse(engine, &entry).environment(environment).run();
            for round in ["first", "second"] {
                let loaded = Load::full(engine, &entry, "auto", &cache.path())
                    .environment(environment)
                    .run();
                let name = format!("{option} on {}, {round}", engine.version);
                wrong.extend(difference(&name, &loaded.shown, &parsed.shown));
                wrong.extend(difference(&name, &loaded.stats.hits, &0));
                let reasons: Vec<&str> = loaded
                    .stats
                    .misses
                    .iter()
                    .map(|(_, reason)| reason.as_str())
                    .collect();
                wrong.extend(difference(&name, &reasons, &vec!["options"; MODULES.len()]));
            }
            assert_eq!(cache.snapshot(), before, "{option} on {}", engine.version);
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn damaged_entries() {
    check_on_either(&[
        case("gone", &[("a.mjs", "absent")], |program, cache| {
            fs::remove_file(entry_of_a(program, cache)).unwrap()
        }),
        case(
            "the whole directory",
            &[
                ("a.mjs", "absent"),
                ("b.mjs", "absent"),
                ("c.mjs", "absent"),
                ("main.mjs", "absent"),
            ],
            |_, cache| {
                fs::remove_dir_all(cache.path()).unwrap();
            },
        ),
        case("empty", A_TRUNCATED, |program, cache| {
            damage(program, cache, Vec::clear)
        }),
        case("less than a header", A_TRUNCATED, |program, cache| {
            damage(program, cache, |it| it.truncate(size_of::<Header>() - 1))
        }),
        case("half of it", A_TRUNCATED, |program, cache| {
            damage(program, cache, |it| it.truncate(it.len() / 2))
        }),
        case("one byte less", A_TRUNCATED, |program, cache| {
            damage(program, cache, |it| it.truncate(it.len() - 1))
        }),
        case("one byte more", &[("a.mjs", "length")], |program, cache| {
            damage(program, cache, |it| it.push(0))
        }),
        case("twice", &[("a.mjs", "length")], |program, cache| {
            damage(program, cache, |it| it.extend_from_within(..))
        }),
        case("something else", &[("a.mjs", "magic")], |program, cache| {
            damage(program, cache, |it| it[..8].fill(b'x'))
        }),
        case(
            "the version before",
            &[("a.mjs", "format")],
            |program, cache| damage(program, cache, |it| it[8] = 1),
        ),
        case(
            "the next version",
            &[("a.mjs", "format")],
            |program, cache| damage(program, cache, |it| it[8] = 3),
        ),
        case("the key", A_CHECKSUM, |program, cache| {
            damage(program, cache, |it| {
                let (at, _) = section(it, 1);
                it[at] ^= 1;
            })
        }),
        case("the record", A_CHECKSUM, |program, cache| {
            damage(program, cache, |it| {
                let (at, length) = section(it, 2);
                it[at + length / 2] ^= 0x80;
            })
        }),
        case(
            "the first byte of the bytecode",
            A_CHECKSUM,
            |program, cache| {
                damage(program, cache, |it| {
                    let (at, _) = section(it, 3);
                    it[at] ^= 1;
                })
            },
        ),
        case("the last byte of all", A_CHECKSUM, |program, cache| {
            damage(program, cache, |it| *it.last_mut().unwrap() ^= 1)
        }),
        case("a page of zeros", A_CHECKSUM, |program, cache| {
            damage(program, cache, |it| {
                let (at, length) = section(it, 3);
                it[at + 16..at + length.min(200)].fill(0);
            })
        }),
        case("the checksum", A_CHECKSUM, |program, cache| {
            damage(program, cache, |it| it[24..40].fill(0))
        }),
        case("a checksum of ones", A_CHECKSUM, |program, cache| {
            damage(program, cache, |it| it[24..40].fill(0xFF))
        }),
        case(
            "another processor",
            &[("a.mjs", "target")],
            |program, cache| damage(program, cache, |it| it[40] ^= 3),
        ),
        case("big-endian", &[("a.mjs", "target")], |program, cache| {
            damage(program, cache, |it| it[42] = 2)
        }),
        case(
            "another engine",
            &[("a.mjs", "engine")],
            |program, cache| damage(program, cache, |it| it[48] ^= 1),
        ),
        case(
            "other options",
            &[("a.mjs", "options")],
            |program, cache| damage(program, cache, |it| it[64] ^= 1),
        ),
        case(
            "the entry of another module",
            &[("c.mjs", "identity")],
            |program, cache| {
                let c = cache.entry(&program.path("c.mjs"));
                fs::copy(entry_of_a(program, cache), c).unwrap();
            },
        ),
        case(
            "two entries exchanged",
            &[("a.mjs", "identity"), ("c.mjs", "identity")],
            |program, cache| {
                let (a, c) = (
                    entry_of_a(program, cache),
                    cache.entry(&program.path("c.mjs")),
                );
                let bytes = fs::read(&c).unwrap();
                fs::copy(&a, &c).unwrap();
                fs::write(&a, bytes).unwrap();
            },
        ),
        case("a link", A_UNTRUSTED, |program, cache| {
            let path = entry_of_a(program, cache);
            fs::rename(&path, program.path("aside")).unwrap();
            symlink(program.path("aside"), &path).unwrap();
        }),
        case("a pipe", A_UNTRUSTED, |program, cache| {
            let path = entry_of_a(program, cache);
            fs::remove_file(&path).unwrap();
            mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0).unwrap();
        }),
        case(
            "a file that others may write",
            A_UNTRUSTED,
            |program, cache| {
                fs::set_permissions(
                    entry_of_a(program, cache),
                    fs::Permissions::from_mode(0o622),
                )
                .unwrap();
            },
        ),
    ]);
}

/// What a checksum says nothing about: an entry that was written wrongly.
#[test]
fn signed_entries_that_are_wrong() {
    check(&[
        case(
            "a specifier",
            &[("b.mjs", "dependencies")],
            |program, cache| {
                damage_and_sign(program, cache, "b.mjs", |entry| {
                    replace_bytes(record(entry), b"./c.mjs", b"./d.mjs");
                });
            },
        ),
        case(
            "an import attribute",
            &[("b.mjs", "attributes")],
            |program, cache| {
                damage_and_sign(program, cache, "b.mjs", |entry| {
                    let record = record(entry);
                    // Behind the header and the strings: the attributes of the first request; 4 is JSON.
                    let request = 64 + 8 * word(record, 8);
                    assert_eq!(word(record, request + 4), 0);
                    record[request + 4] = 4;
                });
            },
        ),
        case(
            "a byte that has no meaning yet",
            &[("a.mjs", "schema")],
            |program, cache| damage_and_sign(program, cache, "a.mjs", |entry| entry[152] = 1),
        ),
        case("a count", &[("c.mjs", "bounds")], |program, cache| {
            damage_and_sign(program, cache, "c.mjs", |entry| {
                record(entry)[8..12].fill(0xFF);
            });
        }),
        case("a name", &[("c.mjs", "string")], |program, cache| {
            damage_and_sign(program, cache, "c.mjs", |entry| {
                // Half a surrogate pair.
                let name: Vec<u8> = "变量".encode_utf16().flat_map(u16::to_le_bytes).collect();
                replace_bytes(record(entry), &name, &[0, 0xD8, name[2], name[3]]);
            });
        }),
        case("another source", A_SOURCE, |program, cache| {
            damage_and_sign(program, cache, "a.mjs", |entry| entry[80] ^= 1);
        }),
    ]);
}
