//! The ways in which a module fails.

use crate::generate::rng::Rng;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not parse, or has an early error.
    Parse,
    /// A name or a module that it imports is not there, or is two.
    Link,
    /// It throws, rejects, or never ends.
    Run,
}

impl Fault {
    /// Draws one.
    pub fn draw(rng: &mut Rng) -> Self {
        *rng.pick(&[Self::Parse, Self::Link, Self::Run, Self::Run])
    }
}
