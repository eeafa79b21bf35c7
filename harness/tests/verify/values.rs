//! Values of an observation, to compare with and to find.

use observation::{Content, Object, Observation, Property, Text, Value};

use crate::support::observe;
use test_programs::{Engine, Program, engines};

/// The observation on every engine.
pub fn on_every_engine(program: &Program, check: impl Fn(&Engine, &Observation)) {
    for engine in engines() {
        let observation = observe(engine, program);
        assert_eq!(observation.undescribed, 0);
        check(engine, &observation);
    }
}

pub fn string(text: &str) -> Value {
    Value::String(Text::Whole(text.to_owned()))
}

pub fn number(text: &str) -> Value {
    Value::Number(text.to_owned())
}

pub fn builtin(path: &str) -> Value {
    Value::Builtin(path.to_owned())
}

/// The object that a value is.
#[track_caller]
pub fn object<'a>(observation: &'a Observation, value: &Value) -> &'a Object {
    match value {
        Value::Object(index) => &observation.objects[*index as usize],
        other => panic!("{other:?} is not an object"),
    }
}

#[track_caller]
pub fn property<'a>(object: &'a Object, name: &str) -> &'a Property {
    let found = object
        .properties
        .iter()
        .find(|(key, _)| *key == string(name));
    &found
        .unwrap_or_else(|| panic!("no {name} in {object:#?}"))
        .1
}

/// The value of an object's own property.
#[track_caller]
pub fn value<'a>(object: &'a Object, name: &str) -> &'a Value {
    match &property(object, name).content {
        Content::Value(value) => value,
        other => panic!("{name} is {other:?}"),
    }
}

/// The value of an export of `main.mjs`.
#[track_caller]
pub fn export<'a>(observation: &'a Observation, name: &str) -> &'a Value {
    let module = observation
        .modules
        .iter()
        .find(|it| it.module == "main.mjs")
        .unwrap();
    value(object(observation, &module.namespace), name)
}

#[track_caller]
pub fn exported<'a>(observation: &'a Observation, name: &str) -> &'a Object {
    object(observation, export(observation, name))
}
