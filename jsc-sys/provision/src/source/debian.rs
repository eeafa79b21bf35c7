//! The tarball in Debian's source package, through apt-get.
//!
//! apt-get works on private copies of everything that it would otherwise read or write of the system's state, so no
//! root is needed and nothing of the system's configuration changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{apt_sources, checked};
use crate::pins::Pin;
use crate::store::{Store, private_folder};
use crate::target::Machine;
use crate::{Error, Log, process};

const SYSTEM_FOLDER: &str = "/etc/apt";

/// Downloads the source package's tarball.
pub(super) fn download(pin: &Pin, store: &Store, log: &mut dyn Log) -> Result<PathBuf, Error> {
    let machine = Machine::detect()?;
    if process::find_command("apt-get").is_none() {
        return Err(problem("this machine has no apt-get".to_string()));
    }
    let sources = apt_sources::rewrite_all(
        Path::new(SYSTEM_FOLDER),
        &machine.codename,
        &pin.debian.suite,
    )?;
    if sources.is_empty() {
        return Err(problem(format!(
            "{SYSTEM_FOLDER} has no package sources of {}",
            machine.release()
        )));
    }
    let apt = Apt::prepare(store, pin, &sources)?;
    log.step(&format!(
        "  reading the source packages of {}",
        pin.debian.suite
    ));
    apt.run("apt-get", &["update"], &apt.folder)?;

    let listing = apt.showsrc(&pin.debian.package)?;
    let package = &pin.debian.package;
    let version = version_with_upstream(&listing, package, &pin.version).ok_or_else(|| {
        problem(format!(
            "{} has no {package} {}",
            pin.debian.suite, pin.version
        ))
    })?;
    log.step(&format!("  downloading the tarball of {package} {version}"));
    let staging = store.staging()?;
    let wanted = format!("{package}={version}");
    apt.run(
        "apt-get",
        &["source", "--download-only", "--tar-only", &wanted],
        staging.path(),
    )?;
    let tarball = staging.path().join(&pin.debian.tarball);
    if !tarball.is_file() {
        return Err(problem(format!(
            "{package} {version} has no {}",
            pin.debian.tarball
        )));
    }
    checked::keep(pin, store, &tarball, log)
}

/// apt with a configuration and a state of its own.
struct Apt {
    folder: PathBuf,
    configuration: PathBuf,
    log: PathBuf,
}

impl Apt {
    fn prepare(store: &Store, pin: &Pin, sources: &str) -> Result<Apt, Error> {
        let folder = private_folder(&store.apt().join(&pin.debian.suite))?;
        private_folder(&folder.join("lists/partial"))?;
        private_folder(&folder.join("cache/archives/partial"))?;
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(Error::io("write", &path))
        };
        write("status", "")?;
        write("jsc.sources", sources)?;
        write("apt.conf", &configuration(&folder))?;
        let configuration = folder.join("apt.conf");
        Ok(Apt {
            folder,
            configuration,
            log: store.logs().join(format!("apt-{}.log", pin.version)),
        })
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        // Messages are searched and shown, so they had better be in one language.
        command
            .env("LC_ALL", "C")
            .arg("-c")
            .arg(&self.configuration);
        command
    }

    fn run(&self, name: &str, arguments: &[&str], folder: &Path) -> Result<(), Error> {
        let mut command = self.command(name);
        command
            .args(["-q", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments)
            .current_dir(folder);
        let task = format!("{name} {}", arguments.first().unwrap_or(&""));
        process::run_logged(&mut command, &task, "download the source", &self.log)
    }

    fn showsrc(&self, package: &str) -> Result<String, Error> {
        let output = self
            .command("apt-cache")
            .args(["showsrc", "--only-source", package])
            .output()
            .map_err(|_| process::missing("apt-cache", "list source packages"))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Everything that apt would take from the system is redirected; what the machine's owner configured about
/// proxies and keys stays.
fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "Dir::Etc::sourcelist \"{folder}/jsc.sources\";\n\
         Dir::Etc::sourceparts \"/dev/null\";\n\
         Dir::Etc::preferences \"/dev/null\";\n\
         Dir::Etc::preferencesparts \"/dev/null\";\n\
         Dir::State::Lists \"{folder}/lists\";\n\
         Dir::State::status \"{folder}/status\";\n\
         Dir::State::extended_states \"{folder}/extended_states\";\n\
         Dir::Cache \"{folder}/cache\";\n\
         APT::Sandbox::User \"root\";\n\
         Acquire::Languages \"none\";\n\
         Acquire::Retries \"2\";\n\
         #clear APT::Update::Pre-Invoke;\n\
         #clear APT::Update::Post-Invoke;\n\
         #clear APT::Update::Post-Invoke-Success;\n"
    )
}

/// The version in a listing of source packages whose upstream part is the wanted release.
fn version_with_upstream<'a>(listing: &'a str, package: &str, upstream: &str) -> Option<&'a str> {
    let field = |stanza: &'a str, name: &str| {
        stanza
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim())
    };
    listing
        .split("\n\n")
        .filter(|stanza| field(stanza, "Package") == Some(package))
        .filter_map(|stanza| field(stanza, "Version"))
        .find(|version| upstream_part(version) == upstream)
}

/// `1:2.52.6-1~deb13u1` is Debian's packaging of 2.52.6.
fn upstream_part(version: &str) -> &str {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    version
        .rsplit_once('-')
        .map_or(version, |(upstream, _)| upstream)
}

fn problem(problem: String) -> Error {
    Error::Debian { problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_chosen_by_its_upstream_part() {
        let listing = "Package: webkit2gtk\nBinary: a\nVersion: 2.48.1-2\n\n\
                       Package: other\nVersion: 2.52.6-9\n\n\
                       Package: webkit2gtk\nVersion: 2.52.6-1~deb13u1\nFiles:\n 0 1 x\n\n";
        assert_eq!(
            version_with_upstream(listing, "webkit2gtk", "2.52.6"),
            Some("2.52.6-1~deb13u1")
        );
        assert_eq!(version_with_upstream(listing, "webkit2gtk", "2.52"), None);
        assert_eq!(version_with_upstream("", "webkit2gtk", "2.52.6"), None);
    }

    #[test]
    fn epoch_and_revision_are_not_upstreams() {
        for (version, upstream) in [("1:2.0-1", "2.0"), ("2.0-rc-1", "2.0-rc"), ("2.0", "2.0")] {
            assert_eq!(upstream_part(version), upstream);
        }
    }

    #[test]
    fn apt_writes_to_the_store_alone() {
        let text = configuration(Path::new("/store/apt"));
        for setting in [
            "Dir::State::Lists",
            "Dir::State::status",
            "Dir::Cache",
            "Dir::Etc::sourcelist",
        ] {
            assert!(
                text.contains(&format!("{setting} \"/store/apt/")),
                "{setting}"
            );
        }
    }
}
