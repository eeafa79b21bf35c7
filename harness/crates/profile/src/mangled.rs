//! Names that valgrind does not demangle: those with constraints of C++20, which are newer than it is.

/// The nested name that a mangled one begins with (Itanium C++ ABI, 5.1.2), without the arguments of its templates:
/// `WTF::HashTable<…>::add<…>`. Nothing if it has none, or is not understood.
pub fn nested_name(mangled: &str) -> Option<String> {
    let mut rest = mangled.strip_prefix("_ZN")?.as_bytes();
    let mut name = String::new();
    loop {
        let (&first, after) = rest.split_first()?;
        match first {
            b'0'..=b'9' => {
                let (part, after) = source_name(rest)?;
                if !name.is_empty() {
                    name.push_str("::");
                }
                name.push_str(part);
                rest = after;
            }
            b'I' => {
                name.push_str("<…>");
                rest = behind_arguments(after)?;
            }
            b'K' | b'V' | b'r' | b'R' | b'O' => rest = after,
            b'S' if after.first() == Some(&b't') => {
                name.push_str("std");
                rest = &after[1..];
            }
            b'E' if !name.is_empty() => return Some(name),
            _ => return None,
        }
    }
}

/// A name with its length before it.
fn source_name(text: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = number(text)?;
    let name = std::str::from_utf8(rest.get(..length)?).ok()?;
    Some((name, &rest[length..]))
}

fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let digits = text.iter().take_while(|it| it.is_ascii_digit()).count();
    let number = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    Some((number, &text[digits..]))
}

/// What is behind the arguments of a template, of which the `I` is read already.
fn behind_arguments(mut rest: &[u8]) -> Option<&[u8]> {
    // What is open: `L` is a literal, in which digits are a value.
    let mut open = vec![b'I'];
    while let Some(&inside) = open.last() {
        let (&first, after) = rest.split_first()?;
        rest = match first {
            b'0'..=b'9' if inside == b'L' => number(rest)?.1,
            b'0'..=b'9' => source_name(rest)?.1,
            b'I' | b'N' | b'J' | b'X' | b'L' | b'F' | b'Z' => {
                open.push(first);
                match (first, after.first()) {
                    // The type of a literal may be an enumeration's name.
                    (b'L', Some(b'0'..=b'9')) => source_name(after)?.1,
                    _ => after,
                }
            }
            b'E' => {
                open.pop();
                after
            }
            b'A' => {
                let end = after.iter().position(|it| *it == b'_')?;
                &after[end + 1..]
            }
            b'S' => match after.first()? {
                b'_' | b'0'..=b'9' | b'A'..=b'Z' => {
                    let end = after.iter().position(|it| *it == b'_')?;
                    &after[end + 1..]
                }
                _ => &after[1..],
            },
            b'T' => match after.first()? {
                b'_' | b'0'..=b'9' => {
                    let end = after.iter().position(|it| *it == b'_')?;
                    &after[end + 1..]
                }
                _ => &after[1..],
            },
            b'U' => {
                // A closure: its parameters are closed by an E, and a number ends it.
                let parameters = after.strip_prefix(b"l")?;
                let end = parameters.iter().position(|it| *it == b'E')?;
                let behind = &parameters[end + 1..];
                let end = behind.iter().position(|it| *it == b'_')?;
                &behind[end + 1..]
            }
            b'D' if matches!(after.first(), Some(b'T' | b't')) => {
                open.push(b'D');
                &after[1..]
            }
            b'D' => &after[1..],
            _ => after,
        };
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::nested_name;

    #[test]
    fn names_come_without_the_arguments_of_their_templates() {
        for (mangled, expected) in [
            ("_ZN3JSC5parseEv", "JSC::parse"),
            ("_ZNK3WTF6StringIcE3addEv", "WTF::String<…>::add"),
            (
                "_ZN3WTF21ThreadSafeWeakHashSetINS_11ThreadGroupEE3addIS1_EEvRKT_Qsr3stdE16is_convertible_vIPTL0__PS4_E",
                "WTF::ThreadSafeWeakHashSet<…>::add<…>",
            ),
            (
                "_ZN3WTF9HashTableINS_6PackedIPNS_10StringImplEEES4_NS_17IdentityExtractorELNS_17ShouldValidateKeyE0EE3addEv",
                "WTF::HashTable<…>::add",
            ),
            ("_ZN1aILb1ELi5EE1bEv", "a<…>::b"),
        ] {
            assert_eq!(nested_name(mangled).as_deref(), Some(expected), "{mangled}");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_to_others() {
        for other in ["main", "_Z3foov", "_ZN", "_ZN99aE", "_ZN1aI", ""] {
            assert_eq!(nested_name(other), None, "{other}");
        }
    }
}
