//! Which of a series of engines is the first that differs from those before it? Evidence in, answer out; nothing here does
//! I/O.
//!
//! | question | where |
//! | --- | --- |
//! | what is asked of each engine? | [`Question`], [`Ask`] |
//! | what did an engine answer? | [`Evidence`] |
//! | to which end does it belong, with which error? | [`Answer`], [`Rules`] |
//! | which engine is asked next, and when is it over? | [`Search`] |
//! | who asks? | [`run`], [`Laboratory`] |
//! | how is it kept, answered again and shown? | [`Document`], [`render`] |
//!
//! The series begins with an engine that is called good and ends with one that is called bad. A **fact** (what a program
//! shows, how a cache serves) belongs to the end that has the same one. A **value** (a time, a count) belongs to the end
//! that it lies nearer to; both ends are measured in the same blocks with it.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod decide;
mod document;
mod drive;
mod evidence;
mod question;
pub mod render;
mod search;
#[cfg(test)]
mod testing;

pub use decide::{Answer, Change};
pub use document::{Document, DocumentError, Ends, Found, Size, Step};
pub use drive::{Doing, Enough, Laboratory, Stop, ends, evidence, run};
pub use evidence::{Built, Evidence, FactsOfEnds};
pub use question::{Ask, Question, Revision, Rules, RulesError};
pub use search::{Next, Search};
