//! What is left of a schema without its refinements.

use serde_json::Value;

/// The schema without what refines it: bounds, lengths, patterns, formats, and that branches exclude one another.
pub(crate) fn shape(schema: &Value) -> Value {
    let mut shape = schema.clone();
    drop_refinements(&mut shape);
    shape
}

fn drop_refinements(schema: &mut Value) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(drop_refinements),
        Value::Object(members) => {
            for refinement in [
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "multipleOf",
                "minLength",
                "maxLength",
                "pattern",
                "format",
                "minItems",
                "maxItems",
                "uniqueItems",
                "minProperties",
                "maxProperties",
            ] {
                members.remove(refinement);
            }
            // An integer but for one is one of two ranges.
            if members.get("type") == Some(&Value::from("integer"))
                && members.get("not").is_some_and(|not| not.get("const").is_some())
            {
                members.remove("not");
            }
            if let Some(branches) = members.remove("oneOf") {
                members.insert("anyOf".to_owned(), branches);
            }
            for (keyword, value) in members {
                match keyword.as_str() {
                    "properties" | "patternProperties" | "$defs" => {
                        value
                            .as_object_mut()
                            .into_iter()
                            .flatten()
                            .for_each(|(_, schema)| drop_refinements(schema));
                    }
                    "const" | "enum" | "default" | "examples" | "required" => {}
                    _ => drop_refinements(value),
                }
            }
        }
        _ => {}
    }
}
