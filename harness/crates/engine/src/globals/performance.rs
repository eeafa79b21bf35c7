//! `performance.now()`: milliseconds since the realm was made, monotonic.

use rusty_jsc::{JSContext, JSObject, JSValue, callback};

use super::{define, state_of};

/// Defines `performance`.
pub fn install(context: &JSContext) {
    let performance = JSObject::new(context);
    define(context, &performance, "now", Some(now));
    let _ =
        context
            .get_global_object()
            .set_property(context, "performance", performance.to_jsvalue());
}

#[callback]
fn now(
    context: JSContext,
    _function: JSObject,
    _this: JSObject,
    _arguments: &[JSValue],
) -> Result<JSValue, JSValue> {
    let elapsed =
        state_of(&context).map_or(0.0, |state| state.started.elapsed().as_secs_f64() * 1_000.0);
    Ok(JSValue::number(&context, elapsed))
}
