//! A thrown value as text: what an uncaught error prints.

use std::fmt;

use rusty_jsc::{JSContext, JSObject, JSValue};

use super::text;

/// A value that a program threw or rejected with, described while the realm was alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thrown {
    /// `String(value)`: for an error, its name and message.
    pub message: String,
    /// The name of the error's constructor (`error.constructor.name`), if it is a string.
    pub constructor: Option<String>,
    /// The error's `code` property, if it is a string.
    pub code: Option<String>,
    /// The error's stack, innermost frame first.
    pub frames: Vec<Frame>,
    /// The module that could not be loaded, if that is what the error says.
    pub module: Option<FailedModule>,
}

/// A module that could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedModule {
    pub key: String,
    /// What failed.
    pub at: FailedAt,
}

/// The steps at which a module can fail before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedAt {
    /// Parsing and analyzing it.
    Analysis,
    /// Linking it to the modules that it imports.
    Link,
}

/// One line of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The function's name; empty for an anonymous one.
    pub function: String,
    /// `url:line:column`, or `[native code]`; empty for code without a file.
    pub position: String,
}

impl Thrown {
    /// Describes `value`. Never throws: what cannot be read is left out.
    pub(super) fn new(context: &JSContext, value: &JSValue) -> Self {
        let message = text::display(context, value)
            .unwrap_or_else(|| "a value that cannot be shown".to_owned());
        let Some(object) = is_object(context, value)
            .then(|| value.to_object(context).ok())
            .flatten()
        else {
            return Self {
                message,
                constructor: None,
                code: None,
                frames: Vec::new(),
                module: None,
            };
        };
        let frames = match string_property(context, &object, "stack").as_deref() {
            Some(stack) if !stack.is_empty() => stack.lines().map(Frame::parse).collect(),
            _ => syntax_error_position(context, &object)
                .into_iter()
                .collect(),
        };
        Self {
            message,
            constructor: constructor_name(context, &object),
            code: string_property(context, &object, "code"),
            frames,
            module: None,
        }
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        if let Some(code) = &self.code {
            write!(formatter, " [{code}]")?;
        }
        for frame in &self.frames {
            write!(formatter, "\n    at {frame}")?;
        }
        Ok(())
    }
}

impl Frame {
    /// JSC writes `function@url:line:column`; a function without a position stands alone.
    fn parse(line: &str) -> Self {
        // A function's name may contain an `@`, and so may the path of a file.
        match line.find("@file://").or_else(|| line.find('@')) {
            Some(at) => Self {
                function: line[..at].to_owned(),
                position: line[at + 1..].to_owned(),
            },
            None => Self {
                function: String::new(),
                position: line.to_owned(),
            },
        }
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.function.as_str(), self.position.as_str()) {
            ("", position) => formatter.write_str(position),
            // Code of `eval` and `new Function` has no file.
            (function, "") => formatter.write_str(function),
            (function, position) => write!(formatter, "{function} ({position})"),
        }
    }
}

/// A parser's error has no stack when nothing was running; its position is in properties of its own.
fn syntax_error_position(context: &JSContext, error: &JSObject) -> Option<Frame> {
    let url = string_property(context, error, "sourceURL")?;
    let line = number_property(context, error, "line")?;
    let position = match number_property(context, error, "column") {
        Some(column) => format!("{url}:{line}:{column}"),
        None => format!("{url}:{line}"),
    };
    Some(Frame {
        function: String::new(),
        position,
    })
}

fn constructor_name(context: &JSContext, object: &JSObject) -> Option<String> {
    let constructor = property(context, object, "constructor")?;
    if !is_object(context, &constructor) {
        return None;
    }
    string_property(context, &constructor.to_object(context).ok()?, "name")
}

fn string_property(context: &JSContext, object: &JSObject, name: &str) -> Option<String> {
    let value = property(context, object, name)?;
    value
        .is_string(context)
        .then(|| text::display(context, &value))
        .flatten()
}

fn number_property(context: &JSContext, object: &JSObject, name: &str) -> Option<f64> {
    let value = property(context, object, name)?;
    value
        .is_number(context)
        .then(|| value.to_number(context).ok())
        .flatten()
}

fn property(context: &JSContext, object: &JSObject, name: &str) -> Option<JSValue> {
    let value = object.get_property(context, name);
    // A getter that throws leaves no value.
    (!rusty_jsc_sys::JSValueRef::from(value.clone()).is_null()).then_some(value)
}

fn is_object(context: &JSContext, value: &JSValue) -> bool {
    !(value.is_undefined(context)
        || value.is_null(context)
        || value.is_boolean(context)
        || value.is_number(context)
        || value.is_string(context))
}
