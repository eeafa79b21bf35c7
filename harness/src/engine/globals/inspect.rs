//! Values as the console shows them. What is only primitive values is joined here; everything else goes through
//! `inspect.js`, which is evaluated when it is first needed, so that a program that prints text pays nothing for it.

use std::ptr;

use rusty_jsc::{JSContext, JSObject, JSValue};
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
    /// `format(...values)` of `inspect.js`.
    pub fn function(&mut self, context: &JSContext) -> Result<JSObject, JSValue> {
        let format = match &self.format {
            Some(format) => format,
            None => self
                .format
                .insert(Protected::new(context, evaluate(context)?)),
        };
        format.value().to_object(context)
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
    format: Option<JSObject>,
    arguments: &[JSValue],
) -> Result<String, JSValue> {
    let Some(format) = format else {
        return Ok(String::new());
    };
    let shown = format.call(context, None, arguments)?;
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

fn evaluate(context: &JSContext) -> Result<JSValue, JSValue> {
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
