//! Packs that are no files of the store's making.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::{case, check};

#[test]
fn what_is_there_in_its_place() {
    const UNTRUSTED: Option<(&str, &str)> = Some(("main.mjs", "untrusted"));
    check(&[
        case("nothing", Some(("main.mjs", "absent")), |_, cache| {
            fs::remove_file(cache.pack()).unwrap();
        }),
        case("a link to it", UNTRUSTED, |_, cache| {
            let pack = cache.pack();
            let moved = pack.with_extension("moved");
            fs::rename(&pack, &moved).unwrap();
            symlink(moved, pack).unwrap();
        }),
        case("a FIFO", UNTRUSTED, |_, cache| {
            let pack = cache.pack();
            fs::remove_file(&pack).unwrap();
            mknodat(CWD, &pack, FileType::Fifo, Mode::from(0o600), 0).unwrap();
        }),
        case("a file that others may write", UNTRUSTED, |_, cache| {
            fs::set_permissions(cache.pack(), Permissions::from_mode(0o666)).unwrap();
        }),
    ]);
}
