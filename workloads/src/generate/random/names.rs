//! Names that modules export, and how a program writes them.

use crate::generate::rng::Rng;

/// Names that graphs share, so that stars meet in conflicts.
const COMMON: &[&str] = &["a", "b", "c", "d", "e", "f"];

/// Identifiers that something else has, too.
const ODD: &[&str] = &[
    "toString",
    "constructor",
    "hasOwnProperty",
    "valueOf",
    "__proto__",
    "then",
    "length",
    "name",
    "async",
    "of",
    "get",
    "undefined$",
    "ünïcode",
    "ℵ",
    "$",
    "_",
    "console$",
    "meta",
    "from",
    "as",
];

/// Names that nothing can be declared by.
const UNDECLARED: &[&str] = &[
    "if",
    "class",
    "await",
    "eval",
    "import",
    "null",
    "",
    "a b",
    "0",
    "1",
    "00",
    "*",
    "*default*",
    "*namespace*",
    "\u{1f4a5}",
    "it's",
    "\u{2028}",
    "-",
    "\\",
    "\0",
    "@@iterator",
];

/// A name for an export.
pub fn draw(rng: &mut Rng) -> &'static str {
    match rng.below(20) {
        0..13 => one(rng, COMMON),
        13..17 => one(rng, ODD),
        17 => "default",
        _ => one(rng, UNDECLARED),
    }
}

fn one(rng: &mut Rng, names: &'static [&'static str]) -> &'static str {
    names[rng.below(names.len())]
}

/// A name that modules often share.
pub fn common(rng: &mut Rng) -> &'static str {
    one(rng, COMMON)
}

/// Whether a variable can have this name.
pub fn is_declarable(name: &str) -> bool {
    COMMON.contains(&name) || ODD.contains(&name)
}

/// The name as import and export declarations have it: an identifier or a string.
pub fn spelt(name: &str) -> String {
    let word = |it: char| it.is_alphanumeric() || it == '$' || it == '_';
    let starts_well = !name.starts_with(|it: char| it.is_ascii_digit());
    if !name.is_empty() && starts_well && name.chars().all(word) {
        return name.to_owned();
    }
    quoted(name)
}

/// The name as a string.
pub fn quoted(name: &str) -> String {
    let mut text = String::from("'");
    for it in name.chars() {
        match it {
            '\'' | '\\' => {
                text.push('\\');
                text.push(it);
            }
            '\0' => text.push_str("\\0"),
            '\n' => text.push_str("\\n"),
            it => text.push(it),
        }
    }
    text.push('\'');
    text
}
