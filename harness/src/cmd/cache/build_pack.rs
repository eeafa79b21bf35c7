//! `cache build --pack`: packs of programs. For a pack of what was executed the program runs; a pack of every function needs
//! none of that.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustix::stdio::{dup2_stdout, stderr, stdout};
use serde::Serialize;

use super::{bytes, open_store};
use crate::cmd::terminal::Terminal;
use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use jsc_module_cache::pack::{Payload, VerifiedPack};
use jsc_module_cache::store::{Access, PackName};
use jsc_module_cache::{MissReason, Store};
use load::{CacheOptions, ExecutionOptions, Interference, Program};
use resolve::ModuleKey;
use sample::{HostOptions, LoadPath, plural};
use workers::Loaded;

/// What was built.
#[derive(Debug, Default, Serialize)]
struct BuiltPacks {
    packs: Vec<BuiltPack>,
    /// Entries that have no pack, and why.
    obstacles: Vec<WithoutPack>,
}

#[derive(Debug, Serialize)]
struct BuiltPack {
    entry: String,
    file: String,
    payload: Payload,
    modules: usize,
    source_bytes: u64,
    bytes: u64,
    /// Functions without code, because it is out of proportion to the source. Not known of what was executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u64>,
    /// How the program ended, if that was not well.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<String>,
}

#[derive(Debug, Serialize)]
struct WithoutPack {
    entry: String,
    reason: String,
}

/// Makes the pack of each program; exit code 1 when one has none.
pub fn run(
    loaded: &Loaded,
    entries: &[PathBuf],
    host: &HostOptions,
    options: &CacheOptions,
    format: Format,
) -> Result<ExitStatus, Error> {
    let store = open_store(&options.directory, Access::ReadWrite)?;
    let mut built = BuiltPacks::default();
    // All are looked for before anything is written.
    let mut programs: Vec<Program> = Vec::new();
    for entry in entries {
        let program = Program::open(entry, host)?;
        if programs.iter().all(|it| it.entry != program.entry) {
            programs.push(program);
        }
    }
    for program in programs {
        let key = &program.entry;
        let made = match options.payload {
            Payload::All => build(loaded, &store, &program, options),
            Payload::Executed => match run_program(loaded, &program, options)? {
                Ended::WithPack(ended) => of_executed(loaded, &store, key, options, ended),
                Ended::WithoutPack(reason) => Err(reason),
            },
        };
        match made {
            Ok(pack) => built.packs.push(pack),
            Err(reason) => built.obstacles.push(WithoutPack {
                entry: key.as_str().to_owned(),
                reason,
            }),
        }
    }
    match format {
        Format::Json => print::json(&built),
        Format::Table => print_table(&built),
    }
    Ok(if built.obstacles.is_empty() {
        ExitStatus::Success
    } else {
        ExitStatus::Finding
    })
}

/// What running a program has left behind.
enum Ended {
    /// A pack, and how the program ended, if not well.
    WithPack(Option<String>),
    /// No pack, and why.
    WithoutPack(String),
}

fn run_program(loaded: &Loaded, program: &Program, cache: &CacheOptions) -> Result<Ended, Error> {
    let options = ExecutionOptions {
        program,
        path: LoadPath::Graph,
        cache: Some(cache),
        stats: false,
        console: Rc::new(Terminal),
        observer: None,
        true_lines: false,
        interference: &Interference::default(),
        again: true,
    };
    let execution =
        with_output_on_stderr(|| Ok(load::execute(&loaded.engine, &loaded.name, &options)?))?;
    // Of the entry, it is why there is no pack; of others, of what the program imported later.
    let mut unwritten = execution.cache.into_iter().flat_map(|it| it.unwritten);
    let unwritten = unwritten.find(|it| it.module == program.entry.as_str());
    let ended = execution.outcome.in_words();
    Ok(match (unwritten, ended) {
        (Some(it), Some(ended)) => {
            Ended::WithoutPack(format!("{}; the program: {ended}", it.reason))
        }
        (Some(it), None) => Ended::WithoutPack(it.reason),
        (None, ended) => Ended::WithPack(ended),
    })
}

