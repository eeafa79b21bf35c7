//! Format 1, guided by coverage.

#![no_main]

use cache_fuzz::properties;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    properties::format_v1(bytes);
});
