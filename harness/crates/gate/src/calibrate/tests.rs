use super::*;
use LoadPath::{Bytecode, Full, Parse};
use record::Metric;
use stats::{Confidence, proportion_at_most};

const PATHS: [LoadPath; 3] = [Parse, Bytecode, Full];

/// Blocks with the noise of a shared machine: scatter, a drift that both sides feel, and outliers.
fn bank(workloads: usize, blocks: usize, noise: f64) -> Bank {
    let mut random = Random::new(17, "bank");
    let mut drift = 0.0;
    let mut block = |workload: usize| {
        drift = 0.9 * drift + 0.04 * normal(&mut random);
        let mut loads = Vec::new();
        for path in PATHS {
            for side in Side::BOTH {
                let outlier = if random.below(30) == 0 { 0.5 } else { 0.0 };
                let ns = 3e7 * (drift + noise * normal(&mut random) + outlier).exp();
                loads.push(TimedLoad {
                    side,
                    path,
                    value: ns,
                });
            }
        }
        BankedBlock {
            block: ValidBlock { workload, loads },
            costs: vec![Duration::from_millis(100); PATHS.len()],
        }
    };
    Bank {
        workloads: (0..workloads).map(|it| format!("w{it}")).collect(),
        paths: PATHS.to_vec(),
        blocks: (0..workloads)
            .map(|workload| (0..blocks).map(|_| block(workload)).collect())
            .collect(),
    }
}

fn normal(random: &mut Random) -> f64 {
    let mut uniform = || (random.below(1 << 53) as f64 + 0.5) / (1u64 << 53) as f64;
    (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
}

fn simulation(gates: u32, slowdowns: &[f64]) -> Simulation {
    Simulation {
        rules: Rules::default(),
        gates,
        slowdowns: slowdowns.to_vec(),
        budget: None,
        seed: 3,
        threads: 2,
    }
}

#[test]
fn equals_hardly_ever_regress_and_slow_cells_are_found() {
    let rates = simulate(&bank(4, 100, 0.03), &simulation(300, &[0.0, 0.05, 0.1]));
    let [same, slower, much_slower] = rates.as_slice() else {
        panic!("{rates:?}");
    };
    assert!(same.regress <= 6, "{same:?}");
    // What was seen does not contradict 1 %.
    assert!(proportion_at_most(same.regress, same.gates, Confidence::P95).unwrap() < 0.04);
    assert!(same.pass > 280, "{same:?}");
    assert!(slower.regress > 290 && slower.pass < 5, "{slower:?}");
    assert_eq!((much_slower.regress, much_slower.named), (300, 300));
}

#[test]
fn every_cell_is_made_slower_in_its_turn() {
    let rates = simulate(&bank(2, 20, 0.01), &simulation(12, &[0.2]));
    let cells = &rates[0].cells;
    assert_eq!(cells.len(), 6);
    assert!(
        cells
            .iter()
            .all(|cell| (cell.gates, cell.regress) == (2, 2))
    );
    assert_eq!((cells[5].workload.as_str(), cells[5].path), ("w1", Full));
}

#[test]
fn the_result_depends_on_the_seed_alone() {
    let bank = bank(2, 20, 0.05);
    let one = simulate(&bank, &simulation(20, &[0.03]));
    let mut other = simulation(20, &[0.03]);
    other.threads = 3;
    let mut again = simulate(&bank, &other);
    // Sums of the same numbers in another order.
    assert!((again[0].seconds - one[0].seconds).abs() < 1e-6);
    again[0].seconds = one[0].seconds;
    assert_eq!(one, again);
    other.seed = 4;
    assert_ne!(simulate(&bank, &other)[0].blocks, one[0].blocks);
}

#[test]
fn without_time_gates_are_inconclusive() {
    let mut short = simulation(20, &[0.0]);
    // A block of all paths takes 0.3 s: 10 blocks.
    short.budget = Some(Duration::from_secs(3));
    let rates = &simulate(&bank(2, 20, 0.05), &short)[0];
    assert_eq!(rates.inconclusive, 20);
    assert_eq!(rates.blocks, 200);
    assert!((rates.seconds - 60.0).abs() < 1e-6);
}

#[test]
fn the_pilots_of_gates_are_banks() {
    let slower = |_, path| if path == Full { 2.0 } else { 1.0 };
    let document = super::super::testing::model(0.02, slower).gate();
    let mut bank = Bank::of(&document.record, Metric::Load).unwrap();
    // Nothing of what compares the two engines.
    assert_eq!(bank.workloads, ["alpha", "beta"]);
    assert!(bank.blocks.iter().all(|blocks| blocks.len() == 16));
    assert_eq!(bank.check(), Ok(()));
    // Two workers of each path, each with its start and its end.
    assert!(
        bank.blocks[0][0]
            .costs
            .iter()
            .all(|cost| cost.as_millis() > 100)
    );
    let more = bank.clone();
    bank.add(more).unwrap();
    assert!(bank.blocks.iter().all(|blocks| blocks.len() == 32));
    let mut other = bank.clone();
    other.workloads[0] = "gamma".to_owned();
    assert_eq!(bank.add(other), Err(BankError::Other));
}

#[test]
fn what_is_no_bank_says_why() {
    let mut record = super::super::testing::model(0.02, |_, _| 1.0).record();
    record.blocks.truncate(7);
    let error = Bank::of(&record, Metric::Load)
        .unwrap()
        .check()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "it has 4 blocks of alpha between an engine and itself; 16 are the fewest that are of use"
    );
    record.blocks.clear();
    assert_eq!(
        Bank::of(&record, Metric::Load).unwrap_err(),
        BankError::NoPairs
    );
}
