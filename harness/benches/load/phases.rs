//! Phases of a load from the cache, by the engine's own clock: they only exist inside a whole load, which is what an
//! iteration does.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use engine::{Engine, Statistics};
use sample::LoadPath;

use crate::prepared::Prepared;

/// How long all samples of one benchmark may take, the parts that are not measured included.
const WALL: Duration = Duration::from_secs(4);

/// Rebuilding the record of every module.
pub fn rebuild(criterion: &mut Criterion, engine: &Engine, prepared: &[Prepared]) {
    phase(criterion, engine, prepared, "rebuild", |it| it.rebuild_ns);
}

/// Decoding the top-level code of every module.
pub fn decode(criterion: &mut Criterion, engine: &Engine, prepared: &[Prepared]) {
    phase(criterion, engine, prepared, "decode", |it| it.decode_ns);
}

fn phase(
    criterion: &mut Criterion,
    engine: &Engine,
    prepared: &[Prepared],
    name: &str,
    nanoseconds: fn(&Statistics) -> u64,
) {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    for prepared in prepared {
        let run = || {
            let (load, statistics) = prepared.load(engine, LoadPath::Full);
            (load, Duration::from_nanos(nanoseconds(&statistics)))
        };
        // Criterion plans by what is reported to it, which is a small part of what an iteration takes.
        let (load, part) = run();
        let share = part.as_secs_f64() / load.as_secs_f64().max(1e-9);
        let planned = WALL.mul_f64(share.clamp(1e-4, 1.0));
        group
            .warm_up_time(planned.max(Duration::from_millis(1)) / 4)
            .measurement_time(planned.max(Duration::from_millis(1)))
            .throughput(Throughput::Bytes(prepared.entry_bytes()));
        group.bench_function(&prepared.name, |bencher| {
            bencher.iter_custom(|iterations| (0..iterations).map(|_| run().1).sum());
        });
    }
    group.finish();
}
