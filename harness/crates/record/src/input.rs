//! Reading files that people name.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// What has more bytes is not read: no file of ours does, and a wrong name must not cost all memory.
const MAX_LENGTH: u64 = 1 << 30;

/// The text of a regular file.
///
/// Errors: what the system says, or that the file is something else. A pipe that nobody writes to is not waited for, and a
/// device without an end is not read.
pub fn read_text(path: &Path) -> io::Result<String> {
    let file = open_regular(path)?;
    let mut text = String::new();
    let read = file.take(MAX_LENGTH + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_LENGTH {
        return Err(io::Error::other(format!(
            "it has more than {MAX_LENGTH} bytes"
        )));
    }
    Ok(text)
}

fn open_regular(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits() as i32)
        .open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn only_regular_files_are_read_and_nothing_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let (file, pipe) = (home.path().join("file"), home.path().join("pipe"));
        fs::write(&file, "text").unwrap();
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).unwrap();
        assert_eq!(read_text(&file).unwrap(), "text");
        let kind = |path: &Path| read_text(path).unwrap_err().kind();
        assert_eq!(kind(&home.path().join("none")), io::ErrorKind::NotFound);
        assert_eq!(kind(home.path()), io::ErrorKind::IsADirectory);
        for path in [&*pipe, Path::new("/dev/zero")] {
            let error = read_text(path).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file");
        }
        fs::write(&file, [0xFF]).unwrap();
        assert_eq!(kind(&file), io::ErrorKind::InvalidData);
    }
}
