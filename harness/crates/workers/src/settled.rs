//! Settings of JSC that this process needs as much as its workers: they are part of what an engine is known by.

use std::env;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Starts this program again with these variables, unless all of them are set, to whatever. To be called before there is
/// anything that would be left behind.
///
/// # Errors
/// It could not be started again.
pub fn settle(options: &[(&str, &str)]) -> io::Result<()> {
    let missing = || {
        let options = options.iter().copied();
        options.filter(|(name, _)| env::var_os(name).is_none())
    };
    if missing().next().is_none() {
        return Ok(());
    }
    let mut again = Command::new(env::current_exe()?);
    again.args(env::args_os().skip(1)).envs(missing());
    Err(again.exec())
}
