//! Filling names and numbers into JavaScript text.

/// Replaces each `@key` in `template` by its value. An unknown key stays as it is.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let length = after
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(after.len());
        match values.iter().find(|(key, _)| *key == &after[..length]) {
            Some((_, value)) => text.push_str(value),
            None => text.push_str(&rest[at..at + 1 + length]),
        }
        rest = &after[length..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn keys_are_replaced_whole() {
        assert_eq!(fill("@a + @ab;@a", &[("a", "1"), ("ab", "2")]), "1 + 2;1");
        assert_eq!(fill("@unknown", &[]), "@unknown");
    }
}
