//! What stands in comments: descriptions, and what a type cannot say.

use serde_json::{Map, Value};

/// Keywords that are shown by tags.
const SHOWN: [&str; 11] = [
    "default",
    "format",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
];

/// The lines of a comment on what has this schema.
pub(super) fn of(schema: &Value) -> Vec<String> {
    let Value::Object(keywords) = schema else { return Vec::new() };
    let description = keywords.get("description").and_then(Value::as_str);
    let deprecated = keywords.get("deprecated") == Some(&Value::Bool(true));
    let deprecated = deprecated.then(|| "@deprecated".to_owned());
    said(description, deprecated.into_iter().chain(tags(keywords)))
}

/// A description, and tags below it.
pub(super) fn said(description: Option<&str>, tags: impl IntoIterator<Item = String>) -> Vec<String> {
    let described = description.unwrap_or_default().trim().lines().map(str::trim_end);
    let mut lines: Vec<String> = described.map(harmless).collect();
    let mut tags = tags.into_iter().peekable();
    if !lines.is_empty() && tags.peek().is_some() {
        lines.push(String::new());
    }
    lines.extend(tags.map(|tag| harmless(&tag)));
    lines
}

fn tags(keywords: &Map<String, Value>) -> impl Iterator<Item = String> {
    SHOWN.iter().filter_map(|keyword| {
        let shown = match (*keyword, keywords.get(*keyword)?) {
            // How wide a number is in memory.
            ("format", Value::String(format)) if keywords.get("type") != Some(&"string".into()) => {
                (!format.contains("int") && !matches!(&**format, "float" | "double"))
                    .then(|| format.clone())?
            }
            // Its tuple says so.
            ("minItems", _) if keywords.contains_key("prefixItems") => return None,
            (_, Value::String(text)) if *keyword != "default" => text.clone(),
            (_, value) => value.to_string(),
        };
        Some(format!("@{keyword} {}", shown.replace(['\n', '\r'], " ")))
    })
}

/// A line that does not end the comment.
fn harmless(line: &str) -> String {
    line.replace("*/", "*\\/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_comment_says_what_the_type_cannot() {
        let schema = json!({
            "type": "string", "description": "Where to. */ evil();\nAlways.\n", "format": "email", "maxLength": 80,
            "default": "a\nb*/", "deprecated": true,
        });
        assert_eq!(
            of(&schema),
            [
                "Where to. *\\/ evil();",
                "Always.",
                "",
                "@deprecated",
                "@default \"a\\nb*\\/\"",
                "@format email",
                "@maxLength 80",
            ]
        );
        assert_eq!(
            of(&json!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 })),
            ["@minimum 0", "@maximum 255"]
        );
        assert!(of(&json!(true)).is_empty());
    }
}
