//! Packs: a whole static closure in one file.
//!
//! | file | does |
//! | --- | --- |
//! | `opening` | opening a pack and checking it while the VM is made |
//! | `check` | whether the sources are still those that the pack was made from |
//! | `texts` | the host of a run whose graph is given whole: it has the sources' text for whoever asks |
//! | `noted` | a run that parses everything and notes what a pack needs |
//! | `make` | making the pack of it |

mod check;
mod make;
mod noted;
mod opening;
mod texts;

pub use check::{Change, Done, stale_module};
pub use make::{PackWriter, why_no_pack};
pub use noted::{Noted, NotingHost};
pub use opening::Opening;
pub use texts::{GraphHost, Texts};
