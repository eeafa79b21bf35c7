//! The host of a run whose graph the engine is given whole.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::files::FileHost;
use crate::gather::{Gathered, first_importers};
use engine::{FetchRequest, Host, HostError, ModuleTexts, Rejection, Source};
use jsc_module_cache::pack::VerifiedPack;
use resolve::ModuleKey;

/// The source text of a graph's modules, for the few that something asks for: of a pack what the check has read, else what
/// the pack holds. No file is read for it: what lies there now may be another text.
#[derive(Default)]
pub struct Texts {
    of: Of,
}

/// Whose texts.
#[derive(Default)]
enum Of {
    /// Nobody knows yet.
    #[default]
    Nothing,
    Pack(PackTexts),
    Gathered(Arc<Gathered>, Option<PackTexts>),
}

struct PackTexts {
    pack: Arc<VerifiedPack>,
    modules: HashMap<String, usize>,
    read: HashMap<usize, Vec<u8>>,
}

impl Texts {
    /// The texts of a pack whose sources were checked; `read` are those that were read for it.
    pub fn of_pack(pack: Arc<VerifiedPack>, read: Vec<(usize, Vec<u8>)>) -> Self {
        Self {
            of: Of::Pack(PackTexts {
                pack,
                modules: HashMap::new(),
                read: read.into_iter().collect(),
            }),
        }
    }

    /// The texts of a graph that was gathered; `read` are those of its pack that were read to check them.
    pub fn of_gathered(graph: Arc<Gathered>, read: Vec<(usize, Vec<u8>)>) -> Self {
        let pack = graph.packed().map(|it| PackTexts {
            pack: Arc::clone(&it.pack),
            modules: HashMap::new(),
            read: read.into_iter().collect(),
        });
        Self {
            of: Of::Gathered(graph, pack),
        }
    }

    /// The text that the JavaScript module `key` was made from.
    fn find(&mut self, key: &str) -> Option<Vec<u8>> {
        match &mut self.of {
            Of::Nothing => None,
            Of::Pack(texts) => texts.find(key),
            Of::Gathered(graph, pack) => {
                let read = graph.text(key);
                read.or_else(|| pack.as_mut()?.find(key))
            }
        }
    }
}

impl PackTexts {
    fn find(&mut self, key: &str) -> Option<Vec<u8>> {
        let pack = &self.pack;
        if self.modules.is_empty() {
            self.modules = (0..pack.len())
                .filter(|it| !pack.source(*it).is_json)
                .map(|it| (pack.key(it).to_owned(), it))
                .collect();
        }
        let module = *self.modules.get(key)?;
        if !self.read.contains_key(&module) {
            self.read.extend(pack.texts_with(module));
        }
        self.read.get(&module).cloned()
    }
}

/// Texts that the engine's threads may ask for, too.
#[derive(Default)]
pub struct SharedTexts(Mutex<Texts>);

impl SharedTexts {
    /// From now on, these.
    pub fn set(&self, texts: Texts) {
        *self.lock() = texts;
    }

    fn lock(&self) -> MutexGuard<'_, Texts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ModuleTexts for SharedTexts {
    fn find(&self, key: &str) -> Option<Vec<u8>> {
        self.lock().find(key)
    }
}

/// Serves the texts of a graph, and everything else from the file system.
pub struct GraphHost {
    files: FileHost,
    texts: Arc<SharedTexts>,
    /// Whether `files` knows where the graph's requests lead.
    is_told: bool,
}

impl GraphHost {
    /// A host that has `files` for whatever the graph does not hold. `texts` are filled once its sources are known.
    pub fn new(files: FileHost, texts: Arc<SharedTexts>) -> Self {
        Self {
            files,
            texts,
            is_told: false,
        }
    }

    /// The same request leads to the same module each time (ECMA-262, HostLoadImportedModule), whatever has become of links
    /// and manifests since: what the graph says of a request is what an import of the same specifier means later.
    fn tell(&mut self) {
        if self.is_told {
            return;
        }
        let texts = Arc::clone(&self.texts);
        match &texts.lock().of {
            Of::Nothing => return,
            Of::Pack(texts) => self.tell_pack(&texts.pack),
            Of::Gathered(graph, _) => {
                for (referrer, specifier, key) in graph.requests() {
                    self.files.remember(specifier, referrer, key);
                }
                // JSON can fail when it is asked for again without its attribute, and that names its first importer.
                for (key, importer) in graph.importers() {
                    self.files.asked(key, importer);
                }
            }
        }
        self.is_told = true;
    }

    fn tell_pack(&mut self, pack: &VerifiedPack) {
        let key = |module: usize| ModuleKey::from_url(pack.key(module)).ok();
        for module in 0..pack.len() {
            let requests = pack.requests(module);
            let Some(referrer) = key(module).filter(|_| !requests.is_empty()) else {
                continue;
            };
            for (request, target) in requests.iter().zip(pack.edges(module)) {
                if let (Some(specifier), Some(target)) = (request.specifier.to_utf8(), key(target))
                {
                    self.files.remember(&specifier, &referrer, &target);
                }
            }
        }
        for (module, importer) in first_importers(pack.len(), |it| pack.edges(it)) {
            self.files.asked(pack.key(module), pack.key(importer));
        }
    }
}

impl Host for GraphHost {
    fn resolve(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.tell();
        self.files.resolve(specifier, referrer)
    }

    fn locate(&mut self, specifier: &str, referrer: &str) -> Result<String, HostError> {
        self.tell();
        self.files.locate(specifier, referrer)
    }

    // The loader has all of the graph's modules already, so this is JSON, or one that the graph does not hold.
    fn fetch(&mut self, request: &FetchRequest<'_>) -> Result<Source, HostError> {
        self.files.fetch(request)
    }

    fn texts(&self) -> Option<Arc<dyn ModuleTexts>> {
        Some(Arc::clone(&self.texts) as _)
    }

    fn file_name(&self, key: &str) -> Option<String> {
        self.files.file_name(key)
    }

    fn idle(&mut self) {
        self.files.idle();
    }

    fn rejected(&mut self, key: &str, why: Rejection) {
        self.files.rejected(key, why);
    }

    fn compare(&mut self, key: &str, parsed: Option<&[u8]>, rebuilt: Option<&[u8]>) {
        self.files.compare(key, parsed, rebuilt);
    }
}
