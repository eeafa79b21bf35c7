//! What somebody does to a file between two loads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::generate::rng::Rng;

/// A change of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The file, relative to the graph's folder.
    pub file: String,
    pub kind: EditKind,
}

/// What is done to the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditKind {
    /// This line is added at its end.
    Append(String),
    /// This line is added at its beginning.
    Prepend(String),
    /// Its line of this number is left out; numbers wrap.
    DropLine(usize),
    /// The first text in it becomes the second.
    Replace(String, String),
    /// It gets the text of another file.
    CopyOf(String),
    /// It goes away.
    Delete,
    /// It is written anew with the same text.
    Touch,
}

const APPENDED: &[&str] = &[
    "console.log('edited');",
    "export const a = 'a second a';",
    "export const added = 'added', f = 'another f';",
    "export const = ;",
    "await null; console.log('awaited in an edit');",
    "throw new Error('edited');",
    "export * from './entry.mjs';",
    "export * from './m1.mjs';",
    "export * from './m2.mjs';",
    "import { a as fromEdit } from './m1.mjs'; console.log(typeof fromEdit);",
    "import * as edited from './m2.mjs'; console.log(Object.keys(edited).join());",
    "import './m3.mjs';",
    "import('./m2.mjs').then((it) => console.log(Object.keys(it)), (error) => console.log(String(error)));",
    "export { default as handed } from './m1.mjs';",
    "// Only a comment.",
    "console.log(import.meta.url.split('/').pop());",
];

const REPLACED: &[(&str, &str)] = &[
    ("export const a", "export const renamed"),
    ("export let b", "export let renamed"),
    ("export const ", "const "),
    ("export default ", "export const wasDefault = "),
    ("const ", "let "),
    ("let ", "var "),
    (" from './m1.mjs'", " from './m2.mjs'"),
    (" from './m2.mjs'", " from './m1.mjs'"),
    ("import * as ", "import "),
    ("export * from", "import"),
    ("see(", "see (\n"),
    ("'", "\""),
    ("await ", ""),
    (" as a ", " as b "),
];

impl Edit {
    /// Draws a change of one of these files.
    pub fn draw(rng: &mut Rng, files: &BTreeMap<String, String>) -> Self {
        let names: Vec<&String> = files.keys().collect();
        let file = (*rng.pick(&names)).clone();
        let kind = match rng.below(20) {
            0..9 => EditKind::Append((*rng.pick(APPENDED)).to_owned()),
            9 => EditKind::Prepend((*rng.pick(APPENDED)).to_owned()),
            10..13 => EditKind::DropLine(rng.below(1_000)),
            13 | 14 => EditKind::CopyOf((*rng.pick(&names)).clone()),
            15 if names.len() > 1 => EditKind::Delete,
            16 => EditKind::Touch,
            _ => Self::replacement(rng, &files[&file]),
        };
        Self { file, kind }
    }

    /// One that finds something, if there is one.
    fn replacement(rng: &mut Rng, text: &str) -> EditKind {
        let found: Vec<_> = REPLACED.iter().filter(|it| text.contains(it.0)).collect();
        match found.is_empty() {
            true => EditKind::Touch,
            false => {
                let (from, to) = rng.pick(&found);
                EditKind::Replace((*from).to_owned(), (*to).to_owned())
            }
        }
    }

    /// The files after the change.
    pub fn apply(&self, files: &mut BTreeMap<String, String>) {
        let before = files.get(&self.file).cloned().unwrap_or_default();
        let after = match &self.kind {
            EditKind::Append(line) => format!("{before}\n{line}\n"),
            EditKind::Prepend(line) => format!("{line}\n{before}"),
            EditKind::DropLine(number) => {
                let mut lines: Vec<&str> = before.split('\n').collect();
                lines.remove(number % lines.len());
                lines.join("\n")
            }
            EditKind::Replace(from, to) => before.replacen(from, to, 1),
            EditKind::CopyOf(other) => match files.get(other) {
                Some(text) => text.clone(),
                None => before,
            },
            EditKind::Delete => {
                files.remove(&self.file);
                return;
            }
            EditKind::Touch => before,
        };
        files.insert(self.file.clone(), after);
    }
}
