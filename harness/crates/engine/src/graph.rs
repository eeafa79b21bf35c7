//! Graphs: what is captured of one that has been loaded, and what one is loaded from.

use super::host::SourceFacts;

/// A static closure as it was loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapturedClosure {
    /// The graph image (`jsc-sys/bridge/graph_image.h`).
    pub graph: Vec<u8>,
    /// Its modules, in the graph image's order.
    pub modules: Vec<CapturedModule>,
}

/// A module of a captured graph; all of it is empty for JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedModule {
    /// Facts about the source.
    pub source: SourceFacts,
    /// The record image.
    pub image: Vec<u8>,
    /// The bytecode of the functions that have run; of a module from an entry only this.
    pub bytecode: Vec<u8>,
}

/// A request of a module that the engine has analyzed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalyzedRequest {
    /// Its specifier, or that with U+FFFD for each lone surrogate.
    pub specifier: Result<String, String>,
    /// Its import attribute.
    pub attribute: RequestAttribute,
}

/// The import attribute `type` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestAttribute {
    None,
    Json,
    /// Any other.
    Other,
}

/// Why a graph cannot be captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// Part of it was never loaded.
    #[error("the graph was not loaded to its end")]
    NotLoaded,
    /// A pack cannot hold it.
    #[error("the graph holds WebAssembly or a request with attributes that a pack cannot hold")]
    Unsupported,
    /// A pack could not be loaded into this engine.
    #[error(
        "the engine's module loader keeps its modules in another way than the bridge does (jsc-sys/bridge/loader/javascript/registry.h)"
    )]
    Unfamiliar,
}

/// A graph that is put together of a pack that was built, and of others; it may reach JSC and the bridge, which check
/// nothing.
///
/// # Safety
/// The graph image must be valid in every respect that `jsc-sys/bridge/graph_image.h` demands, with as many edges as
/// requests for each module. What is promised of a module from an entry is what [`super::VerifiedModule`] promises.
/// All bytes must stay where they are, unchanged, for the life of the value. Places in a pack are places in
/// [`MixedClosure::pack`].
pub unsafe trait MixedClosure {
    /// The graph image.
    fn graph(&self) -> &[u8];
    /// The modules in its order.
    fn modules(&self) -> Vec<MixedModule<'_>>;
    /// The graph image of the pack that some of them are from.
    fn pack(&self) -> Option<&[u8]>;
}

/// A module of such a graph.
#[derive(Debug, Clone, Copy, Default)]
pub struct MixedModule<'a> {
    /// Facts about the source, record image and bytecode, if it is from an entry.
    pub entry: Option<(SourceFacts, &'a [u8], &'a [u8])>,
    /// Its place in the pack, if it is there, and whether its names still lead to what the pack says.
    pub packed: Option<(usize, bool)>,
}

/// A pack that may reach JSC and the bridge, which check nothing.
///
/// # Safety
/// The graph image must be valid in every respect that `jsc-sys/bridge/graph_image.h` demands and describe the records
/// of the modules: as many modules, as many edges as requests, and every resolution a local export of the module that
/// it leads to. For each module, what [`super::VerifiedModule`] promises of an entry. All bytes must stay where they
/// are, unchanged, for the life of the value.
pub unsafe trait VerifiedClosure {
    /// The graph image.
    fn graph(&self) -> &[u8];
    /// The modules in its order: facts about the source, record image, bytecode.
    fn modules(&self) -> Vec<(SourceFacts, &[u8], &[u8])>;
}
