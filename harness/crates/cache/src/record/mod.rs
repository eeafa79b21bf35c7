//! A module record in types: what `inspect`, `diff` and the validate mode look at. The engine reads images, not this.

mod bits;
mod encode;
mod read;
mod text;

pub use bits::{Features, PrivateTraits, Traits};
pub use text::Text;

use serde::{Serialize, Serializer};

/// Everything that a `JSModuleRecord` holds and an image keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Whether the module has a top-level await.
    #[serde(rename = "async")]
    pub is_async: bool,
    /// What the code uses.
    pub features: Features,
    /// The requested modules, in order of occurrence.
    pub requests: Vec<Request>,
    /// The import entries, in insertion order (see `image.h`).
    pub imports: Vec<Import>,
    /// The export entries, in insertion order.
    pub exports: Vec<Export>,
    /// The specifiers of `export *`, in order of occurrence.
    pub stars: Vec<Text>,
    /// Variables of the function scope.
    pub declared: Environment,
    /// Variables of the lexical scope, imported bindings among them.
    pub lexical: Environment,
}

/// `AbstractModuleRecord::ModuleRequest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    pub specifier: Text,
    /// The import attributes.
    pub attributes: Attributes,
    /// The phase: 0, evaluation.
    pub phase: u32,
}

/// What `ScriptFetchParameters` keeps of import attributes: the type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Attributes {
    /// No attributes.
    #[default]
    None,
    /// Attributes without a type.
    Untyped,
    /// JavaScript.
    JavaScript,
    /// `type: "webassembly"`.
    WebAssembly,
    /// `type: "json"`.
    Json,
}

/// `AbstractModuleRecord::ImportEntry`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// One binding or the namespace.
    #[serde(rename = "type")]
    pub kind: ImportKind,
    /// The specifier.
    pub module_request: Text,
    /// What it is called in that module; for the namespace what the engine puts there.
    pub import_name: Name,
    /// What it is called here.
    pub local_name: Text,
}

/// `ImportEntryType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// One binding.
    Single,
    /// The namespace object.
    Namespace,
}

/// `AbstractModuleRecord::ExportEntry`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Export {
    /// The name that others import.
    pub export_name: Text,
    /// What it stands for.
    #[serde(flatten)]
    pub target: ExportTarget,
}

/// What an export stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ExportTarget {
    /// A variable of this module.
    Local {
        /// The variable.
        local_name: Name,
    },
    /// An export of another module.
    Indirect {
        /// The specifier.
        module_name: Text,
        /// What it is called in that module.
        import_name: Text,
    },
    /// The namespace of another module.
    Namespace {
        /// The specifier.
        module_name: Text,
    },
}

/// `VariableEnvironment`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// `isEverythingCaptured`.
    pub everything_captured: bool,
    pub variables: Vec<Variable>,
    pub private_names: Vec<PrivateName>,
}

/// An entry of a `VariableEnvironment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variable {
    pub name: Name,
    pub traits: Traits,
}

/// A private name of a `VariableEnvironment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrivateName {
    pub name: Text,
    pub traits: PrivateTraits,
}

/// A name that may be one of the engine's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Name {
    /// An ordinary name.
    Text(Text),
    /// `@starDefault`, the variable of `export default <expression>`.
    StarDefault,
    /// `@starNamespace`, the import name of a namespace.
    StarNamespace,
    /// No name.
    None,
}

impl std::fmt::Display for Name {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => text.fmt(out),
            Self::StarDefault => out.write_str("@starDefault"),
            Self::StarNamespace => out.write_str("@starNamespace"),
            Self::None => out.write_str("(none)"),
        }
    }
}

impl Serialize for Name {
    /// A string for an ordinary name; `{"private": "starDefault"}` for the engine's own, which no text can be mistaken
    /// for; `null` for none.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Private {
            private: &'static str,
        }
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::StarDefault => Private {
                private: "starDefault",
            }
            .serialize(serializer),
            Self::StarNamespace => Private {
                private: "starNamespace",
            }
            .serialize(serializer),
            Self::None => serializer.serialize_none(),
        }
    }
}

impl std::fmt::Display for Attributes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::None => "",
            Self::Untyped => "with {}",
            Self::JavaScript => "with { type: \"javascript\" }",
            Self::WebAssembly => "with { type: \"webassembly\" }",
            Self::Json => "with { type: \"json\" }",
        })
    }
}