/// What programs print must not be mixed with what this command prints.
fn with_output_on_stderr<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let failed = |source: io::Error| Error::Write {
        flag: "--pack",
        path: Path::new("/dev/stdout").to_owned(),
        source,
    };
    let kept = rustix::io::fcntl_dupfd_cloexec(stdout(), 3).map_err(|it| failed(it.into()))?;
    let _ = io::stdout().flush();
    dup2_stdout(stderr()).map_err(|it| failed(it.into()))?;
    let done = work();
    let _ = io::stdout().flush();
    dup2_stdout(&kept).map_err(|it| failed(it.into()))?;
    done
}

/// The pack of every function of a program that does not run for it.
fn build(
    loaded: &Loaded,
    store: &Store,
    program: &Program,
    options: &CacheOptions,
) -> Result<BuiltPack, String> {
    let built = load::build_pack(&loaded.engine, program, options.root.as_ref(), store);
    let built = built.map_err(|it| it.reason)?;
    drop_stale(loaded, store, program, options);
    Ok(BuiltPack {
        left_out: Some(built.left_out),
        ..describe(loaded, &program.entry, &built.pack)
    })
}

/// Drops an older pack of what was executed that does not fit the sources any more: runs would prefer it.
fn drop_stale(loaded: &Loaded, store: &Store, program: &Program, options: &CacheOptions) {
    let (key, identity) = (
        options.stored(&program.entry),
        loaded.engine.build().identity(),
    );
    let older = store.load_pack(&key, Payload::Executed, &identity);
    let is_stale = match older.and_then(|it| options.placed(it)) {
        Ok(pack) => program.has_made(&pack).is_err() || load::stale_module(pack, program).is_some(),
        Err(miss) => miss.reason != MissReason::Absent,
    };
    if is_stale {
        let name = PackName::new(&key, Payload::Executed, &identity);
        // One that cannot be removed is found stale by each run.
        let _ = store.remove_pack(&name);
    }
}

fn of_executed(
    loaded: &Loaded,
    store: &Store,
    entry: &ModuleKey,
    options: &CacheOptions,
    program: Option<String>,
) -> Result<BuiltPack, String> {
    let identity = loaded.engine.build().identity();
    let pack = store.load_pack(&options.stored(entry), Payload::Executed, &identity);
    let pack = pack.map_err(|miss| miss.to_string())?;
    Ok(BuiltPack {
        program,
        ..describe(loaded, entry, &pack)
    })
}

fn describe(loaded: &Loaded, entry: &ModuleKey, pack: &VerifiedPack) -> BuiltPack {
    let identity = loaded.engine.build().identity();
    BuiltPack {
        entry: entry.as_str().to_owned(),
        file: PackName::new(pack.stored_key(pack.len() - 1), pack.payload(), &identity).to_string(),
        payload: pack.payload(),
        modules: pack.len(),
        source_bytes: (0..pack.len()).map(|it| pack.source(it).length).sum(),
        bytes: pack.file_length(),
        left_out: None,
        program: None,
    }
}

fn print_table(built: &BuiltPacks) {
    for pack in &built.packs {
        print::line(&format!(
            "{}  {}: {}, payload {}: {} for {} of source ({:.2} bytes a byte)",
            pack.file,
            pack.entry,
            plural(pack.modules as u64, "module", "modules"),
            pack.payload.name(),
            bytes(pack.bytes),
            bytes(pack.source_bytes),
            pack.bytes as f64 / pack.source_bytes.max(1) as f64
        ));
        if let Some(left_out) = pack.left_out.filter(|it| *it > 0) {
            print::line(&format!(
                "    left out: the code of {}, generated when first used",
                plural(left_out, "function", "functions")
            ));
        }
        if let Some(program) = &pack.program {
            print::line(&format!("    its program did not end well: {program}"));
        }
    }
    for failed in &built.obstacles {
        print::line(&format!("no pack: {}: {}", failed.entry, failed.reason));
    }
}
