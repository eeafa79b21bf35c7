//! Peers that a project defines: other programs, measured beside ours on the same entries.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

/// What the words of a peer's commands may stand for, in braces.
pub const PLACEHOLDERS: [&str; 2] = ["entry", "cache"];

/// The names of the built-in peers, which others cannot have.
pub const BUILT_IN_PEERS: [&str; 12] = [
    "jsc-harness, parse",
    "jsc-harness, bytecode",
    "jsc-harness, full",
    "jsc-harness, graph",
    "bun",
    "bun, compiled",
    "node",
    "node, compile cache",
    "node, snapshot",
    "node, single executable",
    "deno",
    "deno, code cache",
];

/// A way to run an entry by another program. In its words `{entry}` stands for the entry's path, `{cache}` for a directory
/// that the peer has to itself for this entry; it is empty before the first of `prepare`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PeerDef {
    /// How results call it.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Commands that run before, in this order, once for each entry.
    #[serde(default)]
    pub prepare: Vec<Vec<String>>,
    /// Variables of every process of it.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// A command whose first line has its version.
    pub version: Option<Vec<String>>,
    /// The lines that it must print; those of our parse path, if absent.
    pub prints: Option<Vec<String>>,
}

/// The same with programs that are named by a relative path with a slash, as it is in `folder`.
pub(crate) fn in_folder(mut peer: PeerDef, folder: &Path) -> PeerDef {
    let commands = std::iter::once(&mut peer.command).chain(&mut peer.prepare);
    for command in commands.chain(&mut peer.version) {
        if let Some(program) = command.first_mut()
            && program.contains('/')
            && !program.starts_with('{')
        {
            *program = folder.join(&*program).display().to_string();
        }
    }
    peer
}

/// What is wrong with a peer, if anything.
pub(crate) fn mistake(peer: &Spanned<PeerDef>, others: &[PeerDef]) -> Option<String> {
    let peer = peer.get_ref();
    let commands = || std::iter::once(&peer.command).chain(&peer.prepare);
    let words = || commands().flatten().chain(peer.environment.values());
    let environment = || peer.environment.keys();
    let version = || peer.version.iter().flatten();
    let unknown = words().find_map(|word| unknown_placeholder(word));
    if peer.name.trim().is_empty() {
        Some("the name of a peer is empty".to_owned())
    } else if others.iter().any(|it| it.name == peer.name) {
        Some(format!("the peer `{}` is defined twice", peer.name))
    } else if BUILT_IN_PEERS.contains(&&*peer.name) {
        Some(format!(
            "`{}` is the name of a built-in peer; give yours another",
            peer.name
        ))
    } else if let Some(word) = version().find_map(|word| placeholder(word)) {
        Some(format!(
            "the version of the peer `{}` uses {{{word}}}; it is asked for once, without an entry",
            peer.name
        ))
    } else if let Some(name) = environment().find(|name| !is_variable(name)) {
        Some(format!(
            "the environment of the peer `{}` has `{name}`, which cannot be the name of a variable",
            peer.name
        ))
    } else if commands().chain(&peer.version).any(|it| is_empty(it)) {
        Some(format!(
            "a command of the peer `{}` names no program",
            peer.name
        ))
    } else if let Some(unknown) = unknown {
        Some(format!(
            "the peer `{}` uses {{{unknown}}}; there are {{entry}} and {{cache}}",
            peer.name
        ))
    } else if !words().any(|word| word.contains("{entry}")) {
        Some(format!(
            "no command of the peer `{}` has {{entry}}, so it would run something else",
            peer.name
        ))
    } else {
        None
    }
}

fn is_empty(command: &[String]) -> bool {
    command.first().is_none_or(|program| program.is_empty())
}

/// A word in braces that looks like a placeholder, and is none.
fn unknown_placeholder(word: &str) -> Option<&str> {
    in_braces(word).find(|name| !PLACEHOLDERS.contains(name))
}

/// A word in braces that is a placeholder, or looks like one.
fn placeholder(word: &str) -> Option<&str> {
    in_braces(word).next()
}

fn in_braces(word: &str) -> impl Iterator<Item = &str> {
    let after_each = word.split('{').skip(1);
    let names = after_each.filter_map(|rest| Some(rest.split_once('}')?.0));
    names.filter(|name| !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase()))
}

/// What execve(2) takes as a name.
fn is_variable(name: &str) -> bool {
    !name.is_empty() && !name.contains(['=', '\0'])
}

#[cfg(test)]
mod tests {
    use super::unknown_placeholder;

    #[test]
    fn only_what_looks_like_a_placeholder_is_one() {
        assert_eq!(unknown_placeholder("{entry}:{cache}"), None);
        assert_eq!(unknown_placeholder("--out={file}"), Some("file"));
        assert_eq!(unknown_placeholder("if (x) { f() } else {}"), None);
    }
}
