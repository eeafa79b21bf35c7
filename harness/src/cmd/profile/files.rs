//! What `profile --out` writes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use measure::{Plan, ProfiledLoad};
use record::results_directory;

use super::Profiled;
use crate::Error;
use crate::cmd::file_name::plain;

/// Where profiles of these loads are kept among the results.
pub fn kept(workload: &str, plan: &Plan) -> PathBuf {
    let engines = plan.engines.iter().map(|it| it.name.as_str());
    let paths = plan.paths.iter().map(|it| it.name());
    let words: Vec<&str> = [workload].into_iter().chain(paths).chain(engines).collect();
    let name = plain(&words.join("-"));
    results_directory().join("profiles").join(name)
}

/// Makes the directory; or says, before anything is counted, why nothing can be written there.
pub fn ready(out: &Path) -> Result<(), Error> {
    let made = fs::create_dir_all(out).and_then(|()| record::temporary_in(out).map(drop));
    made.map_err(|source| Error::Write {
        flag: "--out",
        path: out.to_owned(),
        source,
    })
}

/// Flame graphs, and what callgrind wrote.
pub fn keep(
    out: &Path,
    workload: &str,
    loads: &[ProfiledLoad],
    profiled: &[Profiled],
) -> Result<(), Error> {
    let write = |name: &str, bytes: &[u8]| {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(|source| Error::Write {
            flag: "--out",
            path,
            source,
        })
    };
    let mut stacks = Vec::new();
    for (load, it) in loads.iter().zip(profiled) {
        let label = format!("{}-{}", it.engine, it.path);
        let counted = fs::read(&load.file).map_err(|source| Error::Read {
            path: load.file.clone(),
            source,
        })?;
        write(&format!("{label}.callgrind"), &counted)?;
        let of_load = ::profile::stacks(&it.graph);
        let title = format!("{workload} by {} on {}", it.path, it.engine);
        write(
            &format!("{label}.svg"),
            &::profile::flame_graph(&title, &of_load)?,
        )?;
        stacks.push(of_load);
    }
    if let ([first, second], [a, b]) = (&stacks[..], profiled) {
        let title = format!(
            "{workload}: {}, {} against {}, {}",
            b.path, b.engine, a.path, a.engine
        );
        let drawn = ::profile::flame_graph_of_difference(&title, first, second)?;
        write("difference.svg", &drawn)?;
    }
    let _ = writeln!(
        io::stderr(),
        "profile: flame graphs are in {}",
        out.display()
    );
    Ok(())
}
