//! From a definition to an engine.

use std::fs;
use std::iter;
use std::path::Path;

use super::{Definition, Origin, State, check_cmake, git};
use crate::archive::{self, Compression};
use crate::build::{Recipe, STATIC_LIBRARIES, assemble_build, build_recipe, built_from, folder};
use crate::digest::{PartsDigest, blake3_file, sha256_file};
use crate::engine::Manifest;
use crate::provenance::Provenance;
use crate::source::stated_version;
use crate::store::{self, Store};
use crate::{Bridge, Engine, Error, Log, Settings, archive_origin, digest};

/// Provides the engine of a definition: unpacks it, builds it, or takes it from where it is. A build that was begun is
/// continued, and one whose source has changed is brought up to date.
pub fn provide_named(
    definition: &Definition,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Engine, Error> {
    let store = Store::new(settings);
    let machine = settings.machine()?;
    let name = &definition.name;
    let place = store.engine(name);
    let provenance = provenance_now(definition)?;
    log.step(&format!(
        "engine {name}: {} {}",
        definition.origin.kind(),
        definition.origin.location().display()
    ));
    let recipe = |root: &Path| Recipe {
        name: name.clone(),
        version: stated_version(root).unwrap_or_else(|| UNKNOWN.to_string()),
        root: root.to_path_buf(),
        provenance: provenance.clone(),
        keep: true,
        work: None,
    };
    if let Some(engine) = built_from(&provenance, name, &store, &machine) {
        log.step("  nothing has changed since it was built");
        return Ok(engine);
    }
    match &definition.origin {
        Origin::Dir(folder) => Engine::open_named(folder, name, provenance.clone(), &machine),
        Origin::Archive(file) => {
            let _lock = store.lock(name, log)?;
            let sha256 = provenance.sha256.clone().unwrap_or_default();
            if archive_origin::read(&place).is_none_or(|origin| origin != sha256) {
                let staging = store.staging()?;
                let unpacked = archive::unpack(file, Compression::Zstd, staging.path())?;
                Engine::open_named(&unpacked, name, provenance.clone(), &machine)?;
                archive_origin::write(&unpacked, &sha256)?;
                store::install(&unpacked, &place, &staging)?;
            }
            let mut provenance = provenance;
            provenance.take_over(&Manifest::read(&place)?);
            Engine::open_named(&place, name, provenance, &machine)
        }
        Origin::Tarball { file, sha256 } => {
            let found = sha256_file(file)?;
            if found != *sha256 {
                return Err(Error::OtherTarball {
                    name: name.clone(),
                    file: file.clone(),
                    noted: sha256.clone(),
                    found,
                });
            }
            let root = store.build(name).join("source");
            if !root.exists() {
                log.step(&format!("  unpacking {}", file.display()));
                let staging = store.staging()?;
                let unpacked = archive::unpack(file, Compression::Xz, staging.path())?;
                store::install(&unpacked, &root, &staging)?;
            }
            check_tree(&root, file)?;
            let recipe = Recipe {
                keep: false,
                ..recipe(&root)
            };
            build_recipe(&recipe, settings, log)
        }
        Origin::Tree(tree) => {
            check_tree(tree, tree)?;
            let root = tree.canonicalize().map_err(Error::io("find", tree))?;
            let engine = build_recipe(&recipe(&root), settings, log)?;
            match provenance_now(definition)? == provenance {
                true => Ok(engine),
                false => {
                    // Undoing the edit must not make it count as built from what is there then.
                    fs::remove_dir_all(&place).map_err(Error::io("remove", &place))?;
                    Err(Error::ChangedMeanwhile {
                        name: name.clone(),
                        tree: tree.clone(),
                    })
                }
            }
        }
        Origin::Git { repository, .. } => {
            let shared = build_name(
                name,
                &provenance.kind,
                &provenance.location,
                &provenance.cmake,
            );
            let folder = store.build(&shared);
            let _lock = store.lock(&shared, log)?;
            let root = folder.join("source");
            let commit = provenance.revision.clone().unwrap_or_default();
            git::write_files(repository, &commit, &root)?;
            check_tree(&root, repository)?;
            let recipe = Recipe {
                work: Some(folder),
                ..recipe(&root)
            };
            build_recipe(&recipe, settings, log)
        }
        Origin::Build(tree) => {
            let build = folder::inspect(tree)?;
            build.check(&machine, tree)?;
            assemble_build(&recipe(&build.root), tree, &build, settings, log)
        }
    }
}

/// What a definition stands for now: its revision, how a tree differs from it, the digest of a file.
pub(crate) fn provenance_now(definition: &Definition) -> Result<Provenance, Error> {
    let origin = &definition.origin;
    let location = origin.location();
    let mut provenance = Provenance {
        kind: origin.kind().to_string(),
        location: location.display().to_string(),
        revision: None,
        difference: None,
        sha256: None,
        libraries: None,
        cmake: definition.cmake.clone(),
    };
    match origin {
        Origin::Git {
            repository,
            revision,
        } => provenance.revision = Some(git::commit(repository, revision)?),
        Origin::Tree(tree) => provenance.note_tree(tree)?,
        Origin::Build(tree) => {
            provenance.note_tree(&folder::inspect(tree)?.root)?;
            provenance.libraries = Some(digest_of(&tree.join("lib"), STATIC_LIBRARIES)?);
        }
        Origin::Tarball { sha256, .. } => provenance.sha256 = Some(sha256.clone()),
        Origin::Archive(file) => provenance.sha256 = Some(sha256_file(file)?),
        Origin::Dir(folder) => {
            let manifest = Manifest::read(folder)?;
            provenance.libraries = Some(digest_of(&folder.join("lib"), &manifest.static_libs)?);
            provenance.take_over(&manifest);
        }
    }
    Ok(provenance)
}

/// The name of the folder of the store that an engine is built in; all revisions of a repository that are configured alike
/// share one.
pub fn build_name(engine: &str, kind: &str, location: &str, cmake: &[String]) -> String {
    match kind {
        "git" => {
            let parts: Vec<&str> = iter::once(location)
                .chain(cmake.iter().map(String::as_str))
                .collect();
            format!("git-{}", digest::short(&parts.join("\n")))
        }
        _ => engine.to_string(),
    }
}

/// Checks that a definition stands for something: that its file, its tree, its revision is there and can be used.
pub fn check(definition: &Definition) -> Result<(), Error> {
    check_cmake(&definition.cmake, &definition.origin)
        .map_err(|problem| Error::CmakeArguments { problem })?;
    provenance_now(definition).map(drop)
}

/// What may be done with the engine of a definition now. `bridge` is the one of that name, made of the sources at hand.
pub fn state(definition: &Definition, bridge: Option<&Bridge>) -> State {
    let now = match provenance_now(definition) {
        Ok(now) => now,
        Err(error) => return State::Broken(error.to_string()),
    };
    let Some(bridge) = bridge else {
        return State::NotBuilt;
    };
    match &bridge.engine.provenance {
        Some(built) if now.describes(built) => State::Ready,
        _ => State::Changed,
    }
}

impl Provenance {
    /// Notes the commit of a tree, and how the tree differs from it.
    fn note_tree(&mut self, tree: &Path) -> Result<(), Error> {
        check_tree(tree, tree)?;
        match git::state_of_tree(tree)? {
            Some((revision, difference)) => {
                self.revision = Some(revision);
                self.difference = difference;
            }
            None => self.difference = Some(git::digest_of_tree(tree)?),
        }
        Ok(())
    }

    /// Takes the commit over from an engine that was made of one elsewhere.
    fn take_over(&mut self, manifest: &Manifest) {
        if let Some(made) = &manifest.provenance {
            self.revision = made.revision.clone();
            self.difference = made.difference.clone();
        }
    }

    /// Whether an engine was made of what this says. Of an archive only its digest is known before it is unpacked.
    fn describes(&self, built: &Provenance) -> bool {
        let digest_says_all = self.kind == "archive" && self.sha256.is_some();
        match digest_says_all {
            true => self.location == built.location && self.sha256 == built.sha256,
            false => self == built,
        }
    }
}

/// BLAKE3 of static libraries, by name and content.
fn digest_of(folder: &Path, names: &[impl AsRef<str>]) -> Result<String, Error> {
    let mut digest = PartsDigest::default();
    for name in names {
        let file = format!("lib{}.a", name.as_ref());
        digest.add(&file, blake3_file(&folder.join(&file))?.as_bytes());
    }
    Ok(digest.finish())
}

/// The version of a tree that states none.
const UNKNOWN: &str = "0";

/// Whether a folder is a source tree of WebKit at all. `named` is what somebody named, for messages.
fn check_tree(tree: &Path, named: &Path) -> Result<(), Error> {
    let problem = match () {
        () if !tree.is_dir() => "there is no such folder",
        () if !tree.join("Source/JavaScriptCore").is_dir() => "it has no Source/JavaScriptCore",
        () if !tree.join("CMakeLists.txt").is_file() => "it has no CMakeLists.txt",
        () => return Ok(()),
    };
    Err(Error::NotWebKit {
        path: named.to_path_buf(),
        problem: problem.to_string(),
    })
}
