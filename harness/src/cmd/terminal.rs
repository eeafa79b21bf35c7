//! What a program prints, on this process's own streams.

use std::io::{self, Write};

use engine::{ConsoleSink, ConsoleStream};

use super::ExitStatus;
use crate::print;

/// Standard output and standard error.
#[derive(Debug, Clone, Copy)]
pub struct Terminal;

impl ConsoleSink for Terminal {
    fn print(&self, stream: ConsoleStream, text: &str) {
        let written = match stream {
            ConsoleStream::Out => io::stdout().write_all(text.as_bytes()),
            ConsoleStream::Error => io::stderr().write_all(text.as_bytes()),
        };
        let reason = written.as_ref().err().map(io::Error::kind);
        if reason == Some(io::ErrorKind::BrokenPipe) {
            // Nobody reads any more. A program that prints for ever would otherwise run for ever.
            std::process::exit(ExitStatus::CouldNotRun as i32);
        }
        if stream == ConsoleStream::Out {
            print::note(written);
        }
    }
}
