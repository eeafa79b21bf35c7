//! Paths to `file:` URLs and back.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use url::Url;

use super::InvalidUrl;

/// Parses an absolute `file:` URL as WHATWG's URL standard says.
///
/// # Errors
/// [`InvalidUrl::Syntax`] or [`InvalidUrl::NotAFile`].
pub(super) fn parse(url: &str) -> Result<Url, InvalidUrl> {
    let url = Url::parse(url).map_err(InvalidUrl::Syntax)?;
    if url.scheme() == "file" {
        Ok(url)
    } else {
        Err(InvalidUrl::NotAFile)
    }
}

/// The URL that a specifier which is a path (`./a.js`, `../a.js`, `/a.js`) means in a module with the path `base`.
///
/// A segment like `C:` is an ordinary name here. The URL standard lets no `..` leave a Windows drive, which at most a
/// directory of `/` could look like; the `url` crate (2.5) sees drives at any depth. Escaped, no name looks like one.
///
/// # Errors
/// [`InvalidUrl::Syntax`]: `//host:port/` with a bad host or port.
pub(super) fn join(base: &Path, specifier: &str) -> Result<Url, InvalidUrl> {
    let mut base_path = String::new();
    escape_path(base, &mut base_path);
    let base = parse(&format!("file://{}", base_path.replace(':', "%3A")))?;
    let end = specifier.find(['?', '#']).unwrap_or(specifier.len());
    let (path, suffix) = specifier.split_at(end);
    let has_host = matches!(path.as_bytes(), [b'/' | b'\\', b'/' | b'\\', ..]);
    let url = if path.contains([':', '|']) && !has_host {
        base.join(&(path.replace(':', "%3A").replace('|', "%7C") + suffix))
    } else {
        base.join(specifier)
    };
    url.map_err(InvalidUrl::Syntax)
}

/// The path that `specifier` means, given the URL that it led to.
///
/// # Errors
/// As [`path`], and [`InvalidUrl::EncodedSeparator`] for a `%5C` of the specifier as well, as in `ESM_RESOLVE`. A
/// backslash in the importer's own path is none of its fault, though Node refuses that too.
pub(super) fn path_of_specifier(url: &Url, specifier: &str) -> Result<PathBuf, InvalidUrl> {
    let path = path(url)?;
    let has_backslash = path.as_os_str().as_bytes().contains(&b'\\');
    let written = specifier
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .as_bytes();
    if has_backslash
        && written
            .windows(3)
            .any(|escape| escape.eq_ignore_ascii_case(b"%5c"))
    {
        return Err(InvalidUrl::EncodedSeparator);
    }
    Ok(path)
}

/// The path of a `file:` URL: Node's `fileURLToPath`.
///
/// # Errors
/// - [`InvalidUrl::Host`]: the file is on another machine.
/// - [`InvalidUrl::EncodedSeparator`]: `%2F`, which would smuggle a separator into a name.
/// - [`InvalidUrl::EncodedNul`]: `%00`, which no path can hold.
/// - [`InvalidUrl::MalformedEscape`]: a `%` without two hexadecimal digits.
pub(super) fn path(url: &Url) -> Result<PathBuf, InvalidUrl> {
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        return Err(InvalidUrl::Host(super::error::shorten(host)));
    }
    let encoded = url.path().as_bytes();
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let Some((&[high, low], tail)) = tail.split_first_chunk() else {
            return Err(InvalidUrl::MalformedEscape);
        };
        rest = tail;
        match (hex(high), hex(low)) {
            (Some(high), Some(low)) => match high << 4 | low {
                b'/' => return Err(InvalidUrl::EncodedSeparator),
                0 => return Err(InvalidUrl::EncodedNul),
                byte => decoded.push(byte),
            },
            _ => return Err(InvalidUrl::MalformedEscape),
        }
    }
    Ok(OsString::from_vec(decoded).into())
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

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
