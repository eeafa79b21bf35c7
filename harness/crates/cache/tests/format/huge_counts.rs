//! Counts near 2^32 in a small file: the reader must not believe them. Run in a child process that cannot have more than
//! 1 GB, where an allocation for any of them ends the process.

use std::env;
use std::process::Command;

use jsc_module_cache::MissReason;
use jsc_module_cache::MissReason::{Bounds, Truncated};
use jsc_module_cache::format::v1::FileV1;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::field_map::{Array, File, header, section};

const CHILD: &str = "HARNESS_TEST_HUGE_COUNTS";

#[test]
fn no_count_is_believed() {
    if env::var_os(CHILD).is_some() {
        return child();
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "huge_counts::no_count_is_believed"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}: {text}", output.status);
    assert!(text.contains("1 passed"), "{text}");
}

fn child() {
    let limit = Rlimit {
        current: Some(1 << 30),
        maximum: Some(1 << 30),
    };
    setrlimit(Resource::As, limit).unwrap();
    let file = File::sample();
    for count in [u32::MAX, u32::MAX - 1, 1 << 31, 1 << 29, 0x1555_5556] {
        let count = u64::from(count);
        for array in [
            Array::Strings,
            Array::Requests,
            Array::Imports,
            Array::Exports,
            Array::Stars,
            Array::Declared,
            Array::Lexical,
            Array::DeclaredPrivate,
            Array::LexicalPrivate,
            Array::Characters,
        ] {
            let huge = file.with(file.count_field(array), count).signed();
            let miss = huge.read().unwrap_err();
            assert_eq!(miss.reason, Bounds, "{array:?} {count}: {miss}");
        }
        let huge = file.with(header(148, 4), count).signed();
        assert_eq!(huge.read().unwrap_err().reason, Bounds);
        for field in [0, 4] {
            let string = file.item(Array::Strings, 1, field);
            let miss = file.with(string, count).signed().read().unwrap_err();
            assert!(matches!(miss.reason, Bounds | MissReason::String), "{miss}");
        }
    }
    for value in [u64::MAX, u64::MAX - 15, 1 << 63, u64::MAX / 24] {
        for index in 0..3 {
            for field in [8, 16] {
                let miss = file
                    .with(section(index, field), value)
                    .signed()
                    .read()
                    .unwrap_err();
                assert_eq!(miss.reason, Bounds, "{miss}");
            }
        }
        let miss = file.with(header(16, 8), value).read().unwrap_err();
        assert_eq!(miss.reason, Truncated);
    }
    version_1();
}

fn version_1() {
    let empty = FileV1::default().write().unwrap();
    for offset in (8..empty.len()).step_by(4) {
        for count in [u32::MAX, 1 << 31, 1 << 24] {
            let mut bytes = empty.clone();
            bytes[offset..][..4].copy_from_slice(&count.to_le_bytes());
            assert_eq!(FileV1::read(&bytes).unwrap_err().reason, Bounds, "{offset}");
        }
    }
}
