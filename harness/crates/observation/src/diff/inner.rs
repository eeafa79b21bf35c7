//! What two objects hold besides properties, side by side.

use super::graph::Graph;
use super::words::{observed, promise, shown, value};
use super::{Differ, one_sided};
use crate::value::{Inner, Promise, Value};

impl Graph<'_> {
    pub(super) fn inner(&mut self, differ: &mut Differ, place: &str, left: &Inner, right: &Inner) {
        let at = |part: &str| format!("{place}, {part}");
        match (left, right) {
            (
                Inner::Function {
                    text,
                    module,
                    line,
                    column,
                },
                Inner::Function {
                    text: other_text,
                    module: other_module,
                    line: other_line,
                    column: other_column,
                },
            ) => {
                if text != other_text {
                    differ.add(at("source text"), observed(text), observed(other_text));
                }
                let position = |module: &str, line, column| format!("{module}:{line}:{column}");
                differ.plain(
                    &at("position"),
                    position(module, line, column),
                    position(other_module, other_line, other_column),
                );
            }
            (
                Inner::Bound {
                    target,
                    this,
                    arguments,
                },
                Inner::Bound {
                    target: other_target,
                    this: other_this,
                    arguments: other_arguments,
                },
            ) => {
                self.value(differ, || at("target"), target, other_target);
                self.value(differ, || at("bound this"), this, other_this);
                self.list(differ, &at("bound argument"), arguments, other_arguments);
            }
            (
                Inner::Proxy { target, handler },
                Inner::Proxy {
                    target: other_target,
                    handler: other_handler,
                },
            ) => {
                self.value(differ, || at("target"), target, other_target);
                self.value(differ, || at("handler"), handler, other_handler);
            }
            (Inner::Map(entries), Inner::Map(others)) => {
                let keys = |entries: &[(Value, Value)]| {
                    entries.iter().map(|it| it.0.clone()).collect::<Vec<_>>()
                };
                let values = |entries: &[(Value, Value)]| {
                    entries.iter().map(|it| it.1.clone()).collect::<Vec<_>>()
                };
                self.list(differ, &at("key"), &keys(entries), &keys(others));
                self.list(differ, &at("entry"), &values(entries), &values(others));
            }
            (Inner::Set(members), Inner::Set(others)) => {
                self.list(differ, &at("member"), members, others)
            }
            (Inner::Primitive(a), Inner::Primitive(b)) => {
                self.value(differ, || at("wrapped value"), a, b)
            }
            (Inner::Promise(a), Inner::Promise(b)) => match (a, b) {
                (Promise::Fulfilled(a), Promise::Fulfilled(b))
                | (Promise::Rejected(a), Promise::Rejected(b)) => {
                    self.value(differ, || at("result"), a, b)
                }
                (a, b) => differ.plain(&at("state"), promise(a), promise(b)),
            },
            (a, b) if a != b => differ.add(at("content"), inner_in_words(a), inner_in_words(b)),
            _ => {}
        }
    }

    /// Values by their places, counted from 1.
    fn list(&mut self, differ: &mut Differ, place: &str, left: &[Value], right: &[Value]) {
        for index in 0..left.len().max(right.len()) {
            let place = || format!("{place} {}", index + 1);
            match (left.get(index), right.get(index)) {
                (Some(a), Some(b)) => self.value(differ, place, a, b),
                (a, b) => {
                    let left = a.map(|it| value(it, self.left));
                    let right = b.map(|it| value(it, self.right));
                    one_sided(differ, place(), left, right);
                }
            }
        }
    }
}

fn inner_in_words(inner: &Inner) -> String {
    match inner {
        Inner::None => "none".to_owned(),
        Inner::Date(time) => format!("the date {time}"),
        Inner::RegExp { pattern, flags } => {
            format!("the pattern {} with flags {flags:?}", observed(pattern))
        }
        Inner::Bytes(bytes) => format!("the bytes {}", observed(bytes)),
        Inner::Namespace(module) => format!("the namespace of {module}"),
        Inner::Function { .. } => "a function".to_owned(),
        Inner::Bound { .. } => "a bound function".to_owned(),
        Inner::Proxy { .. } => "a proxy".to_owned(),
        Inner::Map(_) => "a map".to_owned(),
        Inner::Set(_) => "a set".to_owned(),
        Inner::Primitive(it) => format!("a wrapped {}", shown(it)),
        Inner::Promise(it) => format!("a promise, {}", promise(it)),
    }
}
