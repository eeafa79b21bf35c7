//! The header: whether this is a whole file of ours, undamaged, and made by the right engine.

use zerocopy::FromBytes;

use crate::format::layout::{FORMAT_VERSION, HEADER_SIZE, Header, MAGIC, checksum};
use crate::identity::Target;
use crate::miss::miss;
use crate::{Digest, Identity, Miss};

/// The header of a file whose checksum is right.
pub(super) fn checked_header<'a>(
    file: &'a [u8],
    identity: Option<&Identity>,
) -> Result<&'a Header, Miss> {
    let header = read(file)?;
    check_length(header, file.len() as u64)?;
    check_target(&header.target, identity)?;
    if let Some(identity) = identity {
        check_engine(header, identity)?;
    }
    let actual = checksum(file).unwrap_or(Digest::from_bytes([0; 16]));
    if actual != header.checksum {
        return Err(miss!(
            Checksum,
            "checksum is {actual}, the header says {}",
            header.checksum
        ));
    }
    if header.reserved != [0; 40] {
        return Err(miss!(Schema, "reserved bytes of the header are not zero"));
    }
    Ok(header)
}

/// Magic and version are looked at before the header is known to be whole: another file or another version may well be
/// shorter.
fn read(file: &[u8]) -> Result<&Header, Miss> {
    let truncated = || {
        miss!(
            Truncated,
            "{} bytes, the header has {HEADER_SIZE}",
            file.len()
        )
    };
    let magic = file.first_chunk().ok_or_else(truncated)?;
    if *magic != MAGIC {
        return Err(miss!(
            Magic,
            "file starts with \"{}\", not \"{}\"",
            magic.escape_ascii(),
            MAGIC.escape_ascii()
        ));
    }
    let version = file[MAGIC.len()..].first_chunk().ok_or_else(truncated)?;
    let version = u32::from_le_bytes(*version);
    if version != FORMAT_VERSION {
        return Err(miss!(
            Format,
            "format version {version}, this program reads {FORMAT_VERSION}"
        ));
    }
    let (header, _) = Header::ref_from_prefix(file).map_err(|_| truncated())?;
    let size = header.header_size.get();
    if size as usize != HEADER_SIZE {
        return Err(miss!(
            Format,
            "header of {size} bytes, format version {FORMAT_VERSION} has {HEADER_SIZE}"
        ));
    }
    Ok(header)
}

fn check_length(header: &Header, actual: u64) -> Result<(), Miss> {
    let stated = header.file_length.get();
    if actual < stated {
        return Err(miss!(Truncated, "{actual} bytes, the header says {stated}"));
    }
    if actual > stated {
        return Err(miss!(Length, "{actual} bytes, the header says {stated}"));
    }
    Ok(())
}

fn check_target(found: &Target, identity: Option<&Identity>) -> Result<(), Miss> {
    let expected = identity.map_or(found, |it| &it.target);
    if found != expected || found.reserved.get() != 0 {
        return Err(miss!(Target, "made for {found}, not {expected}"));
    }
    Ok(())
}

fn check_engine(header: &Header, identity: &Identity) -> Result<(), Miss> {
    if header.engine != identity.engine {
        return Err(miss!(
            Engine,
            "made by engine {}, loaded is {}",
            header.engine,
            identity.engine
        ));
    }
    if header.options != identity.options {
        return Err(miss!(
            Options,
            "made with options {}, in force are {}",
            header.options,
            identity.options
        ));
    }
    Ok(())
}
