//! Building an engine from source.
use crate::{Engine, Error, Log, Settings};
/// Builds.
pub fn build_engine(version: &str, settings: &Settings, log: &mut dyn Log) -> Result<Engine, Error> {
    let _ = (settings, log);
    let pin = crate::pins::pinned(version)?;
    Err(Error::NoSource { version: version.into(), attempts: Default::default(), upstream: pin.upstream.clone() })
}
