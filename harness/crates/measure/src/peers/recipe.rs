//! Peers as commands with placeholders: how each is prepared and started.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Duration;

use record::PeerError;
use workloads::PeerDef;

use super::start::Start;

/// Runs what `peer` runs before its first start on `entry`, with `cache` for its files, and gives the command to start.
pub fn prepare(
    peer: &PeerDef,
    entry: &Path,
    cache: &Path,
    limit: Duration,
) -> Result<Start, PeerError> {
    let start = |role, command: &[String]| {
        let mut words = command.iter().map(|word| filled(word, entry, cache));
        let mut start = Start::new(role, words.next().unwrap_or_default());
        for word in words {
            start = start.argument(word);
        }
        for (name, value) in &peer.environment {
            start = start.variable(name, filled(value, entry, cache));
        }
        start
    };
    for command in &peer.prepare {
        start("prepare", command).output(0, limit)?;
    }
    Ok(start("command", &peer.command))
}

/// A word with paths in the places of `{entry}` and `{cache}`.
fn filled(word: &str, entry: &Path, cache: &Path) -> OsString {
    let mut out = OsString::new();
    let mut rest = word;
    while let Some((before, from)) = rest.split_once('{') {
        out.push(before);
        let (path, after): (&OsStr, &str) = match () {
            () if from.starts_with("entry}") => (entry.as_os_str(), &from["entry}".len()..]),
            () if from.starts_with("cache}") => (cache.as_os_str(), &from["cache}".len()..]),
            () => ("{".as_ref(), from),
        };
        out.push(path);
        rest = after;
    }
    out.push(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_other_braces_kept() {
        let filled = |word| filled(word, "/a/main.mjs".as_ref(), "/c".as_ref());
        assert_eq!(filled("{entry}"), "/a/main.mjs");
        assert_eq!(filled("--out={cache}/x{entry}"), "--out=/c/x/a/main.mjs");
        assert_eq!(filled("() => { f({}) }"), "() => { f({}) }");
    }
}
