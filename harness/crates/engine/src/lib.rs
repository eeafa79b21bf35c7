//! The safe side of the bridge: one engine a process, realms on it, and module graphs loaded in them.
//!
//! The only module of this crate with `unsafe` code. JavaScriptCore is driven from one thread: [`Engine`] and [`Realm`]
//! are neither `Send` nor `Sync`.

// A test that unwraps says by its panic what it expected.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]
#![allow(unsafe_code)]

mod build;
mod cached;
mod error;
mod generate;
mod globals;
mod graph;
mod host;
mod mirrors;
mod observe;
mod realm;
mod realm_graph;
mod run;
mod script;
#[cfg(test)]
mod source_url;
mod text;
mod thrown;

pub use build::{Engine, EngineBuild};
pub use error::Error;
pub use generate::{GenerateError, Generated};
pub use globals::{ConsoleSink, ConsoleStream};
pub use graph::{
    AnalyzedRequest, CaptureError, CapturedClosure, CapturedModule, MixedClosure, MixedModule,
    RequestAttribute, VerifiedClosure,
};
pub use host::{
    Cached, FetchRequest, Host, HostError, ModuleTexts, Rejection, Source, SourceFacts, SourceKind,
    VerifiedModule,
};
pub use observe::ObserveLimits;
pub use realm::{LoadState, Realm, Statistics};
pub use run::{Outcome, Rest, run_to_completion, run_to_rest, run_until_loaded};
pub use script::ScriptError;
pub use thrown::{FailedAt, FailedModule, Frame, Thrown};
