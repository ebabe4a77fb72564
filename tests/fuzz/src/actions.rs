//! The registry that documents are checked against: actions of many types, whose outputs are made at random.

use crate::example::example;
use crate::typed;
use flowright::{ActionDefinition, EdgeDefinition, InputDefinition, Limits, Mode, Registry};
use flowright_schema::{Origin, Type};
use serde_json::{Value, json};
use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// The event that starts runs.
pub const EVENT: &str = "order.placed";

/// An action's kind, its inputs and its output.
pub struct Kind {
    /// The kind.
    pub name: String,
    /// Each input's name, its schema, and how it is asked for.
    pub inputs: Vec<(String, Value, Asked)>,
    /// The schema of its output.
    pub output: Value,
    /// Of each edge that an editor offers, its name, and the value of the output's member `result` that it is for.
    edges: &'static [(&'static str, &'static str)],
    /// The action, where it is a function and not made of all this.
    typed: Option<ActionDefinition>,
}

impl Kind {
    /// Whether it is of an action that is a function.
    pub fn is_function(&self) -> bool {
        self.typed.is_some()
    }
}

/// How an input is asked for.
#[derive(Clone)]
pub enum Asked {
    /// It must be there.
    Required,
    /// It may be absent.
    Optional,
    /// Where it is absent, this stands in.
    Default(Value),
    /// It must be there, and nobody may read it.
    Secret,
}

use Asked::{Optional, Required, Secret};

fn text() -> Value {
    json!({ "type": "string" })
}

fn email() -> Value {
    json!({ "type": "string", "format": "email" })
}

fn integer(min: i64, max: i64) -> Value {
    json!({ "type": "integer", "minimum": min, "maximum": max })
}

