//! Many objects with the same fields as a table: first a row of names, then a row of values for each object. A tenth of the
//! size, and one line in a diff for each object.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Objects as rows under common column names. A field that an object lacks is `null`; at the end of a row it is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Columns {
    rows: Vec<Vec<Value>>,
}

impl Columns {
    /// The rows of `items`, each of which must serialize as an object.
    pub fn of<T: Serialize>(items: &[T]) -> serde_json::Result<Self> {
        let objects = items
            .iter()
            .map(|item| match serde_json::to_value(item)? {
                Value::Object(object) => Ok(object),
                other => Err(serde_json::Error::custom(format!(
                    "{other} is not an object"
                ))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut columns: Vec<String> = Vec::new();
        for name in objects.iter().flat_map(Map::keys) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let names = columns.iter().cloned().map(Value::from).collect();
        let rows = objects.into_iter().map(|mut object| {
            let mut row: Vec<Value> = columns
                .iter()
                .map(|name| object.remove(name).unwrap_or(Value::Null))
                .collect();
            while row.last() == Some(&Value::Null) {
                row.pop();
            }
            row
        });
        Ok(Self {
            rows: std::iter::once(names).chain(rows).collect(),
        })
    }

    /// The objects again.
    pub fn items<T: DeserializeOwned>(self) -> serde_json::Result<Vec<T>> {
        let mut rows = self.rows.into_iter();
        let columns: Vec<String> = rows
            .next()
            .unwrap_or_default()
            .into_iter()
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()
            .map_err(|error| serde_json::Error::custom(format!("names: {error}")))?;
        rows.enumerate()
            .map(|(index, row)| {
                if row.len() > columns.len() {
                    return Err(serde_json::Error::custom(format!(
                        "row {index} has {} values for {} columns",
                        row.len(),
                        columns.len()
                    )));
                }
                let object: Map<String, Value> = columns
                    .iter()
                    .cloned()
                    .zip(row)
                    .filter(|(_, value)| !value.is_null())
                    .collect();
                serde_json::from_value(Value::Object(object))
                    .map_err(|error| serde_json::Error::custom(format!("row {index}: {error}")))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Item {
        block: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decode: Option<u64>,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    }

    fn items() -> Vec<Item> {
        let item = |block, decode, note: Option<&str>| Item {
            block,
            decode,
            name: format!("n{block}"),
            note: note.map(str::to_owned),
        };
        vec![
            item(0, None, None),
            item(1, Some(5), Some("x")),
            item(2, Some(0), None),
        ]
    }

    #[test]
    fn names_are_written_once() {
        let columns = Columns::of(&items()).unwrap();
        assert_eq!(
            serde_json::to_string(&columns).unwrap(),
            r#"[["block","name","decode","note"],[0,"n0"],[1,"n1",5,"x"],[2,"n2",0]]"#
        );
        assert_eq!(columns.items::<Item>().unwrap(), items());
    }

    #[test]
    fn a_row_that_does_not_fit_is_named() {
        let columns = |text: &str| serde_json::from_str::<Columns>(text).unwrap();
        let error = |text: &str| columns(text).items::<Item>().unwrap_err().to_string();
        assert_eq!(
            error(r#"[["block","name"],[0,"a"],[1,"b",2]]"#),
            "row 1 has 3 values for 2 columns"
        );
        assert_eq!(
            error(r#"[["block","name"],["a","b"]]"#),
            "row 0: invalid type: string \"a\", expected u32"
        );
    }

    #[test]
    fn no_items() {
        let columns = Columns::of::<Item>(&[]).unwrap();
        assert_eq!(columns.items::<Item>().unwrap(), []);
    }
}
