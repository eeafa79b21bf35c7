//! What the names of a graph lead to, found out on its records alone: ResolveExport and GetExportedNames of ECMA-262, 2025
//! (16.2.1.7.2), and the check that InitializeEnvironment begins with (16.2.1.7.3.1). Nothing is run for it.
//!
//! When an indirect export of a module leads nowhere, also because it leads back to where the search began, the engine
//! goes on to the stars of that module, which the standard does not. What depends on that is left to the engine.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::graph_image::{GraphView, count};
use super::layout::{GraphModule, GraphResolution, KIND_JAVASCRIPT, KIND_JSON};
use super::share::SharedStrings;
use super::standalone::Pack;
use crate::Miss;
use crate::format::constants;
use crate::miss::miss;
use crate::record::{ExportTarget, ImportKind, Name, Record, Text};

/// A module on its way into a graph.
#[derive(Debug)]
pub struct ModuleToLink<'a> {
    /// Its key: an ASCII URL.
    pub key: &'a str,
    /// Its record, that of a valid entry; JSON has none.
    pub record: Option<&'a Record>,
    /// The modules that it requests, in the order of its record, by their places.
    pub edges: Vec<usize>,
}

/// Why a graph is not linked.
#[derive(Debug, thiserror::Error)]
pub enum Unlinkable {
    /// A name that leads nowhere, or to several variables.
    #[error("{importer} does not link: '{name}' of {module} is {}", match .is_ambiguous { true => "ambiguous", false => "not exported" })]
    Name {
        /// Key of the module that imports it, or exports it again.
        importer: String,
        /// The name that is asked for.
        name: Text,
        /// Key of the module that it is asked of.
        module: String,
        /// Whether it leads to several variables.
        is_ambiguous: bool,
    },
    /// More than an image can hold.
    #[error("the graph cannot be written down: {0}")]
    Image(Miss),
}

