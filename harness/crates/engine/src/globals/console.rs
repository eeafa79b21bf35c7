//! `console` (Console Standard): what a program prints to see what it does. `log`, `info`, `debug`, `dir`, `table`, the
//! groups and the counters go to standard output; `error`, `warn`, `trace` and failed assertions to standard error.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use rusty_jsc::{JSContext, JSObject, JSValue, callback};

use super::super::text;
use super::inspect::{self, Inspector};
use super::{define, state_of};

/// Takes what a console prints.
pub trait ConsoleSink {
    /// One call of the console: its text, which ends with a line end.
    fn print(&self, stream: ConsoleStream, text: &str);
}

/// Where a console prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsoleStream {
    /// Standard output.
    Out,
    /// Standard error.
    Error,
}

/// The console of one realm.
#[derive(Default)]
pub struct Console {
    /// Who takes what is printed; without anybody it is lost.
    pub sink: Option<Rc<dyn ConsoleSink>>,
    inspector: Inspector,
    indent: usize,
    counts: HashMap<String, u64>,
    timers: HashMap<String, Instant>,
}

/// Defines `console`.
pub fn install(context: &JSContext) {
    let console = JSObject::new(context);
    for (name, callback) in [
        ("log", log as Callback),
        ("info", log),
        ("debug", log),
        ("dir", dir),
        ("dirxml", log),
        ("table", log),
        ("error", error),
        ("warn", error),
        ("trace", trace),
        ("assert", assert),
        ("group", group),
        ("groupCollapsed", group),
        ("groupEnd", group_end),
        ("count", count),
        ("countReset", count_reset),
        ("time", time),
        ("timeLog", time_log),
        ("timeEnd", time_end),
    ] {
        define(context, &console, name, Some(callback));
    }
    let _ = context
        .get_global_object()
        .set_property(context, "console", console.to_jsvalue());
}

type Callback = unsafe extern "C" fn(
    rusty_jsc_sys::JSContextRef,
    rusty_jsc_sys::JSObjectRef,
    rusty_jsc_sys::JSObjectRef,
    usize,
    *const rusty_jsc_sys::JSValueRef,
    *mut rusty_jsc_sys::JSValueRef,
) -> rusty_jsc_sys::JSValueRef;

#[callback]
fn log(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    print_values(&context, ConsoleStream::Out, "", arguments)
}

#[callback]
fn error(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    print_values(&context, ConsoleStream::Error, "", arguments)
}

#[callback]
fn dir(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    // The second argument is options, not a value.
    print_values(
        &context,
        ConsoleStream::Out,
        "",
        &arguments[..arguments.len().min(1)],
    )
}

#[callback]
fn trace(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    print_values(&context, ConsoleStream::Error, "Trace: ", arguments)
}

#[callback]
fn assert(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    match arguments.split_first() {
        Some((condition, _)) if condition.to_bool(&context) => Ok(JSValue::undefined(&context)),
        Some((_, [])) | None => print_line(&context, ConsoleStream::Error, "Assertion failed"),
        Some((_, rest)) => print_values(&context, ConsoleStream::Error, "Assertion failed: ", rest),
    }
}

#[callback]
fn group(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let printed = match arguments {
        [] => Ok(JSValue::undefined(&context)),
        arguments => print_values(&context, ConsoleStream::Out, "", arguments),
    };
    with(&context, |console| console.indent += 2);
    printed
}

#[callback]
fn group_end(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    _arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    with(&context, |console| {
        console.indent = console.indent.saturating_sub(2)
    });
    Ok(JSValue::undefined(&context))
}

#[callback]
fn count(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let label = label(&context, arguments);
    let count = with(&context, |console| {
        let count = console.counts.entry(label.clone()).or_default();
        *count += 1;
        *count
    });
    print_line(
        &context,
        ConsoleStream::Out,
        &format!("{label}: {}", count.unwrap_or_default()),
    )
}

#[callback]
fn count_reset(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let label = label(&context, arguments);
    with(&context, |console| console.counts.remove(&label));
    Ok(JSValue::undefined(&context))
}

#[callback]
fn time(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let label = label(&context, arguments);
    with(&context, |console| {
        console.timers.entry(label).or_insert_with(Instant::now);
    });
    Ok(JSValue::undefined(&context))
}

#[callback]
fn time_log(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let label = label(&context, arguments);
    let started = with(&context, |console| console.timers.get(&label).copied()).flatten();
    print_elapsed(&context, &label, started)
}

#[callback]
fn time_end(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let label = label(&context, arguments);
    let started = with(&context, |console| console.timers.remove(&label)).flatten();
    print_elapsed(&context, &label, started)
}

fn print_elapsed(
    context: &JSContext,
    label: &str,
    started: Option<Instant>,
) -> Result<JSValue, JSValue> {
    match started {
        Some(started) => {
            let elapsed = started.elapsed().as_secs_f64() * 1_000.0;
            print_line(
                context,
                ConsoleStream::Out,
                &format!("{label}: {elapsed:.3}ms"),
            )
        }
        None => print_line(
            context,
            ConsoleStream::Error,
            &format!("No such label '{label}' for console.timeEnd()"),
        ),
    }
}

fn label(context: &JSContext, arguments: &[JSValue]) -> String {
    arguments
        .first()
        .filter(|it| !it.is_undefined(context))
        .and_then(|it| text::display(context, it))
        .unwrap_or_else(|| "default".to_owned())
}

fn print_values(
    context: &JSContext,
    stream: ConsoleStream,
    prefix: &str,
    arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let text = match inspect::plain(context, arguments) {
        Some(text) => text,
        None => {
            // Formatting runs the program's code (getters do not, proxies do), which may print: nothing is borrowed.
            let format = formatter(context)?;
            inspect::call(context, &format, arguments)?
        }
    };
    print_line(context, stream, &format!("{prefix}{text}"))
}

fn formatter(context: &JSContext) -> Result<JSValue, JSValue> {
    if let Some(format) = with(context, |console| console.inspector.function()).flatten() {
        return Ok(format);
    }
    let format = inspect::evaluate(context)?;
    with(context, |console| console.inspector.keep(context, &format));
    Ok(format)
}

fn print_line(context: &JSContext, stream: ConsoleStream, text: &str) -> Result<JSValue, JSValue> {
    let indent = with(context, |console| console.indent).unwrap_or_default();
    let mut line = String::with_capacity(text.len() + indent + 1);
    if indent == 0 {
        line.push_str(text);
    } else {
        let margin = " ".repeat(indent);
        line.push_str(&margin);
        line.push_str(&text.replace('\n', &format!("\n{margin}")));
    }
    line.push('\n');
    if let Some(sink) = with(context, |console| console.sink.clone()).flatten() {
        sink.print(stream, &line);
    }
    Ok(JSValue::undefined(context))
}

fn with<T>(context: &JSContext, act: impl FnOnce(&mut Console) -> T) -> Option<T> {
    state_of(context).map(|state| act(&mut state.console.borrow_mut()))
}
