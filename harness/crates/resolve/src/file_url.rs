//! Paths to `file:` URLs and back.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use url::Url;

use super::InvalidUrl;

/// A `file:` URL in its parts. Its path is normal: no segment of it is `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileUrl {
    host: Option<Box<str>>,
    path: Box<str>,
    query: Option<Box<str>>,
    fragment: Option<Box<str>>,
}

impl FileUrl {
    /// Parses an absolute `file:` URL as WHATWG's URL standard says.
    ///
    /// # Errors
    /// [`InvalidUrl::Syntax`] or [`InvalidUrl::NotAFile`].
    pub fn parse(url: &str) -> Result<Self, InvalidUrl> {
        let url = Url::parse(url).map_err(InvalidUrl::Syntax)?;
        if url.scheme() == "file" {
            Ok(Self::from(&url))
        } else {
            Err(InvalidUrl::NotAFile)
        }
    }

    /// The URL of a path.
    pub fn of_path(path: &Path) -> Self {
        let mut escaped = String::new();
        escape_path(path, &mut escaped);
        Self {
            host: None,
            path: escaped.into(),
            query: None,
            fragment: None,
        }
    }

    /// The URL that a specifier which is a path (`./a.js`, `../a.js`, `/a.js`) means in a module with the path `base`.
    ///
    /// # Errors
    /// [`InvalidUrl::Syntax`]: `//host:port/` with a bad host or port.
    pub fn join(base: &Path, specifier: &str) -> Result<Self, InvalidUrl> {
        // What a URL parser sees: it takes these characters away, wherever they are.
        let mut seen = specifier
            .bytes()
            .filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r'));
        let is_slash = |byte| matches!(byte, Some(b'/' | b'\\'));
        if is_slash(seen.next()) && is_slash(seen.next()) {
            let url = Url::parse("file:///").and_then(|root| root.join(specifier));
            return url.map(|it| Self::from(&it)).map_err(InvalidUrl::Syntax);
        }
        let mut directory = String::new();
        escape_path(base, &mut directory);
        directory.truncate(directory.rfind('/').map_or(0, |slash| slash + 1));
        Self::local(directory, specifier)
    }

    /// The same URL, with every `*` of it replaced.
    ///
    /// # Errors
    /// [`InvalidUrl::TooLong`].
    pub fn with_stars(&self, replacement: &str) -> Result<Self, InvalidUrl> {
        let text = self.local_text();
        Self::local(String::from("/"), &replace_stars(&text, replacement)?)
    }

    /// Whether its path is in the directory `directory`.
    pub fn is_in(&self, directory: &Path) -> bool {
        self.below(directory).is_some()
    }

    /// Whether there is a `%5C` in its path below `directory`, or anywhere if it does not lie there.
    pub fn has_encoded_backslash(&self, directory: &Path) -> bool {
        has_encoded_backslash(self.below(directory).unwrap_or(&self.path))
    }

    /// Itself, unless it has a `%5C` in its path that stands in `written`, too. A backslash in the importer's own path is
    /// none of its fault, though Node refuses that as well.
    ///
    /// # Errors
    /// [`InvalidUrl::EncodedSeparator`], as in `ESM_RESOLVE`, 7.1.
    pub fn without_backslash_of(self, written: &str) -> Result<Self, InvalidUrl> {
        let written = written.split(['?', '#']).next().unwrap_or_default();
        if has_encoded_backslash(&self.path) && has_encoded_backslash(written) {
            return Err(InvalidUrl::EncodedSeparator);
        }
        Ok(self)
    }

    /// Its path in the directory `directory`, with a slash at the start.
    fn below(&self, directory: &Path) -> Option<&str> {
        let mut prefix = String::new();
        escape_path(directory, &mut prefix);
        self.path
            .strip_prefix(prefix.trim_end_matches('/'))
            .filter(|rest| rest.starts_with('/'))
    }

    /// The path as the file system spells it: Node's `fileURLToPath`.
    ///
    /// # Errors
    /// - [`InvalidUrl::EncodedSeparator`]: `%2F`, which would smuggle a separator into a name.
    /// - [`InvalidUrl::Host`]: the file is on another machine.
    /// - [`InvalidUrl::EncodedNul`]: `%00`, which no path can hold.
    /// - [`InvalidUrl::MalformedEscape`]: a `%` without two hexadecimal digits.
    pub fn path(&self) -> Result<PathBuf, InvalidUrl> {
        let decoded = decode(&self.path);
        match (decoded, &self.host) {
            // The order of `ESM_RESOLVE`, 7.1, before anything else.
            (Err(InvalidUrl::EncodedSeparator), _) => Err(InvalidUrl::EncodedSeparator),
            (_, Some(host)) => Err(InvalidUrl::Host(super::shown::shorten(host))),
            (decoded, None) => decoded.map(|it| OsString::from_vec(it).into()),
        }
    }

