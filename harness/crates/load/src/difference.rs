//! Two record images compared field by field.

use serde_json::Value;

use jsc_module_cache::record::Record;

/// How a cached record differs from what the parser makes of its source, in words; both as images. Without one of them there
/// is nothing to compare, which is as bad.
pub fn record_difference(parsed: Option<&[u8]>, cached: Option<&[u8]>) -> Option<String> {
    match (parsed, cached) {
        (Some(parsed), Some(cached)) if parsed == cached => None,
        (Some(parsed), Some(cached)) => Some(first_difference(parsed, cached)),
        (None, _) => Some(
            "its source has changed since the record was made, or has no record that a cache could hold"
                .to_owned(),
        ),
        (_, None) => Some("the cached record cannot be captured".to_owned()),
    }
}

/// The first difference between two record images, in words: where it is and what is there in each.
fn first_difference(parsed: &[u8], cached: &[u8]) -> String {
    let read =
        |image| Record::read(image).map(|record| serde_json::to_value(record).unwrap_or_default());
    match (read(parsed), read(cached)) {
        (Ok(parsed), Ok(cached)) => compare("record", &parsed, &cached)
            .unwrap_or_else(|| "the images differ, their fields do not".to_owned()),
        (Err(miss), _) => format!("the parsed record is not a valid image: {miss}"),
        (_, Err(miss)) => format!("the cached record is not a valid image: {miss}"),
    }
}

fn compare(path: &str, parsed: &Value, cached: &Value) -> Option<String> {
    match (parsed, cached) {
        (Value::Object(a), Value::Object(b)) => a.iter().find_map(|(key, a)| {
            compare(
                &format!("{path}.{key}"),
                a,
                b.get(key).unwrap_or(&Value::Null),
            )
        }),
        (Value::Array(a), Value::Array(b)) => {
            let pairs = a.iter().zip(b).enumerate();
            let unequal = pairs
                .into_iter()
                .find_map(|(index, (a, b))| compare(&format!("{path}[{index}]"), a, b));
            unequal.or_else(|| {
                (a.len() != b.len())
                    .then(|| format!("{path}: {} parsed, {} cached", a.len(), b.len()))
            })
        }
        (a, b) => (a != b).then(|| format!("{path}: {a} parsed, {b} cached")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_the_place_and_both_values() {
        let parsed = json!({ "async": false, "requests": [{ "specifier": "./a.mjs" }, { "specifier": "./b.mjs" }] });
        let cached = json!({ "async": false, "requests": [{ "specifier": "./a.mjs" }, { "specifier": "./c.mjs" }] });
        let found = compare("record", &parsed, &cached);
        assert_eq!(
            found.as_deref(),
            Some(r#"record.requests[1].specifier: "./b.mjs" parsed, "./c.mjs" cached"#)
        );
    }

    #[test]
    fn a_missing_item_is_a_difference() {
        let found = compare("record.stars", &json!(["./a.mjs"]), &json!([]));
        assert_eq!(found.as_deref(), Some("record.stars: 1 parsed, 0 cached"));
        assert_eq!(compare("record", &json!([1]), &json!([1])), None);
    }
}
