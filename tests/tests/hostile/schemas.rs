//! Pairs of schemas of some hundred kilobytes that mean harm, by what comes of them.

use crate::{capped_to, file};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Kilobytes of address space that reading and comparing two schemas may take.
const MEMORY: u64 = 640 * 1024;

/// A pair, and its verdict or a part of what is wrong with one of its schemas.
struct Row {
    name: &'static str,
    a: Value,
    b: Value,
    expected: &'static str,
}

fn row(name: &'static str, a: Value, b: Value, expected: &'static str) -> Row {
    Row { name, a, b, expected }
}

fn many(count: usize, of: impl Fn(usize) -> Value) -> Value {
    (0..count).map(of).collect()
}

fn named(count: usize, name: impl Fn(usize) -> String, of: impl Fn(usize) -> Value) -> Value {
    Value::Object((0..count).map(|n| (name(n), of(n))).collect::<Map<_, _>>())
}

fn large(n: usize) -> Value {
    json!({ "pattern": format!("^(a{{1,900}}){{1,19}}{n}$") })
}

fn rows() -> Vec<Row> {
    let any = json!(true);
    let long = "k".repeat(400_000);
    let members = named(20_000, |n| format!("a{n}"), |_| json!({}));
    let constrained = |n| json!({ "$ref": "#/$defs/long", "minProperties": n });
    let shared = |long: Value| json!({ "prefixItems": many(10_000, constrained), "$defs": { "long": long } });
    let anchored =
        json!({ "allOf": many(20_000, |_| json!({ "$ref": "#x" })), "$defs": { "x": { "$anchor": "x" } } });
    let chain = |last: Value| {
        let mut steps = named(20_000, |n| n.to_string(), |n| json!({ "$ref": format!("#/$defs/{}", n + 1) }));
        steps["20000"] = last;
        json!({ "$ref": "#/$defs/0", "$defs": steps })
    };
    let unlike = json!({ "prefixItems": many(5_000, |n| json!({ "not": { "const": n } })) });
    let of_one = json!({ "prefixItems": many(1_000, |n| json!({ "$ref": "#/$defs/x", "not": { "const": n } })),
                "$defs": { "x": { "properties": named(1_000, |n| format!("p{n}"), |n| json!({ "maxLength": n })) } } });
    let patterned = json!({ "type": "object", "patternProperties": named(1_000, |n| format!("^a{n}"), |_| json!({ "type": "string" })) });
    let required = json!({ "type": "object", "required": many(50_000, |n| json!(format!("a{n}"))) });
    let choice = json!({ "anyOf": many(5_000, |n| json!({ "properties": { "t": { "const": n } }, "required": ["t"] })) });
    vec![
        row(
            "a-long-name-with-many-below",
            json!({ "properties": { &long: { "properties": members } } }),
            any.clone(),
            "names so long",
        ),
        row(
            "a-long-constant-in-many-places",
            shared(json!({ "type": "object", "const": &long })),
            any.clone(),
            "too large",
        ),
        row(
            "a-long-title-in-many-places",
            shared(json!({ "type": "object", "title": &long })),
            any.clone(),
            "too large",
        ),
        row(
            "a-long-property-in-many-places",
            shared(json!({ "type": "object", "required": [&long] })),
            any.clone(),
            "too large",
        ),
        row("one-anchor-asked-for-often", anchored, any.clone(), "fits"),
        row(
            "an-anchor-that-is-not-there",
            json!({ "allOf": many(20_000, |_| json!({ "$ref": "#x" })) }),
            any.clone(),
            "does not exist",
        ),
        row(
            "a-way-without-end",
            chain(json!({ "not": { "type": "null" } })),
            any.clone(),
            "schemas within one another",
        ),
        row(
            "a-way-that-leads-back",
            chain(json!({ "not": { "$ref": "#/$defs/7" } })),
            any.clone(),
            "leads back",
        ),
        row("a-validator-asked-in-many-places", json!({ "const": vec![-1; 5_000] }), unlike, "fits"),
        row("a-validator-asked-for-one-thing-in-many-places", json!({ "const": [{}, {}] }), of_one, "fits"),
        row("large-patterns", json!({ "allOf": many(2_000, large) }), any.clone(), "patterns"),
        row(
            "large-patterns-in-what-is-not",
            json!({ "not": { "anyOf": many(2_000, large) } }),
            any.clone(),
            "patterns",
        ),
        row(
            "many-patterns",
            json!({ "patternProperties": named(10_000, |n| format!("^a{n}"), |_| json!({})) }),
            any,
            "patterns",
        ),
        row("names-held-against-patterns", patterned.clone(), required.clone(), "may-not-fit"),
        row("patterns-held-against-names", required, patterned.clone(), "unknown"),
        row("choices-held-against-patterns", choice, patterned, "may-not-fit"),
    ]
}

#[test]
fn schemas_that_mean_harm_are_answered_with_little_memory_and_in_little_time() {
    for Row { name, a, b, expected } in rows() {
        let pair = file(&format!("{name}.pair.jsonl"), &json!({ "id": name, "a": a, "b": b }).to_string());
        let pair = pair.to_str().expect("the path is UTF-8");
        let output = capped_to(MEMORY, name, Path::new(env!("CARGO_BIN_EXE_fits")), &[pair], None);
        let said: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{name}: {}: {error}", output.status));
        let found = said["error"].as_str().or(said["verdict"].as_str());
        assert!(found.is_some_and(|found| found.contains(expected)), "{name}: {found:.200?}");
    }
}
