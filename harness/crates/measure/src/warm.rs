//! A warm page cache: what workers are made of is in memory before the first of them is timed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use super::plan::Plan;

/// Reads every file that this program and the engines consist of. Otherwise a worker that comes upon a piece of code that
/// none before it needed would wait for the disk.
///
/// What cannot be read is left alone: a load that has to wait for it shows by its page faults.
pub fn read_programs(plan: &Plan) {
    let mut files = mapped_files();
    for engine in &plan.engines {
        let libraries = fs::read_dir(&engine.directory).into_iter().flatten();
        files.extend(libraries.filter_map(|entry| Some(entry.ok()?.path())));
    }
    for file in files {
        let _ = File::open(file).and_then(|mut file| io::copy(&mut file, &mut io::sink()));
    }
}

/// The files that are mapped into this process: the same program and libraries that a worker consists of.
fn mapped_files() -> BTreeSet<PathBuf> {
    fs::read_to_string("/proc/self/maps")
        .unwrap_or_default()
        .lines()
        .filter_map(|line| Some(PathBuf::from(&line[line.find('/')?..])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_and_its_libraries_are_among_them() {
        let files = mapped_files();
        assert!(files.contains(&std::env::current_exe().unwrap()));
        let libc = |file: &PathBuf| file.display().to_string().contains("libc.so");
        assert!(files.iter().any(libc), "{files:?}");
    }
}
