//! Fuzzes format 2 for a number of seconds without anything to install: `soak SECONDS [SEED]`. What the reader takes
//! joins the files to start from. On a failure the input is in `soak-failure.jscm`, and the seed is printed.

use std::fs;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cache_fuzz::mutate::{Random, mutate};
use cache_fuzz::{properties, seeds};

const POOL: usize = 4096;
const MAX_LENGTH: usize = 4096;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter_map(|it| it.parse().ok());
    let duration = Duration::from_secs(arguments.next().unwrap_or(60));
    let seed: u64 = arguments.next().unwrap_or(1);
    let started = Instant::now();
    let mut random = Random(seed);
    let mut pool = seeds::format_v2();
    let (mut runs, mut taken) = (0u64, 0u64);
    while runs % 1024 != 0 || started.elapsed() < duration {
        let mut file = pool[random.below(pool.len())].clone();
        mutate(&mut file, random.next(), MAX_LENGTH);
        match catch_unwind(|| properties::format_v2(&file)) {
            Ok(true) => {
                taken += 1;
                if pool.len() < POOL {
                    pool.push(file);
                } else {
                    // The seeds stay.
                    let place = 2 + random.below(POOL - 2);
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
