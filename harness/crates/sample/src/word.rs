//! Enumerations whose values have one word each, the same in the command line, in JSON and in documents.

/// A value with a word.
pub trait Word: Copy + PartialEq + Send + Sync + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// Its word in the command line, in JSON and in documents.
    fn word(self) -> &'static str;

    /// What it means, in a line of help.
    fn help(self) -> &'static str;
}

/// Defines an enumeration of words: each variant has its help, which is also its documentation, and its word.
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident {
            $( #[doc = $help:literal] $(#[$extra:meta])* $Variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $Name {
            $( #[doc = $help] $(#[$extra])* #[serde(rename = $word)] $Variant, )+
        }

        impl $Name {
            /// Every value.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$Variant),+];

            /// Its word in the command line, in JSON and in documents.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$Variant => $word, )+ }
            }
        }

        impl $crate::Word for $Name {
            const ALL: &'static [Self] = &Self::ALL;

            fn word(self) -> &'static str {
                self.name()
            }

            fn help(self) -> &'static str {
                match self { $( Self::$Variant => $help, )+ }.trim_start()
            }
        }
    };
}

/// A count and what is counted: `1 module`, `2 modules`.
pub fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LoadPath;

    #[test]
    fn a_word_is_the_same_everywhere() {
        for path in LoadPath::ALL {
            let json = serde_json::to_string(&path).unwrap();
            assert_eq!(json, format!("\"{}\"", path.word()));
            assert_eq!(path.word(), path.name());
            assert!(!path.help().starts_with(' '));
        }
    }

    #[test]
    fn one_of_them() {
        assert_eq!(plural(1, "module", "modules"), "1 module");
        assert_eq!(plural(0, "module", "modules"), "0 modules");
    }
}
