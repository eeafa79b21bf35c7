//! What can be compared: one number of each load.

use super::kept_load::Measured;
use super::run::RunRecord;
use sample::{LoadPath, words};

words! {
    /// One number of a load.
    #[derive(Default)]
    pub enum Metric {
        /// Wall time of the load, from its start to the end of the entry's evaluation
        #[default]
        Load = "load",
        /// Wall time from the end of the load to the end of the program: what the program does then
        Rest = "rest",
        /// Wall time of the process, from its start to the end of its program
        Process = "process",
        /// Processor time of the process to the end of its program, all threads
        Cpu = "cpu",
        /// Peak resident set of the process
        Memory = "memory",
        /// Memory that no other process has mapped, when the program has ended: what one more process costs
        Private = "private",
        /// The same with what several processes have mapped divided among them (PSS)
        Proportional = "pss",
        /// What of its memory belongs to files, when the program has ended: libraries, packs
        File = "file",
        /// Instructions of the process to the end of its program, all threads, counted by callgrind
        Instructions = "instructions",
    }
}

impl Metric {
    /// What it is, for the heading of a table.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Load => "time of the load, from its start to the end of the entry's evaluation",
            Self::Rest => "time from the end of the load to the end of the program",
            Self::Process => "time of the process, from its start to the end of its program",
            Self::Cpu => "processor time of the process to the end of its program",
            Self::Memory => "peak resident set of the process",
            Self::Private => "memory of this process alone, when its program has ended",
            Self::Proportional => {
                "memory, what is shared divided among the processes, when the program has ended"
            }
            Self::File => "memory that belongs to files, when the program has ended",
            Self::Instructions => "instructions of the process to the end of its program",
        }
    }

    /// The unit that people read it in.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Memory | Self::Private | Self::Proportional | Self::File => "MiB",
            Self::Instructions => "million",
            _ => "ms",
        }
    }

    /// The number, in [`Metric::unit`]; nothing when the kernel would not say, or it was not measured: either instructions
    /// are counted or all else is measured.
    pub fn of(self, measured: &Measured) -> Option<f64> {
        let times = &measured.times;
        if (self == Self::Instructions) != times.instructions_load.is_some() {
            return None;
        }
        Some(match self {
            Self::Instructions => {
                let rest = times.instructions_load? + times.instructions_rest?;
                (times.instructions_start? + rest) as f64 / 1e6
            }
            Self::Load => milliseconds(times.load),
            Self::Rest => milliseconds(times.rest?),
            Self::Process => milliseconds(times.program),
            Self::Cpu => milliseconds(times.program_user? + times.program_system?),
            Self::Memory => times.max_rss_kb? as f64 / 1024.0,
            Self::Private => times.private_kb? as f64 / 1024.0,
            Self::Proportional => times.proportional_kb? as f64 / 1024.0,
            Self::File => times.file_kb? as f64 / 1024.0,
        })
    }
}

impl RunRecord {
    /// Whether this run says something about it.
    pub fn has(&self, metric: Metric) -> bool {
        (metric == Metric::Instructions) == self.conditions.counted.is_some()
    }

    /// Whether any of its loads says something about it.
    pub fn says(&self, metric: Metric) -> bool {
        let mut measured = self.loads().filter_map(|(_, load)| load.measured.as_ref());
        measured.any(|it| metric.of(it).is_some())
    }

    /// What this run says something about, the most important first; but for the rest, as not all programs do something
    /// behind their load.
    pub fn metrics(&self) -> Vec<Metric> {
        let wanted = |metric: Metric| match metric {
            Metric::Rest => false,
            // Runs of before it was asked for have none.
            Metric::Private | Metric::Proportional | Metric::File => self.says(metric),
            _ => self.has(metric),
        };
        Metric::ALL.into_iter().filter(|it| wanted(*it)).collect()
    }

    /// The first of them.
    pub fn main_metric(&self) -> Metric {
        match self.conditions.counted {
            Some(_) => Metric::Instructions,
            None => Metric::Load,
        }
    }

    /// The number of every valid load of a workload on an engine on a path, in the order of the blocks.
    pub fn values(
        &self,
        workload: usize,
        engine: usize,
        path: LoadPath,
        metric: Metric,
    ) -> Vec<f64> {
        self.valid_blocks(workload)
            .filter_map(|block| metric.of(block.sample(engine, path)?.measured.as_ref()?))
            .collect()
    }

    /// The numbers of two kinds of load that ran in the same blocks, and each block's round. Blocks in which one of the
    /// two is missing or wrong are left out.
    pub fn pairs(
        &self,
        workload: usize,
        first: (usize, LoadPath),
        second: (usize, LoadPath),
        metric: Metric,
    ) -> Pairs {
        let mut pairs = Pairs::default();
        for block in self.valid_blocks(workload) {
            let number =
                |(engine, path)| metric.of(block.sample(engine, path)?.measured.as_ref()?);
            if let (Some(first), Some(second)) = (number(first), number(second)) {
                pairs.rounds.push(block.round);
                pairs.first.push(first);
                pairs.second.push(second);
            }
        }
        pairs
    }
}

/// Numbers of two kinds of load, block by block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// The round of each block.
    pub rounds: Vec<u32>,
    /// One number of each.
    pub first: Vec<f64>,
    /// The other.
    pub second: Vec<f64>,
}

fn milliseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e6
}
