//! What an action's definition says, of annotated functions and of what a builder makes.
#![allow(clippy::needless_pass_by_value, reason = "an input is owned")]
#![allow(clippy::too_many_arguments, reason = "each argument is a case")]

use flowright::prelude::*;
use flowright::{Constraint, EdgeDefinition, EdgeTest, InputDefinition};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Send an email
/// to someone.
///
/// Delivers one message.
#[engine_action(
    name = "Send e-mail",
    icon = "✉",
    aliases("mail"),
    deprecated = "use `post`",
    edges(
        allow_add = false,
        edge("Sent", if = "$.output.sent"),
        edge("Kept", else = "$.output.sent"),
        edge("Thrice", match = ("$.output['times']", 3)),
        edge("Unknown", match = ("$.output", null)),
        edge("Always"),
    )
)]
fn send_email(
    /// Recipient address.
    #[input(
        title = "To",
        format = "email",
        examples("ada@example.com", "bob@example.com"),
        aliases("recipient")
    )]
    to: String,
    #[input(field_type = "textarea", min_length = 2, max_length = 80, pattern = "^h", default = "hello")]
    body_text: String,
    #[input(min = 1, max = 2.5, multiple_of = 0.5)] factor: Option<f32>,
    #[input(min_length = 1)] list: Vec<u8>,
    #[input(rename = "from", secret, deprecated)] r#type: Option<String>,
) -> Value {
    json!([to, body_text, factor, list, r#type])
}

#[test]
fn an_attribute_is_in_the_definition() {
    let definition = send_email {}.definition();
    assert_eq!(definition.faults(), [] as [&str; 0]);
    assert_eq!(definition.kind(), "send_email");
    assert_eq!(definition.aliases(), ["mail"]);
    assert_eq!(definition.deprecated(), Some("use `post`"));
    assert_eq!(definition.name(), "Send e-mail");
    assert_eq!(definition.icon(), Some("✉"));
    assert_eq!(definition.description(), Some("Send an email to someone.\n\nDelivers one message."));
    assert_eq!(definition.summary(), Some("Send an email to someone."));
    let [to, body, factor, list, from] = definition.inputs() else { panic!("{:?}", definition.inputs()) };
    assert_eq!((to.title(), to.description()), ("To", Some("Recipient address.")));
    assert_eq!((to.required(), to.aliases()), (true, &["recipient".to_owned()][..]));
    assert_eq!((body.title(), body.field_type(), body.required()), ("Body text", Some("textarea"), false));
    assert_eq!(body.default().map(|default| &**default), Some(&json!("hello")));
    assert_eq!(factor.constraints()[0], Constraint::Minimum(1.into()));
    assert!(list.required() && !list.secret() && !list.deprecated());
    assert_eq!((from.name(), from.secret(), from.deprecated()), ("from", true, true));
}

#[test]
fn the_schema_of_inputs_is_one_closed_object() {
    assert_eq!(
        send_email {}.definition().inputs_schema(),
        json!({
            "type": "object",
            "properties": {
                "to": {
                    "type": "string",
                    "title": "To",
                    "description": "Recipient address.",
                    "format": "email",
                    "examples": ["ada@example.com", "bob@example.com"],
                },
                "body_text": {
                    "type": "string",
                    "title": "Body text",
                    "default": "hello",
                    "minLength": 2,
                    "maxLength": 80,
                    "pattern": "^h",
                },
                "factor": {
                    "type": ["number", "null"],
                    "format": "float",
                    "title": "Factor",
                    "minimum": 1,
                    "maximum": 2.5,
                    "multipleOf": 0.5,
                },
                "list": {
                    "type": "array",
                    "items": { "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 },
                    "title": "List",
                    "minItems": 1,
                },
                "from": { "type": ["string", "null"], "title": "From", "deprecated": true },
            },
            "required": ["to", "list"],
            "additionalProperties": false,
        })
    );
}

#[test]
fn edges_are_refs_as_documents_write_them() {
    let definition = send_email {}.definition();
    assert!(!definition.edges().allow_add());
    let edges: Vec<_> = definition
        .edges()
        .predefined()
        .iter()
        .map(|edge| (edge.name(), edge.condition().map(|c| (c.test().clone(), c.reference().to_owned()))))
        .collect();
    assert_eq!(
        edges,
        [
            ("Sent", Some((EdgeTest::If, "!ref($.output.sent)".to_owned()))),
            ("Kept", Some((EdgeTest::Else, "!ref($.output.sent)".to_owned()))),
            ("Thrice", Some((EdgeTest::Match(json!(3)), "!ref($.output['times'])".to_owned()))),
            ("Unknown", Some((EdgeTest::Match(Value::Null), "!ref($.output)".to_owned()))),
            ("Always", None),
        ]
    );
    assert!(plain {}.definition().edges().allow_add());
}

#[engine_action]
fn plain(to: String) -> String {
    to
}

#[test]
fn what_is_not_said_is_made_of_the_names() {
    let definition = plain {}.definition();
    assert_eq!((definition.kind(), definition.name()), ("plain", "Plain"));
    assert_eq!((definition.description(), definition.summary(), definition.icon()), (None, None, None));
    assert_eq!(definition.output_schema(), json!({ "type": "string" }));
}

/// A point.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Point {
    #[serde(default)]
    x: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Box<Point>>,
}

#[derive(Serialize, JsonSchema)]
struct Line {
    from: Point,
    to: Point,
}

#[engine_action]
fn draw(
    /// Where it begins.
    from: Point,
    to: Option<Point>,
) -> Line {
    Line { from, to: to.unwrap_or(Point { x: 0.0, next: None }) }
}

#[test]
fn definitions_stand_once_at_the_root() {
    let definition = draw {}.definition();
    let inputs = definition.inputs_schema();
    assert_eq!(inputs["$defs"].as_object().unwrap().keys().collect::<Vec<_>>(), ["Point"]);
    assert_eq!(
        inputs["properties"]["from"],
        json!({ "$ref": "#/$defs/Point", "title": "From", "description": "Where it begins." })
    );
    assert_eq!(inputs["properties"]["to"]["anyOf"][0], json!({ "$ref": "#/$defs/Point" }));
    let output = definition.output_schema();
    assert_eq!(output["$ref"], "#/$defs/Line");
    assert_eq!(output["$defs"].as_object().unwrap().keys().collect::<Vec<_>>(), ["Line", "Point"]);
    // Each side has its own contract.
    assert!(inputs["$defs"]["Point"].get("required").is_none(), "{inputs}");
    assert_eq!(output["$defs"]["Point"]["required"], json!(["x"]));
}

type Maybe = Option<u32>;

#[derive(Deserialize, JsonSchema)]
#[serde(from = "Option<u32>")]
struct Lenient(#[allow(dead_code, reason = "read by nothing")] u32);

impl From<Option<u32>> for Lenient {
    fn from(value: Option<u32>) -> Self {
        Lenient(value.unwrap_or(0))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct Wrapped(#[allow(dead_code, reason = "read by nothing")] Option<u32>);

#[engine_action]
fn presence(maybe: Maybe, lenient: Lenient, wrapped: Wrapped, unit: (), value: Value, plain: u32) {
    drop((maybe, lenient, wrapped, unit, value, plain));
}

#[test]
fn what_may_be_left_out_is_judged_by_behaviour() {
    let definition = presence {}.definition();
    let optional: Vec<_> =
        definition.inputs().iter().filter(|input| !input.required()).map(InputDefinition::name).collect();
    assert_eq!(optional, ["maybe", "lenient", "wrapped"]);
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    #[allow(dead_code, reason = "read by nothing")]
    Text(String),
    #[allow(dead_code, reason = "read by nothing")]
    Count { count: u32 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Unwritable(#[serde(serialize_with = "never")] u8);

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn never<S: serde::Serializer>(_: &u8, _: S) -> Result<S::Ok, S::Error> {
    Err(serde::ser::Error::custom("no"))
}

#[derive(Deserialize, JsonSchema)]
struct Pair {
    #[allow(dead_code, reason = "read by nothing")]
    left: u8,
}

#[engine_action]
fn faulty(
    #[input(min = 1)] text: String,
    #[input(format = "email")] count: Option<u32>,
    #[input(min_length = 1)] pair: Pair,
    #[input(max_length = 1)] either: Either,
    #[input(default = Unwritable(1))] unwritable: Unwritable,
    #[input(flatten)] members: Either,
    #[input(flatten)] more: Pair,
    #[input(aliases("left"))] right: u8,
) {
    drop((text, count, pair, either, unwritable, members, more, right));
}

#[test]
fn every_fault_of_a_definition_is_kept() {
    assert_eq!(
        faulty {}.definition().faults(),
        [
            "input `members`: only a struct with named fields can be flattened into inputs",
            "input `text`: `min` can be asked of a number only, and this is a string",
            "input `count`: `format` can be asked of a string only, and this is a number or null",
            "input `pair`: `min_length` can be asked of a string or an array only, and this is an object",
            "input `unwritable`: the default cannot be written as JSON: no",
            "`left` is the name or alias of more than one input",
        ]
    );
}

#[test]
fn a_builder_panics_at_nothing() {
    let definition = ActionDefinition::builder("")
        .alias("")
        .alias("a")
        .alias("a")
        .input_definition(InputDefinition::of::<f64>("x").with_min(f64::NAN).with_multiple_of(0))
        .input_schema("y", json!(3), true)
        .input::<u8>("")
        .output_schema(json!("string"))
        .edge(EdgeDefinition::new(""))
        .edge(EdgeDefinition::new("e"))
        .edge(EdgeDefinition::new("e"))
        .build();
    assert_eq!(
        definition.faults(),
        [
            "it has no handler",
            "input `x`: `min` is not a finite number",
            "input `x`: `multiple_of` is more than zero, and this is 0",
            "input `y`: its schema is neither an object nor a boolean",
            "output: its schema is neither an object nor a boolean",
            "`a` is its kind or alias more than once",
            "the name of an input is empty",
            "the name of an edge is empty",
            "more than one edge is named `e`",
        ]
    );
}

#[test]
fn given_schemas_share_one_root_with_types() {
    let definition = ActionDefinition::builder("plot")
        .input_schema(
            "shape",
            json!({ "$schema": "x", "$ref": "#/$defs/Point", "$defs": { "Point": { "type": "string" } } }),
            false,
        )
        .input::<Point>("at")
        .output_schema(json!({ "type": "array", "items": { "$ref": "#" } }))
        .handler(|call| call.inputs())
        .build();
    let schema = definition.inputs_schema();
    assert_eq!(schema["properties"]["at"]["$ref"], "#/$defs/Point");
    assert_eq!(schema["properties"]["shape"], json!({ "$ref": "#/$defs/Point2", "title": "Shape" }));
    assert_eq!(schema["$defs"]["Point2"], json!({ "type": "string" }));
    assert_eq!(schema["required"], json!(["at"]));
    let list = json!({ "type": "array", "items": { "$ref": "#/$defs/Output" } });
    assert_eq!(definition.output_schema(), json!({ "$ref": "#/$defs/Output", "$defs": { "Output": list } }));
    assert!(definition.described_at_run_time());
}

#[test]
fn the_stricter_bound_holds() {
    let schema = |input: InputDefinition| {
        let definition =
            ActionDefinition::builder("x").input_definition(input).handler(|_| Ok(Value::Null)).build();
        assert_eq!(definition.faults(), [] as [&str; 0]);
        definition.inputs_schema()["properties"]["n"].clone()
    };
    assert_eq!(schema(InputDefinition::of::<u8>("n").with_min(-5).with_max(9))["minimum"], 0);
    assert_eq!(schema(InputDefinition::of::<u8>("n").with_min(-5).with_max(9))["maximum"], 9);
    let given = json!({ "type": "string", "pattern": "^a" });
    let both = schema(InputDefinition::from_schema("n", given, true).with_pattern("z$"));
    assert_eq!((&both["pattern"], &both["allOf"]), (&json!("^a"), &json!([{ "pattern": "z$" }])));
}
