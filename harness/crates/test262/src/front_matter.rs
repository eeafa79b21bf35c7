//! The metadata at the head of a test (INTERPRETING.md, "Metadata"): YAML between `/*---` and `---*/`.

use serde::{Deserialize, Serialize};

/// What a test says about itself, as far as running it needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    /// The error that the test has to end with.
    pub negative: Option<Negative>,
    /// Files of `harness/` to evaluate before it.
    pub includes: Option<Vec<String>>,
    /// How it is to be run.
    pub flags: Option<Vec<Flag>>,
    /// What an engine must have for it to mean anything.
    pub features: Option<Vec<String>>,
}

/// An error that a test has to end with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Negative {
    /// When it occurs.
    pub phase: Phase,
    /// The name of its constructor.
    #[serde(rename = "type")]
    pub constructor: String,
}

/// The stages at which a test can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Parsing the test, early errors included.
    Parse,
    /// Loading and linking what it imports, before any of it runs.
    Resolution,
    /// Evaluation.
    Runtime,
}

impl Phase {
    /// Its word in a test's metadata.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Resolution => "resolution",
            Self::Runtime => "runtime",
        }
    }
}

/// How a test is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Flag {
    /// As a module.
    #[serde(rename = "module")]
    Module,
    /// It ends by calling `$DONE`.
    #[serde(rename = "async")]
    Async,
    /// Unchanged, without any file of `harness/`.
    #[serde(rename = "raw")]
    Raw,
    /// In strict mode only.
    #[serde(rename = "onlyStrict")]
    OnlyStrict,
    /// In sloppy mode only.
    #[serde(rename = "noStrict")]
    NoStrict,
    /// Made by a tool; of no meaning here.
    #[serde(rename = "generated")]
    Generated,
    /// Only where an agent cannot block.
    CanBlockIsFalse,
    /// Only where an agent can block.
    CanBlockIsTrue,
    /// It depends on the time or the scheduler; of no meaning here.
    #[serde(rename = "non-deterministic")]
    NonDeterministic,
    /// One that this program does not know.
    #[serde(other)]
    Unknown,
}

impl Metadata {
    /// Reads the metadata of a test; the error says what is wrong with it.
    pub fn read(source: &str) -> Result<Self, String> {
        let yaml = front_matter(source)
            .ok_or("it has no metadata: there is nothing between `/*---` and `---*/`")?;
        let metadata: Self = serde_saphyr::from_str(yaml)
            .map_err(|error| format!("its metadata is not what it should be: {error}"))?;
        if metadata.has(Flag::Unknown) {
            return Err(
                "its metadata has a flag that this program does not know how to obey".to_owned(),
            );
        }
        Ok(metadata)
    }

    /// Whether a flag is set.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags
            .as_ref()
            .is_some_and(|flags| flags.contains(&flag))
    }

    /// The features that the test needs.
    pub fn features(&self) -> &[String] {
        self.features.as_deref().unwrap_or_default()
    }
}

/// The text between the first `/*---` and the `---*/` after it.
pub fn front_matter(source: &str) -> Option<&str> {
    let (_, rest) = source.split_once("/*---")?;
    let (yaml, _) = rest.split_once("---*/")?;
    Some(yaml)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Metadata {
        Metadata::read(&format!("// A comment.\n/*---\n{yaml}\n---*/\nvoid 0;\n")).unwrap()
    }

    #[test]
    fn lists_in_both_notations_and_text_that_is_not_needed() {
        let metadata = read(
            "esid: sec-imports\ndescription: >\n  Several lines: with a colon,\n  and [brackets]\n\
             includes: [compareArray.js, propertyHelper.js]\nflags:\n  - module\n  - async\nfeatures: [top-level-await]",
        );
        assert_eq!(
            metadata.includes.as_deref(),
            Some(&["compareArray.js".to_owned(), "propertyHelper.js".to_owned()][..])
        );
        assert!(metadata.has(Flag::Module) && metadata.has(Flag::Async));
        assert!(!metadata.has(Flag::Raw));
        assert_eq!(metadata.features(), ["top-level-await"]);
    }

    #[test]
    fn negative() {
        let metadata = read("description: x\nnegative:\n  phase: resolution\n  type: SyntaxError");
        assert_eq!(
            metadata.negative,
            Some(Negative {
                phase: Phase::Resolution,
                constructor: "SyntaxError".to_owned()
            })
        );
        assert!(metadata.flags.is_none());
    }

    #[test]
    fn empty_lists_may_be_left_empty() {
        let metadata = read("description: x\nflags:\nincludes: []");
        assert_eq!(metadata.flags, None);
        assert_eq!(metadata.includes, Some(Vec::new()));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let error = |source: &str| Metadata::read(source).unwrap_err();
        assert_eq!(
            error("void 0;"),
            "it has no metadata: there is nothing between `/*---` and `---*/`"
        );
        assert!(
            error("/*---\nnegative:\n  phase: early\n  type: SyntaxError\n---*/")
                .starts_with("its metadata is not what it should be: ")
        );
        assert_eq!(
            error("/*---\nflags: [module, sideways]\n---*/"),
            "its metadata has a flag that this program does not know how to obey"
        );
    }
}
