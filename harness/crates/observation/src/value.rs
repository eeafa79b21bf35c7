//! Values, as they are observed.

use serde::{Deserialize, Serialize};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// There is none; of a binding: it is in its dead zone.
    Nothing,
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as JavaScript shows it, except `-0`.
    Number(String),
    /// A string.
    String(Text),
    /// A big integer in decimal.
    BigInt(Text),
    /// A symbol: its number in the order in which they were found, its kind and its description.
    Symbol(u32, SymbolKind, String),
    /// An object: its index in [`super::Observation::objects`].
    Object(u32),
    /// An object or symbol that the global object came with: the path to it.
    Builtin(String),
    /// A binding of a module that is not linked.
    Unlinked,
}

/// Which kind of symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SymbolKind {
    /// One of its own.
    Unique,
    /// `Symbol.for`.
    Registered,
    /// The private name of a class.
    PrivateName,
}

/// A text, whole or cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// All of it; lone surrogates are escaped.
    Whole(String),
    /// A long one.
    Cut(CutText),
}

/// A text that is too long to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutText {
    /// How it begins.
    pub beginning: String,
    /// Its length in bytes of UTF-8.
    pub length: u64,
    /// Digest (hex) of all of it.
    pub digest: String,
}

/// A property or what else stands where one was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// `w` writable, `e` enumerable, `c` configurable.
    pub attributes: String,
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
}

/// What a property holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// A value.
    Value(Value),
    /// Getter and setter.
    Accessor(Value, Value),
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// JSC's name of its kind.
    pub class: String,
    /// Its prototype; `Nothing` for a proxy.
    pub prototype: Value,
    /// Whether properties can be added.
    pub extensible: bool,
    /// What it holds besides properties.
    #[serde(default, skip_serializing_if = "Inner::is_none")]
    pub inner: Inner,
    /// Its own properties, in order.
    pub properties: Vec<(Value, Property)>,
    /// Whether there are more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut: bool,
}

/// What an object holds besides properties.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inner {
    /// Nothing.
    #[default]
    None,
    /// Source text and position of a function; native code has neither.
    Function {
        /// Its source text; empty when texts were not asked for.
        text: Text,
        module: String,
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
    },
    /// A bound function.
    Bound {
        /// The function.
        target: Value,
        /// What it is called on.
        this: Value,
        /// Its first arguments.
        arguments: Vec<Value>,
    },
    /// A proxy.
    Proxy { target: Value, handler: Value },
    /// A map's entries, in order.
    Map(Vec<(Value, Value)>),
    /// A set's members, in order.
    Set(Vec<Value>),
    /// A date's time value.
    Date(String),
    /// A regular expression.
    RegExp { pattern: Text, flags: String },
    /// What a wrapper object wraps.
    Primitive(Value),
    /// The bytes of a buffer or of what a view shows, in hex when they are few.
    Bytes(Text),
    /// A promise.
    Promise(Promise),
    /// The module of a namespace.
    Namespace(String),
}

impl Inner {
    fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// The state of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Promise {
    /// It waits.
    Pending,
    /// It was fulfilled.
    Fulfilled(Value),
    /// It was rejected.
    Rejected(Value),
}

pub(super) fn is_false(value: &bool) -> bool {
    !value
}
