//! The arrays of an image: every name is in range, of a kind that its place allows, and in order of first use; no entry
//! occurs twice; entries agree with each other.

use zerocopy::little_endian::U32;

use crate::Miss;
use crate::format::{ImageVariable, ImageView, constants};
use crate::miss::miss;

/// The string has a surrogate without its partner: only specifiers may.
pub const ILL_FORMED: u16 = 1 << 0;
/// The string is empty: no identifier is.
pub const EMPTY: u16 = 1 << 1;
const CONTENT: u16 = ILL_FORMED | EMPTY;
const REQUEST: u16 = 1 << 2;
const IMPORTED: u16 = 1 << 3;
const EXPORTED: u16 = 1 << 4;
const STAR: u16 = 1 << 5;
const DECLARED: u16 = 1 << 6;
const LEXICAL: u16 = 1 << 7;
const DECLARED_PRIVATE: u16 = 1 << 8;
const LEXICAL_PRIVATE: u16 = 1 << 9;

/// What is known of each string and, behind them, of @starDefault. Strings are unique, so that a name occurs twice where
/// a mark is set twice.
pub struct Marks<'a> {
    marks: &'a mut [u16],
    /// With shared strings, those that have marks of their use: these are taken away without looking at all strings.
    used: Option<Vec<usize>>,
}

impl<'a> Marks<'a> {
    /// For the strings of one record. `marks` are zeros, one more than there are strings.
    pub fn new(marks: &'a mut [u16]) -> Self {
        Self { marks, used: None }
    }

    /// For strings that many records share.
    pub fn shared(marks: &'a mut [u16]) -> Self {
        Self {
            marks,
            used: Some(Vec::new()),
        }
    }

    /// Marks a string; says whether it already was.
    #[inline]
    pub fn set(&mut self, index: usize, mark: u16) -> bool {
        let was = self.marks[index];
        self.marks[index] = was | mark;
        if let Some(used) = &mut self.used
            && was & !CONTENT == 0
            && mark & !CONTENT != 0
        {
            used.push(index);
        }
        was & mark != 0
    }

    /// Takes away what the names of one record have marked, and leaves what the strings' content has.
    fn forget_names(&mut self) {
        for index in self.used.iter_mut().flat_map(|it| it.drain(..)) {
            self.marks[index] &= CONTENT;
        }
    }

    fn has(&self, index: usize, marks: u16) -> bool {
        self.marks[index] & marks != 0
    }

    /// Where @starDefault is marked.
    fn star_default(&self) -> usize {
        self.marks.len() - 1
    }
}

/// Checks all arrays of names of a record with strings of its own. `marks` are those of the strings' content.
pub fn check(view: &ImageView<'_>, marks: &mut Marks<'_>) -> Result<(), Miss> {
    check_from(view, marks, 0)
}

/// The same for a record whose strings are in a table that others use, too: in any order, and not all of them.
pub fn check_shared(view: &ImageView<'_>, marks: &mut Marks<'_>) -> Result<(), Miss> {
    let strings = marks.star_default();
    let checked = check_from(view, marks, strings);
    marks.forget_names();
    checked
}

fn check_from(view: &ImageView<'_>, marks: &mut Marks<'_>, next: usize) -> Result<(), Miss> {
    let mut names = Names { marks, next };
    names.requests(view)?;
    names.imports(view)?;
    names.exports(view)?;
    names.stars(view)?;
    names.variables(view.declared, "declared variable", DECLARED)?;
    names.variables(view.lexical, "lexical variable", LEXICAL)?;
    names.private(
        view.declared_private,
        "declared private name",
        DECLARED_PRIVATE,
    )?;
    names.private(
        view.lexical_private,
        "lexical private name",
        LEXICAL_PRIVATE,
    )?;
    names.local_exports(view)?;
    names.all_used()
}

struct Names<'a, 'marks> {
    marks: &'a mut Marks<'marks>,
    /// The first string that no name has used yet.
    next: usize,
}