    /// The query, without its `?`.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The fragment, without its `#`.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }

    /// The URL as text.
    pub fn href(&self) -> String {
        ["file://", self.host.as_deref().unwrap_or_default()].concat() + &self.local_text()
    }

    fn local_text(&self) -> String {
        let mut text = String::from(&*self.path);
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }

    /// What `specifier`, a path, means in `directory`, an escaped path with a slash at the end.
    ///
    /// Dots are taken away here: the `url` crate (2.5) lets no `..` leave a segment that looks like a Windows drive, at
    /// any depth and in every scheme. Without dots, a URL of another scheme keeps such a segment as it is.
    fn local(directory: String, specifier: &str) -> Result<Self, InvalidUrl> {
        // As a URL parser begins.
        let text: String = specifier
            .trim_end_matches(|it: char| it <= ' ')
            .chars()
            .filter(|it| !matches!(it, '\t' | '\n' | '\r'))
            .collect();
        let (path, suffix) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
        let rest = path.strip_prefix(['/', '\\']);
        let mut path_url = match rest {
            Some(_) => String::from("/"),
            None => directory,
        };
        let mut segments = rest.unwrap_or(path).split(['/', '\\']).peekable();
        while let Some(segment) = segments.next() {
            match without_escapes(segment).as_deref() {
                Some(".") => {}
                Some("..") => {
                    let parent = path_url[..path_url.len() - 1].rfind('/');
                    path_url.truncate(parent.map_or(1, |slash| slash + 1));
                }
                _ => {
                    path_url.push_str(segment);
                    path_url.extend(segments.peek().map(|_| '/'));
                }
            }
        }
        let url = Url::parse(&["http://h", &path_url, suffix].concat());
        url.map(|it| Self::from(&it))
            .map(|it| Self { host: None, ..it })
            .map_err(InvalidUrl::Syntax)
    }
}

/// A short segment with its escaped dots as dots.
fn without_escapes(segment: &str) -> Option<String> {
    (segment.len() <= "%2e%2e".len()).then(|| segment.to_ascii_lowercase().replace("%2e", "."))
}

impl From<&Url> for FileUrl {
    fn from(url: &Url) -> Self {
        let host = url.host_str().filter(|host| !host.is_empty());
        Self {
            host: host.map(Box::from),
            path: url.path().into(),
            query: url.query().map(Box::from),
            fragment: url.fragment().map(Box::from),
        }
    }
}

/// The most bytes that a specifier is expanded to. No path is nearly as long, and a manifest with many `*` could make a
/// text of any size out of a long specifier.
const LONGEST: usize = 16 << 20;

/// `text` with every `*` of it replaced.
///
/// # Errors
/// [`InvalidUrl::TooLong`].
pub(super) fn replace_stars(text: &str, replacement: &str) -> Result<String, InvalidUrl> {
    let stars = text.bytes().filter(|&byte| byte == b'*').count();
    if stars.saturating_mul(replacement.len()) > LONGEST {
        return Err(InvalidUrl::TooLong);
    }
    Ok(text.replace('*', replacement))
}

/// Whether `text` has a `%5C`.
fn has_encoded_backslash(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|escape| escape.eq_ignore_ascii_case(b"%5c"))
}

fn decode(encoded: &str) -> Result<Vec<u8>, InvalidUrl> {
    let encoded = encoded.as_bytes();
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    let mut fault = None;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let escape = tail.split_first_chunk();
        match escape.and_then(|(&digits, tail)| Some((self::byte(digits)?, tail))) {
            Some((b'/', _)) => return Err(InvalidUrl::EncodedSeparator),
            Some((byte, tail)) => {
                rest = tail;
                decoded.push(byte);
                if byte == 0 {
                    fault.get_or_insert(InvalidUrl::EncodedNul);
                }
            }
            None => {
                fault.get_or_insert(InvalidUrl::MalformedEscape);
            }
        }
    }
    fault.map_or(Ok(decoded), Err)
}

/// Appends `path` with everything escaped that Node's `pathToFileURL` escapes.
pub(super) fn escape_path(path: &Path, url: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in path.as_os_str().as_bytes() {
        if is_literal(byte) || byte == b'/' {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(char::from(HEX[usize::from(byte >> 4)]));
            url.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Whether `byte` means itself in a segment of a URL's path, and is written so in a key.
///
/// `[ ] ^ | ~` would be allowed in a URL as they are, but Node escapes them in `import.meta.url`. `|` must be: after
/// one letter it would be read back as a Windows drive.
pub(super) fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!$&'()*+,-.:;=@_".contains(&byte)
}

/// The byte that two hexadecimal digits spell.
pub(super) fn byte([high, low]: [u8; 2]) -> Option<u8> {
    Some(hex(high)? << 4 | hex(low)?)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
