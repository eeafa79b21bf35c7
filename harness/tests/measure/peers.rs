//! Other runtimes in the same blocks. Node is on every machine that is set up.

use std::fs;

use record::{OWN_FULL, PeerError};
use results::summarize_peers;
use stats::Confidence;

use crate::support::{Measured, measure};

#[test]
fn peers_run_in_the_same_blocks_and_are_named_with_their_versions() {
    let measured = measure(&["-w", "^micromark$", "--blocks", "6", "--peers"]).run();
    let record = measured.with_code(0);
    let names: Vec<&str> = record.peers.iter().map(|peer| &*peer.name).collect();
    assert_eq!(names[..2], ["jsc-harness, parse", "jsc-harness, bytecode"]);
    for name in [OWN_FULL, "node", "node, compile cache"] {
        let place = names.iter().position(|it| *it == name).unwrap();
        assert!(!record.peers[place].version.is_empty());
        for block in record.valid_blocks(0) {
            assert!(block.peer(place).unwrap() > 0.0, "{name}");
        }
    }
    for it in summarize_peers(record, Confidence::P95) {
        assert_eq!(
            it.against_full.is_none(),
            it.peer == OWN_FULL || it.error.is_some()
        );
    }
    let interleaved = record.blocks.iter().any(|block| {
        let loads = block
            .loads
            .iter()
            .map(|load| load.measured.as_ref().unwrap().times.start);
        let first_peer = block.peers.iter().map(|run| run.times.unwrap().start).min();
        loads.max() > first_peer
    });
    assert!(interleaved, "peers are not simply the last");
    for text in [
        "whole processes, from start to end:",
        "against jsc-harness, full",
        "node, compile cache",
    ] {
        assert!(
            measured.stdout.contains(text),
            "{text} in {}",
            measured.stdout
        );
    }
    assert!(record.run.command.contains(&"--peers".to_owned()));
}

/// JavaScriptCore's loader evaluates siblings that await one after the other, Node side by side.
#[test]
fn a_peer_that_prints_something_else_is_told_and_not_measured() {
    let measured = measure(&["-w", "^tla-siblings$", "--blocks", "6", "--peers"]).run();
    let record = measured.with_code(0);
    let node = record
        .peers
        .iter()
        .position(|it| it.name == "node")
        .unwrap();
    let found = record
        .peers_unmeasured
        .iter()
        .find(|it| it.peer == node)
        .unwrap();
    assert!(matches!(found.why, PeerError::Output { .. }), "{found:?}");
    assert!(record.blocks.iter().all(|block| block.peer(node).is_none()));
    assert!(record.blocks.iter().all(|block| block.peer(0).is_some()));
    let warning = "warning: tla-siblings by node: it printed ";
    assert!(measured.stderr.contains(warning), "{}", measured.stderr);
}

/// A project's own peers are prepared once, have a directory of their own, and are compared with what they must print.
#[test]
fn a_project_defines_peers() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("jsc-harness.toml");
    fs::write(folder.path().join("main.mjs"), "console.log('ready');").unwrap();
    fs::write(
        &config,
        r#"
        [[workload]]
        name = "app"
        entry = "main.mjs"
        [[peer]]
        name = "mine"
        prepare = [["sh", "-c", "echo made >> {cache}/made"]]
        command = ["sh", "-c", "test -f {entry} && test $(wc -l < {cache}/made) = 1 && echo $SAYS"]
        environment = { SAYS = "ready" }
        version = ["echo", "mine 1.2"]
        [[peer]]
        name = "of other words"
        command = ["sh", "-c", "test -f {entry} && echo set"]
        prints = ["set"]
        [[peer]]
        name = "absent"
        command = ["./there-is-none", "{entry}"]
        "#,
    )
    .unwrap();
    let options = ["--blocks", "6", "--peers", "--path", "parse,full"];
    let config = ["--config", config.to_str().unwrap()];
    let measured = measure(&[config.as_slice(), options.as_slice()].concat()).run();
    let record = measured.with_code(0);
    let place = |name: &str| record.peers.iter().position(|it| it.name == name).unwrap();
    assert_eq!(record.peers[place("mine")].version, "1.2");
    for name in ["mine", "of other words"] {
        for block in record.valid_blocks(0) {
            assert!(block.peer(place(name)).unwrap() > 0.0, "{name}");
        }
    }
    let warning = "warning: app by absent: ";
    assert!(measured.stderr.contains(warning), "{}", measured.stderr);
}

/// What becomes of a peer with this definition, besides its name and an entry that prints `ready`.
fn with_peer(definition: &str) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("jsc-harness.toml");
    fs::write(folder.path().join("main.mjs"), "console.log('ready');").unwrap();
    let workload = "[[workload]]\nname = 'app'\nentry = 'main.mjs'\n";
    fs::write(
        &config,
        format!("{workload}[[peer]]\nname = 'mine'\n{definition}"),
    )
    .unwrap();
    let config = ["--config", config.to_str().unwrap()];
    let options = ["--blocks", "6", "--peers", "--path", "full"];
    measure(&[&config[..], &options, &["--time-limit", "10"]].concat()).run()
}

#[test]
fn a_peer_that_fails_is_told_with_its_program_and_what_that_was_to_do() {
    for (definition, said) in [
        (
            "command = ['sh', '-c', 'exit 3 # {entry}']",
            "app by mine: command, `sh`, ended with exit code 3",
        ),
        (
            "command = ['cat', '{entry}']\nprepare = [['sh', '-c', 'exit 4']]",
            "app by mine: prepare, `sh`, ended with exit code 4",
        ),
        (
            "command = ['sh', '-c', 'echo set # {entry}']\nprints = ['go']",
            "app by mine: it printed \"set\" where its `prints` in jsc-harness.toml has \"go\"",
        ),
        // What it has started does not live on, and is not waited for.
        (
            "command = ['sh', '-c', 'sleep 1002 & wait # {entry}']",
            "app by mine: command, `sh`, did not end within 10 s",
        ),
    ] {
        let measured = with_peer(definition);
        assert!(
            measured.stderr.contains(said),
            "{said} in {}",
            measured.stderr
        );
    }
}

#[test]
fn a_peer_that_does_not_say_its_version_is_an_error() {
    let measured = with_peer("command = ['cat', '{entry}']\nversion = ['false']");
    assert_eq!(measured.code, Some(4));
    assert!(
        measured
            .stderr
            .contains("the peer `mine` does not say its version: `false` ended with exit code 1"),
        "{}",
        measured.stderr
    );
}

#[test]
fn peers_have_warm_files_only() {
    for flag in ["--cold", "--growth"] {
        let measured = measure(&["--peers", flag]).run();
        assert_eq!(measured.code, Some(64));
        assert!(measured.stderr.contains(flag), "{}", measured.stderr);
    }
}
