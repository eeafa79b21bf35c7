//! `setTimeout`, `setInterval`, `clearTimeout`, `clearInterval` (HTML, 8.6 Timers), without nesting clamps.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rusty_jsc::{JSContext, JSObject, JSValue, callback};

use super::super::thrown::Thrown;
use super::microtask::is_function;
use super::{Protected, State, define, state_of, type_error};

/// The largest delay that a timer takes, as in browsers and Node: beyond it the delay is 1 ms.
const MAX_DELAY_MS: f64 = i32::MAX as f64;

/// The timers of one realm, ordered by deadline, then by age.
#[derive(Default)]
pub struct Timers {
    last_id: u32,
    by_deadline: BTreeMap<(Instant, u32), Timer>,
    deadline_of: BTreeMap<u32, Instant>,
}

struct Timer {
    /// A JavaScript array: the function, then its arguments.
    call: Protected,
    repeat: Option<Duration>,
}

/// What running the next timer came to.
pub enum TimerRun {
    /// There is no timer.
    None,
    /// The next one is due in this time.
    Wait(Duration),
    /// One ran.
    Ran,
    /// One ran and threw.
    Threw(Thrown),
}

impl Timers {
    fn add(&mut self, call: Protected, delay: Duration, repeat: bool) -> u32 {
        self.last_id += 1;
        self.insert(
            self.last_id,
            Timer {
                call,
                repeat: repeat.then_some(delay),
            },
            delay,
        );
        self.last_id
    }

    fn insert(&mut self, id: u32, timer: Timer, delay: Duration) {
        let deadline = Instant::now() + delay;
        self.by_deadline.insert((deadline, id), timer);
        self.deadline_of.insert(id, deadline);
    }

    fn remove(&mut self, id: u32) -> Option<Timer> {
        let deadline = self.deadline_of.remove(&id)?;
        self.by_deadline.remove(&(deadline, id))
    }
}

/// Defines the timers of the HTML standard.
pub fn install(context: &JSContext) {
    let global = context.get_global_object();
    define(context, &global, "setTimeout", Some(set_timeout));
    define(context, &global, "setInterval", Some(set_interval));
    define(context, &global, "clearTimeout", Some(clear_timer));
    define(context, &global, "clearInterval", Some(clear_timer));
}

/// Runs the first timer of `state` if it is due. The timer may add and clear timers, itself included.
pub fn run_due(context: &JSContext, state: &Rc<State>) -> TimerRun {
    let (id, timer) = {
        let mut timers = state.timers.borrow_mut();
        let Some((&(deadline, id), _)) = timers.by_deadline.first_key_value() else {
            return TimerRun::None;
        };
        let wait = deadline.saturating_duration_since(Instant::now());
        if !wait.is_zero() {
            return TimerRun::Wait(wait);
        }
        match timers.by_deadline.remove(&(deadline, id)) {
            Some(timer) => (id, timer),
            None => return TimerRun::None,
        }
    };

    let result = call(context, timer.call.value());

    // Unless the callback cleared its own interval, it goes on.
    let mut timers = state.timers.borrow_mut();
    match timer.repeat {
        Some(delay) if timers.deadline_of.contains_key(&id) => timers.insert(id, timer, delay),
        _ => drop(timers.deadline_of.remove(&id)),
    }
    match result {
        Ok(_) => TimerRun::Ran,
        Err(error) => TimerRun::Threw(Thrown::new(context, &error)),
    }
}

fn call(context: &JSContext, call: &JSValue) -> Result<JSValue, JSValue> {
    let call = call.to_object(context)?;
    let count = call.get_property(context, "length").to_number(context)? as u32;
    let values = (0..count)
        .map(|index| call.get_property_at_index(context, index))
        .collect::<Result<Vec<_>, _>>()?;
    match values.split_first() {
        Some((function, arguments)) => function.to_object(context)?.call(context, None, arguments),
        None => Ok(JSValue::undefined(context)),
    }
}

#[callback]
fn set_timeout(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    add(&context, arguments, false)
}

#[callback]
fn set_interval(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    add(&context, arguments, true)
}

#[callback]
fn clear_timer(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    clear(&context, arguments)
}

fn clear(context: &JSContext, arguments: &[JSValue]) -> Result<JSValue, JSValue> {
    if let (Some(id), Some(state)) = (arguments.first(), state_of(context)) {
        // A conversion runs the program's code: nothing may be borrowed meanwhile.
        let id = id.to_number(context)?;
        let removed = state.timers.borrow_mut().remove(id as u32);
        drop(removed);
    }
    Ok(JSValue::undefined(context))
}

fn add(context: &JSContext, arguments: &[JSValue], repeat: bool) -> Result<JSValue, JSValue> {
    let Some(function) = arguments.first().filter(|it| is_function(context, it)) else {
        return Err(type_error(
            context,
            "a timer's first argument is not a function",
        ));
    };
    let delay = match arguments.get(1) {
        Some(delay) => delay.to_number(context)?,
        None => 0.0,
    };
    let delay = if (1.0..=MAX_DELAY_MS).contains(&delay) {
        delay
    } else {
        1.0
    };

    let mut call = vec![function.clone()];
    call.extend(arguments.iter().skip(2).cloned());
    let call = Protected::new(context, JSObject::new_array(context, &call)?.to_jsvalue());
    let id = state_of(context).map_or(0, |state| {
        state
            .timers
            .borrow_mut()
            .add(call, Duration::from_secs_f64(delay / 1_000.0), repeat)
    });
    Ok(JSValue::number(context, f64::from(id)))
}
