//! Names of files and folders that are made of what a command is about.

/// A text as part of a file's name: what is neither a letter, a digit nor one of `._-` becomes a hyphen.
pub fn plain(text: &str) -> String {
    let plain = |it: char| match it.is_ascii_alphanumeric() || "._-".contains(it) {
        true => it,
        false => '-',
    };
    text.chars().map(plain).collect()
}
