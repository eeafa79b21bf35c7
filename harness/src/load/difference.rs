//! Two record images compared field by field.

use serde_json::Value;

use crate::cache::record::Record;

/// The first difference between two record images, in words: where it is and what stands there in each.
pub fn first_difference(parsed: &[u8], rebuilt: &[u8]) -> String {
    let read =
        |image| Record::read(image).map(|record| serde_json::to_value(record).unwrap_or_default());
    match (read(parsed), read(rebuilt)) {
        (Ok(parsed), Ok(rebuilt)) => compare("record", &parsed, &rebuilt)
            .unwrap_or_else(|| "the images differ, their fields do not".to_owned()),
        (Err(miss), _) => format!("the parsed record is no valid image: {miss}"),
        (_, Err(miss)) => format!("the rebuilt record is no valid image: {miss}"),
    }
}

fn compare(path: &str, parsed: &Value, rebuilt: &Value) -> Option<String> {
    match (parsed, rebuilt) {
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
                    .then(|| format!("{path}: {} parsed, {} rebuilt", a.len(), b.len()))
            })
        }
        (a, b) => (a != b).then(|| format!("{path}: {a} parsed, {b} rebuilt")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_the_place_and_both_values() {
        let parsed = json!({ "async": false, "requests": [{ "specifier": "./a.mjs" }, { "specifier": "./b.mjs" }] });
        let rebuilt = json!({ "async": false, "requests": [{ "specifier": "./a.mjs" }, { "specifier": "./c.mjs" }] });
        let found = compare("record", &parsed, &rebuilt);
        assert_eq!(
            found.as_deref(),
            Some(r#"record.requests[1].specifier: "./b.mjs" parsed, "./c.mjs" rebuilt"#)
        );
    }

    #[test]
    fn a_missing_item_is_a_difference() {
        let found = compare("record.stars", &json!(["./a.mjs"]), &json!([]));
        assert_eq!(found.as_deref(), Some("record.stars: 1 parsed, 0 rebuilt"));
        assert_eq!(compare("record", &json!([1]), &json!([1])), None);
    }
}
