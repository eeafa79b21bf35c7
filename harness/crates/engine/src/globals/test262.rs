//! `print` and `$262`, the functions that Test262 asks of a host (its INTERPRETING.md, "Host-Defined Functions"), but for
//! agents, `AbstractModuleSource` and `IsHTMLDDA`.

use std::ptr;
use std::rc::Rc;

use rusty_jsc::{JSContext, JSObject, JSValue, callback};
use rusty_jsc_sys::{
    JSContextGetGroup, JSContextRef, JSGlobalContextCreateInGroup, JSGlobalContextRelease,
};

use super::super::realm::Realm;
use super::super::script::evaluate;
use super::super::text::{self, raw_context};
use super::super::thrown::Thrown;
use super::{REALMS, State, realm_of, state_of, type_error};

/// What the functions of one realm, and of the realms that it made, share.
#[derive(Default)]
pub struct Test262 {
    pub printed: Vec<String>,
    pub realms: Vec<JSContext>,
}

impl Realm<'_> {
    /// Defines `print` and `$262` as Test262 has them. The error is what defining them threw.
    pub fn install_test262(&mut self) -> Result<(), Box<Thrown>> {
        let defined = match self.globals() {
            Some(globals) => globals.install_test262(),
            None => Ok(()),
        };
        defined.map_err(|error| Box::new(Thrown::new(&self.context(), &error)))
    }

    /// What `print` of [`Realm::install_test262`] was given since this was asked last.
    pub fn take_printed(&mut self) -> Vec<String> {
        self.globals()
            .map(|globals| globals.take_printed())
            .unwrap_or_default()
    }
}

/// A function over the native ones, so that attributes are as the standard's own globals have them.
const DEFINE: &str = r#"(function (print, createRealm, evalScript, gc) {
    "use strict";
    const transfer = Function.prototype.call.bind(ArrayBuffer.prototype.transfer);
    const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
    define("print", print);
    define("$262", { createRealm, detachArrayBuffer(buffer) { transfer(buffer); }, evalScript, gc, global: globalThis });
})"#;

/// Defines `$262`.
pub fn install(context: &JSContext) -> Result<(), JSValue> {
    let native = |name: &str, callback| {
        JSObject::new_function_with_callback(context, name, Some(callback)).to_jsvalue()
    };
    let functions = [
        native("print", print as Callback),
        native("createRealm", create_realm),
        native("evalScript", eval_script),
        native("gc", gc),
    ];
    evaluate(context, DEFINE, "")?
        .to_object(context)?
        .call(context, None, &functions)?;
    Ok(())
}

type Callback = unsafe extern "C" fn(
    JSContextRef,
    rusty_jsc_sys::JSObjectRef,
    rusty_jsc_sys::JSObjectRef,
    usize,
    *const rusty_jsc_sys::JSValueRef,
    *mut rusty_jsc_sys::JSValueRef,
) -> rusty_jsc_sys::JSValueRef;

#[callback]
fn print(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    print_value(&context, arguments)
}

fn print_value(context: &JSContext, arguments: &[JSValue]) -> Result<JSValue, JSValue> {
    let undefined = JSValue::undefined(context);
    // A conversion runs the program's code: nothing may be borrowed meanwhile.
    let value = arguments.first().unwrap_or(&undefined).to_string(context)?;
    if let Some(state) = state_of(context) {
        let line = text::to_rust(&value);
        state.test262.borrow_mut().printed.push(line);
    }
    Ok(undefined)
}

/// Evaluates a script in the realm that this function belongs to.
#[callback]
fn eval_script(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    match arguments.first() {
        Some(source) => source
            .to_string(&context)
            .and_then(|source| evaluate(&context, &text::to_rust(&source), "")),
        None => Err(type_error(&context, "$262.evalScript: no source")),
    }
}

/// Makes another global object in the same VM, with a `$262` of its own, which is the result. Its code cannot import.
#[callback]
fn create_realm(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    _arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    match state_of(&context) {
        Some(state) => add_realm(&context, &state),
        None => Err(type_error(
            &context,
            "$262.createRealm: the realm is going away",
        )),
    }
}

fn add_realm(context: &JSContext, state: &Rc<State>) -> Result<JSValue, JSValue> {
    // SAFETY: a live context; each `JSContext` retains the new one before the reference that it was made with is
    // released.
    let (other, kept) = unsafe {
        let created =
            JSGlobalContextCreateInGroup(JSContextGetGroup(raw_context(context)), ptr::null_mut());
        let other = JSContext::from(created.cast_const());
        let kept = JSContext::from(created.cast_const());
        JSGlobalContextRelease(created);
        (other, kept)
    };
    REALMS.with_borrow_mut(|realms| realms.insert(realm_of(&other), Rc::clone(state)));
    state.test262.borrow_mut().realms.push(kept);
    install(&other)?;
    Ok(other.get_global_object().get_property(&other, "$262"))
}

unsafe extern "C" {
    /// A full collection, now. Exported by JSC's C API (`API/JSBase.cpp`), but in none of its public headers, where
    /// `JSGarbageCollect` only suggests one.
    fn JSSynchronousGarbageCollectForDebugging(context: JSContextRef);
}

#[callback]
fn gc(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    _arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    // SAFETY: a live context; the values in use are on this thread's stack, which the collector scans.
    unsafe { JSSynchronousGarbageCollectForDebugging(raw_context(&context)) };
    Ok(JSValue::undefined(&context))
}
