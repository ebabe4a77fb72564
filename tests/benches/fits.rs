//! What one `fits` costs: `cargo bench -p flowright-tests --bench fits -- [--quick]`.
//!
//! Each line is `fits/<pair> <verdict> ratio <times the least> cold <µs> memo <µs> canonical <µs> <answer>`: the fastest round of
//! comparing two types that have been read, also as a multiple of what it takes to see that the first schema is equal to a copy
//! of itself, which is the least that anything by hand could do; of asking a memo that knows the answer; and of the same
//! question to `jsonschema::canonical`, reading included, for scale. That one is asked once, and only where it is known to end.
//! Behind the ratio of `fits/grown/…/<size>` stands `exponent <growth>`.

#[allow(dead_code, reason = "what is compared here is one thing")]
mod measuring;

use flowright_schema::{FitMemo, Origin, Type};
use measuring::Growth;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Serialize, Deserialize, JsonSchema)]
struct User {
    id: u64,
    name: String,
    email: Option<String>,
    tags: Vec<String>,
    address: Address,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Address {
    street: String,
    city: String,
    zip: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    Created { user: User },
    Renamed { id: u64, from: String, to: String },
    Deleted { id: u64, reason: Option<String> },
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Tree {
    value: i32,
    children: Vec<Tree>,
}

fn written<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn read<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn wide(properties: usize, required: bool) -> Value {
    let names: Vec<String> = (0..properties).map(|n| format!("member{n}")).collect();
    let members: Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({ "type": "string" }))).collect();
    let required = if required { names } else { Vec::new() };
    json!({ "type": "object", "properties": members, "required": required, "additionalProperties": false })
}

fn tagged(variants: usize) -> Value {
    let variant = |n: usize| {
        json!({ "type": "object", "required": ["type", "value"], "properties": {
            "type": { "const": format!("variant{n}") }, "value": { "type": "integer" }, "note": { "type": "string" }
        } })
    };
    json!({ "oneOf": (0..variants).map(variant).collect::<Vec<_>>() })
}

fn external(variants: usize) -> Value {
    let variant = |n: usize| {
        let name = format!("Variant{n}");
        json!({ "type": "object", "required": [name], "additionalProperties": false, "properties": { name: { "type": "integer" } } })
    };
    json!({ "oneOf": (0..variants).map(variant).collect::<Vec<_>>() })
}

fn any_ofs(groups: usize) -> Value {
    let group = |n: usize| {
        json!({ "anyOf": [
            { "properties": { format!("a{n}"): { "type": "string" } }, "required": [format!("a{n}")] },
            { "properties": { format!("b{n}"): { "type": "integer" } }, "required": [format!("b{n}")] }
        ] })
    };
    json!({ "type": "object", "allOf": (0..groups).map(group).collect::<Vec<_>>() })
}

fn conditions(depth: usize, odd: &str) -> Value {
    (0..depth).fold(json!({ "required": [odd] }), |inner, n| {
        json!({
            "if": { "properties": { format!("k{n}"): { "const": n } }, "required": [format!("k{n}")] },
            "then": { "required": [format!("then{n}")] },
            "else": inner
        })
    })
}

fn chain(depth: usize, leaf: &Value) -> Value {
    let mut definitions: Map<String, Value> = (0..depth)
        .map(|n| {
            let next = json!({ "$ref": format!("#/$defs/d{}", n + 1) });
            let node = json!({ "type": "object", "properties": { "next": next, "again": { "$ref": "#/$defs/d0" } }, "required": ["next"] });
            (format!("d{n}"), node)
        })
        .collect();
    definitions.insert(format!("d{depth}"), leaf.clone());
    json!({ "$ref": "#/$defs/d0", "$defs": definitions })
}

/// Objects that have exactly one of many members.
fn choices(members: impl Iterator<Item = usize>) -> Value {
    let branch =
        |n| json!({ "properties": { format!("a{n}"): { "type": "string" } }, "required": [format!("a{n}")] });
    json!({ "type": "object", "oneOf": members.map(branch).collect::<Vec<_>>() })
}

/// Long strings of exactly one of several patterns, some of which have no small automaton.
fn patterns(reversed: bool) -> Value {
    let mut sources = vec!["^((a{0,30}){0,30}){0,10}$", "^(a|b)*c{34}$", "(a|aa|aaa)+$", "(a|b)*a(a|b){12}$"];
    if reversed {
        sources.reverse();
    }
    let branch = |source: &str| json!({ "type": "string", "minLength": 500, "pattern": source });
    json!({ "oneOf": sources.into_iter().map(branch).collect::<Vec<_>>() })
}

/// Objects with many members whose names match a pattern.
fn names(pattern: &str) -> Value {
    let members = json!({ "type": "integer", "minimum": -7, "multipleOf": 0.1 });
    json!({
        "type": "object", "minProperties": 200, "propertyNames": { "pattern": pattern },
        "additionalProperties": members
    })
}

/// Many elements, each of which is a long list.
fn copies(count: usize) -> Value {
    json!({ "type": "array", "items": { "enum": [vec![1; 2_000], vec![2; 2_000]] }, "minItems": count })
}

