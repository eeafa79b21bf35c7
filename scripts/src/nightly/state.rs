//! How far a night is, in a file.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::code::Code;

/// The number of the file's layout.
const SCHEMA: u32 = 1;

/// How far a night is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    schema: u32,
    /// Names the night: when it began.
    pub night: String,
    /// What the night is of. One of something else is another night.
    pub of: Of,
    /// Steps that have ended, in order.
    pub done: Vec<Done>,
    /// How the night ended; nothing while it goes on.
    pub ended: Option<Code>,
}

/// What a night is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Of {
    /// The commit of the checkout.
    pub revision: String,
    /// What was asked for.
    pub options: Vec<String>,
}

/// A step that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Its name.
    pub step: String,
    /// How.
    pub code: Code,
    /// How long it took.
    pub seconds: f64,
    /// What there is to say of it, for people.
    pub note: String,
}

impl State {
    /// A night that begins.
    pub fn new(night: String, of: Of) -> State {
        State {
            schema: SCHEMA,
            night,
            of,
            done: Vec::new(),
            ended: None,
        }
    }

    /// The step of that name, if it has ended.
    pub fn step(&self, name: &str) -> Option<&Done> {
        self.done.iter().find(|done| done.step == name)
    }

    /// The worst of all steps.
    pub fn worst(&self) -> Code {
        let codes = self.done.iter().map(|done| done.code);
        codes.max().unwrap_or(Code::Fine)
    }

    /// Reads the file, if there is one.
    pub fn read(path: &Path) -> Result<Option<State>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("could not read {}", path.display()));
            }
        };
        match serde_json::from_str::<State>(&text) {
            Ok(state) if state.schema == SCHEMA => Ok(Some(state)),
            Ok(state) => bail!(
                "{} has schema {}, this program reads {SCHEMA}; remove the file",
                path.display(),
                state.schema
            ),
            Err(error) => Err(error).with_context(|| {
                format!(
                    "{} is not the state of a night; remove the file",
                    path.display()
                )
            }),
        }
    }

    /// Writes the file, which is whole whenever it is there.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context("could not write JSON")?;
        write(path, &format!("{text}\n"))
    }
}

/// Writes a file under another name, then renames it.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let wrong = || format!("could not write {}", path.display());
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let mut temporary = NamedTempFile::new_in(folder).with_context(wrong)?;
    temporary.write_all(text.as_bytes()).with_context(wrong)?;
    temporary.as_file().sync_all().with_context(wrong)?;
    temporary.persist(path).with_context(wrong)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let of = Of {
            revision: "abc".to_owned(),
            options: vec!["--blocks".to_owned(), "6".to_owned()],
        };
        let mut state = State::new("2026-01-02T030405Z".to_owned(), of);
        for (step, code) in [("verify", Code::Inconclusive), ("measure", Code::Fine)] {
            state.done.push(Done {
                step: step.to_owned(),
                code,
                seconds: 1.5,
                note: "some".to_owned(),
            });
        }
        state
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        assert_eq!(State::read(&path).unwrap(), None);
        state().write(&path).unwrap();
        assert_eq!(State::read(&path).unwrap(), Some(state()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn steps_by_name_and_the_worst_of_them() {
        let state = state();
        assert_eq!(state.step("measure").unwrap().code, Code::Fine);
        assert_eq!(state.step("scan"), None);
        assert_eq!(state.worst(), Code::Inconclusive);
    }

    #[test]
    fn what_is_no_state_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        fs::write(&path, "{").unwrap();
        let error = State::read(&path).unwrap_err().to_string();
        assert!(error.ends_with("is not the state of a night; remove the file"));
        fs::write(
            &path,
            r#"{"schema":9,"night":"","of":{"revision":"","options":[]},"done":[],"ended":null}"#,
        )
        .unwrap();
        let error = State::read(&path).unwrap_err().to_string();
        assert!(error.ends_with("has schema 9, this program reads 1; remove the file"));
    }
}
