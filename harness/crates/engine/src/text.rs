//! Text between JavaScript and Rust. `rusty_jsc`'s own conversions panic on NUL and on lone surrogates, which a program
//! may well print; these do not.

use std::slice;

use jsc_sys::bridge::{jsb_bytes, jsb_string};
use rusty_jsc::{JSContext, JSString, JSValue};
use rusty_jsc_sys::{
    JSContextRef, JSObjectGetGlobalContext, JSObjectRef, JSStringCreateWithCharacters,
    JSStringGetCharactersPtr, JSStringGetLength, JSValueIsSymbol, JSValueRef,
};

/// A string that the bridge lent for the time of a call. `Err` holds it with U+FFFD for each lone surrogate.
///
/// # Safety
/// `text` must describe readable memory, as the bridge promises for the arguments of a host callback.
pub unsafe fn from_bridge(text: jsb_string) -> Result<String, String> {
    if text.length == 0 {
        return Ok(String::new());
    }
    if text.is_latin1 != 0 {
        // SAFETY: promised by the caller.
        let bytes = unsafe { slice::from_raw_parts(text.characters.cast::<u8>(), text.length) };
        return Ok(if bytes.is_ascii() {
            String::from_utf8_lossy(bytes).into_owned()
        } else {
            bytes.iter().map(|&byte| char::from(byte)).collect()
        });
    }
    // SAFETY: promised by the caller.
    let units = unsafe { slice::from_raw_parts(text.characters.cast::<u16>(), text.length) };
    String::from_utf16(units).map_err(|_| String::from_utf16_lossy(units))
}

/// Bytes that the bridge lent.
///
/// # Safety
/// `bytes` must describe memory that is readable and unchanged for `'a`.
pub unsafe fn bytes<'a>(bytes: jsb_bytes) -> &'a [u8] {
    if bytes.length == 0 {
        return &[];
    }
    // SAFETY: promised by the caller.
    unsafe { slice::from_raw_parts(bytes.data, bytes.length) }
}

/// A JavaScript string as Rust text; lone surrogates become U+FFFD.
pub fn to_rust(string: &JSString) -> String {
    // SAFETY: `string` is alive; JSC keeps the characters as long as it is.
    let units = unsafe {
        let length = JSStringGetLength(string.inner);
        if length == 0 {
            return String::new();
        }
        slice::from_raw_parts(JSStringGetCharactersPtr(string.inner), length)
    };
    String::from_utf16_lossy(units)
}

/// Rust text as a JavaScript string, NULs included.
pub fn to_js(text: &str) -> JSString {
    let units: Vec<u16> = text.encode_utf16().collect();
    // SAFETY: the characters are copied.
    JSString::from(unsafe { JSStringCreateWithCharacters(units.as_ptr(), units.len()) })
}

/// `String(value)` as Rust text; `None` when the conversion throws, as it does for an object without a `toString`.
pub fn display(context: &JSContext, value: &JSValue) -> Option<String> {
    // SAFETY: a live context and a value of it.
    let is_symbol =
        unsafe { JSValueIsSymbol(raw_context(context), JSValueRef::from(value.clone())) };
    if is_symbol {
        // ToString of a symbol throws; String() shows its description.
        let description = value
            .to_object(context)
            .ok()?
            .get_property(context, "description");
        let description = if description.is_undefined(context) {
            String::new()
        } else {
            display(context, &description)?
        };
        return Some(format!("Symbol({description})"));
    }
    value.to_string(context).ok().map(|string| to_rust(&string))
}

/// The context as the C API has it; `rusty_jsc` keeps its own copy to itself.
pub fn raw_context(context: &JSContext) -> JSContextRef {
    // SAFETY: the global object of a live context belongs to that context.
    unsafe { JSObjectGetGlobalContext(JSObjectRef::from(context.get_global_object())) }.cast_const()
}
