//! Tarballs and their checksums.

use std::fs;
use std::path::{Path, PathBuf};

use crate::digest::sha256_file;
use crate::pins::Pin;
use crate::store::{Store, private_folder};
use crate::{Error, Log};

/// Where the store keeps the tarball of a pin.
pub(super) fn place(pin: &Pin, store: &Store) -> PathBuf {
    // Named by content: a pin that changes never finds the file of the old one.
    store.sources().join(format!(
        "webkitgtk-{}-{}.tar.xz",
        pin.version,
        &pin.sha256[..16]
    ))
}

/// Compares a tarball with its pin.
pub(super) fn check(pin: &Pin, tarball: &Path) -> Result<(), Error> {
    let found = sha256_file(tarball)?;
    match found == pin.sha256 {
        true => Ok(()),
        false => Err(Error::WrongChecksum {
            path: tarball.to_path_buf(),
            version: pin.version.clone(),
            pinned: pin.sha256.clone(),
            found,
        }),
    }
}

/// Checks a downloaded tarball and moves it to its place. One that is wrong is removed: a second try must not go on
/// from it.
pub(super) fn keep(
    pin: &Pin,
    store: &Store,
    downloaded: &Path,
    log: &mut dyn Log,
) -> Result<PathBuf, Error> {
    if let Err(error) = check(pin, downloaded) {
        let _ = fs::remove_file(downloaded);
        return Err(error);
    }
    private_folder(&store.sources())?;
    let place = place(pin, store);
    fs::rename(downloaded, &place).map_err(Error::io("create", &place))?;
    log.step(&format!(
        "  its SHA-256 is the pinned one; kept as {}",
        place.display()
    ));
    Ok(place)
}
