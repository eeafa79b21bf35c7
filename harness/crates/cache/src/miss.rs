//! Why an entry cannot be used.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// An entry that cannot be used: the typed reason, and what was found in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct Miss {
    /// The stable identifier.
    pub reason: MissReason,
    /// What was found and what was expected, for people; its words may change.
    pub detail: Cow<'static, str>,
}

impl Miss {
    /// A miss with its reason and what was found.
    pub fn new(reason: MissReason, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// Declares the reasons once: the variant, its identifier, its meaning.
macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Why an entry cannot be used. The identifiers are stable: JSON, tests and people rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum MissReason {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl MissReason {
            /// Every reason, in the order in which the checks are made.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable identifier.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

reasons! {
    /// The store has nothing for this module.
    Absent = "absent",
    /// The directory or the file may not be trusted: a link, not a regular file, another owner, writable by others.
    Untrusted = "untrusted",
    /// The system refused: permissions, descriptors, a read error.
    Io = "io",
    /// The file ends too early.
    Truncated = "truncated",
    /// Not a file of this format at all.
    Magic = "magic",
    /// Another version of the format.
    Format = "format",
    /// The file goes on after its end, or is larger than any entry.
    Length = "length",
    /// Made for another processor, pointer size, byte order or system.
    Target = "target",
    /// Made by another engine.
    Engine = "engine",
    /// Made with other options.
    Options = "options",
    /// Made with another host: conditions, main fields, extensions, import map or prelude.
    Host = "host",
    /// The bytes are not those that were written.
    Checksum = "checksum",
    /// The entry of another module.
    Identity = "identity",
    /// The module's source is another one now.
    Source = "source",
    /// It is in a pack that is not used, because another of its modules is not what it was.
    Stale = "stale",
    /// A count, an offset or an index leads out of its table, section or file.
    Bounds = "bounds",
    /// Well-formed numbers that no engine of ours would have written.
    Schema = "schema",
    /// Characters that the place they stand in cannot have.
    String = "string",
    /// The record requests other modules than the entry was made for.
    Dependencies = "dependencies",
    /// The record requests its modules with other attributes or in another phase.
    Attributes = "attributes",
}

impl fmt::Display for MissReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// `miss!(Bounds, "…", …)`: a [`Miss`] whose text is only made when it is needed.
macro_rules! miss {
    ($reason:ident, $($format:tt)+) => {
        $crate::Miss::new($crate::MissReason::$reason, format!($($format)+))
    };
}
pub(crate) use miss;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_those_of_the_command_line() {
        let documented = "absent truncated length magic format engine options target checksum host identity source \
                          dependencies attributes schema bounds string untrusted io stale";
        let mut documented: Vec<_> = documented.split_whitespace().collect();
        let mut ours: Vec<_> = MissReason::ALL.iter().map(|it| it.as_str()).collect();
        documented.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, documented);
    }

    #[test]
    fn json_has_the_same_identifiers() {
        for reason in MissReason::ALL {
            let json = serde_json::to_value(reason).ok();
            assert_eq!(json, Some(serde_json::Value::from(reason.as_str())));
        }
    }
}
