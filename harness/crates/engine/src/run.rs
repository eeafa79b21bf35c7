//! The event loop: microtasks, timers and JSC's background work, until nothing is left.

use std::thread;
use std::time::Duration;

use super::globals::TimerRun;
use super::realm::{LoadState, Realm};
use super::thrown::{FailedModule, Thrown};

/// How long to sleep while another thread works for the realm (compiling WebAssembly, say).
const POLL: Duration = Duration::from_micros(200);

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The graph was evaluated and nothing is left to do.
    Completed,
    /// An error that nothing caught.
    Threw(Thrown),
    /// A promise was rejected and nothing handled it.
    UnhandledRejection(Thrown),
    /// Nothing is left to do, but a top-level `await` still waits.
    Unsettled,
}

impl Outcome {
    /// How a program ended that did not end well, as people read it; nothing when it did.
    pub fn in_words(&self) -> Option<String> {
        match self {
            Self::Completed => None,
            Self::Threw(error) => Some(format!("Uncaught {error}")),
            Self::UnhandledRejection(reason) => Some(format!("Uncaught (in promise) {reason}")),
            Self::Unsettled => Some("a top-level await never ended".to_owned()),
        }
    }

    /// The module that could not be loaded, if that is what ended the program.
    pub fn failed_module(&self) -> Option<&FailedModule> {
        match self {
            Self::Threw(error) | Self::UnhandledRejection(error) => error.module.as_ref(),
            Self::Completed | Self::Unsettled => None,
        }
    }
}

/// Runs the realm until its program has nothing left to do, or fails. `loaded` is called once, right after the graph is
/// evaluated (or failed): it is where a load's time ends.
pub fn run_to_completion(realm: &mut Realm<'_>, loaded: impl FnOnce(&Realm<'_>)) -> Outcome {
    let mut loaded = Some(loaded);
    loop {
        let working = turn(realm);
        let state = realm.load_state();
        if state != LoadState::Pending
            && let Some(loaded) = loaded.take()
        {
            loaded(realm);
        }
        if let LoadState::Rejected(error) = state {
            return Outcome::Threw(error);
        }
        if let Some(reason) = realm.take_unhandled_rejection() {
            return Outcome::UnhandledRejection(reason);
        }
        match next_timer(realm, working) {
            Next::Again => {}
            Next::Threw(error) => return Outcome::Threw(error),
            Next::Nothing if state == LoadState::Pending => return Outcome::Unsettled,
            Next::Nothing => return Outcome::Completed,
        }
    }
}

/// Runs the realm until the graph that was loaded last is evaluated, or fails. Timers that it has started are still to come.
pub fn run_until_loaded(realm: &mut Realm<'_>) -> Outcome {
    loop {
        let working = turn(realm);
        match realm.load_state() {
            LoadState::Fulfilled => return Outcome::Completed,
            LoadState::Rejected(error) => return Outcome::Threw(error),
            LoadState::Pending => {}
        }
        match next_timer(realm, working) {
            Next::Again => {}
            Next::Threw(error) => return Outcome::Threw(error),
            Next::Nothing => return Outcome::Unsettled,
        }
    }
}

/// What a realm has come to when nothing is left to do.
#[derive(Debug)]
pub struct Rest {
    /// How far the module graph is, if one was loaded; pending is final now.
    pub load: LoadState,
    /// Rejections that nothing had handled when the microtasks had run, in the order in which they were found.
    pub rejections: Vec<Thrown>,
    /// What timers threw.
    pub uncaught: Vec<Thrown>,
}

/// Runs the realm until nothing is left to do, whatever fails on the way: unlike [`run_to_completion`], an error ends
/// nothing.
pub fn run_to_rest(realm: &mut Realm<'_>) -> Rest {
    let mut rest = Rest {
        load: LoadState::Pending,
        rejections: Vec::new(),
        uncaught: Vec::new(),
    };
    loop {
        let working = turn(realm);
        // Describing an error may run code of the program, so it is done once.
        if rest.load == LoadState::Pending {
            rest.load = realm.load_state();
        }
        while let Some(reason) = realm.take_unhandled_rejection() {
            rest.rejections.push(reason);
        }
        match next_timer(realm, working) {
            Next::Again => {}
            Next::Threw(error) => rest.uncaught.push(error),
            Next::Nothing => return rest,
        }
    }
}

/// Runs what needs no waiting; whether another thread still works for the realm.
fn turn(realm: &mut Realm<'_>) -> bool {
    realm.drain_microtasks();
    let working = realm.run_deferred_work();
    realm.idle();
    working
}

/// How it goes on after a timer.
enum Next {
    /// With another turn.
    Again,
    /// The timer threw.
    Threw(Thrown),
    /// There is none, and nothing else to wait for.
    Nothing,
}

/// Runs the timer that is due, or waits for the next one, or for the thread that works.
fn next_timer(realm: &mut Realm<'_>, working: bool) -> Next {
    let wait = match realm
        .globals()
        .map_or(TimerRun::None, |globals| globals.run_due_timer())
    {
        TimerRun::Ran => return Next::Again,
        TimerRun::Threw(error) => return Next::Threw(error),
        TimerRun::Wait(wait) if working => wait.min(POLL),
        TimerRun::Wait(wait) => wait,
        TimerRun::None if working => POLL,
        TimerRun::None => return Next::Nothing,
    };
    thread::sleep(wait);
    Next::Again
}
