//! `cache build`: entries for the whole static closure of programs, without running them; or their packs.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{build_pack, bytes, open_store};
use crate::cmd::host_arg::HostArgs;
use crate::cmd::root::root;
use crate::cmd::word::word;
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::format::v1::FileV1;
use jsc_module_cache::store::{Access, EntryName};
use jsc_module_cache::{Miss, Store, VerifiedEntry};
use load::{CacheOptions, EntryWriter, Obstacle, Program, Unwritable, walk_closure};
use sample::{CacheMode, Payload, WhyUnwritten, plural};

/// Arguments of `cache build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Entry modules
    #[arg(required = true)]
    entries: Vec<PathBuf>,
    /// The store's directory; created when it does not exist
    #[arg(long, value_name = "DIR")]
    cache_dir: PathBuf,
    /// The engine to build for: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// Make a pack of each program instead
    #[arg(long)]
    pack: bool,
    /// Which functions a pack holds. Only for `executed` does the program run; what it prints goes to standard error
    #[arg(long, value_parser = word::<Payload>(), default_value = "all", requires = "pack")]
    payload: Payload,
    /// Make packs relative to this directory: `run --root` finds them wherever it has been moved
    #[arg(long, value_name = "DIR", requires = "pack")]
    root: Option<PathBuf>,
    #[command(flatten)]
    host: HostArgs,
    /// The format of the files [default: v2]
    #[arg(long, value_enum, value_name = "FORMAT")]
    file_format: Option<FileFormat>,
    /// How to print what was built
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// Files that hold what the old format can; runs do not use them
    V1,
    /// Entries that runs load from
    V2,
}

/// What was built.
#[derive(Debug, Default, Serialize)]
struct Built {
    modules: Vec<BuiltModule>,
    /// Code of functions that is in no entry, because it is out of proportion to the source.
    left_out: u64,
    /// What has no entry, and why.
    obstacles: Vec<FailedModule>,
}

#[derive(Debug, Serialize)]
struct BuiltModule {
    module: String,
    file: String,
    source_bytes: u64,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct FailedModule {
    module: String,
    reason: String,
}

/// Runs `cache build`: exit code 1 when something of the closure has no entry.
pub fn run(arguments: &BuildArgs) -> Result<ExitStatus, Error> {
    if arguments.pack && arguments.file_format.is_some() {
        return Err(Error::Usage(
            "--file-format has no effect with --pack: it is the format of entries; leave out one of the two".to_owned(),
        ));
    }
    let v1 = arguments.file_format == Some(FileFormat::V1);
    let root = root(arguments.root.as_deref(), &arguments.entries)?;
    let loaded = workers::load(arguments.engine.as_deref())?;
    if arguments.pack {
        let options = CacheOptions {
            payload: arguments.payload,
            root,
            ..CacheOptions::new(&arguments.cache_dir, CacheMode::Refresh)
        };
        return build_pack::run(
            &loaded,
            &arguments.entries,
            &arguments.host.options(),
            &options,
            arguments.format,
        );
    }
    let store = open_store(&arguments.cache_dir, Access::ReadWrite)?;
    let mut writer = EntryWriter::new(&loaded.engine, loaded.engine.build().identity());
    let mut built = Built::default();
    let mut seen = std::collections::HashSet::new();
    for entry in &arguments.entries {
        let program = Program::open(entry, &arguments.host.options())?;
        let obstacles = walk_closure(&program, &mut |key, source| {
            let entry = writer.write(key, source)?;
            if seen.insert(key.to_owned()) {
                built.modules.push(save(&store, &entry, v1)?);
            }
            Ok(entry.record())
        });
        built
            .obstacles
            .extend(
                obstacles
                    .into_iter()
                    .map(|Obstacle { module, what }| FailedModule {
                        module,
                        reason: what,
                    }),
            );
    }
    built.left_out = writer.left_out();
    match arguments.format {
        Format::Json => print::json(&built),
        Format::Table => print_table(&built, &arguments.cache_dir),
    }
    Ok(if built.obstacles.is_empty() {
        ExitStatus::Success
    } else {
        ExitStatus::Finding
    })
}

fn save(store: &Store, entry: &VerifiedEntry, v1: bool) -> Result<BuiltModule, Unwritable> {
    let name = EntryName::new(entry.module_key(), entry.source_hash(), &entry.identity());
    let (file, bytes) = if v1 {
        (name.v1(), save_v1(store, entry, &name))
    } else {
        let saved = store.save(entry);
        (name.to_string(), saved.map(|_| entry.as_bytes().len()))
    };
    Ok(BuiltModule {
        module: entry.module_key().to_owned(),
        file,
        source_bytes: entry.source_length(),
        bytes: bytes.map_err(|miss| Unwritable::new(WhyUnwritten::Store, miss))? as u64,
    })
}

/// Files of the old format lie beside the entries under another extension: no run takes them for its own.
fn save_v1(store: &Store, entry: &VerifiedEntry, name: &EntryName) -> Result<usize, Miss> {
    let file = FileV1::from_record(&entry.record(), entry.bytecode())?.write()?;
    store.save_v1(name, &file)?;
    Ok(file.len())
}

fn print_table(built: &Built, directory: &Path) {
    let sources: u64 = built.modules.iter().map(|it| it.source_bytes).sum();
    let files: u64 = built.modules.iter().map(|it| it.bytes).sum();
    print::line(&format!(
        "{} in {}: {} for {} of source ({:.2} bytes a byte)",
        plural(built.modules.len() as u64, "entry", "entries"),
        directory.display(),
        bytes(files),
        bytes(sources),
        files as f64 / sources.max(1) as f64
    ));
    if built.left_out > 0 {
        print::line(&format!(
            "left out: the code of {}, generated when first used",
            plural(built.left_out, "function", "functions")
        ));
    }
    for failed in &built.obstacles {
        print::line(&format!("no entry: {}: {}", failed.module, failed.reason));
    }
}
