//! `--cache MODE`.

use clap::ValueEnum;
use sample::CacheMode;

/// What may be done with the cache, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CacheArg {
    /// Read entries, write those that were missing
    Auto,
    /// Read entries, change nothing
    ReadOnly,
    /// Take nothing, write everything again
    Refresh,
    /// No cache
    Off,
}

impl CacheArg {
    /// What may be done with the cache; nothing when there is none.
    pub fn mode(self) -> Option<CacheMode> {
        match self {
            Self::Auto => Some(CacheMode::Auto),
            Self::ReadOnly => Some(CacheMode::ReadOnly),
            Self::Refresh => Some(CacheMode::Refresh),
            Self::Off => None,
        }
    }

    /// Its word in the command line.
    pub fn name(self) -> &'static str {
        self.mode().map_or("off", CacheMode::name)
    }
}
