//! The way of one entry: made, saved, loaded.

use jsc_module_cache::store::{Access, Loading, Saved};
use jsc_module_cache::{MissReason, Store};

use testing::samples;

#[test]
fn an_entry_is_saved_and_loaded() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let path = home.path().join("modules");
    let identity = samples::identity();
    let expected = samples::expected(&identity);
    let entry = samples::entry();
    for loading in [Loading::Read, Loading::Map] {
        let store = Store::open(&path, Access::ReadWrite, loading);
        assert_eq!(store.refusal(), None);
        let bytes = entry.as_bytes().len() as u64;
        assert_eq!(store.save(&entry), Ok(Saved::Written { bytes }));
        let loaded = store.load(&expected).expect("a hit");
        assert_eq!(loaded.as_bytes(), entry.as_bytes());
        assert_eq!(loaded.is_mapped(), loading == Loading::Map);
        assert_eq!(loaded.image().as_ptr().addr() % 16, 0);
        assert_eq!(loaded.bytecode().as_ptr().addr() % 16, 0);
        assert_eq!(loaded.bytecode(), samples::BYTECODE);
        assert_eq!(loaded.module_key(), samples::KEY);
        assert_eq!(loaded.record(), samples::record());
        assert!(loaded.source_is_8bit());
    }
    let store = Store::open(&home.path().join("none"), Access::ReadOnly, Loading::Read);
    let miss = store.load(&expected).expect_err("nothing there");
    assert_eq!(miss.reason, MissReason::Absent);
}
