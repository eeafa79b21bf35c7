//! The archive that an engine was unpacked from: the checksum of that file, kept in the engine's folder.

use std::path::{Path, PathBuf};

use crate::Error;

const FILE_NAME: &str = "archive.sha256";

pub(crate) fn write(engine: &Path, checksum: &str) -> Result<(), Error> {
    let path: PathBuf = engine.join(FILE_NAME);
    std::fs::write(&path, format!("{checksum}\n")).map_err(Error::io("write", &path))
}

pub(crate) fn read(engine: &Path) -> Option<String> {
    std::fs::read_to_string(engine.join(FILE_NAME))
        .ok()
        .map(|text| text.trim().to_string())
}
