//! Everything that can go wrong, each with what a person needs to mend it.

use std::io;
use std::path::{Path, PathBuf};

use crate::discover::Attempts;

/// Why there is no engine or no bridge.
///
/// The message says everything, causes included: it is shown as it is, by build scripts and by commands alike.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither a cache folder nor a home folder is known.
    #[error(
        "there is nowhere to keep engines: neither XDG_CACHE_HOME (an absolute path) nor HOME is set"
    )]
    NoStore,

    /// A variable holds a path that means something else in each folder.
    #[error(
        "{variable} holds a relative path, {}: build scripts and commands run in different folders, \
         so it has to be absolute", path.display()
    )]
    RelativePath {
        variable: &'static str,
        /// What it holds.
        path: PathBuf,
    },

    /// Neither a folder of configuration nor a home folder is known.
    #[error(
        "there is nowhere to keep definitions of engines: neither XDG_CONFIG_HOME (an absolute path) nor HOME is set\nhint: name \
         a file with --engines"
    )]
    NoConfiguration,

    /// A file of definitions says something that cannot be.
    #[error("{}: {problem}", file.display())]
    Definitions {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// A name that an engine cannot have.
    #[error("an engine cannot be called {name:?}: {problem}")]
    EngineName {
        /// The name.
        name: String,
        /// Why not.
        problem: String,
    },

    /// Arguments for CMake that an engine cannot have.
    #[error("CMake cannot be given these arguments: {problem}")]
    CmakeArguments {
        /// Why not.
        problem: String,
    },

    /// No engine of that name is defined.
    #[error("{} defines no engine {name}; {}", file.display(), known_engines(known))]
    NoDefinition {
        /// The name.
        name: String,
        /// The file of definitions.
        file: PathBuf,
        /// The names that it defines.
        known: Vec<String>,
    },

    /// A folder is not a source tree of WebKit.
    #[error("{} is not a source tree of WebKit: {problem}", path.display())]
    NotWebKit {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// A source tree was edited while it was built.
    #[error(
        "{} has changed while the engine {name} was built from it, so nobody knows what was built\nhint: build it again: \
         jsc-harness engine build {name}", tree.display()
    )]
    ChangedMeanwhile {
        /// The engine.
        name: String,
        /// The tree.
        tree: PathBuf,
    },

    /// A repository cannot be used.
    #[error("the repository {} cannot be used: {problem}", repository.display())]
    Repository {
        /// The repository.
        repository: PathBuf,
        /// Why not.
        problem: String,
    },

    /// A build folder cannot be used as it is.
    #[error("the build folder {} cannot be used: {problem}", folder.display())]
    BuildFolder {
        /// The folder.
        folder: PathBuf,
        /// Why not, and what would help.
        problem: String,
    },

    /// A tarball is not the one that was named.
    #[error(
        "{} is not the tarball that the engine {name} was defined with\n  noted SHA-256 {noted}\n  file's SHA-256 {found}\n\
         hint: define it again: jsc-harness engine remove {name}, then engine add", file.display()
    )]
    OtherTarball {
        /// The engine.
        name: String,
        /// The tarball.
        file: PathBuf,
        /// The digest that was noted.
        noted: String,
        /// The file's digest.
        found: String,
    },

    /// A version that `engines.toml` does not list.
    #[error("engine {asked} is not pinned; engines.toml pins {pinned}")]
    UnknownVersion {
        /// The version asked for.
        asked: String,
        /// The versions there are, separated by commas.
        pinned: String,
    },

    /// No engine exists or can be built for the target.
    #[error(
        "there is no engine for {target}: only Linux with glibc on x86-64 and aarch64 is supported \
         (x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu)"
    )]
    UnsupportedTarget {
        /// The target's triple.
        target: String,
    },

    /// A file or folder could not be used.
    #[error("could not {action} {}: {cause}", path.display())]
    Io {
        /// What was tried, as a verb: "read", "create".
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },

    /// What a variable names cannot be used.
    #[error(
        "{variable} names something that cannot be used: {cause}\nhint: correct {variable}, or unset it"
    )]
    Named {
        variable: &'static str,
        /// Why not.
        cause: Box<Error>,
    },

    /// An engine's folder lacks something, or is not an engine's folder.
    #[error("{} is not a whole engine: {problem}", directory.display())]
    Incomplete {
        /// The folder.
        directory: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// `engine.json` is not what it should be.
    #[error("{}: {problem}", path.display())]
    Manifest {
        /// The file, or the archive that holds it.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// The engine is for another kind of machine.
    #[error("{} is an engine for {found}; this machine needs {wanted}", path.display())]
    OtherTarget {
        /// The engine's folder or archive.
        path: PathBuf,
        /// What it is for.
        found: String,
        /// What this machine is.
        wanted: String,
    },

    /// The engine was built against an ICU that this machine does not have.
    #[error(
        "{} was built against ICU {found}, and this machine has {installed}: an engine runs only with the \
         major version that it was built against\nhint: {hint}",
        path.display()
    )]
    OtherIcu {
        /// The engine's folder or archive.
        path: PathBuf,
        /// The version it was built against.
        found: String,
        /// The version here, as a phrase.
        installed: String,
        /// What to do about it.
        hint: String,
    },

    /// The engine does not come from the source that is pinned.
    #[error(
        "{} was built from other source than the one pinned for {version}\n  pinned SHA-256 {pinned}\n  \
         engine's SHA-256 {found}", path.display()
    )]
    OtherSource {
        /// The engine's folder or archive.
        path: PathBuf,
        /// The version it claims.
        version: String,
        /// The checksum in `engines.toml`.
        pinned: String,
        /// The checksum in `engine.json`.
        found: String,
    },

    /// The engine's headers belong to another version than `engine.json` says.
    #[error("{} says it is {version}, but its headers are generated from {found}", directory.display())]
    OtherHeaders {
        /// The engine's folder.
        directory: PathBuf,
        /// The version that `engine.json` claims.
        version: String,
        /// What the headers say.
        found: String,
    },

    /// An archive cannot be unpacked.
    #[error("{} cannot be unpacked: {problem}", archive.display())]
    Archive {
        archive: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// Every way to an engine was tried.
    #[error(
        "no usable JavaScriptCore {version} found\n{attempts}{hints}\
         engine {name}  store {}", store.display()
    )]
    NotFound {
        /// The version looked for.
        version: String,
        /// The name it would have.
        name: String,
        /// What was tried, and how each try ended.
        attempts: Attempts,
        /// What would mend it, each line ended by a line break.
        hints: String,
        /// The store's root.
        store: PathBuf,
    },

    /// The source of an engine is to be had nowhere.
    #[error(
        "the source of JavaScriptCore {version} could not be had\n{attempts}\
         hint: fetch {upstream} elsewhere and name the file: JSCSYS_SOURCE=/path/to/tarball"
    )]
    NoSource {
        version: String,
        /// What was tried, and how each try ended.
        attempts: Attempts,
        /// The release's address.
        upstream: String,
    },

    /// A tarball is not the pinned one.
    #[error(
        "{} is not the pinned source of {version}\n  pinned SHA-256 {pinned}\n  file's SHA-256 {found}", path.display()
    )]
    WrongChecksum {
        /// The tarball.
        path: PathBuf,
        /// The version it should be.
        version: String,
        /// The checksum in `engines.toml`.
        pinned: String,
        /// The file's checksum.
        found: String,
    },

    /// A downloaded engine is not the one that `engines.toml` names.
    #[error(
        "{url} is not the engine {name} of engines.toml\n  named SHA-256 {pinned}\n  file's SHA-256 {found}"
    )]
    WrongPrebuilt {
        /// The engine.
        name: String,
        /// Where it came from.
        url: String,
        /// The checksum in `engines.toml`.
        pinned: String,
        /// The file's checksum.
        found: String,
    },

    /// A source tree is of another version, or is not a source tree.
    #[error("{} is not a source tree of {version}: {problem}", path.display())]
    WrongTree {
        /// The tree.
        path: PathBuf,
        /// The version wanted.
        version: String,
        /// What is wrong with it.
        problem: String,
    },

    /// The machine's Debian sources cannot be used to get the source.
    #[error("Debian's source package cannot be had: {problem}")]
    Debian {
        /// Why not.
        problem: String,
    },

    /// A command that is needed is not there.
    #[error(
        "{command} is needed to {purpose} and was not found\nhint: install Debian's package {package}, or let \
         `cargo xtask setup` install everything that is missing"
    )]
    MissingCommand {
        command: String,
        /// What it is needed for, as a verb phrase.
        purpose: &'static str,
        /// The package that has it.
        package: String,
    },

    /// Files of a library that is needed are not there.
    #[error(
        "the development files of {library} are needed to {purpose} and were not found\nhint: install Debian's \
         package {package}, or let `cargo xtask setup` install everything that is missing"
    )]
    MissingLibrary {
        library: &'static str,
        /// What it is needed for, as a verb phrase.
        purpose: &'static str,
        /// The package that has it.
        package: &'static str,
    },

    /// An engine that the bridge cannot be compiled for.
    #[error("the engine {engine} cannot be used: {reason}")]
    UnsupportedEngine {
        /// The engine's name.
        engine: String,
        /// What `supported.h` of the bridge says of it.
        reason: String,
    },

    /// A command ended badly.
    #[error("{task} failed ({status})\n{excerpt}hint: the whole output is in {}", log.display())]
    CommandFailed {
        /// What the command was to do.
        task: String,
        /// How it ended.
        status: String,
        /// The lines of its output that matter most, each ended by a line break.
        excerpt: String,
        /// The file with its whole output.
        log: PathBuf,
    },

    /// The build tree is not what was expected.
    #[error("the build in {} ended well but cannot be used: {problem}", tree.display())]
    BuildTree {
        /// The build tree.
        tree: PathBuf,
        /// What is wrong with it.
        problem: String,
    },

    /// The bridge's sources are not what they should be.
    #[error("the bridge's sources in {} cannot be used: {problem}", directory.display())]
    BridgeSources {
        /// Their folder.
        directory: PathBuf,
        /// What is wrong with them.
        problem: String,
    },

    /// A linked bridge is not usable.
    #[error("{} is not a usable bridge: {problem}", path.display())]
    BridgeLibrary {
        /// The library.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl Error {
    /// Whether this says something of one engine, and not of this machine: it does not compile, or nothing can be linked
    /// to what it compiles to. Another revision may do better.
    pub fn is_of_engine(&self) -> bool {
        if let Error::CommandFailed {
            status, excerpt, ..
        } = self
        {
            let is_of_machine = [
                "No space left on device",
                "Killed",
                "Cannot allocate memory",
            ]
            .iter()
            .any(|it| excerpt.contains(it));
            return !is_of_machine && !status.contains("signal");
        }
        matches!(
            self,
            Error::BuildTree { .. }
                | Error::UnsupportedEngine { .. }
                | Error::BridgeLibrary { .. }
                | Error::NotWebKit { .. }
        )
    }

    /// Turns an I/O error into one that says what was tried on which path.
    pub(crate) fn io<'a>(
        action: &'static str,
        path: &'a Path,
    ) -> impl FnOnce(io::Error) -> Error + use<'a> {
        move |cause| Error::Io {
            action,
            path: path.to_path_buf(),
            cause,
        }
    }
}

/// The names of a file of definitions, for a message.
fn known_engines(known: &[String]) -> String {
    match known.is_empty() {
        true => "it defines none; hint: jsc-harness engine add".to_string(),
        false => format!("it defines {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_nothing_of_an_engine() {
        let failed = |status: &str, excerpt: &str| Error::CommandFailed {
            task: "building".to_string(),
            status: status.to_string(),
            excerpt: excerpt.to_string(),
            log: "/log".into(),
        };
        assert!(failed("exit status: 1", "error: no member named x\n").is_of_engine());
        for (status, excerpt) in [
            ("exit status: 1", "a.o: No space left on device\n"),
            ("exit status: 1", "clang: Killed signal\n"),
            ("signal: 15 (SIGTERM)", ""),
        ] {
            assert!(
                !failed(status, excerpt).is_of_engine(),
                "{status} {excerpt}"
            );
        }
        let missing = Error::MissingCommand {
            command: "cmake".to_string(),
            purpose: "build",
            package: "cmake".to_string(),
        };
        assert!(!missing.is_of_engine());
    }
}
