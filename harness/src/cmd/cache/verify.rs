//! `cache verify`: complete checks of cache files, one line each.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::document::{Document, DocumentV2};
use super::{open_store, store_error};
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::store::{Access, EntryName, PackName, read_file};
use jsc_module_cache::{Miss, MissReason, Store};

/// Arguments of `cache verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Cache files
    #[arg(required_unless_present = "cache_dir")]
    files: Vec<PathBuf>,
    /// Every entry and pack of the store in this directory
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The result for one file.
#[derive(Debug, Serialize)]
struct Verified {
    file: String,
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<String>,
    #[serde(flatten)]
    miss: Option<Miss>,
}

/// Runs `cache verify`: exit code 3 when a file is bad.
pub fn run(arguments: &VerifyArgs) -> Result<ExitStatus, Error> {
    let mut results: Vec<Verified> = arguments.files.iter().map(|it| file(it)).collect();
    if let Some(directory) = &arguments.cache_dir {
        let store = open_store(directory, Access::ReadOnly)?;
        let names = store.names().map_err(|miss| store_error(directory, miss))?;
        results.extend(names.iter().map(|name| entry(&store, name)));
        let names = store.pack_names();
        let names = names.map_err(|miss| store_error(directory, miss))?;
        results.extend(names.iter().map(|name| pack(&store, name)));
    }
    match arguments.format {
        Format::Json => print::json(&results),
        Format::Table => results.iter().for_each(|it| print::line(&line(it))),
    }
    Ok(if results.iter().all(|it| it.valid) {
        ExitStatus::Success
    } else {
        ExitStatus::Invalid
    })
}

fn file(path: &Path) -> Verified {
    let checked = read_file(path).and_then(|bytes| {
        let document = Document::new(bytes)?;
        match (&document, EntryName::of_path(path)) {
            (Document::V2(document), Some(name)) => check_name(document, &name)?,
            (Document::V1(_) | Document::Pack(_), Some(_)) => {
                return Err(Miss::new(
                    MissReason::Format,
                    "a file of another format under the name of a store's entry",
                ));
            }
            _ => {}
        }
        if let Some(name) = PackName::of_path(path) {
            check_pack_name(&document, &name)?;
        }
        Ok(match document {
            Document::V1(_) => None,
            Document::V2(document) => Some(document.module_key),
            Document::Pack(document) => Some(document.entry),
        })
    });
    Verified::new(path.display().to_string(), checked)
}

fn entry(store: &Store, name: &EntryName) -> Verified {
    let checked = store.load_standalone(name).and_then(|entry| {
        let actual = EntryName::new(entry.module_key(), entry.source_hash(), &entry.identity());
        check_same(&actual, name)?;
        Ok(Some(entry.module_key().to_owned()))
    });
    Verified::new(
        store.path().join(name.to_string()).display().to_string(),
        checked,
    )
}

fn pack(store: &Store, name: &PackName) -> Verified {
    let checked = store.load_pack_standalone(name).and_then(|pack| {
        check_same(&PackName::of(&pack), name)?;
        Ok(Some(pack.entry_key().to_owned()))
    });
    Verified::new(
        store.path().join(name.to_string()).display().to_string(),
        checked,
    )
}

fn check_pack_name(document: &Document, name: &PackName) -> Result<(), Miss> {
    let Document::Pack(document) = document else {
        return Err(Miss::new(
            MissReason::Format,
            "a file of another format under the name of a store's pack",
        ));
    };
    let actual = PackName::new(&document.entry, document.payload, &document.identity);
    check_same(&actual, name)
}

fn check_name(document: &DocumentV2, name: &EntryName) -> Result<(), Miss> {
    let actual = EntryName::new(
        &document.module_key,
        document.source.hash,
        &document.identity,
    );
    check_same(&actual, name)
}

fn check_same<T: PartialEq + Display>(actual: &T, name: &T) -> Result<(), Miss> {
    if actual != name {
        return Err(Miss::new(
            MissReason::Identity,
            format!("what it holds belongs under the name {actual}"),
        ));
    }
    Ok(())
}

impl Verified {
    fn new(file: String, checked: Result<Option<String>, Miss>) -> Self {
        let valid = checked.is_ok();
        let (module, miss) = match checked {
            Ok(module) => (module, None),
            Err(miss) => (None, Some(miss)),
        };
        Self {
            file,
            valid,
            module,
            miss,
        }
    }
}

fn line(result: &Verified) -> String {
    let file = &result.file;
    match (&result.miss, &result.module) {
        (Some(miss), _) => format!("bad  {file}  {miss}"),
        (None, Some(module)) => format!("ok   {file}  {module}"),
        (None, None) => format!("ok   {file}  (format 1)"),
    }
}
