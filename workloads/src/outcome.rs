//! What a workload must show, against what it showed.

use observation::{Observation, UncaughtError};

use crate::definition::{Expected, ExpectedError, Workload};

/// What became of a program on the parse path, beside what its definition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conduct {
    /// It did what it must; or it ended well, and no more is known.
    Fine,
    /// It did not do what the definition says; in words.
    Unexpected(String),
    /// The definition says nothing of it, and it ended with an error; in words, with what may help.
    Failed(String),
}

impl Workload {
    /// What became of it on JavaScriptCore of `version`: it loaded so many modules, and showed this.
    pub fn conduct(&self, version: &str, modules: u64, observation: &Observation) -> Conduct {
        let expected = self.expected_on(version);
        if let Some(wrong) = expected.and_then(|it| unexpected(it, observation)) {
            return Conduct::Unexpected(wrong);
        }
        if expected.is_none()
            && let Some(failure) = failure(observation)
        {
            return Conduct::Failed(failure);
        }
        match self.modules {
            Some(defined) if defined as u64 != modules => Conduct::Unexpected(format!(
                "it loads {}, and its definition says {defined}",
                sample::plural(modules, "module", "modules")
            )),
            _ => Conduct::Fine,
        }
    }
}

/// How a program ended, if not well.
fn failure(observation: &Observation) -> Option<String> {
    let outcome = &observation.outcome;
    if outcome.exit_code == 0 {
        return None;
    }
    let Some(error) = &outcome.error else {
        return Some(
            "it never ends: nothing is left to run, but a top-level await still waits".to_owned(),
        );
    };
    let next = next_step(error.code.as_deref(), &error.message);
    let place = error.frames.first().map(|it| (&it.module, it.line));
    let place = place.or_else(|| Some((error.module.as_ref()?, None)));
    let place = match place {
        Some((module, Some(line))) if !module.is_empty() => format!(" ({module}:{line})"),
        Some((module, None)) if !module.is_empty() => format!(" ({module})"),
        _ => String::new(),
    };
    Some(format!(
        "it ends with an error: {}{place}{next}",
        error.message.trim_end()
    ))
}

/// What may help a program that was made for another host.
fn next_step(code: Option<&str>, message: &str) -> &'static str {
    let has = |part: &str| message.contains(part);
    if code == Some("ERR_MODULE_NOT_FOUND") && has("cannot find package") {
        "; hint: install its packages (npm install)"
    } else if code == Some("ERR_UNSUPPORTED_ESM_URL_SCHEME")
        || code == Some("ERR_UNKNOWN_FILE_EXTENSION")
        || has("Can't find variable: ")
    {
        "; hint: jsc-harness capture makes a workload of a program that needs CommonJS, modules of Node or globals"
    } else if has("Importing binding name") {
        "; hint: if that package is CommonJS, jsc-harness capture makes a workload of the program"
    } else {
        ""
    }
}

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
