//! The files of a search.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ::bisect::{Document, render};
use jsc_module_cache::Digest;
use record::{Machine, results_directory, temporary_in, write_whole};
use results::render::shell_words;
use rustix::fs::{FlockOperation, flock};

use super::{BisectArgs, read};
use crate::Error;
use crate::cmd::file_name::plain;

/// The document's name in its folder.
pub const DOCUMENT: &str = "bisect.json";

/// The folder of one search, which nobody else uses meanwhile.
pub struct Folder {
    path: PathBuf,
    /// Held as long as the folder is in use.
    _lock: File,
}

impl Folder {
    /// Makes the folder that is asked for, or the one that belongs to the question.
    pub fn open(arguments: &BisectArgs, document: &Document) -> Result<Self, Error> {
        let by_question = || results_directory().join("bisects").join(name(document));
        let path = arguments.out.clone().unwrap_or_else(by_question);
        let made = fs::create_dir_all(&path).and_then(|()| temporary_in(&path).map(drop));
        made.map_err(|source| wrong(&path, source))?;
        let lock = File::open(&path).map_err(|source| wrong(&path, source))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Error::BisectBusy { folder: path });
        }
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its document.
    pub fn document(&self) -> PathBuf {
        self.path.join(DOCUMENT)
    }

    /// Its text for a bug report.
    pub fn report(&self) -> PathBuf {
        self.path.join("report.md")
    }

    /// The search that was begun here; nothing before it was.
    ///
    /// # Errors
    /// It cannot be read, or is another one than `expected`.
    pub fn read(&self, expected: &Document) -> Result<Option<Document>, Error> {
        if !self.document().exists() {
            return Ok(None);
        }
        let found = read(&self.document())?;
        match found.is_about(expected) {
            true => Ok(Some(found)),
            false => Err(Error::BisectOther {
                folder: self.path.clone(),
            }),
        }
    }

    /// Keeps the document.
    pub fn write(&self, document: &Document) -> Result<(), Error> {
        let path = self.document();
        let text = document
            .text()
            .map_err(|source| wrong(&path, source.into()))?;
        self.put(&path, &text)
    }

    /// Writes the text for a bug report, if there is a first bad revision.
    pub fn write_report(
        &self,
        document: &Document,
        profile: &[String],
        arguments: &BisectArgs,
    ) -> Result<(), Error> {
        let machine = Machine::read();
        let machine = format!("{}, {}", machine.description(), machine.system);
        let again = again(document, arguments);
        match render::report(document, profile, &again, &machine) {
            Some(text) => self.put(&self.report(), &format!("{text}\n")),
            None => Ok(()),
        }
    }

    fn put(&self, path: &Path, text: &str) -> Result<(), Error> {
        write_whole(path, true, &mut |out| out.write_all(text.as_bytes()))
            .map_err(|source| wrong(path, source))
    }
}

/// A name that says what is searched for: the same question has the same.
fn name(document: &Document) -> String {
    let question = &document.question;
    let ends = [
        &document.revisions[0],
        &document.revisions[document.revisions.len() - 1],
    ];
    let [good, bad] = ends.map(|it| it.engine.as_str());
    let what = plain(&format!(
        "{good}-{bad}-{}-{}-{}",
        question.ask.name(),
        question.workload,
        question.path.name()
    ));
    let digest = Digest::of(question.digest.as_bytes()).to_string();
    let short: String = what.chars().take(LONGEST).collect();
    format!("{short}-{}", digest.chars().take(8).collect::<String>())
}

/// The longest beginning of a folder's name: file systems take 255 bytes.
const LONGEST: usize = 160;

/// Commands that show the difference again.
fn again(document: &Document, arguments: &BisectArgs) -> Vec<String> {
    let ::bisect::Found::First { bad } = document.found() else {
        return Vec::new();
    };
    let pair = [&document.revisions[bad - 1], &document.revisions[bad]];
    let mut commands = Vec::new();
    if arguments.git.is_some() {
        for revision in pair {
            let (name, commit) = (&revision.engine, revision.commit.as_deref());
            let add = [
                "jsc-harness",
                "engine",
                "add",
                name,
                "--git",
                "WEBKIT",
                "--rev",
            ];
            let mut add: Vec<String> = add.map(str::to_owned).into();
            add.push(commit.unwrap_or_default().to_owned());
            for argument in &arguments.cmake {
                add.extend(["--cmake-arg".to_owned(), argument.clone()]);
            }
            commands.push(shell_words(&add));
            commands.push(format!("jsc-harness engine build {name}"));
        }
    }
    let question = &document.question;
    let [good, bad] = pair.map(|it| &it.engine);
    let mut words = vec!["jsc-harness".to_owned(), "bisect".to_owned()];
    words.extend(["--engines".to_owned(), format!("{good},{bad}")]);
    words.extend(["--ask", question.ask.name(), "--path", question.path.name()].map(str::to_owned));
    words.extend(arguments.selection.words());
    let config = arguments.selection.config_words().into_iter();
    words.extend(config.map(|it| it.to_string_lossy().into_owned()));
    commands.push(shell_words(&words));
    commands
}

fn wrong(path: &Path, source: std::io::Error) -> Error {
    Error::Write {
        flag: "--out",
        path: path.to_owned(),
        source,
    }
}
