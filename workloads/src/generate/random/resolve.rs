//! Where the names of a plan lead: ResolveExport (ECMA-262, 16.2.1.6.3) on the plan.

use std::collections::BTreeSet;

use super::plan::Plan;

/// Where a name leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// To a binding of a module, or to the namespace of one when there is no name.
    Binding(usize, Option<String>),
    Nothing,
    /// To different bindings by different stars.
    Ambiguous,
}

impl Plan {
    /// Where the export `name` of `module` leads.
    pub fn resolve(&self, module: usize, name: &str) -> Found {
        self.follow(module, name, &mut BTreeSet::new())
    }

    fn follow(&self, module: usize, name: &str, seen: &mut BTreeSet<(usize, String)>) -> Found {
        if !seen.insert((module, name.to_owned())) {
            return Found::Nothing;
        }
        let it = &self.modules[module];
        if it.local.iter().any(|local| local == name) {
            return Found::Binding(module, Some(name.to_owned()));
        }
        if let Some((_, target, theirs)) = it.handed_on.iter().find(|it| it.0 == name) {
            return self.follow(*target, theirs, seen);
        }
        if let Some((_, target)) = it.namespaces.iter().find(|it| it.0 == name) {
            return Found::Binding(*target, None);
        }
        if name == "default" {
            return Found::Nothing;
        }
        let mut found = Found::Nothing;
        for star in &it.stars {
            match (self.follow(*star, name, seen), &found) {
                (Found::Ambiguous, _) => return Found::Ambiguous,
                (Found::Nothing, _) => {}
                (other, Found::Nothing) => found = other,
                (other, first) if other != *first => return Found::Ambiguous,
                _ => {}
            }
        }
        found
    }

    /// The names that can be imported from a module, and those that lead to several bindings.
    pub fn names(&self, module: usize) -> (Vec<String>, Vec<String>) {
        let mut all = BTreeSet::new();
        self.collect(module, &mut all, &mut BTreeSet::new());
        let (mut good, mut ambiguous) = (Vec::new(), Vec::new());
        for name in all {
            match self.resolve(module, &name) {
                Found::Binding(..) => good.push(name),
                Found::Ambiguous => ambiguous.push(name),
                Found::Nothing => {}
            }
        }
        (good, ambiguous)
    }

    fn collect(&self, module: usize, all: &mut BTreeSet<String>, seen: &mut BTreeSet<usize>) {
        if !seen.insert(module) {
            return;
        }
        let it = &self.modules[module];
        all.extend(it.explicit().into_iter().map(str::to_owned));
        for star in &it.stars {
            let mut theirs = BTreeSet::new();
            self.collect(*star, &mut theirs, seen);
            theirs.remove("default");
            all.extend(theirs);
        }
    }
}
