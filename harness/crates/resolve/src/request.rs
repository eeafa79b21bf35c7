//! Who asks for what.

use super::error::Import;
use super::key::ModuleKey;

/// What is imported, and by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub specifier: &'a str,
    /// None for code that belongs to no module.
    pub referrer: Option<&'a ModuleKey>,
}

impl Request<'_> {
    /// The same for an error.
    pub fn import(&self) -> Import {
        Import::new(self.specifier, self.referrer.map(ModuleKey::as_str))
    }
}
