//! Gates that count instructions.

use test_programs::two_engines;

use crate::support::{Gate, counted_against_itself, counted_between, replay};

/// Counts do not depend on what else the machine does, so few are enough, and nothing is said of the machine's noise.
#[test]
fn an_engine_against_itself_passes_after_few_counts() {
    let ran = counted_against_itself().run();
    ran.ends(0, "against itself (A/A): pass");
    for part in [
        "Instructions to the end of the program, the worst first",
        " of 4 ",
        "execute more instructions by 1 % or more",
    ] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
    assert!(
        !ran.stdout.contains("block of both engines"),
        "{}",
        ran.stdout
    );
    let again = replay(&ran.file("gate.json"), "json");
    assert_eq!(again, (Some(0), ran.text("gate.json"), String::new()));
}

#[test]
fn a_percent_more_in_one_cell_is_found_and_named() {
    let gate: Gate = counted_against_itself();
    let ran = gate.arguments(&["--inject", "empty:full:1"]).run();
    ran.ends(1, "regress");
    assert!(
        ran.stdout.contains("- empty: loading by full takes +"),
        "{}",
        ran.stdout
    );
}

/// The older engine executes a tenth more to load nothing by parsing; no clock is needed to see that.
#[test]
fn what_an_engine_executes_more_is_found() {
    let Some([newer, older]) = two_engines!() else {
        return;
    };
    let ran = counted_between(&newer.name, &older.name).run();
    assert!(
        ran.stdout.contains("- empty: loading by parse takes +"),
        "{ran:?}"
    );
}
