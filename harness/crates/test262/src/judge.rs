//! Whether a test passed, as Test262 says (INTERPRETING.md, "Test Results").

use super::front_matter::{Flag, Metadata};
use super::observation::{Ending, Observation, Outcome, ThrownError};

/// `Err` with the reason when the test failed.
pub fn judge(metadata: &Metadata, outcome: &Outcome) -> Result<(), String> {
    let observation = match outcome {
        Outcome::Ran(observation) => observation,
        Outcome::TimedOut => return Err("timed out".to_owned()),
        Outcome::Crashed(crash) if crash.last_words.is_empty() => {
            return Err(format!("crashed: {}", crash.status));
        }
        Outcome::Crashed(crash) => {
            return Err(format!("crashed: {}: {}", crash.status, crash.last_words));
        }
    };
    if let Ending::HarnessThrew { file, error } = &observation.ending {
        return Err(format!("{file} threw {}", error.message));
    }
    if let Some(negative) = &metadata.negative {
        let expected = format!("{} at {}", negative.constructor, negative.phase.name());
        return match &observation.ending {
            Ending::Threw { phase, error }
                if *phase == negative.phase
                    && error.constructor.as_ref() == Some(&negative.constructor) =>
            {
                Ok(())
            }
            ending => Err(format!("expected {expected}, but it {}", words(ending))),
        };
    }
    if let Ending::Threw { .. } = &observation.ending {
        return Err(format!("it {}", words(&observation.ending)));
    }
    if let Some(error) = observation.uncaught.first() {
        return Err(format!("a timer of it threw {}", error.message));
    }
    if metadata.has(Flag::Async) {
        return judge_async(observation);
    }
    match observation.ending {
        Ending::Unsettled => Err(format!("it {}", words(&observation.ending))),
        _ => Ok(()),
    }
}

/// What `$DONE` of `doneprintHandle.js` prints.
const COMPLETE: &str = "Test262:AsyncTestComplete";
const FAILURE: &str = "Test262:AsyncTestFailure:";

fn judge_async(observation: &Observation) -> Result<(), String> {
    if let Some(failure) = observation
        .printed
        .iter()
        .find_map(|line| line.strip_prefix(FAILURE))
    {
        return Err(failure.trim().to_owned());
    }
    if observation.printed.iter().any(|line| line == COMPLETE) {
        return Ok(());
    }
    Err(match observation.rejections.first() {
        Some(ThrownError { message, .. }) => {
            format!("it ended without calling $DONE; an unhandled rejection: {message}")
        }
        None => "it ended without calling $DONE".to_owned(),
    })
}

fn words(ending: &Ending) -> String {
    match ending {
        Ending::Completed => "ended well".to_owned(),
        Ending::Unsettled => "never ended: a top-level await still waits".to_owned(),
        Ending::Threw { phase, error } => format!("threw at {}: {}", phase.name(), error.message),
        Ending::HarnessThrew { file, error } => format!("did not run: {file}: {}", error.message),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::front_matter::Phase;
    use super::super::observation::Crash;
    use super::*;

    fn error(constructor: &str, message: &str) -> ThrownError {
        ThrownError {
            constructor: Some(constructor.to_owned()),
            message: format!("{constructor}: {message}"),
            code: None,
            stack: Vec::new(),
        }
    }

    fn threw(phase: Phase, constructor: &str) -> Ending {
        Ending::Threw {
            phase,
            error: error(constructor, "x"),
        }
    }

    fn verdict(yaml: &str, ending: Ending, printed: &[&str]) -> Result<(), String> {
        let metadata = Metadata::read(&format!("/*---\n{yaml}\n---*/")).unwrap();
        judge(
            &metadata,
            &Outcome::Ran(Observation {
                ending,
                printed: printed.iter().map(|&line| line.to_owned()).collect(),
                console: Vec::new(),
                uncaught: Vec::new(),
                rejections: Vec::new(),
            }),
        )
    }

    #[test]
    fn a_test_passes_when_nothing_is_thrown() {
        assert_eq!(verdict("flags: [module]", Ending::Completed, &[]), Ok(()));
        assert_eq!(
            verdict("flags: [module]", Ending::Unsettled, &[]).unwrap_err(),
            "it never ended: a top-level await still waits"
        );
        assert_eq!(
            verdict("flags: []", threw(Phase::Runtime, "Test262Error"), &[]).unwrap_err(),
            "it threw at runtime: Test262Error: x"
        );
    }

    #[test]
    fn a_negative_test_passes_by_the_right_error_at_the_right_stage() {
        let yaml = "negative: { phase: resolution, type: SyntaxError }";
        assert_eq!(
            verdict(yaml, threw(Phase::Resolution, "SyntaxError"), &[]),
            Ok(())
        );
        for (ending, text) in [
            (Ending::Completed, "it ended well"),
            (
                threw(Phase::Parse, "SyntaxError"),
                "it threw at parse: SyntaxError: x",
            ),
            (
                threw(Phase::Resolution, "TypeError"),
                "it threw at resolution: TypeError: x",
            ),
        ] {
            assert_eq!(
                verdict(yaml, ending, &[]).unwrap_err(),
                format!("expected SyntaxError at resolution, but {text}")
            );
        }
    }

    #[test]
    fn an_async_test_passes_by_its_word() {
        let yaml = "flags: [async, module]";
        assert_eq!(verdict(yaml, Ending::Completed, &["a", COMPLETE]), Ok(()));
        assert_eq!(verdict(yaml, Ending::Unsettled, &[COMPLETE]), Ok(()));
        assert_eq!(
            verdict(yaml, Ending::Completed, &[]).unwrap_err(),
            "it ended without calling $DONE"
        );
        assert_eq!(
            verdict(
                yaml,
                Ending::Completed,
                &[COMPLETE, "Test262:AsyncTestFailure: x"]
            )
            .unwrap_err(),
            "x"
        );
        assert_eq!(
            verdict(yaml, threw(Phase::Runtime, "Error"), &[COMPLETE]).unwrap_err(),
            "it threw at runtime: Error: x"
        );
    }

    #[test]
    fn a_process_that_ends_early_is_a_failure() {
        let metadata = Metadata::default();
        assert_eq!(
            judge(&metadata, &Outcome::TimedOut).unwrap_err(),
            "timed out"
        );
        let crash = Outcome::Crashed(Crash {
            status: "signal 11".to_owned(),
            last_words: "oh".to_owned(),
        });
        assert_eq!(
            judge(&metadata, &crash).unwrap_err(),
            "crashed: signal 11: oh"
        );
    }
}
