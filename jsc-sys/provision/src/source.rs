//! The source of an engine: named, downloaded from upstream, or taken from Debian's source package.

mod apt_sources;
mod checked;
mod debian;
mod tree;
mod upstream;

use std::path::PathBuf;

pub(crate) use tree::stated_version;

use crate::discover::Attempts;
use crate::pins::Pin;
use crate::store::Store;
use crate::{Error, Log, Settings};

/// Where the source of an engine lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The release tarball, whose checksum is the pinned one.
    Tarball(PathBuf),
    /// A tree that somebody unpacked. Its version is right; what is in it cannot be verified.
    Tree(PathBuf),
}

/// Provides the source of a pinned engine: the first of these that applies.
///
/// 1. `JSCSYS_SOURCE`, a tarball or a tree; unusable, it is an error;
/// 2. a tarball that was downloaded before;
/// 3. the release's tarball over HTTPS;
/// 4. the tarball in Debian's source package, by `apt-get`.
///
/// Every tarball's SHA-256 is compared with the pin.
pub fn provide_source(pin: &Pin, settings: &Settings, log: &mut dyn Log) -> Result<Source, Error> {
    if let Some(path) = &settings.source {
        log.step(&format!(
            "source of {}: JSCSYS_SOURCE, {}",
            pin.version,
            path.display()
        ));
        let named = if path.is_dir() {
            tree::check(pin, path).map(|()| Source::Tree(path.clone()))
        } else {
            checked::check(pin, path).map(|()| Source::Tarball(path.clone()))
        };
        return named.map_err(|cause| Error::Named {
            variable: "JSCSYS_SOURCE",
            cause: Box::new(cause),
        });
    }

    let store = Store::new(settings);
    let _lock = store.lock(&format!("source-{}", pin.version), log)?;
    let kept = checked::place(pin, &store);
    if kept.exists() {
        match checked::check(pin, &kept) {
            Ok(()) => {
                log.step(&format!(
                    "source of {}: downloaded before, {}",
                    pin.version,
                    kept.display()
                ));
                return Ok(Source::Tarball(kept));
            }
            Err(error) => log.warn(&format!("a kept tarball is passed over: {error}")),
        }
    }

    let mut attempts = Attempts::default();
    attempts.add("JSCSYS_SOURCE", "unset");
    if settings.offline {
        attempts.add("a download", "refused: JSCSYS_OFFLINE is set");
    } else {
        let ways: [(&str, Way); 2] = [
            ("the release's tarball", upstream::download),
            ("Debian's source package", debian::download),
        ];
        for (name, way) in ways {
            log.step(&format!("source of {}: {name}", pin.version));
            match way(pin, &store, log) {
                Ok(tarball) => return Ok(Source::Tarball(tarball)),
                Err(error) => {
                    log.warn(&format!("{name} is not to be had: {error}"));
                    attempts.add(name, &error.to_string());
                }
            }
        }
    }
    Err(Error::NoSource {
        version: pin.version.clone(),
        attempts,
        upstream: pin.upstream.clone(),
    })
}

type Way = fn(&Pin, &Store, &mut dyn Log) -> Result<PathBuf, Error>;

#[cfg(test)]
mod tests;
