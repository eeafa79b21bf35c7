//! Opening a pack and checking its sources while the engine makes its VM, which takes about as long.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use super::check::{Checker, Done};
use crate::cache::pack::VerifiedPack;
use crate::cache::{Identity, Store};
use crate::cache::{Miss, MissReason};
use crate::graph::resolve::ModuleKey;
use crate::load::cache::{CacheMode, CacheOptions};

/// A pack of so many bytes holds enough modules for validating and checking it to be worth a thread, whose start takes as
/// long as reading two or three of them.
const WORTH_A_THREAD: usize = 16 << 10;

/// A pack that is being validated, and whose sources are being checked.
pub struct Opening {
    helper: Option<Helper>,
    checker: Option<Result<Arc<Checker>, Miss>>,
}

struct Helper {
    validated: Receiver<Result<Arc<Checker>, Miss>>,
    thread: JoinHandle<()>,
}

impl Opening {
    /// Opens the pack of `entry`. The miss says why there is none; whether it is a valid one, [`Opening::pack`] tells.
    pub fn begin(
        store: &Store,
        entry: &ModuleKey,
        identity: &Identity,
        options: &CacheOptions,
    ) -> Result<Self, Miss> {
        if options.mode == CacheMode::Refresh {
            return Err(Miss::new(
                MissReason::Absent,
                "the cache is being refreshed",
            ));
        }
        let opened = store.open_pack(entry.as_str(), options.payload, identity)?;
        let (check, changed) = (options.check, options.stale.clone());
        let alone = opened.length() < WORTH_A_THREAD;
        let validate = move || {
            let pack = Arc::new(opened.validate()?);
            Ok(Arc::new(Checker::new(pack, check).with_changed(changed)))
        };
        if alone {
            return Ok(Self {
                helper: None,
                checker: Some(validate()),
            });
        }
        let (send, validated) = sync_channel(1);
        let work = move || {
            let checker: Result<Arc<Checker>, Miss> = validate();
            let own = checker.as_ref().ok().map(Arc::clone);
            // Nobody to receive it: the run was given up.
            let _ = send.send(checker);
            if let Some(checker) = own {
                checker.work();
            }
        };
        let thread = thread::Builder::new().name("pack".to_owned()).spawn(work);
        let thread = thread.map_err(|error| {
            Miss::new(MissReason::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(Self {
            helper: Some(Helper { validated, thread }),
            checker: None,
        })
    }

    /// The pack, once it has been validated.
    pub fn pack(&mut self) -> Result<Arc<VerifiedPack>, Miss> {
        let helper = &self.helper;
        let checker = self.checker.get_or_insert_with(|| {
            let received = helper.as_ref().and_then(|it| it.validated.recv().ok());
            received.unwrap_or_else(|| {
                Err(Miss::new(
                    MissReason::Io,
                    "the thread that validates the pack has failed",
                ))
            })
        });
        match checker {
            Ok(checker) => Ok(checker.pack()),
            Err(miss) => Err(miss.clone()),
        }
    }

    /// Takes part in the check until it is done; what it has come to. Nothing was checked of a pack that is not valid.
    pub fn finish(self) -> Done {
        let checker = self.checker.and_then(Result::ok);
        if let Some(checker) = &checker {
            checker.work();
        }
        if let Some(helper) = self.helper {
            let _ = helper.thread.join();
        }
        checker.map_or_else(Done::default, |it| it.finish())
    }
}
