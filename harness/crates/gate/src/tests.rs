//! Whole gates, from made-up loads to the verdict.

use super::replay::place;
use super::sequential::End;
use super::testing::{Model, model, same, swapped};
use super::*;
use record::{Block, RunRecord, SampleError, Unmeasured, Void};
use results::render::Style;
use sample::LoadPath;
use sample::LoadPath::{Full, Parse};
use sample::OutcomeKind;

fn judged(model: &Model) -> Judgement {
    model.gate().judgement
}

fn texts(judgement: &Judgement) -> Vec<String> {
    judgement.reasons.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_changed() {
    let judgement = judged(&model(0.01, same));
    assert_eq!(judgement.verdict, Verdict::Pass);
    assert_eq!(judgement.reasons, []);
    assert_eq!(judgement.end, Some(End::Decided));
    assert!(!judgement.same_engine);
    // 3 times and 2 gains, of each of 2 workloads and of both.
    assert_eq!(judgement.cells.len(), 15);
}

#[test]
fn a_slow_cell_is_named() {
    let slower = |workload, path| {
        if (workload, path) == (1, Full) {
            1.05
        } else {
            1.0
        }
    };
    let judgement = judged(&model(0.01, slower));
    assert_eq!(judgement.verdict, Verdict::Regress);
    let texts = texts(&judgement);
    // The time, the gain, and both of both workloads together, which are half as much.
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(
        texts
            .iter()
            .any(|it| it.starts_with("beta: loading by full takes +5.")
                || it.starts_with("beta: loading by full takes +4.")),
        "{texts:?}"
    );
    let worst = &judgement.cells[0];
    assert_eq!(worst.workload.as_deref(), Some("beta"));
    assert_eq!(worst.decision, Decision::Regress);
    assert_eq!((worst.blocks, worst.worse_in), (16, 16));
}

#[test]
fn noise_is_inconclusive() {
    let judgement = judged(&model(1.0, same));
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert_eq!(
        texts(&judgement),
        [
            "15 of 15 cells are undecided after the last look: the machine is too noisy for the margin"
        ]
    );
    let pilot = judgement.pilot.unwrap();
    assert_eq!((pilot.blocks, pilot.too_noisy, pilot.cells), (16, 15, 15));
    assert!(pilot.least_found.unwrap()[0] > 0.1);
}

#[test]
fn without_time_it_is_inconclusive() {
    let mut model = model(0.01, same);
    model.time = 0;
    let judgement = judged(&model);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert_eq!(
        texts(&judgement),
        ["15 of 15 cells are undecided: time ran out"]
    );
}

#[test]
fn a_rejected_cache_is_invalid_however_fast_it_is() {
    let mut model = model(0.01, |_, _| 0.5);
    model.odd = Some((3, |block| {
        let mut loads = block.loads.iter_mut();
        let load = loads.find(|load| load.engine == place::NEW && load.path == Full);
        load.unwrap().error = Some(SampleError::Cache {
            what: "12 of 12 modules missed".to_owned(),
        });
    }));
    let judgement = judged(&model);
    assert_eq!(judgement.verdict, Verdict::Invalid);
    assert_eq!(judgement.end, Some(End::Wrong));
    assert_eq!(
        texts(&judgement)[0],
        "beta: a load by full on the new engine is not what it was to be: the cache was not used: 12 of 12 modules missed"
    );
}

#[test]
fn what_fails_before_anything_is_timed_is_invalid() {
    let mut record = model(0.01, same).record();
    record.blocks.clear();
    record.unmeasured.push(Unmeasured {
        workload: 0,
        engine: place::NEW,
        path: Full,
        why: SampleError::Observation {
            expected: "a".to_owned(),
            found: "b".to_owned(),
        },
    });
    let judgement = GateDocument::new(Settings::default(), record)
        .unwrap()
        .judgement;
    assert_eq!(judgement.verdict, Verdict::Invalid);
    assert_eq!((judgement.end, judgement.cells.len()), (None, 0));
    assert!(
        texts(&judgement)[0].starts_with("alpha: a load by full on the new engine is not what"),
        "{judgement:?}"
    );
}

#[test]
fn paths_that_differ_end_it_before_anything_is_timed() {
    let mut settings = model(0.01, same).settings;
    settings.exact.paths_differ.push(PathDifference {
        workload: "stars".to_owned(),
        path: "full".to_owned(),
        what: vec!["a.mjs: export `x` is missing".to_owned()],
    });
    let mut record = model(0.01, same).record();
    assert!(GateDocument::new(settings.clone(), record.clone()).is_err());
    record.blocks.clear();
    let judgement = GateDocument::new(settings, record).unwrap().judgement;
    assert_eq!(judgement.verdict, Verdict::Invalid);
    assert_eq!(
        texts(&judgement),
        [
            "stars: the new engine's path full shows something else than parsing: a.mjs: export `x` is missing"
        ]
    );
}

#[test]
fn a_foreign_cache_that_is_used_is_invalid() {
    let mut settings = model(0.01, same).settings;
    settings.exact.foreign_caches.push(ForeignCache {
        workload: "alpha".to_owned(),
        hits: 2,
        rejected: 0,
        otherwise: Vec::new(),
        entries: 2,
        pack: None,
    });
    let mut record = model(0.01, same).record();
    record.blocks.clear();
    let judgement = GateDocument::new(settings, record).unwrap().judgement;
    assert_eq!(judgement.verdict, Verdict::Invalid);
}

#[test]
fn a_change_of_behaviour_is_invalid_unless_allowed_and_is_timed_all_the_same() {
    let mut model = model(0.01, same);
    model.settings.exact.behaviour.push(BehaviourChange {
        workload: "errors".to_owned(),
        what: vec!["line 1 of standard output: `a`, now `b`".to_owned()],
        expected: None,
    });
    let judgement = judged(&model);
    assert_eq!(judgement.verdict, Verdict::Invalid);
    assert_eq!(judgement.end, Some(End::Decided));
    assert_eq!(
        texts(&judgement),
        ["errors: the new engine behaves differently: line 1 of standard output: `a`, now `b`"]
    );
    model.settings.allowed.allow.push(Allowance {
        workload: "errors".to_owned(),
        contains: Some("now `b`".to_owned()),
        why: "it was wrong before".to_owned(),
    });
    assert_eq!(judged(&model).verdict, Verdict::Pass);
}

#[test]
fn parses_on_a_cached_path_count_without_statistics() {
    let mut record = model(0.01, same).record();
    for block in &mut record.blocks {
        for load in &mut block.loads {
            if load.engine == place::NEW && load.path == Full {
                load.measured.as_mut().unwrap().facts.parses.function_code = 3;
            }
        }
    }
    let judgement = GateDocument::new(Settings::default(), record)
        .unwrap()
        .judgement;
    assert_eq!(judgement.verdict, Verdict::Regress);
    assert_eq!(
        texts(&judgement)[0],
        "alpha: by full the new engine parses 3 times, the old one 0 times"
    );
}

#[test]
fn most_blocks_void() {
    let mut record = model(0.01, same).record();
    let first = record
        .blocks
        .iter()
        .position(|it| !replay::of_pilot(it))
        .unwrap();
    let void = Block {
        void: Some(Void::Steal { percent: 50.0 }),
        ..record.blocks[first].clone()
    };
    record.blocks.truncate(first);
    record.blocks.extend(std::iter::repeat_n(void, 17));
    let judgement = GateDocument::new(Settings::default(), record)
        .unwrap()
        .judgement;
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert_eq!(
        texts(&judgement),
        [
            "17 blocks were void and 0 were not: wait for a quieter machine, or allow more with --steal-limit"
        ]
    );
}

#[test]
fn identical_engines_are_recognised() {
    let mut record = model(0.01, same).record();
    record.engines[place::NEW] = record.engines[place::OLD].clone();
    let document = GateDocument::new(Settings::default(), record).unwrap();
    assert!(document.judgement.same_engine);
    let text = render::summary(&document, Style::Plain);
    assert!(
        text.starts_with("gate: JavaScriptCore 9.9.9 against itself (A/A): pass"),
        "{text}"
    );
}

#[test]
fn exchanged_engines_give_reciprocal_ratios() {
    for (seed, slower) in [
        (
            0.02,
            (|_, path| if path == Full { 1.1 } else { 1.0 }) as fn(usize, LoadPath) -> f64,
        ),
        (0.05, |workload, _| if workload == 0 { 0.8 } else { 1.02 }),
        (0.2, same),
    ] {
        let mut model = model(seed, slower);
        // One look, so that both gates have the same blocks.
        model.settings.rules.looks = vec![24];
        let record = model.record();
        let back = swapped(&record);
        let judge = |record: RunRecord| {
            let settings = model.settings.clone();
            GateDocument::new(settings, record).unwrap().judgement.cells
        };
        let (forth, back) = (judge(record), judge(back));
        for cell in &forth {
            let same = |other: &&CellReport| {
                (&other.workload, other.quantity) == (&cell.workload, cell.quantity)
            };
            let other = back.iter().find(same).unwrap();
            let product = cell.ratio.unwrap() * other.ratio.unwrap();
            assert!((product - 1.0).abs() < 1e-5, "{cell:?} {other:?}");
            let ([low, high], [other_low, other_high]) =
                (cell.interval.unwrap(), other.interval.unwrap());
            assert!((low * other_high - 1.0).abs() < 1e-5);
            assert!((high * other_low - 1.0).abs() < 1e-5);
            assert_eq!((cell.old, cell.new), (other.new, other.old));
            if cell.decision == Decision::Regress {
                assert!(other.improved && other.decision == Decision::Pass);
            }
        }
    }
}

#[test]
fn a_document_gives_the_same_text_again() {
    let slower = |workload, path| {
        if (workload, path) == (1, Parse) {
            1.04
        } else {
            1.0
        }
    };
    let document = model(0.05, slower).gate();
    let text = document.text().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gate.json");
    std::fs::write(&path, &text).unwrap();
    let (again, said) = GateDocument::read(&path).unwrap();
    assert_eq!(again, document);
    assert_eq!(said, document.judgement);
    assert_eq!(again.text().unwrap(), text);
    // It is a result file, too.
    assert_eq!(record::read(&path).unwrap(), document.record);
}

#[test]
fn a_document_that_was_changed_is_refused() {
    let document = model(0.01, same).gate();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gate.json");
    let error = |record: RunRecord| {
        let changed = GateDocument {
            record,
            ..document.clone()
        };
        std::fs::write(&path, changed.text().unwrap()).unwrap();
        let error = GateDocument::read(&path).unwrap_err().to_string();
        error.replace(&path.display().to_string(), "FILE")
    };
    let mut without = document.record.clone();
    without.blocks.remove(40);
    assert_eq!(
        error(without),
        "FILE was changed or cut: block 40 is not the one that the rules ask for: workload 0, round 4, parse bytecode full"
    );
    let mut more = document.record.clone();
    more.blocks.push(more.blocks[63].clone());
    assert_eq!(
        error(more),
        "FILE was changed or cut: block 64 comes after the end of the gate"
    );
    let mut none = document.record.clone();
    none.engines.truncate(1);
    none.blocks.clear();
    assert_eq!(
        error(none),
        "FILE is not the document of a gate: it does not have three engines"
    );
    record::write(&document.record, &path, true).unwrap();
    let error = GateDocument::read(&path).unwrap_err().to_string();
    assert!(
        error.contains("is not the document of a gate: missing field `gate`"),
        "{error}"
    );
}

#[test]
fn other_times_give_another_judgement_than_the_file_says() {
    let document = model(0.01, same).gate();
    let mut forged = document.clone();
    for block in &mut forged.record.blocks {
        for load in &mut block.loads {
            let measured = load.measured.as_mut().unwrap();
            assert_eq!(measured.facts.outcome, OutcomeKind::Completed);
            if load.engine == place::NEW {
                measured.times.load += measured.times.load / 20;
            }
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gate.json");
    std::fs::write(&path, forged.text().unwrap()).unwrap();
    let (again, said) = GateDocument::read(&path).unwrap();
    assert_eq!(said.verdict, Verdict::Pass);
    assert_eq!(again.judgement.verdict, Verdict::Regress);
}

#[test]
fn a_summary_is_understood_without_the_documents() {
    let slower = |workload, path| {
        if (workload, path) == (1, Full) {
            1.05
        } else {
            1.0
        }
    };
    let mut model = model(0.01, slower);
    model.settings.exact.behaviour.push(BehaviourChange {
        workload: "errors".to_owned(),
        what: vec!["`a|b`, now <i>".to_owned()],
        expected: Some("a known deviation".to_owned()),
    });
    let document = model.gate();
    let markdown = render::summary(&document, Style::Markdown);
    for part in [
        "## Gate: JavaScriptCore 9.9.9 → 9.9.10: **regress**",
        "Something got worse: 4 of 15 comparisons.",
        "| beta ",
        "<details><summary>3 more, which passed</summary>",
        "18 workloads of suite `smoke` on the new engine by parse, bytecode, full: every path shows what parsing shows.",
        r"- errors: \`a\|b\`, now \<i\> (allowed: a known deviation)",
        "Old against new: 1 change.",
        "seed 7",
    ] {
        assert!(markdown.contains(part), "{part}\n---\n{markdown}");
    }
    // The worst first.
    assert!(markdown.find("| beta").unwrap() < markdown.find("| alpha").unwrap());
    let plain = render::summary(&document, Style::Plain);
    assert!(
        plain.starts_with("gate: JavaScriptCore 9.9.9 → 9.9.10: regress\n"),
        "{plain}"
    );
    assert!(
        !plain.contains("**") && !plain.contains("<details>"),
        "{plain}"
    );
}
