//! `queueMicrotask`. The public C API has no door to the microtask queue, so the function becomes a reaction of a promise
//! that is resolved already; what it throws is reported like every unhandled rejection.

use std::ptr;

use rusty_jsc::{JSContext, JSObject, JSValue, callback};
use rusty_jsc_sys::{JSObjectIsFunction, JSObjectMakeDeferredPromise, JSObjectRef};

use super::{Protected, define, raw_context, state_of, type_error};

/// A resolved promise and the `then` that the realm was born with, so that a program that replaces
/// `Promise.prototype.then` does not change `queueMicrotask`.
pub struct Microtasks {
    resolved: Option<(Protected, Protected)>,
}

impl Microtasks {
    /// A new one.
    pub fn new(context: &JSContext) -> Self {
        Self {
            resolved: Self::resolved(context),
        }
    }

    fn resolved(context: &JSContext) -> Option<(Protected, Protected)> {
        let mut resolve: JSObjectRef = ptr::null_mut();
        // SAFETY: a live context; the functions that are not asked for may be null.
        let promise = unsafe {
            JSObjectMakeDeferredPromise(
                raw_context(context),
                &mut resolve,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if promise.is_null() || resolve.is_null() {
            return None;
        }
        let promise = JSObject::from(promise);
        JSObject::from(resolve).call(context, None, &[]).ok()?;
        let then = promise.get_property(context, "then");
        // An own `constructor` that is undefined keeps `then` from asking `Promise`, which a program may change, for its
        // species.
        let _ = promise.set_property(context, "constructor", JSValue::undefined(context));
        Some((
            Protected::new(context, promise.to_jsvalue()),
            Protected::new(context, then),
        ))
    }

    fn queue(&self, context: &JSContext, task: &JSValue) -> Result<JSValue, JSValue> {
        if let Some((promise, then)) = &self.resolved {
            let promise = promise.value().to_object(context)?;
            then.value().to_object(context)?.call(
                context,
                Some(&promise),
                std::slice::from_ref(task),
            )?;
        }
        Ok(JSValue::undefined(context))
    }
}

/// Defines `queueMicrotask`.
pub fn install(context: &JSContext) {
    define(
        context,
        &context.get_global_object(),
        "queueMicrotask",
        Some(queue_microtask),
    );
}

/// Whether `value` can be called.
pub fn is_function(context: &JSContext, value: &JSValue) -> bool {
    let raw = raw_context(context);
    // SAFETY: a live context and a value of it; only objects are asked.
    unsafe {
        let value = rusty_jsc_sys::JSValueRef::from(value.clone());
        rusty_jsc_sys::JSValueIsObject(raw, value) && JSObjectIsFunction(raw, value.cast_mut())
    }
}

#[callback]
fn queue_microtask(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    match (arguments.first(), state_of(&context)) {
        (Some(task), Some(state)) if is_function(&context, task) => {
            state.microtasks.queue(&context, task)
        }
        (Some(_), None) => Ok(JSValue::undefined(&context)),
        _ => Err(type_error(
            &context,
            "queueMicrotask: the argument is not a function",
        )),
    }
}
