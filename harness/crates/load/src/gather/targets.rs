//! Where the requests of a module lead.

use engine::{AnalyzedRequest, RequestAttribute};
use jsc_module_cache::record::{Attributes, Request};
use resolve::{ModuleKey, Resolver};

/// Where a request leads.
pub struct Target {
    pub specifier: String,
    pub key: ModuleKey,
    pub is_json: bool,
}

/// It cannot be gathered to its end.
pub struct Obstacle;

/// Specifier and attribute of a request: nothing when no graph can hold it.
pub type Asked = Option<(String, bool)>;

/// A request of a cached record.
pub fn of_record(request: &Request) -> Asked {
    let specifier = request.specifier.to_utf8()?;
    match request.attributes {
        Attributes::None => Some((specifier, false)),
        Attributes::Json => Some((specifier, true)),
        Attributes::Untyped | Attributes::JavaScript | Attributes::WebAssembly => None,
    }
}

/// A request of a module that the engine has analyzed.
pub fn of_analysis(request: &AnalyzedRequest) -> Asked {
    let specifier = request.specifier.clone().ok()?;
    match request.attribute {
        RequestAttribute::None => Some((specifier, false)),
        RequestAttribute::Json => Some((specifier, true)),
        RequestAttribute::Other => None,
    }
}

/// Where the requests of `referrer` lead.
///
/// # Errors
/// One leads nowhere, or to what no graph can hold.
pub fn targets(
    resolver: &mut Resolver,
    referrer: &ModuleKey,
    requests: impl Iterator<Item = Asked>,
) -> Result<Vec<Target>, Obstacle> {
    let target = |asked: Asked| {
        let (specifier, is_json) = asked.ok_or(Obstacle)?;
        let key = resolver.resolve(&specifier, referrer);
        let key = key.map_err(|_| Obstacle)?;
        Ok(Target {
            specifier,
            key,
            is_json,
        })
    };
    requests.map(target).collect()
}
