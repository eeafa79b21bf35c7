//! Opening a pack and checking its sources while the engine makes its VM, which takes about as long.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use jsc_module_cache::pack::VerifiedPack;
use jsc_module_cache::store::OpenedPack;
use jsc_module_cache::{Identity, Miss, MissReason, Store};
use sample::CacheMode;

use super::check::{Checker, Done};
use crate::interference::Interference;
use crate::options::CacheOptions;
use crate::program::Program;

/// A pack of so many bytes holds enough modules for validating and checking it to be worth a thread, whose start takes as
/// long as reading two or three of them.
const WORTH_A_THREAD: usize = 16 << 10;

/// A pack that is being validated, and whose sources are being checked.
pub enum Opening {
    /// It was small enough to be validated at once.
    Validated(Arc<Checker>),
    /// A thread is at it.
    OnThread {
        /// What validating it comes to.
        validated: Receiver<Result<Arc<Checker>, Miss>>,
        /// Checks the sources afterwards.
        thread: JoinHandle<()>,
    },
}

/// A valid pack whose sources are being checked.
pub struct Checking {
    checker: Arc<Checker>,
    thread: Option<JoinHandle<()>>,
}

impl Opening {
    /// Opens the pack of `program`. The miss says why there is none; of a large one that is not valid,
    /// [`Opening::pack`] tells.
    pub fn begin(
        store: &Store,
        program: &Program,
        identity: &Identity,
        options: &CacheOptions,
        interference: &Interference,
    ) -> Result<Self, Miss> {
        if options.mode == CacheMode::Refresh {
            return Err(Miss::new(
                MissReason::Absent,
                "the cache is being refreshed",
            ));
        }
        let open =
            || store.open_pack_for(&options.stored(&program.entry), options.payload, identity);
        let opened = open()?;
        if opened.length() < WORTH_A_THREAD {
            return validate(opened, program, options, interference).map(Self::Validated);
        }
        match Self::on_thread(opened, program, options, interference) {
            Some(opening) => Ok(opening),
            None => validate(open()?, program, options, interference).map(Self::Validated),
        }
    }

    /// `None` when there can be no thread.
    fn on_thread(
        opened: OpenedPack,
        program: &Program,
        options: &CacheOptions,
        interference: &Interference,
    ) -> Option<Self> {
        let (send, validated) = sync_channel(1);
        let (program, options) = (program.clone(), options.clone());
        let interference = interference.clone();
        let work = move || {
            let checker = validate(opened, &program, &options, &interference);
            let own = checker.as_ref().ok().map(Arc::clone);
            // Nobody to receive it: the run was given up.
            let _ = send.send(checker);
            if let Some(checker) = own {
                checker.work();
            }
        };
        let thread = thread::Builder::new().name("pack".to_owned()).spawn(work);
        thread
            .ok()
            .map(|thread| Self::OnThread { validated, thread })
    }

    /// The pack, once it has been validated.
    pub fn pack(self) -> Result<Checking, Miss> {
        match self {
            Self::Validated(checker) => Ok(Checking {
                checker,
                thread: None,
            }),
            Self::OnThread { validated, thread } => Ok(Checking {
                checker: validated.recv().unwrap_or_else(|_| Err(failed()))?,
                thread: Some(thread),
            }),
        }
    }
}

impl Checking {
    /// The pack.
    pub fn pack(&self) -> Arc<VerifiedPack> {
        self.checker.pack()
    }

    /// Takes part in the check until it is done.
    ///
    /// # Errors
    /// It cannot be done.
    pub fn finish(self) -> Result<Done, Miss> {
        self.checker.work();
        // What a thread had in hand when it failed was not checked.
        match self.thread.map_or(Ok(()), JoinHandle::join) {
            Ok(()) => Ok(self.checker.finish()),
            Err(_) => Err(failed()),
        }
    }
}

fn validate(
    opened: OpenedPack,
    program: &Program,
    options: &CacheOptions,
    interference: &Interference,
) -> Result<Arc<Checker>, Miss> {
    let pack = opened.validate()?;
    program.has_made(&pack)?;
    let pack = Arc::new(options.placed(pack)?);
    let checker = Checker::new(pack, options.check)
        .by(&program.rules)
        .with_changed(interference.stale.clone());
    Ok(Arc::new(checker))
}

fn failed() -> Miss {
    Miss::new(
        MissReason::Io,
        "the thread that validates and checks the pack has failed",
    )
}
