//! A realm: one VM with one global object and its module loader.

use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::rc::Rc;

use jsc_sys::bridge;
use rusty_jsc::{JSContext, JSValue};

use super::build::Engine;
use super::generate::{self, GenerateError, Generated};
use super::globals::{ConsoleSink, Globals};
use super::graph::{MixedClosure, VerifiedClosure};
use super::host::{Host, HostState};
use super::text;
use super::thrown::{FailedAt, FailedModule, Thrown};

/// A fresh VM with the globals of a small runtime: `console`, timers, `queueMicrotask`, `performance.now`.
pub struct Realm<'engine> {
    realm: NonNull<bridge::jsb_realm>,
    /// Dropped by hand before the VM is: it holds values of it.
    globals: Option<Globals>,
    /// The bridge calls back with its address.
    _host: Box<HostState>,
    /// The same, as the bridge knows it.
    asked: *mut HostState,
    /// JSC reads them as long as the VM lives.
    pack: Option<Box<dyn VerifiedClosure>>,
    closure: Option<Box<dyn MixedClosure>>,
    _engine: &'engine Engine,
    /// Whether the bridge notes what happens.
    pub(super) observing: bool,
}

impl<'engine> Realm<'engine> {
    /// Makes a realm whose loader asks `host`.
    pub fn new(engine: &'engine Engine, host: Box<dyn Host>) -> Self {
        Self::with_validation(engine, host, false)
    }

    /// Makes a realm; with `validate`, the record of each cached module is built both ways and [`Host::compare`] is
    /// given both.
    pub fn with_validation(engine: &'engine Engine, host: Box<dyn Host>, validate: bool) -> Self {
        let mut host = HostState::new(host);
        let table = host.table(validate);
        // SAFETY: JSC is initialized (`engine`), on this thread; the table's context outlives the realm (`_host`).
        let realm = unsafe { bridge::jsb_realm_create(&table) };
        // The bridge makes a realm or aborts: JSC has no way to go on without memory for a VM.
        let Some(realm) = NonNull::new(realm) else {
            unreachable!("the bridge returned no realm")
        };
        let mut realm = Self {
            realm,
            globals: None,
            _host: host,
            asked: table.context.cast(),
            pack: None,
            closure: None,
            _engine: engine,
            observing: false,
        };
        realm.globals = Some(Globals::install(&realm.context()));
        realm
    }

    /// Starts to load and evaluate the module `key` and everything it imports.
    pub fn load(&mut self, key: &str) {
        // SAFETY: a live realm; the key is copied.
        unsafe {
            let key = bridge::jsb_bytes {
                data: key.as_ptr(),
                length: key.len(),
            };
            bridge::jsb_realm_load(self.realm.as_ptr(), key);
        }
    }

    /// Gives every function the line on which it stands, whatever the parser has skipped (`bridge.h`). Before anything is
    /// loaded.
    pub fn keep_true_lines(&mut self) {
        // SAFETY: a live realm.
        unsafe { bridge::jsb_realm_keep_true_lines(self.realm.as_ptr()) };
    }

    /// Whether the code of modules that are fetched from now on counts in [`Realm::statistics`], whenever it is generated.
    pub fn count_code(&mut self, counts: bool) {
        // SAFETY: a live realm.
        unsafe { bridge::jsb_realm_count_code(self.realm.as_ptr(), u32::from(counts)) };
    }

    /// How far the load is.
    pub fn load_state(&self) -> LoadState {
        let mut error = ptr::null();
        // SAFETY: a live realm; `error` receives a value of it.
        match unsafe { bridge::jsb_realm_load_state(self.realm.as_ptr(), &mut error) } {
            bridge::JSB_LOAD_FULFILLED => LoadState::Fulfilled,
            bridge::JSB_LOAD_REJECTED => LoadState::Rejected(self.describe(error)),
            _ => LoadState::Pending,
        }
    }

    /// Runs microtasks until none is left.
    pub fn drain_microtasks(&mut self) {
        // SAFETY: a live realm.
        unsafe { bridge::jsb_realm_drain_microtasks(self.realm.as_ptr()) };
    }