/// Where a name stands, for messages: what and which.
type Place = (&'static str, usize);

impl Names<'_, '_> {
    fn requests(&mut self, view: &ImageView<'_>) -> Result<(), Miss> {
        for (index, request) in view.requests.iter().enumerate() {
            let place = ("specifier of request", index);
            let specifier = self.string(request.specifier, place)?;
            self.once(specifier, REQUEST, place)?;
            let (attributes, phase) = (request.attributes.get(), request.phase.get());
            if attributes > constants::ATTRIBUTES_JSON {
                return Err(miss!(
                    Schema,
                    "request {index} has unknown attributes {attributes}"
                ));
            }
            if phase != 0 {
                return Err(miss!(Schema, "request {index} has unknown phase {phase}"));
            }
        }
        Ok(())
    }

    fn imports(&mut self, view: &ImageView<'_>) -> Result<(), Miss> {
        for (index, import) in view.imports.iter().enumerate() {
            let kind = import.kind.get();
            if kind > constants::IMPORT_NAMESPACE {
                return Err(miss!(Schema, "import {index} has unknown type {kind}"));
            }
            self.requested(import.module_request, ("module of import", index))?;
            let place = ("import name of import", index);
            if kind == constants::IMPORT_SINGLE || !is_constant(import.import_name) {
                self.export_name(import.import_name, place)?;
            }
            let place = ("local name of import", index);
            let local = self.identifier(import.local_name, place)?;
            self.once(local, IMPORTED, place)?;
        }
        Ok(())
    }

    fn exports(&mut self, view: &ImageView<'_>) -> Result<(), Miss> {
        for (index, export) in view.exports.iter().enumerate() {
            let place = ("export name of export", index);
            let name = self.export_name(export.export_name, place)?;
            self.once(name, EXPORTED, place)?;
            let module = (export.module_name, ("module of export", index));
            let import = (export.import_name, ("import name of export", index));
            let local = (export.local_name, ("local name of export", index));
            match export.kind.get() {
                constants::EXPORT_LOCAL => {
                    no_name(module.0, module.1)?;
                    no_name(import.0, import.1)?;
                    self.binding(local.0, local.1)?;
                }
                constants::EXPORT_INDIRECT => {
                    self.requested(module.0, module.1)?;
                    self.export_name(import.0, import.1)?;
                    no_name(local.0, local.1)?;
                }
                constants::EXPORT_NAMESPACE => {
                    self.requested(module.0, module.1)?;
                    no_name(import.0, import.1)?;
                    no_name(local.0, local.1)?;
                }
                kind => return Err(miss!(Schema, "export {index} has unknown type {kind}")),
            }
        }
        Ok(())
    }

    fn stars(&mut self, view: &ImageView<'_>) -> Result<(), Miss> {
        for (index, star) in view.stars.iter().enumerate() {
            let place = ("module of star export", index);
            let module = self.requested(*star, place)?;
            self.once(module, STAR, place)?;
        }
        Ok(())
    }

    fn variables(
        &mut self,
        variables: &[ImageVariable],
        what: &'static str,
        mark: u16,
    ) -> Result<(), Miss> {
        for (index, variable) in variables.iter().enumerate() {
            let name = self.binding(variable.name, (what, index))?;
            self.once(name, mark, (what, index))?;
            known_traits(variable, constants::TRAITS, (what, index))?;
        }
        Ok(())
    }

    fn private(
        &mut self,
        variables: &[ImageVariable],
        what: &'static str,
        mark: u16,
    ) -> Result<(), Miss> {
        for (index, variable) in variables.iter().enumerate() {
            let name = self.identifier(variable.name, (what, index))?;
            self.once(name, mark, (what, index))?;
            known_traits(variable, constants::PRIVATE_TRAITS, (what, index))?;
        }
        Ok(())
    }

    /// A local export names a variable of the module. Known only when all variables have been seen.
    fn local_exports(&self, view: &ImageView<'_>) -> Result<(), Miss> {
        for (index, export) in view.exports.iter().enumerate() {
            if export.kind.get() != constants::EXPORT_LOCAL {
                continue;
            }
            let local = self.index_of_binding(export.local_name);
            if !self.marks.has(local, DECLARED | LEXICAL) {
                return Err(miss!(
                    Schema,
                    "local name of export {index} is not a variable of the module"
                ));
            }
        }
        Ok(())
    }

    fn all_used(&self) -> Result<(), Miss> {
        let strings = self.marks.star_default();
        if self.next != strings {
            return Err(miss!(Schema, "{} of {strings} strings are used", self.next));
        }
        Ok(())
    }

    /// A name that must be a string, and one that was used before or is the next to be used.
    #[inline]
    fn string(&mut self, name: U32, place: Place) -> Result<usize, Miss> {
        let index = name.get() as usize;
        if index < self.next {
            return Ok(index);
        }
        if index == self.next && index < self.marks.star_default() {
            self.next += 1;
            return Ok(index);
        }
        Err(self.bad_string(name, place))
    }

    #[cold]
    fn bad_string(&self, name: U32, (what, position): Place) -> Miss {
        let strings = self.marks.star_default();
        if is_constant(name) {
            miss!(
                Schema,
                "{what} {position} is the constant {name:#x}, not a string"
            )
        } else if name.get() as usize >= strings {
            miss!(Bounds, "{what} {position} is string {name} of {strings}")
        } else {
            miss!(
                Schema,
                "{what} {position} is string {name} before string {} was used",
                self.next
            )
        }
    }

    /// A name that a module can export: any well-formed text.
    #[inline]
    fn export_name(&mut self, name: U32, place: Place) -> Result<usize, Miss> {
        let index = self.string(name, place)?;
        if self.marks.has(index, ILL_FORMED) {
            return Err(illegal(place, "has a surrogate without its partner"));
        }
        Ok(index)
    }

    /// The name of a variable.
    #[inline]
    fn identifier(&mut self, name: U32, place: Place) -> Result<usize, Miss> {
        let index = self.export_name(name, place)?;
        if self.marks.has(index, EMPTY) {
            return Err(illegal(place, "is empty"));
        }
        Ok(index)
    }

    /// The name of a variable, or the variable without a name that holds the default export.
    #[inline]
    fn binding(&mut self, name: U32, place: Place) -> Result<usize, Miss> {
        if name.get() == constants::NAME_STAR_DEFAULT {
            return Ok(self.marks.star_default());
        }
        self.identifier(name, place)
    }

    /// A name that passed [`Names::binding`].
    fn index_of_binding(&self, name: U32) -> usize {
        (name.get() as usize).min(self.marks.star_default())
    }

    /// A name that is one of the requested specifiers.
    #[inline]
    fn requested(&mut self, name: U32, place: Place) -> Result<usize, Miss> {
        let index = self.string(name, place)?;
        if !self.marks.has(index, REQUEST) {
            let (what, position) = place;
            return Err(miss!(
                Schema,
                "{what} {position} is not a specifier that the module requests"
            ));
        }
        Ok(index)
    }

    #[inline]
    fn once(&mut self, index: usize, mark: u16, place: Place) -> Result<(), Miss> {
        if self.marks.set(index, mark) {
            let (what, position) = place;
            return Err(miss!(Schema, "duplicate {what} at {position}"));
        }
        Ok(())
    }
}

fn is_constant(name: U32) -> bool {
    name.get() >= constants::NAME_STAR_DEFAULT
}

#[inline]
fn no_name(name: U32, (what, position): Place) -> Result<(), Miss> {
    if name.get() != constants::NAME_NONE {
        return Err(miss!(
            Schema,
            "{what} {position} is {name:#x}, its type has none"
        ));
    }
    Ok(())
}

#[inline]
fn known_traits(variable: &ImageVariable, known: u32, (what, position): Place) -> Result<(), Miss> {
    let traits = variable.traits.get();
    if traits & !known != 0 {
        return Err(miss!(
            Schema,
            "{what} {position} has unknown traits {traits:#x}"
        ));
    }
    Ok(())
}

#[cold]
fn illegal((what, position): Place, why: &str) -> Miss {
    miss!(String, "{what} {position} {why}")
}
