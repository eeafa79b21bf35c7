//! The engines this project pins: `jsc-sys/engines.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::{Error, prebuilt};

pub use crate::prebuilt::Prebuilt;

/// One pinned engine version and where its source comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The release, such as `2.52.6`.
    pub version: String,
    /// SHA-256 of the release tarball, as 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Address of the release tarball.
    pub upstream: String,
    /// The Debian source package that carries the same tarball.
    pub debian: DebianPin,
    /// Packed engines that somebody publishes, by target (`x86_64-linux-gnu-bookworm`): downloaded before one is built.
    #[serde(default)]
    pub prebuilt: BTreeMap<String, Prebuilt>,
}

/// A Debian source package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DebianPin {
    /// Name of the source package.
    pub package: String,
    /// Code name of the release of Debian that has the version.
    pub suite: String,
    /// Name of the tarball in it.
    pub tarball: String,
}

/// The version used when none is asked for.
pub fn default_version() -> &'static str {
    &PINS.default
}

/// All pinned engines, the default first.
pub fn all() -> &'static [Pin] {
    &PINS.engine
}

/// The pin of a version. An unknown version is an error that lists the known ones.
pub fn pinned(version: &str) -> Result<&'static Pin, Error> {
    all()
        .iter()
        .find(|pin| pin.version == version)
        .ok_or_else(|| Error::UnknownVersion {
            asked: version.to_string(),
            pinned: all()
                .iter()
                .map(|pin| pin.version.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pins {
    default: String,
    engine: Vec<Pin>,
}

// The file is part of this crate and a test below reads it, so a user cannot meet this panic.
#[allow(clippy::panic)]
static PINS: LazyLock<Pins> = LazyLock::new(|| match parse(include_str!("../../engines.toml")) {
    Ok(pins) => pins,
    Err(problem) => panic!("engines.toml: {problem}"),
});

fn parse(text: &str) -> Result<Pins, String> {
    let mut pins: Pins = toml::from_str(text).map_err(|error| error.to_string())?;
    for pin in &pins.engine {
        let digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if pin.sha256.len() != 64 || !pin.sha256.chars().all(digits) {
            return Err(format!(
                "{}: sha256 is not 64 lower-case hexadecimal digits",
                pin.version
            ));
        }
        if !pin.upstream.starts_with("https://") {
            return Err(format!("{}: upstream is not an https address", pin.version));
        }
        for (target, it) in &pin.prebuilt {
            if let Some(mistake) = prebuilt::mistake(it) {
                return Err(format!("{}: prebuilt {target}: {mistake}", pin.version));
            }
        }
    }
    let Some(default) = pins
        .engine
        .iter()
        .position(|pin| pin.version == pins.default)
    else {
        return Err(format!("the default, {}, is not pinned", pins.default));
    };
    pins.engine[..=default].rotate_right(1);
    Ok(pins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_file_is_good_and_the_default_comes_first() {
        assert_eq!(all()[0].version, default_version());
        assert_eq!(pinned(default_version()).unwrap(), &all()[0]);
    }

    #[test]
    fn an_unknown_version_lists_the_known_ones() {
        assert_eq!(
            pinned("1.0").unwrap_err().to_string(),
            "engine 1.0 is not pinned; engines.toml pins 2.52.6, 2.50.6"
        );
    }

    #[test]
    fn mistakes_in_the_file_are_named() {
        let file = |default: &str, sha256: &str, upstream: &str| {
            format!(
                "default = {default:?}\n[[engine]]\nversion = \"1\"\nsha256 = {sha256:?}\nupstream = {upstream:?}\n\
                 debian = {{ package = \"p\", suite = \"s\", tarball = \"t\" }}\n"
            )
        };
        let good = "0".repeat(64);
        assert!(parse(&file("1", &good, "https://a")).is_ok());
        assert_eq!(
            parse(&file("2", &good, "https://a")).unwrap_err(),
            "the default, 2, is not pinned"
        );
        assert!(
            parse(&file("1", "ABC", "https://a"))
                .unwrap_err()
                .contains("sha256")
        );
        assert!(
            parse(&file("1", &good, "http://a"))
                .unwrap_err()
                .contains("https")
        );
        let published = |url: &str, sha256: &str| {
            let file = file("1", &good, "https://a");
            let text = format!("{file}prebuilt.t = {{ url = {url:?}, sha256 = {sha256:?} }}\n");
            parse(&text).map_or_else(|it| it, |pins| pins.engine[0].prebuilt["t"].url.clone())
        };
        for url in ["https://a/b", "file:///a/b", "http://localhost:1/b"] {
            assert_eq!(published(url, &good), url);
        }
        assert_eq!(
            published("http://a/b", &good),
            "1: prebuilt t: url is not an https or file address"
        );
        assert_eq!(
            published("https://a/b", "ABC"),
            "1: prebuilt t: sha256 is not 64 lower-case hexadecimal digits"
        );
    }
}
