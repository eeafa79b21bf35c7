//! The host of a run from a pack.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::cache::SourceHash;
use crate::cache::pack::VerifiedPack;
use crate::engine::{FetchRequest, Host, HostError, Rejection, Source, SourceKind};
use crate::load::files::FileHost;
use crate::load::source_file::read_source;

/// The source text of a pack's modules, for the few that something asks for.
#[derive(Default)]
pub struct Texts {
    pack: Option<Arc<VerifiedPack>>,
    modules: HashMap<String, usize>,
    read: HashMap<usize, Vec<u8>>,
}

impl Texts {
    /// The texts of a pack whose sources were checked; `read` are those that were read for it.
    pub fn new(pack: Arc<VerifiedPack>, read: Vec<(usize, Vec<u8>)>) -> Self {
        Self {
            pack: Some(pack),
            modules: HashMap::new(),
            read: read.into_iter().collect(),
        }
    }

    /// The text of the module `key`, if the pack has it and its file is still the same.
    fn find(&mut self, key: &str) -> Option<Vec<u8>> {
        let pack = self.pack.as_ref()?;
        if self.modules.is_empty() {
            self.modules = (0..pack.len())
                .map(|it| (pack.key(it).to_owned(), it))
                .collect();
        }
        let module = *self.modules.get(key)?;
        if let Some(source) = self.read.get(&module) {
            return Some(source.clone());
        }
        let path = crate::graph::resolve::ModuleKey::from_url(key).ok()?;
        let source = read_source(path.path()).ok()?;
        (SourceHash::of(&source) == pack.source(module).hash).then_some(source)
    }
}

/// Serves the texts of a pack, and everything else from the file system.
pub struct PackHost {
    /// For whatever the pack does not hold.
    pub files: FileHost,
    /// Filled once the pack's sources were checked.
    pub texts: Rc<RefCell<Texts>>,
}

impl Host for PackHost {
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.files.resolve(specifier, referrer)
    }

    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.files.locate(specifier, referrer)
    }

    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        // The loader has all of a pack's modules already: this is somebody who wants to see the text of one.
        if request.attribute.is_none()
            && let Some(bytes) = self.texts.borrow_mut().find(request.key)
        {
            return Ok(Source {
                kind: SourceKind::JavaScript,
                bytes,
                cached: None,
            });
        }
        self.files.fetch(request)
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.files.file_name(key)
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
        self.files.rejected(key, why);
    }
}
