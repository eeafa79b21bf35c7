//! `cache explain`: why each module of a program, or its pack, would hit or miss now.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{explain_pack, open_store};
use crate::cmd::effect::{CacheLine, given};
use crate::cmd::host_arg::HostArgs;
use crate::cmd::root::root;
use crate::cmd::word::word;
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::store::Access;
use jsc_module_cache::{Expected, Miss, SourceHash};
use load::{CacheOptions, EntryWriter, Obstacle, Program, default_cache_directory, walk_closure};
use sample::{CacheMode, LoadPath, Payload, plural};

/// Arguments of `cache explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The entry module
    entry: PathBuf,
    /// The store's directory [default: $XDG_CACHE_HOME/jsc-harness/modules]
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// The engine to explain for: a name or a version from `engine list`
    #[arg(long)]
    engine: Option<String>,
    /// Whose cache: the entries that `bytecode` and `full` take, or the pack that `graph` takes
    #[arg(long, value_parser = word::<LoadPath>(), default_value = "full")]
    path: LoadPath,
    /// Which functions the pack holds, with --path graph [default: executed]
    #[arg(long, value_parser = word::<Payload>())]
    payload: Option<Payload>,
    /// The directory that the pack is relative to, with --path graph
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(flatten)]
    host: HostArgs,
    /// How to print the explanation
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Explained {
    module: String,
    outcome: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    miss: Option<Miss>,
    /// Why the module was not looked into, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Runs `cache explain`: changes nothing, runs nothing.
pub fn run(arguments: &ExplainArgs) -> Result<ExitStatus, Error> {
    if let Some(wrong) = arguments.without_effect() {
        return Err(Error::Usage(wrong));
    }
    let root = root(
        arguments.root.as_deref(),
        std::slice::from_ref(&arguments.entry),
    )?;
    let loaded = workers::load(arguments.engine.as_deref())?;
    let identity = loaded.engine.build().identity();
    let directory = match &arguments.cache_dir {
        Some(directory) => directory.clone(),
        None => default_cache_directory()?,
    };
    let store = open_store(&directory, Access::ReadOnly)?;
    let program = Program::open(&arguments.entry, &arguments.host.options())?;

    if arguments.path == LoadPath::Graph {
        let options = CacheOptions {
            payload: arguments.payload.unwrap_or_default(),
            root,
            ..CacheOptions::new(directory, CacheMode::ReadOnly)
        };
        explain_pack::explain(&store, &program, &options, &loaded.engine, arguments.format);
        return Ok(ExitStatus::Success);
    }
    // A module without an entry is parsed to see what it imports; nothing of that is stored.
    let mut writer = EntryWriter::new(&loaded.engine, identity);
    let mut explained = Vec::new();
    let obstacles = walk_closure(&program, &mut |key, source| {
        let expected = Expected {
            identity: &identity,
            module_key: key,
            source_hash: SourceHash::of(source),
            source_length: source.len() as u64,
        };
        match store.load(&expected) {
            Ok(entry) => {
                explained.push(Explained {
                    module: key.to_owned(),
                    outcome: "hit",
                    miss: None,
                    why: None,
                });
                Ok(entry.record())
            }
            Err(miss) => {
                explained.push(Explained {
                    module: key.to_owned(),
                    outcome: "miss",
                    miss: Some(miss),
                    why: None,
                });
                Ok(writer.write(key, source)?.record())
            }
        }
    });
    match arguments.format {
        Format::Json => {
            explained.extend(obstacles.into_iter().map(|it| Explained {
                module: it.module,
                outcome: "not followed",
                miss: None,
                why: Some(it.what),
            }));
            print::json(&explained);
        }
        Format::Table => print_table(&explained, &obstacles),
    }
    Ok(ExitStatus::Success)
}

impl ExplainArgs {
    fn without_effect(&self) -> Option<String> {
        let line = CacheLine {
            path: self.path,
            path_is_given: true,
            mode: None,
            given: given(&[
                ("--payload", self.payload.is_some()),
                ("--root", self.root.is_some()),
            ]),
        };
        let of_parse = || "--path parse uses no cache, so there is nothing to explain".to_owned();
        (self.path == LoadPath::Parse)
            .then(of_parse)
            .or_else(|| line.without_effect())
    }
}

fn print_table(explained: &[Explained], obstacles: &[Obstacle]) {
    for module in explained {
        match &module.miss {
            None => print::line(&format!("hit                 {}", module.module)),
            Some(miss) => {
                print::line(&format!(
                    "miss: {:<13} {} ({})",
                    miss.reason.as_str(),
                    module.module,
                    miss.detail
                ));
            }
        }
    }
    let hits = explained.iter().filter(|it| it.miss.is_none()).count() as u64;
    let misses = explained.len() as u64 - hits;
    print::line(&format!(
        "{}, {}",
        plural(hits, "hit", "hits"),
        plural(misses, "miss", "misses")
    ));
    for obstacle in obstacles {
        print::line(&format!(
            "not followed: {}: {}",
            obstacle.module, obstacle.what
        ));
    }
}
