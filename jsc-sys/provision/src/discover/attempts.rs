//! What was tried, for an error that shows all of it.

use std::fmt::{self, Display, Formatter};

/// What was tried, each with how it ended. Displays as one line for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts(Vec<(String, String)>);

impl Attempts {
    pub(crate) fn add(&mut self, what: &str, outcome: &str) {
        self.0.push((what.to_string(), outcome.to_string()));
    }

    pub(crate) fn append(&mut self, mut other: Attempts) {
        self.0.append(&mut other.0);
    }
}

impl Display for Attempts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = self
            .0
            .iter()
            .map(|(what, _)| what.chars().count())
            .max()
            .unwrap_or(0);
        for (what, outcome) in &self.0 {
            // An outcome of several lines would hide the list; its first line names the matter.
            let outcome = outcome.lines().next().unwrap_or_default();
            writeln!(f, "  tried {what:width$}  {outcome}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_line_up() {
        let mut attempts = Attempts::default();
        attempts.add("a", "unset");
        attempts.add("a longer one", "failed\nwith details");
        assert_eq!(
            attempts.to_string(),
            "  tried a             unset\n  tried a longer one  failed\n"
        );
    }
}
