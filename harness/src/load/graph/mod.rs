//! The graph path: a whole static closure from one pack.
//!
//! | file | does |
//! | --- | --- |
//! | `run` | a run by this path: from the pack, or by parsing, with a new pack afterwards |
//! | `opening` | opening a pack and checking it while the VM is made |
//! | `check` | whether the sources are still those that the pack was made from |
//! | `texts` | the host of such a run: it has the sources' text for whoever asks |
//! | `driven` | the same for a caller that drives the realm itself: Test262 |
//! | `stale` | the check alone |
//! | `record` | a run that notes what a pack needs, and making the pack |

mod check;
mod driven;
mod opening;
mod record;
mod run;
mod stale;
mod texts;

pub use check::Check;
pub use driven::DrivenGraph;
pub(super) use run::run_graph;
pub use stale::stale_module;
