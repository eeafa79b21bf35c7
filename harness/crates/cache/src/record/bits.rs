//! Bit sets of the engine, with the names that JSC gives the bits.

use std::fmt;

use serde::{Serialize, Serializer};

/// Declares a set of bits, the name of each in order from bit 0.
macro_rules! bit_set {
    ($(#[$doc:meta])* $name:ident, $bits:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The names of the bits that are set, in order; `bit N` for one without a name.
            pub fn names(self) -> Vec<String> {
                names(self.0, &$bits)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.names().join(" "))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.names())
            }
        }
    };
}

bit_set!(
    /// `JSC::CodeFeatures` (`ParserModes.h`).
    Features,
    [
        "eval",
        "arguments",
        "with",
        "this",
        "non-simple-parameter-list",
        "shadows-arguments",
        "arrow-function",
        "await",
        "super-call",
        "super-property",
        "new-target",
        "no-eval-cache",
        "import-meta",
        "async-function-without-await",
    ]
);

bit_set!(
    /// Traits of a variable: `VariableEnvironmentEntry` (`VariableEnvironment.h`).
    Traits,
    [
        "captured",
        "const",
        "var",
        "let",
        "exported",
        "imported",
        "imported-namespace",
        "function",
        "parameter",
        "sloppy-mode-hoisted-function",
        "private-field",
        "private-method",
        "private-getter",
        "private-setter",
        "function-declaration",
    ]
);

bit_set!(
    /// Traits of a private name: `PrivateNameEntry` (`VariableEnvironment.h`).
    PrivateTraits,
    ["method", "getter", "setter", "static"]
);

fn names(bits: u32, names: &[&str]) -> Vec<String> {
    (0..u32::BITS)
        .filter(|bit| bits & 1 << bit != 0)
        .map(|bit| match names.get(bit as usize) {
            Some(name) => (*name).to_owned(),
            None => format!("bit {bit}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::constants;

    #[test]
    fn every_known_bit_has_a_name() {
        for (set, known) in [
            (
                Features(constants::FEATURES).names(),
                constants::FEATURES.count_ones(),
            ),
            (
                Traits(constants::TRAITS).names(),
                constants::TRAITS.count_ones(),
            ),
            (
                PrivateTraits(constants::PRIVATE_TRAITS).names(),
                constants::PRIVATE_TRAITS.count_ones(),
            ),
        ] {
            assert_eq!(set.len(), known as usize);
            assert!(set.iter().all(|name| !name.starts_with("bit ")), "{set:?}");
        }
        assert_eq!(Features(1 << 14).names(), ["bit 14"]);
    }
}
