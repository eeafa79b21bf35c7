//! Values as the console shows them. What is only primitive values is joined here; everything else goes through
//! `inspect.js`, which is evaluated when it is first needed, so that a program that prints text pays nothing for it.

use std::ptr;

use rusty_jsc::{JSContext, JSValue};
use rusty_jsc_sys::JSEvaluateScript;

use super::super::text;
use super::Protected;
use super::raw_context;

/// The formatting function of one realm, once it was needed.
#[derive(Default)]
pub struct Inspector {
    format: Option<Protected>,
}

impl Inspector {
    /// `format(...values)` of `inspect.js`, once [`Inspector::keep`] was called.
    pub fn function(&self) -> Option<JSValue> {
        self.format.as_ref().map(|it| it.value().clone())
    }

    /// Keeps the function that [`evaluate`] made.
    pub fn keep(&mut self, context: &JSContext, format: &JSValue) {
        self.format = Some(Protected::new(context, format.clone()));
    }
}

/// `arguments` joined by spaces, if they are all primitive and the first asks for no formatting.
pub fn plain(context: &JSContext, arguments: &[JSValue]) -> Option<String> {
    let mut line = String::new();
    for (index, value) in arguments.iter().enumerate() {
        let shown = match primitive(context, value)? {
            shown
                if index == 0
                    && value.is_string(context)
                    && arguments.len() > 1
                    && shown.contains('%') =>
            {
                return None;
            }
            shown => shown,
        };
        if index > 0 {
            line.push(' ');
        }
        line.push_str(&shown);
    }
    Some(line)
}

/// Calls the formatting function.
pub fn call(
    context: &JSContext,
    format: &JSValue,
    arguments: &[JSValue],
) -> Result<String, JSValue> {
    let shown = format.to_object(context)?.call(context, None, arguments)?;
    Ok(text::display(context, &shown).unwrap_or_default())
}

fn primitive(context: &JSContext, value: &JSValue) -> Option<String> {
    if value.is_number(context) {
        let number = value.to_number(context).ok()?;
        if number == 0.0 && number.is_sign_negative() {
            return Some("-0".to_owned());
        }
    } else if !(value.is_string(context)
        || value.is_undefined(context)
        || value.is_null(context)
        || value.is_boolean(context))
    {
        return None;
    }
    text::display(context, value)
}

/// Evaluates `inspect.js`. This runs built-in functions that a program may have replaced, so it can throw and print.
pub fn evaluate(context: &JSContext) -> Result<JSValue, JSValue> {
    let script = text::to_js(include_str!("inspect.js"));
    let url = text::to_js("harness:inspect.js");
    let mut exception = ptr::null();
    // SAFETY: a live context; the strings are alive; `exception` receives a value of the context.
    let value = unsafe {
        JSEvaluateScript(
            raw_context(context),
            script.inner,
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
