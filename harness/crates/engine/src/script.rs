//! Classic scripts (ECMA-262, 16.1) in a realm.

use std::ptr;

use rusty_jsc::{JSContext, JSValue};
use rusty_jsc_sys::{JSCheckScriptSyntax, JSEvaluateScript, JSValueRef};

use super::realm::Realm;
use super::text::{self, raw_context};
use super::thrown::Thrown;

/// Why a script did not run to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptError {
    /// It does not parse; none of it ran.
    Syntax(Box<Thrown>),
    /// It threw.
    Threw(Box<Thrown>),
}

impl Realm<'_> {
    /// Evaluates a script, and runs the microtasks that it queues. `url` is what its own `import()` is relative to.
    pub fn evaluate_script(&mut self, source: &str, url: &str) -> Result<(), ScriptError> {
        let context = self.context();
        let thrown = |error: JSValue| Box::new(self.describe(JSValueRef::from(error)));
        check_syntax(&context, source, url).map_err(|error| ScriptError::Syntax(thrown(error)))?;
        evaluate(&context, source, url).map_err(|error| ScriptError::Threw(thrown(error)))?;
        Ok(())
    }

    /// Whether a script's completion value is `true`; `false` too when it does not parse or throws.
    pub fn script_is_true(&mut self, source: &str) -> bool {
        let context = self.context();
        evaluate(&context, source, "").is_ok_and(|value| value.to_bool(&context))
    }
}

/// Evaluates a script; gives its completion value or what it threw, a `SyntaxError` of the parser included.
pub(super) fn evaluate(context: &JSContext, source: &str, url: &str) -> Result<JSValue, JSValue> {
    let (source, url) = (text::to_js(source), text::to_js(url));
    let mut exception: JSValueRef = ptr::null();
    // SAFETY: a live context, two live strings; the global object is the `this` of a null object.
    let value = unsafe {
        JSEvaluateScript(
            raw_context(context),
            source.inner,
            ptr::null_mut(),
            url.inner,
            1,
            &mut exception,
        )
    };
    if exception.is_null() {
        Ok(JSValue::from(value))
    } else {
        Err(JSValue::from(exception))
    }
}

fn check_syntax(context: &JSContext, source: &str, url: &str) -> Result<(), JSValue> {
    let (source, url) = (text::to_js(source), text::to_js(url));
    let mut exception: JSValueRef = ptr::null();
    // SAFETY: a live context and two live strings.
    let sound = unsafe {
        JSCheckScriptSyntax(
            raw_context(context),
            source.inner,
            url.inner,
            1,
            &mut exception,
        )
    };
    if sound {
        Ok(())
    } else {
        Err(JSValue::from(exception))
    }
}
