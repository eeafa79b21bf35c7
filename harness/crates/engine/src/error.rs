//! Why an engine cannot be used.

use std::path::PathBuf;

/// Why an engine cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The shared library that the loader found is not the one this program was built for.
    #[error(
        "{} speaks bridge ABI {found}, this program needs {expected}; hint: cargo xtask setup",
        .library.display()
    )]
    BridgeAbi {
        library: PathBuf,
        /// Its ABI.
        found: u32,
        /// Ours.
        expected: u32,
    },
}
