//! Fuzzes a format for a number of seconds without anything to install: `soak [FORMAT] SECONDS [SEED]`, where the format is
//! `format_v2`, which it is if nothing is said, or `graph_pack`. What the reader takes joins the files to start from. On a
//! failure the input is in `soak-failure.jscm`, and the seed is printed.

use std::fs;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cache_fuzz::mutate::{Random, mutate};
use cache_fuzz::{pack_mutate, pack_seeds, properties, seeds};

const POOL: usize = 4096;
const MAX_LENGTH: usize = 4096;

/// What is fuzzed.
struct Format {
    seeds: fn() -> Vec<Vec<u8>>,
    mutate: fn(&mut Vec<u8>, u64, usize),
    property: fn(&[u8]) -> bool,
}

const FORMAT_V2: Format = Format {
    seeds: seeds::format_v2,
    mutate,
    property: properties::format_v2,
};

const GRAPH_PACK: Format = Format {
    seeds: pack_seeds::packs,
    mutate: pack_mutate::mutate,
    property: properties::graph_pack,
};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    let format = match arguments.next_if(|it| it.parse::<u64>().is_err()) {
        Some(name) if name == "graph_pack" => GRAPH_PACK,
        Some(name) if name != "format_v2" => {
            eprintln!("unknown format {name}; known are format_v2 and graph_pack");
            return ExitCode::FAILURE;
        }
        _ => FORMAT_V2,
    };
    let mut numbers = arguments.filter_map(|it| it.parse().ok());
    let duration = Duration::from_secs(numbers.next().unwrap_or(60));
    let seed: u64 = numbers.next().unwrap_or(1);
    soak(&format, duration, seed)
}

fn soak(format: &Format, duration: Duration, seed: u64) -> ExitCode {
    let started = Instant::now();
    let mut random = Random(seed);
    let mut pool = (format.seeds)();
    let seeds = pool.len();
    if let Some(seed) = pool.iter().find(|it| !(format.property)(it)) {
        eprintln!(
            "a file to start from, of {} bytes, is not taken",
            seed.len()
        );
        return ExitCode::FAILURE;
    }
    let (mut runs, mut taken) = (0u64, 0u64);
    while runs % 1024 != 0 || started.elapsed() < duration {
        let mut file = pool[random.below(pool.len())].clone();
        (format.mutate)(&mut file, random.next(), MAX_LENGTH);
        match catch_unwind(|| (format.property)(&file)) {
            Ok(true) => {
                taken += 1;
                if pool.len() < POOL {
                    pool.push(file);
                } else {
                    // The seeds stay.
                    let place = seeds + random.below(POOL - seeds);
                    pool[place] = file;
                }
            }
            Ok(false) => {}
            Err(_) => {
                let _ = fs::write("soak-failure.jscm", &file);
                eprintln!("failed at run {runs} of seed {seed}; the input is in soak-failure.jscm");
                return ExitCode::FAILURE;
            }
        }
        runs += 1;
    }
    println!(
        "{runs} runs in {} s, {taken} taken, none failed; seed {seed}",
        started.elapsed().as_secs()
    );
    ExitCode::SUCCESS
}