    /// Tells the host that the loader has nothing more to do for now.
    pub(super) fn idle(&mut self) {
        // SAFETY: it lives as long as the realm, and no call of the bridge is under way that could use it.
        unsafe { (*self.asked).idle() };
    }

    /// Runs what JSC's own background work has ready; true while some is outstanding.
    pub fn run_deferred_work(&mut self) -> bool {
        // SAFETY: a live realm.
        unsafe { bridge::jsb_realm_run_deferred_work(self.realm.as_ptr()) != 0 }
    }

    /// The oldest rejection that no handler was attached to.
    pub fn take_unhandled_rejection(&mut self) -> Option<Thrown> {
        let mut reason = ptr::null();
        // SAFETY: a live realm; `reason` receives a value of it.
        let found =
            unsafe { bridge::jsb_realm_take_unhandled_rejection(self.realm.as_ptr(), &mut reason) }
                != 0;
        found.then(|| self.describe(reason))
    }

    /// Gives what the program's console prints to `sink` from here on, and nothing to this process's own streams.
    pub fn capture_console(&mut self, sink: Rc<dyn ConsoleSink>) {
        if let Some(globals) = &self.globals {
            globals.capture_console(sink);
        }
    }

    /// The timers and the console of this realm.
    pub(super) fn globals(&mut self) -> Option<&mut Globals> {
        self.globals.as_mut()
    }

    /// The keys of the modules that could not be linked.
    pub fn unlinkable_modules(&self) -> Vec<String> {
        unsafe extern "C" fn take(context: *mut c_void, key: bridge::jsb_bytes) {
            // SAFETY: `context` is the vector below; the key lives for this call (bridge.h).
            unsafe {
                let key = String::from_utf8_lossy(text::bytes(key)).into_owned();
                (*context.cast::<Vec<String>>()).push(key);
            }
        }
        let mut keys: Vec<String> = Vec::new();
        // SAFETY: a live realm; the callback is called before the call returns, with the pointer to `keys`.
        unsafe {
            bridge::jsb_realm_unlinkable_modules(
                self.realm.as_ptr(),
                Some(take),
                (&raw mut keys).cast(),
            )
        };
        keys
    }

    fn failed_module(&self, error: rusty_jsc_sys::JSValueRef) -> Option<FailedModule> {
        let mut key = bridge::jsb_string::default();
        // SAFETY: a live realm and a value of it; the string lives until the next failure, and is copied here.
        let (at, key) = unsafe {
            let at = bridge::jsb_realm_failed_module(self.realm.as_ptr(), error, &mut key);
            (at, text::from_bridge(key).unwrap_or_else(|lossy| lossy))
        };
        let at = match at {
            bridge::JSB_FAILED_ANALYSIS => FailedAt::Analysis,
            bridge::JSB_FAILED_LINK => FailedAt::Link,
            _ => return None,
        };
        Some(FailedModule { key, at })
    }

    /// Generates what a cache entry holds of the module `key`. Runs none of it.
    pub fn generate(&mut self, key: &str, source: &str) -> Result<Generated, GenerateError> {
        let lend = |text: &str| bridge::jsb_bytes {
            data: text.as_ptr(),
            length: text.len(),
        };
        let mut raw = bridge::jsb_generated::default();
        // SAFETY: a live realm; `raw` is written whole, and freed once its bytes are copied.
        unsafe {
            bridge::jsb_realm_generate(self.realm.as_ptr(), lend(key), lend(source), &mut raw);
            let result = generate::take(&raw);
            bridge::jsb_generated_free(&mut raw);
            result
        }
    }

    /// What the engine has done for the program's own modules so far.
    pub fn statistics(&self) -> Statistics {
        let mut raw = bridge::jsb_statistics::default();
        // SAFETY: a live realm; `raw` is written whole.
        unsafe { bridge::jsb_realm_statistics(self.realm.as_ptr(), &mut raw) };
        Statistics {
            modules: raw.modules,
            analyses: raw.analyses,
            module_code: raw.module_code,
            function_code: raw.function_code,
            engine_parses: raw.engine_parses,
            rebuilt: raw.rebuilt,
            decoded: raw.decoded,
            sources_decoded: raw.sources_decoded,
            analyze_ns: raw.analyze_ns,
            rebuild_ns: raw.rebuild_ns,
            decode_ns: raw.decode_ns,
            codegen_ns: raw.codegen_ns,
            link_ns: raw.link_ns,
            evaluate_ns: raw.evaluate_ns,
        }
    }

