use proptest::prelude::*;

use super::*;
use crate::question::Ask;
use crate::testing::{Bench, Killed, document, searched};

#[test]
fn every_question_finds_the_first_bad_revision() {
    for ask in Ask::ALL {
        for first_bad in 1..12 {
            let document = searched(ask, 12, first_bad, &[]);
            assert_eq!(document.found(), Found::First { bad: first_bad }, "{ask:?}");
            assert!(document.steps.len() <= 4);
            let size = document.size.unwrap();
            assert_eq!((size.good, size.bad), (first_bad - 1, first_bad));
        }
    }
}

#[test]
fn nothing_between_the_ends_is_built_if_they_do_not_differ() {
    for (ask, expected) in [
        (Ask::Behaviour, Found::Alike),
        (Ask::Time, Found::Undecided),
    ] {
        let mut alike = document(ask, 12);
        let mut bench = Bench::new(100, &[]);
        assert_eq!(run(&mut alike, &mut bench), Ok(expected));
        assert_eq!(bench.built, [0, 11]);
    }
}

#[test]
fn an_end_that_does_not_build_ends_the_search() {
    for place in [0, 7] {
        let mut bench = Bench::new(3, &[place]);
        let why = "it does not build".to_owned();
        assert_eq!(
            run(&mut document(Ask::Cache, 8), &mut bench),
            Err(Stop::End { place, why })
        );
    }
}

#[test]
fn a_document_that_was_edited_is_refused() {
    let whole = searched(Ask::Behaviour, 12, 7, &[6]);
    let text = whole.text().unwrap();
    assert_eq!(Document::read(&text, "f").unwrap(), whole);
    let wrong = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        let edited = text.replacen(from, to, 1);
        Document::read(&edited, "f").unwrap_err().to_string()
    };
    assert_eq!(
        wrong("\"kind\": \"range\"", "\"kind\": \"alike\""),
        "f claims another answer than follows from its evidence; it was edited, or written by another version"
    );
    assert_eq!(
        wrong("\"place\":5", "\"place\":4"),
        "f was changed or cut: step 1 is not the one that follows from those before it"
    );
    assert!(
        wrong("\"bisect\": 1", "\"bisect\": 2").contains("it has schema 2, this program reads 1")
    );
    assert!(Document::read("{}", "f").is_err());
    let mut endless = searched(Ask::Time, 4, 2, &[]);
    endless.size.as_mut().unwrap().pairs = vec![[1.0, 2.0]; 1000];
    assert_eq!(
        Document::read(&endless.text().unwrap(), "f")
            .unwrap_err()
            .to_string(),
        "f is not the document of a bisect: it has 1000 blocks where its rules allow 256"
    );
}

proptest! {
    /// Whenever it is killed, going on from what was kept asks the same and finds the same.
    #[test]
    fn a_search_that_was_killed_goes_on(
        ask in prop::sample::select(Ask::ALL.to_vec()),
        revisions in 2usize..40,
        at in 0.0f64..1.0,
        broken in prop::collection::vec(1usize..39, 0..12),
        deaths in prop::collection::vec(0usize..5, 0..6),
    ) {
        let first_bad = 1 + (at * (revisions - 1) as f64) as usize;
        let broken: Vec<usize> = broken.into_iter().filter(|it| *it < revisions - 1).collect();
        let whole = searched(ask, revisions, first_bad, &broken);
        let mut now = document(ask, revisions);
        let mut bench = Bench::new(first_bad, &broken);
        for dies_after in deaths.into_iter().map(Some).chain([None]) {
            bench.dies_after = dies_after;
            let ended = run(&mut now, &mut bench);
            prop_assert!(ended.is_ok() || ended == Err(Stop::Laboratory(Killed)));
            // Through its text, as a program that is started again reads it.
            if let Some(kept) = &bench.kept {
                now = Document::read(&kept.text().unwrap(), "kept").unwrap();
            } else {
                now = document(ask, revisions);
            }
        }
        let timeless = |document: &Document| {
            let mut document = document.clone();
            for step in &mut document.steps {
                step.seconds = 0;
            }
            document
        };
        prop_assert_eq!(timeless(&now), timeless(&whole));
    }
}
