//! What a host may decide: conditions, main fields, extensions and an import map.

use super::import_map::ImportMap;

/// By which rules specifiers are resolved. Those by default are Node's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The conditions that hold in `exports` and `imports`, besides [`CONDITIONS`] and `default`.
    pub conditions: Vec<String>,
    /// The fields of a `package.json` without `exports` that may name its entry, the first that is a string first.
    pub main_fields: Vec<String>,
    /// What is appended to a path where no file is, in this order, each with its dot; then the same after `/index`, if it is
    /// a directory. Node appends nothing.
    pub extensions: Vec<String>,
    /// What specifiers mean before anything else is asked.
    pub import_map: Option<ImportMap>,
}

/// The conditions that always hold: those that Node sets for `import`, except `node-addons`, since no addon can be loaded.
pub const CONDITIONS: [&str; 2] = ["import", "module-sync"];

/// What holds besides, when nobody says otherwise. The engine is not Node, but what is measured should be the files
/// that Node would load, and packages seldom have a `default` that is meant for a bare engine.
pub const DEFAULT_CONDITION: &str = "node";

/// Names the entry of a package when nobody says otherwise.
pub const DEFAULT_MAIN_FIELD: &str = "main";

impl Default for Rules {
    fn default() -> Self {
        Self {
            conditions: vec![DEFAULT_CONDITION.to_owned()],
            main_fields: vec![DEFAULT_MAIN_FIELD.to_owned()],
            extensions: Vec::new(),
            import_map: None,
        }
    }
}

impl Rules {
    /// Whether a condition holds.
    pub(super) fn hold(&self, condition: &str) -> bool {
        condition == "default"
            || CONDITIONS.contains(&condition)
            || self.conditions.iter().any(|it| it == condition)
    }
}
