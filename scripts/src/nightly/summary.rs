//! A night for people.

use std::fmt::Write as _;

use super::state::State;

/// The summary in Markdown.
pub fn summary(state: &State) -> String {
    let mut text = format!(
        "# Night {}: {}\n\n- Program {}.\n- `cargo xtask {}`\n\n| step | ended | seconds | |\n| --- | --- | --- | --- |\n",
        state.night,
        state.worst().name(),
        state.of.revision,
        state.of.options.join(" "),
    );
    for done in &state.done {
        let note = done.note.replace('|', "\\|").replace('\n', " ");
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} | {note} |",
            done.step,
            done.code.name(),
            done.seconds
        );
    }
    text
}
