//! Graphs in a realm: capturing one that has been loaded, and loading one from a pack.

use std::ffi::c_void;
use std::ptr;

use jsc_sys::bridge::{self, jsb_bytes, jsb_string};

use super::graph::{
    AnalyzedRequest, CaptureError, CapturedClosure, CapturedModule, MixedClosure, MixedModule,
    RequestAttribute, VerifiedClosure,
};
use super::host::SourceFacts;
use super::realm::Realm;
use super::text;

impl Realm<'_> {
    /// Keeps the code of every module that is linked from here on, for [`Realm::capture_closure`].
    pub fn keep_code(&mut self) {
        // SAFETY: a live realm.
        unsafe { bridge::jsb_realm_keep_code(self.raw()) };
    }

    /// Captures the static closure of the module `key`, which has been loaded in this realm.
    pub fn capture_closure(&mut self, key: &str) -> Result<CapturedClosure, CaptureError> {
        let mut captured = CapturedClosure::default();
        // SAFETY: a live realm; both callbacks are called before the call returns, with the pointer to `captured`.
        let status = unsafe {
            bridge::jsb_realm_capture_graph(
                self.raw(),
                lend(key.as_bytes()),
                Some(take_graph),
                Some(take_module),
                (&raw mut captured).cast(),
            )
        };
        match status {
            bridge::JSB_CAPTURE_OK => Ok(captured),
            bridge::JSB_CAPTURE_NOT_LOADED => Err(CaptureError::NotLoaded),
            bridge::JSB_CAPTURE_UNFAMILIAR => Err(CaptureError::Unfamiliar),
            _ => Err(CaptureError::Unsupported),
        }
    }

    /// Parses and analyzes a module of the graph that is to be prepared, and keeps its record for that, or for the engine's
    /// own loader. Its requests in their order; `None` when it is no module, which the loader will say.
    pub fn analyze(&mut self, key: &str, source: &str) -> Option<Vec<AnalyzedRequest>> {
        let mut requests: Vec<AnalyzedRequest> = Vec::new();
        // SAFETY: a live realm; key and source are copied; the callback is called before the call returns, with the pointer
        // to `requests`.
        let is_module = unsafe {
            bridge::jsb_realm_analyze(
                self.raw(),
                lend(key.as_bytes()),
                lend(source.as_bytes()),
                Some(take_request),
                (&raw mut requests).cast(),
            )
        };
        (is_module != 0).then_some(requests)
    }

    /// Builds the records of a pack, for [`Realm::prepare_pack`] or [`Realm::prepare_closure`]. False when the engine
    /// does not take them.
    pub fn build_pack(&mut self, pack: Box<dyn VerifiedClosure>) -> bool {
        let pack = self.keep_pack(pack);
        let modules = pack.modules().into_iter().map(raw_module);
        let modules: Vec<_> = modules.collect();
        let graph = lend(pack.graph());
        // SAFETY: a live realm that nothing was loaded in; the pack is valid (its trait) and outlives the realm
        // (`keep_pack`); `modules` is read during the call.
        unsafe { bridge::jsb_realm_build_pack(self.raw(), graph, modules.as_ptr()) != 0 }
    }

    /// Links every module of the pack that was built; runs nothing of it. False when the engine does not take it, or when
    /// nothing was built: then [`Realm::load`] may be called.
    pub fn prepare_pack(&mut self) -> bool {
        let Some(graph) = self.pack().map(|it| lend(it.graph())) else {
            return false;
        };
        // SAFETY: a live realm, and the graph of the pack that was built in it.
        unsafe { bridge::jsb_realm_prepare_graph(self.raw(), graph, ptr::null(), ptr::null()) != 0 }
    }

    /// Builds what is not built yet of a graph, and links every module of it; runs nothing. False when the engine does not
    /// take it, or when its pack is not the one that was built: then [`Realm::load`] may be called.
    pub fn prepare_closure(&mut self, closure: Box<dyn MixedClosure>) -> bool {
        let built = self.pack().map(|it| it.graph().as_ptr());
        if closure.pack().is_some_and(|it| Some(it.as_ptr()) != built) {
            return false;
        }
        let closure = self.keep_closure(closure);
        let modules = closure.modules();
        let parts: Vec<_> = modules.iter().map(raw_part).collect();
        let modules: Vec<_> = modules
            .into_iter()
            .map(|it| it.entry.map(raw_module).unwrap_or_default())
            .collect();
        let graph = lend(closure.graph());
        // SAFETY: a live realm that nothing was loaded in; the closure is valid (its trait), is of the pack that was built,
        // and outlives the realm (`keep_closure`); `modules` and `parts` are read during the call.
        unsafe {
            bridge::jsb_realm_prepare_graph(self.raw(), graph, modules.as_ptr(), parts.as_ptr())
                != 0
        }
    }

    /// Starts to evaluate what was prepared.
    pub fn evaluate_closure(&mut self) {
        // SAFETY: a live realm with a prepared graph.
        unsafe { bridge::jsb_realm_evaluate_graph(self.raw()) };
    }
}

