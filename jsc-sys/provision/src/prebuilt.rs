//! Packed engines that somebody publishes: downloaded and checked, before one is built from source.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::digest::sha256_file;
use crate::download::download;
use crate::store::{Store, private_folder};
use crate::{Error, Log};

/// A packed engine to download.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prebuilt {
    /// Its address: `https://…` or `file:///…`; `http://` of this machine alone.
    pub url: String,
    /// SHA-256 of the file, as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// What an address may begin with, and what curl may follow from there.
const ADDRESSES: [(&str, &str); 4] = [
    ("https://", "=https"),
    ("file:///", "=file"),
    // Nobody is between here and there; and the digest decides in any case.
    ("http://127.0.0.1:", "=http"),
    ("http://localhost:", "=http"),
];

/// What is wrong with an entry of `engines.toml`, if anything is.
pub(crate) fn mistake(prebuilt: &Prebuilt) -> Option<&'static str> {
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if prebuilt.sha256.len() != 64 || !prebuilt.sha256.chars().all(is_digit) {
        return Some("sha256 is not 64 lower-case hexadecimal digits");
    }
    let is_allowed = ADDRESSES
        .iter()
        .any(|(start, _)| prebuilt.url.starts_with(start));
    (!is_allowed).then_some("url is not an https or file address")
}

/// Downloads the archive of the engine `name`, whose digest is right, into the store; whoever unpacks it removes it.
///
/// # Errors
/// What curl says, and a file with another digest, which is removed.
pub(crate) fn archive(
    name: &str,
    prebuilt: &Prebuilt,
    store: &Store,
    log: &mut dyn Log,
) -> Result<PathBuf, Error> {
    let Prebuilt { url, sha256 } = prebuilt;
    let protocols = ADDRESSES.iter().find(|(start, _)| url.starts_with(start));
    let protocols = protocols.map_or("=https", |(_, protocols)| protocols);
    // Named by content: an entry that changes never goes on from the file of the old one.
    let part = private_folder(&store.sources())?.join(format!("{name}-{}.part", &sha256[..16]));
    let log_path = store.logs().join(format!("download-{name}.log"));
    log.step(&format!("  downloading {url}"));
    download(url, protocols, &part, "download the engine", &log_path)?;
    let found = sha256_file(&part)?;
    if found != *sha256 {
        let _ = fs::remove_file(&part);
        return Err(Error::WrongPrebuilt {
            name: name.to_owned(),
            url: url.clone(),
            pinned: sha256.clone(),
            found,
        });
    }
    Ok(part)
}
