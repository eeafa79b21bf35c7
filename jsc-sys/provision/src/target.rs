//! The machine: which targets can be served, which distribution and ICU it has.

use std::env::consts;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Error;

/// A processor architecture that engines are built for. Always Linux with glibc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// x86-64.
    X86_64,
    /// 64-bit ARM.
    Aarch64,
}

impl Architecture {
    /// The architecture of a target triple, when it is one that can be served.
    pub fn of_target(triple: &str) -> Result<Architecture, Error> {
        match triple {
            "x86_64-unknown-linux-gnu" => Ok(Architecture::X86_64),
            "aarch64-unknown-linux-gnu" => Ok(Architecture::Aarch64),
            other => Err(Error::UnsupportedTarget {
                target: other.to_string(),
            }),
        }
    }

    /// The architecture's name in triples and archive names.
    pub fn name(self) -> &'static str {
        match self {
            Architecture::X86_64 => "x86_64",
            Architecture::Aarch64 => "aarch64",
        }
    }

    /// The target triple.
    pub fn triple(self) -> String {
        format!("{}-unknown-linux-gnu", self.name())
    }
}

/// What decides whether an engine built elsewhere can be used here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The processor.
    pub architecture: Architecture,
    /// The distribution's identifier, such as `debian`.
    pub distribution: String,
    /// Code name of the distribution's release, such as `bookworm`.
    pub codename: String,
    /// Version of the ICU that programs are linked with here, such as `72.1`; `None` when its development files are
    /// not installed.
    pub icu: Option<String>,
}

impl Machine {
    /// Asks this machine.
    pub fn detect() -> Result<Machine, Error> {
        let architecture = Architecture::of_target(&host_triple())?;
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let (distribution, codename) = distribution(&release);
        Ok(Machine {
            architecture,
            distribution,
            codename,
            icu: installed_icu(),
        })
    }

    /// Distribution and code name in one word, such as `debian-bookworm`.
    pub fn release(&self) -> String {
        format!("{}-{}", self.distribution, self.codename)
    }

    /// The name of an engine of a version for this machine: of its folder and, with `.tar.zst`, of its archive.
    pub fn engine_name(&self, version: &str) -> String {
        format!("jsc-{version}-{}", self.target())
    }

    /// Checks that something that was built against an ICU of this version finds one like it here. `path` and `hint` are
    /// for messages.
    pub(crate) fn check_icu(&self, built: &str, path: &Path, hint: &str) -> Result<(), Error> {
        let installed = match &self.icu {
            Some(icu) if major(icu) == major(built) => return Ok(()),
            Some(icu) => format!("ICU {icu}"),
            None => "no ICU development files (Debian's package libicu-dev)".to_string(),
        };
        Err(Error::OtherIcu {
            path: path.to_path_buf(),
            found: built.to_string(),
            installed,
            hint: hint.to_string(),
        })
    }

    /// What an engine for this machine is built for, as `engines.toml` names it.
    pub fn target(&self) -> String {
        format!("{}-linux-gnu-{}", self.architecture.name(), self.codename)
    }
}

fn host_triple() -> String {
    let abi = if cfg!(target_env = "gnu") {
        "gnu"
    } else if cfg!(target_env = "musl") {
        "musl"
    } else {
        return format!("{}-{}", consts::ARCH, consts::OS);
    };
    format!("{}-unknown-{}-{abi}", consts::ARCH, consts::OS)
}

/// Identifier and code name from the text of `os-release`; `unknown` for what it does not say.
fn distribution(release: &str) -> (String, String) {
    let field = |name: &str| {
        release
            .lines()
            .filter_map(|line| line.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim().trim_matches(['"', '\'']))
            // The words become parts of file names.
            .filter(|value| {
                !value.is_empty()
                    && value
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            })
    };
    let identifier = field("ID").unwrap_or("unknown");
    // Rolling distributions have no code name; their version, or else their identifier, has to do.
    let codename = field("VERSION_CODENAME")
        .or(field("VERSION_ID"))
        .unwrap_or(identifier);
    (identifier.to_string(), codename.to_string())
}

fn installed_icu() -> Option<String> {
    let output = Command::new("pkg-config")
        .args(["--modversion", "icu-uc"])
        .output()
        .ok()?;
    let version = String::from_utf8(output.stdout).ok()?.trim().to_string();
    (output.status.success() && !version.is_empty()).then_some(version)
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_linux_with_glibc_on_two_processors_is_served() {
        assert_eq!(
            Architecture::of_target("x86_64-unknown-linux-gnu").unwrap(),
            Architecture::X86_64
        );
        assert_eq!(
            Architecture::of_target("aarch64-unknown-linux-gnu").unwrap(),
            Architecture::Aarch64
        );
        for other in [
            "x86_64-unknown-linux-musl",
            "aarch64-apple-darwin",
            "riscv64gc-unknown-linux-gnu",
        ] {
            assert_eq!(
                Architecture::of_target(other).unwrap_err().to_string(),
                format!(
                    "there is no engine for {other}: only Linux with glibc on x86-64 and aarch64 is supported \
                     (x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu)"
                )
            );
        }
    }

    #[test]
    fn the_release_is_read_from_os_release() {
        let words = |text: &str| {
            let (distribution, codename) = distribution(text);
            format!("{distribution}-{codename}")
        };
        assert_eq!(
            words("ID=debian\nVERSION_CODENAME=bookworm\nVERSION_ID=\"12\"\n"),
            "debian-bookworm"
        );
        assert_eq!(words("ID=fedora\nVERSION_ID=\"41\"\n"), "fedora-41");
        assert_eq!(words("ID=arch\n"), "arch-arch");
        assert_eq!(words("ID=../etc\n"), "unknown-unknown");
        assert_eq!(words(""), "unknown-unknown");
    }

    #[test]
    fn an_engine_is_named_after_version_and_machine() {
        let machine = Machine {
            architecture: Architecture::Aarch64,
            distribution: "debian".into(),
            codename: "trixie".into(),
            icu: None,
        };
        assert_eq!(
            machine.engine_name("2.52.6"),
            "jsc-2.52.6-aarch64-linux-gnu-trixie"
        );
        assert_eq!(machine.release(), "debian-trixie");
    }
}
