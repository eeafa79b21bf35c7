//! Import maps, as the HTML standard defines them (section 8.1.6.2 and "resolve a module specifier" of 8.1.6.3).
//!
//! What the standard lets pass with a warning is an error here: an address that leads nowhere would be found out only when
//! something is imported by it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use url::Url;

use super::error::{Import, ResolveError};
use super::file_url::FileUrl;
use super::is_path;
use super::key::ModuleKey;

/// A map from specifiers to URLs, for all importers and for some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMap {
    path: PathBuf,
    imports: Specifiers,
    /// By the URL of the importer, or what it begins with; the longest first.
    scopes: Vec<(String, Specifiers)>,
    /// Those scopes that are one importer each: what they say holds for no other module of its directory.
    importers: HashSet<String>,
}

/// Keys and addresses, the longest key first; a key without an address is closed.
type Specifiers = Vec<(String, Option<Url>)>;

impl ImportMap {
    /// Reads the import map in the file `path`. Its relative URLs are relative to that file.
    ///
    /// # Errors
    /// [`ResolveError::InvalidImportMap`], which names the file and what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ResolveError> {
        let wrong = |reason: String| ResolveError::InvalidImportMap {
            path: path.into(),
            reason: reason.into(),
        };
        let path = path
            .canonicalize()
            .map_err(|error| wrong(error.to_string()))?;
        let text = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
        Self::parse(&text, &path).map_err(wrong)
    }

    /// The import map with this text, which lies at `path`; or what is wrong with it.
    fn parse(text: &[u8], path: &Path) -> Result<Self, String> {
        let base = Url::parse(&FileUrl::of_path(path).href()).map_err(|it| it.to_string())?;
        let parsed: Value = serde_json::from_slice(text).map_err(|it| it.to_string())?;
        let parsed = object(&parsed, "an import map")?;
        if let Some(key) = parsed
            .keys()
            .find(|it| !matches!(&***it, "imports" | "scopes"))
        {
            return Err(format!(
                "it has the key '{key}': only \"imports\" and \"scopes\" are understood"
            ));
        }
        let imports = match parsed.get("imports") {
            Some(imports) => specifiers(object(imports, "\"imports\"")?, &base)?,
            None => Vec::new(),
        };
        let mut scopes = Vec::new();
        if let Some(of_map) = parsed.get("scopes") {
            for (prefix, imports) in object(of_map, "\"scopes\"")? {
                let url = base
                    .join(prefix)
                    .map_err(|error| format!("the scope '{prefix}' is no URL: {error}"))?;
                let imports = object(imports, &format!("the scope '{prefix}'"))?;
                scopes.push((String::from(url), specifiers(imports, &base)?));
            }
        }
        longest_first(&mut scopes);
        let of_one = scopes.iter().map(|(prefix, _)| prefix);
        Ok(Self {
            path: path.to_owned(),
            imports,
            importers: of_one.filter(|it| !it.ends_with('/')).cloned().collect(),
            scopes,
        })
    }

    /// Whether a scope is this module alone.
    pub(super) fn has_scope_of(&self, referrer: &ModuleKey) -> bool {
        !self.importers.is_empty() && self.importers.contains(referrer.as_str())
    }

    /// The URL that the map has for a specifier in a module, or in code of no module; none if it says nothing of it.
    ///
    /// # Errors
    /// [`ResolveError::ClosedByImportMap`].
    pub(super) fn resolve(
        &self,
        specifier: &str,
        referrer: Option<&ModuleKey>,
    ) -> Result<Option<Url>, ResolveError> {
        let importer = referrer.map(ModuleKey::as_str);
        let base = importer.and_then(|it| Url::parse(it).ok());
        let url = match (is_path(specifier), &base) {
            (true, Some(base)) => base.join(specifier).ok(),
            (true, None) => None,
            (false, _) => Url::parse(specifier).ok(),
        };
        let normal = url.as_ref().map_or(specifier, Url::as_str);
        let base = base.as_ref().map_or("", Url::as_str);
        let is_in =
            |prefix: &str| prefix == base || (prefix.ends_with('/') && base.starts_with(prefix));
        let scopes = self.scopes.iter().filter(|(prefix, _)| is_in(prefix));
        for imports in scopes.map(|(_, imports)| imports).chain([&self.imports]) {
            if let Some(found) = find(imports, normal, url.as_ref()) {
                return found
                    .map(Some)
                    .map_err(|entry| ResolveError::ClosedByImportMap {
                        import: Import::new(specifier, importer),
                        entry: super::shown::shorten(entry),
                        map: super::similar::target(&self.path),
                    });
            }
        }
        Ok(None)
    }
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, String> {
    value
        .as_object()
        .ok_or_else(|| format!("{what} must be an object"))
}

/// "Sort and normalize a module specifier map".
fn specifiers(of_map: &Map<String, Value>, base: &Url) -> Result<Specifiers, String> {
    let mut specifiers = Vec::new();
    for (key, address) in of_map {
        if key.is_empty() {
            return Err("a specifier is empty".to_owned());
        }
        let normal = url_like(key, base).map_or_else(|| key.clone(), String::from);
        let address = match address {
            Value::Null => None,
            Value::String(text) => Some(url_like(text, base).ok_or_else(|| {
                format!("the address '{text}' of '{key}' is neither a URL nor a path that begins with ./, ../ or /")
            })?),
            _ => return Err(format!("the address of '{key}' is neither a string nor null")),
        };
        if let Some(address) = &address
            && key.ends_with('/')
            && !address.as_str().ends_with('/')
        {
            return Err(format!(
                "'{key}' ends with a slash, and its address '{address}' does not"
            ));
        }
        specifiers.push((normal, address));
    }
    longest_first(&mut specifiers);
    Ok(specifiers)
}

/// Of two keys of which one begins with the other, the longer one comes first.
fn longest_first<T>(entries: &mut [(String, T)]) {
    entries.sort_by(|(a, _), (b, _)| b.cmp(a));
}

/// "Parse a URL-like import specifier".
fn url_like(specifier: &str, base: &Url) -> Option<Url> {
    match is_path(specifier) {
        true => base.join(specifier).ok(),
        false => Url::parse(specifier).ok(),
    }
}

/// "Resolve an imports match"; an error is the key that closes it.
fn find<'a>(
    specifiers: &'a Specifiers,
    normal: &str,
    url: Option<&Url>,
) -> Option<Result<Url, &'a str>> {
    let is_special = url.is_none_or(|it| {
        matches!(
            it.scheme(),
            "file" | "http" | "https" | "ftp" | "ws" | "wss"
        )
    });
    let matches =
        |key: &str| key == normal || (is_special && key.ends_with('/') && normal.starts_with(key));
    let (key, address) = specifiers.iter().find(|(key, _)| matches(key))?;
    let found = address.as_ref().and_then(|address| {
        let rest = &normal[key.len()..];
        if rest.is_empty() {
            return Some(address.clone());
        }
        let url = address.join(rest).ok()?;
        // Not out of the directory that the map names.
        url.as_str().starts_with(address.as_str()).then_some(url)
    });
    Some(found.ok_or(key))
}
