//! The header of an entry.

use zerocopy::FromBytes;

use crate::format::layout::{FORMAT_VERSION, HEADER_SIZE, Header, MAGIC};
use crate::front::{Kind, checked};
use crate::miss::miss;
use crate::{Identity, Miss};

const ENTRY: Kind = Kind {
    magic: MAGIC,
    version: FORMAT_VERSION,
    header_size: HEADER_SIZE,
    called: "format version",
};

/// The header of a file whose checksum is right.
pub(super) fn checked_header<'a>(
    file: &'a [u8],
    identity: Option<&Identity>,
) -> Result<&'a Header, Miss> {
    checked(file, &ENTRY, identity)?;
    let (header, _) =
        Header::ref_from_prefix(file).map_err(|_| miss!(Truncated, "the header is not whole"))?;
    if header.reserved != [0; 40] {
        return Err(miss!(Schema, "reserved bytes of the header are not zero"));
    }
    Ok(header)
}
