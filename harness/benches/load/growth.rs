//! How a load grows with the number of modules and with their size: Criterion plots the cost against it.

use std::error::Error;
use std::time::Duration;

use criterion::{AxisScale, BenchmarkId, Criterion, PlotConfiguration, SamplingMode, Throughput};
use engine::Engine;
use workloads::{Catalog, WorkloadDef};

use crate::prepared::{PATHS, Prepared};

/// Larger graphs take seconds a load: `jsc-harness measure --growth` has them.
const MOST_MODULES: u64 = 1000;

/// A series of prepared graphs.
pub struct Series {
    name: String,
    steps: Vec<(u64, Prepared)>,
}

/// Prepares every series, except its largest graphs.
pub fn prepare(
    prepare: &dyn Fn(WorkloadDef) -> Result<Prepared, Box<dyn Error>>,
) -> Result<Vec<Series>, Box<dyn Error>> {
    let mut all = Vec::new();
    for series in Catalog::open(None)?.growth()? {
        let mut steps = Vec::new();
        for step in series.steps {
            if step.workload.modules.unwrap_or(0) as u64 <= MOST_MODULES {
                steps.push((step.size, prepare(step.workload)?));
            }
        }
        all.push(Series {
            name: series.name,
            steps,
        });
    }
    Ok(all)
}

/// Whole loads.
pub fn load(criterion: &mut Criterion, engine: &Engine, all: &[Series]) {
    for series in all {
        let mut group = criterion.benchmark_group(format!("growth-{}", series.name));
        group
            .plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic))
            .sampling_mode(SamplingMode::Flat)
            .sample_size(10)
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_millis(1500));
        for (size, prepared) in &series.steps {
            group.throughput(Throughput::Bytes(prepared.source_bytes()));
            for path in PATHS {
                group.bench_function(BenchmarkId::new(path.name(), size), |bencher| {
                    bencher.iter_custom(|iterations| {
                        (0..iterations).map(|_| prepared.load(engine, path).0).sum()
                    });
                });
            }
        }
        group.finish();
    }
}
