//! What a type is held against: the `jsonschema` crate's validator of the same schema.

use flowright_schema::Type;
use serde_json::{Value, json};

/// The validator of the schema, with what flowright's types know besides said in keywords.
pub(crate) fn validator(schema: &Value) -> jsonschema::Validator {
    let explicit = explicit(schema);
    jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .build(&explicit)
        .unwrap_or_else(|error| panic!("{error}: {explicit}"))
}

/// The schema, with what flowright's types know besides said in keywords.
pub(crate) fn explicit(schema: &Value) -> Value {
    let mut explicit = schema.clone();
    say_formats(&mut explicit);
    explicit
}

/// Says in `allOf` what the formats mean that schemars writes and no validator knows.
fn say_formats(schema: &mut Value) {
    match schema {
        Value::Array(elements) => elements.iter_mut().for_each(say_formats),
        Value::Object(members) => {
            members.values_mut().for_each(say_formats);
            let said = match members.get("format").and_then(Value::as_str) {
                Some("int8") => Some(json!({ "minimum": i8::MIN, "maximum": i8::MAX })),
                Some("int16") => Some(json!({ "minimum": i16::MIN, "maximum": i16::MAX })),
                Some("uint8") => Some(json!({ "minimum": 0, "maximum": u8::MAX })),
                Some("uint16") => Some(json!({ "minimum": 0, "maximum": u16::MAX })),
                Some("int32") => Some(json!({ "minimum": i32::MIN, "maximum": i32::MAX })),
                Some("int64" | "int") => Some(json!({ "minimum": i64::MIN, "maximum": i64::MAX })),
                Some("uint32") => Some(json!({ "minimum": 0, "maximum": u32::MAX })),
                Some("uint64" | "uint" | "uint128") => Some(json!({ "minimum": 0, "maximum": u64::MAX })),
                Some("ip") => Some(json!({ "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] })),
                _ => None,
            };
            if let Some(said) = said {
                members.insert("allOf".to_owned(), json!([said]));
            }
        }
        _ => {}
    }
}

/// Whether `value` is valid, where the type and the validator agree on it.
pub(crate) fn agree_on(
    ty: &Type,
    validator: &jsonschema::Validator,
    schema: &Value,
    value: &Value,
) -> Result<bool, String> {
    let checked = ty.check(value);
    let valid = validator.is_valid(value);
    let accepts = ty.accepts(value);
    if accepts != valid || checked.faults.is_empty() != valid || checked.undecided {
        return Err(format!(
            "schema {schema}\ntype {ty}\nvalue {value}\nvalid {valid}, accepts {accepts}, {checked:?}"
        ));
    }
    Ok(valid)
}