/// The graph image of these modules, which stand in the order in which they are evaluated, the entry last, with what is
/// known of each name that one of them asks another for.
///
/// # Errors
/// The graph does not link, or is too large.
pub fn link(modules: &[ModuleToLink<'_>]) -> Result<Vec<u8>, Unlinkable> {
    let linker = Linker::new(modules);
    let asked = linker.asked()?;
    let resolutions = asked.into_iter().enumerate().map(|(place, asked)| {
        let resolved = asked
            .into_iter()
            .filter_map(|name| match linker.resolve(place, name) {
                Found::One(leaf) => Some((name, leaf)),
                Found::Nothing | Found::Many | Found::Unsure => None,
            });
        resolved.collect()
    });
    let resolutions: Vec<Vec<_>> = resolutions.collect();
    image(modules, &resolutions).map_err(Unlinkable::Image)
}

/// The first name of a pack that leads elsewhere than the standard says, in words. A pack that a run has left has the
/// names as the engine has resolved them.
pub fn misresolved(pack: &Pack) -> Option<String> {
    let records: Vec<_> = (0..pack.len()).map(|it| pack.record(it)).collect();
    let modules = (0..pack.len()).map(|it| ModuleToLink {
        key: pack.key(it),
        record: records[it].as_ref(),
        edges: pack.edges(it).collect(),
    });
    let modules: Vec<_> = modules.collect();
    let resolutions = pack.resolutions();
    let linker = Linker::new(&modules);
    let resolutions = resolutions.iter().enumerate();
    let mut resolutions =
        resolutions.flat_map(|(place, own)| own.iter().map(move |it| (place, it)));
    resolutions.find_map(|(place, known)| {
        let leaf = Found::One(Leaf {
            module: known.module,
            local_name: &known.variable,
        });
        let found = linker.resolve(place, &known.name);
        let is_wrong = found != leaf && found != Found::Unsure;
        is_wrong.then(|| format!("{}: {known:?}, not {found:?}", pack.key(place)))
    })
}

fn image(
    modules: &[ModuleToLink<'_>],
    resolved: &[Vec<(&Text, Leaf<'_>)>],
) -> Result<Vec<u8>, Miss> {
    let mut strings = SharedStrings::default();
    let (mut table, mut edges, mut resolutions) = (Vec::new(), Vec::new(), Vec::new());
    for (module, own) in modules.iter().zip(resolved) {
        let kind = match module.record {
            Some(_) => KIND_JAVASCRIPT,
            None => KIND_JSON,
        };
        table.push(GraphModule {
            key: strings.add_text(&Text::from(module.key))?.into(),
            kind: kind.into(),
            edges: count(module.edges.len())?,
            resolutions: count(own.len())?,
        });
        for edge in &module.edges {
            edges.push(count(*edge)?);
        }
        for (name, leaf) in own {
            resolutions.push(GraphResolution {
                name: strings.add_text(name)?.into(),
                module: count(leaf.module)?,
                local_name: match leaf.local_name {
                    Name::Text(text) => strings.add_text(text)?,
                    Name::StarDefault => constants::NAME_STAR_DEFAULT,
                    Name::StarNamespace => constants::NAME_STAR_NAMESPACE,
                    Name::None => return Err(miss!(Schema, "a variable without a name")),
                }
                .into(),
            });
        }
    }
    strings.graph_image(&GraphView {
        strings: &[],
        modules: &table,
        edges: &edges,
        resolutions: &resolutions,
        characters: &[],
    })
}

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found<'a> {
    Nothing,
    One(Leaf<'a>),
    /// Several: the name is ambiguous.
    Many,
    /// What the engine says, which may not be what the standard says.
    Unsure,
}

/// A variable, or a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leaf<'a> {
    module: usize,
    local_name: &'a Name,
}

struct Linker<'a> {
    keys: Vec<&'a str>,
    modules: Vec<Linked<'a>>,
    default: Text,
    default_variable: Name,
    /// What was found so far.
    known: RefCell<HashMap<(usize, &'a Text), Found<'a>>>,
}

struct Linked<'a> {
    record: Option<&'a Record>,
    exports: HashMap<&'a Text, &'a ExportTarget>,
    /// What each specifier means.
    targets: HashMap<&'a Text, usize>,
}

impl<'a> Linker<'a> {
    fn new(modules: &'a [ModuleToLink<'a>]) -> Self {
        let linked = modules.iter().map(|module| {
            let requests = module.record.map_or(&[][..], |it| &it.requests);
            let specifiers = requests.iter().map(|it| &it.specifier);
            let exports = module.record.map_or(&[][..], |it| &it.exports);
            Linked {
                record: module.record,
                exports: exports
                    .iter()
                    .map(|it| (&it.export_name, &it.target))
                    .collect(),
                targets: specifiers.zip(module.edges.iter().copied()).collect(),
            }
        });
        Self {
            keys: modules.iter().map(|it| it.key).collect(),
            modules: linked.collect(),
            default: Text::from("default"),
            default_variable: Name::Text(Text::from("default")),
            known: RefCell::default(),
        }
    }

    /// Of each module, the names that it is asked for: by imports, by its own indirect exports, and by namespaces.
    fn asked(&'a self) -> Result<Vec<BTreeSet<&'a Text>>, Unlinkable> {
        let mut asked = vec![BTreeSet::new(); self.modules.len()];
        let mut namespaces = BTreeSet::new();
        for (place, module) in self.modules.iter().enumerate() {
            let Some(record) = module.record else {
                continue;
            };
            for import in &record.imports {
                let target = module.target(&import.module_request);
                match (import.kind, &import.import_name) {
                    (ImportKind::Single, Name::Text(name)) => {
                        self.check(place, (target, name), (target, name))?;
                        asked[target].insert(name);
                    }
                    _ => drop(namespaces.insert(target)),
                }
            }
            for export in &record.exports {
                match &export.target {
                    ExportTarget::Local { .. } => {}
                    ExportTarget::Indirect {
                        module_name,
                        import_name,
                    } => {
                        let target = module.target(module_name);
                        let own = (place, &export.export_name);
                        self.check(place, own, (target, import_name))?;
                        asked[place].insert(&export.export_name);
                    }
                    ExportTarget::Namespace { module_name } => {
                        asked[place].insert(&export.export_name);
                        namespaces.insert(module.target(module_name));
                    }
                }
            }
        }
        for place in namespaces {
            // What is ambiguous or leads nowhere is not in a namespace.
            asked[place].extend(self.exported_names(place));
        }
        // The engine resolves what JSON exports itself.
        for (place, module) in self.modules.iter().enumerate() {
            if module.record.is_none() {
                asked[place].clear();
            }
        }
        Ok(asked)
    }

    /// Checks that a name leads somewhere; `asked` is what the importer asks for it.
    fn check(
        &'a self,
        importer: usize,
        (module, name): (usize, &'a Text),
        asked: (usize, &'a Text),
    ) -> Result<(), Unlinkable> {
        let found = self.resolve(module, name);
        if matches!(found, Found::One(_) | Found::Unsure) {
            return Ok(());
        }
        let (module, name) = asked;
        Err(Unlinkable::Name {
            importer: self.keys[importer].to_owned(),
            name: name.clone(),
            module: self.keys[module].to_owned(),
            is_ambiguous: found == Found::Many,
        })
    }

    /// ResolveExport.
    fn resolve(&'a self, module: usize, name: &'a Text) -> Found<'a> {
        let known = self.known.borrow().get(&(module, name)).copied();
        known.unwrap_or_else(|| {
            let found = self.search(module, name);
            self.known.borrow_mut().insert((module, name), found);
            found
        })
    }

    /// A name leads to what can be reached of it by indirect exports and stars, and must not lead to two. In the
    /// engine's order: what was seen before leads nowhere, so that the order decides whether an indirect export does.
    fn search(&'a self, module: usize, name: &'a Text) -> Found<'a> {
        enum Task<'a> {
            Query(usize, &'a Text),
            /// The indirect export of this module has been followed, when there were so many variables.
            Followed(usize, usize),
        }
        let (mut found, mut variables) = (Found::Nothing, 0);
        let (mut has_branched, mut is_unsure) = (false, false);
        let mut seen = HashSet::new();
        let mut rest = vec![Task::Query(module, name)];
        while let Some(task) = rest.pop() {
            let (place, name) = match task {
                Task::Query(place, name) => (place, name),
                Task::Followed(place, before) => {
                    is_unsure |= variables == before && self.modules[place].has_stars();
                    continue;
                }
            };
            if !seen.insert((place, name)) {
                continue;
            }
            let module = &self.modules[place];
            let others_wait = has_branched;
            has_branched |= module.has_stars();
            // Where nothing branches, the rest of the way is the same for whoever comes along it.
            let known = || self.known.borrow().get(&(place, name)).copied();
            if let Some(known) = known().filter(|_| !has_branched) {
                return known;
            }
            let leaf = match module.exports.get(name) {
                Some(ExportTarget::Local { local_name }) => Leaf {
                    module: place,
                    local_name,
                },
                Some(ExportTarget::Namespace { module_name }) => Leaf {
                    module: module.target(module_name),
                    local_name: &Name::StarNamespace,
                },
                Some(ExportTarget::Indirect {
                    module_name,
                    import_name,
                }) => {
                    rest.push(Task::Followed(place, variables));
                    rest.push(Task::Query(module.target(module_name), import_name));
                    continue;
                }
                None if module.record.is_none() && *name == self.default => Leaf {
                    module: place,
                    local_name: &self.default_variable,
                },
                // The engine gives up here; the standard looks at what else there is.
                None if *name == self.default => {
                    is_unsure |= others_wait;
                    continue;
                }
                None => {
                    rest.extend(module.stars().rev().map(|it| Task::Query(it, name)));
                    continue;
                }
            };
            variables += 1;
            found = match found {
                Found::Nothing => Found::One(leaf),
                Found::One(other) if other == leaf => found,
                _ => Found::Many,
            };
        }
        match is_unsure {
            true => Found::Unsure,
            false => found,
        }
    }

    /// GetExportedNames.
    fn exported_names(&'a self, module: usize) -> BTreeSet<&'a Text> {
        let mut names = BTreeSet::new();
        let mut seen = HashSet::new();
        let mut rest = vec![module];
        while let Some(place) = rest.pop() {
            if !seen.insert(place) {
                continue;
            }
            let own = self.modules[place].exports.keys();
            names.extend(own.filter(|it| place == module || ***it != self.default));
            rest.extend(self.modules[place].stars());
        }
        names
    }
}

impl<'a> Linked<'a> {
    /// What a specifier of the record means: it requests each module that it names (`validate/names.rs`), each once.
    fn target(&self, specifier: &Text) -> usize {
        self.targets[specifier]
    }

    fn has_stars(&self) -> bool {
        self.record.is_some_and(|it| !it.stars.is_empty())
    }

    fn stars(&self) -> impl DoubleEndedIterator<Item = usize> {
        let stars = self.record.map_or(&[][..], |it| &it.stars);
        stars.iter().map(|it| self.target(it))
    }
}

#[cfg(test)]
mod tests;
