//! The text of a module.

use crate::generate::rng::Rng;

use super::plan::{Kind, Plan};
use super::writer::Writer;
use super::{code, exports, faults, imports, later};

/// The text of module `index` of a plan; `seed` is the graph's.
pub fn module(plan: &Plan, index: usize, mut seed: Rng) -> String {
    let state = seed.next();
    let module = &plan.modules[index];
    let mut writer = Writer::new(plan, index, Rng::for_module(state, index));
    match module.kind {
        Kind::Empty => return (*writer.rng.pick(&["", "\n", "// Nothing.", "#!", ";"])).to_owned(),
        Kind::Json => return json(&mut writer.rng, &module.path),
        Kind::Script => {}
    }
    exports::write(&mut writer);
    imports::write(&mut writer);
    for _ in 0..writer.rng.below(4) {
        code::write(&mut writer);
    }
    if index == 0 || writer.rng.below(3) == 0 {
        later::write(&mut writer);
    }
    if module.awaits {
        later::awaits(&mut writer);
    }
    writer.shuffle();
    if let Some(fault) = module.fault {
        faults::write(&mut writer, fault);
    }
    writer.text()
}

/// JSON; as the text of a script, something that parses as both where the name does not say which.
fn json(rng: &mut Rng, path: &str) -> String {
    let texts: &[&str] = match path.ends_with(".json") {
        true => &[
            "{ \"a\": 1, \"list\": [true, null, \"\u{e9}\"], \"__proto__\": { \"b\": 2 } }",
            "[1, \"two\", { \"default\": 3 }]",
            "\"only a text\"",
            "null",
            "-1.5e3\n",
        ],
        false => &["[1, \"two\"]", "\"use strict\"", "0", "null"],
    };
    let mut text = (*rng.pick(texts)).to_owned();
    if rng.below(80) == 0 {
        text.push_str(" ]");
    }
    text
}
