//! What is done to the bytes of sources and entries, without JSC.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};
use jsc_module_cache::{EntryBytes, Expected, SourceHash};

use crate::prepared::Prepared;

/// Hashing every source of a graph, as each load from the cache does.
pub fn hash(criterion: &mut Criterion, prepared: &[Prepared]) {
    let mut group = criterion.benchmark_group("hash");
    group.measurement_time(Duration::from_secs(2));
    for prepared in prepared {
        group.throughput(Throughput::Bytes(prepared.source_bytes()));
        group.bench_function(&prepared.name, |bencher| {
            bencher.iter(|| {
                for (_, source) in &prepared.entries {
                    black_box(SourceHash::of(source));
                }
            });
        });
    }
    group.finish();
}

/// Hash and bounds of every entry of a graph, the hash of its sources not included.
pub fn validate(criterion: &mut Criterion, prepared: &[Prepared]) {
    let mut group = criterion.benchmark_group("validate");
    for prepared in prepared {
        let hashes = prepared.source_hashes();
        group.throughput(Throughput::Bytes(prepared.entry_bytes()));
        group.bench_function(&prepared.name, |bencher| {
            bencher.iter_batched(
                || {
                    prepared
                        .entries
                        .iter()
                        .map(|(entry, _)| EntryBytes::copy_of(entry.as_bytes()))
                        .collect::<Vec<_>>()
                },
                |copies| {
                    let entries = prepared.entries.iter().zip(&hashes);
                    for (copy, ((entry, _), source_hash)) in copies.into_iter().zip(entries) {
                        let expected = Expected {
                            identity: &prepared.identity,
                            module_key: entry.module_key(),
                            source_hash: *source_hash,
                            source_length: entry.source_length(),
                        };
                        black_box(
                            copy.is_ok_and(|copy| {
                                jsc_module_cache::validate(copy, &expected).is_ok()
                            }),
                        );
                    }
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}
