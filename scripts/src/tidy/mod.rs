//! `cargo xtask tidy`: what the compiler does not look at. Circles between files, files and lines that are too long, public
//! items without documentation, crates that depend on what they must not know, code that does what its crate must not, and
//! names on the wrong side of the bridge's seam.

mod circles;
mod documentation;
mod layers;
mod limits;
mod modules;
mod seam;
mod source;

use anyhow::{Result, bail};
use xshell::Shell;

use source::Source;

/// Checks everything; the error says how much is wrong, after all of it was shown.
pub fn run(shell: &Shell) -> Result<()> {
    let sources = source::all(shell)?;
    let mut wrong = layers::check(shell)?;
    for check in [
        limits::check,
        layers::check_code,
        documentation::check,
        seam::check,
    ] {
        wrong.extend(sources.iter().flat_map(check));
    }
    wrong.extend(circles::check(&sources));
    for line in &wrong {
        eprintln!("{line}");
    }
    match wrong.len() {
        0 => Ok(()),
        1 => bail!("1 thing is not tidy"),
        count => bail!("{count} things are not tidy"),
    }
}
