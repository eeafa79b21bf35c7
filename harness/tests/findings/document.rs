//! Reads the programs and their outcomes out of `FINDINGS.md`.

use std::fs;
use std::path::Path;

/// The line on which the versions stand that the whole document was tried on.
const TRIED: &str = "Tried on ";
const ENTRY: &str = "main.mjs";

/// The findings, in order.
#[derive(Debug)]
pub struct Document {
    pub tried: Vec<String>,
    pub findings: Vec<Finding>,
}

/// One finding: a program, what engines make of it, and what is right.
#[derive(Debug, Default)]
pub struct Finding {
    pub title: String,
    pub files: Vec<(String, String)>,
    pub seen: Vec<Seen>,
    pub right: Option<String>,
    pub fixtures: Vec<String>,
    pub has_advice: bool,
}

/// What the program prints where the engine is wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub versions: Vec<String>,
    pub stdout: String,
    pub end: End,
}

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With exit code 0.
    Well,
    /// Not yet after so many seconds.
    RunningAfter(u64),
    /// By a signal: the engine crashes.
    Crash,
}

impl Document {
    /// The document of this harness, which must be well formed.
    pub fn of_this_harness() -> Document {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("FINDINGS.md");
        let text = fs::read_to_string(&path).unwrap();
        Document::parse(&text).unwrap_or_else(|problem| panic!("FINDINGS.md: {problem}"))
    }

    /// Reads a document, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Document, String> {
        let mut document = Document {
            tried: Vec::new(),
            findings: Vec::new(),
        };
        let mut lines = text.lines();
        // The line in front of a block says what the block is.
        let mut label = "";
        while let Some(line) = lines.next() {
            if let Some(title) = line.strip_prefix("### ") {
                document.findings.push(Finding {
                    title: title.to_owned(),
                    ..Finding::default()
                });
            } else if line.starts_with("```") {
                let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
                let block: String = block.iter().map(|it| format!("{it}\n")).collect();
                document
                    .findings
                    .last_mut()
                    .ok_or_else(|| format!("a block behind `{label}` belongs to no finding"))?
                    .add(label, block)?;
            } else if let Some(versions) = line.strip_prefix(TRIED) {
                document.tried = list(versions.trim_end_matches('.'));
            } else if let Some(finding) = document.findings.last_mut() {
                finding.note(line);
            }
            if !line.trim().is_empty() {
                label = line;
            }
        }
        if document.tried.is_empty() || document.findings.is_empty() {
            return Err(format!("no `{TRIED}` or no finding"));
        }
        for finding in &document.findings {
            finding
                .check(&document.tried)
                .map_err(|problem| format!("`{}`: {problem}", finding.title))?;
        }
        Ok(document)
    }
}

impl Finding {
    /// What is right, which every finding says.
    pub fn right(&self) -> &str {
        self.right.as_deref().unwrap_or_default()
    }

    /// What is seen on `version`, or nothing if that does it right.
    pub fn seen_on(&self, version: &str) -> Option<&Seen> {
        self.seen
            .iter()
            .find(|seen| seen.versions.iter().any(|it| it == version))
    }

    fn add(&mut self, label: &str, block: String) -> Result<(), String> {
        if let Some(file) = label.strip_prefix('`').and_then(|it| it.strip_suffix('`')) {
            self.files.push((file.to_owned(), block));
        } else if label == "Right:" {
            if self.right.replace(block).is_some() {
                return Err(format!("`{}` says twice what is right", self.title));
            }
        } else if let Some(rest) = label.strip_prefix("Seen on ") {
            self.seen.push(Seen::parse(rest, block)?);
        } else {
            return Err(format!(
                "`{}`: nobody knows what the block behind `{label}` is",
                self.title
            ));
        }
        Ok(())
    }

    fn note(&mut self, line: &str) {
        if let Some(names) = line.strip_prefix("Fixtures: ") {
            let names = list(names.trim_end_matches('.'));
            self.fixtures
                .extend(names.iter().map(|it| it.trim_matches('`').to_owned()));
        }
        self.has_advice |= line.starts_with("What a runtime can do: ");
    }

