//! Public items without documentation. Fields and variants need none where their names say it: the compiler's own lint
//! would have them filled with words that repeat the name.

use syn::visit::{self, Visit};
use syn::{Attribute, Visibility};

use super::Source;

/// The public items of a file that are not documented.
pub fn check(source: &Source) -> Vec<String> {
    // Nobody but `xtask` itself uses its items, and bindings are made from headers that say it.
    let is_own = source.path.starts_with("scripts/") || source.path == "jsc-sys/src/lib.rs";
    if !source.is_rust() || source.is_test() || is_own {
        return Vec::new();
    }
    let file = match syn::parse_file(&source.text) {
        Ok(file) => file,
        Err(error) => return vec![format!("{}: {error}", source.path)],
    };
    let mut finder = Finder::default();
    finder.visit_file(&file);
    let path = &source.path;
    let named = |name: &String| format!("{path}: `{name}` is public and has no documentation");
    finder.found.iter().map(named).collect()
}

#[derive(Default)]
struct Finder {
    found: Vec<String>,
}

impl Finder {
    fn look(&mut self, visibility: &Visibility, attributes: &[Attribute], name: impl ToString) {
        let is_documented = attributes.iter().any(|it| it.path().is_ident("doc"));
        if matches!(visibility, Visibility::Public(_)) && !is_documented {
            self.found.push(name.to_string());
        }
    }
}

macro_rules! look_at {
    ($($visit:ident($kind:ty) $name:expr;)+) => {
        impl<'ast> Visit<'ast> for Finder {
            fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
                if !super::modules::is_for_tests(&item.attrs) {
                    visit::visit_item_mod(self, item);
                }
            }
            $(
                fn $visit(&mut self, item: &'ast $kind) {
                    self.look(&item.vis, &item.attrs, $name(item));
                    visit::$visit(self, item);
                }
            )+
        }
    };
}

look_at! {
    visit_item_fn(syn::ItemFn) (|it: &syn::ItemFn| it.sig.ident.clone());
    visit_impl_item_fn(syn::ImplItemFn) (|it: &syn::ImplItemFn| it.sig.ident.clone());
    visit_item_struct(syn::ItemStruct) (|it: &syn::ItemStruct| it.ident.clone());
    visit_item_enum(syn::ItemEnum) (|it: &syn::ItemEnum| it.ident.clone());
    visit_item_trait(syn::ItemTrait) (|it: &syn::ItemTrait| it.ident.clone());
    visit_item_type(syn::ItemType) (|it: &syn::ItemType| it.ident.clone());
    visit_item_const(syn::ItemConst) (|it: &syn::ItemConst| it.ident.clone());
    visit_item_static(syn::ItemStatic) (|it: &syn::ItemStatic| it.ident.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_need_none_and_items_do() {
        let text = "
            /// Said.
            pub struct A { pub b: u8 }
            pub fn c() {}
            impl A { pub fn d(&self) {} fn e(&self) {} }
            #[cfg(test)] mod tests { pub fn f() {} }";
        let source = Source {
            path: "a.rs".to_owned(),
            text: text.to_owned(),
        };
        let names = |name| format!("a.rs: `{name}` is public and has no documentation");
        assert_eq!(check(&source), ["c", "d"].map(names));
    }
}
