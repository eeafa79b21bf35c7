//! The lines that a load shows, which in JSC depend on what its parser happened to skip.

use serde_json::Value;

use super::{Case, digest, whole};
use crate::report::FindingKind;
use observation::Observation;
use sample::Observe;
use sample::Sample;

const RUN: &str = "parse with true lines";

impl Case<'_> {
    /// What every load from a cache must show: what parsing shows when the parser does not lose count of lines (`bridge.h`,
    /// `jsb_realm_keep_true_lines`). That may differ from what it shows otherwise in numbers, and in nothing else.
    pub(super) fn with_true_lines(&mut self, parsed: Sample) -> Option<Sample> {
        let sample = match self.workers.parse_with_true_lines(Observe::Digest) {
            Ok(finished) => self.ran(RUN, finished),
            Err(failure) => {
                self.failed(RUN, &failure);
                return None;
            }
        };
        digest(&sample).clone_into(&mut self.reference);
        if digest(&sample) == digest(&parsed) {
            return Some(sample);
        }
        let stock = self.workers.parse(Observe::Everything).map(whole);
        let true_lines = self
            .workers
            .parse_with_true_lines(Observe::Everything)
            .map(whole);
        match (stock, true_lines) {
            (Ok(Some(stock)), Ok(Some(true_lines)))
                if without_numbers(&stock) == without_numbers(&true_lines) =>
            {
                self.report.other_lines = true;
                Some(sample)
            }
            _ => {
                let what = "shows something else than parse, and not in lines alone".to_owned();
                self.find(FindingKind::Different, RUN, what);
                None
            }
        }
    }
}

/// An observation with `0` for every number and every run of digits in a text: lines are told in errors, in stacks and by
/// what programs print of them.
fn without_numbers(observation: &Observation) -> Option<Value> {
    let mut value = serde_json::to_value(observation).ok()?;
    // Of everything else.
    value.as_object_mut()?.remove("digest");
    blank(&mut value);
    Some(value)
}

fn blank(value: &mut Value) {
    match value {
        Value::Number(number) => *number = 0.into(),
        Value::String(text) => *text = blank_text(text),
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Object(fields) => fields.values_mut().for_each(blank),
        Value::Null | Value::Bool(_) => {}
    }
}

fn blank_text(text: &str) -> String {
    let mut blanked = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_ascii_digit() {
            true if blanked.ends_with('0') => {}
            true => blanked.push('0'),
            false => blanked.push(character),
        }
    }
    blanked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_blanked_and_nothing_else() {
        let mut value = serde_json::json!({
            "line": 12, "text": "at f (DIR/a2.mjs:15:3)", "same": ["x", null, true, {"column": 100}]
        });
        blank(&mut value);
        assert_eq!(
            value,
            serde_json::json!({
                "line": 0, "text": "at f (DIR/a0.mjs:0:0)", "same": ["x", null, true, {"column": 0}]
            })
        );
    }
}
