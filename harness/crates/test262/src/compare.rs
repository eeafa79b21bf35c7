//! What differs between two outcomes of one test, in words.

use serde_json::Value;

use super::observation::Outcome;

/// Every place in which `other` differs from `reference`, with what stands there in each. Empty when they are equal.
pub fn differences(reference: &Outcome, other: &Outcome) -> Vec<String> {
    let value = |outcome| serde_json::to_value(outcome).unwrap_or_default();
    let mut differences = Vec::new();
    compare("", &value(reference), &value(other), &mut differences);
    differences
}

fn compare(place: &str, reference: &Value, other: &Value, differences: &mut Vec<String>) {
    match (reference, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, a) in a {
                // The outer name says nothing that the inner one does not.
                let inner = match place {
                    "" | "ran" => key.clone(),
                    place => format!("{place}.{key}"),
                };
                compare(&inner, a, &b[key], differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place}[{index}]"), a, b, differences);
            }
        }
        (a, b) if a == b => {}
        (a, b) if place.is_empty() => differences.push(format!("{b} instead of {a}")),
        (a, b) => differences.push(format!("{place}: {b} instead of {a}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::front_matter::Phase;
    use super::super::observation::{Crash, Ending, Observation, ThrownError};
    use super::*;

    fn ran(ending: Ending, printed: &[&str]) -> Outcome {
        Outcome::Ran(Observation {
            ending,
            printed: printed.iter().map(|&line| line.to_owned()).collect(),
            console: Vec::new(),
            uncaught: Vec::new(),
            rejections: Vec::new(),
        })
    }

    fn threw(message: &str, line: u32) -> Ending {
        Ending::Threw {
            phase: Phase::Runtime,
            error: ThrownError {
                constructor: Some("TypeError".to_owned()),
                message: message.to_owned(),
                code: None,
                stack: vec![format!("f (file:///a.js:{line}:1)")],
            },
        }
    }

    #[test]
    fn equal_outcomes() {
        let outcome = ran(threw("TypeError: x", 1), &["a"]);
        assert_eq!(differences(&outcome, &outcome.clone()), [""; 0]);
        assert_eq!(differences(&Outcome::TimedOut, &Outcome::TimedOut), [""; 0]);
    }

    #[test]
    fn every_place_is_named() {
        let found = differences(
            &ran(threw("TypeError: x", 1), &["a", "b"]),
            &ran(threw("TypeError: y", 2), &["a", "c"]),
        );
        assert_eq!(
            found,
            [
                r#"ending.threw.error.message: "TypeError: y" instead of "TypeError: x""#,
                r#"ending.threw.error.stack[0]: "f (file:///a.js:2:1)" instead of "f (file:///a.js:1:1)""#,
                r#"printed[1]: "c" instead of "b""#,
            ]
        );
    }

    #[test]
    fn another_kind_of_ending_and_another_number_of_lines() {
        assert_eq!(
            differences(
                &ran(Ending::Completed, &[]),
                &ran(Ending::Unsettled, &["a"])
            ),
            [
                r#"ending: "unsettled" instead of "completed""#,
                r#"printed: ["a"] instead of []"#
            ]
        );
    }

    #[test]
    fn crashes_are_equal_by_status() {
        let crash = |status: &str, last_words: &str| {
            Outcome::Crashed(Crash {
                status: status.to_owned(),
                last_words: last_words.to_owned(),
            })
        };
        assert_eq!(
            differences(&crash("signal 11", "at 0x1"), &crash("signal 11", "at 0x2")),
            [""; 0]
        );
        assert_eq!(
            differences(&crash("signal 6", ""), &crash("signal 11", "")),
            [r#"crashed.status: "signal 11" instead of "signal 6""#]
        );
        assert_eq!(
            differences(&Outcome::TimedOut, &crash("signal 11", "")),
            [r#"{"crashed":{"status":"signal 11"}} instead of "timed-out""#]
        );
    }
}
