//! Functions that do nothing and are called at the borders of a load: a profiler that knows their names sees these moments.
//!
//! Callgrind, for one, writes down what it has counted so far before it enters a function that it was told
//! (`--dump-before`). The names are part of `workers::counting`.

use std::hint::black_box;

/// The realm is there, and the load begins.
#[inline(never)]
pub fn load_begins() {
    black_box(1_u8);
}

/// The entry's evaluation has ended, or the load has failed.
#[inline(never)]
pub fn load_ends() {
    black_box(2_u8);
}

/// The program has ended.
#[inline(never)]
pub fn program_ends() {
    black_box(3_u8);
}
