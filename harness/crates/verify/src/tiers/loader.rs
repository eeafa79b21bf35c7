//! What tiers up of the engine's own module loader, which only parsing goes through.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use sample::{LoadPath, Observe, Task};
use workers::{InstalledEngine, WorkerCall};

use super::compiled::Compiled;
use crate::error::Error;

/// Modules of the graph: enough for the loader's functions to reach the last tier.
const MODULES: usize = 1500;

/// Of these some are imported once more, later.
const LATER: usize = 300;

/// What the loader does with promises, often enough.
const PROMISES: &str = "\
const failed = () => 0;
for (let round = 0; round < 5000; round++) await Promise.resolve(round).then().catch(failed);
for (let round = 0; round < 500; round++) await Promise.reject(round).catch(failed);
";

/// The functions that an engine compiles to load many modules that do nothing: its loader's, and of promises. `directory` is
/// for the modules.
///
/// # Errors
/// They cannot be written, or not be loaded.
pub fn functions(engine: &InstalledEngine, directory: &Path) -> Result<Compiled, Error> {
    let wrong = |source| Error::Scratch {
        path: directory.to_owned(),
        source,
    };
    fs::create_dir_all(directory).map_err(wrong)?;
    let mut entry = String::new();
    for module in 0..MODULES {
        // A web: each has two importers and two imports.
        let imported = [module * 2 + 1, module * 2 + 2, module / 2 + MODULES / 2];
        let imported: BTreeSet<usize> = imported.into_iter().filter(|it| *it < MODULES).collect();
        let mut text = String::new();
        for imported in imported {
            let _ = writeln!(text, "export * as m{imported} from './{imported}.mjs';");
            let _ = writeln!(
                text,
                "import {{ a as a{imported} }} from './{imported}.mjs';"
            );
            let _ = writeln!(
                text,
                "export function b{imported}() {{ return a{imported}; }}"
            );
        }
        // A circle, as there are in most graphs.
        let _ = writeln!(text, "import * as back from './{}.mjs';", module / 2);
        let _ = writeln!(text, "export const a = {module}, f = () => back;");
        if module % 5 == 0 {
            text += "await 0;\n";
        }
        fs::write(directory.join(format!("{module}.mjs")), text).map_err(wrong)?;
        let _ = writeln!(entry, "import './{module}.mjs';");
    }
    for later in 0..LATER {
        let _ = writeln!(entry, "await import('./{later}.mjs');");
    }
    entry += PROMISES;
    // All at once, and from one module on: the loader takes other ways.
    let mut compiled = Compiled::default();
    for (name, text) in [("all.mjs", &*entry), ("one.mjs", "import './0.mjs';")] {
        let path = directory.join(name);
        fs::write(&path, text).map_err(wrong)?;
        compiled = compiled.and(of(engine, &path)?);
    }
    match compiled == Compiled::default() {
        true => Err(Error::NothingCompiled {
            engine: engine.name.clone(),
        }),
        false => Ok(compiled),
    }
}

fn of(engine: &InstalledEngine, entry: &Path) -> Result<Compiled, Error> {
    let task = Task::new(LoadPath::Parse, entry).observing(Observe::Nothing);
    let mut call = WorkerCall::new(engine, task);
    call.keep_stderr = usize::MAX;
    let finished = call.run().map_err(Error::Loader)?;
    match finished.line.outcome.error {
        Some(error) => Err(Error::LoaderThrew { error }),
        None => Ok(Compiled::read(&finished.stderr)),
    }
}
