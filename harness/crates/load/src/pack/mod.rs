//! Packs: a whole static closure in one file.
//!
//! | file | does |
//! | --- | --- |
//! | `opening` | opening a pack and checking it while the VM is made |
//! | `check` | whether the sources are still those that the pack was made from |
//! | `texts` | the host of a run whose graph is given whole: it has the sources' text for whoever asks |
//! | `make` | making the pack of a graph that was loaded |
//! | `build` | making one without running its program |
//! | `parts` | what both are made of |
//! | `status` | what tells a file that has not changed |

mod build;
mod check;
mod make;
mod opening;
mod parts;
mod status;
mod texts;

pub use build::{BuiltPack, build_pack, pack_obstacles};
pub use check::{Change, Done, stale_module};
pub use make::{PackWriter, why_no_pack};
pub use opening::Opening;
pub use texts::{GraphHost, SharedTexts, Texts};
