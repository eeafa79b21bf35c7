//! Observed values in words.

use crate::types::{Frame, Observation};
use crate::value::{CutText, Inner, Object, Promise, SymbolKind, Text, Value};

/// The most characters of a text that a difference shows.
const LONGEST: usize = 120;

/// A text in quotes, shortened.
pub fn text(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// An observed text in quotes, shortened.
pub fn observed(it: &Text) -> String {
    match it {
        Text::Whole(whole) => text(whole),
        Text::Cut(it) => cut(Some(it)),
    }
}

/// A text that is told in part.
pub fn cut(it: Option<&CutText>) -> String {
    match it {
        None => "none".to_owned(),
        Some(it) => format!(
            "{} ({} bytes, digest {})",
            text(&it.beginning),
            it.length,
            &it.digest[..it.digest.len().min(8)]
        ),
    }
}

/// A value that is not an object, or just that it is one.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Nothing => "no value".to_owned(),
        Value::Undefined => "undefined".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(value) => value.clone(),
        Value::String(value) => observed(value),
        Value::BigInt(Text::Whole(value)) => format!("{value}n"),
        Value::BigInt(value) => format!("the big integer {}", observed(value)),
        Value::Symbol(_, SymbolKind::Unique, name) => format!("Symbol({name})"),
        Value::Symbol(_, SymbolKind::Registered, name) => format!("Symbol.for({name:?})"),
        Value::Symbol(_, SymbolKind::PrivateName, name) => format!("the private name {name}"),
        Value::Object(_) => "an object".to_owned(),
        Value::Builtin(path) => path.clone(),
        Value::Unlinked => "a binding of a module that is not linked".to_owned(),
    }
}

/// A value; of an object, what kind it is.
pub fn value(value: &Value, of: &Observation) -> String {
    match value {
        Value::Object(index) => match of.objects.get(*index as usize) {
            Some(object) => kind(object),
            None => "an object that is not described".to_owned(),
        },
        other => shown(other),
    }
}

/// The value of a binding or a property.
pub fn held(it: &Value, of: &Observation) -> String {
    match it {
        Value::Nothing => "in its dead zone".to_owned(),
        other => value(other, of),
    }
}

fn kind(object: &Object) -> String {
    match &object.inner {
        Inner::Function { text, .. } => format!("the function {}", observed(text)),
        Inner::Namespace(module) => format!("the namespace of {module}"),
        _ => format!("an object of class {}", object.class),
    }
}

/// A promise's state.
pub fn promise(promise: &Promise) -> String {
    match promise {
        Promise::Pending => "pending".to_owned(),
        Promise::Fulfilled(_) => "fulfilled".to_owned(),
        Promise::Rejected(_) => "rejected".to_owned(),
    }
}

/// A line of a stack.
pub fn frame(frame: &Frame) -> String {
    let number = |it: Option<u32>| it.map(|it| format!(":{it}")).unwrap_or_default();
    let position = format!(
        "{}{}{}",
        frame.module,
        number(frame.line),
        number(frame.column)
    );
    match &*frame.function {
        "" => position,
        function => format!("{function} ({position})"),
    }
}
