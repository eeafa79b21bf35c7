//! `READ_PACKAGE_JSON`: what a `package.json` says; and manifests that need not be parsed again: what was taken from each,
//! told by its content's digest.
//!
//! A `package.json` can have 200 KB (date-fns): parsing it takes longer than checking all sources of that package, while
//! seeing that it is the same costs next to nothing. Which packages exist, and what links lead to, is asked each time.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::file_url::FileUrl;
use super::{ModuleKey, file};

/// What a `package.json` says that matters here, as far as it can be kept for another run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// XXH3-128 of the file's bytes, in hex: it finds changes, not attacks.
    pub digest: String,
    pub name: Option<Box<str>>,
    pub main: Option<Box<str>>,
    /// Whether there is an `exports` that is not null.
    pub has_exports: bool,
    /// Whether there is an `imports` that is an object.
    pub has_imports: bool,
    /// The files that subpaths are exported as, before links are followed; those that were asked for, by their subpaths:
    /// empty, or `/` and the rest.
    pub exports: BTreeMap<String, PathBuf>,
}

impl Manifest {
    /// The module that a subpath is exported as, if that is known and still there.
    pub fn known_export(&self, subpath: &str) -> Option<ModuleKey> {
        let real = self.exports.get(subpath)?.canonicalize().ok()?;
        Some(ModuleKey::of_real_path(real, None, None))
    }

    /// Notes what a subpath is exported as, if that can be kept: a file in the package's directory.
    pub fn note_export(&mut self, subpath: &str, url: &FileUrl, directory: &Path) -> Option<()> {
        let is_plain = url.query().is_none() && url.fragment().is_none();
        let path = url.path().ok().filter(|_| is_plain)?;
        path.to_str().filter(|_| path.starts_with(directory))?;
        file::find(url)?;
        self.exports.insert(subpath.to_owned(), path);
        Some(())
    }
}

/// What is known of the manifests of a graph's packages, by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPackages(pub(super) BTreeMap<PathBuf, Manifest>);

impl KnownPackages {
    /// Reads what [`KnownPackages::to_json`] gives. Of anything else nothing is known.
    pub fn from_json(text: &[u8]) -> Self {
        serde_json::from_slice(text).unwrap_or_default()
    }

    /// As text, to be kept.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What is known of the manifest at `path`, if it still has the content of this digest.
    pub(super) fn get(&self, path: &Path, digest: &str) -> Option<&Manifest> {
        self.0.get(path).filter(|it| it.digest == digest)
    }
}

/// A manifest that was read.
#[derive(Debug, Clone)]
pub(super) struct Package {
    pub manifest: Manifest,
    /// The text, if the maps have not been taken from it yet.
    text: Vec<u8>,
    maps: OnceLock<Maps>,
}

/// The two maps. An object keeps the order of its keys; of a key that is there twice, the last value counts, in the place
/// of the first: that is what `JSON.parse` makes.
#[derive(Debug, Clone, Default)]
struct Maps {
    exports: Value,
    imports: Value,
}

impl Package {
    /// Reads the manifest at `path`. None if there is no such file; a directory of that name counts as none, as for Node.
    ///
    /// # Errors
    /// What the system says, and text that is not a JSON object.
    pub fn read(
        path: &Path,
        known: &KnownPackages,
        main_fields: &[String],
    ) -> io::Result<Option<Self>> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error)
                if super::kind::is_absence(&error)
                    || error.kind() == io::ErrorKind::IsADirectory =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let digest = format!("{:032x}", xxh3_128(&text));
        if let Some(manifest) = known.get(path, &digest) {
            return Ok(Some(Self {
                manifest: manifest.clone(),
                text,
                maps: OnceLock::new(),
            }));
        }
        let Fields {
            name,
            mains,
            exports,
            imports,
        } = parse(&text, main_fields)?;
        Ok(Some(Self {
            manifest: Manifest {
                digest,
                name: name.as_str().map(Box::from),
                main: mains.iter().find_map(Value::as_str).map(Box::from),
                has_exports: !exports.is_null(),
                has_imports: imports.is_object(),
                exports: BTreeMap::new(),
            },
            text: Vec::new(),
            maps: OnceLock::from(Maps { exports, imports }),
        }))
    }

    /// Its `exports`.
    pub fn exports(&self) -> &Value {
        &self.maps().exports
    }

    /// Its `imports`.
    pub fn imports(&self) -> &Value {
        &self.maps().imports
    }

    fn maps(&self) -> &Maps {
        self.maps.get_or_init(|| {
            // A text with the digest of one that could be parsed.
            parse(&self.text, &[]).map_or_else(
                |_| Maps::default(),
                |Fields {
                     exports, imports, ..
                 }| Maps { exports, imports },
            )
        })
    }
}

/// The fields that matter; null where there is none.
#[derive(Default)]
struct Fields {
    name: Value,
    /// Those that may name the entry, in the order of the rules.
    mains: Vec<Value>,
    exports: Value,
    imports: Value,
}

fn parse(text: &[u8], main_fields: &[String]) -> io::Result<Fields> {
    // Node does not mind a byte order mark here.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let text = std::str::from_utf8(text).map_err(|_| io::Error::other("it is not UTF-8"))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let fields = json.deserialize_map(FieldsVisitor { main_fields })?;
    json.end()?;
    Ok(fields)
}

struct FieldsVisitor<'a> {
    main_fields: &'a [String],
}

impl<'de> Visitor<'de> for FieldsVisitor<'_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields {
            mains: vec![Value::Null; self.main_fields.len()],
            ..Fields::default()
        };
        while let Some(key) = map.next_key::<String>()? {
            // A field that is there twice is what it is the last time.
            match &*key {
                "name" => fields.name = map.next_value()?,
                "exports" => fields.exports = map.next_value()?,
                "imports" => fields.imports = map.next_value()?,
                key => match self.main_fields.iter().position(|it| it == key) {
                    Some(place) => fields.mains[place] = map.next_value()?,
                    None => drop(map.next_value::<IgnoredAny>()?),
                },
            }
        }
        Ok(fields)
    }
}
