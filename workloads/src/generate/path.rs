//! Where the modules of a generated graph lie, and how they name each other.

use super::graph::ENTRY;

/// How many modules share a folder: enough that most specifiers cross folders, as they do in real trees.
const PER_FOLDER: usize = 25;

/// The path of module `index`; module 0 is the entry.
pub(crate) fn module_path(index: usize) -> String {
    match index {
        0 => ENTRY.to_string(),
        _ => format!("part-{:03}/module-{index:05}.mjs", index / PER_FOLDER),
    }
}

/// The relative specifier by which the module at `from` imports the file at `to`; both lie at most one folder deep.
pub(crate) fn specifier(from: &str, to: &str) -> String {
    match (from.split_once('/'), to.split_once('/')) {
        (Some((here, _)), Some((there, file))) if here == there => format!("./{file}"),
        (Some(_), _) => format!("../{to}"),
        (None, _) => format!("./{to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{module_path, specifier};

    #[test]
    fn specifiers_lead_from_file_to_file() {
        assert_eq!(
            specifier(&module_path(0), &module_path(30)),
            "./part-001/module-00030.mjs"
        );
        assert_eq!(
            specifier(&module_path(30), &module_path(31)),
            "./module-00031.mjs"
        );
        assert_eq!(
            specifier(&module_path(30), &module_path(60)),
            "../part-002/module-00060.mjs"
        );
        assert_eq!(specifier(&module_path(30), &module_path(0)), "../entry.mjs");
    }
}
