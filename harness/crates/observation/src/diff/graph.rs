//! The objects of two observations side by side, from what names them outward.

use std::collections::{HashMap, VecDeque};

use super::words::{held, observed, shown, value};
use super::{Differ, one_sided, step};
use crate::types::Observation;
use crate::value::{Content, Inner, Object, Property, Value};

/// Which object of one side is which of the other, and those that are still to be compared.
pub struct Graph<'a> {
    pub(super) left: &'a Observation,
    pub(super) right: &'a Observation,
    to_right: HashMap<u32, u32>,
    to_left: HashMap<u32, u32>,
    queue: VecDeque<(u32, u32, String)>,
}

impl<'a> Graph<'a> {
    /// A new one.
    pub fn new(left: &'a Observation, right: &'a Observation) -> Self {
        Self {
            left,
            right,
            to_right: HashMap::new(),
            to_left: HashMap::new(),
            queue: VecDeque::new(),
        }
    }

    /// Compares two values; objects are compared later, by [`Graph::objects`].
    pub fn value(
        &mut self,
        differ: &mut Differ,
        place: impl Fn() -> String,
        left: &Value,
        right: &Value,
    ) {
        let (Value::Object(a), Value::Object(b)) = (left, right) else {
            if left != right {
                differ.add(place(), value(left, self.left), value(right, self.right));
            }
            return;
        };
        match (self.to_right.get(a), self.to_left.get(b)) {
            (Some(known), _) if known == b => {}
            (None, None) => {
                self.to_right.insert(*a, *b);
                self.to_left.insert(*b, *a);
                self.queue.push_back((*a, *b, place()));
            }
            (known, _) => {
                let (here, other) = ("an object that is also elsewhere", "another object");
                let (left, right) = if known.is_some() {
                    (here, other)
                } else {
                    (other, here)
                };
                differ.add(
                    format!("{}, identity", place()),
                    left.to_owned(),
                    right.to_owned(),
                );
            }
        }
    }

    /// Compares two properties.
    pub fn property(
        &mut self,
        differ: &mut Differ,
        place: impl Fn() -> String,
        left: &Property,
        right: &Property,
    ) {
        match (&left.content, &right.content) {
            (Content::Value(a), Content::Value(b)) if a != b && is_nothing(a, b) => {
                differ.add(place(), held(a, self.left), held(b, self.right));
            }
            (Content::Value(a), Content::Value(b)) => {
                self.value(differ, &place, a, b);
                if left.attributes != right.attributes && (a == b || is_object(a) && is_object(b)) {
                    differ.add(
                        format!("{}, attributes", place()),
                        format!("`{}`", left.attributes),
                        format!("`{}`", right.attributes),
                    );
                }
            }
            (Content::Accessor(get, set), Content::Accessor(other_get, other_set)) => {
                self.value(differ, || format!("{}, getter", place()), get, other_get);
                self.value(differ, || format!("{}, setter", place()), set, other_set);
                differ.plain(
                    &format!("{}, attributes", place()),
                    &left.attributes,
                    &right.attributes,
                );
            }
            (a, b) => differ.add(
                place(),
                content_in_words(a, self.left),
                content_in_words(b, self.right),
            ),
        }
    }

    /// Compares all objects that were met, and those that they lead to.
    pub fn objects(&mut self, differ: &mut Differ) {
        while let Some((left, right, place)) = self.queue.pop_front() {
            if differ.is_full() {
                return;
            }
            let objects = (
                self.left.objects.get(left as usize),
                self.right.objects.get(right as usize),
            );
            match objects {
                (Some(left), Some(right)) => self.object(differ, &place, left, right),
                (None, None) => {}
                (left, right) => differ.add(
                    place,
                    described(left.is_some()).to_owned(),
                    described(right.is_some()).to_owned(),
                ),
            }
        }
    }

    fn object(&mut self, differ: &mut Differ, place: &str, left: &'a Object, right: &'a Object) {
        differ.plain(&format!("{place}, class"), &left.class, &right.class);
        self.inner(differ, place, &left.inner, &right.inner);
        self.value(
            differ,
            || format!("{place}, prototype"),
            &left.prototype,
            &right.prototype,
        );
        differ.plain(
            &format!("{place}, extensible"),
            left.extensible,
            right.extensible,
        );
        self.properties(differ, place, left, right);
    }

    fn properties(
        &mut self,
        differ: &mut Differ,
        place: &str,
        left: &'a Object,
        right: &'a Object,
    ) {
        let is_namespace = matches!(left.inner, Inner::Namespace(_));
        let path = |key: &Value| match (is_namespace, key) {
            (true, Value::String(name)) => {
                format!(
                    "{}, export {}",
                    place.trim_end_matches(", namespace"),
                    observed(name).trim_matches('"')
                )
            }
            _ => format!("{place}{}", step(key)),
        };
        let keys = |object: &'a Object| -> HashMap<String, &'a Property> {
            let properties = object.properties.iter();
            properties
                .map(|(key, property)| (identity(key), property))
                .collect()
        };
        let (left_keys, right_keys) = (keys(left), keys(right));
        for (key, property) in &left.properties {
            match right_keys.get(&identity(key)) {
                Some(other) => self.property(differ, || path(key), property, other),
                None => one_sided(
                    differ,
                    path(key),
                    Some(content_in_words(&property.content, self.left)),
                    None,
                ),
            }
        }
        for (key, property) in &right.properties {
            if !left_keys.contains_key(&identity(key)) {
                one_sided(
                    differ,
                    path(key),
                    None,
                    Some(content_in_words(&property.content, self.right)),
                );
            }
        }
        let names = |object: &Object| -> Vec<String> {
            object
                .properties
                .iter()
                .map(|(key, _)| shown(key))
                .collect()
        };
        let (left_names, right_names) = (names(left), names(right));
        if left_names.len() == right_names.len()
            && left_keys.len() == right_keys.len()
            && left_keys.keys().all(|key| right_keys.contains_key(key))
            && left_names != right_names
        {
            differ.add(
                format!("{place}, order of properties"),
                left_names.join(", "),
                right_names.join(", "),
            );
        }
    }
}

/// Whether one of them is a binding in its dead zone.
fn is_nothing(a: &Value, b: &Value) -> bool {
    matches!(a, Value::Nothing) || matches!(b, Value::Nothing)
}

fn is_object(value: &Value) -> bool {
    matches!(value, Value::Object(_))
}

fn described(is: bool) -> &'static str {
    if is {
        "an object"
    } else {
        "an object that is not described"
    }
}

/// Tells keys apart, symbols of one description included.
fn identity(key: &Value) -> String {
    match key {
        Value::Symbol(index, ..) => format!("symbol {index} {}", shown(key)),
        Value::String(text) => format!("name {}", serde_json::to_string(text).unwrap_or_default()),
        other => shown(other),
    }
}

fn content_in_words(content: &Content, of: &Observation) -> String {
    match content {
        Content::Value(it) => held(it, of),
        Content::Accessor(..) => "an accessor".to_owned(),
    }
}
