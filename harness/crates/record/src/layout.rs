//! JSON that people and `git diff` can read: one line for each fact, list entry and row of a table.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

/// Levels that are spread over lines: the document and its parts.
const SPREAD: usize = 2;

/// Writes a value and a line end.
pub fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Layout::default());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[derive(Default)]
struct Layout {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

impl Layout {
    fn spread(&self) -> bool {
        self.depth <= SPREAD
    }

    fn separator<W: ?Sized + Write>(out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b"," })
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.spread() {
            self.pretty.begin_array(out)
        } else {
            out.write_all(b"[")
        }
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let spread = self.spread();
        self.depth -= 1;
        if spread {
            self.pretty.end_array(out)
        } else {
            out.write_all(b"]")
        }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.spread() {
            self.pretty.begin_array_value(out, first)
        } else {
            Self::separator(out, first)
        }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.spread() {
            self.pretty.end_array_value(out)
        } else {
            Ok(())
        }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.spread() {
            self.pretty.begin_object(out)
        } else {
            out.write_all(b"{")
        }
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let spread = self.spread();
        self.depth -= 1;
        if spread {
            self.pretty.end_object(out)
        } else {
            out.write_all(b"}")
        }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.spread() {
            self.pretty.begin_object_key(out, first)
        } else {
            Self::separator(out, first)
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.spread() { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.spread() {
            self.pretty.end_object_value(out)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn one_line_for_each_row() {
        let value = json!({
            "schema": 1,
            "empty": [],
            "run": {"id": "a", "command": ["b", "c"]},
            "samples": [["a", "b"], [1, {"x": [2]}], []],
        });
        let mut text = Vec::new();
        write(&mut text, &value).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(
            text,
            r#"{
  "schema": 1,
  "empty": [],
  "run": {
    "id": "a",
    "command": ["b","c"]
  },
  "samples": [
    ["a","b"],
    [1,{"x":[2]}],
    []
  ]
}
"#
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
