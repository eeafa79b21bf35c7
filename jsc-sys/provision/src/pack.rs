//! Packing an engine into an archive that another machine can use.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tar::{EntryType, Header};

use crate::{Engine, Error};

/// What an archive's name ends with.
pub const EXTENSION: &str = ".tar.zst";

/// What is packed. Notes that the store keeps beside these are not part of an engine.
const PARTS: &[&str] = &["bin", "engine.json", "include", "lib"];
/// 190 MB become 26 in half a minute. The highest levels save three more and take minutes.
const COMPRESSION_LEVEL: i32 = 12;
/// 2026-01-01: when an archive was made says nothing about what is in it, so it is always the same time.
const FIXED_TIME: u64 = 1_767_225_600;

/// Packs an engine into `<name>.tar.zst` in an existing folder and returns the archive's path.
///
/// The same engine gives the same bytes: entries are sorted and owners, times and permissions are fixed.
pub fn pack_engine(engine: &Engine, folder: &Path) -> Result<PathBuf, Error> {
    let archive = folder.join(format!("{}{EXTENSION}", engine.name));
    let entries = entries(engine)?;
    // Written beside its place and renamed: an interrupted packing leaves no half archive under the right name.
    let file = tempfile::Builder::new()
        .prefix(".packing-")
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(Error::io("create a file in", folder))?;
    write_archive(file.as_file(), engine, &entries).map_err(Error::io("write", &archive))?;
    file.persist(&archive)
        .map_err(|error| Error::io("create", &archive)(error.error))?;
    Ok(archive)
}

fn write_archive(file: &File, engine: &Engine, entries: &[PathBuf]) -> io::Result<()> {
    let encoder = zstd::stream::write::Encoder::new(BufWriter::new(file), COMPRESSION_LEVEL)?;
    let mut tar = tar::Builder::new(encoder);
    for entry in entries {
        let path = engine.directory.join(entry);
        let place = Path::new(&engine.name).join(entry);
        let data = path.symlink_metadata()?;
        let mut header = Header::new_gnu();
        header.set_mtime(FIXED_TIME);
        header.set_uid(0);
        header.set_gid(0);
        if data.is_symlink() {
            header.set_entry_type(EntryType::Symlink);
            header.set_mode(0o777);
            header.set_size(0);
            tar.append_link(&mut header, place, fs::read_link(&path)?)?;
        } else if data.is_dir() {
            header.set_entry_type(EntryType::Directory);
            header.set_mode(0o755);
            header.set_size(0);
            tar.append_data(&mut header, place, io::empty())?;
        } else {
            header.set_entry_type(EntryType::Regular);
            header.set_mode(if data.permissions().mode() & 0o100 != 0 {
                0o755
            } else {
                0o644
            });
            header.set_size(data.len());
            tar.append_data(&mut header, place, File::open(&path)?)?;
        }
    }
    tar.into_inner()?.finish()?.flush()
}

/// Everything to pack, relative to the engine's folder, a folder before what is in it, sorted.
fn entries(engine: &Engine) -> Result<Vec<PathBuf>, Error> {
    let mut found = vec![PathBuf::new()];
    let mut open: Vec<PathBuf> = PARTS.iter().map(PathBuf::from).collect();
    while let Some(entry) = open.pop() {
        let path = engine.directory.join(&entry);
        let data = path.symlink_metadata().map_err(Error::io("read", &path))?;
        if data.is_dir() {
            for child in fs::read_dir(&path).map_err(Error::io("read", &path))? {
                open.push(entry.join(child.map_err(Error::io("read", &path))?.file_name()));
            }
        }
        found.push(entry);
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, Recorder, machine};
    use crate::{Settings, provide_engine};

    const NEW: &str = "2.52.6";

    #[test]
    fn a_packed_engine_comes_out_of_a_fresh_store_the_same() {
        let bench = Bench::new();
        let packed = bench.archive(NEW, |_| ());
        let settings = Settings {
            archive: Some(packed.clone()),
            ..bench.settings()
        };
        let engine = provide_engine(NEW, &settings, &mut Recorder::default()).unwrap();
        let again = bench.path("again");
        fs::create_dir(&again).unwrap();
        let repacked = pack_engine(&engine, &again).unwrap();
        assert_eq!(repacked.file_name(), packed.file_name());
        assert!(
            fs::read(repacked).unwrap() == fs::read(packed).unwrap(),
            "the bytes differ"
        );
    }

    #[test]
    fn an_archive_has_one_top_folder_sorted_entries_and_fixed_data() {
        let bench = Bench::new();
        let archive = bench.archive(NEW, |_| ());
        let tar = zstd::decode_all(File::open(archive).unwrap()).unwrap();
        let mut names = Vec::new();
        for entry in tar::Archive::new(tar.as_slice()).entries().unwrap() {
            let entry = entry.unwrap();
            assert_eq!(
                (
                    entry.header().mtime().unwrap(),
                    entry.header().uid().unwrap()
                ),
                (FIXED_TIME, 0)
            );
            names.push(entry.path().unwrap().into_owned());
        }
        let mut sorted = names.clone();
        sorted.sort();
        assert_eq!(names, sorted);
        let top = Path::new("jsc-2.52.6-x86_64-linux-gnu-bookworm");
        assert_eq!(names[0], top);
        assert!(names.iter().all(|name| name.starts_with(top)));
        assert!(names.contains(&top.join("include/build/VM.h")));
    }

    #[test]
    fn an_engine_that_lacks_a_part_is_not_packed() {
        let bench = Bench::new();
        let directory = bench.engine(NEW, |_| ());
        let engine = Engine::open(&directory, &machine()).unwrap();
        fs::remove_dir_all(directory.join("bin")).unwrap();
        let message = bench.message(pack_engine(&engine, &bench.path("")));
        assert!(
            message.starts_with("could not read BENCH/engines/jsc-2.52.6"),
            "{message}"
        );
        let left = fs::read_dir(bench.path("")).unwrap().flatten();
        assert_eq!(left.count(), 1, "only the engines' folder is there");
    }
}
