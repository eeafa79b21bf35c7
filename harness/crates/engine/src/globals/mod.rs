//! The globals that a realm has besides ECMA-262's: `console`, timers, `queueMicrotask` and `performance.now`.
//!
//! Made with `rusty_jsc` over the public C API. A C API callback has no data pointer, so the state of each realm is
//! found through its global object.

mod console;
mod inspect;
mod microtask;
mod performance;
mod test262;
mod timers;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rusty_jsc::{JSContext, JSObject, JSObjectCallAsFunctionCallback, JSValue};
use rusty_jsc_sys::{JSObjectRef, JSValueProtect, JSValueRef, JSValueUnprotect};

use super::text::{self, raw_context};

pub use console::{ConsoleSink, ConsoleStream};
pub use timers::{TimerRun, Timers};

thread_local! {
    static REALMS: RefCell<HashMap<usize, Rc<State>>> = RefCell::new(HashMap::new());
}

/// The globals of one realm; dropping it releases every value that they hold.
pub struct Globals {
    context: JSContext,
    state: Rc<State>,
}

/// What the callbacks of one realm share.
struct State {
    timers: RefCell<Timers>,
    console: RefCell<console::Console>,
    microtasks: microtask::Microtasks,
    started: std::time::Instant,
    test262: RefCell<test262::Test262>,
}

impl Globals {
    /// Defines the globals in the realm of `context`.
    pub fn install(context: &JSContext) -> Self {
        let state = Rc::new(State {
            timers: RefCell::default(),
            console: RefCell::default(),
            microtasks: microtask::Microtasks::new(context),
            started: std::time::Instant::now(),
            test262: RefCell::default(),
        });
        REALMS.with_borrow_mut(|realms| realms.insert(realm_of(context), Rc::clone(&state)));
        console::install(context);
        microtask::install(context);
        performance::install(context);
        timers::install(context);
        Self {
            context: JSContext::from(raw_context(context)),
            state,
        }
    }

    /// Gives what the console prints to `sink` from here on.
    pub fn capture_console(&self, sink: Rc<dyn ConsoleSink>) {
        self.state.console.borrow_mut().sink = Some(sink);
    }

    /// Runs the timer that is due next, if one is.
    pub fn run_due_timer(&mut self) -> TimerRun {
        timers::run_due(&self.context, &self.state)
    }

    /// Defines `print` and `$262`; the error is what that threw.
    pub fn install_test262(&mut self) -> Result<(), JSValue> {
        test262::install(&self.context)
    }

    /// What `print` was given since this was asked last.
    pub fn take_printed(&mut self) -> Vec<String> {
        std::mem::take(&mut self.state.test262.borrow_mut().printed)
    }
}

impl Drop for Globals {
    fn drop(&mut self) {
        let others = std::mem::take(&mut self.state.test262.borrow_mut().realms);
        for context in others.iter().chain([&self.context]) {
            REALMS.with_borrow_mut(|realms| realms.remove(&realm_of(context)));
        }
    }
}

/// The state of the realm that a callback runs in; `None` once the realm is going away.
fn state_of(context: &JSContext) -> Option<Rc<State>> {
    REALMS.with_borrow(|realms| realms.get(&realm_of(context)).cloned())
}

fn realm_of(context: &JSContext) -> usize {
    JSObjectRef::from(context.get_global_object()) as usize
}

/// Defines a function on `target`. Defining a plain property on a fresh object cannot throw.
fn define(
    context: &JSContext,
    target: &JSObject,
    name: &str,
    callback: JSObjectCallAsFunctionCallback,
) {
    let function = JSObject::new_function_with_callback(context, name, callback);
    let _ = target.set_property(context, name, function.to_jsvalue());
}

/// `new TypeError(message)`, for a callback to throw.
fn type_error(context: &JSContext, message: &str) -> JSValue {
    let text = text::to_js(message).to_jsvalue(context);
    let constructor = context
        .get_global_object()
        .get_property(context, "TypeError");
    match constructor
        .to_object(context)
        .and_then(|it| it.construct(context, std::slice::from_ref(&text)))
    {
        Ok(error) => error.to_jsvalue(),
        // The program has replaced `TypeError` by something that constructs nothing.
        Err(_) => text,
    }
}

/// A value that the garbage collector keeps until this is dropped.
struct Protected {
    context: JSContext,
    value: JSValue,
}

impl Protected {
    fn new(context: &JSContext, value: JSValue) -> Self {
        let raw = raw_context(context);
        // SAFETY: a live context and a value of it.
        unsafe { JSValueProtect(raw, JSValueRef::from(value.clone())) };
        Self {
            context: JSContext::from(raw),
            value,
        }
    }

    fn value(&self) -> &JSValue {
        &self.value
    }
}

impl Drop for Protected {
    fn drop(&mut self) {
        // SAFETY: `context` keeps the realm alive until here; the value was protected in `new`.
        unsafe {
            JSValueUnprotect(
                raw_context(&self.context),
                JSValueRef::from(self.value.clone()),
            )
        };
    }
}
