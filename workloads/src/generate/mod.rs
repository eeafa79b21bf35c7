//! Generated module graphs: the same text for the same definition, on every machine.

mod attributes;
mod awaits;
mod classes;
mod code;
mod defaults;
mod dynamic;
mod faults;
mod graph;
mod limits;
mod literals;
mod live;
mod names;
mod namespaces;
mod nested;
mod path;
pub mod random;
mod rng;
mod stars;
mod template;
mod tree;

pub use graph::Graph;
pub use rng::Rng;

use serde::Deserialize;

/// Which generator makes a graph, and from what: the `generate` table of a definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Generator(Kind);

impl Generator {
    /// Makes the graph called `name` from `seed`.
    pub fn generate(&self, name: &str, seed: u64) -> Graph {
        match &self.0 {
            Kind::Tree(tree) => tree.generate(name, seed),
            Kind::Stars(stars) => stars.generate(name, seed),
            Kind::Attributes(attributes) => attributes.generate(name, seed),
            Kind::Awaits(awaits) => awaits.generate(name, seed),
            Kind::Dynamic(dynamic) => dynamic.generate(name, seed),
            Kind::Namespaces(namespaces) => namespaces.generate(name, seed),
            Kind::Live(live) => live.generate(name, seed),
            Kind::Defaults(defaults) => defaults.generate(name, seed),
            Kind::Classes(classes) => classes.generate(name, seed),
            Kind::Names(names) => names.generate(name, seed),
            Kind::Literals(literals) => literals.generate(name, seed),
            Kind::Limits(limits) => limits.generate(name),
            Kind::Nested(nested) => nested.generate(name),
            Kind::Faults(faults) => faults.generate(name, seed),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "graph", rename_all = "kebab-case")]
enum Kind {
    Tree(tree::Tree),
    Stars(stars::Stars),
    Attributes(attributes::Attributes),
    Awaits(awaits::Awaits),
    Dynamic(dynamic::Dynamic),
    Namespaces(namespaces::Namespaces),
    Live(live::Live),
    Defaults(defaults::Defaults),
    Classes(classes::Classes),
    Names(names::Names),
    Literals(literals::Literals),
    Limits(limits::Limits),
    Nested(nested::Nested),
    Faults(faults::Faults),
}