fn raw_module((facts, image, bytecode): (SourceFacts, &[u8], &[u8])) -> bridge::jsb_cached_module {
    bridge::jsb_cached_module {
        source: bridge::jsb_source_facts {
            units: facts.units,
            text_hash: facts.text_hash,
            is_latin1: u32::from(facts.is_latin1),
        },
        image: lend(image),
        bytecode: lend(bytecode),
    }
}

fn raw_part(module: &MixedModule<'_>) -> bridge::jsb_graph_part {
    let (packed, keeps_names) = match module.packed {
        // Places are below the number of a pack's modules, which has 32 bits.
        Some((place, keeps_names)) => (place as u32, keeps_names),
        None => (bridge::JSB_NOT_PACKED, false),
    };
    bridge::jsb_graph_part {
        packed,
        keeps_names: u32::from(keeps_names),
    }
}

fn lend(bytes: &[u8]) -> jsb_bytes {
    jsb_bytes {
        data: bytes.as_ptr(),
        length: bytes.len(),
    }
}

/// # Safety
/// Called by the bridge with the `CapturedClosure` of [`Realm::capture_closure`]; the image lives for the call.
unsafe extern "C" fn take_graph(context: *mut c_void, image: jsb_bytes) {
    // SAFETY: see above.
    unsafe {
        let captured = &mut *context.cast::<CapturedClosure>();
        captured.graph = text::bytes(image).to_vec();
    }
}

/// # Safety
/// As [`take_graph`].
unsafe extern "C" fn take_module(context: *mut c_void, module: *const bridge::jsb_captured_module) {
    // SAFETY: see above.
    unsafe {
        let captured = &mut *context.cast::<CapturedClosure>();
        let module = &*module;
        captured.modules.push(CapturedModule {
            source: SourceFacts {
                units: module.source.units,
                text_hash: module.source.text_hash,
                is_latin1: module.source.is_latin1 != 0,
            },
            image: text::bytes(module.image).to_vec(),
            bytecode: text::bytes(module.bytecode).to_vec(),
        });
    }
}

/// # Safety
/// Called by the bridge with the vector of [`Realm::analyze`]; the specifier lives for the call.
unsafe extern "C" fn take_request(context: *mut c_void, specifier: jsb_string, attribute: u32) {
    // SAFETY: see above.
    unsafe {
        let requests = &mut *context.cast::<Vec<AnalyzedRequest>>();
        requests.push(AnalyzedRequest {
            specifier: text::from_bridge(specifier),
            attribute: match attribute {
                bridge::JSB_TYPE_NONE => RequestAttribute::None,
                bridge::JSB_TYPE_JSON => RequestAttribute::Json,
                _ => RequestAttribute::Other,
            },
        });
    }
}
