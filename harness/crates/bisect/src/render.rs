//! A search for people: on a terminal, and as a text for a bug report.

use results::render::{Style, lay_out_with, two_decimals};
use sample::plural;

use crate::decide::Answer;
use crate::document::{Document, Found};
use crate::evidence::{Evidence, FactsOfEnds};
use crate::question::Ask;

/// Differences that are shown.
const SHOWN: usize = 5;

/// What was found, how, and what differs. `profile` are lines about where the difference goes, by function.
pub fn summary(document: &Document, profile: &[String], style: Style) -> String {
    let mut parts = vec![
        title(document, style),
        in_words(document),
        difference(document, style),
    ];
    if !profile.is_empty() {
        parts.push(format!(
            "Where the difference goes, by function (instructions):\n\n{}",
            block(profile, style)
        ));
    }
    parts.push(steps(document, style));
    parts.push(costs(document));
    parts.retain(|it| !it.is_empty());
    parts.join("\n\n")
}

/// A text to paste into a bug report, in Markdown; nothing unless there is a first bad revision. `again` are commands that
/// show the same again, `machine` says where it was seen.
pub fn report(
    document: &Document,
    profile: &[String],
    again: &[String],
    machine: &str,
) -> Option<String> {
    let Found::First { bad } = document.found() else {
        return None;
    };
    let revision = &document.revisions[bad];
    let mut parts = vec![format!(
        "# {} since {}",
        capital(&changed(document)),
        revision.words()
    )];
    let mut facts = vec![format!("- first bad: {}", full(document, bad))];
    facts.push(format!("- last good: {}", full(document, bad - 1)));
    facts.push(format!("- asked: {}", cell(document)));
    facts.push(format!("- machine: {machine}"));
    parts.push(facts.join("\n"));
    parts.push(difference(document, Style::Markdown));
    if !profile.is_empty() {
        parts.push(format!(
            "Own instructions by function, before and after:\n\n{}",
            block(profile, Style::Markdown)
        ));
    }
    parts.push(format!(
        "To see it again:\n\n{}",
        block(again, Style::Markdown)
    ));
    parts.push(steps(document, Style::Markdown));
    parts.retain(|it| !it.is_empty());
    Some(parts.join("\n\n"))
}

fn title(document: &Document, style: Style) -> String {
    let first = &document.revisions[0];
    let last = &document.revisions[document.revisions.len() - 1];
    let ends = format!("{} to {}", first.words(), last.words());
    let what = match document.found() {
        Found::Unfinished => "unfinished",
        Found::Alike => "the ends do not differ",
        Found::Undecided => "undecided",
        Found::First { .. } => "found",
        Found::Range { .. } => "a range",
    };
    match style {
        Style::Markdown => format!("## Bisect: {ends}: **{what}**"),
        Style::Plain => format!("bisect: {ends}: {what}"),
    }
}

fn in_words(document: &Document) -> String {
    let cell = cell(document);
    match document.found() {
        Found::Unfinished => format!("The search for {cell} is not over."),
        Found::Alike => {
            format!("Both ends have the same {cell}: there is nothing to find between them.")
        }
        Found::Undecided => format!(
            "{} do not show that the ends differ in {cell}. More blocks may: --looks.",
            plural(blocks_of_ends(document) as u64, "block", "blocks")
        ),
        Found::First { bad } => format!(
            "The first bad revision is {}. The last good one is {}. Asked: {cell}.",
            full(document, bad),
            full(document, bad - 1)
        ),
        Found::Range { good, bad } => format!(
            "The first bad revision is one of {}: the one after {}, up to {}. Those between could not be asked, or belong to \
             neither end. Asked: {cell}.",
            bad - good,
            full(document, good),
            full(document, bad)
        ),
    }
}

fn blocks_of_ends(document: &Document) -> usize {
    match document.ends.as_ref().map(|it| &it.facts) {
        Some(FactsOfEnds::Blocks(blocks)) => blocks.len(),
        _ => 0,
    }
}

/// What was asked of which workload.
fn cell(document: &Document) -> String {
    let question = &document.question;
    let (workload, path) = (&question.workload, question.path.name());
    match question.ask {
        Ask::Behaviour => format!("behaviour of {workload} by {path}"),
        Ask::Cache => format!("use of the cache by {workload} on {path}"),
        Ask::Instructions => format!("instructions of {workload} by {path}"),
        Ask::Time => format!("load time of {workload} by {path}"),
    }
}

/// What became of it.
fn changed(document: &Document) -> String {
    let cell = cell(document);
    match document.change() {
        Some(change) => format!("{cell} changed by {}", percent(change.ratio.value)),
        None => format!("{cell} changed"),
    }
}

fn difference(document: &Document, style: Style) -> String {
    let Some(size) = &document.size else {
        return String::new();
    };
    if let Some(change) = document.change() {
        let interval = change.ratio.interval.map_or_else(
            || "too few blocks for an interval".to_owned(),
            |it| format!("95 %: {} to {}", percent(it.low), percent(it.high)),
        );
        let unit = match document.question.ask {
            Ask::Instructions => "million instructions",
            _ => "ms",
        };
        let [before, after] = [0, 1].map(|side| {
            let mut values: Vec<f64> = size.pairs.iter().map(|it| it[side]).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        });
        return format!(
            "{} from {} to {} ({interval}): {} to {} {unit}, {}.",
            percent(change.ratio.value),
            document.revisions[size.good].words(),
            document.revisions[size.bad].words(),
            two_decimals(before),
            two_decimals(after),
            plural(size.pairs.len() as u64, "block", "blocks"),
        );
    }
    let shown: Vec<String> = size.differences.iter().take(SHOWN).cloned().collect();
    match shown.is_empty() {
        true => String::new(),
        false => format!("What differs:\n\n{}", block(&shown, style)),
    }
}

