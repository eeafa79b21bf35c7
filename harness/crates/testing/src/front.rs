//! What both kinds of cache files begin with.

use jsc_module_cache::MissReason::{self, *};

/// The reason of a file of which a bit of the byte at `offset` was changed, without a new checksum; `found` tells between
/// the two that a wrong length can have.
pub fn reason_of_changed_byte(offset: usize, found: Option<MissReason>) -> MissReason {
    match offset {
        0..8 => Magic,
        8..16 => Format,
        16..24 if found == Some(Truncated) => Truncated,
        16..24 => Length,
        24..40 => Checksum,
        40..48 => Target,
        48..64 => Engine,
        64..80 => Options,
        _ => Checksum,
    }
}
