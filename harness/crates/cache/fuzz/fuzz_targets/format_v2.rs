//! Format 2, guided by coverage, with the mutator that knows the format half of the time.

#![no_main]

use cache_fuzz::{mutate, properties};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|bytes: &[u8]| {
    properties::format_v2(bytes);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 2 == 0 {
        let mutated = fuzzer_mutate(data, size, max_size);
        properties::sign(&mut data[..mutated]);
        return mutated;
    }
    let mut file = data[..size].to_vec();
    mutate::mutate(&mut file, u64::from(seed), max_size);
    file.truncate(max_size);
    data[..file.len()].copy_from_slice(&file);
    file.len()
});
