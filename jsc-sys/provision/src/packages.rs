//! The system's packages that building and testing need.

use std::process::{Command, Stdio};

use crate::needed::{NEEDED, Package};
use crate::process::{find_command, run_logged};
use crate::store::Store;
use crate::{Error, Log, Settings};

/// How missing packages can be installed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installer {
    /// This process may call apt-get itself.
    Root,
    /// `sudo` works without a password.
    Sudo,
}

impl Installer {
    /// How this process may install packages; `None` when a person has to.
    pub fn find() -> Option<Installer> {
        find_command("apt-get")?;
        let succeeds = |command: &mut Command| {
            let quiet = command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            quiet.status().is_ok_and(|status| status.success())
        };
        if succeeds(Command::new("sh").args(["-c", "test \"$(id -u)\" = 0"])) {
            return Some(Installer::Root);
        }
        succeeds(Command::new("sudo").args(["-n", "true"])).then_some(Installer::Sudo)
    }

    fn command(self) -> Command {
        let mut command = match self {
            Installer::Root => Command::new("env"),
            Installer::Sudo => {
                let mut sudo = Command::new("sudo");
                sudo.args(["-n", "env"]);
                sudo
            }
        };
        // A fresh machine often runs its own apt-get for the first minutes.
        let patience = "DPkg::Lock::Timeout=300";
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-y",
            "-q",
            "-o",
            patience,
        ]);
        command
    }
}

/// The names of the packages that are missing.
pub fn missing() -> Vec<&'static str> {
    missing_with(|command| find_command(command).is_some(), is_installed)
}

/// The command with which a person installs packages.
pub fn install_command(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

/// Installs packages, after bringing the package lists up to date. What apt-get prints goes to a log in the store.
pub fn install(
    packages: &[&str],
    installer: Installer,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<(), Error> {
    let path = Store::new(settings).logs().join("packages.log");
    log.step(&format!(
        "installing {} (output in {})",
        packages.join(" "),
        path.display()
    ));
    run_logged(
        installer.command().arg("update"),
        "apt-get update",
        "install packages",
        &path,
    )?;
    let mut command = installer.command();
    command
        .args(["install", "--no-install-recommends"])
        .args(packages);
    run_logged(&mut command, "apt-get install", "install packages", &path)
}

fn missing_with(
    on_path: impl Fn(&str) -> bool,
    installed: impl Fn(&str) -> bool,
) -> Vec<&'static str> {
    let there =
        |package: &&Package| package.command.is_some_and(&on_path) || installed(package.name);
    NEEDED
        .iter()
        .filter(|package| !there(package))
        .map(|package| package.name)
        .collect()
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output();
    query.is_ok_and(|output| output.status.success() && output.stdout.starts_with(b"installed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_from_elsewhere_counts_and_a_library_does_not() {
        let all = |_: &str| true;
        let none = |_: &str| false;
        assert_eq!(missing_with(all, none), ["libclang1-19", "libicu-dev"]);
        assert_eq!(missing_with(none, all), Vec::<&str>::new());
        assert_eq!(
            missing_with(|command| command != "node", |name| name != "nodejs"),
            ["nodejs"]
        );
    }

    #[test]
    fn a_person_gets_one_line_to_copy() {
        assert_eq!(
            install_command(&["cmake", "ruby"]),
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends cmake ruby"
        );
    }
}
