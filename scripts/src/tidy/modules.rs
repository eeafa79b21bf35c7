//! The modules of a crate, as its files declare them: which file a path leads to, through re-exports too.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, Meta, UseTree};

/// Names from the crate's root; the root itself has none.
pub type Path = Vec<String>;

/// A module that has a file of its own.
#[derive(Debug, Default)]
pub struct Module {
    /// The file.
    pub file: String,
    /// What it uses of its own crate, as it says so, each from the crate's root.
    pub uses: Vec<Path>,
    /// Names that it has from elsewhere in its crate, and where they come from.
    names: BTreeMap<String, Path>,
}

/// A crate's modules by their paths.
pub type Modules = BTreeMap<Path, Module>;

/// Whether something is compiled for tests alone.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => list,
            _ => return false,
        };
        list.tokens.to_string() == "test"
    })
}

/// What a file says of itself, as the module `path`; and the modules that are for tests alone, by their names.
pub fn read(file: &str, text: &str, path: &[String]) -> syn::Result<(Module, Vec<String>)> {
    let syntax = syn::parse_file(text)?;
    let for_tests = syntax.items.iter().filter_map(|item| match item {
        Item::Mod(item) if is_for_tests(&item.attrs) => Some(item.ident.to_string()),
        _ => None,
    });
    let for_tests = for_tests.collect();
    let mut reader = Reader {
        path,
        module: Module {
            file: file.to_owned(),
            ..Module::default()
        },
    };
    reader.visit_file(&syntax);
    Ok((reader.module, for_tests))
}

/// The module that defines what a path from the root leads to.
pub fn defining(modules: &Modules, path: &[String]) -> Path {
    // A re-export may lead to another one; nothing is re-exported in a circle that compiles.
    const STEPS: usize = 8;
    let mut path = path.to_vec();
    for _ in 0..STEPS {
        let depth = (0..=path.len()).rev();
        let module = depth.map(|it| &path[..it]);
        let Some(module) = module.into_iter().find(|it| modules.contains_key(*it)) else {
            return Vec::new();
        };
        let rest = &path[module.len()..];
        let from = rest
            .first()
            .and_then(|name| modules[module].names.get(name));
        match from {
            Some(from) => path = [from, &rest[1..]].concat(),
            None => return module.to_vec(),
        }
    }
    path
}

struct Reader<'a> {
    path: &'a [String],
    module: Module,
}

impl Reader<'_> {
    /// A path as it is written, from the crate's root; nothing when it leads out of the crate.
    fn absolute(&self, names: &[String]) -> Option<Path> {
        let mut base = self.path.to_vec();
        let mut rest = names;
        match names.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|it| it == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            _ => return None,
        }
        Some([&base, rest].concat())
    }

    fn tree(&mut self, tree: &UseTree, before: &[String], is_public: bool) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(it) => self.tree(&it.tree, &with(it.ident.to_string()), is_public),
            UseTree::Group(it) => {
                for tree in &it.items {
                    self.tree(tree, before, is_public);
                }
            }
            UseTree::Name(it) if it.ident == "self" => {
                let name = before.last().cloned().unwrap_or_default();
                self.name(before.to_vec(), name, is_public);
            }
            UseTree::Name(it) => {
                let name = it.ident.to_string();
                self.name(with(name.clone()), name, is_public);
            }
            UseTree::Rename(it) => {
                self.name(with(it.ident.to_string()), it.rename.to_string(), is_public);
            }
            UseTree::Glob(_) => {
                let path = self.absolute_or_inside(before);
                self.module.uses.push(path);
            }
        }
    }

    fn name(&mut self, written: Path, name: String, is_public: bool) {
        let path = self.absolute_or_inside(&written);
        match is_public {
            true => drop(self.module.names.insert(name, path)),
            false => self.module.uses.push(path),
        }
    }

    /// The same, when it may also begin with a module that this one declares. What leads out of the crate becomes a path
    /// into this module, which says nothing.
    fn absolute_or_inside(&self, names: &[String]) -> Path {
        self.absolute(names)
            .unwrap_or_else(|| [self.path, names].concat())
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_public = !matches!(item.vis, syn::Visibility::Inherited);
        self.tree(&item.tree, &[], is_public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        if names.len() > 1 {
            self.module.uses.push(self.absolute_or_inside(&names));
        }
        visit::visit_path(self, path);
    }
}
