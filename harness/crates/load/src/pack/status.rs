//! What tells a file that has not changed.

use std::path::Path;

use jsc_module_cache::pack::FileStatus;

use super::check::status_of;
use crate::source_file::{decoded, read_source};

/// The status of the file that `source` was read from, by which it can be told later that it has not changed; the default,
/// which tells nothing, when the file changes just now or holds something else.
pub fn settled_status(path: &Path, source: &[u8]) -> FileStatus {
    let before = status_of(path);
    let holds_it = || {
        let read = read_source(path).ok()?;
        let text = (read != source).then(|| decoded(&read));
        text.is_none_or(|it| it.as_deref() == Some(source))
            .then_some(())
    };
    let settled = holds_it()
        .and(before)
        .filter(|it| status_of(path) == Some(*it));
    settled.map_or(FileStatus::default(), |(_, status)| told_apart(status))
}

/// File-system clocks are too coarse to tell two quick changes apart. A file that was changed within two seconds, or that
/// has a whole-second time, keeps no status and is always compared by content.
fn told_apart(status: FileStatus) -> FileStatus {
    const SLOWEST_TICK: i64 = 2_000_000_000;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.map_or(0, |it| i64::try_from(it.as_nanos()).unwrap_or(0));
    let fine = status.changed % 1_000_000_000 != 0;
    if fine && status.changed.saturating_add(SLOWEST_TICK) < now {
        status
    } else {
        FileStatus::default()
    }
}
