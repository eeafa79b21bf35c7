//! `engine gc`: what the store holds and nobody needs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jsc_provision::engine::Manifest;
use jsc_provision::named::{Definitions, build_name};
use jsc_provision::store::Store;
use jsc_provision::{Bridge, Provenance, Settings, pins};
use serde::Serialize;
use walkdir::WalkDir;

use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};

/// The end of the help of `engine gc`.
pub const AFTER_GC: &str = "\
Kept: the pinned engines, those that are defined here, and those whose file of definitions still defines them, each with its
bridges and its build. Removed: every other engine and build, and bridges made of other sources than this program's; those
are compiled again when they are needed, in a minute.";

/// A file in an engine's folder that names the file that defined it.
const DEFINED_IN: &str = "defined-in";

/// A folder of the store, and what becomes of it.
#[derive(Debug, Serialize)]
struct Fate {
    folder: PathBuf,
    bytes: u64,
    removed: bool,
    why: String,
}

/// What decides.
struct Needed<'a> {
    store: Store,
    definitions: &'a Definitions,
    pinned: BTreeSet<String>,
    /// The engines of the store that somebody named, and where they come from.
    engines: Vec<(String, Provenance)>,
}

/// Removes what nobody needs, or says what that would be.
pub fn run(
    definitions: &Definitions,
    builds: bool,
    dry_run: bool,
    format: Format,
) -> Result<ExitStatus, Error> {
    let needed = Needed::new(definitions)?;
    let mut fates = Vec::new();
    for folder in folders(&needed.store.engines())? {
        let why = needed.engine(name(&folder));
        fates.push(fate(folder, why));
    }
    for folder in folders(&needed.store.builds())? {
        let why = match builds {
            true => Err("builds were to be removed".to_owned()),
            false => needed.build(name(&folder)),
        };
        fates.push(fate(folder, why));
    }
    for folder in folders(&needed.store.bridges())? {
        let why = needed.bridge(&folder);
        fates.push(fate(folder, why));
    }
    if needed.store.ccache().is_dir() {
        let why = "what builds share; ccache keeps it below CCACHE_MAXSIZE (5G)".to_owned();
        fates.push(fate(needed.store.ccache(), Ok(why)));
    }
    if !dry_run {
        for fate in fates.iter().filter(|it| it.removed) {
            super::remove_folder(&fate.folder)?;
        }
    }
    match format {
        Format::Json => print::json(&fates),
        Format::Table => print::line(&text(&fates, dry_run)),
    }
    Ok(ExitStatus::Success)
}

/// Notes which file defines an engine of the store: another project's gc has to know.
pub fn note_definition(store: &Store, name: &str, file: &Path) -> Result<(), Error> {
    let folder = store.engine(name);
    if !folder.is_dir() {
        // An unpacked engine is used where it is.
        return Ok(());
    }
    let path = folder.join(DEFINED_IN);
    let text = file.to_string_lossy();
    fs::write(&path, &*text).map_err(|source| Error::Write {
        flag: "engine build",
        path,
        source,
    })
}

impl<'a> Needed<'a> {
    fn new(definitions: &'a Definitions) -> Result<Self, Error> {
        let settings = Settings::from_env()?;
        let machine = settings.machine()?;
        let names = pins::all()
            .iter()
            .map(|pin| machine.engine_name(&pin.version));
        let store = Store::new(&settings);
        let from = |folder: &PathBuf| {
            let provenance = Manifest::read(folder).ok()?.provenance?;
            Some((name(folder).to_owned(), provenance))
        };
        Ok(Self {
            definitions,
            pinned: names.flat_map(|it| [format!("{it}-tree"), it]).collect(),
            engines: folders(&store.engines())?.iter().filter_map(from).collect(),
            store,
        })
    }

    /// Why an engine is kept, or why not.
    fn engine(&self, name: &str) -> Result<String, String> {
        let here = self.definitions.file();
        if self.pinned.contains(name) {
            return Ok("pinned".to_owned());
        }
        if self.definitions.find(name).is_ok() {
            return Ok(format!("defined in {}", here.display()));
        }
        let noted = fs::read_to_string(self.store.engine(name).join(DEFINED_IN));
        if let Ok(file) = noted
            && file_defines(Path::new(&file), name)
        {
            return Ok(format!("defined in {file}"));
        }
        Err(format!("neither pinned nor defined in {}", here.display()))
    }

    /// Why a build is kept: for the engine of its name, or for one that shares it with others.
    fn build(&self, name: &str) -> Result<String, String> {
        let is_it = |engine: &str, kind: &str, location: &str, cmake: &[String]| {
            build_name(engine, kind, location, cmake) == name
        };
        let mut defined = self.definitions.all().iter();
        let defined = defined.find(|it| {
            let location = it.origin.location().to_string_lossy();
            is_it(&it.name, it.origin.kind(), &location, &it.cmake)
        });
        let built = || {
            self.engines.iter().find(|(engine, made)| {
                is_it(engine, &made.kind, &made.location, &made.cmake)
                    && self.engine(engine).is_ok()
            })
        };
        match defined
            .map(|it| &it.name)
            .or_else(|| built().map(|it| &it.0))
        {
            Some(engine) => Ok(format!("another build of {engine} takes minutes with it")),
            None => self.engine(name),
        }
    }

    fn bridge(&self, folder: &Path) -> Result<String, String> {
        match Bridge::read(folder) {
            Err(error) => Err(format!("not whole: {error}")),
            Ok(bridge) if bridge.sources_digest != jsc_sys::BRIDGE_SOURCES_DIGEST => {
                Err("made of other sources of the bridge than this program's".to_owned())
            }
            Ok(bridge) => self.engine(&bridge.engine.name),
        }
    }
}

fn file_defines(file: &Path, name: &str) -> bool {
    // A file that cannot be read now may define it tomorrow.
    file.exists() && Definitions::read(file).map_or(true, |it| it.find(name).is_ok())
}

fn fate(folder: PathBuf, why: Result<String, String>) -> Fate {
    Fate {
        bytes: size(&folder),
        folder,
        removed: why.is_err(),
        why: why.unwrap_or_else(|why| why),
    }
}

fn text(fates: &[Fate], dry_run: bool) -> String {
    let verb = if dry_run { "would remove" } else { "removed" };
    let line = |it: &Fate| {
        let verb = if it.removed { verb } else { "kept" };
        let folder = it.folder.display();
        format!("{verb} {folder} ({} MB): {}", it.bytes / 1_000_000, it.why)
    };
    let mut lines: Vec<String> = fates.iter().map(line).collect();
    let freed: u64 = fates
        .iter()
        .filter(|it| it.removed)
        .map(|it| it.bytes)
        .sum();
    lines.push(format!("{verb} {} MB in all", freed / 1_000_000));
    lines.join("\n")
}

fn folders(parent: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(parent) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => {
            return Err(Error::Read {
                path: parent.to_owned(),
                source,
            });
        }
    };
    let paths = entries.flatten().map(|it| it.path());
    let mut folders: Vec<PathBuf> = paths.filter(|it| it.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

fn name(folder: &Path) -> &str {
    let name = folder.file_name().and_then(|it| it.to_str());
    name.unwrap_or_default()
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> u64 {
    let entries = WalkDir::new(folder).into_iter().flatten();
    let sizes = entries.filter_map(|it| Some(it.metadata().ok()?.len()));
    sizes.sum()
}
