//! The module that runs before a program, in the same realm: what it leaves in the global object is the host's.

use std::rc::Rc;

use engine::{ConsoleSink, ConsoleStream, Realm, run_until_loaded};
use resolve::ModuleKey;

use crate::error::Error;

/// Runs a prelude in a realm in which nothing was loaded yet.
///
/// # Errors
/// It cannot be loaded, throws, or never ends.
pub fn run(realm: &mut Realm<'_>, prelude: &ModuleKey) -> Result<(), Error> {
    realm.load(prelude.as_str());
    match run_until_loaded(realm).in_words() {
        None => Ok(()),
        Some(why) => Err(Error::PreludeFailed {
            prelude: prelude.as_str().to_owned(),
            why,
        }),
    }
}

/// A console for a prelude that runs once more, because its realm turned out to be of no use: it has been heard.
pub fn silence() -> Rc<dyn ConsoleSink> {
    Rc::new(Silence)
}

struct Silence;

impl ConsoleSink for Silence {
    fn print(&self, _: ConsoleStream, _: &str) {}
}
