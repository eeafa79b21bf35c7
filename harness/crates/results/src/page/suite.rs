//! Of which suite a run was.

use record::RunRecord;

/// What all runs are called together that are of no whole suite.
const OTHERS: &str = "other workloads";

/// The suite of a run, as its command says it: means over other workloads are other series.
pub fn suite(record: &RunRecord) -> String {
    let command = &record.run.command;
    let value = |option: &str| {
        let place = command.iter().position(|it| it == option)?;
        command.get(place + 1)
    };
    match (value("--suite"), value("--workloads")) {
        (Some(suite), None) => format!("suite {suite}"),
        _ => OTHERS.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::suite;
    use testing::records::made_up;

    #[test]
    fn only_a_whole_suite_has_a_name() {
        let of = |command: &str| {
            let mut record = made_up();
            record.run.command = command.split(' ').map(str::to_owned).collect();
            suite(&record)
        };
        assert_eq!(of("measure --suite bench --blocks 14"), "suite bench");
        assert_eq!(
            of("measure --suite bench --workloads d3"),
            "other workloads"
        );
        assert_eq!(of("measure --blocks 3 app.mjs"), "other workloads");
    }
}
