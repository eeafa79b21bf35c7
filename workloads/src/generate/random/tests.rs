//! What the generator can make, above all what other runtimes got wrong about records: the names of the tests have the
//! numbers of those reports.

use super::*;

/// The first graph of seed 1 of which a file is like this.
#[track_caller]
fn first(is_it: impl Fn(&str, &Graph) -> bool) -> u64 {
    let found = (0..2_000).find(|index| {
        let graph = graph(1, *index);
        graph.files().values().any(|text| is_it(text, &graph))
    });
    found.unwrap_or_else(|| panic!("none of 2,000 graphs has it"))
}

#[test]
fn the_same_bytes_for_the_same_seed_and_index() {
    assert_eq!(graph(7, 3), graph(7, 3));
    assert_ne!(graph(7, 3), graph(7, 4));
    assert_ne!(graph(7, 3), graph(8, 3));
}

#[test]
fn from_one_to_fourteen_modules() {
    let counts = (0..2_000).map(|index| graph(1, index).files().len());
    let counts: std::collections::BTreeSet<usize> = counts.collect();
    assert_eq!(counts, (1..=14).collect());
}

/// An import that is not used, and a local function of its name.
#[test]
fn a_hidden_import_bun_37619() {
    first(|text, _| {
        (1..9).any(|it| {
            text.contains(&format!(" as l{it}"))
                && text.contains(&format!("function l{it}() {{ return 'its own'"))
        })
    });
}

/// A namespace that is exported again, beside a star.
#[test]
fn a_namespace_that_is_exported_bun_37677() {
    first(|text, _| text.contains("export * as a from") && text.contains("export * from"));
    first(|text, _| text.contains("import * as l1 from") && text.contains("export { l1 as "));
}

/// A module that shows something after it has waited, and one that rejects.
#[test]
fn a_top_level_await_bun_37770() {
    first(|text, _| text.contains("await null; see('half', () => 'after')"));
    first(|text, _| text.contains("await Promise.reject(new RangeError('rejected'));"));
}

/// A relative specifier below a folder that it does not name.
#[test]
fn a_specifier_in_a_folder_bun_27955() {
    first(|text, graph| {
        graph
            .files()
            .keys()
            .filter_map(|it| it.strip_prefix("diff/"))
            .any(|file| text.contains(&format!("from './{file}'")))
    });
}

/// One file as JSON and as a script.
#[test]
fn one_file_with_and_without_attributes_bun_34721() {
    first(|text, _| {
        (1..14).any(|it| {
            text.contains(&format!("from './m{it}.mjs' with {{ type: 'json' }}"))
                && text.contains(&format!("from './m{it}.mjs';"))
        })
    });
}

/// A cycle in which a binding is read that may be in its dead zone.
#[test]
fn a_cycle_bun_42632() {
    first(|text, graph| {
        let back = graph.files().get("m1.mjs");
        let back = back.is_some_and(|it| it.contains("from './entry.mjs'"));
        back && text.contains("as l1 } from './m1.mjs'") && text.contains("() => l1)")
    });
}

#[test]
fn what_else_is_asked_of_it() {
    for wanted in [
        "import * as l1 from './entry.mjs'",
        "export { default as ",
        " as default }",
        "'*default*'",
        "__proto__",
        "await import(",
        "./x/../",
        ".mjs?1",
        "#own",
        ".toString()",
        "\u{2028}",
        "\r\n",
        "let twice; let twice;",
        "throw 'a value';",
        "import('./gone.mjs')",
        "import { absent }",
        "as ambiguous",
    ] {
        first(|text, _| text.contains(wanted));
    }
    first(|text, _| text.starts_with("#!"));
    first(|text, _| text.is_empty());
    first(|text, graph| {
        text.len() > 300 && graph.files().values().filter(|it| *it == text).count() == 2
    });
}

#[test]
fn edits_change_what_they_say() {
    let mut files = graph(1, 5).files().clone();
    let before = files.clone();
    let mut rng = rng(1, 5, 9);
    for _ in 0..50 {
        let edit = Edit::draw(&mut rng, &before);
        edit.apply(&mut files);
        let others = before.iter().filter(|it| *it.0 != edit.file);
        for (file, text) in others {
            assert_eq!(files.get(file), Some(text));
        }
        files.clone_from(&before);
    }
}