    /// Keeps a pack until the VM is gone.
    pub(super) fn keep_pack(&mut self, pack: Box<dyn VerifiedClosure>) -> &dyn VerifiedClosure {
        &**self.pack.insert(pack)
    }

    /// The pack that is kept.
    pub(super) fn pack(&self) -> Option<&dyn VerifiedClosure> {
        self.pack.as_deref()
    }

    /// Keeps a graph until the VM is gone.
    pub(super) fn keep_closure(&mut self, closure: Box<dyn MixedClosure>) -> &dyn MixedClosure {
        &**self.closure.insert(closure)
    }

    /// The realm's global object through the C API.
    pub(super) fn context(&self) -> JSContext {
        // SAFETY: a live realm; `JSContext` retains it.
        JSContext::from(unsafe { bridge::jsb_realm_context(self.realm.as_ptr()) }.cast_const())
    }

    pub(super) fn raw(&self) -> *mut bridge::jsb_realm {
        self.realm.as_ptr()
    }

    pub(super) fn describe(&self, value: rusty_jsc_sys::JSValueRef) -> Thrown {
        let thrown = Thrown::new(&self.context(), &JSValue::from(value));
        Thrown {
            module: self.failed_module(value),
            ..thrown
        }
    }
}

impl Drop for Realm<'_> {
    fn drop(&mut self) {
        self.globals = None;
        // SAFETY: the realm is live and nothing holds a value of it any more.
        unsafe { bridge::jsb_realm_destroy(self.realm.as_ptr()) };
    }
}

/// The state of a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadState {
    /// Something is still to be fetched, linked or evaluated, or a top-level `await` is waiting.
    Pending,
    /// The whole graph is evaluated.
    Fulfilled,
    /// It failed with this.
    Rejected(Thrown),
}

/// Exact counts of the engine's work on the program's own modules, and where the time went (nanoseconds, monotonic).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// JavaScript module records made.
    pub modules: u64,
    /// Modules that were parsed and analyzed into a record.
    pub analyses: u64,
    /// Times the top-level code of a module was parsed and generated.
    pub module_code: u64,
    /// Times a function's code was parsed and generated.
    pub function_code: u64,
    /// Every parse of the process, JSC's own built-ins included.
    pub engine_parses: u64,
    /// Module records rebuilt from a cache entry.
    pub rebuilt: u64,
    /// Modules whose bytecode was taken from a cache entry.
    pub decoded: u64,
    /// Cached modules whose source text something asked for.
    pub sources_decoded: u64,
    /// Parsing and analyzing modules.
    pub analyze_ns: u64,
    /// Rebuilding module records.
    pub rebuild_ns: u64,
    /// Decoding the top-level bytecode of cached modules; functions are decoded when they are first called.
    pub decode_ns: u64,
    /// Parsing and generating top-level module code.
    pub codegen_ns: u64,
    /// Module declaration instantiation, without `codegen_ns`.
    pub link_ns: u64,
    /// Evaluating module bodies, functions compiled on the way included.
    pub evaluate_ns: u64,
}

impl Statistics {
    /// What has come since then.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        Self {
            modules: self.modules - before.modules,
            analyses: self.analyses - before.analyses,
            module_code: self.module_code - before.module_code,
            function_code: self.function_code - before.function_code,
            engine_parses: self.engine_parses - before.engine_parses,
            rebuilt: self.rebuilt - before.rebuilt,
            decoded: self.decoded - before.decoded,
            sources_decoded: self.sources_decoded - before.sources_decoded,
            analyze_ns: self.analyze_ns - before.analyze_ns,
            rebuild_ns: self.rebuild_ns - before.rebuild_ns,
            decode_ns: self.decode_ns - before.decode_ns,
            codegen_ns: self.codegen_ns - before.codegen_ns,
            link_ns: self.link_ns - before.link_ns,
            evaluate_ns: self.evaluate_ns - before.evaluate_ns,
        }
    }
}
