//! Names of functions, short enough to be read.

use crate::mangled::nested_name;

/// Names that are no longer are left as they are.
const LONGEST: usize = 90;

/// A name without the arguments of its templates and its parameters, if it is long: `WTF::HashTable<…>::rehash(…)`. What
/// valgrind could not demangle comes without parameters.
pub fn short_name(name: &str) -> String {
    if let Some(name) = nested_name(name) {
        return name;
    }
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in name.chars() {
        match letter {
            '<' | '(' => {
                if depth == 0 {
                    out.push(letter);
                    out.push('…');
                }
                depth += 1;
            }
            // An arrow or an operator has none that was opened.
            '>' | ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    out.push(letter);
                }
            }
            _ if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn only_long_names_are_cut() {
        let name = "JSC::parse<T>(int)";
        assert_eq!(short_name(name), name);
        let long = format!(
            "WTF::HashTable<{}, Pair<int> >::rehash(int*)",
            "x".repeat(80)
        );
        assert_eq!(short_name(&long), "WTF::HashTable<…>::rehash(…)");
        assert_eq!(short_name("_ZN1aIcE1bEv"), "a<…>::b");
    }
}
