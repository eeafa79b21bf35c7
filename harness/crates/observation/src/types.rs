//! What was observed of one run.

use serde::{Deserialize, Serialize};

use super::value::{CutText, Object, Promise, Property, Value, is_false};

/// Version of the JSON layout.
pub const SCHEMA: u32 = 1;

/// Everything that a program showed in one run. Two runs that show the same have equal observations, whatever the path
/// and the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    pub schema: u32,
    /// Digest (hex) of everything below, of texts that are cut short here in full.
    pub digest: String,
    /// How the program ended.
    pub outcome: Outcome,
    /// What it printed, one item a call of the console.
    pub console: Vec<Printed>,
    /// What it printed beyond the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console_rest: Option<CutText>,
    /// The evaluations of modules, in order.
    pub evaluations: Vec<Evaluation>,
    /// The calls of `import()`, in order, and what their promises came to.
    pub imports: Vec<DynamicImport>,
    /// The linked modules by name.
    pub modules: Vec<Module>,
    /// The value that ended the program, if one did.
    pub uncaught: Value,
    /// How the global object and all that it came with have changed.
    pub builtins: Vec<BuiltinChange>,
    /// Every object that was found, in the order in which it was: the modules' namespaces first, then by distance.
    pub objects: Vec<Object>,
    /// Objects that were found and are not described, because there are too many or they are too far away.
    pub undescribed: u32,
}

impl Observation {
    /// How the program ended, what it printed and in which order it evaluated its modules, without their values. The
    /// digest stays.
    pub fn without_values(self) -> Self {
        Self {
            imports: Vec::new(),
            modules: Vec::new(),
            uncaught: Value::Nothing,
            builtins: Vec::new(),
            objects: Vec::new(),
            ..self
        }
    }
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// `completed`, `threw`, `unhandled-rejection` or `unsettled`.
    pub kind: String,
    /// The exit code of `run`.
    pub exit_code: i32,
    /// The error that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<UncaughtError>,
}

/// An error that ended a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UncaughtError {
    /// The class that the value is an instance of; absent when it is not an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// `String(value)`: for an error, its name and message.
    pub message: String,
    /// Its `code`, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Its stack, innermost frame first.
    pub frames: Vec<Frame>,
    /// The module that could not be parsed or linked, if that is what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
}

/// One line of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The function's name; empty for an anonymous one.
    pub function: String,
    /// The module, or what else the code is of; empty for code without a file.
    pub module: String,
    /// Line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// One call of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Whether it went to standard error.
    pub error: bool,
    /// What was printed, its line end included.
    pub text: String,
}

/// One step of evaluating modules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    pub module: String,
    /// Whether it went on after an `await`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resumed: bool,
    /// Whether it threw.
    #[serde(default, skip_serializing_if = "is_false")]
    pub threw: bool,
}

/// One call of `import()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicImport {
    /// The importing module.
    pub referrer: String,
    pub specifier: String,
    /// JSC's number of the attribute `type`; 0 for none.
    pub attribute: u8,
    /// What became of it.
    pub promise: Promise,
}

/// A linked module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Its path from the graph's root.
    pub module: String,
    /// Whether it is a source text module, and not one of JSON or WebAssembly.
    pub source_text: bool,
    /// Its namespace; `Nothing` when it cannot have one.
    pub namespace: Value,
    /// Its `import.meta`; `Nothing` when its code never asks for it.
    pub meta: Value,
}

/// How something that the global object came with has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltinChange {
    /// The path to it.
    pub path: String,
    /// `added`, `changed`, `removed`, `prototype`, `extensible`.
    pub what: String,
    /// The property as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<Property>,
}
