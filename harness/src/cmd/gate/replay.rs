//! `gate --replay`: an earlier gate judged again.

use std::path::Path;

use super::run::print;
use crate::Error;
use crate::cmd::Format;
use gate::{GateDocument, Verdict};

/// Judges a document again and prints it; the second line of defence against a file that says what its samples do not.
pub fn run(file: &Path, format: Format) -> Result<Verdict, Error> {
    let (document, said) = GateDocument::read(file)?;
    if document.judgement != said {
        return Err(Error::OtherVerdict {
            path: file.to_owned(),
            said: said.verdict.name(),
            found: document.judgement.verdict.name(),
        });
    }
    print(&document, format)?;
    Ok(document.judgement.verdict)
}
