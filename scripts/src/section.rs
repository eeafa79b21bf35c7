//! Parts of a long command: a heading, and how long each took.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Runs sections one after the other and remembers how each ended.
pub struct Sections {
    begin: Instant,
    failed: Vec<&'static str>,
    count: usize,
}

impl Sections {
    /// Starts the clock.
    pub fn begin() -> Sections {
        Sections {
            begin: Instant::now(),
            failed: Vec::new(),
            count: 0,
        }
    }

    /// Runs one section. A failure is shown and remembered, so that one run shows everything that is wrong.
    pub fn run<E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        section: impl FnOnce() -> Result<(), E>,
    ) -> bool {
        eprintln!("== {name}");
        let begin = Instant::now();
        let result = section();
        let elapsed = seconds(begin.elapsed());
        self.count += 1;
        match &result {
            Ok(()) => eprintln!("== {name}: ok, {elapsed}"),
            Err(error) => {
                eprintln!("error: {error:#}\n== {name}: FAILED, {elapsed}");
                self.failed.push(name);
            }
        }
        result.is_ok()
    }

    /// Ends with one line for everything: an error when a section failed.
    pub fn finish(self, what: &str) -> Result<()> {
        let elapsed = seconds(self.begin.elapsed());
        if !self.failed.is_empty() {
            bail!(
                "{what}: {} of {} sections failed ({}), {elapsed}",
                self.failed.len(),
                self.count,
                self.failed.join(", ")
            );
        }
        eprintln!("{what}: all {} sections passed, {elapsed}", self.count);
        Ok(())
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_does_not_stop_the_rest_and_fails_the_whole() {
        let mut sections = Sections::begin();
        assert!(!sections.run("one", || Err("bad")));
        assert!(sections.run("two", || Ok::<(), String>(())));
        let error = sections.finish("test").unwrap_err().to_string();
        assert!(
            error.starts_with("test: 1 of 2 sections failed (one), "),
            "{error}"
        );
    }
}
