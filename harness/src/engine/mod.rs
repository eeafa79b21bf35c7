//! The safe side of the bridge: one engine a process, realms on it, and module graphs loaded in them.
//!
//! The only module of this crate with `unsafe` code. JavaScriptCore is driven from one thread: [`Engine`] and [`Realm`]
//! are neither `Send` nor `Sync`.

#![allow(unsafe_code)]

mod arena;
mod cached;
mod generate;
mod globals;
mod graph;
mod host;
mod identity;
mod mapping;
mod observe;
mod realm;
mod run;
mod script;
#[cfg(test)]
mod source_url;
mod text;
mod thrown;

pub use arena::{Arena, ArenaBuffer};
pub use generate::{GenerateError, Generated};
pub use globals::{ConsoleSink, ConsoleStream};
pub use graph::{CaptureError, CapturedGraph, CapturedModule, VerifiedGraph};
pub use host::{
    Cached, FetchRequest, Host, HostError, Rejection, Source, SourceFacts, SourceKind,
    VerifiedModule,
};
pub use identity::{Engine, Identity};
pub use mapping::map_file;
pub use observe::ObserveLimits;
pub use realm::{LoadState, Realm, Statistics};
pub use run::{Outcome, Rest, run_to_completion, run_to_rest};
pub use script::ScriptError;
pub use thrown::{FailedAt, FailedModule, Frame, Thrown};
