//! The release's tarball over HTTPS.

use std::path::PathBuf;

use super::checked;
use crate::download;
use crate::pins::Pin;
use crate::store::{Store, private_folder};
use crate::{Error, Log};

/// Downloads the tarball. An interrupted download is continued by the next try.
pub(super) fn download(pin: &Pin, store: &Store, log: &mut dyn Log) -> Result<PathBuf, Error> {
    let part = private_folder(&store.sources())?.join(format!("webkitgtk-{}.part", pin.version));
    let log_path = store.logs().join(format!("download-{}.log", pin.version));
    log.step(&format!("  downloading {}", pin.upstream));
    let url = &pin.upstream;
    download::download(url, "=https", &part, "download the source", &log_path)?;
    checked::keep(pin, store, &part, log)
}