fn one_of(texts: &[&str]) -> Value {
    json!({ "enum": texts })
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn list(element: &Value, min: u64) -> Value {
    json!({ "type": "array", "items": element, "minItems": min })
}

/// An object; names that end in `?` may be absent.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for (name, schema) in members {
        let own = name.trim_end_matches('?');
        if own == name {
            required.push(name);
        }
        properties.insert(own.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn item() -> Value {
    object([
        ("title", text()),
        ("price", json!({ "type": "number", "minimum": 0 })),
        ("count?", integer(1, 99)),
    ])
}

fn shape() -> Value {
    json!({ "oneOf": [
        object([("kind", json!({ "const": "circle" })), ("radius", json!({ "type": "number" }))]),
        object([("kind", json!({ "const": "box" })), ("width", integer(0, 255)), ("height?", integer(0, 255))]),
    ] })
}

fn tree() -> Value {
    json!({
        "$ref": "#/$defs/tree",
        "$defs": { "tree": {
            "type": "object", "required": ["value"], "additionalProperties": false,
            "properties": { "value": { "type": "integer" }, "left": { "$ref": "#/$defs/tree" }, "right": { "$ref": "#/$defs/tree" } }
        } }
    })
}

fn user() -> Value {
    object([
        ("name", text()),
        ("age", integer(0, i64::MAX)),
        ("email", or_null(&email())),
        ("nickname?", text()),
        ("tags", list(&text(), 0)),
        (
            "address?",
            object([("city", text()), ("zip", json!({ "type": "string", "pattern": "^[0-9]{5}$" }))]),
        ),
    ])
}

/// The schema of the event's data.
fn order() -> Value {
    object([
        ("id", text()),
        ("payment", one_of(&["paid", "open", "failed"])),
        ("total", json!({ "type": "number" })),
        ("email", email()),
        ("coupon?", text()),
        ("items", list(&item(), 1)),
        ("customer", or_null(&user())),
        ("shape", shape()),
        ("extra", json!({})),
        ("first name", json!({ "type": ["string", "boolean", "null"] })),
        ("__proto__?", list(&integer(0, 9), 2)),
    ])
}

/// The schema of the event.
pub static EVENT_SCHEMA: LazyLock<Value> =
    LazyLock::new(|| object([("name", json!({ "const": EVENT })), ("data", order())]));

/// All kinds but `builtin:if`.
pub static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let number = || json!({ "type": "number" });
    let any = || json!({});
    let kind = |name: &str, inputs: &[(&str, Value, Asked)], output: Value| Kind {
        name: name.to_owned(),
        inputs: inputs
            .iter()
            .map(|(name, schema, asked)| ((*name).to_owned(), schema.clone(), asked.clone()))
            .collect(),
        output,
        edges: &[],
        typed: None,
    };
    let mut kinds = vec![
        kind("add", &[("a", number(), Required), ("b", number(), Required)], number()),
        kind("concat", &[("parts", list(&text(), 0), Required)], text()),
        kind("echo", &[("value", any(), Required)], any()),
        kind(
            "make_user",
            &[
                ("name", text(), Required),
                ("age", integer(0, i64::MAX), Required),
                ("email", or_null(&email()), Optional),
            ],
            user(),
        ),
        kind("upper", &[("text", text(), Required)], json!({ "type": "string", "minLength": 1 })),
        kind(
            "send_email",
            &[
                ("to", email(), Required),
                ("subject", json!({ "type": "string", "maxLength": 20 }), Required),
                ("body", text(), Asked::Default(json!("Hello"))),
            ],
            object([("id", text()), ("sent", json!({ "type": "boolean" }))]),
        ),
        kind("fetch_json", &[("url", json!({ "type": "string", "format": "uri" }), Required)], any()),
        kind(
            "give_discount",
            &[("percent", integer(1, 50), Required), ("plan", one_of(&["pro", "team"]), Required)],
            object([
                ("code", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })),
                ("percent", integer(1, 50)),
            ]),
        ),
        kind(
            "sign",
            &[("token", text(), Secret), ("key", object([("id", text()), ("secret?", text())]), Secret)],
            object([("token", text()), ("parts", list(&text(), 1))]),
        ),
        Kind {
            edges: &[("yes", "yes"), ("no", "no")],
            ..kind(
                "choose",
                &[("mode", one_of(&["on", "off", "auto"]), Required), ("of", list(&any(), 1), Optional)],
                object([("result", one_of(&["yes", "no", "maybe"])), ("reason?", text())]),
            )
        },
        kind(
            "total",
            &[("items", list(&item(), 1), Required), ("round", json!({ "type": "boolean" }), Optional)],
            number(),
        ),
        kind("shape", &[("shape", shape(), Required)], or_null(&shape())),
        kind("tree", &[("tree", tree(), Required)], tree()),
        kind(
            "labels",
            &[(
                "labels",
                json!({ "type": "object", "additionalProperties": { "type": "string" }, "maxProperties": 3 }),
                Required,
            )],
            json!({ "type": "object", "additionalProperties": integer(0, 9), "patternProperties": { "^x": { "type": "string" } } }),
        ),
        kind(
            "pair",
            &[(
                "pair",
                json!({ "type": "array", "prefixItems": [text(), integer(-5, 5)], "minItems": 2, "items": false }),
                Required,
            )],
            json!({ "type": "array", "prefixItems": [text(), { "type": "integer" }], "minItems": 1, "items": { "type": "null" } }),
        ),
        kind(
            "step",
            &[
                (
                    "percent",
                    json!({ "type": "number", "multipleOf": 5, "minimum": 0, "maximum": 100 }),
                    Required,
                ),
                ("code", json!({ "type": "string", "pattern": "^[A-Z]+$", "maxLength": 3 }), Optional),
                ("when", json!({ "type": "string", "format": "date-time" }), Optional),
                (
                    "unique",
                    json!({ "type": "array", "uniqueItems": true, "items": { "type": "integer" }, "maxItems": 4 }),
                    Optional,
                ),
                ("other", json!({ "not": { "type": "string" } }), Optional),
            ],
            object([
                ("percent", json!({ "type": "integer", "multipleOf": 10 })),
                ("at?", json!({ "type": "string", "format": "date-time" })),
            ]),
        ),
    ];
    kinds.extend(typed::all().map(of_function));
    kinds
});

