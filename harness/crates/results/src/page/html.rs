//! The page around the numbers.

use super::Libraries;

const PAGE: &str = include_str!("../../page/page.html");
const STYLE: &str = include_str!("../../page/style.css");
const SCRIPT: &str = include_str!("../../page/report.js");

/// The whole file. `data` is JSON.
pub fn page(data: &str, libraries: &Libraries) -> String {
    fill(PAGE, |name| match name {
        "style" => STYLE.to_owned(),
        "data" => json(data),
        "d3" => script(&libraries.d3),
        "plot" => script(&libraries.plot),
        "tablesort" => script(&libraries.tablesort),
        "tablesort-number" => script(&libraries.tablesort_number),
        "report" => script(SCRIPT),
        other => format!("{{{{{other}}}}}"),
    })
}

/// Puts texts in the place of `{{name}}`. What is put in is not looked at again.
fn fill(page: &str, text: impl Fn(&str) -> String) -> String {
    let mut parts = page.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                filled.push_str(&text(name));
                filled.push_str(rest);
            }
            None => filled.push_str(part),
        }
    }
    filled
}

/// JSON in which nothing can end the element around it, whatever a name in it contains.
fn json(text: &str) -> String {
    text.replace('<', "\\u003c")
}

/// A script in which nothing ends the element around it. Outside of strings, none has this text.
fn script(text: &str) -> String {
    text.replace("</script", "<\\/script")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_put_in_once() {
        let text = |name: &str| match name {
            "a" => "{{b}}".to_owned(),
            _ => "no".to_owned(),
        };
        assert_eq!(fill("<{{a}}|{{b}}>", text), "<{{b}}|no>");
    }

    #[test]
    fn a_name_cannot_end_the_data() {
        let value = serde_json::json!({"name": "</script><b>"});
        let text = json(&value.to_string());
        assert!(!text.contains('<'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
