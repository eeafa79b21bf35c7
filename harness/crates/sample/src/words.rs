//! How a graph is loaded, and what is done with the cache.

pub use jsc_module_cache::pack::Payload;
use serde::{Deserialize, Serialize};

use crate::{Word, words};

words! {
    /// How a module graph is loaded.
    pub enum LoadPath {
        /// Parse everything: stock JSC, no cache
        Parse = "parse",
        /// Parse the records, take the bytecode from the cache
        Bytecode = "bytecode",
        /// Take records and bytecode from the cache: no parse at all
        Full = "full",
        /// Take the whole static closure from one pack: no parse, nothing resolved
        Graph = "graph",
    }
}

words! {
    /// What a load may do with the cache.
    pub enum CacheMode {
        /// Read entries, write those that were missing
        Auto = "auto",
        /// Read entries, change nothing
        ReadOnly = "read-only",
        /// Take nothing, write everything again
        Refresh = "refresh",
    }
}

words! {
    /// How a pack's sources are compared with those it was made from, before anything of it is used.
    #[derive(Default)]
    pub enum Check {
        /// By their content
        #[default]
        Content = "content",
        /// By size, times and inode
        Stat = "stat",
        /// Not at all where nobody can write to the directories of the sources; elsewhere as by `stat`
        None = "none",
        /// Not at all, whoever can write to them
        Unsealed = "unsealed",
    }
}

impl Word for Payload {
    const ALL: &'static [Self] = &[Self::All, Self::Executed];

    fn word(self) -> &'static str {
        self.name()
    }

    fn help(self) -> &'static str {
        match self {
            Self::All => "Every function, call and construct code",
            Self::Executed => {
                "Those that the first run has executed; others are parsed when they are first called"
            }
        }
    }
}

/// How the graph path makes and checks its packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackUse {
    /// Which functions they hold.
    pub payload: Payload,
    /// How their sources are checked.
    pub check: Check,
}

impl Default for PackUse {
    fn default() -> Self {
        Self {
            payload: Payload::Executed,
            check: Check::Content,
        }
    }
}

impl PackUse {
    /// Whether it is the usual one, of which results say nothing.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is unusual about it, in words that go behind others; nothing when nothing is.
    pub fn words(&self) -> String {
        if self.is_default() {
            return String::new();
        }
        let payload = self.payload.name();
        format!(", packs of {payload} functions, {}", self.checked())
    }

    /// How sources are checked, in words.
    pub fn checked(&self) -> String {
        match self.check {
            Check::Unsealed => "not checked".to_owned(),
            check => format!("checked by {}", check.name()),
        }
    }
}
