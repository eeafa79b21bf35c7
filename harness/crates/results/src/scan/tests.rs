use jiff::SignedDuration;

use super::*;
use stats::Random;
use testing::records::record;

const WORKLOADS: [&str; 3] = ["one", "two", "three"];

/// Nights on which `full` gains what `gain` says of a workload. Loads differ by up to 1 % from night to night.
fn nights(count: usize, gain: impl Fn(usize, &str) -> f64) -> Vec<RunRecord> {
    (0..count)
        .map(|night| {
            let mut random = Random::new(night as u64, "scan test");
            let noise = 1.0 + random.below(1000) as f64 / 1e5;
            let mut record = record(&WORKLOADS, 8, |workload, _, path| {
                let time = match path {
                    LoadPath::Parse => 40e6 * noise,
                    LoadPath::Bytecode => 30e6,
                    LoadPath::Full | LoadPath::Graph => 40e6 / gain(night, workload),
                };
                time as u64
            });
            let day = SignedDuration::from_hours(24 * night as i64);
            record.run.started += day;
            record.run.id = format!("night-{night:03}");
            record
        })
        .collect()
}

fn names(steps: &[Step]) -> Vec<(Option<&str>, LoadPath)> {
    let mut names: Vec<_> = steps
        .iter()
        .map(|step| (step.workload.as_deref(), step.path))
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn a_step_is_an_alarm_and_names_both_sides() {
    let mut history = nights(40, |night, workload| match (night, workload) {
        (30.., "two") => 1.8,
        _ => 2.0,
    });
    for record in &mut history[30..] {
        record.engines[0].fingerprint = "f1".to_owned();
        record.engines[0].name = "jsc-9.9.10".to_owned();
        record.engines[0].version = "9.9.10".to_owned();
    }
    let found = scan(&history, None).unwrap();
    assert_eq!(
        names(&found.alarms),
        [(None, LoadPath::Full), (Some("two"), LoadPath::Full)]
    );
    assert_eq!(found.improvements, []);
    let step = found
        .alarms
        .iter()
        .find(|it| it.workload.is_some())
        .unwrap();
    assert_eq!((step.nights, &*step.run), (10, "night-039"));
    assert!((step.percent + 10.0).abs() < 1.0, "{step:?}");
    assert_eq!(step.last_before.run, "night-029");
    assert_eq!(step.first_after.run, "night-030");
    assert_eq!(
        [&*step.last_before.fingerprint, &*step.newest.fingerprint],
        ["f0", "f1"]
    );
    assert_eq!(
        (
            found.runs[0].series,
            found.runs[0].long_enough,
            found.runs[0].nights
        ),
        (8, 8, 40)
    );
}

#[test]
fn more_gain_is_no_alarm() {
    let history = nights(40, |night, _| if night < 32 { 2.0 } else { 2.2 });
    let found = scan(&history, None).unwrap();
    assert_eq!(found.alarms, []);
    assert_eq!(found.improvements.len(), 4);
}

#[test]
fn other_surroundings_content_and_engines_side_by_side_are_other_series() {
    let slower = |night: usize, _: &str| if night < 30 { 2.0 } else { 1.8 };
    let change = |change: &dyn Fn(&mut RunRecord)| {
        let mut history = nights(40, slower);
        history[30..].iter_mut().for_each(change);
        scan(&history, None).unwrap()
    };
    assert_eq!(change(&|_| {}).alarms.len(), 4);
    let found = change(&|it| it.machine.kernel = "7.0".to_owned());
    assert_eq!((found.alarms.len(), found.runs[0].long_enough), (0, 0));
    let found = change(&|it| {
        it.machine
            .jsc_variables
            .insert("JSC_useJIT".to_owned(), "0".to_owned());
    });
    assert_eq!(found.alarms, []);
    let found = change(&|it| it.workloads[1].digest = "another".to_owned());
    assert_eq!(
        names(&found.alarms),
        [
            (Some("one"), LoadPath::Full),
            (Some("three"), LoadPath::Full)
        ]
    );
    let found = change(&|it| {
        let mut second = it.engines[0].clone();
        second.version = "8.0".to_owned();
        it.engines.push(second);
    });
    assert_eq!(found.alarms, []);
}

#[test]
fn each_condition_has_its_own_newest_run() {
    let mut history = nights(40, |night, _| if night < 30 { 2.0 } else { 1.8 });
    let mut other = history[20].clone();
    other.run.id = "elsewhere".to_owned();
    other.machine.id = "other".to_owned();
    history.push(other);
    let found = scan(&history, None).unwrap();
    let runs: Vec<&str> = found.runs.iter().map(|it| &*it.run).collect();
    assert_eq!(runs, ["night-039", "elsewhere"]);
    assert_eq!(found.alarms.len(), 4);
    let found = scan(&history, Some("elsewhere")).unwrap();
    assert_eq!((found.runs.len(), found.alarms.len()), (1, 0));
}

#[test]
fn a_run_is_looked_at_as_if_it_was_the_newest() {
    let history = nights(60, |night, _| if night < 30 { 2.0 } else { 1.8 });
    let alarms = |run| scan(&history, Some(run)).unwrap().alarms.len();
    assert_eq!([alarms("night-029"), alarms("night-040")], [0, 4]);
    // By then it has been so for a month.
    assert_eq!(scan(&history, None).unwrap().alarms, []);
    assert_eq!(scan(&history, Some("night-999")), None);
}

#[test]
fn nothing_to_look_at() {
    let found = scan(&[], None).unwrap();
    assert!(found.runs.is_empty() && found.alarms.is_empty());
    let mut growth = nights(1, |_, _| 2.0);
    growth[0].run.purpose = Purpose::Growth;
    assert!(scan(&growth, None).unwrap().runs.is_empty());
}
