//! Does a program still do what the document says?

use crate::document::{End, Finding};
use test_programs::Ran;

/// What is wrong with the document, after what its program did on `version`; nothing if all is as it says.
pub fn problem(finding: &Finding, version: &str, ran: &Ran) -> Option<String> {
    let right = wanted(finding.right(), End::Well);
    let seen = finding
        .seen_on(version)
        .map(|seen| wanted(&seen.stdout, seen.end));
    if *ran == *seen.as_ref().unwrap_or(&right) {
        return None;
    }
    let what = match (&seen, *ran == right) {
        (Some(_), true) => "no longer holds",
        (Some(_), false) => "shows something else",
        (None, _) => "is not right there any more",
    };
    let end = match ran.code {
        Some(code) => format!("ended with exit code {code}"),
        None => "did not end".to_owned(),
    };
    Some(format!(
        "on {version} the finding `{}` {what}: it {end}\n--- stdout\n{}--- stderr\n{}",
        finding.title, ran.stdout, ran.stderr
    ))
}

/// What a shell would call the end by SIGSEGV.
const CRASHED: i32 = 128 + 11;

/// A program that prints this and ends so.
fn wanted(stdout: &str, end: End) -> Ran {
    Ran {
        stdout: stdout.to_owned(),
        stderr: String::new(),
        code: match end {
            End::Well => Some(0),
            End::RunningAfter(_) => None,
            End::Crash => Some(CRASHED),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{problem, wanted};
    use crate::document::{End, Finding, Seen};

    fn finding() -> Finding {
        Finding {
            title: "Odd".to_owned(),
            right: Some("good\n".to_owned()),
            seen: vec![Seen {
                versions: vec!["2.0".to_owned()],
                stdout: "bad\n".to_owned(),
                end: End::Well,
            }],
            ..Finding::default()
        }
    }

    #[test]
    fn what_is_as_the_document_says_is_no_problem() {
        assert_eq!(
            problem(&finding(), "2.0", &wanted("bad\n", End::Well)),
            None
        );
        assert_eq!(
            problem(&finding(), "1.0", &wanted("good\n", End::Well)),
            None
        );
    }

    #[test]
    fn a_finding_that_no_longer_holds_is_named() {
        assert_eq!(
            problem(&finding(), "2.0", &wanted("good\n", End::Well)).unwrap(),
            "on 2.0 the finding `Odd` no longer holds: it ended with exit code 0\n--- stdout\ngood\n--- stderr\n"
        );
    }

    #[test]
    fn so_is_one_that_has_come_back_or_looks_otherwise() {
        let first_line = |version, ran| {
            let text = problem(&finding(), version, &ran).unwrap();
            text.lines().next().unwrap().to_owned()
        };
        assert_eq!(
            first_line("1.0", wanted("bad\n", End::Well)),
            "on 1.0 the finding `Odd` is not right there any more: it ended with exit code 0"
        );
        assert_eq!(
            first_line("2.0", wanted("worse\n", End::Well)),
            "on 2.0 the finding `Odd` shows something else: it ended with exit code 0"
        );
        assert_eq!(
            first_line("2.0", wanted("bad\n", End::RunningAfter(3))),
            "on 2.0 the finding `Odd` shows something else: it did not end"
        );
    }
}
