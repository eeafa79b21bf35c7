//! Notes of `run` on its cache, for those who did not ask for `--stats`, which has the same.

use std::io::{self, Write};

use jsc_module_cache::MissReason;
use load::{CacheReport, ModuleMiss, NoPack};

/// Says once, on standard error, why the graph path had no pack, and which option had no effect.
pub fn on_cache(report: &CacheReport, validates: bool) {
    // Of a store that cannot be used a warning tells.
    let refused = |it: &jsc_module_cache::Miss| it.reason != MissReason::Absent;
    if report.refusal.as_ref().is_some_and(refused) {
        return;
    }
    let no_pack = report.no_pack.as_ref().map(|it| no_pack(it, report.hits));
    let nothing = (validates && report.compared == 0)
        .then(|| "--validate compared nothing: no module was served from the cache".to_owned());
    let unsealed = report.unsealed.as_ref().map(|directory| {
        format!(
            "--check none was not followed: somebody can write to {}, so the sources were checked by size, times and inode; \
             --check unsealed takes them unseen",
            directory.display()
        )
    });
    for note in [no_pack, nothing, unsealed].into_iter().flatten() {
        let _ = writeln!(io::stderr(), "note: {note}");
    }
}

fn no_pack(no_pack: &NoPack, hits: u64) -> String {
    let NoPack { unused, unwritten } = no_pack;
    let ModuleMiss { module, miss } = unused;
    let parsed = match hits {
        0 => "the graph path has parsed everything",
        _ => "the graph path was served by entries, not by a pack",
    };
    match unwritten.as_ref().map(|it| &it.reason) {
        Some(why) if miss.reason == MissReason::Absent => {
            format!("{parsed}: there is no pack of {module}, and none can be written: {why}")
        }
        Some(why) => format!(
            "{parsed}: the pack cannot be used ({miss}, in {module}), and no other can be written: {why}"
        ),
        None if miss.reason == MissReason::Absent => format!(
            "{parsed}: there is no pack of {module}; write it with --cache auto, or with `jsc-harness cache build --pack`"
        ),
        None => format!(
            "{parsed}: the pack cannot be used ({miss}, in {module}); write it again with --cache auto, or with \
             `jsc-harness cache build --pack`"
        ),
    }
}
