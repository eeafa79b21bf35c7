//! Digests of files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Error;

/// Large enough that the digest, not the reading, takes the time.
const BUFFER: usize = 1 << 20;

/// SHA-256 of a file, as lower-case hexadecimal digits.
pub fn sha256_file(path: &Path) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    each_chunk(path, |chunk| hasher.update(chunk)).map_err(Error::io("read", path))?;
    Ok(hex(&hasher.finalize()))
}

/// BLAKE3 of a file, as lower-case hexadecimal digits.
pub(crate) fn blake3_file(path: &Path) -> Result<String, Error> {
    let mut hasher = blake3::Hasher::new();
    each_chunk(path, |chunk| {
        hasher.update(chunk);
    })
    .map_err(Error::io("read", path))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A few hexadecimal digits of the BLAKE3 of a text, to name a folder after it.
pub(crate) fn short(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_string()
}

/// A digest over named parts. Names and lengths go in too, so that no two lists of parts give the same bytes.
#[derive(Default)]
pub(crate) struct PartsDigest(blake3::Hasher);

impl PartsDigest {
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> &mut PartsDigest {
        for part in [name.as_bytes(), content] {
            self.0.update(&(part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
        self
    }

    pub(crate) fn finish(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

fn each_chunk(path: &Path, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => take(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_published_digests() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        assert_eq!(
            sha256_file(file.path()).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            blake3_file(file.path()).unwrap(),
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
        );
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let digest = |a: &str, b: &str| PartsDigest::default().add(a, b.as_bytes()).finish();
        assert_ne!(digest("ab", "c"), digest("a", "bc"));
    }
}
