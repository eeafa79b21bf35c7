//! Packs that serve wherever their program lies: keys in them are relative to a directory.

use std::borrow::Cow;

use zerocopy::little_endian::U32;

use super::graph_image::{GraphView, count};
use super::layout::{GraphModule, GraphResolution};
use super::share::SharedStrings;
use super::verified::{Moved, VerifiedPack};
use crate::format::ImageString;
use crate::miss::miss;
use crate::record::{Name, Text};
use crate::{EntryBytes, Miss};

/// What stands for the directory in a key that a pack holds.
const SCHEME: &str = "root:///";

/// A directory that the keys in a pack are relative to. Those of modules that are not in it stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its URL, with a slash at the end.
    url: String,
}

impl Root {
    /// The directory with this URL: as keys begin that are in it.
    pub fn new(url: &str) -> Self {
        Self {
            url: format!("{}/", url.trim_end_matches('/')),
        }
    }

    /// Whether a module is in it.
    pub fn holds(&self, key: &str) -> bool {
        key.starts_with(&self.url)
    }

    /// What a pack holds in the place of a key.
    pub fn stored<'a>(&self, key: &'a str) -> Cow<'a, str> {
        match key.strip_prefix(&self.url) {
            Some(rest) => Cow::Owned(format!("{SCHEME}{rest}")),
            None => Cow::Borrowed(key),
        }
    }

    /// The key that stands for what a pack holds.
    fn key<'a>(&self, stored: &'a str) -> Cow<'a, str> {
        match stored.strip_prefix(SCHEME) {
            Some(rest) => Cow::Owned(format!("{}{rest}", self.url)),
            None => Cow::Borrowed(stored),
        }
    }
}

impl VerifiedPack {
    /// The same pack with the keys of modules in this directory.
    ///
    /// # Errors
    /// The keys are too long for an image, or there is no memory.
    pub fn at(mut self, root: &Root) -> Result<Self, Miss> {
        let keys: Vec<String> = (0..self.len())
            .map(|it| root.key(self.key(it)).into_owned())
            .collect();
        let image = with_keys(&GraphView::split(self.graph_image())?, &keys)?;
        GraphView::split(&image)?.check()?;
        let image = EntryBytes::copy_of(&image)
            .map_err(|error| miss!(Io, "no memory for a graph: {error}"))?;
        self.moved = Some(Moved { keys, image });
        Ok(self)
    }
}

/// A graph image with other keys. They become strings of their own, so that names, which records share, stay where they are.
fn with_keys(graph: &GraphView<'_>, keys: &[String]) -> Result<Vec<u8>, Miss> {
    let mut strings = graph.strings.to_vec();
    let mut characters = graph.characters.to_vec();
    let mut modules = Vec::with_capacity(keys.len());
    for (module, key) in graph.modules.iter().zip(keys) {
        modules.push(GraphModule {
            key: count(strings.len())?,
            ..*module
        });
        strings.push(ImageString {
            offset: count(characters.len())?,
            length: count(key.len())?,
        });
        characters.extend(key.as_bytes());
    }
    GraphView {
        strings: &strings,
        modules: &modules,
        characters: &characters,
        ..*graph
    }
    .encode()
}

/// The graph image as a pack holds it: with a string table of its own, in which nothing is left of the directory.
pub fn stored_image(image: &[u8], root: &Root) -> Result<Vec<u8>, Miss> {
    let graph = GraphView::split(image)?;
    let mut strings = SharedStrings::default();
    let mut modules = Vec::with_capacity(graph.modules.len());
    for module in graph.modules {
        let (_, key) = graph.string(module.key).unwrap_or_default();
        let stored = root.stored(&String::from_utf8_lossy(key)).into_owned();
        modules.push(GraphModule {
            key: strings.add_text(&Text::from(&*stored))?.into(),
            ..*module
        });
    }
    let mut name = |name: U32| match graph.table().name(name) {
        Name::Text(text) => strings.add_text(&text).map(U32::new),
        _ => Ok(name),
    };
    let mut resolutions = Vec::with_capacity(graph.resolutions.len());
    for resolution in graph.resolutions {
        resolutions.push(GraphResolution {
            name: name(resolution.name)?,
            local_name: name(resolution.local_name)?,
            ..*resolution
        });
    }
    strings.graph_image(&GraphView {
        strings: &[],
        modules: &modules,
        edges: graph.edges,
        resolutions: &resolutions,
        characters: &[],
    })
}
