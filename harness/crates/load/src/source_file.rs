//! Reading the file of a source.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use rustix::buffer::spare_capacity;
use rustix::fs::{FileType, Mode, OFlags, fstat, open};
use rustix::io::Errno;

/// Reads a source in as few system calls as it takes: open, status, read, close.
///
/// Errors: those of the system, and what is not a regular file or longer than JSC can hold.
pub fn read_source(path: &Path) -> io::Result<Vec<u8>> {
    read(path, OFlags::empty())
}

/// The same, and an error (`ELOOP`) when the file has become a symbolic link.
pub fn read_real_source(path: &Path) -> io::Result<Vec<u8>> {
    read(path, OFlags::NOFOLLOW)
}

/// The text of a source that is not UTF-8: what is not becomes U+FFFD, as the Encoding Standard's "UTF-8 decode" has it, and
/// Node. None if it is UTF-8, and its own text.
///
/// Whatever is made from such a source is made from this text and has its hash; no text is ever known by the bytes that it
/// was decoded from.
pub fn decoded(source: &[u8]) -> Option<Vec<u8>> {
    match String::from_utf8_lossy(source) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text.into_bytes()),
    }
}

fn read(path: &Path, flags: OFlags) -> io::Result<Vec<u8>> {
    // Not blocking, because opening a FIFO would wait for a writer.
    let flags = flags | OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = open(path, flags, Mode::empty())?;
    let status = fstat(&file)?;
    if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("not a regular file"));
    }
    let length = u64::try_from(status.st_size).unwrap_or(u64::MAX);
    if length > LONGEST {
        return Err(io::Error::other(format!(
            "its {length} bytes are more than the {LONGEST} that JavaScriptCore can hold in a string"
        )));
    }
    // One more than there should be: a read that comes back short of it has seen the end.
    let mut bytes = Vec::with_capacity(length as usize + 1);
    loop {
        let free = bytes.capacity() - bytes.len();
        match rustix::io::read(&file, spare_capacity(&mut bytes)) {
            Ok(read) if read < free => return Ok(bytes),
            Ok(_) => bytes.reserve(bytes.len()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The most bytes of a source: what fits a string of JSC, which gives up the process over a longer one.
const LONGEST: u64 = i32::MAX as u64;
