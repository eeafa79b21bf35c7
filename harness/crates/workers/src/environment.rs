//! What of this process's environment reaches the processes that it starts.

use std::env;
use std::ffi::OsString;

/// Variables of this process that a worker gets, besides all that begin with `JSC_` (they reach the engine).
const KEPT_VARIABLES: &[&str] = &[
    "HARNESS_WORKLOADS",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "TMPDIR",
    "TZ",
    "XDG_CACHE_HOME",
];

/// The variables that a worker gets, of those that this process has.
pub fn kept_environment() -> impl Iterator<Item = (OsString, OsString)> {
    env::vars_os().filter(|(name, _)| {
        name.to_str()
            .is_some_and(|name| name.starts_with("JSC_") || KEPT_VARIABLES.contains(&name))
    })
}
