//! How a night, or one step of it, ended.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};

/// An ending, with the exit code of `jsc-harness` for it. The worst of all steps is that of the night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Everything was done, and nothing was found.
    Fine,
    /// Something cannot be said.
    Inconclusive,
    /// Something could not be done.
    CouldNotRun,
    /// Paths differ, or a regression is confirmed.
    Finding,
    /// What was seen is not to be trusted.
    Invalid,
}

impl Code {
    /// The exit code.
    pub fn number(self) -> u8 {
        match self {
            Code::Fine => 0,
            Code::Finding => 1,
            Code::Inconclusive => 2,
            Code::Invalid => 3,
            Code::CouldNotRun => 4,
        }
    }

    /// What an exit code of `jsc-harness` means. Anything else than its own is a program that did not do its part.
    pub fn of(number: Option<i32>) -> Code {
        match number {
            Some(0) => Code::Fine,
            Some(1) => Code::Finding,
            Some(2) => Code::Inconclusive,
            Some(3) => Code::Invalid,
            _ => Code::CouldNotRun,
        }
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Code::Fine => "fine",
            Code::Finding => "finding",
            Code::Inconclusive => "inconclusive",
            Code::Invalid => "invalid",
            Code::CouldNotRun => "could not run",
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> ExitCode {
        ExitCode::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_wins() {
        let worst = [3, 1, 4, 2, 0].map(|number| Code::of(Some(number)));
        assert!(worst.is_sorted_by(|a, b| a > b));
        for code in worst {
            assert_eq!(Code::of(Some(code.number().into())), code);
        }
    }

    #[test]
    fn a_program_that_was_killed_or_called_wrongly_did_not_run() {
        for number in [None, Some(64), Some(101), Some(124)] {
            assert_eq!(Code::of(number), Code::CouldNotRun);
        }
    }
}