/// Pairs, and whether the canonical form ends with them in time.
fn pairs() -> Vec<(&'static str, Value, Value, bool)> {
    let string = json!({ "type": "string" });
    let integer = json!({ "type": "integer" });
    vec![
        ("derived/user-into-itself", written::<User>(), read::<User>(), true),
        ("derived/user-into-address", written::<User>(), read::<Address>(), true),
        ("derived/event-into-itself", written::<Event>(), read::<Event>(), true),
        ("derived/tree-into-itself", written::<Tree>(), read::<Tree>(), true),
        ("derived/strings-into-users", written::<Vec<String>>(), read::<Vec<User>>(), true),
        ("written/200-optional-into-required", wide(200, false), wide(200, true), false),
        ("written/200-required-into-optional", wide(200, true), wide(200, false), false),
        ("written/200-variants-into-themselves", tagged(200), tagged(200), false),
        ("written/200-variants-into-199", tagged(200), tagged(199), false),
        ("written/200-closed-into-themselves", external(200), external(200), false),
        ("written/200-closed-into-199", external(200), external(199), false),
        ("written/20-any-ofs-into-themselves", any_ofs(20), any_ofs(20), false),
        ("written/20-any-ofs-into-19", any_ofs(20), any_ofs(19), false),
        ("written/19-any-ofs-into-20", any_ofs(19), any_ofs(20), false),
        ("written/8-any-ofs-into-others", any_ofs(8), any_ofs(7), false),
        ("written/8-conditions-into-themselves", conditions(8, "x"), conditions(8, "x"), false),
        ("written/8-conditions-into-others", conditions(8, "x"), conditions(8, "y"), false),
        ("written/100-deep-into-itself", chain(100, &string), chain(100, &string), true),
        ("written/100-deep-into-another", chain(100, &string), chain(100, &integer), false),
        ("written/5000-deep-into-itself", chain(5000, &string), chain(5000, &string), false),
        ("written/any-into-200-variants", json!(true), tagged(200), false),
        ("written/400-choices-into-themselves", choices(0..400), choices(0..400), false),
        ("written/400-choices-reversed", choices(0..400), choices((0..400).rev()), false),
        ("written/heavy-patterns-reversed", patterns(false), patterns(true), false),
        ("written/200-names-of-a-pattern", names("^(a|b)*c{100}$"), names("^(a|b)*c{101}$"), false),
        ("written/1000-copies-of-2000-elements", copies(1000), copies(1001), false),
    ]
}

fn fastest(rounds: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn canonical(a: &Value, b: &Value) -> (Duration, String) {
    let start = Instant::now();
    let of = |schema: &Value| {
        let options = jsonschema::canonical::options().offline().should_validate_formats(true);
        options.with_draft(jsonschema::Draft::Draft202012).canonicalize(schema)
    };
    let answer = of(b).and_then(|b| b.covers(&of(a)?));
    (start.elapsed(), answer.map_or_else(|_| "refused".to_owned(), |answer| answer.as_str().to_owned()))
}

/// Writes a schema of a size.
type Written = fn(usize) -> Value;

/// Types that grow, each held against itself.
const GROWING: [(&str, Written); 3] = [
    ("grown/members", |size| wide(size, true)),
    ("grown/variants", tagged),
    ("grown/deep", |size| chain(size, &json!({ "type": "string" }))),
];

const SIZES: [usize; 3] = [10, 100, 1_000];

/// Prints the line of a pair. `grown` says how time has grown to what the pair takes.
fn compare(
    name: &str,
    (a, b): (&Value, &Value),
    is_gentle: bool,
    rounds: usize,
    grown: impl FnOnce(Duration) -> String,
) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let ty = |schema: &Value| Type::parse(schema, Origin::Schema).expect("the schema is right");
    let (from, into) = (ty(a), ty(b));
    let memo = FitMemo::new(10);
    let verdict = memo.fits(&from, &into).verdict;
    let cold = fastest(rounds, || drop(black_box(black_box(&from).fits(black_box(&into)))));
    let known = fastest(rounds, || {
        (0..1000).for_each(|_| drop(black_box(memo.fits(black_box(&from), black_box(&into)))));
    });
    let copy = a.clone();
    let least = fastest(rounds, || {
        (0..100).for_each(|_| assert!(black_box(a) == black_box(&copy)));
    });
    let (time, answer) = if is_gentle { canonical(a, b) } else { (Duration::ZERO, "not-asked".to_owned()) };
    println!(
        "fits/{name} {verdict} ratio {:.2}{} cold {:.2} memo {:.3} canonical {:.0} {answer}",
        micros(cold) / (micros(least) / 100.0),
        grown(cold),
        micros(cold),
        micros(known) / 1000.0,
        micros(time)
    );
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 15 } else { 100 };
    for (name, a, b, is_gentle) in pairs() {
        compare(name, (&a, &b), is_gentle, rounds, |_| String::new());
    }
    for (name, write) in GROWING {
        let mut growth = Growth::default();
        for size in SIZES {
            let pair = (&write(size), &write(size));
            compare(&format!("{name}/{size}"), pair, false, rounds, |cold| growth.note(size, cold));
        }
    }
}