fn of_function(definition: ActionDefinition) -> Kind {
    let properties = definition.inputs_schema()["properties"].take();
    let inputs = definition.inputs().iter().map(|input| {
        let asked = if input.required() { Required } else { Optional };
        (input.name().to_owned(), properties[input.name()].clone(), asked)
    });
    Kind {
        name: definition.kind().to_owned(),
        inputs: inputs.collect(),
        output: definition.output_schema(),
        edges: &[],
        typed: Some(definition),
    }
}

/// The modes that documents are checked in.
pub const MODES: [Mode; 3] = [Mode::Default, Mode::Strict, Mode::Lenient];

/// The registry of these kinds, in each mode.
pub static REGISTRIES: LazyLock<[Registry; 3]> =
    LazyLock::new(|| MODES.map(|mode| registry(mode, Limits::default())));

static DEFINITIONS: LazyLock<Vec<ActionDefinition>> = LazyLock::new(|| {
    KINDS.iter().map(|kind| kind.typed.clone().unwrap_or_else(|| definition(kind))).collect()
});

/// The registry of these kinds, in a mode and with limits.
///
/// # Panics
///
/// Where a kind is wrong.
pub fn registry(mode: Mode, limits: Limits) -> Registry {
    let mut builder = Registry::builder().mode(mode).limits(limits).event_schema(EVENT, EVENT_SCHEMA.clone());
    for definition in DEFINITIONS.iter() {
        builder = builder.action(definition.clone());
    }
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

fn definition(kind: &Kind) -> ActionDefinition {
    let mut action = ActionDefinition::builder(kind.name.clone()).output_schema(kind.output.clone());
    for (name, schema, asked) in &kind.inputs {
        let required = matches!(asked, Required | Secret);
        let input = InputDefinition::from_schema(name.clone(), schema.clone(), required);
        action = action.input_definition(match asked {
            Required | Optional => input,
            Secret => input.as_secret(),
            Asked::Default(value) => input.with_default_value(value.clone()),
        });
    }
    for (name, value) in kind.edges {
        action = action.edge(EdgeDefinition::matching(*name, "$.output.result", *value));
    }
    let output = Sample::new(&kind.output);
    let inputs: Vec<_> =
        kind.inputs.iter().map(|(name, schema, _)| (name.clone(), Sample::new(schema).ty)).collect();
    action
        .handler(move |call| {
            let given = call.inputs()?;
            for (name, ty) in &inputs {
                if let Some(value) = given.get(name) {
                    assert!(ty.accepts(value), "called wrongly: `{name}` is {value}");
                }
            }
            Ok(output.value(call.context().action_id()))
        })
        .build()
}

thread_local! {
    static SEED: Cell<u64> = const { Cell::new(0) };
}

/// Sets what actions that are called in this thread give back, and which events there are.
pub fn set_seed(seed: u64) {
    SEED.set(seed);
}

/// Values of a schema.
pub struct Sample {
    schema: Value,
    ty: Type,
}

impl Sample {
    /// # Panics
    ///
    /// Where it is no schema.
    pub fn new(schema: &Value) -> Self {
        let ty = Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{faults:?}"));
        Sample { schema: schema.clone(), ty }
    }

    /// The value that the seed gives to this name: made by others, who know nothing of types, or else a plain one.
    ///
    /// # Panics
    ///
    /// Where there is no value of the schema.
    pub fn value(&self, name: &str) -> Value {
        let mut hasher = DefaultHasher::new();
        (SEED.get(), name).hash(&mut hasher);
        let made = example(&self.schema, hasher.finish());
        if let Some(made) = made.filter(|value| self.ty.accepts(value)) {
            return made;
        }
        let mut bytes = hasher.finish().to_le_bytes().repeat(4);
        bytes.rotate_left(3);
        let mut choices = crate::choices::Choices::new(&bytes);
        let value = crate::values::value(&self.schema, &self.schema, &mut choices, 4);
        assert!(self.ty.accepts(&value), "{value} is not of {}", self.schema);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_outputs_are_made_by_others() {
        let all = KINDS.iter().map(|kind| &kind.output).chain([&*EVENT_SCHEMA]);
        for schema in all {
            let sample = Sample::new(schema);
            let is_made =
                (0..20).any(|seed| example(schema, seed).is_some_and(|value| sample.ty.accepts(&value)));
            assert!(is_made, "{schema}");
        }
    }
}
