# What the scripts here have in common. Sourced by each of them, with the repository's root as the current folder after it.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# Packed engines: building one takes twenty minutes, unpacking one takes seconds. What is not there is built.
export JSCSYS_ARCHIVE_DIR="${JSCSYS_ARCHIVE_DIR:-$PWD/target/ci/engines}"
mkdir -p "$JSCSYS_ARCHIVE_DIR"

# The program, with optimizations, from this checkout; or the one that $HARNESS_PROGRAM names.
jsc_harness() {
    if [[ -n "${HARNESS_PROGRAM:-}" ]]; then
        "$HARNESS_PROGRAM" "$@"
    else
        cargo run --quiet --release -p jsc-harness -- "$@"
    fi
}

# Shows a Markdown file where the CI shows summaries, if there is a CI and a file.
show_summary() {
    if [[ -n "${GITHUB_STEP_SUMMARY:-}" && -f "$1" ]]; then
        cat "$1" >>"$GITHUB_STEP_SUMMARY"
    fi
}

# Ends with an exit code of jsc-harness, and says in a word what it means. Nothing but 0 is ever turned into 0.
finish() {
    local word
    case "$1" in
        0) exit 0 ;;
        1) word="a finding: paths differ, or a regression" ;;
        2) word="inconclusive: not enough evidence" ;;
        3) word="invalid: a cache silently rejected, or a wrong observation" ;;
        *) word="could not run" ;;
    esac
    if [[ -n "${GITHUB_ACTIONS:-}" ]]; then
        echo "::error title=exit code $1::$word"
    else
        echo "exit code $1: $word" >&2
    fi
    exit "$1"
}
