//! JSC C API.
