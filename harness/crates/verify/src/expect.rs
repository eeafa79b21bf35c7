//! What a workload must show by the standard, against what it showed.

use workloads::{Expected, ExpectedError};

use observation::{Observation, UncaughtError};

/// The first thing that is not as expected, in words.
pub fn unexpected(expected: &Expected, observation: &Observation) -> Option<String> {
    let Expected {
        exit_code,
        stdout,
        error,
    } = expected;
    if *exit_code != observation.outcome.exit_code {
        let error = observation.outcome.error.as_ref();
        let message = error.map_or(String::new(), |it| format!(" ({})", it.message));
        return Some(format!(
            "exit code {}{message}, expected {exit_code}",
            observation.outcome.exit_code
        ));
    }
    let printed: String = observation
        .console
        .iter()
        .filter(|it| !it.error)
        .map(|it| it.text.as_str())
        .collect();
    stdout
        .as_ref()
        .and_then(|lines| output(lines, &printed))
        .or_else(|| {
            error
                .as_ref()
                .and_then(|it| uncaught(it, observation.outcome.error.as_ref()))
        })
}

fn output(expected: &[String], printed: &str) -> Option<String> {
    let printed: Vec<&str> = printed.lines().collect();
    let same = printed
        .iter()
        .zip(expected)
        .take_while(|(a, b)| **a == b.as_str())
        .count();
    let line = |text: Option<&str>| text.map_or("nothing".to_owned(), |it| format!("{it:?}"));
    (same < printed.len().max(expected.len())).then(|| {
        format!(
            "line {} of the output is {}, expected {}",
            same + 1,
            line(printed.get(same).copied()),
            line(expected.get(same).map(String::as_str))
        )
    })
}

fn uncaught(expected: &ExpectedError, found: Option<&UncaughtError>) -> Option<String> {
    let Some(found) = found else {
        return Some("no uncaught error, expected one".to_owned());
    };
    let ExpectedError { class, message } = expected;
    // The value itself is not known of an error that a timer threw; its text is.
    let is_class = |class: &String| {
        found.class.as_ref() == Some(class) || found.message.starts_with(&format!("{class}: "))
    };
    let wrong_class = match class.as_ref() {
        Some(none) if none.is_empty() => found.class.as_ref().map(|class| {
            format!("an error of class {class} is uncaught, expected a value that is not an error")
        }),
        Some(class) if !is_class(class) => Some(format!(
            "the uncaught error is {:?} of class {}, expected a {class}",
            found.message,
            found.class.as_deref().unwrap_or("none")
        )),
        _ => None,
    };
    let wrong_message = message.as_ref().filter(|it| !found.message.contains(*it));
    wrong_class.or_else(|| {
        wrong_message.map(|message| {
            format!(
                "the uncaught error is {:?}, expected {message:?} in it",
                found.message
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(class: Option<&str>, message: &str) -> UncaughtError {
        UncaughtError {
            class: class.map(str::to_owned),
            message: message.to_owned(),
            code: None,
            frames: Vec::new(),
            module: None,
        }
    }

    fn expected(class: Option<&str>, message: Option<&str>) -> ExpectedError {
        ExpectedError {
            class: class.map(str::to_owned),
            message: message.map(str::to_owned),
        }
    }

    #[test]
    fn output_is_compared_line_by_line() {
        let lines = |lines: &[&str]| lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert_eq!(output(&lines(&["a", "b"]), "a\nb\n"), None);
        assert_eq!(
            output(&lines(&["a", "b"]), "a\nc\n").as_deref(),
            Some(r#"line 2 of the output is "c", expected "b""#)
        );
        assert_eq!(
            output(&lines(&["a"]), "a\nb\n").as_deref(),
            Some(r#"line 2 of the output is "b", expected nothing"#)
        );
    }

    #[test]
    fn errors_by_class_and_message() {
        let found = error(Some("TypeError"), "TypeError: boo!");
        for class in [Some("TypeError"), None] {
            let wanted = expected(class, Some("boo"));
            assert_eq!(uncaught(&wanted, Some(&found)), None);
        }
        for (wanted, part) in [
            (expected(Some("RangeError"), None), "expected a RangeError"),
            (
                expected(Some("TypeError"), Some("bah")),
                r#"expected "bah" in it"#,
            ),
            (
                expected(Some(""), None),
                "expected a value that is not an error",
            ),
        ] {
            let wrong = uncaught(&wanted, Some(&found)).unwrap_or_default();
            assert!(wrong.contains(part), "{wrong}");
        }
        assert!(uncaught(&expected(None, None), None).is_some());
    }
}
