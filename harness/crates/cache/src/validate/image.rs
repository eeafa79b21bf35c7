//! The record image: total validation by the rules of `jsc-sys/bridge/image.h`.

use crate::Miss;
use crate::format::{ImageView, StringTable, constants};
use crate::miss::miss;

use super::names::Marks;
use super::strings::FEW;
use super::{names, strings};

/// Checks a record image alone, as the bridge captured it.
pub fn validate_image(image: &[u8]) -> Result<(), Miss> {
    checked_image(image).map(drop)
}

/// The image, cut into its arrays, when every number in it is right.
pub(super) fn checked_image(image: &[u8]) -> Result<ImageView<'_>, Miss> {
    let view = ImageView::split(image)?;
    check_header(&view)?;
    let strings = view.table();
    let mut few = [0; FEW + 1];
    let mut many = Vec::new();
    let mut marks = Marks::new(if view.strings.len() <= FEW {
        &mut few[..=view.strings.len()]
    } else {
        many.resize(view.strings.len() + 1, 0);
        &mut many
    });
    strings::check(strings, &mut marks)?;
    names::check(&view, &mut marks)?;
    Ok(view)
}

/// Checks records whose names are strings of one table, which they share (`pack`).
pub struct SharedImages<'a> {
    strings: StringTable<'a>,
    marks: Marks<'a>,
}

impl<'a> SharedImages<'a> {
    /// Checks the table. `marks` is empty; it is there for as long as records are checked.
    pub fn new(strings: StringTable<'a>, marks: &'a mut Vec<u16>) -> Result<Self, Miss> {
        marks.resize(strings.strings.len() + 1, 0);
        let mut marks = Marks::shared(marks);
        strings::check(strings, &mut marks)?;
        Ok(Self { strings, marks })
    }

    /// The image of a record without strings of its own, with those of the table.
    pub fn check(&mut self, image: &'a [u8]) -> Result<ImageView<'a>, Miss> {
        let view = ImageView::split_shared(image, self.strings)?;
        check_header(&view)?;
        names::check_shared(&view, &mut self.marks)?;
        Ok(view)
    }
}

fn check_header(view: &ImageView<'_>) -> Result<(), Miss> {
    let (features, flags) = (view.header.features.get(), view.header.flags.get());
    if features & !constants::FEATURES != 0 {
        return Err(miss!(Schema, "unknown code features {features:#x}"));
    }
    if flags & !constants::FLAGS != 0 {
        return Err(miss!(Schema, "unknown flags {flags:#x} in the record"));
    }
    if view.header.reserved.iter().any(|it| it.get() != 0) {
        return Err(miss!(Schema, "reserved bytes of the record are not zero"));
    }
    if view.padding.iter().any(|byte| *byte != 0) {
        return Err(miss!(Schema, "padding after the characters is not zero"));
    }
    Ok(())
}
