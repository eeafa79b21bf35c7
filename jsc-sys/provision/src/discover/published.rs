//! Engines that somebody publishes.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use super::*;
use crate::testing::{Bench, Recorder};

const NEW: &str = "2.52.6";
const NAME: &str = "jsc-2.52.6-x86_64-linux-gnu-bookworm";

/// A server on this machine that gives each who asks these bytes.
fn served(bytes: Vec<u8>) -> String {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in server.incoming().flatten() {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                bytes.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&bytes);
        }
    });
    format!("http://{address}/engine.tar.zst")
}

fn online(bench: &Bench) -> Settings {
    Settings {
        offline: false,
        ..bench.settings()
    }
}

/// What becomes of an engine that is published there with this digest: the folder or the reason, what was logged, and the
/// warnings.
fn published(
    bench: &Bench,
    settings: &Settings,
    url: &str,
    sha256: &str,
) -> (String, Vec<String>, Vec<String>) {
    let mut wanted = Wanted::new(NEW, settings).unwrap();
    wanted.prebuilt = Some(Prebuilt {
        url: url.to_owned(),
        sha256: sha256.to_owned(),
    });
    let mut log = Recorder::default();
    let found = without_build(&wanted, settings, &mut log, &mut Attempts::default()).unwrap();
    let found = found.map_or_else(
        || "not found".to_owned(),
        |engine| bench.redact(engine.directory.display()),
    );
    let redacted = |lines: &[String]| {
        lines
            .iter()
            .map(|it| bench.redact(it.replace(url, "URL")))
            .collect()
    };
    (found, redacted(&log.steps), redacted(&log.warnings))
}

#[test]
fn a_published_engine_is_downloaded_checked_and_then_found_in_the_store() {
    let bench = Bench::new();
    let archive = bench.archive(NEW, |_| ());
    let sha256 = digest::sha256_file(&archive).unwrap();
    let addresses = [
        served(fs::read(&archive).unwrap()),
        format!("file://{}", archive.display()),
    ];
    for url in addresses {
        let settings = online(&bench);
        let (found, steps, warnings) = published(&bench, &settings, &url, &sha256);
        assert_eq!(found, format!("BENCH/store/engines/{NAME}"));
        assert_eq!(warnings, [""; 0]);
        assert_eq!(steps[5], "  downloading URL");
        assert!(steps[6].starts_with("  unpacking "), "{steps:?}");
        // The file is of no more use.
        let left = fs::read_dir(bench.path("store/sources")).unwrap();
        assert_eq!(left.count(), 0);

        let (found, steps, _) = published(&bench, &settings, "https://127.0.0.1:1/", &sha256);
        assert_eq!(found, format!("BENCH/store/engines/{NAME}"));
        assert_eq!(steps.len(), 5, "{steps:?}");
        fs::remove_dir_all(bench.path("store/engines")).unwrap();
    }
}

#[test]
fn a_published_engine_with_another_digest_is_not_used_and_not_kept() {
    let bench = Bench::new();
    let archive = bench.archive(NEW, |_| ());
    let url = served(fs::read(&archive).unwrap());
    let wrong = "0".repeat(64);
    let (found, steps, warnings) = published(&bench, &online(&bench), &url, &wrong);
    assert_eq!(found, "not found");
    assert_eq!(
        steps[6],
        "  prebuilt, in engines.toml: URL could not be used"
    );
    let sha256 = digest::sha256_file(&archive).unwrap();
    assert_eq!(
        warnings,
        [format!(
            "the published engine is passed over: URL is not the engine {NAME} of engines.toml\n  named SHA-256 {wrong}\n  \
             file's SHA-256 {sha256}"
        )]
    );
    let left = fs::read_dir(bench.path("store/sources")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_published_engine_that_cannot_be_had_costs_a_warning() {
    let bench = Bench::new();
    let url = "https://127.0.0.1:1/engine.tar.zst";
    let digest = "0".repeat(64);
    let (found, _, warnings) = published(&bench, &online(&bench), url, &digest);
    assert_eq!(found, "not found");
    assert!(
        warnings[0].starts_with(
            "the published engine is passed over: the download failed (exit status: 7)"
        ),
        "{warnings:?}"
    );
    let offline = Settings {
        offline: true,
        ..bench.settings()
    };
    let (found, steps, warnings) = published(&bench, &offline, url, &digest);
    assert_eq!((found.as_str(), warnings.len()), ("not found", 0));
    assert_eq!(
        steps.last().unwrap(),
        "  prebuilt, in engines.toml: not downloaded: JSCSYS_OFFLINE or CARGO_NET_OFFLINE is set"
    );
}
