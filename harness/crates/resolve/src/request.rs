//! Who asks for what.

use super::error::Import;
use super::key::ModuleKey;
use super::rules::Rules;

/// What is imported, and by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub specifier: &'a str,
    /// None for code that belongs to no module.
    pub referrer: Option<&'a ModuleKey>,
    /// By which rules it is resolved.
    pub rules: &'a Rules,
}

impl Request<'_> {
    /// The same for an error.
    pub fn import(&self) -> Import {
        Import::new(self.specifier, self.referrer.map(ModuleKey::as_str))
    }
}
