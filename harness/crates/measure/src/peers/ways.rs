//! The built-in peers: the ways to run an entry by each runtime.

use std::path::Path;

use workloads::PeerDef;

/// A peer, with its command in short.
pub type Way = (String, PeerDef);

/// Bun, from the source and compiled.
pub fn bun(bun: &str, _: Option<&Path>) -> Vec<Way> {
    let build = ["build", "--compile", "--bytecode", "--format=esm"];
    let compiled = PeerDef {
        prepare: vec![words(
            bun,
            &[&build[..], &["--outfile", "{cache}/program", "{entry}"]].concat(),
        )],
        ..peer("bun, compiled", words("{cache}/program", &[]))
    };
    vec![
        (
            "bun ENTRY".to_owned(),
            peer("bun", words(bun, &["{entry}"])),
        ),
        (format!("bun {}", build.join(" ")), compiled),
    ]
}

/// Node from the source, with its compile cache and, with a bundler, as a snapshot and as a single executable.
pub fn node(node: &str, esbuild: Option<&Path>) -> Vec<Way> {
    let plain = words(node, &["{entry}"]);
    let mut ways = vec![
        ("node ENTRY".to_owned(), peer("node", plain.clone())),
        (
            "NODE_COMPILE_CACHE=DIR node ENTRY".to_owned(),
            PeerDef {
                environment: [("NODE_COMPILE_CACHE".to_owned(), "{cache}".to_owned())].into(),
                ..peer("node, compile cache", plain)
            },
        ),
    ];
    // Both want one file in CommonJS.
    let Some(esbuild) = esbuild else {
        return ways;
    };
    let bundle = |more: &[&str]| {
        let usual = [
            "{entry}",
            "--bundle",
            "--platform=node",
            "--format=cjs",
            "--log-level=error",
            "--outfile={cache}/bundle.cjs",
        ];
        words(&esbuild.display().to_string(), &[&usual[..], more].concat())
    };
    let blob = ["--snapshot-blob", "{cache}/snapshot"];
    ways.push((
        "node --snapshot-blob BLOB, of a bundle that has run".to_owned(),
        PeerDef {
            prepare: vec![
                bundle(&SNAPSHOT),
                words(
                    node,
                    &[&blob[..], &["--build-snapshot", "{cache}/bundle.cjs"]].concat(),
                ),
            ],
            ..peer("node, snapshot", words(node, &blob))
        },
    ));
    ways.push((
        "node --build-sea, of a bundle, with useCodeCache".to_owned(),
        PeerDef {
            prepare: vec![
                bundle(&[]),
                words(node, &["--eval", SINGLE_EXECUTABLE, "{cache}"]),
                words(node, &["--build-sea", "{cache}/sea.json"]),
            ],
            ..peer("node, single executable", words("{cache}/program", &[]))
        },
    ));
    ways
}

/// Deno, from the source and with its code cache.
pub fn deno(deno: &str, _: Option<&Path>) -> Vec<Way> {
    let with = |name: &str, more: &[&str]| PeerDef {
        environment: [("DENO_DIR", "{cache}"), ("DENO_NO_UPDATE_CHECK", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..peer(
            name,
            words(deno, &[&DENO_RUN[..], more, &["{entry}"]].concat()),
        )
    };
    vec![
        (
            "deno run --no-code-cache ENTRY".to_owned(),
            with("deno", &["--no-code-cache"]),
        ),
        ("deno run ENTRY".to_owned(), with("deno, code cache", &[])),
    ]
}

/// A command.
pub fn words(program: &str, arguments: &[&str]) -> Vec<String> {
    let words = std::iter::once(&program).chain(arguments);
    words.map(|word| (*word).to_owned()).collect()
}

fn peer(name: &str, command: Vec<String>) -> PeerDef {
    PeerDef {
        name: name.to_owned(),
        command,
        prepare: Vec::new(),
        environment: Default::default(),
        version: None,
        prints: None,
    }
}

/// What makes Deno take packages as npm has installed them, ask nobody and fetch nothing.
const DENO_RUN: [&str; 6] = [
    "run",
    "--allow-all",
    "--no-prompt",
    "--no-lock",
    "--node-modules-dir=manual",
    "--cached-only",
];

/// Around a program of which Node makes a snapshot: what it prints while that is made is kept, and printed at each start.
/// What makes snapshots defines no `module`, to which a bundle may add its exports.
const SNAPSHOT: [&str; 2] = [
    "--banner:js=var module = { exports: {} }; const printed = []; console.log = (...all) => { \
     printed.push(require('node:util').format(...all) + '\\n'); };",
    "--footer:js=require('node:v8').startupSnapshot.setDeserializeMainFunction(() => { \
     process.stdout.write(printed.join('')); });",
];

/// Writes the configuration of a single executable into the directory that is its argument.
const SINGLE_EXECUTABLE: &str = "const directory = process.argv[1]; \
     require('node:fs').writeFileSync(directory + '/sea.json', JSON.stringify({ main: directory + '/bundle.cjs', \
     output: directory + '/program', useCodeCache: true, disableExperimentalSEAWarning: true }));";