    fn check(&self, tried: &[String]) -> Result<(), String> {
        let Some(right) = &self.right else {
            return Err("it does not say what is right".to_owned());
        };
        if !self.files.iter().any(|(name, _)| name == ENTRY) {
            return Err(format!("it has no {ENTRY}"));
        }
        if !self.has_advice {
            return Err("it does not say what a runtime can do".to_owned());
        }
        let mut versions: Vec<&String> = self.seen.iter().flat_map(|it| &it.versions).collect();
        if versions.is_empty() || !versions.iter().all(|it| tried.contains(it)) {
            return Err(format!("it is seen on {versions:?}, tried was {tried:?}"));
        }
        let count = versions.len();
        versions.sort();
        versions.dedup();
        if versions.len() != count {
            return Err("it says twice what is seen on one version".to_owned());
        }
        match self.seen.iter().find(|it| it.stdout == *right) {
            Some(same) => Err(format!("what is seen on {:?} is right", same.versions)),
            None => Ok(()),
        }
    }
}

impl Seen {
    /// Reads `2.50.6, 2.52.6:`, `2.52.6, not ended after 3 seconds:` or `2.52.6, then a crash:`.
    fn parse(label: &str, stdout: String) -> Result<Seen, String> {
        let odd = || format!("`Seen on {label}` is not a list of versions");
        let mut versions = list(label.strip_suffix(':').ok_or_else(odd)?);
        let seconds = |it: &String| {
            let number = it.strip_prefix("not ended after ")?;
            number.strip_suffix(" seconds")?.parse().ok()
        };
        let end = match versions.last() {
            Some(it) if it == "then a crash" => End::Crash,
            last => last.and_then(seconds).map_or(End::Well, End::RunningAfter),
        };
        if end != End::Well {
            versions.pop();
        }
        let plain = |it: &String| it.chars().all(|it| it.is_ascii_digit() || it == '.');
        if versions.is_empty() || !versions.iter().all(plain) {
            return Err(odd());
        }
        Ok(Seen {
            versions,
            stdout,
            end,
        })
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(", ").map(str::to_owned).collect()
}

#[test]
fn a_finding_is_read_as_it_stands_there() {
    let document = Document::parse(&example()).unwrap();
    assert_eq!(document.tried, ["1.0", "2.0"]);
    let [finding] = &document.findings[..] else {
        panic!("{document:?}");
    };
    assert_eq!(finding.title, "Wrong");
    assert_eq!(
        finding.files,
        [("main.mjs".to_owned(), "one\n\ntwo\n".to_owned())]
    );
    assert_eq!(finding.right(), "good\n");
    assert_eq!(finding.fixtures, ["a", "b"]);
    let seen = Seen {
        versions: vec!["2.0".to_owned()],
        stdout: "bad\n".to_owned(),
        end: End::RunningAfter(3),
    };
    assert_eq!(finding.seen, [seen]);

    let text = example().replace("not ended after 3 seconds", "then a crash");
    let document = Document::parse(&text).unwrap();
    assert_eq!(document.findings[0].seen[0].end, End::Crash);
}

#[test]
fn what_no_test_could_use_is_refused() {
    for (from, to, problem) in [
        (
            "Right:",
            "As it should:",
            "`Wrong`: nobody knows what the block behind `As it should:` is",
        ),
        ("`main.mjs`", "`other.mjs`", "`Wrong`: it has no main.mjs"),
        (
            "2.0, not",
            "3.0, not",
            "`Wrong`: it is seen on [\"3.0\"], tried was [\"1.0\", \"2.0\"]",
        ),
        ("good", "bad", "`Wrong`: what is seen on [\"2.0\"] is right"),
        (
            "What a runtime can do: ",
            "",
            "`Wrong`: it does not say what a runtime can do",
        ),
        (
            "2.0, not ended",
            "everything, not ended",
            "`Seen on everything, not ended after 3 seconds:` is not a list of versions",
        ),
        (
            "### Wrong",
            "",
            "a block behind `main.mjs` belongs to no finding",
        ),
        ("Tried on", "Untried on", "no `Tried on ` or no finding"),
    ] {
        let text = example().replacen(from, to, 1);
        let found = Document::parse(&text).unwrap_err();
        assert_eq!(found.replace("``main.mjs``", "`main.mjs`"), problem);
    }
}

#[cfg(test)]
fn example() -> String {
    let fence = "```";
    format!(
        "# Title\n\nTried on 1.0, 2.0.\n\n### Wrong\n\n`main.mjs`\n\n{fence}js\none\n\ntwo\n{fence}\n\n\
         Seen on 2.0, not ended after 3 seconds:\n\n{fence}text\nbad\n{fence}\n\n\
         Right:\n\n{fence}text\ngood\n{fence}\n\nProse.\n\nWhat a runtime can do: nothing.\n\nFixtures: `a`, `b`.\n"
    )
}
