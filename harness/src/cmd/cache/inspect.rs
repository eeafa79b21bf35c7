//! `cache inspect`: a cache file for people, or whole as JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::document::{Document, DocumentV1, DocumentV2, status_of};
use super::pack::DocumentPack;
use super::{render, render_pack};
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::Miss;

/// Arguments of `cache inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A cache file: an entry, of format 1 or 2, or a pack
    file: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Inspected<'a, T> {
    file: String,
    valid: bool,
    #[serde(flatten)]
    document: &'a T,
}

/// Runs `cache inspect`.
pub fn run(arguments: &InspectArgs) -> Result<ExitStatus, Error> {
    match Document::read(&arguments.file) {
        Ok(Document::V1(document)) => show_v1(arguments, &document),
        Ok(Document::V2(document)) => show_v2(arguments, &document),
        Ok(Document::Pack(document)) => show_pack(arguments, &document),
        Err(miss) => return invalid(arguments, &miss),
    }
    Ok(ExitStatus::Success)
}

fn show_v1(arguments: &InspectArgs, document: &DocumentV1) {
    match arguments.format {
        Format::Json => json(arguments, true, document),
        Format::Table => print::line(&render::v1(&arguments.file, document)),
    }
}

fn show_v2(arguments: &InspectArgs, document: &DocumentV2) {
    match arguments.format {
        Format::Json => json(arguments, true, document),
        Format::Table => print::line(&render::v2(&arguments.file, document)),
    }
}

fn show_pack(arguments: &InspectArgs, document: &DocumentPack) {
    match arguments.format {
        Format::Json => json(arguments, true, document),
        Format::Table => print::line(&render_pack::pack(&arguments.file, document)),
    }
}

fn invalid(arguments: &InspectArgs, miss: &Miss) -> Result<ExitStatus, Error> {
    let status = status_of(&arguments.file, miss)?;
    match arguments.format {
        Format::Json => json(arguments, false, miss),
        Format::Table => {
            let file = arguments.file.display();
            let _ = writeln!(io::stderr(), "error: {file} is not valid: {miss}");
        }
    }
    Ok(status)
}

fn json(arguments: &InspectArgs, valid: bool, document: &impl Serialize) {
    print::json(&Inspected {
        file: arguments.file.display().to_string(),
        valid,
        document,
    });
}
