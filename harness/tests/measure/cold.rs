//! A cold page cache.

use record::{PageCache, Void};

use crate::support::measure;

/// Files are dropped before each load, and what a load read from the disk proves it. Where files lie in memory for good, as
/// in a container whose home is not a disk, every block is void, and that is the answer.
#[test]
fn a_load_reads_what_it_needs_from_the_disk_or_is_void() {
    let measured = measure(&["-w", "^binary-127$", "--blocks", "6", "--cold"]).run();
    let record = measured.record.as_ref().expect("the result is kept");
    assert_eq!(record.conditions.page_cache, PageCache::Cold);
    assert!(measured.stdout.contains("; cold page cache, "));
    let void = record
        .blocks
        .iter()
        .filter(|block| block.void.is_some())
        .count();
    match measured.code {
        Some(0) => assert_eq!(record.valid_blocks(0).count(), 6),
        Some(2) => assert!(void > 0, "{}", measured.stderr),
        other => panic!("{other:?}: {}", measured.stderr),
    }
    // Page faults that read a file are what is measured here.
    assert!(
        !record
            .blocks
            .iter()
            .any(|block| matches!(block.void, Some(Void::MajorFaults { .. })))
    );
}
