//! Files that say more than one thing, and lines that nobody reads to their end.

use super::Source;

/// Lines of a file.
const LINES: usize = 500;

/// Characters of a line; `rustfmt` breaks code before that. Texts in quotes are not counted: they are not cut. C++ is
/// written as WebKit's is, which has no width.
const WIDTH: usize = 125;

/// What is too long in a file.
pub fn check(source: &Source) -> Vec<String> {
    let path = &source.path;
    let lines = source.text.lines().count();
    let too_many = (lines > LINES)
        .then(|| format!("{path}: {lines} lines; a file has {LINES} at most: split it"));
    let code = match source.is_rust() {
        true => without_texts(&source.text),
        false => String::new(),
    };
    let too_wide = code.lines().enumerate().filter_map(|(place, line)| {
        let width = line.chars().count();
        let is_wide = width > WIDTH;
        let number = place + 1;
        is_wide.then(|| format!("{path}:{number}: {width} characters; a line has {WIDTH} at most"))
    });
    too_many.into_iter().chain(too_wide).collect()
}

/// Rust without what is in its strings, line for line.
fn without_texts(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '\'' => quoted_character(rest),
            _ => next.len_utf8(),
        };
        code.push_str(&rest[..length]);
        let (before, after) = rest.split_at(length);
        rest = after;
        if before == "\"" {
            let hashes = code[..code.len() - 1]
                .chars()
                .rev()
                .take_while(|it| *it == '#')
                .count();
            let is_raw = code[..code.len() - 1 - hashes].ends_with('r');
            let end = end_of_text(rest, is_raw.then_some(hashes));
            code.extend(rest[..end].chars().filter(|it| *it == '\n'));
            rest = &rest[end..];
        }
    }
    code
}

/// How long a character in quotes is, or the quote of a lifetime.
fn quoted_character(rest: &str) -> usize {
    let inside = &rest[1..];
    let first = inside.chars().next().map_or(0, char::len_utf8);
    match inside.strip_prefix('\\') {
        Some(escaped) => escaped[1.min(escaped.len())..]
            .find('\'')
            .map_or(1, |it| it + 4),
        None if inside[first..].starts_with('\'') => first + 2,
        None => 1,
    }
}

/// Where a string ends whose first quote is behind us; after the last one.
fn end_of_text(rest: &str, hashes: Option<usize>) -> usize {
    if let Some(hashes) = hashes {
        let end = format!("\"{}", "#".repeat(hashes));
        return rest.find(&end).map_or(rest.len(), |it| it + end.len());
    }
    let mut is_escaped = false;
    for (place, byte) in rest.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: String) -> Vec<String> {
        let path = "a.rs".to_owned();
        check(&Source { path, text })
    }

    #[test]
    fn what_is_long_is_named() {
        let line = |width| "x".repeat(width);
        assert_eq!(found("x\n".repeat(LINES)), [""; 0]);
        assert_eq!(
            found("x\n".repeat(501)),
            ["a.rs: 501 lines; a file has 500 at most: split it"]
        );
        assert_eq!(found(line(WIDTH)), [""; 0]);
        assert_eq!(
            found(format!("\n{}", line(126))),
            ["a.rs:2: 126 characters; a line has 125 at most"]
        );
        for text in [
            format!("\"{}\"", line(WIDTH)),
            format!("r#\"\n{} \" \n\"#", line(WIDTH + 1)),
            format!("'\"'; \"{}\"", line(WIDTH)),
            format!("'\\\\'; \"\\\" {}\"", line(WIDTH)),
        ] {
            assert_eq!(found(text), [""; 0]);
        }
        let after = format!("fn f<'a>() {{ '\"' }}\n{}", line(126));
        assert_eq!(
            found(after),
            ["a.rs:2: 126 characters; a line has 125 at most"]
        );
    }
}
