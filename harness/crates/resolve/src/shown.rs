//! Texts of other people in error texts: escaped, and not too long.

use std::borrow::Cow;

/// The most characters of a specifier that an error text repeats.
pub(super) const LONGEST: usize = 200;

/// `text` with control characters escaped, cut after [`LONGEST`] characters.
pub(super) fn shorten(text: &str) -> Box<str> {
    let (head, rest) = cut(text);
    let mut short = String::with_capacity(head.len());
    for character in head.chars() {
        // A quote needs no escape: the text is for reading, not for parsing.
        match character {
            '\'' | '"' | '\\' => short.push(character),
            _ => short.extend(character.escape_debug()),
        }
    }
    if rest > 0 {
        short.push_str(&format!("… ({rest} more characters)"));
    }
    short.into()
}

/// As [`shorten`], for a URL, which has nothing to escape. A URL starts with the path of an existing directory, so it
/// gets more room.
pub(super) fn shorten_url(url: &str) -> Cow<'_, str> {
    const ROOM: usize = 1024;
    match url.char_indices().nth(ROOM) {
        None => Cow::Borrowed(url),
        Some((end, _)) => Cow::Owned(format!(
            "{}… ({} more characters)",
            &url[..end],
            url[end..].chars().count()
        )),
    }
}

/// The first [`LONGEST`] characters, and the number of the others.
fn cut(text: &str) -> (&str, usize) {
    match text.char_indices().nth(LONGEST) {
        None => (text, 0),
        Some((end, _)) => (&text[..end], text[end..].chars().count()),
    }
}
