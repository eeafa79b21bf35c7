//! What a build needs, checked before it starts: a compiler missing after ten minutes helps nobody.

use crate::Error;
use crate::process::{find_command, missing};
use crate::target::Machine;
use crate::toolchain::Toolchain;

const PURPOSE: &str = "build an engine";
const COMMANDS: &[&str] = &["cmake", "ninja", "ruby", "perl", "python3", "pkg-config"];

/// Checks that everything is there and returns the compiler and linker.
pub(super) fn check(cxx: &str, machine: &Machine) -> Result<Toolchain, Error> {
    let toolchain = Toolchain::find(cxx, PURPOSE)?;
    let cc = toolchain.cc();
    let commands = COMMANDS.iter().copied().chain([cc.as_str()]);
    if let Some(command) = commands
        .into_iter()
        .find(|command| find_command(command).is_none())
    {
        return Err(missing(command, PURPOSE));
    }
    match machine.icu {
        Some(_) => Ok(toolchain),
        None => Err(Error::MissingLibrary {
            library: "ICU",
            purpose: PURPOSE,
            package: "libicu-dev",
        }),
    }
}
