//! Loading an entry.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::format::layout::MAX_FILE_LENGTH;
use crate::memory::Buffer;
use crate::miss::miss;
use crate::pack;
use crate::{Entry, EntryBytes, Expected, Miss, VerifiedEntry, validate, validate_standalone};

use super::{EntryName, Index, Loading, Store};
use crate::memory::map_file;

/// From this size on, mapping a file costs less than reading it: a mapping costs a system call and a page fault for every
/// 64 KiB, reading the copy and a page fault for every 4 KiB.
const WORTH_MAPPING: u64 = 64 * 1024;

impl Store {
    /// The entry for exactly what is expected, or why there is none.
    pub fn load(&self, expected: &Expected<'_>) -> Result<VerifiedEntry, Miss> {
        let name = EntryName::of(expected);
        match self.bytes(&name)? {
            Some(bytes) => validate(bytes, expected),
            None => Err(self.index()?.why_absent(&name)),
        }
    }

    /// An entry by its name, whatever it is for: for tools.
    pub fn load_standalone(&self, name: &EntryName) -> Result<Entry, Miss> {
        match self.bytes(name)? {
            Some(bytes) => validate_standalone(bytes),
            None => Err(miss!(Absent, "no entry {name}")),
        }
    }

    fn bytes(&self, name: &EntryName) -> Result<Option<EntryBytes>, Miss> {
        let name = name.to_string();
        let Some((file, length)) = self.usable()?.open_file(&name)? else {
            return Ok(None);
        };
        check_length(length, &name)?;
        let mapped = match self.loading {
            Loading::Auto => length >= WORTH_MAPPING,
            Loading::Read => false,
            Loading::Map => true,
        };
        if mapped {
            return map(&file, length, &name).map(Some);
        }
        let buffer = Buffer::zeroed_in(&self.arena, length as usize);
        read(file, buffer, &name).map(Some)
    }

    fn index(&self) -> Result<&Index, Miss> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = Index::new(self.names()?);
        Ok(self.index.get_or_init(|| index))
    }
}

/// Reads a file that a person named, wherever it is and whoever owns it: for tools.
///
/// Errors: `absent`, `io`, or `length` for a file that is too large for an entry or a pack.
pub fn read_file(path: &Path) -> Result<EntryBytes, Miss> {
    let name = path.display().to_string();
    // A pipe that nobody writes to would be waited for.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits() as i32)
        .open(path);
    let file = opened.map_err(|error| match error.kind() {
        ErrorKind::NotFound => miss!(Absent, "no file {name}"),
        _ => miss!(Io, "cannot open {name}: {error}"),
    })?;
    let metadata = file
        .metadata()
        .map_err(|error| miss!(Io, "cannot look at {name}: {error}"))?;
    if !metadata.is_file() {
        return Err(miss!(Io, "{name} is not a regular file"));
    }
    let mut start = [0; pack::layout::MAGIC.len()];
    let is_pack = file.read_exact_at(&mut start, 0).is_ok() && pack::is_pack(&start);
    let limit = match is_pack {
        true => pack::layout::MAX_FILE_LENGTH,
        false => MAX_FILE_LENGTH,
    };
    if metadata.len() > limit {
        return Err(miss!(
            Length,
            "{name} has {} bytes, such a file at most {limit}",
            metadata.len()
        ));
    }
    let buffer = Buffer::zeroed(metadata.len() as usize);
    read(file, buffer, &name)
}

fn check_length(length: u64, name: &str) -> Result<(), Miss> {
    if length > MAX_FILE_LENGTH {
        return Err(miss!(
            Length,
            "{name} has {length} bytes, an entry at most {MAX_FILE_LENGTH}"
        ));
    }
    Ok(())
}

/// Maps an open file.
pub(super) fn map(file: &File, length: u64, name: &str) -> Result<EntryBytes, Miss> {
    if length == 0 {
        // The system maps no empty file, and there is nothing to map.
        return EntryBytes::copy_of(&[]).map_err(|error| miss!(Io, "cannot map {name}: {error}"));
    }
    let mapping =
        map_file(file, length as usize).map_err(|error| miss!(Io, "cannot map {name}: {error}"))?;
    Ok(mapping.into())
}

/// Reads an open file of this length into a buffer of its own.
pub(super) fn read_whole(file: File, length: u64, name: &str) -> Result<EntryBytes, Miss> {
    read(file, Buffer::zeroed(length as usize), name)
}

/// Fills the buffer, which has the length that the file had when it was opened. A file that shrank since gives what is
/// left.
fn read(mut file: File, buffer: io::Result<Buffer>, name: &str) -> Result<EntryBytes, Miss> {
    let failed = |error: io::Error| miss!(Io, "cannot read {name}: {error}");
    let mut buffer = buffer.map_err(failed)?;
    let length = buffer.as_mut_slice().len();
    let mut filled = 0;
    while filled < length {
        match file.read(&mut buffer.as_mut_slice()[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    buffer.truncate(filled);
    Ok(buffer.into())
}
