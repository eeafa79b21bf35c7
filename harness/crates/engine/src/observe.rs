//! What a realm's program has shown, as the bridge tells it.

use std::ffi::c_void;

use jsc_sys::bridge;

use super::realm::Realm;
use super::text;

/// How much is told of a program's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObserveLimits {
    /// Objects described, the nearest to the modules' namespaces first.
    pub objects: u32,
    /// Steps from a module's namespace to an object.
    pub depth: u32,
    /// Properties of one object, or entries of one map or set.
    pub properties: u32,
    /// Whether the source text of functions is told. That reads the sources.
    pub texts: bool,
}

impl Realm<'_> {
    /// From here on what the program does is noted, and `Math.random` gives the numbers of this seed. Before
    /// [`Realm::load`].
    pub fn start_observing(&mut self, seed: u32) {
        // SAFETY: a live realm.
        unsafe { bridge::jsb_realm_start_observing(self.raw(), seed) };
        self.observing = true;
    }

    /// Whether [`Realm::start_observing`] was called.
    pub fn is_observing(&self) -> bool {
        self.observing
    }

    /// The keys of the linked modules, in the order in which they were linked; none unless observing.
    pub fn linked_modules(&self) -> Vec<String> {
        unsafe extern "C" fn take(context: *mut c_void, key: bridge::jsb_bytes) {
            // SAFETY: `context` is the vector below; the key lives for this call (bridge.h).
            unsafe {
                let key = String::from_utf8_lossy(text::bytes(key)).into_owned();
                (*context.cast::<Vec<String>>()).push(key);
            }
        }
        let mut keys: Vec<String> = Vec::new();
        if self.observing {
            // SAFETY: a live realm that observes; the callback is called before the call returns, with the pointer to
            // `keys`.
            unsafe {
                bridge::jsb_realm_linked_modules(self.raw(), Some(take), (&raw mut keys).cast())
            };
        }
        keys
    }

    /// Everything that was noted, and the values of all linked modules: the bytes that `jsc-sys/bridge/observe.h`
    /// describes, given to `read`. The modules come in this order of their indices in [`Realm::linked_modules`]; an index
    /// that is none of theirs is left out. `None` unless observing. To be called when the program has ended.
    pub fn observe<T>(
        &mut self,
        order: &[u32],
        limits: &ObserveLimits,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Option<T> {
        type Slot<F, T> = (Option<F>, Option<T>);
        unsafe extern "C" fn take<F: FnOnce(&[u8]) -> T, T>(
            context: *mut c_void,
            bytes: bridge::jsb_bytes,
        ) {
            // SAFETY: `context` is the slot below; the bytes live for this call (bridge.h).
            let (slot, bytes) = unsafe { (&mut *context.cast::<Slot<F, T>>(), text::bytes(bytes)) };
            slot.1 = slot.0.take().map(|read| read(bytes));
        }
        fn callback<F: FnOnce(&[u8]) -> T, T>(_: &Slot<F, T>) -> bridge::jsb_take_text {
            Some(take::<F, T>)
        }

        if !self.observing {
            return None;
        }
        let modules = self.linked_modules().len();
        let order: Vec<u32> = order
            .iter()
            .copied()
            .filter(|&index| (index as usize) < modules)
            .collect();
        let limits = bridge::jsb_observe_limits {
            objects: limits.objects,
            depth: limits.depth,
            properties: limits.properties,
            texts: u32::from(limits.texts),
        };
        let mut slot = (Some(read), None);
        let callback = callback(&slot);
        // SAFETY: a live realm that observes; every index is one of a linked module; the callback is called before the
        // call returns, with the pointer to `slot`.
        unsafe {
            bridge::jsb_realm_observe(
                self.raw(),
                order.as_ptr(),
                order.len(),
                &limits,
                callback,
                (&raw mut slot).cast(),
            )
        };
        slot.1
    }
}
