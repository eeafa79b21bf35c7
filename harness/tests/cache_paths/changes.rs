//! Changing files, and entries of a cache, signed again or not.

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jsc_module_cache::format::layout::{CHECKSUM_OFFSET, Header, Section, checksum};

use crate::support::Cache;
use test_programs::{Program, program};

pub const MODULES: &[&str] = &["main.mjs", "a.mjs", "b.mjs", "c.mjs"];

/// One function is called in each module.
pub fn subject() -> Program {
    program(
        "import { a } from './a.mjs';\nimport { b } from './b.mjs';\nfunction show() { return `${a()} ${b()}`; }\nconsole.log(show());\n",
    )
    .file("a.mjs", "export function a() { return `a1\n`; }\n")
    .file("b.mjs", "import { c } from './c.mjs';\nexport function b() { return `b ${c()}`; }\n")
    .file("c.mjs", "export function c() { return new Error('c').stack.split('/').pop(); }\nexport const 变量 = 1;\n")
}

pub fn time_of(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

pub fn set_time(path: &Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}

pub fn edit(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    edit(&mut bytes);
    fs::write(path, bytes).unwrap();
}

pub fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from));
    fs::write(path, text.replace(from, to)).unwrap();
}

pub fn entry_of_a(program: &Program, cache: &Cache) -> PathBuf {
    cache.entry(&program.path("a.mjs"))
}

/// Changes the bytes of a.mjs's entry.
pub fn damage(program: &Program, cache: &Cache, with: impl FnOnce(&mut Vec<u8>)) {
    edit(&entry_of_a(program, cache), with);
}

/// Changes the bytes of a module's entry and gives it the checksum that it should have, so that what is behind the checksum
/// is reached.
pub fn damage_and_sign(
    program: &Program,
    cache: &Cache,
    module: &str,
    with: impl FnOnce(&mut [u8]),
) {
    edit(&cache.entry(&program.path(module)), |bytes| {
        with(bytes);
        let signed = checksum(bytes).unwrap();
        bytes[CHECKSUM_OFFSET..][..16].copy_from_slice(signed.as_bytes());
    });
}

/// Replaces what is there once.
pub fn replace_bytes(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let mut places = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from));
    let place = places.next().unwrap();
    bytes[place..][..to.len()].copy_from_slice(to);
}

/// The record image of an entry.
pub fn record(entry: &mut [u8]) -> &mut [u8] {
    let (at, length) = section(entry, 2);
    &mut entry[at..at + length]
}

pub fn word(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .first_chunk()
        .map_or(0, |it| u32::from_le_bytes(*it)) as usize
}

/// The first byte and the length of a section, by its number.
pub fn section(file: &[u8], kind: u32) -> (usize, usize) {
    let table = &file[size_of::<Header>()..];
    let number = |at: usize, bytes: usize| {
        let mut number = [0; 8];
        number[..bytes].copy_from_slice(&table[at..at + bytes]);
        u64::from_le_bytes(number) as usize
    };
    (0..3)
        .map(|index| index * size_of::<Section>())
        .find(|at| number(*at, 4) == kind as usize)
        .map(|at| (number(at + 8, 8), number(at + 16, 8)))
        .unwrap()
}
