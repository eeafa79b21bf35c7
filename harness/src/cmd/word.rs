//! Words of enumerations on the command line.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use sample::Word;

/// Reads one of the words of `T`, whose help lists them all.
pub fn word<T: Word>() -> impl TypedValueParser<Value = T> {
    let values = T::ALL
        .iter()
        .map(|it| PossibleValue::new(it.word()).help(it.help()));
    PossibleValuesParser::new(values).try_map(|text| {
        let found = T::ALL.iter().find(|it| it.word() == text);
        found.copied().ok_or("not one of the possible values")
    })
}
