//! The command lines of workers and runs, read without the rest of the commands.

use std::ffi::OsString;

use clap::Args;

use crate::{Cli, Command};

/// The command line, if it is right and its command is one that loads a program.
///
/// Setting all the other commands up takes as long as loading a small module, so these do without. What is wrong with a
/// command line, and help, is left to the whole of it.
pub fn read(mut arguments: impl Iterator<Item = OsString>) -> Option<Cli> {
    let name = arguments.next()?;
    let command = match name.to_str()? {
        "worker" => Command::Worker(alone(arguments)?),
        "run" => Command::Run(alone(arguments)?),
        _ => return None,
    };
    Some(Cli { command })
}

fn alone<A: Args>(arguments: impl Iterator<Item = OsString>) -> Option<A> {
    let command = A::augment_args(clap::Command::new("alone").no_binary_name(true));
    let matches = command.try_get_matches_from(arguments).ok()?;
    A::from_arg_matches(&matches).ok()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn what_is_read_quickly_is_what_the_whole_reads() {
        for line in [
            "run a.mjs",
            "run --path graph --cache-dir D --payload all --stats - a.mjs",
            "worker --path graph --cache-dir D --check stat a.mjs",
            "worker --path parse --workload empty --root D --observe full",
        ] {
            let words = || line.split(' ').map(OsString::from);
            assert!(read(words()).is_some(), "{line}");
            let whole = Cli::try_parse_from(["jsc-harness".into()].into_iter().chain(words()));
            assert_eq!(
                format!("{:?}", read(words())),
                format!("{:?}", whole.ok()),
                "{line}"
            );
        }
        for line in [
            "run",
            "run --help",
            "worker --path sideways a.mjs",
            "list",
            "--version",
        ] {
            assert!(
                read(line.split(' ').map(OsString::from)).is_none(),
                "{line}"
            );
        }
    }
}
