//! The first 80 bytes of every cache file, and its sections: whether it is a whole file of ours, of a version that this
//! program reads, undamaged, and made by the right engine. Entries and packs go on from here each in its own way.

use std::fmt;
use std::ops::Range;

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::identity::Target;
use crate::miss::miss;
use crate::{Digest, Identity, Miss};

/// Where the checksum is.
pub const CHECKSUM_OFFSET: usize = 24;
/// The first byte that the checksum covers.
pub const CHECKED_FROM: usize = CHECKSUM_OFFSET + size_of::<Digest>();
/// Every section starts at a multiple of this: enough for whatever JSC's bytecode holds.
pub const ALIGNMENT: usize = 16;

/// What all headers begin with.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Front {
    pub magic: [u8; 8],
    pub format_version: U32,
    pub header_size: U32,
    pub file_length: U64,
    pub checksum: Digest,
    pub target: Target,
    pub engine: Digest,
    pub options: Digest,
}

const _: () = assert!(size_of::<Front>() == 80);
const _: () = assert!(std::mem::offset_of!(Front, checksum) == CHECKSUM_OFFSET);

/// A kind of file.
pub struct Kind {
    /// What it starts with.
    pub magic: [u8; 8],
    /// The version that is read and written.
    pub version: u32,
    /// The size of its header.
    pub header_size: usize,
    /// How its version is called in a miss.
    pub called: &'static str,
}

/// The front of a file whose checksum is right.
///
/// Magic and version are looked at before the header is known to be whole: another file, or another version, may well be
/// shorter. Without an identity, any engine's file is good.
pub fn checked<'a>(
    file: &'a [u8],
    kind: &Kind,
    identity: Option<&Identity>,
) -> Result<&'a Front, Miss> {
    let front = read(file, kind)?;
    check_length(front, file.len() as u64)?;
    check_identity(front, identity)?;
    let actual = Digest::of(&file[CHECKED_FROM..]);
    if actual != front.checksum {
        return Err(miss!(
            Checksum,
            "checksum is {actual}, the header says {}",
            front.checksum
        ));
    }
    Ok(front)
}

fn read<'a>(file: &'a [u8], kind: &Kind) -> Result<&'a Front, Miss> {
    let Kind {
        magic,
        version,
        header_size,
        called,
    } = kind;
    let truncated = || {
        let length = file.len();
        miss!(Truncated, "{length} bytes, the header has {header_size}")
    };
    let found: &[u8; 8] = file.first_chunk().ok_or_else(truncated)?;
    if found != magic {
        return Err(miss!(
            Magic,
            "file starts with \"{}\", not \"{}\"",
            found.escape_ascii(),
            magic.escape_ascii()
        ));
    }
    let found = file[magic.len()..].first_chunk().ok_or_else(truncated)?;
    let found = u32::from_le_bytes(*found);
    if found != *version {
        return Err(miss!(
            Format,
            "{called} {found}, this program reads {version}"
        ));
    }
    if file.len() < *header_size {
        return Err(truncated());
    }
    let (front, _) = Front::ref_from_prefix(file).map_err(|_| truncated())?;
    let size = front.header_size.get();
    if size as usize != *header_size {
        return Err(miss!(
            Format,
            "header of {size} bytes, {called} {version} has {header_size}"
        ));
    }
    Ok(front)
}

fn check_length(front: &Front, actual: u64) -> Result<(), Miss> {
    let stated = front.file_length.get();
    if actual < stated {
        return Err(miss!(Truncated, "{actual} bytes, the header says {stated}"));
    }
    if actual > stated {
        return Err(miss!(Length, "{actual} bytes, the header says {stated}"));
    }
    Ok(())
}

fn check_identity(front: &Front, identity: Option<&Identity>) -> Result<(), Miss> {
    let expected = identity.map_or(&front.target, |it| &it.target);
    if front.target != *expected || front.target.reserved.get() != 0 {
        return Err(miss!(Target, "made for {}, not {expected}", front.target));
    }
    let Some(identity) = identity else {
        return Ok(());
    };
    if front.engine != identity.engine {
        return Err(miss!(
            Engine,
            "made by engine {}, loaded is {}",
            front.engine,
            identity.engine
        ));
    }
    if front.options != identity.options {
        return Err(miss!(
            Options,
            "made with options {}, in force are {}",
            front.options,
            identity.options
        ));
    }
    Ok(())
}

/// The section `name`, when it is at the one place where a section after `end` may be.
pub fn placed(
    file: &[u8],
    name: &dyn fmt::Display,
    (offset, length): (U64, U64),
    end: usize,
) -> Result<Range<usize>, Miss> {
    let start = end.next_multiple_of(ALIGNMENT);
    if offset.get() != start as u64 {
        return Err(miss!(
            Bounds,
            "section {name} is at {offset}, its place is {start}"
        ));
    }
    let range = usize::try_from(length.get())
        .ok()
        .and_then(|length| start.checked_add(length))
        .filter(|end| *end <= file.len())
        .map(|end| start..end)
        .ok_or_else(|| {
            let all = file.len();
            miss!(
                Bounds,
                "section {name} has {length} bytes at {start}, the file {all}"
            )
        })?;
    if file[end..start].iter().any(|byte| *byte != 0) {
        return Err(miss!(
            Schema,
            "bytes {end} to {start}, before section {name}, are not zero"
        ));
    }
    Ok(range)
}

/// Nothing is behind the last section.
pub fn check_end(file: &[u8], end: usize) -> Result<(), Miss> {
    if end == file.len() {
        return Ok(());
    }
    let all = file.len();
    Err(miss!(
        Bounds,
        "the last section ends at {end}, the file at {all}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MissReason;

    const KIND: Kind = Kind {
        magic: *b"JSCSAMPL",
        version: 4,
        header_size: 128,
        called: "sample version",
    };

    fn said(file: &[u8]) -> (MissReason, String) {
        let miss = checked(file, &KIND, None).unwrap_err();
        (miss.reason, miss.detail.to_string())
    }

    /// A later version may well be shorter than a header of this one.
    #[test]
    fn magic_and_version_come_before_the_length() {
        let other = said(b"JSCMREC\n");
        assert_eq!(other.0, MissReason::Magic);
        let version = said(b"JSCSAMPL\x09\0\0\0");
        let text = "sample version 9, this program reads 4".to_owned();
        assert_eq!(version, (MissReason::Format, text));
        for short in [
            &b"JSCSA"[..],
            b"JSCSAMPL\x04\0",
            b"JSCSAMPL\x04\0\0\0\x80\0\0\0",
        ] {
            assert_eq!(said(short).0, MissReason::Truncated);
        }
    }
}
