//! Making a VM, and whole loads.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, SamplingMode};
use engine::{Engine, Realm};
use load::{FileHost, Program};

use crate::prepared::{PATHS, Prepared};

/// Making the VM, its global object and our globals; taking it down again is not timed.
pub fn create_vm(criterion: &mut Criterion, engine: &Engine, program: &Program) {
    criterion.bench_function("vm/create", |bencher| {
        bencher.iter_custom(|iterations| {
            let mut total = Duration::ZERO;
            for _ in 0..iterations {
                let host = Box::new(FileHost::new(program));
                let started = Instant::now();
                let realm = black_box(Realm::new(engine, host));
                total += started.elapsed();
                drop(realm);
            }
            total
        });
    });
}

/// From the entry's key to the end of its evaluation.
pub fn load(criterion: &mut Criterion, engine: &Engine, prepared: &[Prepared]) {
    let mut group = criterion.benchmark_group("load");
    // An iteration takes tens of milliseconds: the same few in each sample keep the whole within seconds.
    group.sampling_mode(SamplingMode::Flat).sample_size(30);
    for prepared in prepared {
        for path in PATHS {
            group.bench_function(BenchmarkId::new(&prepared.name, path.name()), |bencher| {
                bencher.iter_custom(|iterations| {
                    (0..iterations).map(|_| prepared.load(engine, path).0).sum()
                });
            });
        }
    }
    group.finish();
}