fn steps(document: &Document, style: Style) -> String {
    if document.steps.is_empty() {
        return String::new();
    }
    let rows = document.steps.iter().enumerate().map(|(number, step)| {
        let (answer, why) = match document.answer(number) {
            Some(Answer::Good) => ("good", seen(&step.evidence)),
            Some(Answer::Bad) => ("bad", seen(&step.evidence)),
            Some(Answer::Unknown(why)) => ("skipped", first_line(&why)),
            None => ("", String::new()),
        };
        let built = step.built.as_ref().and_then(|it| it.seconds);
        vec![
            document.revisions[step.place].words(),
            answer.to_owned(),
            built.map_or_else(|| "-".to_owned(), |it| it.to_string()),
            step.seconds.to_string(),
            why,
        ]
    });
    let header = ["revision", "answer", "build, s", "all, s", "why"];
    let header = header.map(str::to_owned).into();
    lay_out_with(header, rows.collect(), 2..4, style)
}

/// What evidence looks like, short.
fn seen(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Fact(fact) => {
            let line = first_line(fact);
            line.chars().take(60).collect()
        }
        Evidence::Blocks(blocks) => {
            let against = |side: usize| {
                let pairs: Vec<[f64; 2]> = blocks.iter().map(|it| [it[side], it[2]]).collect();
                let change = crate::decide::Change::of(&pairs);
                change.map_or_else(String::new, |it| percent(it.ratio.value))
            };
            format!(
                "{} against the good end, {} against the bad one, {}",
                against(0),
                against(1),
                plural(blocks.len() as u64, "block", "blocks")
            )
        }
        Evidence::None(why) => first_line(why),
    }
}

fn costs(document: &Document) -> String {
    let (builds, seconds) = document.costs();
    format!(
        "{} between the ends, {} asked, {}, {} min.",
        plural(
            document.revisions.len().saturating_sub(2) as u64,
            "revision",
            "revisions"
        ),
        document.steps.len(),
        plural(builds as u64, "build", "builds"),
        seconds.div_ceil(60)
    )
}

fn full(document: &Document, place: usize) -> String {
    let revision = &document.revisions[place];
    match (&revision.commit, &revision.date) {
        (Some(_), Some(date)) => format!("{} ({date})", revision.words()),
        _ => revision.words(),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn block(lines: &[String], style: Style) -> String {
    match style {
        Style::Markdown => format!("```\n{}\n```", lines.join("\n")),
        Style::Plain => lines.join("\n"),
    }
}

fn percent(ratio: f64) -> String {
    format!("{:+.2} %", 100.0 * (ratio - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, document, searched};

    #[test]
    fn what_was_found_is_said_with_its_size_and_its_neighbour() {
        let document = searched(Ask::Instructions, 16, 5, &[]);
        let text = summary(&document, &["3.10 JSC::lex".to_owned()], Style::Plain);
        for part in [
            "bisect: c00000000000 title 0 to c15000000000 title 15: found",
            "The first bad revision is c05000000000 title 5 (2026-01-06T00:00:00Z). The last good one is c04000000000 title 4",
            "Asked: instructions of w by full.",
            "+5.00 % from c04000000000 title 4 to c05000000000 title 5 (95 %: +5.00 % to +5.00 %): 100.00 to 105.00 million",
            "3.10 JSC::lex",
            "14 revisions between the ends, 4 asked,",
        ] {
            assert!(text.contains(part), "{part}\nin\n{text}");
        }
        let report = report(
            &document,
            &[],
            &["jsc-harness gate".to_owned()],
            "a machine",
        )
        .unwrap();
        for part in [
            "# Instructions of w by full changed by +5.00 % since c05000000000 title 5",
            "- first bad: c05000000000 title 5",
            "```\njsc-harness gate\n```",
            "- machine: a machine",
        ] {
            assert!(report.contains(part), "{part}\nin\n{report}");
        }
    }

    #[test]
    fn a_range_says_who_was_skipped_and_why() {
        let document = searched(Ask::Behaviour, 8, 4, &[3, 4]);
        let text = summary(&document, &[], Style::Markdown);
        for part in [
            "**a range**",
            "is one of 3: the one after c02000000000 title 2",
            "it does not build",
            "skipped",
        ] {
            assert!(text.contains(part), "{part}\nin\n{text}");
        }
        assert_eq!(report(&document, &[], &[], ""), None);
    }

    #[test]
    fn ends_that_do_not_differ_are_said_to() {
        let mut alike = document(Ask::Behaviour, 4);
        let mut bench = Bench::new(9, &[]);
        crate::run(&mut alike, &mut bench).unwrap();
        let text = summary(&alike, &[], Style::Plain);
        assert!(
            text.contains("Both ends have the same behaviour of w by full"),
            "{text}"
        );
    }
}
